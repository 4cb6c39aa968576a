"""Two texts line by line, and two long lists piece by piece: only what differs, with bounded work."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from core.comparison.results import ValueRow
from core.comparison.values import MAX_ROWS, value_row

_MOST_PAIRS = 4_000_000
"""Lines there times lines here, without what is equal at both ends; beyond that the stretch counts as replaced."""


def compare_lines(original: str, here: str) -> tuple[tuple[ValueRow, ...], int, int, int]:
    """(rows, how many more there are, lines only here, lines only in the original). A row's key is a line number.

    Numbers are those of `here`; of the original where only it has the line.
    """
    there, this = original.splitlines(), here.splitlines()
    rows: list[ValueRow] = []
    only_here = only_there = differing = 0
    for start, end, here_start, here_end in _changed(there, this):
        only_there += end - start
        only_here += here_end - here_start
        for line in range(max(end - start, here_end - here_start)):
            differing += 1
            if len(rows) < MAX_ROWS:
                old = there[start + line] if start + line < end else None
                new = this[here_start + line] if here_start + line < here_end else None
                number = here_start + line if new is not None else start + line
                rows.append(value_row(str(number + 1), old, new))
    return tuple(rows), differing - len(rows), only_here, only_there


def pieces_differ(original: bytes, here: bytes) -> tuple[int, int]:
    """Entries of a vocabulary or list of merges that only one side has: (here, in the original). Nothing is parsed.

    Pieces end at commas and line ends, as entries of JSON and lines do. A token with a comma in it makes two pieces.
    Raises `ValueError` if there are too many.
    """
    if max(side.count(b",") + side.count(b"\n") for side in (original, here)) > _MOST_PIECES:
        raise ValueError("too many pieces")
    there, this = (set(_PIECE.findall(side)) for side in (original, here))
    return len(this - there), len(there - this)


_MOST_PIECES = 2_000_000
_PIECE = re.compile(rb"[^\s,][^,\n]*")


def _changed(original: Sequence[str], here: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Stretches that differ: lines of the original from-to, lines of `here` from-to."""
    start, least = 0, min(len(original), len(here))
    while start < least and original[start] == here[start]:
        start += 1
    end, here_end = len(original), len(here)
    while end > start and here_end > start and original[end - 1] == here[here_end - 1]:
        end, here_end = end - 1, here_end - 1
    if (end - start) * (here_end - start) > _MOST_PAIRS:
        yield start, end, start, here_end
        return
    # Lines that are very frequent are left aside in long texts: without that, two-letter lines take minutes.
    matcher = SequenceMatcher(None, original[start:end], here[start:here_end], autojunk=True)
    for tag, first, last, here_first, here_last in matcher.get_opcodes():
        if tag != "equal":
            yield start + first, start + last, start + here_first, start + here_last
