"""Keras, ONNX and TensorFlow: code and paths a loader would follow, and no alarm for ordinary models."""

import json
from typing import Any

import pytest

from core.findings import FileState, Level
from core.scanning.formats.paths import escapes
from tests.core.scanning.examining import levels, look_at
from tests.core.scanning.formats.zips import Member, zipped

Config = dict[str, Any]

# -- Keras


def layer(class_name: str, module: str | None = "keras.layers", config: Any = None, **more: object) -> Config:  # noqa: ANN401  any JSON
    found = {"class_name": class_name, "config": {"name": "a"} if config is None else config, **more}
    return found if module is None else {"module": module, **found}


def model(*layers: Config) -> Config:
    return layer("Sequential", "keras", {"name": "model", "layers": list(layers)}, build_config={"input_shape": [1]})


def deep(inner: Config, levels_: int) -> Config:
    for _ in range(levels_):
        inner = model(inner)
    return inner


HARMFUL = {
    "a lambda layer": layer("Lambda", config={"function": {"class_name": "__lambda__", "config": {"code": "4wEA"}}}),
    "only its code": layer("Dense", config={"activation": {"class_name": "__lambda__", "config": {"code": "4wEA"}}}),
    "an old lambda layer": layer("Lambda", None, {"function_type": "lambda", "function": ["4wEA", None, None]}),
    "a class from elsewhere": layer("Popen", "subprocess", registered_name="Popen"),
    "a function of Python": layer("function", "builtins", "eval", registered_name="function"),
    "getattr": layer("function", "builtins", "getattr"),
    "a function from elsewhere": layer("function", "os", "system"),
    "a download (CVE-2025-8747)": layer("function", "keras.utils", "get_file"),
    "another model": layer("function", "keras.src.saving.saving_api", "load_model"),
    "unsafe mode": layer("function", "keras.config", "enable_unsafe_deserialization"),
    "a file written by TensorFlow": layer("TFOpLambda", config={"function": "io.write_file"}),
}
HARMLESS = {
    "ordinary layers": [layer("Dense", config={"units": 3, "activation": "relu"}), layer("Dropout")],
    "initialisers": [layer("Dense", config={"kernel_initializer": layer("GlorotUniform", "keras.initializers")})],
    "functions of TensorFlow": [layer("TFOpLambda", config={"function": "math.add"})],
    "a loss of one's own": [layer("function", "builtins", "my_loss", registered_name="function")],
    "keras hub": [layer("BertBackbone", "keras_hub.src.models.bert.bert_backbone", registered_name="keras_hub>Bert")],
}


def archive(config: object, **fields: Any) -> bytes:  # noqa: ANN401  fields of a member
    source = config if isinstance(config, bytes) else json.dumps(config).encode()
    others = (
        Member("metadata.json", b'{"keras_version": "3.0"}'),
        Member("model.weights.h5", b"\x89HDF\r\n\x1a\n" + b"\0" * 99),
    )
    return zipped(Member("config.json", source, **fields), *others)


def h5(config: object) -> bytes:
    source = config if isinstance(config, bytes) else json.dumps(config).encode()
    return b"\x89HDF\r\n\x1a\n" + b"\0" * 500 + b"model_config\0" + source + b"\0" * 500


@pytest.mark.parametrize("what", HARMFUL)
@pytest.mark.parametrize("depth", [1, 5, 60])
def test_keras_archives_with_code_are_high_risk(what: str, depth: int) -> None:
    inspection = look_at("model.keras", archive(deep(HARMFUL[what], depth), packed=depth > 1))
    assert inspection.kind == "keras"
    found = levels(inspection)
    assert Level.HIGH in {found.get("keras-lambda"), found.get("keras-foreign")}


@pytest.mark.parametrize("what", HARMLESS)
def test_ordinary_keras_archives_raise_no_alarm(what: str) -> None:
    found = levels(look_at("model.keras", archive(model(*HARMLESS[what]))))
    assert not found.keys() & {"keras-lambda", "keras-foreign"}


def test_a_layer_of_the_training_script_asks_for_care() -> None:
    inspection = look_at("model.keras", archive(model(layer("MyLayer", "__main__", registered_name="MyLayer"))))
    assert levels(inspection)["keras-foreign"] is Level.CAREFUL


@pytest.mark.parametrize("config", [b"", b"{", b"\xff\xfe", b"[" * 3000])
def test_a_configuration_that_cannot_be_read_is_not_called_read(config: bytes) -> None:
    assert look_at("model.keras", archive(config)).state is FileState.PARTLY_CHECKED


@pytest.mark.parametrize("what", HARMFUL)
def test_hdf5_files_with_code_are_high_risk(what: str) -> None:
    found = levels(look_at("model.h5", h5(model(HARMFUL[what]))))
    assert Level.HIGH in {found.get("keras-lambda"), found.get("keras-foreign")}


@pytest.mark.parametrize("what", HARMLESS)
def test_ordinary_hdf5_files_are_only_named(what: str) -> None:
    inspection = look_at("model.h5", h5(model(*HARMLESS[what])))
    assert inspection.state is FileState.CHECKED
    assert levels(inspection) == {"keras-h5": Level.NOTE}


@pytest.mark.parametrize(
    "source",
    [
        b'{"class_name" :  "Lambda"}',
        b'{"class_name": "\\u004cambda"}',
        b'{"\\u0063lass_name": "Lambda"}',
        b'{"class_name":"Lambda"}',
    ],
)
def test_other_spellings_of_the_same_json_are_seen(source: bytes) -> None:
    assert levels(look_at("model.h5", h5(source)))["keras-lambda"] is Level.HIGH


@pytest.mark.parametrize("place", [(1 << 20) - 5, (1 << 20) - 30, 5 << 20])
def test_code_is_seen_wherever_it_stands_in_an_hdf5_file(place: int) -> None:
    content = bytearray(b"\x89HDF\r\n\x1a\n" + b"\0" * (6 << 20))
    content[place : place + 24] = b'{"class_name": "Lambda"}'
    assert levels(look_at("model.h5", bytes(content)))["keras-lambda"] is Level.HIGH


def test_a_large_hdf5_file_is_searched_at_both_ends_and_says_so() -> None:
    content = b"\x89HDF\r\n\x1a\n" + b"\0" * (40 << 20) + b'{"class_name": "Lambda"}'
    inspection = look_at("model.h5", content)
    assert levels(inspection)["keras-lambda"] is Level.HIGH
    assert inspection.state is FileState.PARTLY_CHECKED


# -- Protocol Buffers


def number(value: int) -> bytes:
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def field(index: int, content: bytes | str) -> bytes:
    """A text or message."""
    data = content.encode() if isinstance(content, str) else content
    return number(index << 3 | 2) + number(len(data)) + data


# -- ONNX


def external(location: str) -> bytes:
    return field(13, field(1, "location") + field(2, location))


def onnx(graph: bytes = b"", *more: bytes) -> bytes:
    return b"\x08\x08" + field(2, "pytorch") + field(7, graph) + field(8, field(1, "") + b"\x10\x11") + b"".join(more)


def subgraph(inner: bytes, depth: int) -> bytes:
    for _ in range(depth):
        inner = field(1, field(5, field(6, inner)))
    return inner


ESCAPING = "../../etc/passwd"
PLACES = {
    "initializer": onnx(field(5, external(ESCAPING))),
    "sparse values": onnx(field(15, field(1, external(ESCAPING)))),
    "sparse indices": onnx(field(15, field(2, external(ESCAPING)))),
    "attribute": onnx(field(1, field(5, field(5, external(ESCAPING))))),
    "attribute list": onnx(field(1, field(5, field(10, external(ESCAPING))))),
    "sparse attribute": onnx(field(1, field(5, field(22, field(1, external(ESCAPING)))))),
    "subgraph": onnx(field(1, field(5, field(11, field(5, external(ESCAPING)))))),
    "deep subgraph": onnx(subgraph(field(5, external(ESCAPING)), 30)),
    "training": onnx(b"", field(20, field(1, field(5, external(ESCAPING))))),
    "function": onnx(b"", field(25, field(7, field(5, field(5, external(ESCAPING)))))),
    "behind raw data": onnx(field(5, field(9, b"\xff" * 5000) + external(ESCAPING))),
    "key twice": onnx(field(5, field(13, field(1, "x") + field(1, "location") + field(2, "a") + field(2, ESCAPING)))),
    "second graph": onnx(field(5, external("weights.bin")), field(7, field(5, external(ESCAPING)))),
}


@pytest.mark.parametrize("place", PLACES)
def test_paths_that_leave_the_folder_are_high_risk(place: str) -> None:
    inspection = look_at("model.onnx", PLACES[place])
    assert inspection.kind == "onnx"
    assert levels(inspection)["onnx-path"] is Level.HIGH


@pytest.mark.parametrize(
    ("location", "leaves"),
    [
        ("weights.bin", False),
        ("data/weights..bin", False),
        ("./weights.bin", False),
        ("../weights.bin", True),
        ("a/../../b", True),
        ("/etc/passwd", True),
        ("C:\\Windows\\x", True),
        ("c:x", True),
        ("\\\\server\\share", True),
        ("..\\x", True),
        ("file:///x", True),
        ("~/x", True),
    ],
)
def test_which_paths_leave_the_folder(location: str, leaves: bool) -> None:
    assert escapes(location) is leaves


def test_an_ordinary_onnx_model_raises_no_alarm() -> None:
    node = field(1, field(1, "x") + field(2, "y") + field(4, "Add") + field(5, field(1, "axis") + b"\x18\x01"))
    inspection = look_at("model.onnx", onnx(node + field(5, field(8, "w") + external("model.onnx_data"))))
    assert inspection.state is FileState.CHECKED
    assert levels(inspection) == {}


def test_foreign_operators_and_scripts_in_metadata_ask_for_care() -> None:
    content = onnx(b"", field(8, field(1, "com.stranger")), field(14, field(1, "note") + field(2, "powershell -c x")))
    assert levels(look_at("model.onnx", content)) == {
        "onnx-custom-operator": Level.CAREFUL,
        "metadata-script": Level.CAREFUL,
    }
    own = onnx(b"", field(8, field(1, "my.domain")), field(25, field(1, "f") + field(10, "my.domain")))
    assert levels(look_at("model.onnx", own)) == {}


@pytest.mark.parametrize(
    "content",
    [
        onnx(field(5, external("w")))[:-3],
        b"\x08\x08" + b"\x3a\xff\xff\xff\xff\x0f",
        b"\x08\x08" + b"\x3d\x00",
        b"\x08" + b"\xff" * 20,
        b"\x08\x08\x00\xff",
        onnx(subgraph(b"", 80)),
    ],
    ids=["cut", "length", "cut number", "endless number", "no field", "too deep"],
)
def test_onnx_models_that_cannot_be_followed_are_not_called_read(content: bytes) -> None:
    assert look_at("model.onnx", content).state is FileState.PARTLY_CHECKED


# -- TensorFlow


def node(operator: str, first: bool = True) -> bytes:
    name, op, attribute = field(1, "n"), field(2, operator), field(5, field(1, "T") + field(2, b"\x30\x01"))
    return field(1, name + op + attribute if first else name + attribute + op)


def saved_model(*nodes: bytes) -> bytes:
    return b"\x08\x01" + field(2, field(1, field(4, "serve")) + field(2, b"".join(nodes)))


@pytest.mark.parametrize(
    "operator", ["ReadFile", "WriteFile", "PyFunc", "EagerPyFunc", "PyFuncStateless", "MatchingFiles"]
)
@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("path", ["saved_model.pb", "graph.pb", "model.ckpt.meta"])
def test_operators_that_reach_files_or_python_are_high_risk(operator: str, first: bool, path: str) -> None:
    content = saved_model(node("MatMul"), node(operator, first), node("Relu"))
    inspection = look_at(path, content)
    assert inspection.kind == "tensorflow_graph"
    assert Level.HIGH in levels(inspection).values()


def test_operators_are_seen_inside_graphs_that_are_packed_as_constants() -> None:
    inner = field(1, field(1, "x") + field(2, "ReadFile"))
    constant = field(5, field(1, "value") + field(2, field(8, field(8, inner))))
    content = saved_model(field(1, field(1, "c") + field(2, "Const") + constant), node("DatasetFromGraph"))
    assert levels(look_at("saved_model.pb", content))["tensorflow-file"] is Level.HIGH


@pytest.mark.parametrize(
    "operator", [b"\x12\x88\x00ReadFile", b"\x92\x00\x08ReadFile", b"\x92\x80\x00\x88\x80\x00ReadFile"]
)
def test_numbers_written_longer_than_needed_hide_nothing(operator: bytes) -> None:
    content = saved_model(field(1, field(1, "n") + operator))
    assert levels(look_at("saved_model.pb", content))["tensorflow-file"] is Level.HIGH


def test_an_ordinary_saved_model_raises_no_alarm() -> None:
    nodes = [node(name) for name in ("MatMul", "SaveV2", "RestoreV2", "MergeV2Checkpoints", "Const", "ReadVariableOp")]
    inspection = look_at("saved_model.pb", saved_model(*nodes, field(1, field(1, "ReadFile") + field(2, "NoOp"))))
    assert inspection.state is FileState.CHECKED
    assert levels(inspection) == {}


def test_lambda_layers_beside_a_saved_model_are_seen() -> None:
    content = field(1, b"\x08\x01" + field(5, json.dumps(model(HARMFUL["an old lambda layer"]))))
    assert levels(look_at("keras_metadata.pb", content))["keras-lambda"] is Level.HIGH


def test_graphs_written_as_text_are_read() -> None:
    content = 'saved_model_schema_version: 1\nnode {\n  name: "x"\n  op: "WriteFile"\n}\n'
    assert levels(look_at("saved_model.pbtxt", content))["tensorflow-file"] is Level.HIGH


@pytest.mark.parametrize("path", ["model.onnx", "saved_model.pb", "model.bin"])
def test_a_pickle_without_a_mark_is_seen_under_these_names(path: str) -> None:
    stream = b"\x8c\x05posix\x8c\x06system\x93\x8c\x04echo\x85R."
    assert levels(look_at(path, stream))["pickle-dangerous"] is Level.HIGH
