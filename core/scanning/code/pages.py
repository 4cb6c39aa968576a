"""Pages and pictures with scripts in them: what they would do to whoever opens them."""

import re

from core.command_lines import deeds
from core.findings import Level
from core.scanning.code.behaviour import Behaviour, fact
from core.scanning.inspection import Inspection
from core.text import text

_PAGE_CODE = re.compile(
    r"<script\b|\bon(?:load|error|click|focus|mouseover|begin|toggle)\s*=|javascript:|vbscript:|<(?:iframe|object|embed|applet)\b|<foreignobject\b[\s\S]{0,2000}?<(?:form|input)\b|"
    r"<meta[^>]{0,80}http-equiv\s*=\s*[\"']?refresh|<!entity\s|attributename\s*=\s*[\"']?on",
    re.IGNORECASE,
)
_PAGE_ATTACK = re.compile(
    r"\b(?:ms-msdt|search-ms|ms-officecmd|ms-appinstaller|ms-word):/?/?(?=\S)|(?:[=(]\s*[\"'`]?|url=)file:/{1,3}(?=[\w\\])|mssaveoropenblob|"
    r"(?P<file>(?:new\s+(?:blob|file)\s*\(|data:application/(?:octet-stream|x-msdownload|zip))[\s\S]{0,4000}\bdownload\b)|"
    r"(?P<copy>\bnavigator\.clipboard\.writetext\b|\bexeccommand\s*\(\s*[\"']copy)|new\s+activexobject",
    re.IGNORECASE,
)
_MADE_PROGRAM = re.compile(
    r"octet-stream|x-msdownload|application/(?:x-)?zip|application/(?:hta|x-iso\S*)|\bmssaveoropenblob|"
    r"\.(?:exe|msi|scr|bat|cmd|ps1|vbs|jse|hta|lnk|iso|img|zip|rar|7z|dll|jar|apk|dmg|pkg)[\"'`]",
    re.IGNORECASE,
)
"""A file that a page makes itself and that can be run, or holds what can."""
_DECODES = re.compile(r"\batob\s*\(|\bfromcharcode\b|\bunescape\s*\(", re.IGNORECASE)
_PLAIN_FILE = re.compile(r"type[\"']?\s*:\s*[\"'](?:image|audio|video|text|application/json)\b", re.IGNORECASE)
_TO_BE_PASTED = re.compile(
    r"\bwin(?:dows)?(?:\s+key)?\s*(?:\+|&#43;|and)\s*[rx]\b|⊞|\bctrl\s*\+\s*v\b|\bcmd\s*\+\s*space\b", re.IGNORECASE
)
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
    match = _PAGE_CODE.search(source)
    if match is None:
        return
    attack = next((one for one in _PAGE_ATTACK.finditer(source) if _is_attack(one, source)), None)
    inspection.report(
        "code-page",
        fact("text", source[match.start() : match.start() + 120]),
        level=Level.CAREFUL if inspection.kind == "svg" or _LEADS_AWAY.search(source) else Level.NOTE,
        kind=text(f"kind.{inspection.kind}"),
    )
    if attack is not None:
        behaviour.note("page-attack", fact("text", source[max(0, attack.start() - 40) : attack.end() + 80]))


def _all_here(text: str) -> bool:
    """Whether an address is this computer."""
    return re.search(r"//(?:localhost|127\.|0\.0\.0\.0|\[::1\])", text) is not None


def _is_attack(match: re.Match[str], source: str) -> bool:
    """Many honest pages offer their results as a file, or have a button that copies a line."""
    if match["file"]:
        part = source[max(0, match.start() - 4000) : match.end() + 400]
        return bool(_MADE_PROGRAM.search(part) or (_DECODES.search(part) and not _PLAIN_FILE.search(part)))
    if match["copy"]:
        told = _TO_BE_PASTED.search(source) or _DECODES.search(source)
        return bool(told) or any(
            deed.kind in _COMMANDS and not deed.usual for line in source.splitlines() for deed in deeds(line)
        )
    return True
