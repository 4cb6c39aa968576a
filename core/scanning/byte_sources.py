"""Byte readers over what is at hand: bytes in memory, a stretch of another reader, a decompressed stream."""

import bisect
import io
import lzma
import re
import sys
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Protocol

from core.byte_reader import ByteReader
from core.scanning.inspection import Budget


class BytesFile(io.BytesIO):
    """Bytes in memory as a `ByteReader`."""

    error: Exception | None = None

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.size = len(data)


class Window(io.RawIOBase):
    """A stretch of another reader, for example a stored member of an archive. Reads exactly."""

    def __init__(self, source: ByteReader, offset: int, size: int) -> None:
        super().__init__()
        self._source, self._offset, self._position = source, offset, 0
        self.size = max(0, min(size, source.size - offset))

    @property
    def error(self) -> Exception | None:
        """The source's."""
        return self._source.error

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        """Exactly `size` bytes, or up to the end of the stretch."""
        left = self.size - self._position
        size = left if size < 0 else min(size, left)
        if size <= 0:
            return b""
        self._source.seek(self._offset + self._position)
        data = self._source.read(size)
        self._position += len(data)
        return data

    def readall(self) -> bytes:
        """Everything from here on."""
        return self.read(-1)

    def readline(self, size: int | None = -1, /) -> bytes:
        """One line, or its first `size` bytes; picklescan reads pickle lines this way."""
        return _read_line(self, size)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """As `io.IOBase.seek`."""
        base = (0, self._position, self.size)[whence]
        if base + offset < 0:
            raise ValueError("negative seek")
        self._position = base + offset
        return self._position

    def tell(self) -> int:
        """Current position."""
        return self._position


def _read_line(file: "Window | ExpandedFile", size: int | None) -> bytes:
    start = file.tell()
    most = sys.maxsize if size is None or size < 0 else size
    parts: list[bytes] = []
    length = 0
    while length < most:
        more = file.read(min(4096, most - length))
        end = more.find(b"\n") + 1
        parts.append(more[: end or None])
        length += len(parts[-1])
        if end or not more:
            break
    file.seek(start + length)
    return b"".join(parts)


BROKEN_STREAM = (OSError, EOFError, ValueError, RuntimeError, zlib.error, lzma.LZMAError)
"""What decoders raise on damaged input."""
_BLOCK = 1 << 18


class ExpandedFile(io.RawIOBase):
    """A decompressed stream, read forwards; the last blocks are kept for short steps back.

    `chunks` yields decompressed bytes of any length. Stepping further back than the kept blocks starts over by
    calling `restart`. `size` is only known once the stream was read to its end, so it is found out at first need
    and charged to the budget.
    """

    def __init__(self, restart: Callable[[], Iterator[bytes]], budget: Budget, kept_blocks: int = 64) -> None:
        super().__init__()
        self._restart, self._budget, self._kept = restart, budget, kept_blocks
        self._chunks: Iterator[bytes] = restart()
        self._blocks: OrderedDict[int, bytes] = OrderedDict()
        self._pending = bytearray()
        self._next_block = 0
        self._ended = False
        self._position = 0
        self._size: int | None = None
        self.expanded = 0
        """Bytes that came out of compression so far."""
        self.error: Exception | None = None
        self.broken: Exception | None = None
        """Why the stream ended early, if it did."""

    @property
    def size(self) -> int:
        """Length in bytes after expansion."""
        if self._size is None:
            while not self._ended:
                self._step()
        assert self._size is not None  # noqa: S101  set when the stream ended
        return self._size

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes, at a price."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        """Exactly `size` bytes, or up to the end."""
        if size < 0:
            size = max(0, self.size - self._position)
        parts = []
        while size > 0:
            block = self._block(self._position // _BLOCK)
            part = block[self._position % _BLOCK :][:size]
            if not part:
                break
            parts.append(part)
            self._position += len(part)
            size -= len(part)
        return b"".join(parts)

    def readline(self, size: int | None = -1, /) -> bytes:
        """One line, or its first `size` bytes."""
        return _read_line(self, size)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """As `io.IOBase.seek`."""
        base = 0 if whence == 0 else self._position if whence == 1 else self.size
        self._position = max(0, base + offset)
        return self._position

    def tell(self) -> int:
        """Current position."""
        return self._position

    def _block(self, index: int) -> bytes:
        if index in self._blocks:
            return self._blocks[index]
        if index < self._next_block:
            self._begin_again()
        while index not in self._blocks:
            if self._ended:
                return b""
            self._step()
        return self._blocks[index]

    def _begin_again(self) -> None:
        self._chunks = self._restart()
        self._blocks.clear()
        self._pending.clear()
        self._next_block, self._ended = 0, False

    def _step(self) -> None:
        while len(self._pending) < _BLOCK:
            try:
                chunk = next(self._chunks, None)
            except BROKEN_STREAM as problem:
                self.broken, chunk = problem, None
            if chunk is None:
                self._ended = True
                break
            self.expanded += len(chunk)
            self._budget.expand(len(chunk))
            self._pending += chunk
        self._blocks[self._next_block] = bytes(self._pending[:_BLOCK])
        del self._pending[:_BLOCK]
        if self._ended:
            rest = bytes(self._pending)
            self._size = self._next_block * _BLOCK + len(self._blocks[self._next_block]) + len(rest)
            if rest:
                self._blocks[self._next_block + 1] = rest
        self._next_block += 1
        while len(self._blocks) > self._kept:
            self._blocks.popitem(last=False)


class Decoder(Protocol):
    """What zlib, bz2 and lzma decompressors have in common."""

    @property
    def eof(self) -> bool:
        """True at the end of a stream."""
        ...

    @property
    def unused_data(self) -> bytes:
        """Input after the end of the stream."""
        ...

    def decompress(self, data: bytes, max_length: int = -1, /) -> bytes:
        """At most `max_length` bytes."""
        ...


def expand(source: ByteReader, new_decoder: Callable[[], Decoder], start: int = 0) -> Iterator[bytes]:
    """Decompress `source` from `start`, stream after stream. Raises what the decoder raises on broken input.

    What a broken stream holds up to the damage is given out before: some loaders never come as far as its checksum.
    """
    offset, data, decoder = start, b"", new_decoder()
    begin, given = start, 0
    while True:
        if not data and getattr(decoder, "needs_input", True):
            source.seek(offset)
            data = source.read(_BLOCK)
            offset += len(data)
            if not data:
                if not decoder.eof:
                    raise EOFError("compressed stream ends early")
                return
        try:
            chunk = decoder.decompress(data, _BLOCK)
        except BROKEN_STREAM:
            yield from _up_to_the_damage(source, new_decoder(), (begin, offset - len(data), offset), given)
            raise
        yield chunk
        given += len(chunk)
        data = getattr(decoder, "unconsumed_tail", b"")
        if decoder.eof:
            data = (decoder.unused_data or b"").lstrip(b"\x00")  # lz4 has None for nothing
            if not data and offset >= source.size:
                return
            decoder = new_decoder()
            begin, given = offset - len(data), 0


def _up_to_the_damage(
    source: ByteReader, decoder: Decoder, places: tuple[int, int, int], given: int
) -> Iterator[bytes]:
    """What a decoder gives if it is fed byte by byte where it failed.

    `places`: start of the stream, of the input that failed, and its end. `given`: bytes that came out before.
    """
    place, failed, end = places
    while place < end:
        source.seek(place)
        piece = source.read(min(_BLOCK, failed - place) if place < failed else end - place)
        step = len(piece) if place < failed else 1
        place += len(piece)
        for at in range(0, len(piece), step):
            try:
                for chunk in _fed(decoder, piece[at : at + step]):
                    if len(chunk) > given:
                        yield chunk[given:]
                    given = max(0, given - len(chunk))
            except BROKEN_STREAM:
                return


def _fed(decoder: Decoder, data: bytes) -> Iterator[bytes]:
    """All that comes out for this input, in portions."""
    while True:
        yield decoder.decompress(data, _BLOCK)
        data = getattr(decoder, "unconsumed_tail", b"")
        if decoder.eof or (not data and getattr(decoder, "needs_input", True)):
            return


def newline_offsets(text: str) -> list[int]:
    """Positions of line breaks, for `line_at`."""
    return [match.start() for match in re.finditer("\n", text)]


def line_at(newlines: list[int], position: int) -> int:
    """Line number, from 1, of a character position."""
    return bisect.bisect_left(newlines, position) + 1
