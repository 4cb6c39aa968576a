"""JSON as editors write their settings: with comments, and with a comma behind the last entry (Visual Studio Code)."""

import re

_COMMENT = re.compile(r"\"(?:[^\"\\]|\\.)*+\"?|//[^\n]*|/\*(?:.*?\*/|.*)", re.DOTALL)
_LAST_COMMA = re.compile(r"\"(?:[^\"\\]|\\.)*+\"?|,(?=\s*[}\]])", re.DOTALL)


def plain(source: str) -> str:
    """The same as plain JSON; lines keep their numbers."""
    return _LAST_COMMA.sub(_text_or_nothing, _COMMENT.sub(_text_or_nothing, source))


def _text_or_nothing(match: re.Match[str]) -> str:
    return match[0] if match[0].startswith('"') else "\n" * match[0].count("\n")
