"""Pages and pictures with scripts in them: what they would do to whoever opens them."""

import functools
import re

from core.command_lines import deeds
from core.findings import Level
from core.scanning.code.behaviour import Behaviour, fact
from core.scanning.inspection import Inspection
from core.text import text

_PAGE_CODE = re.compile(
    r"<script\b|\bon(?:load|error|click|focus|mouseover|begin|toggle)\s*=|javascript:|vbscript:|<(?:iframe|object|embed|applet)\b|<foreignobject\b(?:(?!<foreignobject)[\s\S]){0,2000}?<(?:form|input)\b|"
    r"<meta[^>]{0,80}http-equiv\s*=\s*[\"']?refresh|<!entity\s[^>]{0,200}(?:\bsystem\b|\bpublic\b|script|&#|&lt;)|attributename\s*=\s*[\"']?on",
    re.IGNORECASE,
)
_PAGE_ATTACK = re.compile(
    r"(?P<handler>(?<![\w-])(?:ms-msdt:/|search-ms:\w|ms-officecmd:|ms-appinstaller:\?|ms-(?:word|excel|powerpoint):\w{1,6}\||"
    r"(?<=[=(,:\s\"'`])(?<![>\s][\"'`])file:(?://(?!/|localhost/|127\.)[\w.%-]+[/\\@]|/{4,5}\w|\\{2,4}[\w.]))|"
    r"(?P<saved>mssaveoropenblob)|"
    r"(?P<file>(?:new\s+(?:blob|file)\s*\(|data:application/(?:octet-stream|x-msdownload|zip)[;,\w=-]{0,100}+[\w+/=%\s-]*+)(?:(?!new\s+(?:blob|file)\s*\(|data:app)[\s\S]){0,4000}\bdownload\b|"
    r"\bdownload\s*=[^>]{1,300}\bhref\s*=\s*[\"']?data:application/(?:octet-stream|x-msdownload|zip))|"
    r"(?P<copy>\bnavigator\.clipboard\.writetext\b|\bexeccommand\s*\(\s*[\"']copy)|"
    r"\bcreateobject\s*\(\s*[\"'](?:wscript|shell)\.|"
    r"new\s+activexobject(?!\s*\(\s*[\"'](?:htmlfile|shockwaveflash\.\w+|(?:microsoft|msxml\d?)\.(?:xmlhttp|xmldom|domdocument|freethreadeddomdocument)[\d.]*)[\"']))",
    re.IGNORECASE,
)
"""Addresses that Windows opens with a program or at another computer, files that the page makes, and objects of Windows
but for those that libraries ask old browsers for."""
_NAMED_PROGRAM = re.compile(
    r"x-msdownload|application/(?:hta|x-iso\S*)|"
    r"\.(?:exe|msi|scr|bat|cmd|ps1|vbs|jse|hta|lnk|iso|img|zip|rar|7z|dll|jar|apk|dmg|pkg)[\"'`]",
    re.IGNORECASE,
)
"""A file that can be run, or holds what can."""
_ANY_BYTES = re.compile(r"octet[-/]stream|application/(?:x-)?zip", re.IGNORECASE)
_DECODES = re.compile(r"\batob\s*\(|\bfromcharcode\b(?!\s*\(\s*(?:65279|0xfeff)\b)|\bunescape\s*\(", re.IGNORECASE)
_NEAR = 600
"""Characters. In a page with a library in it, everything stands somewhere."""
_PLAIN_FILE = re.compile(r"type[\"']?\s*:\s*[\"'](?:image|audio|video|text|application/json)\b", re.IGNORECASE)
_TO_BE_PASTED = re.compile(
    r"\b(?:Win(?:dows)?(?:\s+[Kk]ey)?|WIN(?:DOWS)?)(?:<[^>\n]{1,80}>|\s){0,4}(?:\+|&#43;|and)(?:<[^>\n]{1,80}>|\s){0,4}[RrXx]\b|"
    r"⊞\s*(?:\w+\s*)?\+|\b[Cc](?:trl|TRL)\s*\+\s*[Vv]\b|\b[Cc](?:md|MD)\s*\+\s*[Ss]pace\b"
)
_SCRIPT = re.compile(r"<script\b[^>]{0,300}>(?:(?!</script)[\s\S])*+(?:</script\s*>)?", re.IGNORECASE)
_LIBRARY = 32 << 10
"""Characters of a script."""
_DATA = re.compile(r"[A-Za-z0-9+/=\\%,\s]{200,}")
_COMMANDS = frozenset("download-and-run decode-and-run hidden-command reverse-shell protection-off".split())
_PASSWORD = re.compile(r"<input\b[^>]{0,300}\btype\s*=\s*[\"']?password\b[^>]{0,200}", re.IGNORECASE)
_SENDS_ELSEWHERE = re.compile(
    r"<form\b[^>]{0,300}\baction\s*=\s*[\"']?(?:https?:)?//[^\s\"'>]{1,300}|"
    r"\bfetch\s*\(\s*[\"'`](?:https?:)?//[^\"'`]{1,300}[\"'`]\s*,|\.open\s*\(\s*[\"']POST[\"']\s*,\s*[\"']https?://[^\"']{1,300}",
    re.IGNORECASE,
)
"""Where the answers of a page go, if not to the place it came from."""
_LEADS_AWAY = re.compile(
    r"<meta[^>]{0,80}http-equiv\s*=\s*[\"']?refresh[^>]{0,80}url\s*=\s*[\"']?(?:https?:|//)", re.IGNORECASE
)


def judge_page(inspection: Inspection, source: str, behaviour: Behaviour) -> None:
    """Scripts, parts that come from elsewhere, and what such pages are made for."""
    asks = _PASSWORD.search(source)
    if asks is not None:
        sends = _SENDS_ELSEWHERE.search(source)
        if sends is not None and not _all_here(sends[0]):
            behaviour.note("page-password", fact("text", asks[0][:200]), fact("text", sends[0][:200]))
    page = _Page(inspection, source)
    attack = next((one for one in _PAGE_ATTACK.finditer(source) if page.is_attack(one)), None)
    if attack is not None:
        behaviour.note("page-attack", fact("text", source[max(0, attack.start() - 40) : attack.end() + 80]))
    match = _PAGE_CODE.search(source)
    if match is None:
        return
    inspection.report(
        "code-page",
        fact("text", source[match.start() : match.start() + 120]),
        level=Level.CAREFUL if inspection.kind == "svg" or _LEADS_AWAY.search(source) else Level.NOTE,
        kind=text(f"kind.{inspection.kind}"),
    )


def _all_here(text: str) -> bool:
    """Whether an address is this computer."""
    return re.search(r"//(?:localhost|127\.|0\.0\.0\.0|\[::1\])", text) is not None


class _Page:
    """What decides whether a match is an attack: many honest pages offer results as a file, or copy a line."""

    def __init__(self, inspection: Inspection, source: str) -> None:
        self._tick = inspection.budget.check_time
        self._source = source
        self._libraries = [script.span() for script in _SCRIPT.finditer(source) if _is_library(script[0])]

    def is_attack(self, match: re.Match[str]) -> bool:
        self._tick()
        if match["copy"]:
            return self._is_to_be_pasted or (not self._in_library(match) and self._decodes(match, _NEAR))
        if not (match["file"] or match["saved"]):
            return True
        part = self._around(match, 4000)
        if match["saved"] or self._in_library(match):
            return _NAMED_PROGRAM.search(part) is not None and self._decodes(match, 4000)
        if _NAMED_PROGRAM.search(part):
            return True
        return self._decodes(match, 4000) and (bool(_ANY_BYTES.search(part)) or not _PLAIN_FILE.search(part))

    @functools.cached_property
    def _is_to_be_pasted(self) -> bool:
        """Whether the page, outside of libraries, asks to paste something, or holds a command that is an attack."""
        pieces, start = [], 0
        for begin, end in self._libraries:
            pieces.append(self._source[start:begin])
            start = end
        own = "\n".join([*pieces, self._source[start:]])
        return _TO_BE_PASTED.search(own) is not None or any(
            deed.kind in _COMMANDS and not deed.usual for line in own.splitlines() for deed in deeds(line, self._tick)
        )

    def _in_library(self, match: re.Match[str]) -> bool:
        return any(begin <= match.start() < end for begin, end in self._libraries)

    def _decodes(self, match: re.Match[str], near: int) -> bool:
        return _DECODES.search(self._around(match, near)) is not None

    def _around(self, match: re.Match[str], near: int) -> str:
        return self._source[max(0, match.start() - near) : match.end() + min(near, 600)]


def _is_library(script: str) -> bool:
    """Whether a script is too long for a person to have written it, not counting data that stands in it."""
    return len(script) > _LIBRARY and len(_DATA.sub("", script)) > _LIBRARY
