"""Small valid weight files for the demo, written byte by byte: safetensors, GGUF, ONNX, NumPy. All deterministic."""

import hashlib
import io
import json
import math
import struct
import zipfile
from collections.abc import Mapping, Sequence

from core.demo.store import NewFile

Tensors = Mapping[str, Sequence[int]]
"""Name -> shape. All values are 32-bit floats."""

_FLOAT_SIZE = 4
_GGUF_ALIGNMENT = 32
_GGUF_UINT32, _GGUF_STRING, _GGUF_ARRAY = 4, 8, 9
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def noise(seed: str, length: int) -> bytes:
    """Bytes that look random and are always the same for one seed."""
    return hashlib.shake_256(seed.encode()).digest(length)


def tensor_size(shape: Sequence[int]) -> int:
    """Bytes of a tensor of 32-bit floats."""
    return math.prod(shape) * _FLOAT_SIZE


def safetensors(
    tensors: Tensors,
    seed: str,
    metadata: Mapping[str, str] | None = None,
    sparse: bool = False,
    sha256: str | None = None,
) -> NewFile:
    """A safetensors file: length of the header, JSON header, data (format as documented by its authors).

    `sparse`: the values are zeros that cost no disk.
    """
    header: dict[str, object] = {"__metadata__": dict(metadata or {"format": "pt"})}
    end = 0
    for name, shape in tensors.items():
        start, end = end, end + tensor_size(shape)
        header[name] = {"dtype": "F32", "shape": list(shape), "data_offsets": [start, end]}
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return NewFile((struct.pack("<Q", len(text)), text, end if sparse else noise(seed, end)), sha256=sha256)


def gguf(
    tensors: Tensors, seed: str, architecture: str, context_length: int, tokens: Sequence[str], chat_template: str
) -> bytes:
    """A GGUF file, version 3 (format as specified in ggml's docs/gguf.md)."""
    keys = (
        _gguf_key("general.architecture", _GGUF_STRING, _gguf_string(architecture)),
        _gguf_key("general.alignment", _GGUF_UINT32, struct.pack("<I", _GGUF_ALIGNMENT)),
        _gguf_key(f"{architecture}.context_length", _GGUF_UINT32, struct.pack("<I", context_length)),
        _gguf_key("tokenizer.ggml.model", _GGUF_STRING, _gguf_string("gpt2")),
        _gguf_key("tokenizer.ggml.tokens", _GGUF_ARRAY, _gguf_strings(tokens)),
        _gguf_key("tokenizer.chat_template", _GGUF_STRING, _gguf_string(chat_template)),
    )
    infos, offset = [], 0
    for name, shape in tensors.items():
        dimensions = struct.pack(f"<I{len(shape)}Q", len(shape), *reversed(shape))
        infos.append(_gguf_string(name) + dimensions + struct.pack("<IQ", 0, offset))
        size = tensor_size(shape)
        offset += size + -size % _GGUF_ALIGNMENT
    head = b"".join((b"GGUF", struct.pack("<IQQ", 3, len(infos), len(keys)), *keys, *infos))
    return head + bytes(-len(head) % _GGUF_ALIGNMENT) + noise(seed, offset)


def onnx(seed: str, features: int) -> bytes:
    """An ONNX model that multiplies its input by a matrix (protocol buffer fields as in onnx.proto)."""
    weight = b"".join(
        (
            _varint_field(1, features),
            _varint_field(1, features),
            _varint_field(2, 1),
            _bytes_field(8, b"weight"),
            _bytes_field(9, noise(seed, tensor_size((features, features)))),
        )
    )
    node = b"".join(
        (_bytes_field(1, b"input"), _bytes_field(1, b"weight"), _bytes_field(2, b"output"), _bytes_field(4, b"MatMul"))
    )
    graph = b"".join(
        (
            _bytes_field(1, node),
            _bytes_field(2, b"main"),
            _bytes_field(5, weight),
            _bytes_field(11, _onnx_value(b"input", features)),
            _bytes_field(12, _onnx_value(b"output", features)),
        )
    )
    operators = _bytes_field(1, b"") + _varint_field(2, 17)
    return (
        _varint_field(1, 8) + _bytes_field(2, b"sallyport-demo") + _bytes_field(7, graph) + _bytes_field(8, operators)
    )


def npy(shape: Sequence[int], seed: str) -> bytes:
    """A NumPy array file, version 1.0 (NEP 1)."""
    sizes = ", ".join(str(size) for size in shape) + ("," if len(shape) == 1 else "")
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({sizes}), }}".encode()
    header += b" " * (-(len(header) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + noise(seed, tensor_size(shape))


def npz(arrays: Tensors, seed: str) -> bytes:
    """Several NumPy arrays in one zip."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, shape in arrays.items():
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", _ZIP_DATE), npy(shape, f"{seed} {name}"))
    return target.getvalue()


def _gguf_string(text: str) -> bytes:
    encoded = text.encode()
    return struct.pack("<Q", len(encoded)) + encoded


def _gguf_strings(texts: Sequence[str]) -> bytes:
    return struct.pack("<IQ", _GGUF_STRING, len(texts)) + b"".join(_gguf_string(text) for text in texts)


def _gguf_key(key: str, kind: int, value: bytes) -> bytes:
    return _gguf_string(key) + struct.pack("<I", kind) + value


def _varint(value: int) -> bytes:
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def _varint_field(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _bytes_field(number: int, value: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def _onnx_value(name: bytes, features: int) -> bytes:
    dimensions = b"".join(_bytes_field(1, _varint_field(1, size)) for size in (1, features))
    tensor_type = _varint_field(1, 1) + _bytes_field(2, dimensions)
    return _bytes_field(1, name) + _bytes_field(2, _bytes_field(1, tensor_type))
