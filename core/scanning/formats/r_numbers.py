"""Numbers and texts of R data in its three forms (R Internals 1.8; R source: src/main/serialize.c)."""

import struct

from core.scanning.inspection import Inspection

LONGEST_TEXT = 1 << 16
"""Bytes kept of a text."""


class BrokenData(Exception):
    """Not what R writes."""


class Numbers:
    """The three ways of writing numbers: XDR (big endian), binary (little endian), and text."""

    def __init__(self, inspection: Inspection, start: int) -> None:
        self._file, self._at = inspection.file, start
        mark = inspection.read_at(start, 2)
        if mark not in {b"X\n", b"B\n", b"A\n"}:
            raise BrokenData
        self._order = "<" if mark == b"B\n" else ">"
        self.as_text = mark == b"A\n"
        self._at = start + 2

    @property
    def ended(self) -> bool:
        """True when nothing is left."""
        return self._at >= self._file.size

    def take(self, size: int) -> bytes:
        """The next `size` bytes. Raises `BrokenData`."""
        self._file.seek(self._at)
        data = self._file.read(size)
        if len(data) < size:
            raise BrokenData
        self._at += size
        return data

    def line(self) -> bytes:
        """The next line, of the form that is text. Raises `BrokenData`."""
        self._file.seek(self._at)
        data = self._file.read(LONGEST_TEXT).partition(b"\n")
        if not data[1]:
            raise BrokenData
        self._at += len(data[0]) + 1
        return data[0].strip()

    def integer(self) -> int:
        """A whole number of 32 bits. Raises `BrokenData`."""
        if not self.as_text:
            value: int = struct.unpack(self._order + "i", self.take(4))[0]
            return value
        line = self.line()
        try:
            return -(1 << 31) if line == b"NA" else int(line)
        except ValueError:
            raise BrokenData from None

    def length(self) -> int:
        """How many values follow. Raises `BrokenData`."""
        size = self.integer()
        if size == -1:  # a long vector: two more numbers (serialize.c: ReadLENGTH)
            size = (self.integer() << 32) + self.integer()
        if size < 0:
            raise BrokenData
        return size

    def skip(self, count: int, width: int, lines: int) -> None:
        """Step over `count` values of `width` bytes, or as many `lines` each."""
        if self.as_text:
            for _ in range(count * lines):
                self.line()
        elif self._at + count * width > self._file.size:
            raise BrokenData
        else:
            self._at += count * width

    def text(self) -> str:
        """A text behind its length; the first 64 kB of it. Raises `BrokenData`."""
        size = self.integer()
        if size < 0:
            return ""
        if self.as_text:
            return self.line().decode("utf-8", "replace")
        kept = self.take(min(size, LONGEST_TEXT)).decode("utf-8", "replace")
        self.skip(size - min(size, LONGEST_TEXT), 1, 0)
        return kept
