"""Zip files with every field under control (layout: APPNOTE.TXT 4.3)."""

import struct
import zlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Member:
    """One member; fields left at None are what they should be. `mode`: Unix file mode, for links."""

    name: str
    content: bytes
    packed: bool = False
    crc: int | None = None
    flags: int = 0
    local_flags: int | None = None
    local_name: str | None = None
    method: int | None = None
    local_method: int | None = None
    stated_size: int | None = None
    stated_packed: int | None = None
    """Packed length in the table of contents alone."""
    mode: int = 0o100644


def zipped(
    *members: Member, before: bytes = b"", behind: bytes = b"", count: int | None = None, wide: bool = False
) -> bytes:
    """The file. `before` and `behind` stand around the archive; `count` is what the end record states.

    `wide`: with a zip64 end record before the other, although none is needed, as PyTorch writes every checkpoint.
    """
    body, directory = bytearray(before), bytearray()
    for member in members:
        offset = len(body) - len(before)
        body += _local(member) + _payload(member)
        directory += _central(member, offset)
    stated = len(members) if count is None else count
    start = len(body) - len(before)
    if wide:
        end_at = len(body) + len(directory)
        numbers = (len(members), len(members), len(directory), start)
        directory += struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, *numbers)
        directory += struct.pack("<4sIQI", b"PK\x06\x07", 0, end_at, 1)
    length = len(directory) - 76 * wide
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, stated, stated, length, start, 0)
    return bytes(body) + bytes(directory) + end + behind


def _payload(member: Member) -> bytes:
    if not member.packed:
        return member.content
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(member.content) + packer.flush()


def _method(member: Member) -> int:
    return member.method if member.method is not None else 8 * member.packed


def _sizes(member: Member) -> bytes:
    crc = zlib.crc32(member.content) if member.crc is None else member.crc
    size = len(member.content) if member.stated_size is None else member.stated_size
    return struct.pack("<III", crc, len(_payload(member)), size)


def _local(member: Member) -> bytes:
    name = (member.local_name or member.name).encode()
    flags = member.flags if member.local_flags is None else member.local_flags
    method = _method(member) if member.local_method is None else member.local_method
    fixed = struct.pack("<4sHHHHH", b"PK\x03\x04", 20, flags, method, 0, 33)
    return fixed + _sizes(member) + struct.pack("<HH", len(name), 0) + name


def _central(member: Member, offset: int) -> bytes:
    name = member.name.encode()
    fixed = struct.pack("<4sHHHHHH", b"PK\x01\x02", 20, 20, member.flags, _method(member), 0, 33)
    place = struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, member.mode << 16, offset)
    sizes = _sizes(member)
    if member.stated_packed is not None:
        sizes = sizes[:4] + struct.pack("<I", member.stated_packed) + sizes[8:]
    return fixed + sizes + place + name
