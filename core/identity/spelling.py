"""How far two spellings are apart: by letters, and by how easily one is typed or read for the other."""

from collections.abc import Callable
from itertools import pairwise

_ROWS = (("qwertyuiop", 0.0), ("asdfghjkl", 0.25), ("zxcvbnm", 0.75))
"""A keyboard: letters of a row, and how far the row is moved to the right, in widths of a key."""
CHEAPEST_EXCHANGE = 0.75
"""For the key beside."""
_SWAP, _DOUBLE = 0.6, 0.5


def _neighbours() -> frozenset[str]:
    places = {letter: (x + shift, y) for y, (row, shift) in enumerate(_ROWS) for x, letter in enumerate(row)}
    beside = frozenset(
        one + other
        for one, (x, y) in places.items()
        for other, (across, down) in places.items()
        if one != other and abs(x - across) <= 1 and abs(y - down) <= 1
    )
    # In a skeleton every i has become an l.
    return beside | {pair.replace("i", "l") for pair in beside if "i" in pair}


_BESIDE = _neighbours()


def distance(one: str, other: str, limit: int) -> int:
    """Damerau-Levenshtein distance (optimal string alignment), or `limit + 1` if it is greater."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    return min(int(_aligned(one, other, limit, lambda mine, theirs: float(mine != theirs), 1.0, 1.0)), limit + 1)


def effort(one: str, other: str, limit: float) -> float:
    """The same with weights; anything above `limit` means "more than that".

    A key beside the right one costs 0.75, two letters in exchange 0.6, a letter doubled or halved 0.5, all else 1.
    """
    if abs(len(one) - len(other)) * _DOUBLE > limit:
        return limit + 1
    return _aligned(one, other, limit, _exchange, _SWAP, _DOUBLE)


def _exchange(mine: str, theirs: str) -> float:
    return 0.0 if mine == theirs else CHEAPEST_EXCHANGE if mine + theirs in _BESIDE else 1.0


def _aligned(
    one: str, other: str, limit: float, exchange: Callable[[str, str], float], swap: float, double: float
) -> float:
    """Rows of the table of optimal string alignment, given up as soon as none can stay within `limit`."""
    drop_mine, drop_theirs = _lengths(one, double), _lengths(other, double)
    before: list[float] = []
    row = [sum(drop_theirs[:count]) for count in range(len(other) + 1)]
    for i, letter in enumerate(one, 1):
        before, last = row, before
        row = [before[0] + drop_mine[i - 1]]
        for j, theirs in enumerate(other, 1):
            cost = min(
                before[j] + drop_mine[i - 1],
                row[j - 1] + drop_theirs[j - 1],
                before[j - 1] + exchange(letter, theirs),
            )
            if last and j > 1 and letter == other[j - 2] and one[i - 2] == theirs and letter != theirs:
                cost = min(cost, last[j - 2] + swap)
            row.append(cost)
        if min(row) > limit and min(before) + swap > limit:
            return limit + 1
    return row[-1]


def _lengths(word: str, double: float) -> list[float]:
    """What each letter costs if it is left out."""
    return [1.0, *(double if before == letter else 1.0 for before, letter in pairwise(word))] if word else []
