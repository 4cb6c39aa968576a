"""The wire format of Protocol Buffers, walked without a schema (protobuf.dev: Encoding)."""

from collections.abc import Iterator

from core.byte_reader import ByteReader
from core.scanning.inspection import Budget

LENGTH = 2
"""Wire type of texts, bytes and messages."""
_LONGEST_TEXT = 1 << 16
_LONGEST_NUMBER = 10
"""Bytes of a number."""


class BrokenMessage(Exception):
    """Not a message."""


def _number(file: ByteReader, place: int, end: int) -> tuple[int, int]:
    """A number of variable length, and the place behind it."""
    file.seek(place)
    data = file.read(min(_LONGEST_NUMBER, end - place))
    value = 0
    for index, byte in enumerate(data):
        value |= (byte & 0x7F) << 7 * index
        if byte < 0x80:
            return value, place + index + 1
    raise BrokenMessage("ends early or a number too long")


def fields(file: ByteReader, start: int, end: int, budget: Budget) -> Iterator[tuple[int, int, int, int]]:
    """Fields of the message between `start` and `end`: (number, wire type, value or offset, length)."""
    place, count = start, 0
    budget.check_time()
    while place < end:
        count += 1
        if not count % 4096:
            budget.check_time()
        key, place = _number(file, place, end)
        number, wire = key >> 3, key & 7
        if number == 0 or wire not in {0, 1, LENGTH, 5}:
            raise BrokenMessage("no field")
        if wire == 0:
            value, place = _number(file, place, end)
            yield number, wire, value, 0
            continue
        if wire == LENGTH:
            length, place = _number(file, place, end)
        else:
            length = 8 if wire == 1 else 4
        if place + length > end:
            raise BrokenMessage("a length beyond the message")
        yield number, wire, place, length
        place += length


def text(file: ByteReader, start: int, end: int) -> str:
    """A text field, at most 64 kB of it."""
    file.seek(start)
    return file.read(min(end - start, _LONGEST_TEXT)).decode("utf-8", "replace")
