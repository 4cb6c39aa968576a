"""Scripts for shells and other interpreters, and pages with scripts in them."""

import bisect
import itertools
import re
from collections.abc import Iterator

from core.command_lines import answered_for
from core.findings import Level
from core.scanning.code.behaviour import Behaviour, fact
from core.scanning.code.page_secrets import PageSecrets
from core.scanning.code.pages import judge_page
from core.scanning.code.script_flow import Flow
from core.scanning.code.script_lines import lines
from core.scanning.code.sources import read_text
from core.scanning.inspection import Inspection
from core.text import text

_STARTED_BY_A_CLICK = frozenset("batch powershell windows_script html_application registry_file".split())
"""Kinds that Windows runs, or offers to run, on a double click."""
_OF_THE_SCRIPT_HOST = frozenset({"windows_script", "html_application"})
_HOST_STARTS = re.compile(
    r"\b(?:wscript\.shell|shell\.application|win32_process)\b"
    r"(?:(?!wscript\.shell|shell\.application|win32_process)[\s\S]){0,4000}?"  # from the last one: each would search on
    r"\.(?:run|exec|shellexecute|create)\b\s{0,9}[(\"'\w]",
    re.IGNORECASE,
)
"""Scripts that only Windows' own host runs, on a click, and that start another program (threats F1)."""
_CALL = re.compile(r"\.(?:run|exec|shellexecute|create)\b[ \t]{0,9}\(?[ \t]{0,9}([^\r\n]{0,1000})", re.IGNORECASE)
_IN_SIGHT = re.compile(
    r"[\"']{1,3}(?:cmd(?:\.exe)?\s+/[ck]\s+)?[\"']{0,3}"
    r"(?:https?://(?:localhost|127\.0\.0\.1)[\w:/.-]{0,100}|"
    r"(?:[a-z]:\\(?=program\sfiles\\))?(?!\w+:|[\\/]{2}|%)"
    r"(?:\.?[\w -]{1,60}[\\/]){0,8}[\w-]{1,60}(?:\.(?:bat|cmd|exe|py|pyw))?[\"']{0,3}"
    r"(?:\s+[\w./\\=-]{1,100}){0,8})[\"']{1,3}\s*(?:,\s*(?:[135]|true|false|\w*normal\w*)\s*){0,2}\)?;?\s*",
    re.IGNORECASE,
)
"""A program or script of the folder with plain arguments, and no hidden window (WshShell.Run: style 0)."""
_SYSTEM_PROGRAMS = re.compile(
    r"\b(?:powershell|pwsh|mshta|[wc]script|rundll32|regsvr32|msiexec|certutil|bitsadmin|curl|wmic|reg|sc|schtasks|"
    r"forfiles|net|copy|move|del|start)(?:\.exe)?\b",
    re.IGNORECASE,
)
_PAGES = frozenset({"web_page", "svg"})
_OF_JAVASCRIPT = _PAGES | {"javascript"}
_LOADED = re.compile(
    r"\b(?:src|action|data|codebase)\s*=|\b(?:fetch|open|import|importscripts|sendbeacon|replace|assign)\s*\(|\blocation\b|"
    r"\bhttp-equiv\b|\bhref\s*=[^>]{0,300}\.(?:exe|msi|scr|bat|cmd|ps1|vbs|hta|lnk|iso|zip|rar|7z|jar|apk|dmg|pkg|sh)\b",
    re.IGNORECASE,
)
"""A page goes there by itself, or offers a program; other addresses are only shown."""
_ONLY_SHOWN = frozenset({"odd-address"})
_OF_A_SHELL = frozenset("secrets autostart destroys elevation policy-bypass self-delete native installs".split())
"""Words of documentation: a page itself reaches no files and has no shell."""
_DOWNLOAD = re.compile(
    r"(?:\b(?:curl|wget|iwr|invoke-webrequest|start-bitstransfer|aria2c)\b[^\n]{0,400}?"
    r"(?:\s(?:-[a-z]{0,6}o|--output(?:-document)?|-outf(?:i(?:le?)?)?|-destination)[\s=:]+|>\s*(?!/dev/|&|\d))"
    r"|\b(?:copy|xcopy|expand|extrac32)\b[^\n]{0,40}?\s[\"']?\\\\[^\s\"']{3,200}[\"']?\s+|\b(?:curl|wget)\b[^\n]{1,400}\|[^\n]{0,80}\btee\s+(?:-a\s+)?|\bscp\s[^\n]{1,200}:\S+\s+|\.downloadfile\s*\(?[^\n]{0,300}?,\s*|\.savetofile\s*\(?\s*)[\"'(]*([^\s\"'),;|&]{2,200})",
    re.IGNORECASE,
)
_GIVEN = re.compile(r"[\s=\"'](?:%~?[1-9]|\$\{?[1-9]\}?)(?=[\s\"']|$)")
_OF_CMAKE = re.compile(r"\bfile\s*\(\s*DOWNLOAD\s+\S{4,300}\s+[\"']?([^\s\"')]{2,200})", re.IGNORECASE)
"""CMake, file(DOWNLOAD <url> <file>)."""
_ADDED = re.compile(r"^\s*ADD\s+(?:--\S+\s+)*https?://\S+\s+(\S{2,200})", re.IGNORECASE)
"""Dockerfile reference, ADD: an address and where it goes."""
_REMOTE_NAME = re.compile(
    r"\b(?:curl\s[^\n]{0,200}-\w*O\w*|wget)\s[^\n]{0,300}?https?://[^\s\"']+/([\w.-]{2,100})", re.IGNORECASE
)
_LAUNCHER = (
    r"(?:start|call|start-process|saps|invoke-item|ii|bash|sh|zsh|python[\d.]*|pythonw|py|source|\.|&|exec|nohup|sudo|"
    r"setsid|nice|command|msiexec|rundll32|regsvr32|wscript|cscript|cmd|node|open|chmod|powershell|pwsh|run|\w+\s*=\s*\$?\()(?:\.exe)?"
)
_START = re.compile(
    r"(?:(?:^|[;&|(]|(?<!\$)\{|\b(?:then|do)\b)\s*(?:"
    + _LAUNCHER
    + r"\s+(?:(?:\d{3,4}\s+|[-/+]\w+\s+(?:(?:bypass|unrestricted|hidden)\s+)?|\"\"\s+))*[\"']?)*"
    r"|\.(?:run|exec|shellexecute)\s*\(?\s*[\"'])[\"'.\\/]*([\w%$~:{}./\\-]{2,200}+)(?!\s*[-+]?=)",
    re.IGNORECASE | re.MULTILINE,
)
_FED = re.compile(
    r"\b(?:type|cat|more)\s+[\"']?([\w$%~{}./\\:-]{2,200}+)[\"']?\s*\|\s*(?:sudo\s+)?(?:cmd|powershell|pwsh|(?:ba|z|da)?sh|python[\d.]*)\b"
    r"(?!\s+-m)",
    re.IGNORECASE,
)
_UNPACKED = re.compile(
    r"\b(?:tar|unzip|7za?|expand-archive)\b[^\n;&|]{0,200}?\s(?:-C|-d|-o|--directory|-destinationpath)[\s=]*[\"']?"
    r"((?:/tmp|/var/tmp|/dev/shm|%te?mp%|\$env:te?mp)(?:[\\/][\w.-]{1,80}){0,4})",
    re.IGNORECASE,
)
_UNSEEN = re.compile(r"\b(?:nohup|setsid|disown|start\s+/b)\b|(?<!&)&\s*$|-windowstyle\s+hidden", re.IGNORECASE)
_NETWORK = re.compile(
    r"\b(?:curl|wget|iwr|irm|invoke-webrequest|invoke-restmethod|xmlhttp|fetch\s*\(|webclient|git\s+clone)\b|https?://",
    re.IGNORECASE,
)
_OF_AN_IMAGE = frozenset({"autostart"})
"""What a Dockerfile has its image start by itself starts in the image alone."""
_BRINGS = re.compile(r"\b(?:curl|wget|base64|python[\d.]*\s+-c|nc|ncat|/dev/tcp)\b", re.IGNORECASE)
_READ_WHOLE = _PAGES | frozenset("windows_script javascript html_application powershell perl ruby php lua".split())
_PYTHON_IN_QUOTES = re.compile(
    r"\bpython[\w.]*(?:\.exe)?\"?\s+(?:-[A-Za-z]{1,3}\s+){0,4}-c\s+(?P<quote>[\"'])(?P<code>(?:(?!(?P=quote))[^\\]|\\.){4,20000})(?P=quote)",
    re.DOTALL,
)
_PYTHON_BELOW = re.compile(r"\bpython[\d.]*\b[^\n<]{0,80}<<-?\s*[\"']?(\w{1,20})\b[\"']?[^\n]{0,80}\n")
_FIRST_WORD = re.compile(r"^[ \t]*(\w{1,20})\b", re.MULTILINE)
_WRITTEN_BY_HAND = 600
"""Characters of a line. In longer ones, made by tools, a name of one letter stands for a hundred things."""
_A_BUNDLE = 200_000
"""Characters. Nobody writes that much script into one file; tools that bundle libraries do, with short names."""
_AROUND = 30
_MADE_LINES = 200
"""Characters of a line on average."""
_FAR_RIGHT = re.compile(r"\S[ \t]{120,}(?=\S)")


_ALSO = {"dockerfile": (_ADDED,), "script": (_OF_CMAKE,)}


def scan_script(inspection: Inspection) -> None:
    """Say that it is a script, and what its commands do."""
    source = read_text(inspection)
    kind = inspection.kind
    with Behaviour(inspection) as behaviour:
        if kind in _PAGES:
            judge_page(inspection, source, behaviour)
        else:
            level = Level.CAREFUL if kind in _STARTED_BY_A_CLICK else Level.NOTE
            if kind in _OF_THE_SCRIPT_HOST and _HOST_STARTS.search(source) and not _starts_in_sight(source, kind):
                level = Level.HIGH
            inspection.report("code-script", level=level, kind=text(f"kind.{kind}"))
        ScriptReader(inspection, behaviour, kind).read(source)
        if kind == "batch" and inspection.head.startswith((b"\xff\xfe", b"\xfe\xff")):
            # A mark for UTF-16 before plain letters: editors show nonsense, the interpreter reads the letters.
            ScriptReader(inspection, behaviour, kind).read(inspection.head.decode("latin-1"))


def _starts_in_sight(source: str, kind: str) -> bool:
    """Whether a script of Windows' host only starts things of its own folder, each named, with a window to be seen."""
    if kind != "windows_script" or re.search(
        r"\b(?:win32_process|xmlhttp|winhttp|adodb\.stream)\b", source, re.IGNORECASE
    ):
        return False
    code = "\n".join(line for line in source.splitlines() if not _is_comment(line, kind))
    calls = [match[1] for match in _CALL.finditer(code)]
    return all(_IN_SIGHT.fullmatch(call) and not _SYSTEM_PROGRAMS.search(call) for call in calls)


class ScriptReader:
    """Gathers what the commands of a script do; `place` names the cell of a notebook, whose cells go on one another."""

    def __init__(self, inspection: Inspection, behaviour: Behaviour, kind: str) -> None:
        self._inspection = inspection
        self._behaviour = behaviour
        self._kind = kind
        self._fetched: dict[str, Level] = {}
        self._unpacked: set[str] = set()
        self._flow = Flow(kind)
        self._written = Flow(kind, as_written=True)

    def read(self, source: str, place: str = "", first_line: int = 1) -> None:
        """Judge every line as the interpreter would read it, then what stands over several lines."""
        bundled = len(source) > _A_BUNDLE or len(source) > _MADE_LINES * (source.count("\n") + 1)
        made = _made_by_a_tool(source) if self._kind in _OF_JAVASCRIPT else frozenset()
        nothing: frozenset[str] = _OF_A_SHELL if self._kind in _PAGES else frozenset()
        for number, line in lines(source, self._kind, self._behaviour.leave_out):
            at = number + first_line - 1
            if _is_comment(line, self._kind):
                continue
            calm = _OF_AN_IMAGE if self._kind == "dockerfile" and not _BRINGS.search(line) else frozenset()
            if self._kind in _PAGES:
                calm = frozenset() if _LOADED.search(line) else _ONLY_SHOWN
            self._behaviour.command(line, at, place, calm=calm, without=nothing)
            self._runs(self._flow, line, at, place, made_by_a_tool=bundled or number in made)
            if self._kind not in _PAGES:
                self._two_steps(line, at, place)
        taken = PageSecrets()
        calls_back = self._kind in _OF_JAVASCRIPT
        for number, line in enumerate(source.splitlines(), start=first_line):
            if len(line) > 120 and _FAR_RIGHT.search(line[:65536]):
                shown = re.sub(r"[ \t]{8,}", " … ", line[:65536])
                self._behaviour.note("far-right", fact("text", shown, number, place))
            if calls_back and len(line) < _WRITTEN_BY_HAND and not _is_comment(line, self._kind):
                # By their names, without what was put in.
                self._runs(self._written, line, number, place, made_by_a_tool=bundled)
                sent = taken.line(line)
                if sent:
                    self._behaviour.note("sends-secrets", fact("command", sent[:400], number, place))
        # Encoded text that is spread over lines, and pieces joined over lines, are seen only in the whole.
        if self._kind in _READ_WHOLE:
            whole = (line for line in source[:65536].splitlines() if not _is_comment(line, self._kind))
            calm = _ONLY_SHOWN if self._kind in _PAGES else frozenset()  # seen line by line
            self._behaviour.command(" ".join(" ".join(whole).split()), first_line, place, calm=calm, without=nothing)
        self._python_inside(source, place, first_line)

    def _runs(self, flow: Flow, line: str, at: int, place: str, *, made_by_a_tool: bool = False) -> None:
        run = flow.line(line, made_by_a_tool=made_by_a_tool)
        if run is not None:
            self._behaviour.note(run.kind, fact("command", run.text, at, place), level=_answered_for(run.text))

    def _python_inside(self, source: str, place: str, first_line: int) -> None:
        """Python that stands between the commands is followed as Python."""
        for start, code in (*_in_quotes(source), *_below(source)):
            from core.scanning.code.python_source import PythonReader  # noqa: PLC0415  most scripts have none

            self._inspection.budget.check_time()
            reader = PythonReader(self._inspection, self._behaviour)
            try:
                reader.read_inside(code, source.count("\n", 0, start) + first_line, place)
            finally:
                reader.finish()

    def _unpacks(self, line: str, at: int, place: str) -> None:
        """An archive is unpacked among temporary files, and something there is started."""
        for match in _UNPACKED.finditer(line):
            self._unpacked.add(match[1].lower().strip("/\\"))
        for match in _started(line) if self._unpacked and self._behaviour.has("network") else ():
            folder = re.split(r"[\\/][^\\/]*$", match[1].lower().lstrip("/"))[0]
            if folder in self._unpacked:
                unseen = _UNSEEN.search(line, match.start()) or _UNSEEN.search(line[: match.end()])
                level = Level.HIGH if unseen else Level.CAREFUL
                self._behaviour.note("download-and-run", fact("command", line.strip(), at, place), level=level)

    def _two_steps(self, line: str, at: int, place: str) -> None:
        """First a download into a file, later that file is started."""
        if self._kind == "batch":
            line = re.sub(r"\^(?=.)|`(?=[A-Za-z])", "", line)
        if _NETWORK.search(line):
            self._behaviour.network(fact("command", line.strip()[:200], at, place), hub=False)
        for match in _started(line[:8192]):
            level = self._fetched.get(_name(match[1]), Level.NONE)
            if level is not Level.NONE:
                self._behaviour.note("download-and-run", fact("command", line.strip(), at, place), level=level)
        self._unpacks(line[:8192], at, place)
        for expression in (_DOWNLOAD, _REMOTE_NAME, *_ALSO.get(self._kind, ())):
            for match in expression.finditer(line[:8192]):
                name = _name(match[1])
                if len(name) >= 2 or (name and re.search(r"[\\/]", match[1])):
                    self._fetched[name] = _answered_for(line)
                    if _name_is_started(line[match.end() :], name):
                        told = fact("command", line.strip(), at, place)
                        self._behaviour.note("download-and-run", told, level=self._fetched[name])


def _made_by_a_tool(source: str) -> frozenset[int]:
    """Numbers of lines that nobody typed, and of those around them: texts of several lines stand in between."""
    long = [number for number, line in enumerate(source.splitlines(), start=1) if len(line) >= _WRITTEN_BY_HAND]
    return frozenset(near for number in long for near in range(number - _AROUND, number + _AROUND + 1))


def _in_quotes(source: str) -> Iterator[tuple[int, str]]:
    """Python behind `python -c`, and where it begins."""
    for match in _PYTHON_IN_QUOTES.finditer(source):
        yield match.start("code"), match["code"].replace('\\"', '"') if match["quote"] == '"' else match["code"]


def _below(source: str) -> Iterator[tuple[int, str]]:
    """Python in the lines below `python <<END`, up to a line that begins with that word, and where it begins."""
    ends: dict[str, list[int]] | None = None
    for match in _PYTHON_BELOW.finditer(source):
        if ends is None:
            ends = {}
            for line in _FIRST_WORD.finditer(source):
                ends.setdefault(line[1], []).append(line.start())
        places = ends.get(match[1], [])
        end = bisect.bisect_left(places, match.end())
        if end < len(places):
            yield match.end(), source[match.end() : places[end]]


def runs_what_it_fetches(source: str) -> str:
    """The line of a few commands that starts a file which a line before it downloads, from no known place; else ""."""
    fetched: dict[str, Level] = {}
    for _, line in lines(source, "shell_script"):
        for match in _started(line[:8192]):
            if fetched.get(_name(match[1])) is Level.HIGH:
                return line.strip()
        for expression in (_DOWNLOAD, _REMOTE_NAME):
            for match in expression.finditer(line[:8192]):
                name = _name(match[1])
                if len(name) >= 2 or (name and re.search(r"[\\/]", match[1])):
                    fetched[name] = _answered_for(line)
                    if fetched[name] is Level.HIGH and _name_is_started(line[match.end() :], name):
                        return line.strip()
    return ""


def _started(line: str) -> Iterator[re.Match[str]]:
    """Names that stand where a command starts something, or is given to a shell to read; addresses are none."""
    found = itertools.chain(_START.finditer(line), _FED.finditer(line))
    return (match for match in found if "://" not in match[1])


def _answered_for(line: str) -> Level:
    """How bad it is to start what this line downloads.

    Well-known installers and code hosts have owners; an address that whoever starts the script gives is that person's.
    """
    usual, answered = answered_for(line)
    answered = answered or (_GIVEN.search(line) is not None and "://" not in line)
    return Level.NOTE if usual else Level.CAREFUL if answered else Level.HIGH


def _name_is_started(rest: str, name: str) -> bool:
    """Whether a later command of the same line starts it."""
    rest = re.sub(r"^[^;&|]*", "", rest)
    return any(_name(match[1]) == name for match in _started(rest[:4096]))


def _name(path: str) -> str:
    return re.split(r"[\\/]", path.strip("\"'()").lower())[-1]


def _is_comment(line: str, kind: str) -> bool:
    start = line.lstrip("@ \t").lower()
    if kind == "batch":
        return start.startswith(("rem ", "::")) or start == "rem"
    if kind == "windows_script":
        return start.startswith(("'", "rem ", "//"))
    if kind in _OF_JAVASCRIPT:
        return start.startswith("//")
    return start.startswith("#")
