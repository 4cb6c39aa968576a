"""Compound files: folders and streams within one file, as old Office documents and Windows installers are (MS-CFB)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from core.byte_reader import ByteReader

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST_SECTOR = 0xFFFFFFFA
"""Numbers from here on are marks, not sectors (2.1)."""
_MOST_ENTRIES = 20_000
_MOST_SECTORS = 1 << 19
_KEPT = 2048
"""Sectors of the allocation table that are kept at a time."""
_IN_HEADER = 109
"""Sectors of the allocation table that the header itself lists (2.2)."""
_STREAM, _ROOT = 2, 5


class NotCompound(Exception):
    """The header or the directory contradicts the file."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A folder or stream: its name, whether it is a stream, first sector, bytes, and the class of what it holds."""

    name: str
    is_stream: bool
    start: int
    size: int
    class_id: bytes


class CompoundFile:
    """Directory and streams. Raises `NotCompound` where the file makes no sense; reads are bounded."""

    def __init__(self, file: ByteReader) -> None:
        self._file = file
        head = self._at(0, 512)
        if len(head) < 512 or not head.startswith(MAGIC):
            raise NotCompound
        shift: int
        small: int
        shift, small = struct.unpack_from("<HH", head, 30)
        if shift not in {9, 12} or small != 6:
            raise NotCompound
        self._sector, self._small = 1 << shift, 1 << small
        directory, self._cutoff, first_small, more = (
            struct.unpack_from("<I", head, place)[0] for place in (48, 56, 60, 68)
        )
        self._tables = list(self._table_sectors(head, more))
        self._links: dict[int, tuple[int, ...]] = {}
        self.entries = tuple(self._directory(directory))
        self._small_links = self._numbers(self._chain(first_small))
        root = next((entry for entry in self.entries if not entry.is_stream), None)
        self._small_sectors = list(self._chain(root.start)) if root is not None else []

    def read(self, entry: Entry, most: int) -> bytes:
        """The first `most` bytes of a stream."""
        size = min(entry.size, most)
        if entry.size >= self._cutoff:
            return self._gather(self._chain(entry.start), size)
        parts, place = [], entry.start
        per_sector = self._sector // self._small
        for _ in range(size // self._small + 1):
            if place >= _LAST_SECTOR or place // per_sector >= len(self._small_sectors):
                break
            base = self._offset(self._small_sectors[place // per_sector])
            parts.append(self._at(base + place % per_sector * self._small, self._small))
            place = self._small_links[place] if place < len(self._small_links) else _LAST_SECTOR
        return b"".join(parts)[:size]

    def _at(self, offset: int, size: int) -> bytes:
        self._file.seek(offset)
        return self._file.read(size)

    def _offset(self, sector: int) -> int:
        return (sector + 1) * self._sector

    def _numbers(self, sectors: Iterator[int]) -> tuple[int, ...]:
        data = self._gather(sectors, _MOST_SECTORS * 4)
        return struct.unpack(f"<{len(data) // 4}I", data[: len(data) & ~3])

    def _table_sectors(self, head: bytes, more: int) -> Iterator[int]:
        """Sectors of the allocation table: the first are listed in the header, the others in sectors of their own."""
        yield from (number for number in struct.unpack_from(f"<{_IN_HEADER}I", head, 76) if number < _LAST_SECTOR)
        for _ in range(_MOST_SECTORS // 128):
            if more >= _LAST_SECTOR:
                return
            data = self._at(self._offset(more), self._sector)
            if len(data) < self._sector:
                raise NotCompound
            *listed, more = struct.unpack(f"<{self._sector // 4}I", data)
            yield from (number for number in listed if number < _LAST_SECTOR)

    def _next(self, sector: int) -> int:
        index, place = divmod(sector, self._sector // 4)
        if index >= len(self._tables):
            raise NotCompound
        if index not in self._links:
            if len(self._links) >= _KEPT:
                self._links.clear()
            data = self._at(self._offset(self._tables[index]), self._sector)
            self._links[index] = struct.unpack(f"<{len(data) // 4}I", data[: len(data) & ~3])
        links = self._links[index]
        if place >= len(links):
            raise NotCompound
        following: int = links[place]
        return following

    def _chain(self, sector: int) -> Iterator[int]:
        for _ in range(min(_MOST_SECTORS, self._file.size // self._sector + 1)):  # else it goes round in a circle
            if sector >= _LAST_SECTOR:
                return
            yield sector
            sector = self._next(sector)

    def _gather(self, sectors: Iterator[int], most: int) -> bytes:
        parts, left = [], most
        for sector in sectors:
            if left <= 0:
                break
            parts.append(self._at(self._offset(sector), min(self._sector, left)))
            left -= self._sector
        return b"".join(parts)

    def _directory(self, first: int) -> Iterator[Entry]:
        data = self._gather(self._chain(first), _MOST_ENTRIES * 128)
        for place in range(0, len(data) - 127, 128):
            length, kind = struct.unpack_from("<HB", data, place + 64)
            if kind not in {1, _STREAM, _ROOT}:
                continue
            name = data[place : place + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            start, size = struct.unpack_from("<IQ", data, place + 116)
            if self._sector == 512:
                size &= 0xFFFFFFFF
            yield Entry(name, kind == _STREAM, start, size, data[place + 80 : place + 96])
