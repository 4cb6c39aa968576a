"""Names and shapes of tensors from the head of a safetensors or GGUF file: read in the worker, checked by its parent.

Only the head is read. A GGUF file states the width of the model before its vocabulary, and the tensors after it: from a
large vocabulary on, only the width is known.
"""

import json
from collections.abc import Iterator
from typing import Any

from core.byte_reader import ByteReader
from core.scanning.protocol import MAX_RESULT, ProtocolError
from core.tensor_facts import TensorFacts

_MOST_TENSORS = 20_000
_LONGEST_NAME = 300
_MOST_DIMENSIONS = 8
_MOST_HEADER = 8 << 20
_GGUF_HEAD = 1 << 18
_SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
_STRING, _ARRAY = 8, 9


def facts_of(payload: bytes) -> TensorFacts | None:
    """A worker's answer, which is not believed. Raises `ProtocolError`."""
    if len(payload) > MAX_RESULT:
        raise ProtocolError("answer too large")
    try:
        raw = json.loads(payload)
        if raw is None:
            return None
        return TensorFacts(tuple(_tensors(raw["tensors"])), None if raw["width"] is None else _number(raw["width"]))
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        raise ProtocolError(f"answer not understood: {problem}") from problem


def to_wire(file: ByteReader) -> bytes:
    """In the worker: the head of a file as JSON, `null` if it is neither format or is broken."""
    try:
        file.seek(0)
        found = _gguf(file) if file.read(4) == b"GGUF" else _safetensors(file)
    except (EOFError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        found = None
    return json.dumps(found).encode()


def _tensors(listed: list[Any]) -> Iterator[tuple[str, tuple[int, ...]]]:
    if len(listed) > _MOST_TENSORS:
        raise ValueError("too many tensors")
    for name, shape in listed:
        if not isinstance(name, str) or len(name) > _LONGEST_NAME or len(shape) > _MOST_DIMENSIONS:
            raise ValueError("not a tensor")
        yield name, tuple(_number(size) for size in shape)


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 63:
        raise ValueError("not a number")
    return value


def _safetensors(file: ByteReader) -> dict[str, Any]:
    file.seek(0)
    length = int.from_bytes(file.read(8), "little")
    if not 2 <= length <= min(_MOST_HEADER, file.size - 8):
        raise ValueError("no header")
    header = json.loads(file.read(length))
    listed = [
        (name[:_LONGEST_NAME], entry["shape"][:_MOST_DIMENSIONS])
        for name, entry in header.items()
        if name != "__metadata__"
    ]
    tensors = [[name, [_number(size) for size in shape]] for name, shape in listed[:_MOST_TENSORS]]
    return {"tensors": tensors, "width": None}


def _gguf(file: ByteReader) -> dict[str, Any]:
    file.seek(0)
    head = _Head(file.read(min(_GGUF_HEAD, file.size)))
    head.take(4)
    wide = 8 if head.number(4) >= 2 else 4
    count, keys = head.number(wide), head.number(wide)
    found: dict[str, Any] = {"tensors": [], "width": None}
    try:
        for _ in range(min(keys, 100_000)):
            name = head.text(wide)
            value = head.value(head.number(4), wide)
            if name.endswith(".embedding_length") and found["width"] is None:
                found["width"] = value
        found["tensors"] = [head.tensor(wide) for _ in range(min(count, _MOST_TENSORS))]
    except EOFError:
        found["tensors"] = []  # the vocabulary is longer than what was read
    return found


class _Head:
    """Goes forward through the beginning of a file; raises `EOFError` where that ends."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def take(self, size: int) -> bytes:
        if size > len(self._data) - self._at:
            raise EOFError
        self._at += size
        return self._data[self._at - size : self._at]

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "little")

    def text(self, wide: int) -> str:
        return self.take(self.number(wide)).decode("utf-8", "replace")

    def value(self, kind: int, wide: int) -> int | None:
        """A whole number; None for everything else, which is passed over."""
        if kind in _SIZES:
            return self.number(_SIZES[kind])
        if kind == _STRING:
            self.take(self.number(wide))
            return None
        if kind != _ARRAY:
            raise ValueError("unknown type")
        inner, count = self.number(4), self.number(wide)
        if inner in _SIZES:
            self.take(_SIZES[inner] * count)
            return None
        if inner != _STRING:
            raise ValueError("nested array")
        for _ in range(count):  # ends with the data
            self.take(self.number(wide))
        return None

    def tensor(self, wide: int) -> list[Any]:
        name = self.text(wide)[:_LONGEST_NAME]
        dimensions = self.number(4)
        if dimensions > _MOST_DIMENSIONS:
            raise ValueError("too many dimensions")
        shape = [_number(self.number(wide)) for _ in range(dimensions)]
        self.take(12)
        return [name, shape]
