"""Lines of a script as its interpreter would see them: continued lines joined, its own variables put in."""

import re
from collections.abc import Callable, Iterator

from core.disguises import unformatted

_MOST_VARIABLES = 400
_LONGEST_VALUE = 4096
_GROWS, _GROWS_ANYHOW = 4, 1 << 20
"""How many times longer, and how many characters besides, a script may get when its variables are put in."""
_ASSIGNMENTS = {
    "batch": re.compile(r"(?i)^\s*(?:@\s*)?set\s+\"?([^\s=\"/]+)=([^\"\r\n]*+)\"?\s*+$"),
    "powershell": re.compile(r"(?i)^\s*+\$(?:global:|script:)?(\w+)\s*+\+?=\s*+(.+)$"),
    "shell_script": re.compile(
        r"^\s*+(?:(?:export|local|readonly|declare)\s++)?(\w+)=([\"']?[^\"';|&]*+[\"']?)\s*+;?\s*+$"
    ),
    "windows_script": re.compile(r"(?i)^\s*+(?:(?:const|set|var|let)\s++)?(\w+)\s*+=\s*+(.+)$"),
    "javascript": re.compile(r"^\s*+(?:(?:const|var|let)\b)?\s*+(\w+)\s*+\+?=\s*+(.+)$"),
}
_USES = {
    "batch": re.compile(r"%([^%\s:=]+)(?::~(-?\d+)(?:,(-?\d+))?|:([^=%]+)=([^%]*))?%|!([^!\s:]+)!"),
    "powershell": re.compile(r"\$\{?(?:global:|script:)?(\w+)\}?"),
    "shell_script": re.compile(r"\$\{(\w+)(?::(\d{1,4}):(\d{1,4})|/{1,2}([^/}]{1,40})/([^}]{0,40}))\}|\$\{?(\w+)\}?"),
    "windows_script": re.compile(r"\b(\w+)\b"),
    "javascript": re.compile(r"\b(\w+)\b"),
}
_QUOTED = re.compile(r"^([\"'])([^\"']*)\1$")
_PIECES = re.compile(r"\"[^\"]*\"|'[^']*'|\w+")


def lines(text: str, kind: str, leave_out: Callable[[], object] = lambda: None) -> Iterator[tuple[int, str]]:
    """Number (of its first line) and text of every line, with what was assigned to variables before put in.

    `leave_out` is called when that makes far more of the text than it is; from there on nothing is put in.
    """
    kind = {"html_application": "javascript", "web_page": "javascript", "svg": "javascript"}.get(kind, kind)
    assigns = _ASSIGNMENTS.get(kind)
    variables: dict[str, str] = {}
    left = _GROWS * len(text) + _GROWS_ANYHOW
    key = ""
    for number, line in _joined(text, kind):
        if not line or line.isspace():
            continue
        if kind == "registry_file":
            key = line.strip().strip("[]") if line.lstrip().startswith("[") else key
            line = f"{key}\\{line.strip()}" if _VALUE.match(line) else line  # noqa: PLW2901  the value with its key
        if kind == "powershell":
            line = unformatted(line)  # noqa: PLW2901  as its interpreter reads it
        for part in _parts(line, kind):
            put_in = left >= 0 and (variables or kind == "batch")
            filled = _filled(part, kind, variables) if put_in else part
            left -= max(0, len(filled) - len(part))
            if put_in and left < 0:
                leave_out()
            match = assigns.match(filled) if assigns else None
            if kind == "batch" and match is None:
                _collect(part, variables)
            if match and len(variables) < _MOST_VARIABLES:
                _assign(match[1], match[2], kind, variables, adds="+=" in part[: match.end(1) + 4])
            yield number, filled
        if left >= 0 and part != line and (variables or (kind == "shell_script" and _OTHER_PROGRAM.search(line))):
            yield number, _filled(line, kind, variables)


def _parts(line: str, kind: str) -> list[str]:
    """Commands of one line, so that `a=cu;b=rl` is seen as two assignments."""
    if kind == "batch":
        line = _OTHER_SHELL.sub("", line)
        return re.split(r"&&?", line) if "set " in line.lower() else [line]
    return line.split(";") if line.count(";") and "=" in line else [line]


_VALUE = re.compile(r"\s*(?:\"[^\"]{1,255}\"|@)\s*=")
"""`"name"=…`: a value, below the key of a line before it (Windows: "How to add registry entries by a .reg file")."""
_OTHER_PROGRAM = re.compile(r"\b(?:perl|ruby|php|node|lua|python[\d.]*)\s[^\n;]{0,80}?-\w{0,4}[ecr]\s*[\"']")
"""A program of another language in one line; its semicolons are not the shell's."""
_OTHER_SHELL = re.compile(r"(?i)^.{0,80}\bcmd(?:\.exe)?(?:\s+/\w+(?::\w+)?)*\s+/[ck]\s+\"(?=set\s)")
_COLLECTS = re.compile(
    r"(?i)\bfor\s+%%(\w)\s+in\s+\(([^)]{1,2000})\)\s+do\s+(?:call\s+)?set\s+\"?(\w+)=[%!]{1,2}\3[%!]{1,2}%%~?\1"
)
_OF_WINDOWS = {
    "public": "C:\\Users\\Public", "comspec": "C:\\WINDOWS\\system32\\cmd.exe", "systemroot": "C:\\WINDOWS",
    "windir": "C:\\WINDOWS", "programfiles": "C:\\Program Files", "os": "Windows_NT", "systemdrive": "C:",
    "programdata": "C:\\ProgramData", "allusersprofile": "C:\\ProgramData",
}  # fmt: skip
"""What every Windows has: letters are taken from them to put hidden words together."""


def _collect(line: str, variables: dict[str, str]) -> None:
    """A loop over words that puts them together in a variable."""
    match = _COLLECTS.search(line)
    if match is not None and len(variables) < _MOST_VARIABLES:
        name = match[3].lower()
        variables[name] = (variables.get(name, "") + "".join(match[2].split()))[:_LONGEST_VALUE]


def _joined(text: str, kind: str) -> Iterator[tuple[int, str]]:
    signs = {"batch": "^", "powershell": "`", "windows_script": "_"}.get(kind, "\\")
    held, first = "", 0
    for number, line in enumerate(text.splitlines(), start=1):
        first = first if held else number
        if line.rstrip().endswith(signs) and len(held) < _LONGEST_VALUE:
            held += line.rstrip()[:-1]
            continue
        yield first, held + line
        held = ""
    if held:
        yield first, held


def _assign(name: str, value: str, kind: str, variables: dict[str, str], *, adds: bool) -> None:
    """Remember a value if it is a plain text, or texts put together."""
    name = name.lower() if kind != "shell_script" else name
    if kind == "batch":
        plain: str | None = value
    else:
        plain = _text_of(value.rstrip().removesuffix(";").rstrip(), kind)
    if plain is None:
        variables.pop(name, None)
        return
    variables[name] = ((variables.get(name, "") if adds else "") + plain)[:_LONGEST_VALUE]


def _text_of(value: str, kind: str) -> str | None:
    """The text that quoted pieces joined by `+`, `&` or `.` make; bare words only in shells."""
    quoted = _QUOTED.match(value)
    if quoted:
        return quoted[2]
    if kind == "shell_script":
        return "/tmp/mktemp.file" if re.match(r"\"?(?:\$\(|`)\s*mktemp", value) else value.strip("\"'")  # noqa: S108  a stand-in
    pieces = _PIECES.findall(value)
    rest = _PIECES.sub("", value)
    if pieces and all(piece[0] in "\"'" for piece in pieces) and re.fullmatch(r"[\s+&.()]*", rest):
        return "".join(piece[1:-1] for piece in pieces)
    return None


def _filled(line: str, kind: str, variables: dict[str, str]) -> str:
    uses = _USES.get(kind)
    if uses is None:
        return line
    if kind == "batch":
        return _replaced(uses, lambda match: _batch_value(match, variables), line)
    start = 0
    assigns = _ASSIGNMENTS[kind].match(line)
    if assigns:
        start = assigns.end(1)
    words = kind in {"windows_script", "javascript"}

    def put_in(match: re.Match[str]) -> str:
        name = (match[1] or match[6]) if kind == "shell_script" else match[1].lower()
        if name not in variables:
            return match[0]
        if kind == "shell_script" and match[1]:
            return _part_of(variables[name], match)
        return f'"{variables[name]}"' if words or (kind == "powershell" and assigns) else variables[name]

    return line[:start] + _replaced(uses, put_in, line[start:])


def _replaced(places: re.Pattern[str], put_in: Callable[[re.Match[str]], str], line: str) -> str:
    """`places.sub(put_in, line)`, as long as that does not make too much of it: the rest stays as it is."""
    pieces: list[str] = []
    end, grown = 0, 0
    for match in places.finditer(line):
        pieces += [line[end : match.start()], put_in(match)]
        end = match.end()
        grown += max(0, len(pieces[-1]) - len(match[0]))
        if grown > 4 * _LONGEST_VALUE:
            break
    return "".join([*pieces, line[end:]])


def _part_of(value: str, match: re.Match[str]) -> str:
    """`${a:1:4}` and `${a/x/y}`."""
    if match[2] is not None:
        return value[int(match[2]) : int(match[2]) + int(match[3])]
    return value.replace(match[4], match[5])


def _batch_value(match: re.Match[str], variables: dict[str, str]) -> str:
    name = (match[1] or match[6]).lower()
    value = variables.get(name) or (_OF_WINDOWS.get(name) if match[2] is not None else None)
    if value is None:
        return match[0]
    if match[2] is not None:
        start = int(match[2])
        end = None if match[3] is None else int(match[3])
        value = value[start:]
        return value if end is None else value[:end]
    if match[4] is not None:
        parts = re.split(re.escape(match[4]), value, flags=re.IGNORECASE)
        return match[5][:_LONGEST_VALUE].join(parts[: 2 + _LONGEST_VALUE // (len(match[5]) + 1)])[:_LONGEST_VALUE]
    return value
