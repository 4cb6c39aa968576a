"""HDF5: links and numbers that lie in other files, which a reader opens without asking (CVE-2026-1669).

Found by their structure, without a full reader: HDF5 File Format Specification 3.0, IV.A.2.g (Link) and IV.A.2.h
(External Data Files).
"""

import re
import struct

from core.findings import Evidence, Level
from core.scanning.formats.paths import escapes
from core.scanning.inspection import Inspection

_EXTERNAL_LINK = re.compile(rb"\x01[\x08-\x1f]\x40")
_HAS_ORDER, _HAS_CHARACTERS = 0x04, 0x10
_FILES = re.compile(rb"\x01\0\0\0([\x01-\x40]\0)([\x01-\x40]\0)(?=(.{8}))", re.DOTALL)
_HEAP = b"HEAP"
_MOST = 2000
"""Candidates that are followed in one window."""
_LONGEST = 1024


def search(inspection: Inspection, window: bytes) -> None:
    """Findings of one window of the file."""
    for match in _EXTERNAL_LINK.finditer(window):
        target = _link_target(window, match.start())
        if target:
            _report(inspection, target)
    for count, match in enumerate(_FILES.finditer(window)):
        if count == _MOST:
            break
        if match[2] <= match[1]:
            name = _stored_name(inspection, match[3], window[match.end() + 8 : match.end() + 16])
            if name:
                _report(inspection, name)


def _report(inspection: Inspection, target: str) -> None:
    level = Level.HIGH if escapes(target) else None
    inspection.report("hdf5-elsewhere", Evidence("path", target), level=level, target=target)


def _link_target(window: bytes, place: int) -> str:
    """The file that a link leads to; empty if what stands here is no link to another file."""
    flags = window[place + 1]
    at = place + 3 + 8 * bool(flags & _HAS_ORDER) + bool(flags & _HAS_CHARACTERS)
    wide = 1 << (flags & 0x03)
    length = int.from_bytes(window[at : at + wide], "little")
    at += wide + length
    if not 0 < length <= _LONGEST or len(window) < at + 3 or window[at + 2]:
        return ""
    size = int.from_bytes(window[at : at + 2], "little")
    names = window[at + 3 : at + 2 + size].split(b"\0")
    if len(names) != 3 or not names[0] or not names[1] or names[2]:
        return ""
    return _text(names[0])


def _stored_name(inspection: Inspection, heap: bytes, offset: bytes) -> str:
    """The name of a file that holds numbers: it stands in a heap, whose place the message gives."""
    place = int.from_bytes(heap, "little")
    if place + 32 > inspection.file.size or len(offset) < 8:
        return ""
    head = inspection.read_at(place, 32)
    if not head.startswith(_HEAP) or len(head) < 32:
        return ""
    (start,) = struct.unpack_from("<Q", head, 24)
    at = start + int.from_bytes(offset, "little")
    return _text(inspection.read_at(at, _LONGEST).partition(b"\0")[0]) if at < inspection.file.size else ""


def _text(raw: bytes) -> str:
    try:
        name = raw.decode()
    except UnicodeDecodeError:
        return ""
    return name if name.isprintable() else ""
