"""What the eye sees of a name: letters that look alike become one.

The letters of other scripts are those of Unicode's table for UTS #39, reduced to `resources/confusables.txt` by
`installer/confusables.py`; `l1I|`, `0O` and `rn`/`m` are in the published table too. The rest is ours.
"""

import functools
import re
import unicodedata

from core.paths import RESOURCES

_FILE = RESOURCES / "confusables.txt"
_ASCII = {"I": "l", "1": "l", "|": "l", "0": "o"}
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_READ_AS = str.maketrans("i!345789$@2", "lleastbgsaz")
"""Digits and signs that people read as letters. Each digit as another letter: two numbers never become one."""
_SEPARATORS = re.compile(r"[\W_]+")


@functools.lru_cache(maxsize=1 << 14)
def skeleton(name: str) -> str:
    """`name` reduced to what the eye sees: no case, accents or separators, one letter for all that look like it."""
    return _SEPARATORS.sub("", outline(name).translate(_READ_AS))


@functools.lru_cache(maxsize=1 << 14)
def spelling(name: str) -> str:
    """The same letter by letter: `rn` stays two, for counting what was mistyped."""
    return _SEPARATORS.sub("", _letters(name).translate(_READ_AS))


def outline(name: str) -> str:
    """Stricter: an `i` is no `l` and a `3` is no `e`, and separators stay, as hyphens. For short names."""
    plain = _letters(name)
    for pair, letter in _PAIRS:
        plain = plain.replace(pair, letter)
    return re.sub(r"[-_.\s]+", "-", plain)


def _letters(name: str) -> str:
    table = _confusables()
    seen = []
    for character in name:
        letter = table.get(character)
        if letter is None and not character.isascii():
            decomposed = unicodedata.normalize("NFKD", character)
            letter = "".join(table.get(part, part) for part in decomposed if not _draws_nothing(part))
        seen.append(character if letter is None else letter)
    return "".join(seen).casefold()


@functools.cache
def _confusables() -> dict[str, str]:
    """Character -> ASCII letters and digits that it looks like."""
    lines = (line for line in _FILE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#"))
    rows = (line.split() for line in lines)
    return {chr(int(point, 16)): seen for seen, *points in rows for point in points} | _ASCII


def _draws_nothing(character: str) -> bool:
    return bool(unicodedata.combining(character)) or unicodedata.category(character) in {"Mn", "Cf"}
