"""Where the texts come from that a script runs: fetched or decoded in one line, run in a later one."""

import re
from dataclasses import dataclass, replace
from typing import NamedTuple

from core.scanning.code.script_callbacks import Callbacks

_MOST_NAMES = 400
_LONGEST = 4096
"""Characters of a line that are followed; scripts that people write have no longer ones."""
_SHORT_NAME = 2
_NAMED_ANEW = re.compile(r"\b(?:const|let|var)\s+([\w$]{1,2})\b")
_HOLDS_FOR = 12
"""Statements. In a line that a tool made, a name this short stands for something else a few statements later."""


@dataclass(frozen=True, slots=True)
class _Language:
    """How one language assigns, fetches, decodes and runs. `runs` capture what is run as `what`."""

    assigns: re.Pattern[str]
    uses: str
    """How a variable is written, with NAME for its name."""
    fetches: re.Pattern[str]
    decodes: re.Pattern[str]
    runs: tuple[re.Pattern[str], ...]


class Run(NamedTuple):
    """Something is run. `kind` is "download-and-run" or "decode-and-run"."""

    kind: str
    text: str


class Flow:
    """One script, line by line. `as_written`: no values are put in for names, so that callbacks can be followed."""

    def __init__(self, kind: str, *, as_written: bool = False) -> None:
        self._language = _LANGUAGES.get(kind)
        self._origins: dict[str, str] = {}
        self._until: dict[str, int] = {}
        self._at = 0
        self._fetchers: set[str] = set()
        self._callbacks = Callbacks() if as_written and self._language in (_JAVASCRIPT, _IN_A_BROWSER) else None

    def line(self, line: str, *, made_by_a_tool: bool = False) -> Run | None:
        """What this line, or statement of one that a tool put together, runs that came from elsewhere.

        Then remember what it assigns.
        """
        language = self._language
        self._at += 1
        if language is None or len(line) > _LONGEST:
            return None
        anew = {found[1].lower() for found in _NAMED_ANEW.finditer(line)} if self._until else set()
        for name in [name for name, until in self._until.items() if until < self._at or name in anew]:
            self._until.pop(name)
            self._origins.pop(name, None)
        if self._callbacks is not None:
            for name in self._callbacks.given(line):
                self._remember(name, "download-and-run")
        found = self._runs(language, line)
        assigned = language.assigns.match(line)
        if assigned is not None:
            name, value = [part for part in assigned.groups() if part is not None][:2]
            self._remember(name, self._origin(language, value), short_lived=made_by_a_tool)
        saved = _SAVED_AS.search(line) if language is _OTHERS else None
        if saved is not None:
            self._remember(saved[1], "download-and-run")
        turned = _TURNED.search(line)
        if turned is not None:
            name = next(name for name in turned.groups() if name)
            self._remember(name, "decode-and-run", short_lived=made_by_a_tool)
        return found

    def _remember(self, name: str, origin: str, *, short_lived: bool = False) -> None:
        if origin and len(self._origins) < _MOST_NAMES:
            self._origins[name.lower()] = origin
            self._until.pop(name.lower(), None)
            if short_lived and len(name) <= _SHORT_NAME:
                self._until[name.lower()] = self._at + _HOLDS_FOR

    def _runs(self, language: _Language, line: str) -> Run | None:
        for expression in language.runs:
            for match in expression.finditer(line):
                origin = self._origin(language, match["what"])
                if origin:
                    return Run(origin, line.strip())
        if self._callbacks is not None and self._callbacks.starts(line):
            return Run("download-and-run", line.strip())
        if language is _SHELL:
            called = _FETCHER.match(line)
            if called is not None:
                self._fetchers.add(called[1] or called[2])
            piped = _PIPED.search(line)
            if piped is not None and piped[1] in self._fetchers:
                return Run("download-and-run", line.strip())
        return None

    def _origin(self, language: _Language, text: str) -> str:
        if language.fetches.search(text):
            return "download-and-run"
        if language.decodes.search(text):
            return "decode-and-run"
        low = text.lower()
        for name, origin in self._origins.items():
            if name in low and re.search(language.uses.replace("NAME", re.escape(name)), low):
                return origin
        return ""


def _compiled(*expressions: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(one, re.IGNORECASE) for one in expressions)


def _exact(*expressions: str) -> tuple[re.Pattern[str], ...]:
    """Where `Function` runs a text, and `function` does not."""
    return tuple(re.compile(one) for one in expressions)


def _one(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.IGNORECASE)


_TURNED = _one(
    r"\[array\]::reverse\(\s*\$(?P<turned>\w+)|\$(?P<mixed>\w+)\[[^\]\n]{1,40}\]\s*=[^\n;]{0,120}-bxor\b|"
    r"\b(?P<grown>\w+)\s*=\s*(?P=grown)\s*[&+]\s*(?:chrw?\$?|string\.fromcharcode)\s*\("
)
"""Turned round, mixed with a key in its place, or put together character by character."""
_SAVED_AS = _one(
    r"\b(?:download\.file|download_file|inetget|urldownloadtofile,?|curl_download)\s*\(?[^\n,]{1,300},\s*(?:destfile\s*=\s*)?[$@]?([a-z_]\w{0,60})\b"
)
"""R, AutoIt and AutoHotkey: an address, then the name of a file (R manual: download.file)."""
_FETCHER = re.compile(
    r"^\s*(?:function\s+)?(\w+)\s*\(\)\s*\{[^}]{0,300}\b(?:curl|wget)\b|^\s*alias\s+(\w+)=[\"']?(?:curl|wget)\b"
)
_PIPED = re.compile(r"^\s*(\w+)\s[^|\n]{1,500}\|\s*(?:sudo\s+)?(?:/\S+/)?(?:ba|z|da)?sh\b")

_POWERSHELL = _Language(
    _one(r"^\s*+\$(?:global:|script:)?(\w+)\s*+\+?=\s*+(.+)$"),
    r"\$(?:\{|global:|script:)?NAME\b",
    _one(
        r"\b(?:iwr|irm|curl|wget|invoke-webrequest|invoke-restmethod|resolve-dnsname)\b|\bdownload(?:string|data)\b|"
        r"\bget(?:string|bytearray|stream)async\b|\bopenread\b|\.responsetext\b|\bgetresponsestream\b|\.getresponse\s*\("
    ),
    _one(
        r"frombase64string|-bxor\b|\[char\]|\[char\[\]\]|(?:gzip|deflate)stream|ptrtostring|::toint(?:16|32)\([^)]{0,40},\s*(?:2|8|16)\)"
    ),
    _compiled(
        r"\b(?:iex|invoke-expression|invokescript)\b(?P<what>[^\n]{1,600})",
        r"\[scriptblock\]::create\s*\((?P<what>[^\n]{1,600})",
        r"\.addscript\s*\((?P<what>[^\n]{1,600})",
        r"\bassembly\]?::load\w*\s*\((?P<what>[^\n]{1,600})",
        r"(?P<what>[^\n|;=]{1,600})\|\s*(?:&\s*)?\(?(?:iex|invoke-expression)\b",
        r"(?:^|[;{|]\s*)[&.]\s+(?P<what>\(?\$\w+)(?=[\s)])",
    ),
)
_SHELL = _Language(
    _one(r"^\s*(?:export\s+|local\s+|readonly\s+|declare\s+)?(\w+)=[\"']?(?:\$\(|`)(.+)$"),
    r"\$\{?NAME\b",
    _one(r"^\s*(?:sudo\s+)?(?:curl|wget|aria2c|lynx|GET|dig|nslookup|drill)\s"),
    _one(
        r"\|\s*(?:base64\s+(?:-d|-D|--decode)|xxd\s+-r|rev\b|openssl\s+(?:enc|base64)\b[^|]*-d|gunzip|zcat|gzip\s+-d)|^base64\s+-d"
    ),
    _compiled(
        r"\b(?:eval|source)\s+(?P<what>[\"']?\$\{?\w+\}?[\"']?)\s*(?:$|[;&|])",
        r"\b(?:ba|z|da)?sh\s+-c\s+(?P<what>[\"']?\$\{?\w+\}?[\"']?)\s*(?:$|[;&|])",
        r"\b(?:python[\d.]*|perl|ruby|node)\s+-[ce]\s+(?P<what>[\"']?\$\{?\w+\}?[\"']?)\s*(?:$|[;&|])",
        r"\b(?:echo|printf)\s+(?:-\w+\s+|[\"']%s[\"']\s+)*(?P<what>[\"']?\$\{?\w+\}?[\"']?)\s*\|\s*(?:sudo\s+)?(?:/\S+/)?(?:ba|z|da)?sh\b",
        r"\b(?:(?:ba|z|da)?sh|python[\d.]*)\s*<<<\s*(?P<what>[\"']?\$\{?\w+\}?[\"']?)",
        r"^\s*(?P<what>[\"']?\$\{?\w+\}?[\"']?)\s*$",
    ),
)
_VISUAL_BASIC = _Language(
    _one(r"^\s*+(?:(?:set|let)\s++)?(\w+)\s*+=\s*+(.+)$"),
    r"\bNAME\b",
    _one(r"\.response(?:text|body)\b"),
    _one(r"\bchrw?\$?\s*\(|\bstrreverse\s*\(|\bxor\b|\bnodetypedvalue\b"),
    _compiled(
        r"(?:^|[:\s])(?:execute(?:global)?|eval)\b[\s(]+(?P<what>[^\n]{1,600})",
        r"\.(?:run|exec|shellexecute)\b[\s(]+(?P<what>[^\n]{1,600})",
    ),
)
_JAVASCRIPT = _Language(
    _one(r"^\s*+(?:(?:const|var|let)\b)?\s*+(\w+)\s*+\+?=\s*+(.+)$"),
    r"(?<![\w.$\"'])NAME\b",
    _one(r"\bfetch\s*\(|\bhttps?\.get\s*\(|\.responsetext\b|\baxios\b"),
    _one(
        r"\batob\s*\(|fromcharcode|\bunescape\s*\(|buffer\.from\([^)]{0,4000},\s*[\"'](?:base64|hex)|\.reverse\(\)\.join"
    ),
    _exact(
        r"(?<![\w.$])vm\.(?:run\w*|Script)\s*\(\s*(?P<what>[^\n;{}]{1,200})",
        r"(?<![\w.$])(?:eval|new Function|Function|execScript)\s*\(\s*(?P<what>[^\n;{}]{1,200})",
        r"(?:\)|(?<![\w.$])(?:cp|child_process|shell|sh))(?:\.|\[[\"'])(?:run|exec|execSync|spawn|spawnSync)(?:[\"']\])?\s*\(\s*(?P<what>[^\n;{}]{1,200})",
        r"(?<![\w.$])(?:exec|execSync|spawn|spawnSync)\s*\(\s*(?P<what>[^\n;{}]{1,200})",
    ),
)
_IN_A_BROWSER = replace(_JAVASCRIPT, runs=_JAVASCRIPT.runs[1:2])
"""Pages start no programs; there, `exec` searches a text."""
_OTHERS = _Language(
    _one(r"^\s*+(?:(?:my|our|local)\s++)?[$@]?(\w+)\s*+(?:<-|=)\s*+(.+)$"),
    r"\bNAME\b",
    _one(
        r"\bget\s*+\(?\s*+[\"']https?:|file_get_contents\s*\(\s*[\"']https?:|\buri(?:\.open|\.parse)|\bnet::http|\bhttp::tiny|\blwp\b|"
        r"\bcurl_exec\b|\bopen\s*\(?\s*[\"']https?:|`(?:curl|wget)\s|\breadlines\s*\(\s*[\"']https?:|\bgeturl\b|\bhttp\.request\b|"
        r"\bpopen\s*\(?\s*[\"'](?:curl|wget)\s|\bdownloads?\.download\s*\("
    ),
    _one(
        r"\bbase64_decode\b|\bdecode_base64\b|\bdecode64\b|\bgzinflate\b|\bgzuncompress\b|\bstr_rot13\b|\bunpack\s*[\s(][\"'][uHm]"
    ),
    _compiled(
        r"(?:^|[\s;{(@])(?:eval|assert|system|exec|passthru|shell_exec|instance_eval|loadstring|load|dostring|system2|run|shell|include)\b[\s(]+(?P<what>[^\n]{1,600})",
    ),
)
_LANGUAGES = {
    "powershell": _POWERSHELL,
    "shell_script": _SHELL,
    "windows_script": _VISUAL_BASIC,
    "html_application": _VISUAL_BASIC,
    "javascript": _JAVASCRIPT,
    "web_page": _IN_A_BROWSER,
    "svg": _IN_A_BROWSER,
    **dict.fromkeys(("perl", "ruby", "php", "lua", "r_script", "script"), _OTHERS),
}
