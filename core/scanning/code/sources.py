"""Reading a small text file whole."""

from core.scanning.content import decode
from core.scanning.inspection import Inspection

MAX_SOURCE = 2 << 20
"""Bytes of a script that are read."""


def read_text(inspection: Inspection) -> str:
    """The text, its beginning if it is longer than `MAX_SOURCE`; gaps are noted."""
    data = inspection.read_at(0, MAX_SOURCE)
    if inspection.file.size > MAX_SOURCE:
        inspection.partly("too_large")
    text = decode(data)
    if text is None:
        text = data.replace(b"\x00", b"").decode("latin-1")
        inspection.partly("code_not_text")
    return text
