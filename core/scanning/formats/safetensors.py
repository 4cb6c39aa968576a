"""safetensors: a JSON header that says where which numbers lie, and the numbers (README of huggingface/safetensors).

Such a file counts as checked when its header is sound and accounts for the rest of the file: what a header declares to
be numbers is never run by anything that reads the format.
"""

import contextlib
import json
import math
from typing import Any

from core.findings import Evidence, Level
from core.scanning import configuration, templates
from core.scanning.formats import pickle_hidden
from core.scanning.formats.headers import Unsound, look_behind
from core.scanning.inspection import Inspection

_ITEM_BITS = {
    "F64": 64, "I64": 64, "U64": 64, "F32": 32, "I32": 32, "U32": 32, "F16": 16, "BF16": 16, "I16": 16, "U16": 16,
    "F8_E4M3": 8, "F8_E5M2": 8, "F8_E8M0": 8, "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8, "I8": 8, "U8": 8, "BOOL": 8,
    "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6, "C64": 64,
}  # fmt: skip
_MAX_HEADER = 100 << 20
"""Bytes; the limit of the reference implementation."""
_MOST_DIMENSIONS = 64


def scan(inspection: Inspection) -> None:
    """Header sanity, gaps and overlaps, metadata."""
    try:
        header = _header(inspection)
        _report_metadata(inspection, header.pop("__metadata__", {}))
        _check_extents(inspection, header)
    except Unsound as problem:
        # No broken download makes tensors overlap, a name stand twice, or changes the length in front.
        made_so = {"tensors_overlap", "name_twice", "header_unreadable", "header_too_long"}
        level = Level.HIGH if str(problem) in made_so else None
        inspection.report("tensors-header", Evidence("oddity", str(problem)), level=level)
        inspection.partly("structure_broken")
        if problem.behind is not None:
            look_behind(inspection, problem.behind)


def _header(inspection: Inspection) -> dict[str, Any]:
    length = int.from_bytes(inspection.head[:8], "little")
    if length > _MAX_HEADER:
        raise Unsound("header_too_long")
    if length + 8 > inspection.file.size:
        raise Unsound("header_length")
    try:
        header = json.loads(inspection.read_at(8, length), object_pairs_hook=_without_twins)
    except (ValueError, RecursionError):
        raise Unsound("header_unreadable") from None
    if not isinstance(header, dict):
        raise Unsound("header_unreadable")
    return header


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Unsound("name_twice")
    return found


def _check_extents(inspection: Inspection, header: dict[str, Any]) -> None:
    length = int.from_bytes(inspection.head[:8], "little")
    place = 0
    for start, end in sorted(_extent(entry) for entry in header.values()):
        if start < place or end < start:
            raise Unsound("tensors_overlap")
        if start > place:
            raise Unsound("tensors_gap")
        place = end
    behind = inspection.file.size - 8 - length - place
    if behind:
        raise Unsound("data_behind", 8 + length + place) if behind > 0 else Unsound("file_cut_short")


def _extent(entry: object) -> tuple[int, int]:
    """Where a tensor begins and ends, if that fits its shape."""
    if not isinstance(entry, dict):
        raise Unsound("header_unreadable")
    offsets, shape = _sizes(entry.get("data_offsets"), 2), _sizes(entry.get("shape", []), _MOST_DIMENSIONS)
    if len(offsets) != 2:
        raise Unsound("header_unreadable")
    bits = _ITEM_BITS.get(str(entry.get("dtype")))
    if bits is not None and math.prod(shape) * bits != (offsets[1] - offsets[0]) * 8:
        raise Unsound("tensor_size")
    return offsets[0], offsets[1]


def _sizes(values: object, most: int) -> list[int]:
    if not isinstance(values, list) or len(values) > most:
        raise Unsound("header_unreadable")
    sizes = [value for value in values if type(value) is int and value >= 0]
    if len(sizes) < len(values):
        raise Unsound("header_unreadable")
    return sizes


def _report_metadata(inspection: Inspection, metadata: object) -> None:
    """Findings of `__metadata__`. Raises `Unsound` if it is more than texts."""
    if not isinstance(metadata, dict):
        raise Unsound("header_unreadable")
    configuration.report_document(inspection, metadata)
    for key, value in metadata.items():
        if not isinstance(value, str):
            raise Unsound("header_unreadable")
        if value[:1] in {"{", "["}:
            with contextlib.suppress(ValueError, RecursionError):
                configuration.report_document(inspection, json.loads(value))
        templates.report_text(inspection, value, key)
        pickle_hidden.report_in_text(inspection, f" {value}")
