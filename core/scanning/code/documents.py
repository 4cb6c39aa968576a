"""PDF documents: what they would do when they are opened (ISO 32000-1, 12.6 actions)."""

import re
import zlib
from collections.abc import Iterator

from core.findings import Evidence, Level
from core.scanning.inspection import Inspection

_LARGEST = 64 << 20
"""Bytes that are searched."""
_LARGEST_STREAM = 8 << 20
_ACTS = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|ImportData|SubmitForm|GoToE|XFA)\b")
_STARTS = frozenset({b"Launch"})
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"stream\r?\n")


def scan_pdf(inspection: Inspection) -> None:
    """A finding for scripts, programs that are started, and files inside."""
    size = min(inspection.file.size, _LARGEST)
    if inspection.file.size > _LARGEST:
        inspection.partly("too_large")
    data = inspection.read_at(0, size)
    found: dict[bytes, int] = {}
    for part, offset in _parts(inspection, data):
        for match in _ACTS.finditer(_ESCAPE.sub(lambda one: bytes([int(one[1], 16)]), part)):
            found.setdefault(match[1], offset or match.start())
    if found:
        facts = (Evidence("text", f"/{name.decode()}", offset) for name, offset in found.items())
        level = Level.HIGH if _STARTS & found.keys() else None
        inspection.report("code-document-acts", *facts, level=level)


def _parts(inspection: Inspection, data: bytes) -> Iterator[tuple[bytes, int]]:
    """The document, then its packed streams, with where they stand."""
    yield data, 0
    for match in _STREAM.finditer(data):
        start = match.end()
        if data[start : start + 1] not in {b"x", b"H", b"h"}:  # no zlib header
            continue
        try:
            part = zlib.decompressobj().decompress(data[start : start + _LARGEST_STREAM], _LARGEST_STREAM)
        except zlib.error:
            continue
        inspection.budget.expand(len(part))
        yield part, start
