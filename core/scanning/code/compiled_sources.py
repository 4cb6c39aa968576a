"""Sources that a build turns into programs (C, C++, CUDA, Go, Rust, C#, Java …): what they start, fetch and inject.

Nothing is compiled. A command is a text handed to a function that starts programs; what a source prints is none.
"""

import re
from collections.abc import Iterator

from core.findings import Evidence
from core.scanning.byte_sources import line_at, newline_offsets
from core.scanning.code.behaviour import Behaviour, fact
from core.scanning.code.sources import read_text
from core.scanning.inspection import Inspection

_COMMENTS = re.compile(
    r"(?P<text>\"(?:[^\"\\\n]|\\.)*+\"?|'(?:[^'\\\n]|\\.){1,8}'|`[^`]{0,20000}`)|/\*.*?(?:\*/|\Z)|(?<!:)//[^\n]*",
    re.DOTALL,
)
_TEXT = re.compile(r"@?\"((?:[^\"\\\n]|\\.)*+)\"?|`([^`]{1,4000})`")
_STARTS = re.compile(
    r"(?<![\w.>])(?:::|std::|_w?)?(?:system|popen|wsystem|posix_spawnp?|execv?[lpe]{0,2}e?|execvp?e?)\s*\(|"
    r"\b(?:WinExec|ShellExecute(?:Ex)?[AW]?|CreateProcess(?:AsUser)?[AW]?)\s*\(|\bCommand::new\s*\(|"
    r"\bexec\.Command(?:Context)?\s*\(|\bsyscall\.(?:Exec|ForkExec)\s*\(|\bos\.StartProcess\s*\(|"
    r"\bProcess\.Start\s*\(|\bnew\s+ProcessStartInfo\s*\(|\.getRuntime\(\)\s*\.exec\s*\(|"
    r"\b(?:new\s+)?ProcessBuilder\s*\(|\bProcess\s*\(\s*\)|\bNSTask\b"
)
"""Functions that start programs, each as its language's library calls it; methods of these names are something else."""
_LONGEST_CALL = 1500
_MOST_CALLS = 200
_FETCHES = re.compile(
    r"\bURLDownloadToFile[AW]?\b|\bInternetOpenUrl[AW]?\b|\bWinHttpOpenRequest\b|\bcurl_easy_perform\b|"
    r"(?<![\w.])http\.(?:Get|Post|NewRequest)\b|\bhttp\.Client\s*\{|\breqwest::|\bureq::|\.Download(?:Data|String|File)\w*\s*\(|"
    r"\.Get(?:ByteArray|String|Stream)Async\s*\(|\bURLSession\b|\.openStream\s*\("
)
_SAVES = re.compile(r"URLDownload|Internet|\.DownloadFile")
_PIECE = re.compile(
    r"\b([A-Za-z_]\w{0,60})\s*(?:\[\w{0,10}\]\s*)?(?:\+?=|\(|\{|<<|\.append\s*\(|\.push_str\s*\()\s*(?:std::string\s*\(\s*|String::from\s*\(\s*)?"
    r"((?:\"(?:[^\"\\\n]|\\.){1,400}\"\s*\+?\s*){1,20})"
)
"""Texts that are put into a variable, one after the other."""
_MOST_PIECES = 2000
_GIVEN_NAME = re.compile(r"\s*+(?:[^()\";]{0,40}[(,&\s])?\s*+([A-Za-z_]\w{0,60})\b")
_MADE_RUNNABLE = re.compile(
    r"\.Chmod\s*\(\s*(?:[^,()]{1,80}(?:\(\))?,\s*)?0o?[75]\d\d|\bos\.Chmod\s*\([^,\n]{1,80}(?:\(\))?,\s*0o?[75]\d\d|"
    r"\bchmod\s*\([^,\n]{1,80},\s*(?:0[75]\d\d|S_IR?W?X)|\bset_permissions\s*\(|\bsetExecutable\s*\("
)
_STARTS_A_NAME = re.compile(
    r"(?:\bexec\.Command(?:Context)?\s*\((?:\s*ctx,)?|\bCommand::new\s*\(|\b(?:WinExec|ShellExecute\w*|CreateProcess\w*|system|popen|execv\w{0,2}|execl\w{0,2})\s*\(|"
    r"\bProcess\.Start\s*\(|\bProcessBuilder\s*\()[^;\"`\n]{0,60}?[A-Za-z_&]\w*"
)
"""A program is started whose name stands in a variable."""
_LOADS = re.compile(r"\bAssembly\.Load(?:File|From)?\s*\(|\bURLClassLoader\s*\(|\bDefineClass\s*\(|\bplugin\.Open\s*\(")
_CONNECTS = re.compile(
    r"\b(?:connect|WSAConnect|WSASocket[AW]?)\s*\(|\bnet\.Dial\w*\s*\(|\bTcpStream::connect\b|\bnew\s+(?:TcpClient|Socket)\s*\("
)
_HANDED_OVER = re.compile(
    r"\bdup[23]?\s*\(|\bhStd(?:Input|Output)\b|\.(?:Stdin|Stdout)\s*=\s*\w*[cC]onn\w*|\bfrom_raw_(?:fd|socket)\b|"
    r"\bRedirectStandardInput\s*=\s*true|\.getInputStream\(\)"
)
_A_SHELL = re.compile(r"[\"`](?:/(?:usr/)?bin/)?(?:ba|z|da)?sh[\"`]|[\"`](?:cmd|powershell)(?:\.exe)?\b", re.IGNORECASE)
_INJECTS = (
    re.compile(r"\b(?:Nt|Zw)?(?:VirtualAllocEx|AllocateVirtualMemory|MapViewOfSection)\b"),
    re.compile(r"\b(?:Nt|Zw)?(?:WriteProcessMemory|WriteVirtualMemory|MapViewOfSection)\b"),
    re.compile(
        r"\b(?:CreateRemoteThread(?:Ex)?|(?:Nt|Zw)CreateThreadEx|QueueUserAPC|RtlCreateUserThread|SetThreadContext)\b"
    ),
)
"""The three steps of running code in another program (ATT&CK T1055)."""
_NO_CHECK = re.compile(
    r"\bInsecureSkipVerify\s*:\s*true\b|\bdanger_accept_invalid_certs\s*\(\s*true\b|"
    r"\bCURLOPT_SSL_VERIFYPEER\s*,\s*(?:0L?|false)\b|\bServerCertificateValidationCallback\s*[+=]"
)


def scan_source(inspection: Inspection) -> None:
    """Findings of one source; an ordinary one has none."""
    with Behaviour(inspection) as behaviour:
        judge(read_text(inspection), behaviour)


def judge(source: str, behaviour: Behaviour, first_line: int = 1) -> None:
    """Note what the source would do once it is built and run."""
    _Reader(source, behaviour, first_line).judge()


class _Reader:
    """One source without its comments; lines keep their numbers."""

    def __init__(self, source: str, behaviour: Behaviour, first_line: int) -> None:
        self._code = _COMMENTS.sub(lambda match: match["text"] or "\n" * match[0].count("\n"), source)
        self._behaviour = behaviour
        self._first_line = first_line
        self._newlines = newline_offsets(self._code)

    def judge(self) -> None:
        """Note everything."""
        code, behaviour = self._code, self._behaviour
        calls = False
        for place, command in _commands(code):
            calls = True
            behaviour.command(command, self._line(place))
        for place, command in _put_together(code):
            behaviour.command(command, self._line(place))
        fetches = _FETCHES.search(code)
        if fetches is not None:
            behaviour.network(self._told(fetches), hub=False)
            named = _STARTS_A_NAME.search(code)
            made = _MADE_RUNNABLE.search(code) is not None or _SAVES.match(fetches[0]) is not None
            loads = _LOADS.search(code) or (named if made else None)
            if loads is not None:
                behaviour.note("download-and-run", self._told(fetches), self._told(loads))
        connects, handed, shell = _CONNECTS.search(code), _HANDED_OVER.search(code), _A_SHELL.search(code)
        if connects and handed and shell:
            behaviour.note("reverse-shell", self._told(connects), self._told(shell))
        steps = [expression.search(code) for expression in _INJECTS]
        if all(steps):
            behaviour.note("native", *(self._told(step) for step in steps if step))
        unchecked = _NO_CHECK.search(code)
        if unchecked is not None:
            behaviour.note("tls-off", self._told(unchecked))
        if calls or fetches or connects:
            for match in _TEXT.finditer(code):
                self._judge_text(match)

    def _judge_text(self, match: re.Match[str]) -> None:
        """A text of a source that starts programs or uses the network; nothing says that this is what it starts."""
        text = match[1] or match[2] or ""
        if len(text) >= 6:
            self._behaviour.command(_plain(text), self._line(match.start()), only_text=True)

    def _line(self, place: int) -> int:
        return line_at(self._newlines, place) + self._first_line - 1

    def _told(self, match: re.Match[str]) -> Evidence:
        start = self._code.rfind("\n", 0, match.start()) + 1
        end = self._code.find("\n", match.end())
        line = self._code[start : end if end >= 0 else len(self._code)]
        return fact("text", line.strip()[:200], self._line(match.start()))


def _commands(code: str) -> Iterator[tuple[int, str]]:
    """Where a function that starts programs is called, and the texts given to it as one line."""
    for number, match in enumerate(_STARTS.finditer(code)):
        if number >= _MOST_CALLS:
            return
        part = code[match.end() : match.end() + _LONGEST_CALL]
        part = re.split(r";\s*(?:\n|$|\})|\n\s*\n", part, maxsplit=1)[0]
        texts = [_plain(found[1] or found[2] or "") for found in _TEXT.finditer(part)]
        yield match.start(), " ".join(texts)


def _put_together(code: str) -> Iterator[tuple[int, str]]:
    """The same, of what stands in a variable that is given to such a function."""
    texts: dict[str, str] = {}
    for number, match in enumerate(_PIECE.finditer(code)):
        if number >= _MOST_PIECES:
            break
        piece = "".join(found[1] or "" for found in _TEXT.finditer(match[2]))
        texts[match[1]] = (texts.get(match[1], "") + _plain(piece))[:_LONGEST_CALL]
    for number, match in enumerate(_STARTS.finditer(code)):
        given = _GIVEN_NAME.match(code, match.end())
        if number < _MOST_CALLS and given is not None and given[1] in texts:
            yield match.start(), texts[given[1]]


def _plain(text: str) -> str:
    return re.sub(r"\\([\"'\\])", r"\1", text).replace("\\n", " ").replace("\\t", " ")
