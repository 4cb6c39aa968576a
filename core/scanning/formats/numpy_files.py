"""NumPy arrays in files: a header, then numbers; or objects, which are a pickle (numpy/lib/format.py)."""

import ast
import math
import re

from core.findings import Evidence
from core.scanning.formats import pickles
from core.scanning.formats.headers import Unsound, look_behind
from core.scanning.inspection import Inspection

_LONGEST_HEADER = 1 << 20
_MOST_DIMENSIONS = 64


def scan(inspection: Inspection) -> None:
    """The header as a literal; arrays of objects are a pickle behind it."""
    try:
        kind, shape, start = _header(inspection)
    except Unsound as problem:
        inspection.report("tensors-header", Evidence("oddity", str(problem)))
        inspection.partly("structure_broken")
        return
    if _holds_objects(kind):
        inspection.kind = "numpy_objects"
        if start == inspection.file.size:
            inspection.partly("structure_broken")
        pickles.scan_member(inspection, start, raw_behind=False)
        return
    inspection.kind = "numpy"
    size = _item_size(kind)
    if size is not None and start + math.prod(shape) * size != inspection.file.size:
        end = start + math.prod(shape) * size
        behind = end < inspection.file.size
        inspection.report("tensors-header", Evidence("oddity", "data_behind" if behind else "file_cut_short"))
        if behind:
            look_behind(inspection, end)


_OLD_NUMBER = re.compile(r"\b(\d{1,19})L\b")
"""`(4L, 4L)`: how Python 2 wrote long numbers, which NumPy still reads (numpy.lib.format)."""


def _header(inspection: Inspection) -> tuple[object, tuple[int, ...], int]:
    """Type of the items, shape, and where the items begin. Raises `Unsound`."""
    head = inspection.head
    major = head[6] if len(head) > 6 else 0
    width = 2 if major == 1 else 4
    if major not in {1, 2, 3} or len(head) < 8 + width:
        raise Unsound("header_unreadable")
    length = int.from_bytes(head[8 : 8 + width], "little")
    if length > _LONGEST_HEADER or 8 + width + length > inspection.file.size:
        raise Unsound("header_length")
    try:
        written = _OLD_NUMBER.sub(r"\1", inspection.read_at(8 + width, length).decode("latin-1").strip())
        header = ast.literal_eval(written)
        kind, shape = header["descr"], header["shape"]
    except (ValueError, SyntaxError, KeyError, TypeError, RecursionError, MemoryError):
        raise Unsound("header_unreadable") from None
    if not isinstance(shape, tuple) or len(shape) > _MOST_DIMENSIONS:
        raise Unsound("header_unreadable")
    if not all(isinstance(size, int) and 0 <= size < 1 << 63 for size in shape):
        raise Unsound("header_unreadable")
    return kind, shape, 8 + width + length


def _holds_objects(kind: object) -> bool:
    """True for `|O` anywhere in a type: alone, with a shape, or as a field (name, type, shape)."""
    if isinstance(kind, str):
        return kind.lstrip("<>|=").startswith("O") or kind.startswith("object")
    if isinstance(kind, tuple):
        return bool(kind) and _holds_objects(kind[0])
    if isinstance(kind, list):
        return any(isinstance(field, tuple) and len(field) > 1 and _holds_objects(field[1]) for field in kind)
    return False


def _item_size(kind: object) -> int | None:
    """Bytes of an item of a plain type; None where it is not worth working out."""
    found = re.fullmatch(r"[<>|=]?([biufcSU])(\d+)", kind) if isinstance(kind, str) else None
    if found is None:
        return None
    return int(found[2][:9]) * (4 if found[1] == "U" else 1)
