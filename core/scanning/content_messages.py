"""Formats without a mark of their own, told by the first fields of their Protocol Buffers or UBJSON.

Field numbers: onnx/onnx.proto3 (ModelProto), CoreML mlmodel/format/Model.proto, tensorflow/core/protobuf
(SavedModel, MetaGraphDef, GraphDef); ubjson.org for the last.
"""

import re
from collections.abc import Iterator

_VARINT, _BYTES = 0, 2
_MOST_FIELDS = 64
_ONNX = frozenset({1, 2, 3, 4, 5, 6, 7, 8, 14, 20, 25, 26})
_COREML_TYPES = frozenset({*range(200, 203), *range(300, 305), *range(400, 405), *range(500, 503), 555, 556, 560})
_COREML_TYPES |= frozenset({*range(600, 615), 900, *range(2000, 2010), 3000})
_OPERATOR = re.compile(rb"[A-Z][A-Za-z0-9_]*>?[A-Za-z0-9_]*")
_Field = tuple[int, int, int, int]
"""Number, wire type, value or offset, length."""


def message_kind(head: bytes, size: int) -> str | None:
    """The kind of a file of `size` bytes that begins with `head`; None if no known format begins so."""
    if head[:1] == b"{" and re.match(rb"\{[LlIiU][\x00-\x20]{1,8}learner", head):
        return "xgboost"
    first = head[:1]
    if first == b"\x08":
        return _with_version(list(_fields(head, 0, size)), head)
    if first == b"\x0a" and _is_graph(list(_fields(head, 0, size)), head):
        return "tensorflow_graph"
    return None


def _with_version(found: list[_Field], head: bytes) -> str | None:
    """Models whose first field is the version of their format."""
    numbers = {number for number, *_ in found}
    if not found or not 0 < found[0][2] < 100 or found[0][1] != _VARINT:
        return None
    if numbers & _COREML_TYPES:
        return "coreml"
    if numbers <= _ONNX and any(number == 7 and wire == _BYTES for number, wire, *_ in found):
        return "onnx"
    if numbers == {1, 2} and all(head[at : at + 1] in b"\x0a\x12" for number, _, at, _ in found if number == 2):
        return "tensorflow_graph"
    return None


def _is_graph(found: list[_Field], head: bytes) -> bool:
    """A GraphDef, whose first field is a node; or a MetaGraphDef, whose second field is a GraphDef."""
    if not found or found[0][1] != _BYTES:
        return False
    if _is_node(head, found[0][2]):
        return True
    if len(found) < 2 or found[1][:2] != (2, _BYTES):
        return False
    inner = next(_fields(head, found[1][2], len(head)), None)
    return inner is not None and inner[:2] == (1, _BYTES) and _is_node(head, inner[2])


def _is_node(head: bytes, at: int) -> bool:
    """NodeDef: name = 1, op = 2."""
    name, operator = [*_fields(head, at, len(head)), None, None][:2]
    if name is None or operator is None or name[:2] != (1, _BYTES) or operator[:2] != (2, _BYTES):
        return False
    text = head[operator[2] : operator[2] + operator[3]]
    return len(text) == operator[3] and _OPERATOR.fullmatch(text) is not None


def _fields(head: bytes, place: int, end: int) -> Iterator[_Field]:
    """Fields that begin in `head`, up to the first that makes no sense."""
    for _ in range(_MOST_FIELDS):
        key, place = _number(head, place)
        number, wire = key >> 3, key & 7
        if place < 0 or number == 0 or wire not in {0, 1, 2, 5}:
            return
        value, behind = _number(head, place) if wire in {_VARINT, _BYTES} else (8 if wire == 1 else 4, place)
        if behind < 0:
            return
        if wire == _VARINT:
            yield number, wire, value, 0
            place = behind
            continue
        if behind + value > end:
            return
        yield number, wire, behind, value
        place = behind + value


def _number(head: bytes, place: int) -> tuple[int, int]:
    """A number of variable length, and the place behind it; -1 if it does not end in `head`."""
    value = 0
    for index, byte in enumerate(head[place : place + 10]):
        value |= (byte & 0x7F) << 7 * index
        if byte < 0x80:
            return value, place + index + 1
    return 0, -1
