"""Names of accounts that may be taken for another's: letters exchanged or misspelt, or a brand inside a longer name."""

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from core.identity.name_parts import NameParts, claims, is_common, is_talk, only_common, taken_apart, words_of
from core.identity.publishers import Directory
from core.identity.results import Publisher
from core.identity.skeleton import outline, skeleton
from core.identity.spelling import CHEAPEST_EXCHANGE, effort

_SHORT = 5
"""Letters; of a shorter name only the plainest imitations are told from other short names."""
_LIMITS = ((4, 0.6), (5, 0.8), (6, 1.0), (9, 2.0))
"""From so many letters of a name on, how much effort (see `spelling.effort`) still makes a misspelling of it."""
_CORE_LIMITS = ((3, 0.6), (5, 1.0), (9, 2.0))
"""The same beside a word that both names have."""
_SEPARATOR = 0.25
"""What it costs besides if there are other separators; alone they cost nothing."""
_MIN_INSIDE = 6
"""Letters from which on a brand counts anywhere in another name, not only as a word of its own."""
_MIN_WORD = 3
"""Letters from which on a short brand counts as one word among others."""
_MIN_FAMILY = 4
_LONGEST_SHOWN = 100


class Likeness(StrEnum):
    """How one name resembles another, the strongest first."""

    LETTERS = "letters"
    """The same to the eye: `examp1e` and `example`, `metallama` and `meta-llama`."""
    SPELLING = "spelling"
    """One or two letters differ, or the order of the words."""
    INSIDE = "inside"
    """The brand, or what is almost it, stands inside the longer name."""
    FAMILY = "family"
    """The name of a maker's models, used as an account: `gpt-oss`, `whisper-official`."""


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A listed (or original) account that another account resembles."""

    account: str
    publisher: Publisher | None
    likeness: Likeness
    name: str
    """What it resembles: the account itself, another name of the publisher, or a family of its models."""

    @property
    def is_imitation(self) -> bool:
        """True if one name may be read as the other."""
        return self.likeness in {Likeness.LETTERS, Likeness.SPELLING}


@dataclass(frozen=True, slots=True)
class _Target:
    """A name that could be imitated."""

    text: str
    account: str
    publisher: Publisher | None
    is_account: bool
    is_family: bool
    is_ordinary: bool
    name: NameParts
    outlines: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Given:
    """The account that is looked at. `parts`: skeleton of each run of its words -> True if all others are common."""

    name: NameParts
    parts: dict[str, bool]


def find(account: str, directory: Directory, further: Iterable[str] = ()) -> Lookalike | None:
    """The account that `account` most resembles, or None. Listed accounts resemble nobody.

    `further`: accounts to compare with that are not listed, such as the original's.
    """
    if not account or directory.of_account(account) is not None:
        return None
    given = _given(account)
    others = (_target(name, name, None) for name in further if name and name.lower() != account.lower())
    best: tuple[tuple[int, int], Lookalike] | None = None
    for target in (*others, *_targets(directory)):
        likeness = _likeness(given, target)
        if likeness is None:
            continue
        rank = (_ORDER.index(likeness), -len(target.name.skeleton))
        if best is None or rank < best[0]:
            best = rank, Lookalike(target.account, target.publisher, likeness, target.text)
    return best[1] if best else None


def shown_as(name: str, directory: Directory) -> Publisher | None:
    """The publisher that a name shown on a profile, in letters of any script, reads like; None for ordinary words."""
    if len(name) > _LONGEST_SHOWN:
        return None
    given = _given(name).name
    targets = (target for target in _targets(directory) if not target.is_family and not target.is_ordinary)
    return next((target.publisher for target in targets if given.skeleton and _same_to_the_eye(given, target)), None)


_ORDER = tuple(Likeness)


def _likeness(given: _Given, target: _Target) -> Likeness | None:
    if target.is_family:
        return Likeness.FAMILY if _is_family(given, target) else None
    if target.is_account:
        if _same_to_the_eye(given.name, target):
            return Likeness.LETTERS
        if _almost(given.name, target.name):
            return Likeness.SPELLING
    return Likeness.INSIDE if _has_inside(given, target) else None


def _same_to_the_eye(given: NameParts, target: _Target) -> bool:
    if len(target.name.skeleton) < _SHORT:
        return given.outline in target.outlines
    return given.skeleton == target.name.skeleton


def _almost(given: NameParts, target: NameParts) -> bool:
    if len(given.pieces) > 1 and sorted(given.pieces) == sorted(target.pieces):
        return True
    separated = given.separators != target.separators
    several = min(len(given.words), len(target.words)) > 1
    if several and given.common and given.common == target.common:
        # "nina-ai" is no misspelling of "jina-ai": what they share is a word that everybody uses.
        return _is_near(given.core, target.core, separated, _CORE_LIMITS)
    if len(given.spelling) < min(_SHORT, len(target.spelling)):
        return False
    return _is_near(given.spelling, target.spelling, separated) and (not several or _no_other_word(given, target))


def _is_near(mine: str, theirs: str, separated: bool, limits: tuple[tuple[int, float], ...] = _LIMITS) -> bool:
    letters = min(len(mine) + 1, len(theirs))
    limit = max((most for least, most in limits if letters >= least), default=0.0)
    limit -= _SEPARATOR if separated else 0.0
    if limit <= 0 or (_letters(mine) ^ _letters(theirs)).bit_count() > 2 * limit / CHEAPEST_EXCHANGE:
        return False
    return effort(mine, theirs, limit) <= limit


@functools.lru_cache(maxsize=1 << 14)
def _letters(word: str) -> int:
    """A bit for each letter that occurs; an exchange changes two of them, a letter put in or left out one."""
    return functools.reduce(lambda bits, letter: bits | 1 << (ord(letter) & 63), word, 0)


def _no_other_word(given: NameParts, target: NameParts) -> bool:
    """False if what stands between separators is another word: `helsinki-bio` is not `Helsinki-NLP` mistyped."""
    if len(given.pieces) != len(target.pieces) or len(given.pieces) == 1:
        return True
    pairs = [pair for pair in zip(given.pieces, target.pieces, strict=True) if len(pair[1]) > 2]
    return all(effort(mine, theirs, len(theirs) / 2) * 2 < len(theirs) for mine, theirs in pairs)


def _has_inside(given: _Given, target: _Target) -> bool:
    brand = target.name.skeleton
    if len(brand) < _SHORT:
        return any(_has_short(given.name.outline, name, target) for name in target.outlines)
    if brand in given.parts:
        return given.parts[brand] or not target.is_ordinary
    if len(brand) >= _MIN_INSIDE and not target.is_ordinary and _runs_through(given.name.pieces, brand):
        return True
    before, found, after = given.name.skeleton.partition(brand)
    if found and before + after and only_common(before) and only_common(after):
        return True
    return _almost_inside(given.name, target.name)


def _has_short(whole: str, name: str, target: _Target) -> bool:
    """A short name has to be a piece of its own, or to stand with nothing but common words."""
    before, found, after = whole.partition(name)
    if not found or not (before + after):
        return False
    alone = is_talk(before) and is_talk(after)
    piece = (not before or before[-1] == "-") and (not after or after[0] == "-")
    return alone or (piece and len(name) >= _MIN_WORD and not target.is_ordinary)


def _runs_through(pieces: tuple[str, ...], brand: str) -> bool:
    """Anywhere in a piece, or over several if one end is at a separator: `seattle-robotics` names no `lerobot`."""
    if any(brand in piece for piece in pieces):
        return True
    ends = range(len(pieces) + 1)
    return any("".join(pieces[at:]).startswith(brand) or "".join(pieces[:at]).endswith(brand) for at in ends)


def _almost_inside(given: NameParts, target: NameParts) -> bool:
    """`opemai-official`: without its common words it is almost the brand."""
    if given.core == given.spelling or len(given.core) < _SHORT:
        return False
    if _is_near(given.core, target.spelling, given.core_separators != target.separators):
        return True
    own = bool(target.common) and set(target.common) < set(given.common)
    return own and _is_near(given.core, target.core, given.core_separators != target.core_separators)


def _is_family(given: _Given, target: _Target) -> bool:
    """`whisper` is a word; `whisper-official` is a claim."""
    if len(target.name.flat) < _MIN_FAMILY:
        return False
    if given.name.flat == target.name.flat:
        return not target.is_ordinary
    before, found, after = given.name.outline.partition(target.name.outline)
    if not found or not (is_talk(before) and is_talk(after)):
        return False
    return not target.is_ordinary or claims(given.name)


@functools.lru_cache(maxsize=8)
def _targets(directory: Directory) -> tuple[_Target, ...]:
    return tuple(target for publisher in directory.publishers for target in _of_publisher(publisher))


@functools.lru_cache(maxsize=1024)
def _of_publisher(publisher: Publisher) -> tuple[_Target, ...]:
    return tuple(_names_of(publisher))


def _names_of(publisher: Publisher) -> Iterator[_Target]:
    seen = set()
    for account in publisher.accounts:
        seen.add(skeleton(account))
        spaced = next(
            (
                name
                for name in (*publisher.aliases, publisher.name)
                if " " in name and skeleton(name) == skeleton(account)
            ),
            "",
        )
        yield _target(account, account, publisher, spaced=spaced)
    for alias in publisher.aliases:
        if skeleton(alias) not in seen:
            seen.add(skeleton(alias))
            yield _target(alias, publisher.accounts[0], publisher, is_account=False)
    for family in publisher.families:
        if skeleton(family) not in seen:
            seen.add(skeleton(family))
            yield _target(family, publisher.accounts[0], publisher, is_account=False, is_family=True)


def _target(
    text: str,
    account: str,
    publisher: Publisher | None,
    *,
    spaced: str = "",
    is_account: bool = True,
    is_family: bool = False,
) -> _Target:
    """`spaced`: the same name written with spaces, if there is one: `Jina AI` for `jinaai`."""
    return _Target(
        text=text,
        account=account,
        publisher=publisher,
        is_account=is_account,
        is_family=is_family,
        is_ordinary=publisher is not None and text in publisher.ordinary_words,
        name=taken_apart(text, words_of(spaced or text)),
        # Many short names are known in capitals: IBM looks like lBM.
        outlines=frozenset({outline(text), outline(text.upper())}),
    )


def _given(account: str) -> _Given:
    words = words_of(account)
    parts: dict[str, bool] = {}
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            alone = all(map(is_common, (*words[:start], *words[end:])))
            part = skeleton("".join(words[start:end]))
            parts[part] = parts.get(part, False) or alone
    return _Given(taken_apart(account, words), parts)
