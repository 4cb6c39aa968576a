import io
import json
import pickletools
import struct
import zipfile

from core.demo.pickles import state_dict, torch_legacy, torch_zip
from core.demo.store import NewFile
from core.demo.tensors import gguf, npz, onnx, safetensors

TENSORS = {"layer.weight": (4, 3, 2), "layer.bias": (5,)}


def whole(file: NewFile) -> bytes:
    return b"".join(bytes(piece) if isinstance(piece, int) else piece for piece in file.pieces)


def test_safetensors_header_covers_the_data_exactly() -> None:
    data = whole(safetensors(TENSORS, "seed"))
    (length,) = struct.unpack_from("<Q", data)
    header = json.loads(data[8 : 8 + length])
    assert header["layer.bias"] == {"dtype": "F32", "shape": [5], "data_offsets": [96, 116]}
    assert len(data) == 8 + length + 116


def test_torch_zip_is_a_valid_archive_with_aligned_storages() -> None:
    data = whole(torch_zip(TENSORS, "seed"))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [
            f"archive/{name}" for name in ("data.pkl", "byteorder", "data/0", "data/1", "version")
        ]
        assert archive.getinfo("archive/data/0").file_size == 96
        for member in archive.infolist():
            name, extra = struct.unpack_from("<HH", data, member.header_offset + 26)
            assert (member.header_offset + 30 + name + extra) % 64 == 0


def test_sparse_torch_zip_equals_one_of_zeros() -> None:
    with zipfile.ZipFile(io.BytesIO(whole(torch_zip(TENSORS, "seed", sparse=True)))) as archive:
        assert archive.testzip() is None
        assert archive.read("archive/data/1") == bytes(20)


def test_a_hidden_call_is_the_only_unusual_import() -> None:
    def imports(pickled: bytes) -> set[str]:
        return {str(argument) for code, argument, _ in pickletools.genops(pickled) if code.name == "GLOBAL"}

    ordinary = imports(state_dict(TENSORS))
    assert ordinary == {"collections OrderedDict", "torch._utils _rebuild_tensor_v2", "torch FloatStorage"}
    assert imports(state_dict(TENSORS, ("posix", "system", "echo hello"))) - ordinary == {"posix system"}


def test_the_stack_of_a_state_dict_works_out() -> None:
    # dis checks every opcode against the stack and raises if it does not end empty.
    pickletools.dis(state_dict(TENSORS, ("posix", "system", "echo hello")), io.StringIO())


def test_legacy_checkpoint_is_five_pickles_and_raw_storages() -> None:
    stream = io.BytesIO(torch_legacy(TENSORS, "seed"))
    pickles = []
    for _ in range(5):
        text = io.StringIO()
        pickletools.dis(stream, text)
        pickles.append(text.getvalue())
    assert "119547037146038801333356" in pickles[0]
    assert "layer.weight" in pickles[3]
    assert struct.unpack("<q", stream.read(8)) == (24,)
    assert len(stream.read()) == 96 + 8 + 20


def test_gguf_head() -> None:
    data = gguf({"token_embd.weight": (8, 4)}, "seed", "llama", 128, ["a", "b"], "{{ messages }}")
    assert data[:4] == b"GGUF"
    assert struct.unpack_from("<IQQ", data, 4) == (3, 1, 6)
    assert b"{{ messages }}" in data
    assert (len(data) - 128) % 32 == 0


def test_numpy_archive_holds_aligned_arrays() -> None:
    with zipfile.ZipFile(io.BytesIO(npz({"a": (3,), "b": (2, 2)}, "seed"))) as archive:
        array = archive.read("a.npy")
    assert array[:8] == b"\x93NUMPY\x01\x00"
    assert (10 + struct.unpack_from("<H", array, 8)[0]) % 64 == 0
    assert b"'shape': (3,)" in array
    assert len(array) == 10 + struct.unpack_from("<H", array, 8)[0] + 12


def test_onnx_fields_fill_the_file() -> None:
    data, position, fields = onnx("seed", 4), 0, []
    while position < len(data):
        key, position = _varint(data, position)
        value, position = _varint(data, position)
        fields.append(key >> 3)
        if key & 7 == 2:
            position += value
    assert fields == [1, 2, 7, 8]
    assert position == len(data)


def _varint(data: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, position
