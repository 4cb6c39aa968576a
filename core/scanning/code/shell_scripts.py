"""Scripts for shells and other interpreters, and pages with scripts in them."""

import re

from core.findings import Level
from core.scanning.code.behaviour import Behaviour, fact
from core.scanning.code.script_lines import lines
from core.scanning.code.sources import read_text
from core.scanning.inspection import Inspection
from core.text import text

_STARTED_BY_A_CLICK = frozenset("batch powershell windows_script html_application registry_file".split())
"""Kinds that Windows runs, or offers to run, on a double click."""
_PAGES = frozenset({"web_page", "svg"})
_DOWNLOAD = re.compile(
    r"(?:\b(?:curl|wget|iwr|invoke-webrequest|start-bitstransfer|aria2c)\b[^\n]{0,400}?"
    r"(?:\s(?:-o|-O|--output(?:-document)?|-outfile|-destination)[\s=:]+|>\s*)"
    r"|\.downloadfile\s*\(?[^\n]{0,300}?,\s*|\.savetofile\s*\(?\s*)[\"'(]*([^\s\"'),;|&]{2,200})",
    re.IGNORECASE,
)
_REMOTE_NAME = re.compile(
    r"\b(?:curl\s[^\n]{0,200}-\w*O\w*|wget)\s[^\n]{0,300}?https?://[^\s\"']+/([\w.-]+\.\w{1,6})", re.IGNORECASE
)
_LAUNCHER = (
    r"(?:start|call|start-process|saps|invoke-item|ii|bash|sh|zsh|python[\d.]*|pythonw|py|source|\.|&|exec|nohup|sudo|"
    r"msiexec|rundll32|regsvr32|wscript|cscript|cmd|node|open|chmod|powershell|pwsh|\w+\s*=\s*\$?\()"
)
_START = re.compile(
    r"(?:(?:^|[;&|({]|\b(?:then|do)\b)\s*(?:" + _LAUNCHER + r"\s+(?:(?:[-/+]\w+|\"\")\s+)*[\"']?)*"
    r"|\.(?:run|exec|shellexecute)\s*\(?\s*[\"'])[\"'.\\/]*([\w%$~:{}./\\-]{2,200})",
    re.IGNORECASE | re.MULTILINE,
)
_PAGE_CODE = re.compile(
    r"<script\b|\bon(?:load|error|click|focus|mouseover|begin|toggle)\s*=|javascript:|vbscript:|<(?:iframe|object|embed|applet|foreignobject)\b|"
    r"<meta[^>]{0,80}http-equiv\s*=\s*[\"']?refresh",
    re.IGNORECASE,
)
_PAGE_ATTACK = re.compile(
    r"\b(?:ms-msdt|search-ms|ms-officecmd|ms-appinstaller|ms-word|file):/?/?(?=\S)|mssaveoropenblob|"
    r"(?:new\s+blob|data:application/(?:octet-stream|x-msdownload|zip))[\s\S]{0,4000}\bdownload\b|"
    r"\bnavigator\.clipboard\.writetext\b|\bexeccommand\s*\(\s*[\"']copy|new\s+activexobject",
    re.IGNORECASE,
)
_NETWORK = re.compile(
    r"\b(?:curl|wget|iwr|irm|invoke-webrequest|invoke-restmethod|xmlhttp|fetch\s*\(|webclient|git\s+clone)\b|https?://",
    re.IGNORECASE,
)
_FAR_RIGHT = re.compile(r"\S[ \t]{120,}(?=\S)")


def scan_script(inspection: Inspection) -> None:
    """Say that it is a script, and what its commands do."""
    source = read_text(inspection)
    kind = inspection.kind
    behaviour = Behaviour(inspection)
    if kind in _PAGES:
        _judge_page(inspection, source, behaviour)
    else:
        level = Level.CAREFUL if kind in _STARTED_BY_A_CLICK else Level.NOTE
        inspection.report("code-script", level=level, kind=text(f"kind.{kind}"))
    judge_script(behaviour, source, kind)
    behaviour.weigh()


def judge_script(behaviour: Behaviour, source: str, kind: str, place: str = "", first_line: int = 1) -> None:
    """Gather what the commands of a script do; `place` names the cell of a notebook."""
    fetched: set[str] = set()
    for number, line in lines(source, kind):
        at = number + first_line - 1
        if _is_comment(line, kind):
            continue
        behaviour.command(line, at, place)
        if kind not in _PAGES:
            _judge_two_steps(behaviour, line, at, place, fetched)
    for number, line in enumerate(source.splitlines(), start=first_line):
        if _FAR_RIGHT.search(line[:65536]):
            behaviour.note("far-right", fact("text", re.sub(r"[ \t]{8,}", " … ", line[:65536]), number, place))
    # Encoded text that is spread over lines, and pieces joined over lines, are seen only in the whole.
    whole = " ".join(source[:65536].split())
    if kind in _PAGES | {"windows_script", "javascript", "html_application", "powershell"}:
        behaviour.command(whole, first_line, place)


def _judge_two_steps(behaviour: Behaviour, line: str, at: int, place: str, fetched: set[str]) -> None:
    """First a download into a file, later that file is started."""
    if _NETWORK.search(line):
        behaviour.note("network", fact("command", line.strip()[:200], at, place))
    started = {_name(match[1]) for match in _START.finditer(line[:8192])}
    if started & fetched:
        behaviour.note("download-and-run", fact("command", line.strip(), at, place))
    for expression in (_DOWNLOAD, _REMOTE_NAME):
        for match in expression.finditer(line[:8192]):
            name = _name(match[1])
            if len(name) >= 2:
                fetched.add(name)
                if _name_is_started(line[match.end() :], name):
                    behaviour.note("download-and-run", fact("command", line.strip(), at, place))


def _name_is_started(rest: str, name: str) -> bool:
    """Whether a later command of the same line starts it."""
    rest = re.sub(r"^[^;&|]*", "", rest)
    return any(_name(match[1]) == name for match in _START.finditer(rest[:4096]))


def _name(path: str) -> str:
    return re.split(r"[\\/]", path.strip("\"'()").lower())[-1]


def _judge_page(inspection: Inspection, source: str, behaviour: Behaviour) -> None:
    match = _PAGE_CODE.search(source)
    if match is None:
        return
    attack = _PAGE_ATTACK.search(source)
    inspection.report(
        "code-page",
        fact("text", source[match.start() : match.start() + 120]),
        level=Level.CAREFUL if inspection.kind == "svg" else Level.NOTE,
        kind=text(f"kind.{inspection.kind}"),
    )
    if attack is not None:
        behaviour.note("page-attack", fact("text", source[max(0, attack.start() - 40) : attack.end() + 80]))


def _is_comment(line: str, kind: str) -> bool:
    start = line.lstrip("@ \t").lower()
    if kind == "batch":
        return start.startswith(("rem ", "::")) or start == "rem"
    if kind == "windows_script":
        return start.startswith(("'", "rem ", "//"))
    if kind == "javascript":
        return start.startswith("//")
    return start.startswith("#")
