"""The wire format of Protocol Buffers, walked without a schema (protobuf.dev: Encoding)."""

from collections.abc import Iterator

from core.repository import ByteReader
from core.scanning.inspection import Budget

LENGTH = 2
"""Wire type of texts, bytes and messages."""


class BrokenMessage(Exception):
    """Not a message."""


def _varint(file: ByteReader) -> int | None:
    value = shift = 0
    while shift < 70:
        byte = file.read(1)
        if not byte:
            if shift:
                raise BrokenMessage("ends early")
            return None
        value |= (byte[0] & 0x7F) << shift
        if byte[0] < 0x80:
            return value
        shift += 7
    raise BrokenMessage("a number too long")


def fields(file: ByteReader, start: int, end: int, budget: Budget) -> Iterator[tuple[int, int, int, int]]:
    """Fields of the message between `start` and `end`: (number, wire type, value or offset, length)."""
    place, count = start, 0
    while place < end:
        count += 1
        if not count % 4096:
            budget.check_time()
        file.seek(place)
        key = _varint(file)
        if key is None or key >> 3 == 0:
            raise BrokenMessage("no field number")
        number, wire = key >> 3, key & 7
        place = file.tell()
        if wire == 0:
            value = _varint(file)
            place = file.tell()
            yield number, wire, value or 0, 0
        elif wire in {1, 5}:
            yield number, wire, place, 8 if wire == 1 else 4
            place += 8 if wire == 1 else 4
        elif wire == LENGTH:
            length = _varint(file)
            begin = file.tell()
            if length is None or begin + length > end:
                raise BrokenMessage("a length beyond the message")
            yield number, wire, begin, length
            place = begin + length
        else:
            raise BrokenMessage("an unknown wire type")


def text(file: ByteReader, offset: int, length: int) -> str:
    """A text field, at most 4,000 bytes of it."""
    file.seek(offset)
    return file.read(min(length, 4000)).decode("utf-8", "replace")
