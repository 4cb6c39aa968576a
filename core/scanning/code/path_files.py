"""Texts named `.pth`: Python reads them from its packages folder at every start."""

from core.findings import Evidence, Level
from core.scanning.inspection import Inspection


def scan_path_file(inspection: Inspection) -> None:
    """Python runs the lines that begin with `import` (site module)."""
    lines = inspection.head.splitlines()
    orders = [number for number, line in enumerate(lines, start=1) if line.startswith((b"import ", b"import\t"))]
    facts = [Evidence("text", lines[number - 1].decode("utf-8", "replace"), line=number) for number in orders[:10]]
    level = Level.HIGH if orders else Level.CAREFUL
    inspection.report("name-starts-by-itself", *facts, level=level, name="*.pth")
