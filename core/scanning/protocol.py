"""The frames between the program and its worker process: 9 bytes of header, then the payload.

Header: payload length (4 bytes), frame type (1 byte), job number (4 bytes), big endian. The worker may only
ask for bytes of the file of a running job and hand back one result per job; everything else ends it.
"""

import struct
from enum import IntEnum
from typing import BinaryIO

HEADER = struct.Struct(">IBI")
READ_REQUEST = struct.Struct(">QI")
MAX_READ = 8 << 20
"""Bytes a worker may ask for at once."""
MAX_RESULT = 8 << 20
"""Bytes a result may have."""
HEAD = 65536
"""Bytes sent along with a job, so that small files need no question and answer."""


class Frame(IntEnum):
    """What a frame carries."""

    SETUP = 1
    """To the worker: JSON `{paths, own_rules, own_bytes}`: all paths, and rules of the person by file name."""
    JOB = 2
    """To the worker: JSON `{path, size, head}` of `head` bytes, newline, then the first bytes of the file."""
    DATA = 3
    """To the worker: the bytes asked for."""
    READ_FAILED = 4
    """To the worker: the file cannot be read any more."""
    HELLO = 5
    """From the worker: JSON list of the layers of protection that are active."""
    READ = 6
    """From the worker: offset and size."""
    RESULT = 7
    """From the worker: JSON; a list of such for a batch, which may end early."""
    BATCH = 8
    """To the worker: JSON list of `[path, size]`, newline, then all bytes of these small files."""
    HEADERS = 9
    """To the worker, as `JOB`: not to inspect the file, but to say which tensors its head lists."""


class ProtocolError(Exception):
    """The other side did not keep to the frames, or is gone."""


def write_frame(stream: BinaryIO, kind: Frame, job: int, payload: bytes) -> None:
    """Write one frame and flush. Callers keep writers apart with a lock."""
    stream.write(HEADER.pack(len(payload), kind, job) + payload)
    stream.flush()


def read_frame(stream: BinaryIO, largest: int) -> tuple[Frame, int, bytes]:
    """Read one frame of at most `largest` bytes. Raises `ProtocolError` at the end of the stream or on nonsense."""
    header = stream.read(HEADER.size)
    if len(header) < HEADER.size:
        raise ProtocolError("end of stream")
    length, kind, job = HEADER.unpack(header)
    if length > largest:
        raise ProtocolError("frame too large")
    payload = stream.read(length)
    if len(payload) < length:
        raise ProtocolError("frame cut short")
    try:
        return Frame(kind), job, payload
    except ValueError as problem:
        raise ProtocolError("unknown frame") from problem
