"""TensorRT engines: programs for one kind of graphics card, in a format that its maker does not publish.

They are named, and searched for what they carry besides: a library for the processor itself, which TensorRT loads from
"version compatible" engines and from engines with plug-ins (TensorRT Developer Guide: `engine_host_code_allowed`).
"""

import re

from core.findings import Evidence, Level
from core.scanning.inspection import Inspection

_CHUNK = 1 << 20
_SEARCHED = 512 << 20
_PROGRAM = re.compile(
    rb"\x7fELF[\x01\x02][\x01\x02]\x01.{9}\x03\x00(?:\x3e|\xb7)\x00|MZ.{58}[\x40-\xff]\x00\x00\x00", re.DOTALL
)
"""A library for Linux on x86-64 or ARM64; a program for Windows. (Code for the card itself is another kind of ELF.)"""
_OVERLAP = 64


def scan(inspection: Inspection) -> None:
    """Report the engine, and libraries inside of it; the rest stays unread."""
    inspection.report("tensorrt-engine")
    offset, carry = 0, b""
    while offset < min(inspection.file.size, _SEARCHED):
        inspection.budget.check_time()
        data = inspection.read_at(offset, _CHUNK)
        found = _PROGRAM.search(carry + data)
        if found is not None:
            at = offset - len(carry) + found.start()
            inspection.report("tensorrt-engine", Evidence("name", "library", at), level=Level.CAREFUL)
            break
        carry, offset = data[-_OVERLAP:], offset + len(data)
    inspection.unread("not_followed")
