"""ONNX: paths of external data, operators that need foreign code, metadata (onnx/onnx.proto3)."""

from core.findings import Evidence
from core.scanning import templates
from core.scanning.formats import protobuf
from core.scanning.formats.paths import escapes
from core.scanning.formats.protobuf import LENGTH, BrokenMessage
from core.scanning.inspection import Inspection, LimitReached

_KNOWN_DOMAINS = frozenset(
    {
        "", "ai.onnx", "ai.onnx.ml", "ai.onnx.training", "ai.onnx.preview.training", "ai.onnx.preview", "com.microsoft",
        "com.microsoft.nchwc", "com.microsoft.experimental", "com.microsoft.extensions", "ai.onnx.contrib",
        "org.pytorch.aten", "com.ms.internal.nhwc", "pkg.onnxscript.torch_lib", "pkg.onnxscript.torch_lib.common",
        "pkg.torch", "local",
    }
)  # fmt: skip
_DEEPEST = 50
_MOST_DOMAINS = 1000
_OF_PYTHON = frozenset({"PyOp", "PyCustomOp", "PythonOp", "PythonOpGrad"})
"""Operators that call Python by its name (onnxruntime: language interop; onnxruntime-extensions; ORTModule)."""
_FILE_SETTINGS = frozenset({"ep_cache_context", "onnx_model_filename"})
"""onnxruntime: docs/execution-providers/EP-Context-Design."""
_LONGEST_PATH = 1024

_Place = tuple[int, int]
"""Where a message begins and ends."""


def scan(inspection: Inspection) -> None:
    """Walk the model; raw tensor data is stepped over."""
    try:
        _model(inspection)
    except BrokenMessage:
        inspection.partly("structure_broken")


def _parts(inspection: Inspection, place: _Place, *wanted: int) -> list[tuple[int, _Place]]:
    """Texts and messages inside a message whose field number is wanted."""
    found = protobuf.fields(inspection.file, *place, inspection.budget)
    return [(number, (at, at + length)) for number, wire, at, length in found if wire == LENGTH and number in wanted]


def _text(inspection: Inspection, place: _Place, wanted: int) -> str:
    """A text field; of several the last one counts, as for every reader of the format."""
    texts = _parts(inspection, place, wanted)
    return protobuf.text(inspection.file, *texts[-1][1]) if texts else ""


def _model(inspection: Inspection) -> None:
    """ModelProto: graph = 7, opset_import = 8, metadata_props = 14, training_info = 20, functions = 25."""
    domains: set[str] = set()
    own: set[str] = set()
    parts = _parts(inspection, (0, inspection.file.size), 7, 8, 14, 20, 25)
    if all(number != 7 for number, _ in parts):
        inspection.partly("structure_broken")
    for number, place in parts:
        if number == 7:
            _graph(inspection, place, 0, domains)
        elif number == 8:
            domains.add(_text(inspection, place, 1))
        elif number == 14:
            templates.report_text(inspection, _text(inspection, place, 2), _text(inspection, place, 1))
        elif number == 20:
            for _, graph in _parts(inspection, place, 1, 2):
                _graph(inspection, graph, 0, domains)
        else:
            own.add(_text(inspection, place, 10))
            for _, node in _parts(inspection, place, 7):
                _node(inspection, node, 0, domains)
    for domain in sorted(domains - _KNOWN_DOMAINS - own):
        inspection.report("onnx-custom-operator", Evidence("name", domain), name=domain)


def _graph(inspection: Inspection, place: _Place, depth: int, domains: set[str]) -> None:
    """GraphProto: node = 1, initializer = 5, sparse_initializer = 15."""
    if depth > _DEEPEST:
        raise LimitReached("too_deep")
    for number, inner in _parts(inspection, place, 1, 5, 15):
        if number == 1:
            _node(inspection, inner, depth, domains)
        elif number == 5:
            _tensor(inspection, inner)
        else:
            _sparse_tensor(inspection, inner)


def _node(inspection: Inspection, place: _Place, depth: int, domains: set[str]) -> None:
    """NodeProto: op_type = 4, attribute = 5, domain = 7.

    Of an attribute: name = 1, s = 4, t = 5, g = 6, tensors = 10, graphs = 11, sparse_tensors = 22 and 23.
    """
    for kind, attribute in _parts(inspection, place, 4, 5, 7):
        if kind == 4:
            operator = protobuf.text(inspection.file, *attribute)
            if operator in _OF_PYTHON:
                inspection.report("onnx-custom-operator", Evidence("operator", operator), name=operator)
            continue
        if kind == 7:
            if len(domains) < _MOST_DOMAINS:
                domains.add(protobuf.text(inspection.file, *attribute))
            continue
        for number, inner in _parts(inspection, attribute, 4, 5, 6, 10, 11, 22, 23):
            if number == 4:
                _file_setting(inspection, attribute, inner)
            elif number in {5, 10}:
                _tensor(inspection, inner)
            elif number in {6, 11}:
                _graph(inspection, inner, depth + 1, domains)
            else:
                _sparse_tensor(inspection, inner)


def _file_setting(inspection: Inspection, attribute: _Place, value: _Place) -> None:
    """A setting that names a file which the operator opens: EPContext holds a path, or what the file would hold."""
    if value[1] - value[0] > _LONGEST_PATH or _text(inspection, attribute, 1) not in _FILE_SETTINGS:
        return
    location = protobuf.text(inspection.file, *value)
    if location.isprintable() and escapes(location):
        inspection.report("onnx-path", Evidence("path", location, value[0]), target=location)


def _sparse_tensor(inspection: Inspection, place: _Place) -> None:
    """SparseTensorProto: values = 1, indices = 2."""
    for _, tensor in _parts(inspection, place, 1, 2):
        _tensor(inspection, tensor)


def _tensor(inspection: Inspection, place: _Place) -> None:
    """TensorProto: external_data = 13, entries key = 1, value = 2."""
    for _, entry in _parts(inspection, place, 13):
        location = _text(inspection, entry, 2)
        if _text(inspection, entry, 1) == "location" and escapes(location):
            inspection.report("onnx-path", Evidence("path", location, entry[0]), target=location)
