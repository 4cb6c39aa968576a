"""Every sentence a person reads, by id, and names from repositories made harmless to look at.

The catalogue is `resources/text/<language>/*.json`: flat objects of id to template, or id to
`{"one": …, "other": …}` chosen by the value named `count`. Values are inserted through
`display_name`, so a template can never be reshaped by repository text.
"""

import functools
import json
import unicodedata
from dataclasses import dataclass
from typing import Any

from core.paths import RESOURCES

Value = str | int
_Template = str | dict[str, str]

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and symbols by category that draw nothing."""
_OTHER_SCRIPTS = ("CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "FULLWIDTH", "MATHEMATICAL", "MODIFIER")


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence not yet written out: an id of the catalogue and its values."""

    id: str
    values: tuple[tuple[str, Value], ...] = ()

    @classmethod
    def of(cls, message_id: str, **values: Value) -> "Message":
        """Build a message; values are sorted so that equal messages compare equal."""
        return cls(message_id, tuple(sorted(values.items())))


@functools.cache
def catalogue(language: str = "en") -> dict[str, _Template]:
    """All templates of one language. Raises `ValueError` if two files define the same id."""
    texts: dict[str, _Template] = {}
    for path in sorted((RESOURCES / "text" / language).glob("*.json")):
        loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        twice = texts.keys() & loaded.keys()
        if twice:
            raise ValueError(f"text ids defined twice in {path.name}: {sorted(twice)}")
        texts.update(loaded)
    return texts


def render(message: Message, language: str = "en") -> str:
    """Write a message out. An unknown id or a missing value raises `KeyError`: that is a bug, and tests find it."""
    template = catalogue(language)[message.id]
    values = dict(message.values)
    if isinstance(template, dict):
        template = template["one" if values["count"] == 1 else "other"]
    shown = {key: f"{value:,}" if isinstance(value, int) else display_name(value) for key, value in values.items()}
    return template.format_map(shown)


def text(message_id: str, /, **values: Value) -> str:
    """Shorthand for `render(Message.of(…))`."""
    return render(Message.of(message_id, **values))


def display_name(name: str, limit: int | None = None) -> str:
    """Repository text as one harmless line.

    Control, bidirectional, zero-width and unassigned characters become `⟦U+202E⟧`, as do blanks that
    are not the ordinary space; a letter of another script inside a word with Latin letters keeps its
    shape and is followed by its code. Longer than `limit` characters: shortened in the middle.
    """
    plain = name.isascii() and name.isprintable()
    shown = name if plain else "".join(_shown(name, index) for index in range(len(name)))
    if limit is not None and len(shown) > limit:
        head = (limit - 1) // 2
        shown = f"{shown[:head]}…{shown[len(shown) - (limit - 1 - head) :]}"
    return shown


def has_hidden_characters(name: str) -> bool:
    """True if `display_name` would have to make a character of `name` visible."""
    return display_name(name) != name


def _shown(name: str, index: int) -> str:
    character = name[index]
    if character.isascii():
        return character if character.isprintable() else _code(character)
    category = unicodedata.category(character)
    if (
        category in _INVISIBLE
        or category == "Zs"
        or character in _BLANK_LETTERS
        or (category == "Mn" and unicodedata.combining(character) == 0)
    ):
        return _code(character)
    if _stands_in_for_latin(name, index):
        return character + _code(character)
    return character


def _stands_in_for_latin(name: str, index: int) -> bool:
    if not name[index].isalnum() or not unicodedata.name(name[index], "").startswith(_OTHER_SCRIPTS):
        return False
    start = end = index
    while start > 0 and name[start - 1].isalnum():
        start -= 1
    while end < len(name) and name[end].isalnum():
        end += 1
    return any(letter.isascii() and letter.isalpha() for letter in name[start:end])


def _code(character: str) -> str:
    return f"⟦U+{ord(character):04X}⟧"


def size_text(size: int | None) -> str:
    """A size in bytes as people read it: decimal units, as Explorer's neighbours on the web show them."""
    if size is None:
        return text("size.unknown")
    value = float(size)
    for unit in ("bytes", "kB", "MB", "GB"):
        if value < 1000 or unit == "GB":
            return f"{size} {unit}" if unit == "bytes" else f"{value:.1f} {unit}"
        value /= 1000
    raise AssertionError
