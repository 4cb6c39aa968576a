"""Bytes of a pickle stream, forwards: a buffer over the file, lines, and arguments that are stepped over."""

from core.byte_reader import ByteReader
from core.scanning.formats.pickle_values import Long
from core.scanning.inspection import LimitReached

_FIRST_READ, _LARGEST_READ = 1 << 14, 1 << 19
_STEP_OVER = 1 << 15
"""Arguments longer than this are stepped over."""
_LINE_KEPT = 1 << 16
"""Bytes kept of a line; the rest of it is read and dropped."""
_LONGEST_LINE = 256 << 20
AHEAD = 9
"""Bytes that are in the buffer before an opcode runs: the longest opcode with an argument of fixed size."""


class BrokenPickle(Exception):
    """The stream is not what an unpickler accepts; `offset` says where."""

    def __init__(self, problem: str, offset: int) -> None:
        super().__init__(problem)
        self.offset = offset


class StreamReader:
    """A place in the file and the bytes behind it. `buffer[at]` is the next byte; `base` the buffer's own offset."""

    def __init__(self, file: ByteReader, start: int) -> None:
        self.file, self.start = file, start
        self.stepped_over = 0
        """Bytes of arguments that were not read."""
        self.buffer, self.base, self.at, self.limit = b"", start, 0, -1
        self._read_size = _FIRST_READ

    @property
    def offset(self) -> int:
        """Where in the file the reader is."""
        return self.base + self.at

    @property
    def at_end(self) -> bool:
        """True when nothing is left."""
        return self.base + self.at >= self.file.size

    def jump(self, offset: int) -> None:
        """Go on at another offset of the file."""
        inside = offset - self.base
        if 0 <= inside <= len(self.buffer):
            self.at = inside
        else:
            self.base, self.at, self.buffer, self.limit = offset, 0, b"", -1
            self._read_size = _FIRST_READ

    def refill(self, need: int = AHEAD) -> None:
        """Have at least `need` bytes from the current place on, if the file has them. Raises `BrokenPickle` at its end.

        Until `at` passes `limit`, an opcode with its fixed argument is in the buffer, or the file ends in the buffer.
        """
        rest = self.buffer[self.at :]
        start = self.base + self.at
        if start + len(rest) < self.file.size:
            self.file.seek(start + len(rest))
            self.buffer = rest + self.file.read(max(self._read_size, need - len(rest)))
            self._read_size = min(self._read_size * 2, _LARGEST_READ)
        else:
            self.buffer = rest
        self.base, self.at = start, 0
        ended = start + len(self.buffer) >= self.file.size
        self.limit = len(self.buffer) - (1 if ended else AHEAD)
        if not self.buffer:
            raise BrokenPickle("ends early", start)

    def take(self, size: int) -> bytes:
        """The next `size` bytes. Raises `BrokenPickle` if the file ends before."""
        end = self.at + size
        if end > len(self.buffer):
            self.refill(size)
            end = size
            if end > len(self.buffer):
                self.at = len(self.buffer)
                raise BrokenPickle("ends early", self.base + len(self.buffer))
        data = self.buffer[self.at : end]
        self.at = end
        return data

    def number(self, width: int) -> int:
        """An unsigned number of `width` bytes, little endian."""
        return int.from_bytes(self.take(width), "little")

    def line(self) -> bytes:
        """Up to the next line break, without it, and at most 64 kB of it.

        Raises `BrokenPickle` if there is none, `LimitReached` if it is too far away.
        """
        kept, start = b"", self.offset
        while self.offset - start <= _LONGEST_LINE:
            end = self.buffer.find(b"\n", self.at)
            if end >= 0:
                kept += self.buffer[self.at : end][: _LINE_KEPT - len(kept)]
                self.at = end + 1
                return kept
            kept += self.buffer[self.at :][: _LINE_KEPT - len(kept)]
            self.at = len(self.buffer)
            self.refill()
        raise LimitReached("too_large")

    def content(self, size: int, text: bool) -> bytes | Long:
        """An argument of stated length: read if short, else stepped over."""
        if size <= _STEP_OVER:
            return self.take(size)
        offset = self.offset
        if offset + size > self.file.size:
            raise BrokenPickle("ends early", offset)
        self.jump(offset + size)
        self.stepped_over += size
        return Long(size, offset, text)
