"""What the Hub reads out of configuration files and the headers of weights, for the demo hub to say the same."""

import functools
import json
import math
import struct
from collections.abc import Mapping
from typing import Any

from core.demo.exchange import Content
from core.demo.store import StoredCommit

_CONFIG = ("architectures", "model_type", "auto_map", "quantization_config")
_TOKENIZER = ("chat_template", "bos_token", "eos_token")
_ADAPTER = ("base_model_name_or_path", "task_type")
_MOST = 1 << 20
"""Bytes of a configuration or of a header that are looked at."""
_GGUF_SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
_GGUF_STRING, _GGUF_ARRAY = 8, 9


def facts(commit: StoredCommit) -> dict[str, Any]:
    """The fields `config`, `safetensors` and `gguf` of a model; each is left out where there is nothing to say."""
    found: dict[str, Any] = {}
    config = _chosen(_mapping(commit, "config.json"), _CONFIG)
    tokenizer = _chosen(_mapping(commit, "tokenizer_config.json"), _TOKENIZER)
    if tokenizer:
        config["tokenizer_config"] = tokenizer
    adapter = _chosen(_mapping(commit, "adapter_config.json"), _ADAPTER)
    if adapter:
        config["peft"] = adapter
    template = commit.files.get("chat_template.jinja")
    if template is not None:
        config["chat_template_jinja"] = template.content.part(0, _MOST).read().decode("utf-8", "replace")
    if config:
        found["config"] = config
    counts = [
        _safetensors_parameters(file.content)
        for path, file in commit.files.items()
        if path.endswith(".safetensors") and "/" not in path
    ]
    if total := sum(sum(count.values()) for count in counts):
        dtypes = {dtype for count in counts for dtype in count}
        parameters = {dtype: sum(count.get(dtype, 0) for count in counts) for dtype in sorted(dtypes)}
        found["safetensors"] = {"parameters": parameters, "total": total}
    first = next((file for path, file in sorted(commit.files.items()) if path.endswith(".gguf")), None)
    if first is not None and (header := _gguf(first.content)):
        found["gguf"] = header
    return found


def _mapping(commit: StoredCommit, path: str) -> Mapping[str, Any]:
    file = commit.files.get(path)
    return _json(file.content) if file is not None and file.size < _MOST else {}


@functools.lru_cache(4096)
def _json(content: Content) -> Mapping[str, Any]:
    try:
        loaded = json.loads(content.read())
    except (ValueError, RecursionError):
        return {}
    return loaded if isinstance(loaded, dict) else {}


def _chosen(mapping: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: mapping[key] for key in keys if key in mapping}


@functools.lru_cache(4096)
def _safetensors_parameters(content: Content) -> dict[str, int]:
    """Numbers by their type; nothing if the header cannot be read."""
    length = int.from_bytes(content.part(0, 8).read(), "little")
    found: dict[str, int] = {}
    try:
        header = json.loads(content.part(8, min(length, _MOST)).read())
        for name, tensor in header.items():
            if name != "__metadata__":
                found[tensor["dtype"]] = found.get(tensor["dtype"], 0) + math.prod(tensor["shape"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}
    return found


@functools.lru_cache(4096)
def _gguf(content: Content) -> dict[str, Any]:
    """Architecture, context length, chat template and number of parameters; nothing if it cannot be read."""
    try:
        return _gguf_facts(_Reader(content.part(0, _MOST).read()))
    except (struct.error, ValueError, KeyError):
        return {}


def _gguf_facts(reader: "_Reader") -> dict[str, Any]:
    if reader.take(4) != b"GGUF":
        return {}
    _, tensors, keys = reader.unpack("<IQQ")
    values = {reader.text(): reader.value() for _ in range(keys)}
    total = 0
    for _ in range(tensors):
        reader.text()
        (dimensions,) = reader.unpack("<I")
        total += math.prod(reader.unpack(f"<{dimensions}Q"))
        reader.unpack("<IQ")
    architecture = values.get("general.architecture", "")
    found = {
        "total": total,
        "architecture": architecture,
        "context_length": values.get(f"{architecture}.context_length"),
        "chat_template": values.get("tokenizer.chat_template"),
    }
    return {key: value for key, value in found.items() if value}


class _Reader:
    """Goes forward through the head of a GGUF file; raises `ValueError` where it ends too early."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def take(self, size: int) -> bytes:
        if self._at + size > len(self._data):
            raise ValueError("cut short")
        self._at += size
        return self._data[self._at - size : self._at]

    def unpack(self, form: str) -> tuple[int, ...]:
        return struct.unpack(form, self.take(struct.calcsize(form)))

    def text(self) -> str:
        (size,) = self.unpack("<Q")
        return self.take(size).decode("utf-8", "replace")

    def value(self, kind: int | None = None) -> str | int | None:
        if kind is None:
            (kind,) = self.unpack("<I")
        if kind == _GGUF_STRING:
            return self.text()
        if kind == _GGUF_ARRAY:
            inner, count = self.unpack("<IQ")
            for _ in range(count):
                self.value(inner)
            return None
        return int.from_bytes(self.take(_GGUF_SIZES[kind]), "little")
