"""Pictures and fonts: where they end by their own account, and what stands behind that.

Viewers stop there, so a program or an archive can hide behind a picture that looks as it should.
"""

import re
from collections.abc import Callable

from core.findings import Ability
from core.scanning.byte_sources import Window
from core.scanning.content import HEAD_SIZE, KINDS, identify
from core.scanning.inspection import Inspection

_LARGEST = 32 << 20
"""Bytes of a picture that are walked through, if its last bytes are not its own."""
_LEAST = 16
_LAST = {
    "png": b"\0\0\0\0IEND\xaeB\x60\x82",  # PNG specification, 11.2.5
    "jpeg": b"\xff\xd9",  # ITU-T T.81, B.1.1.3
    "gif": b"\x3b",  # GIF89a, 27
}
_SEGMENT = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
"""A mark of JPEG that is no part of packed points (ITU-T T.81, B.1.1.2)."""
_ARCHIVES = frozenset("zip tar gzip seven_zip rar xz zstd".split())


def scan(inspection: Inspection) -> None:
    """Look at what follows the end as at a file, if it is a program, a script or an archive."""
    end = _end(inspection)
    rest = inspection.file.size - (end or inspection.file.size)
    if rest < _LEAST:
        return
    behind = Window(inspection.file, inspection.file.size - rest, rest)
    kind = identify("", behind.read(HEAD_SIZE), rest).id
    behind.seek(0)
    if kind in _ARCHIVES or KINDS[kind].ability in {Ability.PROGRAM, Ability.SCRIPT}:
        inspection.nested(f"bytes at {inspection.file.size - rest}", behind)


def _end(inspection: Inspection) -> int | None:
    """Where it ends; None if that is where the file does, or cannot be told."""
    size = inspection.file.size
    if inspection.kind == "font":
        return _end_of_font(inspection.head)
    last = _LAST[inspection.kind]
    if size > HEAD_SIZE and inspection.read_at(size - len(last), len(last)) == last:
        return None
    walk: Callable[[bytes], int] = {"png": _end_of_png, "jpeg": _end_of_jpeg, "gif": _end_of_gif}[inspection.kind]
    try:
        return walk(inspection.read_at(0, min(size, _LARGEST)))
    except IndexError:
        return None


def _end_of_png(data: bytes) -> int:
    """Behind the chunk IEND: each chunk has its length, a name, its data and a checksum."""
    at = 8
    while True:
        name = data[at + 4 : at + 8]
        at += 12 + int.from_bytes(data[at : at + 4], "big")
        if name == b"IEND" or at > len(data):
            return at


def _end_of_jpeg(data: bytes) -> int:
    """Behind the mark that ends the first picture; segments have their length behind their mark."""
    at = 2
    while True:
        mark = _SEGMENT.search(data, at)
        if mark is None:
            return len(data)
        if mark[0] == _LAST["jpeg"]:
            return mark.end()
        at = mark.end() + int.from_bytes(data[mark.end() : mark.end() + 2], "big")


def _end_of_gif(data: bytes) -> int:
    """Behind the trailer: blocks of parts, each with its length in one byte (GIF89a, 15 to 27)."""
    at = 13 + _colours(data[10])
    while data[at] != _LAST["gif"][0]:
        at += 2 if data[at] == 0x21 else 11 + _colours(data[at + 9])
        while data[at]:
            at += 1 + data[at]
        at += 1
    return at + 1


def _colours(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _end_of_font(head: bytes) -> int | None:
    """Behind the last table (OpenType: Table directory), or the length that a WOFF states."""
    if head.startswith((b"wOFF", b"wOF2")):
        return int.from_bytes(head[8:12], "big")
    if not head.startswith((b"OTTO", b"\0\1\0\0")):
        return None
    count = int.from_bytes(head[4:6], "big")
    if not count or len(head) < 12 + 16 * count:
        return None
    ends = [
        int.from_bytes(head[at + 8 : at + 12], "big") + -(-int.from_bytes(head[at + 12 : at + 16], "big") // 4) * 4
        for at in range(12, 12 + 16 * count, 16)
    ]
    return max(ends)
