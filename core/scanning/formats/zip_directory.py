"""A tolerant zip reader: the central directory decides, damage is noted instead of raised (APPNOTE.TXT 6.3.10).

Checksums, flags and disagreeing local headers do not stop PyTorch or Python from loading a member, so they do not
stop us from reading it.
"""

import bz2
import lzma
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from core.byte_reader import ByteReader
from core.scanning.byte_sources import ExpandedFile, Window, expand
from core.scanning.formats.zstandard_frames import zstd_chunks
from core.scanning.inspection import Budget

_END = b"PK\x05\x06"
_END64 = b"PK\x06\x06"
LOCAL_HEADER = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_UNICODE_NAME = 0x7075
_TAIL = 66_000
_FIRST_TAIL = 32_768
_MAX_DIRECTORY = 64 << 20
_MAX_ENTRIES = 500_000
_MEMORY = 256 << 20
"""Bytes that a member may ask for to be expanded."""
_ZSTANDARD = frozenset({20, 93})
"""Methods of APPNOTE.TXT 6.3.8, 4.4.5: the number of today, and the one of its first year."""


class NotZip(Exception):
    """No central directory was found, or it makes no sense."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the central directory. Sizes and offsets in bytes, `offset` of the local header."""

    name: str
    method: int
    flags: int
    crc: int
    packed: int
    size: int
    offset: int
    is_link: bool
    other_name: str = ""
    """A second name in the field 0x7075, which some programs prefer (APPNOTE.TXT 4.6.9)."""

    @property
    def stored(self) -> bool:
        """True if the member lies in the file as it is."""
        return self.method == 0


@dataclass(frozen=True, slots=True)
class Directory:
    """All entries, where the archive begins (data in front of it) and how many bytes follow its end.

    `complete`: False if fewer entries could be read than the end record states. `two`: True if two end records
    point to different tables of contents, whose entries are all here.
    """

    entries: tuple[Entry, ...]
    begins_at: int
    bytes_behind: int
    complete: bool
    two: bool = False
    shift: int = 0
    """Bytes in front of the archive that its offsets do not count."""


def read_directory(file: ByteReader) -> Directory:
    """Read the central directory. Raises `NotZip`."""
    tail, end = _find_end(file)
    first = file.size - len(tail)
    record = tail[end : end + 22]
    narrow = _Place(first + end, *struct.unpack("<HII", record[10:20]))
    comment = int.from_bytes(record[20:22], "little")
    # Loaders take the wide record if there is one (PyTorch always writes it); one that says otherwise hides something.
    places = _zip64(file, tail, first + end)
    if not places or not narrow.agrees_with(places[0]):
        places.append(narrow)
    found = [_entries_at(file, tail, place) for place in places]
    entries = tuple(dict.fromkeys(entry for some, _, _ in found for entry in some))
    begins = min((entry.offset for entry in entries), default=found[0][2])
    complete = all(whole for _, whole, _ in found)
    behind = max(0, file.size - first - end - 22 - comment)
    return Directory(entries, begins, behind, complete, two=len(places) > 1, shift=found[0][2])


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an end record begins, and what it says: number of entries, length and start of the directory."""

    end: int
    count: int
    length: int
    start: int

    def agrees_with(self, wide: "_Place") -> bool:
        """True if every value that is not left to the other record is the same."""
        return (
            self.count in {wide.count, 0xFFFF}
            and self.length in {wide.length, 0xFFFFFFFF}
            and self.start in {wide.start, 0xFFFFFFFF}
        )


def _entries_at(file: ByteReader, tail: bytes, place: _Place) -> tuple[tuple[Entry, ...], bool, int]:
    """Entries, whether they are as many as stated, and how far the archive is shifted. Raises `NotZip`."""
    shift = place.end - place.length - place.start
    if place.length > _MAX_DIRECTORY or shift < 0 or place.start + shift < 0:
        raise NotZip("the directory lies outside the file")
    entries = tuple(_entries(_slice(file, tail, place.start + shift, place.length), shift))
    complete = len(entries) >= place.count
    if shift:  # some readers move all offsets behind what stands in front, others take them literally: read both ways
        entries += tuple(_entries(_slice(file, tail, place.start, place.length), 0))
    return entries, complete, shift


def _find_end(file: ByteReader) -> tuple[bytes, int]:
    tail = b""
    for wanted in (_FIRST_TAIL, _TAIL):
        size = min(wanted, file.size)
        file.seek(file.size - size)
        tail = file.read(size)
        end = tail.rfind(_END, 0, max(0, len(tail) - 18))  # a whole record of 22 bytes begins there
        if end >= 0:
            return tail, end
    raise NotZip("no end record")


def _zip64(file: ByteReader, tail: bytes, end: int) -> list[_Place]:
    """The zip64 end records: the one right before the other record, and the one where its locator says.

    They are the same, unless the archive stands behind something else.
    """
    locator = _slice(file, tail, max(0, end - 20), 20)
    if locator[:4] != b"PK\x06\x07":
        return []
    found = []
    for place in dict.fromkeys((end - 20 - 56, int.from_bytes(locator[8:16], "little"))):
        record = _slice(file, tail, place, 56) if 0 <= place < file.size else b""
        if record[:4] == _END64 and len(record) == 56:
            found.append(_Place(place, *struct.unpack("<QQQ", record[32:56])))
    return found


def _slice(file: ByteReader, tail: bytes, start: int, length: int) -> bytes:
    first = file.size - len(tail)
    if start >= first:
        return tail[start - first : start - first + length]
    file.seek(start)
    return file.read(length)


def _entries(data: bytes, shift: int) -> Iterator[Entry]:
    place = 0
    for _ in range(_MAX_ENTRIES):
        if data[place : place + 4] != b"PK\x01\x02" or place + 46 > len(data):
            return
        fields = _CENTRAL.unpack_from(data, place)
        flags, method, crc, packed, size = fields[3], fields[4], fields[7], fields[8], fields[9]
        name_length, extra_length, comment_length, attributes, offset = *fields[10:13], fields[15], fields[16]
        raw_name = data[place + 46 : place + 46 + name_length]
        extra = data[place + 46 + name_length : place + 46 + name_length + extra_length]
        size, packed, offset = _widen(extra, size, packed, offset)
        name = raw_name.decode("utf-8" if flags & 0x800 else "cp437", "replace")
        yield Entry(
            name, method, flags, crc, packed, size, offset + shift, (attributes >> 28) == 0xA, _other_name(extra)
        )
        place += 46 + name_length + extra_length + comment_length


def _other_name(extra: bytes) -> str:
    if b"\x75\x70" not in extra:
        return ""
    place = 0
    while place + 4 <= len(extra):
        field_id, length = struct.unpack_from("<HH", extra, place)
        if field_id == _UNICODE_NAME:
            return extra[place + 9 : place + 4 + length].decode("utf-8", "replace")
        place += 4 + length
    return ""


def _widen(extra: bytes, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    """Apply the zip64 extra field: only those values are there whose 32-bit form is full."""
    values = [size, packed, offset]
    place = 0
    while place + 4 <= len(extra):
        field_id, length = struct.unpack_from("<HH", extra, place)
        if field_id == 1:
            at = place + 4
            for index, value in enumerate(values):
                if value == 0xFFFFFFFF and at + 8 <= len(extra):
                    values[index] = int.from_bytes(extra[at : at + 8], "little")
                    at += 8
        place += 4 + length
    return values[0], values[1], values[2]


def open_entry(file: ByteReader, entry: Entry, budget: Budget) -> tuple[ByteReader | None, tuple[str, ...]]:
    """The member's bytes (None if its compression is unknown) and the oddities of its local header."""
    file.seek(entry.offset)
    header = file.read(30)
    oddities: list[str] = []
    if len(header) < 30 or header[:4] != b"PK\x03\x04":
        return None, ("local_missing",)
    fields = LOCAL_HEADER.unpack(header)
    local_flags, local_method, name_length, extra_length = fields[2], fields[3], fields[9], fields[10]
    name = file.read(name_length).decode("utf-8" if local_flags & 0x800 else "cp437", "replace")
    if name != entry.name and name.replace("\\", "/") != entry.name.replace("\\", "/"):
        oddities.append("local_name")
    if local_method != entry.method:
        oddities.append("local_method")
    if (local_flags ^ entry.flags) & 1:
        oddities.append("local_encryption")
    length = _packed_length(fields, entry)
    if entry.method == 0 and not entry.flags & 1:
        length = max(length, entry.size)  # what is not packed has one length
    if length != entry.packed:
        oddities.append("local_size")
    start = entry.offset + 30 + name_length + extra_length
    packed = Window(file, start, length)
    if packed.size < entry.packed:
        oddities.append("cut_short")
    opened = _opened(packed, entry.method, budget)
    if opened is None or (local_method != entry.method and not _begins(opened)):
        opened = _opened(packed, local_method, budget) or opened
    return opened, tuple(oddities)


def _begins(opened: ByteReader) -> bool:
    """Whether anything comes out at all."""
    first = opened.read(1)
    opened.seek(0)
    return first != b""


def _packed_length(local: tuple[int, ...], entry: Entry) -> int:
    """The larger of both stated lengths: one of two programs would stop at the smaller. Some headers state none."""
    stated = local[7]
    if not stated or stated == 0xFFFFFFFF or local[2] & 8:
        return entry.packed
    return max(stated, entry.packed)


def _opened(packed: Window, method: int, budget: Budget) -> ByteReader | None:
    if method == 0:
        return packed
    if method == 8:
        return ExpandedFile(lambda: expand(packed, lambda: zlib.decompressobj(-15)), budget)
    if method == 12:
        return ExpandedFile(lambda: expand(packed, bz2.BZ2Decompressor), budget)
    if method == 14:
        return ExpandedFile(lambda: expand(packed, lambda: _raw_lzma(packed), 4 + 5), budget)
    if method in _ZSTANDARD:
        return ExpandedFile(lambda: zstd_chunks(packed), budget)
    return None


def _raw_lzma(packed: Window) -> lzma.LZMADecompressor:
    """LZMA in zip: 2 bytes version, 2 bytes length, then the 5 properties (APPNOTE 5.8.8)."""
    packed.seek(4)
    properties = packed.read(5)
    if int.from_bytes(properties[1:], "little") > _MEMORY:
        raise ValueError("asks for too much memory")
    filters = lzma._decode_filter_properties(lzma.FILTER_LZMA1, properties)  # type: ignore[attr-defined]  # noqa: SLF001  as zipfile does
    return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[filters])
