"""Heads of weight files: what the worker reads, what its parent believes, and what hostile bytes lead to."""

import io
import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.demo.tensors import gguf, safetensors
from core.progress import CancelToken
from core.scanning.byte_sources import BytesFile
from core.scanning.header_reading import read
from core.scanning.protocol import ProtocolError
from core.scanning.tensor_headers import facts_of, to_wire
from core.tensor_facts import TensorFacts

TENSORS = {"layer.weight": (4, 8), "layer.bias": (8,)}


def content(name: str) -> bytes:
    if name == "gguf":
        return gguf(TENSORS, "seed", "llama", 128, ["a", "b"], "{{ messages }}")
    pieces = safetensors(TENSORS, "seed").pieces
    return b"".join(piece for piece in pieces if isinstance(piece, bytes))


def head(data: bytes) -> TensorFacts | None:
    return facts_of(to_wire(BytesFile(data)))


def test_both_formats_are_read_in_the_worker_process() -> None:
    files = [("a.safetensors", BytesFile(content("safetensors"))), ("b.gguf", BytesFile(content("gguf")))]
    one, other = read(files, CancelToken())
    assert one is not None
    assert other is not None
    assert dict(one.tensors) == TENSORS
    assert {name: tuple(reversed(shape)) for name, shape in other.tensors} == TENSORS


def test_a_vocabulary_longer_than_the_head_leaves_the_width() -> None:
    keys = b"".join(
        (
            struct.pack("<Q", 22) + b"llama.embedding_length" + struct.pack("<II", 4, 512),
            struct.pack("<Q", 21) + b"tokenizer.ggml.tokens" + struct.pack("<IIQ", 9, 8, 200_000),
            b"".join(struct.pack("<Q", 5) + b"token" for _ in range(200_000)),
        )
    )
    data = b"GGUF" + struct.pack("<IQQ", 3, 1, 2) + keys + struct.pack("<Q", 1) + b"t" + bytes(24)
    assert head(data) == TensorFacts((), 512)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GGUF",
        b"GGUF" + b"\xff" * 60,
        struct.pack("<Q", 1 << 62) + b"{}",
        struct.pack("<Q", 2) + b"[]",
        struct.pack("<Q", 20) + b'{"a": {"shape": 5}} ',
        struct.pack("<Q", 26) + b'{"a": {"shape": [-1, "x"]}}',
        struct.pack("<Q", 100_000) + b"[" * 100_000,
        b"\x80\x02}q\x00." * 10,
    ],
)
def test_what_is_broken_says_nothing(data: bytes) -> None:
    assert head(data) in {None, TensorFacts()}


@given(st.binary(max_size=400), st.sampled_from([b"", b"GGUF", b"GGUF\x03\0\0\0", struct.pack("<Q", 60) + b'{"a":']))
def test_any_bytes_end_in_an_answer(data: bytes, beginning: bytes) -> None:
    found = head(beginning + data)
    assert found is None or isinstance(found, TensorFacts)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"[",
        b"5",
        b'{"tensors": [], "width": -1}',
        b'{"tensors": [["a", [true]]], "width": null}',
        json.dumps({"tensors": [["n" * 301, [1]]], "width": None}).encode(),
        json.dumps({"tensors": [["n", [1] * 9]], "width": None}).encode(),
        json.dumps({"tensors": [["n", [1]]] * 20_001, "width": None}).encode(),
        b" " * (9 << 20),
    ],
)
def test_a_worker_is_not_believed(answer: bytes) -> None:
    with pytest.raises(ProtocolError):
        facts_of(answer)


class Unreadable(io.BytesIO):
    size = 5_000_000
    error: Exception | None = None

    def read(self, size: int | None = -1, /) -> bytes:
        self.error = OSError("gone")
        raise self.error


def test_a_file_that_cannot_be_read_says_nothing() -> None:
    assert read([("a.safetensors", Unreadable())], CancelToken()) == [None]
