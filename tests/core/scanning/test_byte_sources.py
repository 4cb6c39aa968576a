"""Readers over readers: exact reads, steps back at any distance, and streams that break or grow too large."""

import bz2
import gzip
import hashlib
import io
import lzma
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.scanning.byte_sources import BytesFile, Decoder, ExpandedFile, Window, expand, line_at, newline_offsets
from core.scanning.inspection import Budget, LimitReached

CONTENT = hashlib.shake_256(b"content").digest(1000) * 2000
"""Two megabytes: several blocks of an expanded file."""
NOISE = hashlib.shake_256(b"noise").digest(50_000)
DECODERS: dict[str, tuple[Callable[[bytes], bytes], Callable[[], Decoder]]] = {
    "gzip": (gzip.compress, lambda: zlib.decompressobj(31)),
    "zlib": (zlib.compress, zlib.decompressobj),
    "bzip2": (bz2.compress, bz2.BZ2Decompressor),
    "xz": (lzma.compress, lzma.LZMADecompressor),
}


def expanded(packed: bytes, name: str, budget: Budget | None = None, kept: int = 64) -> ExpandedFile:
    source = BytesFile(packed)
    return ExpandedFile(lambda: expand(source, DECODERS[name][1]), budget or Budget(), kept)


@settings(max_examples=80, deadline=None)
@given(steps=st.lists(st.tuples(st.integers(0, 120), st.integers(-1, 130)), max_size=12))
def test_a_window_reads_as_a_file_of_its_own_would(steps: list[tuple[int, int]]) -> None:
    content = CONTENT[:300]
    window, plain = Window(BytesFile(content), 50, 100), io.BytesIO(content[50:150])
    for offset, size in steps:
        assert window.seek(offset) == plain.seek(offset)
        assert window.read(size) == plain.read(size)
        assert window.readline() == plain.readline()


def test_a_window_beyond_the_end_of_its_source_is_as_short_as_it_must_be() -> None:
    assert Window(BytesFile(b"abcdef"), 4, 100).read() == b"ef"
    assert Window(BytesFile(b"abcdef"), 40, 100).read() == b""
    assert Window(BytesFile(b"abcdef"), 40, 100).size == 0
    with pytest.raises(ValueError, match="negative"):
        Window(BytesFile(b"abcdef"), 0, 3).seek(-1)


@pytest.mark.parametrize("name", DECODERS)
def test_expanded_streams_read_forwards_and_back(name: str) -> None:
    file = expanded(DECODERS[name][0](CONTENT), name, kept=2)
    assert file.read(10) == CONTENT[:10]
    file.seek(1_500_000)
    assert file.read(300_000) == CONTENT[1_500_000:1_800_000]
    file.seek(5)
    assert file.read(10) == CONTENT[5:15]
    assert file.size == len(CONTENT)
    file.seek(-10, io.SEEK_END)
    assert file.read() == CONTENT[-10:]
    assert file.read(5) == b""
    assert file.broken is None


@pytest.mark.parametrize("name", DECODERS)
@pytest.mark.parametrize("kept", [0.3, 0.9])
def test_a_stream_that_ends_early_gives_what_it_has_and_says_so(name: str, kept: float) -> None:
    packed = DECODERS[name][0](CONTENT[:50_000] + NOISE)
    file = expanded(packed[: int(len(packed) * kept)], name)
    data = file.read()
    assert data == (CONTENT[:50_000])[: len(data)] or data.startswith(CONTENT[:50_000])
    assert file.size == len(data)
    assert file.broken is not None


@pytest.mark.parametrize("name", DECODERS)
def test_a_damaged_stream_breaks_instead_of_raising(name: str) -> None:
    packed = bytearray(DECODERS[name][0](NOISE[:5000]))
    packed[40:60] = b"\xff" * 20
    file = expanded(bytes(packed), name)
    file.read()
    assert file.broken is not None


@pytest.mark.parametrize("name", DECODERS)
def test_streams_one_after_another_are_one(name: str) -> None:
    pack = DECODERS[name][0]
    file = expanded(pack(b"first ") + pack(b"second"), name)
    assert file.read() == b"first second"


def test_expansion_is_charged_and_stops_at_the_limit() -> None:
    file = expanded(gzip.compress(b"\0" * (4 << 20)), "gzip", Budget(expanded_bytes=1 << 20))
    with pytest.raises(LimitReached):
        file.read()
    assert file.expanded <= 2 << 20


@settings(max_examples=60, deadline=None)
@given(content=st.binary(max_size=300), size=st.none() | st.integers(-1, 50))
def test_lines_are_those_of_a_plain_file(content: bytes, size: int | None) -> None:
    content = content.replace(b"\x05", b"\n")
    plain, window = io.BytesIO(content), Window(BytesFile(content), 0, len(content))
    opened = expanded(zlib.compress(content), "zlib")
    for _ in range(5):
        line = plain.readline(-1 if size is None else size)
        assert window.readline(size) == line
        assert opened.readline(size) == line


def test_line_numbers() -> None:
    newlines = newline_offsets("a\nbb\nc")
    assert [line_at(newlines, place) for place in (0, 1, 2, 4, 5)] == [1, 1, 2, 2, 3]
