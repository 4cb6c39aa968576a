"""Values of Python expressions as far as the text gives them away. `python_pure` makes new ones of them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

MOST = 1 << 20
"""Characters, bytes or elements of a value; larger ones are not worked out."""
LONGEST = 20_000
"""Elements of a list that are followed one by one."""
_WIDEST = 1 << 17
"""Bits of a number: a program of 16 kB is hidden in no larger one, and working with longer ones takes long."""
_LONGEST_NAME = 1000
_MOST_COMPARED = 2000
"""Parts of two values that are looked at to see whether they are the same."""
GAP: Final = "…"
"""Stands for a part of a text that is not known."""


class _Unknown:
    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = _Unknown()


@dataclass(frozen=True, slots=True)
class Value:
    """What is known of a value. All fields may be empty."""

    constant: Any = UNKNOWN
    """str, bytes, int, float, bool, None, or a list, tuple or dict of such."""
    text: str = ""
    """A text with `GAP`s, where only parts are known."""
    items: tuple["Value", ...] = ()
    """Of a list, tuple, set, or the values of a dict."""
    name: str = ""
    """Dotted name of a module, a function, or `function()` for what a call gave."""
    marks: frozenset[str] = frozenset()
    """Where it comes from: decoded, pieced, fetched, received, hub, secret, environment, token, socket, file, …"""
    function: Any = None
    """A function, lambda or class of the file itself."""
    keys: tuple[Any, ...] = ()
    """Keys of a dict, one for each item."""

    def __post_init__(self) -> None:
        if len(self.text) > MOST:
            object.__setattr__(self, "text", self.text[:MOST])
        if len(self.name) > _LONGEST_NAME:  # what is called stands at its end
            object.__setattr__(self, "name", self.name[-_LONGEST_NAME:])

    @property
    def known(self) -> bool:
        """Whether it is a constant."""
        return self.constant is not UNKNOWN


NOTHING = Value()


def constant(value: object, marks: frozenset[str] = frozenset()) -> Value:
    """A known value; one that is too large, or of another type, is unknown."""
    if size(value, {}) > MOST or (isinstance(value, int) and value.bit_length() > _WIDEST):
        return Value(marks=marks)
    if isinstance(value, bytearray):
        value = bytes(value)
    if isinstance(value, str | bytes | int | float | bool | list | tuple | dict | None):
        return Value(value, marks=marks)
    return Value(marks=marks)


def size(value: object, sizes: dict[int, int]) -> int:
    """Characters and elements of a constant when written out; `sizes` are those of lists seen before, by identity.

    A list that holds one list twice, which holds another twice, and so on, is small in memory and endless on paper.
    """
    if isinstance(value, str | bytes | bytearray):
        return len(value) + 1
    if not isinstance(value, list | tuple | dict | set):
        return 1
    if 2 * len(value) > MOST:
        return MOST + 1
    if id(value) not in sizes:
        parts = value.values() if isinstance(value, dict) else value
        sizes[id(value)] = len(value) + sum(size(part, sizes) for part in parts)
    return sizes[id(value)]


def words(value: Value) -> str:
    """A value as text: a constant, a text with gaps, or the elements of a list with blanks between; else empty."""
    if isinstance(value.constant, str):
        return value.constant
    if isinstance(value.constant, bytes):
        return value.constant.decode("utf-8", "replace")
    if value.text:
        return value.text
    if isinstance(value.constant, list | tuple):
        return joined(" ", (str(item) for item in value.constant[:200]))
    return joined(" ", _words_of_items(value))


def joined(between: str, parts: Iterable[str]) -> str:
    """`between.join(parts)`, which stops at `MOST` characters."""
    pieces: list[str] = []
    length = 0
    for part in parts:
        pieces.append(part)
        length += len(part) + len(between)
        if length > MOST:
            break
    return between.join(pieces)[:MOST]


def _words_of_items(value: Value) -> Iterator[str]:
    """The words of the first elements; of lists in lists too, as far as the steps reach: they may hold one another."""
    waiting = list(value.items[:200][::-1])
    for _ in range(400):
        if not waiting:
            return
        item = waiting.pop()
        if item.items and not (item.known or item.text):
            waiting += item.items[:200][::-1]
        else:
            yield words(item) or GAP


def joined_marks(values: Sequence[Value]) -> frozenset[str]:
    """All marks of all values; those of a list are also those of what is in it."""
    return frozenset().union(*(value.marks for value in values))


def same(one: Value, other: Value) -> bool:
    """Whether two values are equal, as far as a few steps show: values may hold one another many times over."""
    waiting = [(one, other)]
    for _ in range(_MOST_COMPARED):
        if not waiting:
            return True
        left, right = waiting.pop()
        if left is right:
            continue
        if len(left.items) != len(right.items) or _with(left, left.marks, ()) != _with(right, right.marks, ()):
            return False
        waiting += zip(left.items, right.items, strict=True)
    return False


def either(one: Value, other: Value) -> Value:
    """A value that is one of two: what is known of both, and where both may come from."""
    marks = one.marks | other.marks
    if one == NOTHING or one.constant is None:
        return _with(other, marks)
    if other == NOTHING or other.constant is None or one.constant == other.constant:
        return _with(one, marks)
    return Value(
        text=other.text or words(other)[:4096], name=other.name or one.name, marks=marks, function=other.function
    )


def _with(value: Value, marks: frozenset[str], items: tuple[Value, ...] | None = None) -> Value:
    kept = value.items if items is None else items
    return Value(value.constant, value.text, kept, value.name, marks, value.function, value.keys)


def with_item(old: Value, key: Value, new: Value) -> Value:
    """A dict, list or object after `old[key] = new`. Of a dict it stays known what lies under which key."""
    marks = joined_marks((old, new))
    of_dict = isinstance(old.constant, dict) or (old.keys and len(old.keys) == len(old.items))
    size = len(old.constant) if isinstance(old.constant, dict) else len(old.keys)
    if not of_dict or not isinstance(key.constant, str | int | bytes) or size > _LONGEST_DICT:
        return Value(name=old.name, items=(*old.items[:200], new), marks=marks)
    if isinstance(old.constant, dict):
        if new.known:
            return constant(old.constant | {key.constant: new.constant}, marks)
        old = Value(items=tuple(map(constant, old.constant.values())), keys=tuple(old.constant))
    kept = [pair for pair in zip(old.keys, old.items, strict=True) if pair[0] != key.constant]
    keys, items = zip(*kept, (key.constant, new), strict=True)
    return Value(name=old.name, items=items, keys=keys, marks=marks)


_LONGEST_DICT = 200


def marked(value: Value, *marks: str) -> Value:
    """The value with more marks."""
    return _with(value, value.marks | set(marks))


def elements(many: Value, count: int | None = None) -> list[Value] | None:
    """The elements of a known list, text, bytes or dict, None if they are not known, or are not `count`."""
    parts: list[Value] | None = None
    if many.known and isinstance(many.constant, str | bytes | list | tuple | dict) and len(many.constant) <= LONGEST:
        parts = [constant(item, many.marks) for item in many.constant]
    elif many.items and not many.keys:
        parts = list(many.items)
    return None if parts is None or (count is not None and len(parts) != count) else parts


def any_of(values: Sequence[Value]) -> Value:
    """One of several."""
    found = NOTHING
    for one in values:
        found = either(found, one)
    return found


def collected(items: list[Value]) -> Value:
    """A list of these."""
    marks = joined_marks(items)
    if all(item.known for item in items):
        return constant([item.constant for item in items], marks)
    return Value(items=tuple(items[:LONGEST]), marks=marks)
