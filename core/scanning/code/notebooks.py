"""Jupyter notebooks: their code cells are one Python program, with shell commands between."""

import json
import re
from typing import Any

from core.scanning.code.behaviour import Behaviour, fact
from core.scanning.code.python_source import PythonReader
from core.scanning.code.shell_scripts import judge_script
from core.scanning.code.sources import read_text
from core.scanning.inspection import Inspection

_COMMAND = re.compile(r"^(\s*)(?:[\w, ]+=\s*)?(?:!{1,2}|%(?:sx|system)\s+)(.*)$")
_MAGIC = re.compile(r"^(\s*)%\w+.*$")
_HELP = re.compile(r"^(\s*)(?:\?.*|[^#\"']*\?)$")
_SHELL_CELL = re.compile(r"^\s*%%(?:bash|sh|script|cmd|powershell|system|sx|!)(?!\w)", re.IGNORECASE)
_OTHER_CELL = re.compile(r"^\s*%%(?:javascript|js|html|svg|perl|ruby|latex|markdown|writefile|file)\b", re.IGNORECASE)
_SCRIPT = re.compile(r"<script\b|\bon(?:load|error)\s*=|javascript:", re.IGNORECASE)
_LIBRARY_OUTPUT = re.compile(
    r"plotly|bokeh|require(?:js|\.config)|vega|jupyter-widgets|altair|ipywidgets|datatables", re.IGNORECASE
)


def scan_notebook(inspection: Inspection) -> None:
    """Say that it is a notebook, and what its cells do."""
    inspection.report("code-notebook")
    behaviour = Behaviour(inspection)
    try:
        document = json.loads(read_text(inspection))
        cells = document["cells"] if "cells" in document else document["worksheets"][0]["cells"]
        reader = PythonReader(inspection, behaviour)
        for number, cell in enumerate(cells, start=1):
            _read_cell(reader, behaviour, cell, f"[{number}]")
        reader.finish()
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        inspection.partly("structure_broken")
    behaviour.weigh()


def _read_cell(reader: PythonReader, behaviour: Behaviour, cell: dict[str, Any], place: str) -> None:
    if cell["cell_type"] == "code":
        source = _text(cell.get("source", cell.get("input", "")))
        first = source.lstrip().split("\n", 1)[0]
        if _SHELL_CELL.match(first):
            judge_script(behaviour, source, "shell_script", place)
        elif _OTHER_CELL.match(first):
            judge_script(behaviour, source, "javascript", place)
        else:
            reader.read(_python(source, behaviour, place), place)
    for output in cell.get("outputs", ()):
        data = output.get("data", {})
        page = _text(data.get("text/html", "")) + _text(data.get("image/svg+xml", ""))
        if data.get("application/javascript") or (_SCRIPT.search(page) and not _LIBRARY_OUTPUT.search(page)):
            behaviour.note("notebook-page", fact("name", place))


def _text(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


def _python(source: str, behaviour: Behaviour, place: str) -> str:
    """The cell as Python: shell commands are judged and replaced by `pass`, magics are left out."""
    lines = source.split("\n")
    if lines and lines[0].lstrip().startswith("%%"):
        lines[0] = ""
    for index, line in enumerate(lines):
        command = _COMMAND.match(line)
        if command:
            behaviour.command(command[2], index + 1, place)
            if re.search(r"\bpip3?\s+install\b[^\n]*(?:https?://|git\+)", command[2]):
                behaviour.note("network", fact("command", command[2].strip(), index + 1, place))
            lines[index] = f"{command[1]}pass"
            continue
        magic = _MAGIC.match(line) or _HELP.match(line)
        if magic:
            lines[index] = f"{magic[1]}pass"
    return "\n".join(lines)
