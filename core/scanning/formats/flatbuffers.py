"""FlatBuffers, walked by field numbers: tables, vectors and texts (flatbuffers.dev: Internals)."""

import struct
from collections.abc import Iterator

from core.scanning.inspection import Inspection

_MOST_ENTRIES = 100_000
_LONGEST_TEXT = 1000


class BrokenBuffer(Exception):
    """An offset leads out of the file, or a number makes no sense."""


def root(inspection: Inspection) -> int:
    """Where the root table lies. Raises `BrokenBuffer`."""
    return _number(inspection, 0, "<I")


def tables(inspection: Inspection, table: int, field: int) -> Iterator[int]:
    """Places of the tables in a vector of tables. Raises `BrokenBuffer`."""
    at = _field(inspection, table, field)
    if at is None:
        return
    start = at + _number(inspection, at, "<I")
    count = _number(inspection, start, "<I")
    if count > _MOST_ENTRIES or start + 4 + 4 * count > inspection.file.size:
        raise BrokenBuffer
    for index in range(count):
        inspection.budget.check_time()
        entry = start + 4 + 4 * index
        yield entry + _number(inspection, entry, "<I")


def text(inspection: Inspection, table: int, field: int) -> str:
    """A text field, empty if the table does not have it. Raises `BrokenBuffer`."""
    at = _field(inspection, table, field)
    if at is None:
        return ""
    start = at + _number(inspection, at, "<I")
    length = _number(inspection, start, "<I")
    if length > _LONGEST_TEXT or start + 4 + length > inspection.file.size:
        raise BrokenBuffer
    try:
        return inspection.read_at(start + 4, length).decode("utf-8")
    except UnicodeDecodeError:
        raise BrokenBuffer from None


def _field(inspection: Inspection, table: int, number: int) -> int | None:
    """Where a field of a table lies, None if the table does not have it."""
    vtable = table - _number(inspection, table, "<i")
    if 4 + 2 * number >= _number(inspection, vtable, "<H"):
        return None
    offset = _number(inspection, vtable + 4 + 2 * number, "<H")
    return table + offset if offset else None


def _number(inspection: Inspection, at: int, form: str) -> int:
    size = struct.calcsize(form)
    if at < 0 or at + size > inspection.file.size:
        raise BrokenBuffer
    value: int = struct.unpack(form, inspection.read_at(at, size))[0]
    return value
