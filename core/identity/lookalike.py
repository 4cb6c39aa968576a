"""Names that look like another name: exchanged letters, small misspellings, a brand inside a longer name."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from core.identity.publishers import Directory
from core.identity.results import Publisher

# What looks the same in common fonts: our own small choice, in the spirit of Unicode's confusables (UTS 39).
_LOOKS_LIKE = {
    "a": "\u0430\u03b1@",
    "b": "\u0432\u044c",
    "c": "\u0441\u03f2",
    "d": "\u0501",
    "e": "\u0435\u04543",
    "h": "\u043d\u04bb",
    "j": "\u0458",
    "k": "\u043a\u03ba",
    "l": "1i!|\u0131\u0456\u04cf\u03b9",
    "m": "\u043c",
    "n": "\u03b7",
    "o": "0\u043e\u03bf",
    "p": "\u0440\u03c1",
    "q": "\u051b",
    "s": "5$\u0455",
    "t": "\u0442\u03c4",
    "u": "\u03c5",
    "v": "\u03bd\u0475",
    "w": "\u051d\u03c9",
    "x": "\u0445\u03c7",
    "y": "\u0443\u03b3",
}
_LETTERS = str.maketrans({odd: plain for plain, odds in _LOOKS_LIKE.items() for odd in odds})
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_SEPARATORS = re.compile(r"[\W_]+")
_MIN_SPELLING = 6
"""Letters; between shorter names one letter more or less is chance."""
_TWO_MISTAKES = 9
_MIN_INSIDE = 6


class Likeness(StrEnum):
    """How one name resembles another."""

    LETTERS = "letters"
    """The same to the eye: `examp1e` and `example`, `metallama` and `meta-llama`."""
    SPELLING = "spelling"
    """One or two letters differ."""
    INSIDE = "inside"
    """The whole name stands inside the longer one."""


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A listed (or original) account that another account resembles."""

    account: str
    publisher: Publisher | None
    likeness: Likeness


def skeleton(name: str) -> str:
    """`name` reduced to what the eye sees: no case, accents or separators, one letter for all that look like it."""
    decomposed = unicodedata.normalize("NFKD", name.replace("I", "l"))
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter)).casefold()
    joined = _SEPARATORS.sub("", plain.translate(_LETTERS))
    for pair, letter in _PAIRS:
        joined = joined.replace(pair, letter)
    return joined


def distance(one: str, other: str, limit: int) -> int:
    """Damerau-Levenshtein distance (optimal string alignment), or `limit + 1` if it is greater."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, other_letter in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other_letter))
            if last and j > 1 and letter == other[j - 2] and one[i - 2] == other_letter:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)


def find(account: str, directory: Directory, further: Iterable[str] = ()) -> Lookalike | None:
    """The account that `account` most resembles, or None. Listed accounts resemble nobody.

    `further`: accounts to compare with that are not listed, such as the original's.
    """
    if not account or directory.of_account(account) is not None:
        return None
    targets = {name: None for name in further if name and name.lower() != account.lower()}
    listed = {name: one for one in directory.publishers for name in one.accounts}
    best: Lookalike | None = None
    for name, publisher in {**targets, **listed}.items():
        likeness = _likeness(account, name)
        if likeness is not None and (best is None or _ORDER.index(likeness) < _ORDER.index(best.likeness)):
            best = Lookalike(name, publisher, likeness)
    return best


_ORDER = tuple(Likeness)


def _likeness(account: str, target: str) -> Likeness | None:
    mine, theirs = skeleton(account), skeleton(target)
    if not mine or not theirs:
        return None
    if mine == theirs:
        return Likeness.LETTERS
    allowed = 2 if len(theirs) >= _TWO_MISTAKES else 1
    if len(theirs) >= _MIN_SPELLING and distance(mine, theirs, allowed) <= allowed:
        return Likeness.SPELLING
    parts = {skeleton(part) for part in re.split(r"[-_.]", account)}
    if theirs in parts or (len(theirs) >= _MIN_INSIDE and theirs in mine):
        return Likeness.INSIDE
    return None
