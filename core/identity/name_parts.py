"""What the name of an account is made of: words that everybody uses, and the rest, which is its own."""

import functools
import re
from dataclasses import dataclass

from core.identity.skeleton import outline, skeleton, spelling

_MAX_WORDS = 12
_WORDS = re.compile(r"[^\W_]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NUMBER = re.compile(r"v?\d+b?", re.IGNORECASE)
_SAID_OF_ONESELF = (
    "account ai app archive art china cn co com community company corp dev devs download downloads eu foundation "
    "global gmbh group hf hq hub inc intl io lab labs llc llm llms ltd mirror ml model models net nlp official "
    "online org original oss page project public quants real release releases repo research store studio studios "
    "support team tech the true us verified web weights world xyz"
)
"""Words that make a brand's name into that of a department, or claim to be the brand."""
_CLAIM = "hq official original real team true verified"
_LEAST_BEFORE_NUMBER = 3


@dataclass(frozen=True, slots=True)
class NameParts:
    """A name, taken apart for comparing."""

    skeleton: str
    outline: str
    flat: str
    """The outline without separators."""
    spelling: str
    separators: int
    pieces: tuple[str, ...]
    """Skeletons of what stands between separators."""
    words: tuple[str, ...]
    """Spellings; a piece such as `OpenAI` has two."""
    common: tuple[str, ...]
    """Those of the words that brands say of themselves, and numbers."""
    core: str
    """The rest, joined; "" if there is none."""
    core_separators: int


def taken_apart(text: str, words: list[str]) -> NameParts:
    """`words`: those of `text`, or of the same name written with spaces."""
    own = [word for word in words if not is_common(word)]
    seen = outline(text)
    pieces = _WORDS.findall(text)[:_MAX_WORDS]
    return NameParts(
        skeleton=skeleton(text),
        outline=seen,
        flat=seen.replace("-", ""),
        spelling=spelling(text),
        separators=seen.count("-"),
        pieces=tuple(map(skeleton, pieces)),
        words=tuple(map(spelling, words)),
        common=tuple(spelling(word) for word in words if is_common(word)),
        core=spelling("".join(own)),
        core_separators=max(0, sum(not only_common(skeleton(piece)) for piece in pieces) - 1),
    )


def words_of(name: str) -> list[str]:
    """`OpenAI-team2` is `Open`, `AI`, `team`, `2`; the number at the end of a word is a word."""
    words: list[str] = []
    for piece in _WORDS.findall(name):
        for word in _HUMP.split(piece):
            bare = word.rstrip("0123456789")
            words += (
                [bare, word[len(bare) :]] if bare and bare != word and len(bare) >= _LEAST_BEFORE_NUMBER else [word]
            )
    return words[:_MAX_WORDS]


@functools.cache
def _common() -> frozenset[str]:
    return frozenset(map(skeleton, _SAID_OF_ONESELF.split()))


@functools.cache
def _common_outlines() -> frozenset[str]:
    return frozenset(map(outline, _SAID_OF_ONESELF.split()))


def claims(name: NameParts) -> bool:
    """True if a word says that this is the brand itself: `official`, `team`."""
    return any(word in _claims() for word in name.common)


@functools.cache
def _claims() -> frozenset[str]:
    return frozenset(map(spelling, _CLAIM.split()))


def is_common(word: str) -> bool:
    """True for a word that brands say of themselves, and for a number."""
    return bool(_NUMBER.fullmatch(word)) or skeleton(word) in _common()


def only_common(rest: str) -> bool:
    """True if a part of a skeleton is nothing but such words, one after the other."""
    return _only(rest, _common())


def _only(rest: str, words: frozenset[str]) -> bool:
    reached = {0}
    for start in range(len(rest)):
        if start in reached:
            reached |= {start + len(word) for word in words if rest.startswith(word, start)}
    return len(rest) in reached


def is_talk(rest: str) -> bool:
    """True if a part of an outline is common words and numbers."""
    return all(_NUMBER.fullmatch(piece) or _only(piece, _common_outlines()) for piece in rest.split("-"))
