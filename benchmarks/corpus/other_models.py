"""Models of frameworks beyond PyTorch, Keras, TensorFlow and ONNX, built value by value: with code paths and without."""

import json
import struct
from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.corpus.formats import field
from benchmarks.corpus.samples import Sample, benign, careful, high
from core.demo.tensors import noise
from tests.core.scanning.formats.opcodes import call, pickled
from tests.core.scanning.formats.zips import Member, zipped

Table = Mapping[int, "str | list[Any]"]
"""A table of FlatBuffers: field number to a text or a list of tables."""


def samples() -> Iterator[Sample]:
    """All of them."""
    yield from _r_data()
    yield from _msgpack()
    yield from _core_ml()
    yield from _executorch()
    yield from _engines()
    yield from _xml()
    yield from _torch_script()
    yield from _served()
    yield from _trees()


# -- R: flags and their fields as R's serialize.c writes them

_GLOBAL, _UNBOUND, _NULL = (struct.pack(">I", kind) for kind in (253, 252, 254))


def r_text(text: str) -> bytes:
    """CHARSXP."""
    return struct.pack(">II", 0x40009, len(text)) + text.encode()


def r_symbol(name: str) -> bytes:
    """SYMSXP."""
    return struct.pack(">I", 1) + r_text(name)


def r_texts(*texts: str) -> bytes:
    """STRSXP."""
    return struct.pack(">II", 16, len(texts)) + b"".join(map(r_text, texts))


def r_call(function: str | bytes, *arguments: bytes) -> bytes:
    """LANGSXP: a function by name or as a value, and its arguments."""
    head = r_symbol(function) if isinstance(function, str) else function
    rest = b"".join(struct.pack(">I", 2) + argument for argument in arguments)
    return struct.pack(">I", 6) + head + rest + _NULL


def r_promise(expression: bytes, value: bytes = _UNBOUND) -> bytes:
    """PROMSXP, never kept unless it has a value."""
    return struct.pack(">I", 0x400 | 5) + _GLOBAL + value + expression


def r_function(body: bytes) -> bytes:
    """CLOSXP without arguments."""
    return struct.pack(">I", 0x400 | 3) + _GLOBAL + _NULL + body


def r_list(*values: bytes) -> bytes:
    """VECSXP."""
    return struct.pack(">II", 19, len(values)) + b"".join(values)


def r_numbers(*numbers: float) -> bytes:
    """REALSXP."""
    return struct.pack(f">II{len(numbers)}d", 14, len(numbers), *numbers)


def r_environment(**values: bytes) -> bytes:
    """ENVSXP with a frame."""
    frame = b"".join(struct.pack(">I", 0x402) + r_symbol(name) + value for name, value in values.items())
    return struct.pack(">II", 4, 0) + _GLOBAL + frame + _NULL + _NULL + _NULL


def r_file(value: bytes, start: bytes = b"") -> bytes:
    """An `.rds` of version 3; with `RDX3` in front the beginning of an `.RData`."""
    return start + b"X\n" + struct.pack(">III", 3, 0x40302, 0x30500) + struct.pack(">I", 5) + b"UTF-8" + value


def r_workspace(**values: bytes) -> bytes:
    """An `.RData`: a list of named values."""
    cells = b"".join(struct.pack(">I", 0x402) + r_symbol(name) + value for name, value in values.items())
    return r_file(cells + _NULL, b"RDX3\n")


def _r_data() -> Iterator[Sample]:
    command = r_call("system", r_texts("echo corpus"))
    qualified = r_call(r_call("::", r_symbol("base"), r_symbol("system2")), r_texts("echo"))
    by_name = r_call("do.call", r_texts("system"), r_list(r_texts("echo corpus")))
    for case, value in {"promise": command, "promise, qualified": qualified, "promise, by name": by_name}.items():
        yield high("r", case, "model.rds", r_file(r_promise(value)))
        yield high("r", f"{case} in a list", "model.rds", r_file(r_list(r_numbers(1, 2), r_promise(value))))
        yield high("r", f"{case} in a workspace", "model.RData", r_workspace(model=r_promise(value)))
        yield high("r", f"function: {case}", "model.rds", r_file(r_list(r_function(value))))
    yield high("r", "promise that calculates, alone", "model.rds", r_file(r_promise(r_call("sum", r_numbers(1)))))
    yield high(
        "r", "function at the start", "a.RData", r_workspace(**{".First": r_function(r_call("print", r_texts("x")))})
    )
    fetch = r_call("download.file", r_texts("https://a.invalid/x"), r_texts("x"))
    yield careful("r", "function that fetches", "model.rds", r_file(r_function(fetch)))
    yield careful(
        "r", "promise around a function", "m.rds", r_file(r_environment(x=r_promise(r_call("sum", r_numbers(1)))))
    )
    ordinary = {
        "numbers": r_numbers(*range(50)),
        "texts": r_list(r_texts("system", "source", "a"), r_numbers(0.5)),
        "formula": r_list(r_call("~", r_symbol("y"), r_symbol("system")), r_call("lm", r_symbol("y"))),
        "function": r_function(r_call("+", r_symbol("x"), r_numbers(1))),
        "kept promise": r_environment(x=r_promise(r_call("sum", r_numbers(1)), r_numbers(1)), y=r_texts("a")),
    }
    for case, value in ordinary.items():
        yield benign("r", case, "model.rds", r_file(value))
        yield benign("r", f"{case} in a workspace", "model.RData", r_workspace(model=value))
    yield benign("r", "as text", "model.rds", b"A\n3\n262914\n197888\n5\nUTF-8\n16\n1\n262153\n5\nhello\n")


# -- MessagePack


def _msgpack() -> Iterator[Sample]:
    array = b"\xc7\x15\x01" + b"\x93\x91\x04\xa7float32\xc4\x08" + noise("flax", 8)[:8] + b"\xc0"
    weights = b"\x82\xa6kernel" + array + b"\xa4bias\xcb" + bytes(8)
    yield benign("msgpack", "weights of flax", "flax_model.msgpack", weights)
    yield benign(
        "msgpack",
        "numbers and texts",
        "a.msgpack",
        b"\x92\xd9\x20" + b"a" * 32 + b"\xdc\x00\x02\x01\xc4\x10" + bytes(16),
    )
    bad = pickled(call("posix", "system", "echo corpus"))
    yield high("msgpack", "array of objects", "a.msgpack", b"\x81\xa4data\xc4" + bytes([len(bad)]) + bad)
    yield high("msgpack", "pickle in another extension", "a.msgpack", b"\xc7" + bytes([len(bad)]) + b"\x2a" + bad)
    yield careful("msgpack", "another extension", "a.msgpack", b"\x91\xd5\x2a\x00\x00")


# -- Core ML


def core_ml(kind: int, *parts: bytes) -> bytes:
    """A model of some type: version, description, the type."""
    return b"\x08\x05" + field(2, field(1, field(1, "image"))) + field(kind, b"".join(parts))


def _core_ml() -> Iterator[Sample]:
    custom = field(1, field(1, "layer") + field(500, field(10, "AcmeLayer")))
    yield careful("coreml", "custom layer", "model.mlmodel", core_ml(500, custom))
    yield careful("coreml", "custom layer, other name", "model.bin", core_ml(403, custom))
    yield careful("coreml", "custom model", "model.mlmodel", core_ml(555, field(10, "AcmeModel")))
    inner = core_ml(555, field(10, "AcmeModel"))
    yield careful("coreml", "custom model in a pipeline", "model.mlmodel", core_ml(202, field(1, inner)))
    linked = field(1, field(1, field(1, "../../other.mlmodelc")))
    yield high("coreml", "linked model outside", "model.mlmodel", core_ml(556, linked))
    yield high(
        "coreml", "weights outside", "model.mlmodel", core_ml(502, field(2, field(1, "@model_path/../../secret")))
    )
    yield benign("coreml", "network", "model.mlmodel", core_ml(500, field(1, field(1, "a") + field(140, b"\x08\x01"))))
    yield benign(
        "coreml", "program", "model.mlmodel", core_ml(502, field(2, field(1, "@model_path/weights/weight.bin")))
    )
    yield benign("coreml", "trees", "model.mlmodel", core_ml(302, field(1, field(1, b"\x08\x01"))))
    for label, path in ((high, "../../other/model.mlmodel"), (benign, "com.apple.CoreML/model.mlmodel")):
        entry = {"author": "com.apple.CoreML", "name": "model.mlmodel", "path": path}
        manifest = {"fileFormatVersion": "1.0.0", "itemInfoEntries": {"A": entry}, "rootModelIdentifier": "A"}
        yield label("coreml", f"package {label.__name__}", "model.mlpackage/Manifest.json", json.dumps(manifest))


# -- FlatBuffers


def flatbuffer(identifier: bytes, root: Table) -> bytes:
    """A file with this root table."""
    made = bytearray(4) + identifier
    struct.pack_into("<I", made, 0, _write_table(made, root))
    return bytes(made)


def _write_table(made: bytearray, table: Table) -> int:
    made += bytes(-len(made) % 4)
    count = max(table, default=-1) + 1
    start = len(made)
    slots = {index: 4 + 4 * place for place, index in enumerate(sorted(table))}
    made += struct.pack("<HH", 4 + 2 * count, 4 + 4 * len(table))
    made += b"".join(struct.pack("<H", slots.get(index, 0)) for index in range(count)) + bytes(2 * (count % 2))
    at = len(made)
    made += struct.pack("<i", at - start) + bytes(4 * len(table))
    for index, value in sorted(table.items()):
        slot = at + slots[index]
        place = _write_text(made, value) if isinstance(value, str) else _write_tables(made, value)
        struct.pack_into("<I", made, slot, place - slot)
    return at


def _write_text(made: bytearray, text: str) -> int:
    made += bytes(-len(made) % 4)
    place = len(made)
    made += struct.pack("<I", len(text.encode())) + text.encode() + b"\0"
    return place


def _write_tables(made: bytearray, tables: list[Any]) -> int:
    made += bytes(-len(made) % 4)
    place = len(made)
    made += struct.pack("<I", len(tables)) + bytes(4 * len(tables))
    for index, table in enumerate(tables):
        slot = place + 4 + 4 * index
        struct.pack_into("<I", made, slot, _write_table(made, table) - slot)
    return place


def executorch(operators: list[str], delegates: list[str]) -> bytes:
    """A program with one plan."""
    plan = {0: "forward", 6: [{0: name, 1: "out"} for name in operators], 7: [{0: name} for name in delegates]}
    return flatbuffer(b"ET12", {1: [plan]})


def _executorch() -> Iterator[Sample]:
    yield benign("executorch", "plain", "model.pte", executorch(["aten::add", "quantized_decomposed::quantize"], []))
    yield benign("executorch", "on XNNPACK", "model.pte", executorch(["aten::add"], ["XnnpackBackend"]))
    yield benign("executorch", "on Core ML", "model.pte", executorch([], ["CoreMLBackend"]))
    yield careful("executorch", "unknown delegate", "model.pte", executorch(["aten::add"], ["AcmeDriver"]))
    yield careful("executorch", "unknown operator", "model.pte", executorch(["acme::fetch"], ["XnnpackBackend"]))


def _engines() -> Iterator[Sample]:
    library = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\x00\x3e\x00" + bytes(100)
    yield careful("tensorrt", "with a library", "model.engine", b"ftrt" + noise("engine", 3000) + library + bytes(50))


# -- XML


def _xml() -> Iterator[Sample]:
    net = '<?xml version="1.0"?>\n<net name="model" version="11">\n<layers>\n{}\n</layers><edges/></net>\n'
    plain = '<layer id="0" name="x" type="Parameter" version="opset1"><data shape="1,3" element_type="f32"/></layer>'
    foreign = '<layer id="1" name="y" type="AcmeOp" version="extension"/>'
    outside = '<layer id="1" name="y" type="Const" version="opset1"><data path="../../secret.bin"/></layer>'
    yield benign("openvino", "plain", "openvino_model.xml", net.format(plain))
    yield careful("openvino", "extension", "openvino_model.xml", net.format(plain + foreign))
    yield high("openvino", "path outside", "openvino_model.xml", net.format(plain + outside))
    pmml = '<?xml version="1.0"?>\n{}<PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4"><Header/></PMML>\n'
    entity = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n'
    yield benign("pmml", "plain", "model.pmml", pmml.format(""))
    yield careful("pmml", "entity", "model.pmml", pmml.format(entity))
    yield careful("xml", "entity", "data.xml", f'<?xml version="1.0"?>\n{entity}<a>&x;</a>\n')
    yield benign(
        "xml", "schema", "data.xml", '<?xml version="1.0"?>\n<!DOCTYPE a [<!ELEMENT a (#PCDATA)>]>\n<a>1</a>\n'
    )


# -- TorchScript and TorchServe


def torch_script(code: str) -> bytes:
    """A model as `torch.jit.save` writes it."""
    data = pickled(b"c__torch__.m\nNet\n)\x81}b")
    return zipped(
        Member("m/data.pkl", data),
        Member("m/code/__torch__/m.py", f"class Net(Module):\n  def forward(self, x):\n    {code}\n".encode()),
        Member("m/constants.pkl", pickled(b")")),
        Member("m/version", b"3\n"),
        wide=True,
    )


def _torch_script() -> Iterator[Sample]:
    yield benign("torchscript", "plain", "model.pt", torch_script("return torch.relu(torch.add(x, x))"))
    yield benign("torchscript", "vision", "model.pt", torch_script("return ops.torchvision.nms(x, x, 0.5)"))
    yield benign("torchscript", "checks", "model.pt", torch_script("ops.prim.RaiseException('no')"))
    yield high("torchscript", "writes a file", "model.pt", torch_script('torch.save(x, "/tmp/corpus")'))
    yield high(
        "torchscript", "reads a file", "model.pt", torch_script('return ops.aten.from_file("/tmp/corpus", False, 3)')
    )
    yield careful("torchscript", "foreign operator", "model.pt", torch_script("return ops.acme.fetch(x)"))
    yield careful(
        "torchscript", "foreign class", "model.pt", torch_script("return __torch__.torch.classes.acme.Thing(x)")
    )
    members = (
        Member("net/models/model.json", b'{"graph_module": {}}'),
        Member("net/data/weights/weight_0", noise("weights", 256)),
        Member("net/data/sample_inputs/model.pt", torch_script("return x")),
        Member("net/archive_format", b"pt2"),
    )
    yield benign("torchscript", "exported program", "net.pt2", zipped(*members, wide=True))
    library = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\x00\x3e\x00" + bytes(100)
    compiled = Member("net/data/aotinductor/model/net.so", library)
    yield careful("torchscript", "exported program with a library", "net.pt2", zipped(*members, compiled, wide=True))


def _served() -> Iterator[Sample]:
    def mar(handler: str, **more: bytes) -> bytes:
        manifest = json.dumps({"model": {"modelName": "m", "handler": handler, "modelVersion": "1.0"}}).encode()
        return zipped(Member("MAR-INF/MANIFEST.json", manifest), *(Member(name, data) for name, data in more.items()))

    yield benign("mar", "handler of the server", "m.mar", mar("image_classifier", **{"index_to_name.json": b"{}"}))
    code = b"class Handler:\n    def handle(self, data, context):\n        return data\n"
    yield careful("mar", "handler of its own", "m.mar", mar("handler.py", **{"handler.py": code}))


# -- trees


def _trees() -> Iterator[Sample]:
    yield benign("trees", "LightGBM", "model.txt", "tree\nversion=v4\nnum_class=1\nobjective=binary\n\nend of trees\n")
    yield benign("trees", "XGBoost", "model.ubj", b"{L" + struct.pack(">q", 7) + b"learner{}" + bytes(20) + b"}")
    yield benign(
        "trees", "XGBoost, other name", "model.bin", b"{L" + struct.pack(">q", 7) + b"learner{}" + bytes(20) + b"}"
    )
    yield benign(
        "trees", "XGBoost as text", "model.json", json.dumps({"learner": {"objective": {}}, "version": [3, 2, 0]})
    )
    yield benign("trees", "XGBoost of before 1.0", "model.model", b"binf" + noise("xgb", 500))
    yield benign("trees", "CatBoost", "model.cbm", b"CBM1" + struct.pack("<I", 400) + noise("cbm", 400))
