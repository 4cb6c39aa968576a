"""Texts named `.pth`: Python reads them from its packages folder at every start."""

from core.findings import Evidence, Level
from core.scanning.inspection import Inspection

_LARGEST = 8 << 20
"""Bytes that are read."""


def scan_path_file(inspection: Inspection) -> None:
    """Python runs the lines that begin with `import` (site module)."""
    data = inspection.read_at(0, min(inspection.file.size, _LARGEST)).removeprefix(b"\xef\xbb\xbf")
    if inspection.file.size > _LARGEST:
        inspection.partly("too_large")
    lines = data.splitlines()
    orders = [number for number, line in enumerate(lines, start=1) if line.startswith((b"import ", b"import\t"))]
    facts = [Evidence("text", lines[number - 1].decode("utf-8", "replace"), line=number) for number in orders[:10]]
    level = Level.HIGH if orders else Level.CAREFUL
    inspection.report("name-starts-by-itself", *facts, level=level, name="*.pth")
