"""GGUF: metadata with chat templates, a list of tensors, and the tensors (ggml-org/ggml: docs/gguf.md)."""

import math

from core.findings import Evidence, Level
from core.scanning import templates
from core.scanning.formats.headers import Unsound, look_behind
from core.scanning.inspection import Inspection

_SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
_WHOLE = frozenset({0, 2, 4, 10})
"""Unsigned whole numbers."""
_STRING, _ARRAY = 8, 9
_BLOCKS = {
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34), 10: (256, 84),
    11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210), 15: (256, 292), 16: (256, 66), 17: (256, 74),
    18: (256, 98), 19: (256, 50), 20: (32, 18), 21: (256, 110), 22: (256, 82), 23: (256, 136), 24: (1, 1), 25: (1, 2),
    26: (1, 4), 27: (1, 8), 28: (1, 8), 29: (256, 56), 30: (1, 2), 34: (256, 54), 35: (256, 66), 39: (32, 17),
}  # fmt: skip
"""Type of a tensor: numbers in a block, and its bytes (ggml/src/ggml.c: type_traits)."""
_DEFAULT_ALIGNMENT, _MOST_ALIGNMENT = 32, 1 << 20
_MOST_TENSORS = 1_000_000
_MOST_DIMENSIONS = 8
_MOST_KEYS = 100_000


class _Cursor:
    """Reads forwards through the header in large steps."""

    def __init__(self, inspection: Inspection) -> None:
        self._inspection, self._data, self._base, self._at = inspection, inspection.head, 0, 4
        self._step = 1 << 18

    @property
    def offset(self) -> int:
        return self._base + self._at

    def take(self, size: int) -> bytes:
        if self._at + size > len(self._data):
            start = self.offset
            if start + size > self._inspection.file.size:
                raise Unsound("file_cut_short")
            self._inspection.budget.check_time()
            self._data = self._inspection.read_at(start, max(size, self._step))
            self._base, self._at = start, 0
            self._step = min(self._step * 2, 1 << 20)
        data = self._data[self._at : self._at + size]
        self._at += size
        return data

    def skip(self, size: int) -> None:
        if self.offset + size > self._inspection.file.size:
            raise Unsound("file_cut_short")
        self._at += size
        if self._at > len(self._data):
            self._base, self._at, self._data = self.offset, 0, b""

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "little")


def scan(inspection: Inspection) -> None:
    """Header, metadata and every chat template; tensors are numbers."""
    try:
        _read(inspection)
    except Unsound as problem:
        # No broken download changes the counts and lengths of a version that exists.
        known = 1 <= int.from_bytes(inspection.head[4:8], "little") <= 3
        level = Level.HIGH if known and str(problem) in {"header_unreadable", "header_length"} else None
        inspection.report("tensors-header", Evidence("oddity", str(problem)), level=level)
        inspection.partly("structure_broken")
        if problem.behind is not None:
            look_behind(inspection, problem.behind)


def _read(inspection: Inspection) -> None:
    cursor = _Cursor(inspection)
    version = cursor.number(4)
    wide = 8 if version >= 2 else 4
    tensors, keys = cursor.number(wide), cursor.number(wide)
    if not 1 <= version <= 3 or keys > _MOST_KEYS or tensors > _MOST_TENSORS:
        raise Unsound("header_unreadable")
    alignment = _DEFAULT_ALIGNMENT
    for _ in range(keys):
        name = cursor.take(_length(cursor, wide, 65536)).decode("utf-8", "replace")
        value = _value(cursor, cursor.number(4), wide, 0)
        if isinstance(value, str):
            _report(inspection, name, value)
        elif name == "general.alignment":
            alignment = value or 0
    if not 0 < alignment <= _MOST_ALIGNMENT:
        raise Unsound("header_unreadable")
    _check_extents(cursor, tensors, wide, alignment, inspection.file.size)


def _report(inspection: Inspection, name: str, value: str) -> None:
    if "chat_template" in name:
        templates.report(inspection, value, name)
    else:
        templates.report_text(inspection, value, name)


def _check_extents(cursor: _Cursor, tensors: int, wide: int, alignment: int, size: int) -> None:
    """The tensors must lie inside the file, and nothing behind them."""
    end, known = 0, True
    for _ in range(tensors):
        cursor.skip(_length(cursor, wide, 65536))
        dimensions = [cursor.number(wide) for _ in range(_dimensions(cursor))]
        kind, offset = cursor.number(4), cursor.number(8)
        block, packed = _BLOCKS.get(kind, (1, 0))
        known = known and packed > 0
        end = max(end, offset + math.prod(dimensions) // block * packed)
    if not tensors:
        return
    start = -(-cursor.offset // alignment) * alignment
    if start + end > size:
        raise Unsound("file_cut_short")
    if known and start + end + alignment < size:
        raise Unsound("data_behind", -(-(start + end) // alignment) * alignment)


def _dimensions(cursor: _Cursor) -> int:
    count = cursor.number(4)
    if count > _MOST_DIMENSIONS:
        raise Unsound("header_unreadable")
    return count


def _length(cursor: _Cursor, wide: int, most: int) -> int:
    length = cursor.number(wide)
    if length > most:
        raise Unsound("header_length")
    return length


def _value(cursor: _Cursor, kind: int, wide: int, depth: int) -> str | int | None:
    """A text, a whole number, or None for everything else."""
    if kind in _SIZES:
        number = cursor.number(_SIZES[kind])
        return number if kind in _WHOLE else None
    if kind == _STRING:
        return cursor.take(_length(cursor, wide, 16 << 20)).decode("utf-8", "replace")
    if kind != _ARRAY or depth > 3:
        raise Unsound("header_unreadable")
    inner, count = cursor.number(4), cursor.number(wide)
    if inner in _SIZES:
        cursor.skip(_SIZES[inner] * count)
        return None
    for _ in range(count):
        if inner == _STRING:
            cursor.skip(_length(cursor, wide, 16 << 20))
        else:
            _value(cursor, inner, wide, depth + 1)
    return None
