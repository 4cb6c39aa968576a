"""Zstandard frames, for files packed that way and for members of a zip."""

from collections.abc import Iterator

from core.byte_reader import ByteReader

_MEMORY = 256 << 20
"""Bytes that a frame may ask for to be expanded."""
_PORTION = 1024
"""Bytes fed at once: what they expand to fits the memory."""


def zstd_chunks(file: ByteReader) -> Iterator[bytes]:
    """Zstandard frames, one after the other, fed in portions so small that what they expand to fits the memory."""
    import zstandard  # noqa: PLC0415  seldom needed

    file.seek(0)
    frames = zstandard.ZstdDecompressor(max_window_size=_MEMORY)
    frame = frames.decompressobj()
    data = file.read(_PORTION)
    while data:
        try:
            yield frame.decompress(data)
        except zstandard.ZstdError as problem:
            raise EOFError(str(problem)) from problem
        data = frame.unused_data if frame.eof else b""
        if frame.eof and (data or file.tell() < file.size):
            frame = frames.decompressobj()
        data = data or file.read(_PORTION)
    if not frame.eof:
        raise EOFError("compressed stream ends early")
