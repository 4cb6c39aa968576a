"""Scripts for shells and other interpreters."""

from core.scanning.code.commands import judge
from core.scanning.code.sources import read_text
from core.scanning.inspection import Inspection
from core.text import text


def scan_script(inspection: Inspection) -> None:
    """Say that it is a script, and what its commands do."""
    inspection.report("code-script", kind=text(f"kind.{inspection.kind}"))
    source = read_text(inspection)
    judge(inspection, source)
