"""Jupyter notebooks: their code cells are one Python program, with shell commands between."""

import json
import re
from typing import Any

from core.findings import Level
from core.scanning.code.behaviour import Behaviour, fact
from core.scanning.code.instructions import judge_instructions
from core.scanning.code.python_source import PythonReader
from core.scanning.code.shell_scripts import ScriptReader
from core.scanning.code.sources import read_text
from core.scanning.inspection import Inspection

_COMMAND = re.compile(r"^(\s*+)(?:([\w, ]+)=\s*)?(?:!{1,2}|%(?:sx|system)\s+|%(?=(?:pip|conda)\b))(.*)$")
_ALL_SETTINGS = re.compile(r"^(\s*[\w]+\s*=\s*)%env\s*$")
_TIMED = re.compile(r"^(\s*)%(?:time|timeit|prun)\s+(?:-\w++(?:\s++\d++)?\s++)*+(?=\S)")
_BRINGS = re.compile(r"^\s*%(?:run|load|loadpy)\s+(?:-\w+\s+)*[\"']?(https?://\S+|\S+)")
_EXTENSION = re.compile(r"^\s*%(?:load_ext|reload_ext)\s+([\w.]+)")
_ALIAS = re.compile(r"^\s*+%alias\s++\w++\s++(.+)$")
_MAGIC = re.compile(r"^(\s*+)%\w++.*$")
_HELP = re.compile(r"^(\s*+)(?:\?.*|[^#\"']*\?)$")
_SHELL_CELL = re.compile(
    r"^\s*%%(?:(?:script\b[^\n]*?\b)?(?:bash|sh|zsh)\b|(?:script|cmd|powershell|system|sx|!)(?!\w))", re.IGNORECASE
)
_OTHER_CELL = re.compile(r"^\s*%%(?:javascript|js|html|svg|perl|ruby|latex|markdown)\b", re.IGNORECASE)
_FORM = re.compile(r"\A(?:\s*#@[^\n]*\n)+(?=\s*%%)")
"""Lines that draw a form in Colab, which looks for the magic of a cell behind them."""
_FILE_CELL = re.compile(r"^\s*%%(?:writefile|file)\s+(?:-a\s+)?(\S+)")
_SCRIPT = re.compile(r"<script\b|\bon(?:load|error)\s*=|javascript:", re.IGNORECASE)
_ORDERS = re.compile(
    r"\bkernel\s*\.\s*execute\b|\brequestExecute\b|\.execute_code\b|"
    r"\bnotebook\s*\.\s*kernel\b(?!\s*\.)(?:(?!notebook)[^\x00]){0,2000}?\.\s*execute\s*\("
)
"""Scripts of a page that tell the notebook to run code."""
_TAKES_SESSION = re.compile(r"\bdocument\s*\.\s*cookie\b|\blocalStorage\b")
"""What a page keeps of whoever is logged in."""
_LIBRARY_OUTPUT = re.compile(
    r"plotly|bokeh|require(?:js|\.config)|vega|jupyter-widgets|altair|ipywidgets|datatables", re.IGNORECASE
)
_SENDS = re.compile(r"\bfetch\s*\(|\bXMLHttpRequest\b|\bsendBeacon\b|\.src\s*=|\blocation\b")
_FETCHES = re.compile(r"\bfetch\s*\(\s*[\"'`](?:https?:)?//|\.open\s*\(\s*[\"']GET[\"']\s*,\s*[\"'](?:https?:)?//")
_EVALUATES = re.compile(r"\.then\s*\(\s*eval\s*\)|\beval\s*\(|\bnew\s+Function\s*\(")
"""Together: a script of a page runs what it fetches from elsewhere, and can do in a notebook what its owner can."""
_TOOLS = frozenset("bash sh zsh powershell pwsh cmd".split())


def scan_notebook(inspection: Inspection) -> None:
    """Say that it is a notebook, and what its cells do."""
    inspection.report("code-notebook")
    source = read_text(inspection)
    with Behaviour(inspection) as behaviour:
        try:
            document = json.loads(source)
            cells = document["cells"] if "cells" in document else document["worksheets"][0]["cells"]
            _Notebook(inspection, behaviour, _language(document)).read(cells)
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
            inspection.partly("structure_broken")
            ScriptReader(inspection, behaviour, "shell_script").read(source.replace('\\"', '"'))


def _language(document: dict[str, Any]) -> str:
    told = document.get("metadata", {}).get("kernelspec", {})
    return str(told.get("language") or told.get("name") or "python").lower()


class _Notebook:
    """One notebook, cell by cell; what one cell fetches another may run."""

    def __init__(self, inspection: Inspection, behaviour: Behaviour, language: str) -> None:
        self._inspection = inspection
        self._behaviour = behaviour
        self._shell_only = language in _TOOLS
        self._python = PythonReader(inspection, behaviour)
        self._shell = ScriptReader(inspection, behaviour, "shell_script")

    def read(self, cells: list[dict[str, Any]]) -> None:
        try:
            for number, cell in enumerate(cells, start=1):
                self._cell(cell, f"[{number}]")
        finally:
            self._python.finish()

    def _cell(self, cell: dict[str, Any], place: str) -> None:
        source = _text(cell.get("source", cell.get("input", "")))
        if cell["cell_type"] == "code":
            self._code(source, place)
        else:
            judge_instructions(self._inspection, source, place)
            if _SCRIPT.search(source):
                self._page(source, place, Level.CAREFUL)
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            page = _text(data.get("text/html", "")) + _text(data.get("image/svg+xml", ""))
            script = _text(data.get("application/javascript", ""))
            if script or (_SCRIPT.search(page) and not _LIBRARY_OUTPUT.search(page)):
                self._page(script + page, place, None)

    def _code(self, source: str, place: str) -> None:
        source = _FORM.sub(lambda match: "\n" * match[0].count("\n"), source)
        first, _, rest = source.lstrip().partition("\n")
        file = _FILE_CELL.match(first)
        if self._shell_only or _SHELL_CELL.match(first):
            self._shell.read(source, place)
        elif _OTHER_CELL.match(first):
            ScriptReader(self._inspection, self._behaviour, "javascript").read(source, place)
            if _ORDERS.search(rest):
                self._page(rest, place, None)
        elif file is not None and not file[1].endswith(".py"):
            self._shell.read(rest, place, 2)
        else:
            self._python.read(self._as_python(source, place), place)

    def _page(self, page: str, place: str, level: Level | None) -> None:
        """A page that orders the notebook to run code is an attack; any other script in it is good to know."""
        orders = _ORDERS.search(page) or (_FETCHES.search(page) and _EVALUATES.search(page))
        session = Level.CAREFUL if _TAKES_SESSION.search(page) and _SENDS.search(page) else None
        shown = page[max(0, orders.start() - 40) : orders.end() + 80] if orders else page[:80]
        self._behaviour.note(
            "notebook-page", fact("text", shown, None, place), level=Level.HIGH if orders else level or session
        )

    def _as_python(self, source: str, place: str) -> str:
        """The cell as Python: shell commands are judged, and kept as calls where Python puts values into them."""
        lines = source.split("\n")
        if lines and lines[0].lstrip().startswith("%%"):
            lines[0] = ""
        for index, line in enumerate(lines):
            command = _COMMAND.match(line)
            if command:
                self._shell.read(command[3], place, index + 1)
                lines[index] = _as_call(command)
            elif "%" in line or "?" in line:
                lines[index] = self._magic(line, index + 1, place)
        return "\n".join(lines)

    def _magic(self, line: str, number: int, place: str) -> str:
        """What Python sees of a line that begins with `%`, and what it brings in from elsewhere."""
        if _ALL_SETTINGS.match(line):
            return _ALL_SETTINGS.sub(r"\1__import__('os').environ.copy()", line)
        if _TIMED.match(line):
            return _TIMED.sub(r"\1", line)
        brought, alias, extension = _BRINGS.match(line), _ALIAS.match(line), _EXTENSION.match(line)
        if alias:
            self._behaviour.command(alias[1] + " | sh", number, place)
        elif extension:
            return f"import {extension[1]}"
        elif brought and brought[1].startswith("http"):
            self._behaviour.note("download-and-run", fact("command", line.strip(), number, place))
        magic = _MAGIC.match(line) or _HELP.match(line)
        return f"{magic[1]}pass" if magic else line


def _as_call(command: re.Match[str]) -> str:
    """`x = !curl {address}` as a call, so that the values that Python puts in are known."""
    text = re.sub(r"\$(\w+)", r"{\1}", command[3].replace("\\", "\\\\").replace('"', '\\"'))
    names = f"{command[2]}= " if command[2] else ""
    prefix = "f" if re.search(r"\{\w[\w.\[\]]*\}", text) and "{{" not in text else ""
    return f'{command[1]}{names}get_ipython().bang({prefix}"{text}")'


def _text(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)
