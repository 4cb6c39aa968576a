"""Card text made harmless to look at: nothing invisible, no run of letters that a layout cannot break."""

import re
import unicodedata

RUN_LIMIT = 200
"""Characters without a place to break. Longer runs made a Qt text layout take seconds (measured)."""

# Scripts that a layout breaks between any two letters need no help.
_RUN = re.compile(rf"[^\s\u3000-\u30ff\u3400-\u9fff\uac00-\ud7af\uff00-\uffef]{{{RUN_LIMIT}}}")
_SUSPECT = re.compile(r"[^\t\n\x20-\x7e\xa1-\xac\xae-\u02ff]")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_CODE = re.compile(r"⟦U\+([0-9A-F]{4,6})⟧")
_JOINERS = "\u200c\u200d"
_PRESENTATION = "\ufe0e\ufe0f"
_SYMBOLS = frozenset({"So", "Sk", "Mn"})
_ALPHABETS_WITHOUT_JOINERS = ("LATIN", "GREEK", "CYRILLIC", "DIGIT")


def visible(text: str) -> str:
    """`text` with control, bidirectional and zero-width characters written out as `⟦U+202E⟧`.

    Line ends and tabs stay, other blanks become the ordinary space. What joins or colours an emoji stays too.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _SUSPECT.search(text) is None:
        return text
    return _SUSPECT.sub(_written_out, text)


def hidden_characters(text: str) -> tuple[str, ...]:
    """The codes (`U+202E`) that `visible` wrote into `text`, each once, in order."""
    return tuple(dict.fromkeys(f"U+{code}" for code in _CODE.findall(text)))


def break_runs(text: str) -> str:
    """`text` with a blank after every `RUN_LIMIT` characters that have none."""
    return _RUN.sub(lambda run: run.group() + " ", text)


def shortened(text: str, limit: int) -> str:
    """`text`, cut at `limit` characters with an ellipsis."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _written_out(match: re.Match[str]) -> str:
    character = match.group()
    category = unicodedata.category(character)
    if category == "Zs":
        return " "
    hidden = category in _INVISIBLE or (category == "Mn" and unicodedata.combining(character) == 0)
    return f"⟦U+{ord(character):04X}⟧" if hidden and not _has_its_place(match) else character


def _has_its_place(match: re.Match[str]) -> bool:
    """True for what ordinary writing needs: emoji parts, joiners and vowel signs inside their own script."""
    character = match.group()
    before, after = match.string[max(match.start() - 1, 0) : match.start()], match.string[match.end() : match.end() + 1]
    if not before:
        return False
    if character in _PRESENTATION:
        return not before.isalpha() and before not in _PRESENTATION
    if character in _JOINERS:
        return _joins_symbols(before, after) or _joins_letters(before, after)
    script = unicodedata.name(character, "?").partition(" ")[0]
    return unicodedata.category(character) == "Mn" and unicodedata.name(before, "").startswith(script)


def _joins_symbols(before: str, after: str) -> bool:
    return unicodedata.category(before) in _SYMBOLS and bool(after) and unicodedata.category(after) in _SYMBOLS


def _joins_letters(before: str, after: str) -> bool:
    return all(
        side
        and unicodedata.category(side)[0] in "LM"
        and not unicodedata.name(side, "LATIN").startswith(_ALPHABETS_WITHOUT_JOINERS)
        for side in (before, after)
    )
