"""Two cards side by side: blocks aligned by what a reader sees, then words within blocks that differ."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

from core.comparison import front_matter
from core.comparison.additions import additions
from core.comparison.results import Block, Card, CardComparison, Link, Row, RowKind, Span

_MAX_WORDS = 2000
"""Per block; larger blocks are marked as a whole. Word diffs take time with the square of the length (measured)."""
_SAME_BLOCK = 0.4
"""Share of common words from which on two blocks are the same one, edited."""
_MAX_PAIRINGS = 2500
"""Blocks there times blocks here within one changed stretch; larger stretches are not paired."""
_MAX_HITS = 200_000
"""Pairs of equal words of two blocks, which the comparison of words looks at at least once."""
_MAX_EFFORT = 4_000_000
_ENOUGH = 4000
"""Characters of a block by which it is judged whether it is the same one, edited."""
_WORD = re.compile(r"\w+|[^\w\s]")


def compare_cards(original: Card, here: Card, paths_here: Iterable[str]) -> CardComparison:
    """Rows, likeness, additions and headers. `paths_here`: the files of the repository whose card `here` is."""
    rows = tuple(_rows(original.blocks, here.blocks))
    new, left_out = additions(original, here, paths_here)
    headers = front_matter.compare(original.front_matter, here.front_matter)
    return CardComparison(rows, _similarity(rows, here.blocks), new, headers, left_out)


class _Effort:
    """How much comparing words with words is left for two cards: hostile ones repeat a few words without end."""

    def __init__(self) -> None:
        self._left = _MAX_EFFORT

    def allows(self, words: Sequence[str], here_words: Sequence[str]) -> bool:
        """True, and set aside, if two blocks may be compared word by word."""
        there = Counter(here_words)
        hits = sum(count * there[word] for word, count in Counter(words).items() if word in there)
        if hits > min(_MAX_HITS, self._left):
            return False
        self._left -= hits
        return True


def _rows(original: Sequence[Block], here: Sequence[Block]) -> Iterator[Row]:
    effort = _Effort()
    matcher = SequenceMatcher(None, [_key(one) for one in original], [_key(one) for one in here], autojunk=False)
    for tag, start, end, here_start, here_end in matcher.get_opcodes():
        if tag == "equal":
            for there, this in zip(original[start:end], here[here_start:here_end], strict=True):
                yield Row(RowKind.SAME, there, this)
        else:
            yield from _changed(original[start:end], here[here_start:here_end], effort)


def _key(block: Block) -> tuple[str, tuple[str, ...]]:
    return block.text, tuple(link.target for link in block.links)


def _changed(original: Sequence[Block], here: Sequence[Block], effort: _Effort) -> Iterator[Row]:
    """Rows of a changed stretch, in reading order: edited blocks side by side, the rest alone."""
    at = here_at = 0
    for index, here_index in [*_pairs(original, here), (len(original), len(here))]:
        yield from (Row(RowKind.ONLY_ORIGINAL, block, None) for block in original[at:index])
        yield from (Row(RowKind.ONLY_HERE, None, block) for block in here[here_at:here_index])
        if index < len(original):
            yield _differing(original[index], here[here_index], effort)
        at, here_at = index + 1, here_index + 1


def _pairs(original: Sequence[Block], here: Sequence[Block]) -> list[tuple[int, int]]:
    """The pairs of edited blocks, in order on both sides, with the greatest likeness in sum."""
    if not original or not here or len(original) * len(here) > _MAX_PAIRINGS:
        return []
    bags, here_bags = ([_bag(block) for block in side] for side in (original, here))
    best = [[0.0] * (len(here) + 1) for _ in range(len(original) + 1)]
    likeness = [[0.0] * len(here) for _ in original]
    for i in reversed(range(len(original))):
        for j in reversed(range(len(here))):
            likeness[i][j] = _likeness(bags[i], here_bags[j])
            paired = likeness[i][j] + best[i + 1][j + 1] if likeness[i][j] >= _SAME_BLOCK else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    pairs = []
    i = j = 0
    while i < len(original) and j < len(here):
        if likeness[i][j] >= _SAME_BLOCK and best[i][j] == likeness[i][j] + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _bag(block: Block) -> Counter[str]:
    return Counter(_WORD.findall(block.text[:_ENOUGH]))


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    totals = one.total(), other.total()
    # What is much longer than the other cannot be like it, whatever the words are.
    if 2 * min(totals) < _SAME_BLOCK * sum(totals):
        return 0.0
    return 2 * _in_common(one, other) / sum(totals) if sum(totals) else 1.0


def _in_common(one: Counter[str], other: Counter[str]) -> int:
    if len(one) > len(other):
        one, other = other, one
    return sum(min(count, other[word]) for word, count in one.items() if word in other)


def _differing(original: Block, here: Block, effort: _Effort) -> Row:
    links = tuple(_changed_links(original.links, here.links))
    words, here_words = (_words(block.text) for block in (original, here))
    if words is None or here_words is None or not effort.allows(words, here_words):
        whole, here_whole = ((0, len(original.text)),), ((0, len(here.text)),)
        return Row(RowKind.DIFFERS, original, here, whole, here_whole, links)
    places, here_places = ([match.span() for match in _WORD.finditer(block.text)] for block in (original, here))
    matcher = SequenceMatcher(None, words, here_words, autojunk=False)
    spans: list[Span] = []
    here_spans: list[Span] = []
    for tag, start, end, here_start, here_end in matcher.get_opcodes():
        if tag != "equal":
            if end > start:
                spans.append((places[start][0], places[end - 1][1]))
            if here_end > here_start:
                here_spans.append((here_places[here_start][0], here_places[here_end - 1][1]))
    return Row(RowKind.DIFFERS, original, here, tuple(spans), tuple(here_spans), links)


def _words(text: str) -> list[str] | None:
    """The words and signs of a block, None if there are too many to be compared one by one."""
    if text.count(" ") > _MAX_WORDS:
        return None
    words = _WORD.findall(text)
    return words if len(words) <= _MAX_WORDS else None


def _changed_links(original: Sequence[Link], here: Sequence[Link]) -> Iterator[tuple[Link, Link]]:
    """Links with the same words and another address, the first with the first and so on."""
    here_targets = {(link.text, link.target) for link in here}
    original_targets = {(link.text, link.target) for link in original}
    waiting = [link for link in here if (link.text, link.target) not in original_targets]
    for link in original:
        if (link.text, link.target) in here_targets:
            continue
        other = next((one for one in waiting if one.text == link.text), None)
        if other is not None:
            waiting.remove(other)
            yield link, other


def _similarity(rows: Sequence[Row], here: Sequence[Block]) -> float:
    """Share of the original's letters found here. Blocks that only moved count as found."""
    anywhere = {block.text for block in here}
    found = total = 0.0
    for row in rows:
        if row.original is None:
            continue
        letters = sum(map(len, row.original.text.split()))
        total += letters
        if row.kind is RowKind.SAME or row.original.text in anywhere:
            found += letters
        elif row.here is not None:
            found += _common_letters(row.original.text, row.here.text)
    return found / total if total else 0.0


def _common_letters(original: str, here: str) -> int:
    # In long blocks what stands between blanks counts as a word, which is quicker.
    split = str.split if max(len(original), len(here)) > _ENOUGH else _WORD.findall
    words, there = Counter(split(original)), Counter(split(here))
    return sum(len(word) * min(count, there[word]) for word, count in words.items() if word in there)
