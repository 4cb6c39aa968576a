"""safetensors, GGUF and NumPy: a header that says where which numbers lie, and the numbers themselves.

Such a file counts as checked when its header is sound and accounts for the rest of the file: what a header declares to
be numbers is never run by anything that reads the format.
"""

import ast
import contextlib
import json
import math
import struct
from typing import Any

from core.findings import Evidence, Level
from core.scanning import configuration, templates
from core.scanning.formats import pickles
from core.scanning.inspection import Inspection

_ITEM_BITS = {
    "F64": 64, "I64": 64, "U64": 64, "F32": 32, "I32": 32, "U32": 32, "F16": 16, "BF16": 16, "I16": 16, "U16": 16,
    "F8_E4M3": 8, "F8_E5M2": 8, "F8_E8M0": 8, "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8, "I8": 8, "U8": 8, "BOOL": 8,
    "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6, "C64": 64,
}  # fmt: skip
_MAX_HEADER = 100 << 20
"""Bytes; the limit of the reference implementation."""


class _Unsound(Exception):
    """The header contradicts the file; the argument is an oddity of the catalogue."""


def scan_safetensors(inspection: Inspection) -> None:
    """Header sanity, gaps and overlaps, metadata (format: README of huggingface/safetensors)."""
    try:
        header = _safetensors_header(inspection)
        _check_extents(inspection, header)
    except _Unsound as problem:
        inspection.report("tensors-header", Evidence("oddity", str(problem)))
        inspection.partly("structure_broken")
        return
    metadata = header.get("__metadata__", {})
    if isinstance(metadata, dict):
        _report_metadata(inspection, metadata)


def _safetensors_header(inspection: Inspection) -> dict[str, Any]:
    length = int.from_bytes(inspection.head[:8], "little")
    if length > _MAX_HEADER or length + 8 > inspection.file.size:
        raise _Unsound("header_length")
    try:
        header = json.loads(inspection.read_at(8, length))
    except (ValueError, RecursionError):
        raise _Unsound("header_unreadable") from None
    if not isinstance(header, dict):
        raise _Unsound("header_unreadable")
    return header


def _check_extents(inspection: Inspection, header: dict[str, Any]) -> None:
    length = int.from_bytes(inspection.head[:8], "little")
    extents = []
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        if not isinstance(entry, dict) or not isinstance(entry.get("data_offsets"), list):
            raise _Unsound("header_unreadable")
        offsets, shape = entry["data_offsets"], entry.get("shape", [])
        if len(offsets) != 2 or not all(isinstance(value, int) for value in (*offsets, *shape)):
            raise _Unsound("header_unreadable")
        bits = _ITEM_BITS.get(str(entry.get("dtype")))
        if bits is not None and math.prod(shape) * bits // 8 != offsets[1] - offsets[0]:
            raise _Unsound("tensor_size")
        extents.append((offsets[0], offsets[1]))
    place = 0
    for start, end in sorted(extents):
        if start < place or end < start:
            raise _Unsound("tensors_overlap")
        if start > place:
            raise _Unsound("tensors_gap")
        place = end
    behind = inspection.file.size - 8 - length - place
    if behind:
        raise _Unsound("data_behind" if behind > 0 else "file_cut_short")


def _report_metadata(inspection: Inspection, metadata: dict[str, Any]) -> None:
    configuration.report_document(inspection, metadata)
    for key, value in metadata.items():
        if isinstance(value, str):
            if value[:1] in "{[":
                with contextlib.suppress(ValueError, RecursionError):
                    configuration.report_document(inspection, json.loads(value))
            templates.report_text(inspection, value, key)


# -- GGUF (ggml-org/ggml: docs/gguf.md)

_GGUF_SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
_GGUF_STRING, _GGUF_ARRAY = 8, 9
_MOST_KEYS = 100_000


class _Cursor:
    """Reads forwards through the header in large steps."""

    def __init__(self, inspection: Inspection) -> None:
        self._inspection, self._data, self._base, self._at = inspection, inspection.head, 0, 4
        self._step = 1 << 18

    @property
    def offset(self) -> int:
        return self._base + self._at

    def take(self, size: int) -> bytes:
        if self._at + size > len(self._data):
            start = self.offset
            if start + size > self._inspection.file.size:
                raise _Unsound("file_cut_short")
            self._inspection.budget.check_time()
            self._data = self._inspection.read_at(start, max(size, self._step))
            self._base, self._at = start, 0
            self._step = min(self._step * 2, 1 << 20)
        data = self._data[self._at : self._at + size]
        self._at += size
        return data

    def skip(self, size: int) -> None:
        if self.offset + size > self._inspection.file.size:
            raise _Unsound("file_cut_short")
        self._at += size
        if self._at > len(self._data):
            self._base, self._at, self._data = self.offset, 0, b""

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "little")


def scan_gguf(inspection: Inspection) -> None:
    """Header, metadata and every chat template; tensors are numbers."""
    try:
        _gguf(inspection)
    except _Unsound as problem:
        inspection.report("tensors-header", Evidence("oddity", str(problem)))
        inspection.partly("structure_broken")


def _gguf(inspection: Inspection) -> None:
    cursor = _Cursor(inspection)
    version, tensors, keys = cursor.number(4), 0, 0
    wide = 8 if version >= 2 else 4
    tensors, keys = cursor.number(wide), cursor.number(wide)
    if not 1 <= version <= 3 or keys > _MOST_KEYS or tensors > 10_000_000:
        raise _Unsound("header_unreadable")
    for _ in range(keys):
        name = cursor.take(_length(cursor, wide, 65536)).decode("utf-8", "replace")
        value = _gguf_value(cursor, cursor.number(4), wide, 0)
        if isinstance(value, str):
            if "chat_template" in name:
                templates.report(inspection, value, name)
            else:
                templates.report_text(inspection, value, name)


def _length(cursor: _Cursor, wide: int, most: int) -> int:
    length = cursor.number(wide)
    if length > most:
        raise _Unsound("header_length")
    return length


def _gguf_value(cursor: _Cursor, kind: int, wide: int, depth: int) -> str | None:
    if kind in _GGUF_SIZES:
        cursor.skip(_GGUF_SIZES[kind])
        return None
    if kind == _GGUF_STRING:
        return cursor.take(_length(cursor, wide, 16 << 20)).decode("utf-8", "replace")
    if kind != _GGUF_ARRAY or depth > 3:
        raise _Unsound("header_unreadable")
    inner, count = cursor.number(4), cursor.number(wide)
    if inner in _GGUF_SIZES:
        cursor.skip(_GGUF_SIZES[inner] * count)
        return None
    for _ in range(count):
        _gguf_value(cursor, inner, wide, depth + 1)
    return None


# -- NumPy, as described in numpy/lib/format.py


def scan_numpy(inspection: Inspection) -> None:
    """The header as a literal; arrays of objects are a pickle behind it."""
    head = inspection.head
    major = head[6] if len(head) > 6 else 0
    width, code = (2, "<H") if major == 1 else (4, "<I")
    if major not in {1, 2, 3} or len(head) < 8 + width:
        inspection.partly("structure_broken")
        return
    length = struct.unpack_from(code, head, 8)[0]
    start = 8 + width + length
    try:
        header = ast.literal_eval(inspection.read_at(8 + width, min(length, 1 << 20)).decode("latin-1").strip())
        kind, shape = header["descr"], header["shape"]
    except (ValueError, SyntaxError, KeyError, TypeError, RecursionError, MemoryError):
        inspection.report("tensors-header", Evidence("oddity", "header_unreadable"), level=Level.CAREFUL)
        inspection.partly("structure_broken")
        return
    if "O" in str(kind):
        inspection.kind = "numpy_objects"
        pickles.scan_member(inspection, start, raw_behind=False)
        return
    digits = "".join(character for character in str(kind) if character.isdigit())
    if isinstance(kind, str) and digits and isinstance(shape, tuple) and kind[1:2] != "U":
        expected = start + math.prod(shape) * int(digits)
        if kind[1:2] not in "MmV" and expected != inspection.file.size:
            inspection.report("tensors-header", Evidence("oddity", "data_behind"), level=Level.CAREFUL)
