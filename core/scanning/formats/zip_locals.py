"""A zip whose table of contents is missing: members are found by their own headers, one behind the other.

Programs that unpack from the front, and those that repair, see the same (APPNOTE.TXT 4.3.7).
"""

from collections.abc import Iterator

from core.byte_reader import ByteReader
from core.scanning.formats.zip_directory import LOCAL_HEADER, Directory, Entry

_MOST = 10_000
_SEARCHED = 64 << 20
_CHUNK = 1 << 20
_BEHIND = (b"PK\x07\x08", b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06")
"""What can follow a member: its sizes, the next member, the table of contents, its end."""


def directory_of(file: ByteReader) -> Directory:
    """The members as far as they can be found, as if they stood in a table of contents."""
    return Directory(tuple(_entries(file)), 0, 0, complete=True)


def _entries(file: ByteReader) -> Iterator[Entry]:
    place = 0
    for _ in range(_MOST):
        file.seek(place)
        header = file.read(LOCAL_HEADER.size)
        if len(header) < LOCAL_HEADER.size or header[:4] != b"PK\x03\x04":
            return
        _, _, flags, method, _, _, crc, packed, size, name_length, extra_length = LOCAL_HEADER.unpack(header)
        raw_name = file.read(name_length)
        start = place + LOCAL_HEADER.size + name_length + extra_length
        if packed in {0, 0xFFFFFFFF} and (flags & 8 or packed):
            packed = size = _up_to_next(file, start) - start
        name = raw_name.decode("utf-8" if flags & 0x800 else "cp437", "replace")
        yield Entry(name, method, flags, crc, packed, size, place, is_link=False)
        place = start + packed
        if flags & 8:
            place = _behind_sizes(file, place)


def _up_to_next(file: ByteReader, start: int) -> int:
    """Where the next header begins, or the file ends."""
    offset, carry = start, b""
    while offset < min(file.size, start + _SEARCHED):
        file.seek(offset)
        data = carry + file.read(_CHUNK)
        places = [place for place in (data.find(mark) for mark in _BEHIND) if place >= 0]
        if places:
            return offset - len(carry) + min(places)
        offset, carry = offset - len(carry) + len(data), data[-3:]
    return file.size


def _behind_sizes(file: ByteReader, place: int) -> int:
    """Behind a record of sizes, which has 16 bytes, or 24 for large members."""
    file.seek(place)
    data = file.read(28)
    if data[:4] != b"PK\x07\x08":
        return place
    return next((place + width for width in (16, 24) if data[width : width + 2] == b"PK"), place + 16)
