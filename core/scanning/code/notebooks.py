"""Jupyter notebooks: their code cells are Python, with shell commands between."""

import json

from core.findings import Evidence
from core.scanning.code.python_source import judge_python
from core.scanning.code.sources import read_text
from core.scanning.inspection import Inspection


def scan_notebook(inspection: Inspection) -> None:
    """Say that it is a notebook, and what its cells do."""
    inspection.report("code-notebook")
    try:
        cells = json.loads(read_text(inspection))["cells"]
        for number, cell in enumerate(cells, start=1):
            if cell["cell_type"] == "code":
                source = cell["source"]
                judge_python(inspection, source if isinstance(source, str) else "".join(source), f"[{number}]")
            if any("text/html" in out.get("data", {}) for out in cell.get("outputs", ())):
                inspection.report("code-notebook-page", Evidence("name", f"[{number}]"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        inspection.partly("structure_broken")
