"""PDF documents: what they would do when they are opened (ISO 32000-1, 12.6 actions)."""

import base64
import re
import zlib
from collections.abc import Iterator

from core.findings import Evidence, Level
from core.scanning.inspection import Inspection

_LARGEST = 64 << 20
"""Bytes that are searched."""
_LARGEST_STREAM = 8 << 20
_HEAD = 4096
_ACTS = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|ImportData|SubmitForm|GoToE|XFA)\b")
_STARTS = frozenset({b"Launch"})
_STARTS_A_FILE = re.compile(rb"exportDataObject\s*\\?\([^)]{0,200}?nLaunch\s*:\s*[12]\b")
"""A script that takes a file out of the document and opens it (JavaScript for Acrobat: exportDataObject)."""
_OPENS_A_PROGRAM = re.compile(
    rb"/(?:OpenAction|AA)\s*<<[^>]{0,400}?/URI\s*\([^)\n]{1,1000}?\.(?:exe|msi|scr|hta|lnk|iso|img|vbs|jse?|wsf|bat|cmd|ps1|jar)\)"
)
_OTHER_COMPUTER = re.compile(
    rb"/GoTo[ER]\b[^>]{0,300}?/F\s*\((?:\\\\){1,2}[\w.]|/F\s*\((?:\\\\){1,2}[\w.][^>]{0,300}?/GoTo[ER]\b"
)
"""An action that reaches for a share of another computer, which learns the login's hash (CVE-2018-4993)."""
_PROGRAM = re.compile(rb"MZ[\s\S]{58}[\x40-\xff][\x00-\x03]\x00\x00|\x7fELF[\x01\x02]")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_OPENS = re.compile(rb"/(?:OpenAction|AA)\s*<<[^>]{0,400}?/S\s*/(URI|GoToR)\b")
"""Actions that reach for another place as soon as the document is opened."""
_ASCII = re.compile(rb"/ASCII(85|Hex)Decode\b")
_STREAM = re.compile(rb"stream\r?\n")


def scan_pdf(inspection: Inspection) -> None:
    """A finding for scripts, programs that are started, and files inside."""
    size = min(inspection.file.size, _LARGEST)
    if inspection.file.size > _LARGEST:
        inspection.partly("too_large")
    data = inspection.read_at(0, size)
    found: dict[bytes, int] = {}
    attack = False
    for part, offset in _parts(inspection, data):
        plain = _ESCAPE.sub(lambda one: bytes([int(one[1], 16)]), part)
        for match in (*_ACTS.finditer(plain), *_OPENS.finditer(plain)):
            found.setdefault(match[1], offset or match.start())
        attack = attack or any(one.search(plain) for one in (_STARTS_A_FILE, _OPENS_A_PROGRAM, _OTHER_COMPUTER))
        if offset and _PROGRAM.match(part):
            found[b"EmbeddedFile"] = offset
            attack = True
    if re.search(rb"/Encrypt\s+\d+\s+\d+\s+R\b", data):
        inspection.partly("encrypted")
    if found:
        facts = (Evidence("text", f"/{name.decode()}", offset) for name, offset in found.items())
        level = Level.HIGH if attack or _STARTS & found.keys() else None
        inspection.report("code-document-acts", *facts, level=level)


def _parts(inspection: Inspection, data: bytes) -> Iterator[tuple[bytes, int]]:
    """The document, then its packed streams, with where they stand."""
    yield data, 0
    for match in _STREAM.finditer(data):
        start = match.end()
        if _ASCII.search(data, max(0, match.start() - 400), match.start()):
            plain = _from_ascii(data[start : start + _LARGEST_STREAM])
            inspection.budget.expand(len(plain))
            yield plain, start
        if _PROGRAM.match(data, start):
            yield data[start : start + _HEAD], start
        if data[start : start + 1] not in {b"x", b"H", b"h"}:  # no zlib header
            continue
        try:
            part = zlib.decompressobj().decompress(data[start : start + _LARGEST_STREAM], _LARGEST_STREAM)
        except zlib.error:
            continue
        inspection.budget.expand(len(part))
        yield part, start


def _from_ascii(stream: bytes) -> bytes:
    """A stream written in letters (ISO 32000-1, 7.4.2 and 7.4.3), and inflated if it is packed below; else empty."""
    stream = stream.partition(b"endstream")[0].strip()
    try:
        if re.fullmatch(rb"[0-9A-Fa-f\s]*>?", stream):
            data = bytes.fromhex(stream.rstrip(b">").decode())
        else:
            data = base64.a85decode(stream.removeprefix(b"<~").removesuffix(b"~>"))
    except ValueError:
        return b""
    try:
        return zlib.decompressobj().decompress(data, _LARGEST_STREAM)
    except zlib.error:
        return data
