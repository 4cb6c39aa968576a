"""ONNX: paths of external data, operators that need foreign code, metadata (onnx/onnx.proto3)."""

import re

from core.findings import Evidence
from core.scanning.formats import protobuf
from core.scanning.formats.protobuf import LENGTH, BrokenMessage
from core.scanning.inspection import Inspection

_GRAPH, _OPSET, _METADATA, _FUNCTION = 7, 8, 14, 25
_KNOWN_DOMAINS = frozenset(
    {
        "", "ai.onnx", "ai.onnx.ml", "ai.onnx.training", "ai.onnx.preview.training", "ai.onnx.preview", "com.microsoft",
        "com.microsoft.nchwc", "com.microsoft.experimental", "com.microsoft.extensions", "ai.onnx.contrib",
        "org.pytorch.aten", "com.ms.internal.nhwc", "pkg.onnxscript.torch_lib", "pkg.onnxscript.torch_lib.common",
        "pkg.torch", "local",
    }
)  # fmt: skip


def scan(inspection: Inspection) -> None:
    """Walk the model; raw tensor data is stepped over."""
    try:
        _model(inspection)
    except BrokenMessage:
        inspection.partly("structure_broken")


def looks_like_onnx(head: bytes) -> bool:
    """`ir_version` first, then producer or graph."""
    return re.match(rb"\x08[\x01-\x10](\x12.{1,60}?|\x3a|\x1a|\x42)", head, re.DOTALL) is not None


def _model(inspection: Inspection) -> None:
    file, budget = inspection.file, inspection.budget
    domains: set[str] = set()
    own: set[str] = set()
    for number, wire, at, length in protobuf.fields(file, 0, file.size, budget):
        if wire != LENGTH:
            continue
        if number == _GRAPH:
            _graph(inspection, at, at + length, 0)
        elif number == _OPSET:
            domains.add(_text_field(inspection, at, length, 1))
        elif number == _FUNCTION:
            own.add(_text_field(inspection, at, length, 10))
    for domain in sorted(domains - _KNOWN_DOMAINS - own):
        inspection.report("onnx-custom-operator", Evidence("name", domain), name=domain)


def _text_field(inspection: Inspection, at: int, length: int, wanted: int) -> str:
    for number, wire, start, size in protobuf.fields(inspection.file, at, at + length, inspection.budget):
        if number == wanted and wire == LENGTH:
            return protobuf.text(inspection.file, start, size)
    return ""


def _graph(inspection: Inspection, start: int, end: int, depth: int) -> None:
    """GraphProto: node = 1, initializer = 5, sparse_initializer = 15."""
    for number, wire, at, length in protobuf.fields(inspection.file, start, end, inspection.budget):
        if wire == LENGTH and number == 5:
            _tensor(inspection, at, at + length)
        elif wire == LENGTH and number == 1 and depth < 20:
            _node(inspection, at, at + length, depth)


def _node(inspection: Inspection, start: int, end: int, depth: int) -> None:
    """NodeProto: attribute = 5, with t = 5, g = 6, tensors = 10, graphs = 11."""
    for number, wire, at, length in protobuf.fields(inspection.file, start, end, inspection.budget):
        if number != 5 or wire != LENGTH:
            continue
        for inner, inner_wire, inner_at, inner_length in protobuf.fields(
            inspection.file, at, at + length, inspection.budget
        ):
            if inner_wire == LENGTH and inner in {5, 10}:
                _tensor(inspection, inner_at, inner_at + inner_length)
            elif inner_wire == LENGTH and inner in {6, 11}:
                _graph(inspection, inner_at, inner_at + inner_length, depth + 1)


def _tensor(inspection: Inspection, start: int, end: int) -> None:
    """TensorProto: external_data = 13, entries key = 1, value = 2."""
    for number, wire, at, length in protobuf.fields(inspection.file, start, end, inspection.budget):
        if number == 13 and wire == LENGTH and _text_field(inspection, at, length, 1) == "location":
            location = _text_field(inspection, at, length, 2)
            if escapes(location):
                inspection.report("onnx-path", Evidence("path", location, at), target=location)


def escapes(location: str) -> bool:
    """True for a path that leaves the model's folder or names a device."""
    parts = location.replace("\\", "/").split("/")
    return (
        ".." in parts or location.startswith(("/", "\\", "~")) or bool(re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", location))
    )
