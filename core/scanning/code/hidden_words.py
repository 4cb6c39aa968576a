"""Words that a person does not see and a program reads: invisible characters, hidden parts, orders to assistants.

Texts among the files of a repository are read by programs that act for people; what those are told to hide from the
person is no help (OWASP LLM01, indirect prompt injection).
"""

import re
from collections.abc import Iterator

from core.command_lines import deeds, names_secret
from core.command_tables import CODE_HOST
from core.instructions import asked
from core.scanning.code.behaviour import fact
from core.scanning.inspection import Inspection

MOST = 1 << 20
"""Characters that are searched."""
_TAGS = re.compile("[\U000e0020-\U000e007e]{4,}")
"""Letters of the plane of tags; flags of countries' parts have them behind U+1F3F4 (Unicode, emoji tag sequences)."""
_FLAG = "\U0001f3f4"
_NOTHING_TO_SEE = re.compile("[\u200b-\u200d\u2060-\u2064\u180e\ufeff]{16,}|[\ufe00-\ufe0f\U000e0100-\U000e01ef]{8,}")
"""So many in a row carry a message: one bit, or one byte, each."""
_TURNED = re.compile("[\u202d\u202e\u2066\u2067]")
_NOTE = re.compile(r"(?m)^\[[^\]\n]{1,40}\]:\s*(?:#|<>)\s*[\"'(]([^\n]{4,2000}?)[\"')]\s*$")
"""Markdown's way to write a comment."""
_STYLED = re.compile(r"<\w{1,12}\s[^<>]{0,400}>")
_UNSEEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*[01](?:px|pt|em|rem)?\s*[;\"']|opacity\s*:\s*0(?:\.0\d*)?\s*[;\"']|"
    r"(?<![-\w])color\s*:\s*(?:white|transparent|#fff(?:fff)?)\b|(?:left|top|text-indent)\s*:\s*-\d{3,}|\shidden\b",
    re.IGNORECASE,
)
_LONGEST_PART = 8000
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]{1,400}`", re.DOTALL)
_OVERRIDES = re.compile(
    r"\b(?:ignore|disregard|forget|override)\s+(?:\w+\s+){0,3}?(?:previous|prior|above|earlier|other|system|safety)\s+(?:\w+\s+){0,2}?"
    r"(?:instructions?|prompts?|rules|messages|polic\w+|guidelines)|\byou\s+are\s+now\s+(?:in\s+)?(?:\w+\s+){0,2}?mode\b",
    re.IGNORECASE,
)
_SPOKEN_OF = re.compile(
    r"\b(?:ask\w*|tr(?:y|ies)|attempt\w*|request\w*|tells?|told|wants?|prompts?)\s+(?:\w+\s+){0,3}$", re.IGNORECASE
)
"""What others might say, before such words."""
_NO_SECRET = re.compile(r"\b(?:ask|prompt|show|display|explain)", re.IGNORECASE)
"""Not to ask for leave, or to leave out a detail, hides little by itself."""
_THE_PERSON = re.compile(r"\b(?:users?|humans?|persons?|people|anyone|them|him|her)\b", re.IGNORECASE)
_TO_PROGRAMS = re.compile(
    r"\b(?:ai|llm|language\s+models?|chat\s?bots?|assistants?|agents?|copilot|claude|cursor|gpt|gemini)\b",
    re.IGNORECASE,
)
_CONCEALS = re.compile(
    r"(?:\b(?:do\s+not|don['’]t|never|must\s+not|without)\b[^.\n]{0,24}?\b(?:tell\w*|mention\w*|reveal\w*|inform\w*|show\w*|disclos\w*|"
    r"report\w*|notify\w*|alert\w*|ask\w*|explain\w*|display\w*|prompt\w*)\b[^.\n]{0,50}?\b(?:users?|humans?|persons?|people|developers?|anyone|"
    r"them|him|her|this|these|it|confirmation|permission|approval|comment|instructions?|steps?|image)\b)"
    r"|\b(?:silently|secretly|covertly|in\s+the\s+background)\s+(?:\w+\s+){0,2}?(?:run|execute|send|read|call|post|upload|append|add|include|install)\b"
    r"|\b(?:deny|say|claim)\s+that\s+(?:no|nothing)\b",
    re.IGNORECASE,
)
_ACTS = re.compile(
    r"\b(?:run|execute|send|post|upload|exfiltrate|read|cat|append|paste|install|fetch|curl|wget|download|pass|include|add|insert|give|state)\b",
    re.IGNORECASE,
)
_LEADS_OUT = re.compile(r"https?://(?!(?:localhost|127\.0\.0\.1)\b)[^\s)\"'<>`]{3,}", re.IGNORECASE)
_PICTURE = re.compile(
    r"!\[[^\]\n]{0,80}\]\(\s*https?://[^)\s]{3,200}[?/=][^)\n]{0,20}(?:[<{$\[]|summary|conversation|base64|encoded)",
    re.IGNORECASE,
)
"""A picture whose address would carry what was said (embracethered.com, data exfiltration through Markdown images)."""
_PATHS = re.compile(r"(?:~|\$HOME|/home/\w+|/root)?/?\.[\w./-]{3,80}")
_FOR_ASSISTANTS = re.compile(
    r"(?i)(?:^|/)(?:claude|agents?|gemini|copilot-instructions|conventions|skill|system[\w.-]*|[\w.-]*prompts?[\w.-]*|[\w.-]*instructions?[\w.-]*|modelfile[\w.-]*)"
    r"(?:\.(?:local\.)?(?:md|mdc|txt|jinja))?$|"
    r"(?:^|/)\.(?:cursorrules|windsurfrules|clinerules|goosehints|roorules|aider[\w.-]*)$|"
    r"(?:^|/)(?:\.(?:cursor|claude|windsurf|clinerules|roo|github/(?:instructions|prompts|chatmodes))|prompts?|skills|agents)/.*\.(?:mdc?|txt|prompt)$"
)
"""Files that assistants take orders from (their own documentation), and what models are told first."""


def for_assistants(path: str) -> bool:
    """Whether programs that act for a person read the file as orders."""
    return _FOR_ASSISTANTS.search(path) is not None


def report_unseen(inspection: Inspection, source: str) -> None:
    """Characters that nobody sees, in such numbers that they say something; commands shown in another order."""
    if source.isascii():
        return
    for match in (*_TAGS.finditer(source[:MOST]), *_NOTHING_TO_SEE.finditer(source[:MOST])):
        if source[max(0, match.start() - 1) : match.start()] == _FLAG:
            continue
        said = "".join(chr(ord(one) - 0xE0000) for one in match[0] if "\U000e0020" <= one <= "\U000e007e")
        shown = said or f"{len(match[0])} × U+{ord(match[0][0]):04X}"
        inspection.report("hidden-orders", fact("text", shown, _line(source, match.start())))


def report_turned(inspection: Inspection, source: str) -> None:
    """Code in a text whose order on the screen is not the order of its letters."""
    for match in _CODE.finditer(source[:MOST]) if _TURNED.search(source) else ():
        turned = _TURNED.search(match[0])
        if turned is not None:
            line = _line(source, match.start() + turned.start())
            inspection.report("code-bidi", fact("text", source.split("\n")[line - 1].strip()[:200], line))


def report_hidden(inspection: Inspection, source: str) -> None:
    """Orders in parts of a page that are not shown. Comments and folded parts without orders are usual."""
    if "<" not in source and "[" not in source:
        return
    shown = _CODE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), source[:MOST])
    for start, end in _hidden_parts(shown):
        words = source[start:end]
        if _orders(words):
            inspection.report("hidden-orders", fact("text", " ".join(words.split())[:300], _line(source, start)))


def _hidden_parts(source: str) -> Iterator[tuple[int, int]]:
    """Where comments, and elements that are made invisible, begin and end."""
    at = source.find("<!--")
    while at >= 0:
        end = source.find("-->", at + 4)
        end = end if end >= 0 else len(source)
        yield at + 4, min(end, at + _LONGEST_PART)
        at = source.find("<!--", end)
    yield from ((match.start(1), match.end(1)) for match in _NOTE.finditer(source))
    done = 0
    for match in _STYLED.finditer(source):
        if match.start() >= done and _UNSEEN.search(match[0]):
            end = source.find("</", match.end(), match.end() + _LONGEST_PART)
            done = end if end >= 0 else min(len(source), match.end() + _LONGEST_PART)
            yield match.end(), done


def report_orders(inspection: Inspection, source: str) -> None:
    """A file that assistants obey, which has them do something and hide it from the person."""
    source = source[:MOST]
    conceals = _CONCEALS.search(source)
    overrides = (
        one
        for one in _OVERRIDES.finditer(source)
        if not _SPOKEN_OF.search(source, max(0, one.start() - 60), one.start())
    )
    hides = conceals or next(overrides, None)
    if hides is None:
        return
    does = _PICTURE.search(source) or next(_harm(source), None) or (_leads_out(source, conceals) if conceals else None)
    if does is not None:
        facts = (fact("text", _around(source, one), _line(source, one.start())) for one in (does, hides))
        inspection.report("hidden-orders", *dict.fromkeys(facts))


def report_descriptions(inspection: Inspection, texts: Iterator[str]) -> None:
    """Descriptions of tools are read by the model alone ("tool poisoning", invariantlabs.ai 2025)."""
    for words in texts:
        hides = _CONCEALS.search(words)
        if hides is not None and _ACTS.search(words) and (_secret_path(words) or next(_harm(words), None)):
            inspection.report("hidden-orders", fact("text", _around(words, hides)))


def conceals(text: str) -> bool:
    """Whether a text asks whoever reads it to hide something from the person."""
    return _CONCEALS.search(text) is not None


def _orders(words: str) -> bool:
    if _OVERRIDES.search(words) or (_TO_PROGRAMS.search(words) and _CONCEALS.search(words) and _ACTS.search(words)):
        return True
    return any(not deed.usual and not deed.answered for line in words.splitlines() for deed in deeds(line[:2000])) and (
        _TO_PROGRAMS.search(words) is not None or _CONCEALS.search(words) is not None or any(True for _ in asked(words))
    )


_HARM = frozenset(
    "download-and-run decode-and-run hidden-command protection-off reverse-shell sends-secrets secrets "
    "autostart".split()
)


def _harm(source: str) -> Iterator[re.Match[str]]:
    """Lines that would do harm, as matches over the whole text."""
    for match in re.finditer(r"[^\n]{6,2000}", source):
        if any(deed.kind in _HARM and not deed.usual for deed in deeds(match[0])):
            yield match


def _leads_out(source: str, hides: re.Match[str]) -> re.Match[str] | None:
    """An address that stands beside the order to hide something."""
    start, end = max(0, hides.start() - 300), min(len(source), hides.end() + 300)
    if _NO_SECRET.search(hides[0]) or not _THE_PERSON.search(source, hides.start(), hides.end() + 40):
        return None
    near = next((one for one in _LEADS_OUT.finditer(source, start, end) if not CODE_HOST.match(one[0])), None)
    return near if near is not None and _ACTS.search(source, start, end) else None


def _secret_path(words: str) -> bool:
    return any(names_secret(match[0]) for match in _PATHS.finditer(words))


def _around(source: str, match: re.Match[str]) -> str:
    return " ".join(source[max(0, match.start() - 60) : match.end() + 120].split())[:300]


def _line(source: str, place: int) -> int:
    return source.count("\n", 0, place) + 1
