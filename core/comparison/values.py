"""Two mappings key by key, whatever they were written as: only what differs, at most so many rows."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.comparison.card_text import shortened, visible
from core.comparison.results import RowKind, ValueRow
from core.text import Message

MAX_ROWS = 200
MAX_SHOWN = 500
"""Characters of one side of a row."""
_MAX_ENTRIES = 20_000
_MAX_DEPTH = 12
_AROUND = 60
"""Characters of what is equal that are shown before a difference within long values."""


def entries(document: object) -> dict[str, str]:
    """Every value of a parsed JSON document as JSON text, by its path; lists of plain values are one value.

    Raises:
        ValueError: there are too many entries to compare.
    """
    found: dict[str, str] = {}
    waiting: list[tuple[str, object, int]] = [("", document, 0)]
    while waiting:
        key, value, depth = waiting.pop()
        inner = list(_inner(key, value)) if depth < _MAX_DEPTH else []
        if not inner:
            found[key] = json.dumps(value, ensure_ascii=False)
        waiting += ((name, one, depth + 1) for name, one in reversed(inner))
        if len(found) + len(waiting) > _MAX_ENTRIES:
            raise ValueError("too many entries")
    return found


def compare_entries(original: Mapping[str, str], here: Mapping[str, str]) -> tuple[tuple[ValueRow, ...], int]:
    """Rows for what differs, in the order of `here`, and how many more there are."""
    differing = [
        (key, original.get(key), here.get(key))
        for key in in_both_orders(list(original), list(here))
        if original.get(key) != here.get(key)
    ]
    rows = tuple(value_row(key, there, this) for key, there, this in differing[:MAX_ROWS])
    return rows, len(differing) - len(rows)


def value_row(key: str, original: str | None, here: str | None) -> ValueRow:
    """One row; long values are cut to where they differ."""
    if original is not None and here is not None:
        kind = RowKind.SAME if original == here else RowKind.DIFFERS
        original, here = _cut(original, here)
    else:
        kind = RowKind.ONLY_HERE if original is None else RowKind.ONLY_ORIGINAL
    return ValueRow(kind, _shown(key) or "", _shown(original), _shown(here))


def more(count: int) -> tuple[Message, ...]:
    """That there are rows which are not shown, if there are."""
    return (Message.of("comparison.limit.rows", count=count),) if count else ()


def in_both_orders(original: Sequence[str], here: Sequence[str]) -> list[str]:
    """`here`, with keys that only `original` has after the one that they follow there."""
    known, before = set(here), ""
    following: dict[str, list[str]] = {}
    for key in original:
        if key in known:
            before = key
        else:
            following.setdefault(before, []).append(key)
    order = [*following.get("", ())]
    for key in here:
        order += (key, *(following.get(key, ()) if key else ()))
    return list(dict.fromkeys(order))


def _inner(key: str, value: object) -> Iterable[tuple[str, Any]]:
    if isinstance(value, dict):
        return ((f"{key}.{name}" if key else str(name), inner) for name, inner in value.items())
    if isinstance(value, list) and any(isinstance(inner, dict | list) for inner in value):
        return ((f"{key}[{index}]", inner) for index, inner in enumerate(value))
    return ()


def _cut(original: str, here: str) -> tuple[str, str]:
    if max(len(original), len(here)) <= MAX_SHOWN:
        return original, here
    same = _common_start(original, here)
    if same <= _AROUND:
        return original, here
    return f"…{original[same - _AROUND :]}", f"…{here[same - _AROUND :]}"


def _common_start(one: str, other: str) -> int:
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _shown(value: str | None) -> str | None:
    return None if value is None else visible(shortened(value, MAX_SHOWN))
