"""safetensors and GGUF: a header that accounts for every byte, or a word about it."""

import json
import struct
from typing import Any

import pytest

from core.demo.tensors import gguf, safetensors
from core.findings import FileState, Level
from core.scanning.inspection import Inspection
from core.text import catalogue
from tests.core.scanning.examining import levels, look_at

Header = dict[str, Any]


def file_of(header: Header | str, content: bytes, length: int | None = None) -> bytes:
    """A safetensors file with this header."""
    text = (header if isinstance(header, str) else json.dumps(header)).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + content


def tensor(start: int, end: int, shape: list[int] | None = None, dtype: str = "F32") -> Header:
    return {"dtype": dtype, "shape": [(end - start) // 4] if shape is None else shape, "data_offsets": [start, end]}


def oddities(inspection: Inspection) -> set[str]:
    return {fact.value for found in inspection.findings.values() for fact in found.evidence if fact.label == "oddity"}


@pytest.mark.parametrize(
    ("header", "size"),
    [
        ({"a": tensor(0, 16)}, 16),
        ({"a": tensor(0, 16), "b": tensor(16, 20)}, 20),
        ({"b": tensor(16, 20), "a": tensor(0, 16)}, 20),
        ({"a": tensor(0, 0, [0]), "b": tensor(0, 4)}, 4),
        ({"a": tensor(0, 4, [])}, 4),
        ({"a": tensor(0, 3, [3], "F8_E4M3")}, 3),
        ({"a": tensor(0, 3, [6], "F4")}, 3),
        ({"a": tensor(0, 3, [1], "A_TYPE_OF_TOMORROW")}, 3),
        ({"__metadata__": {"format": "pt"}, "a": tensor(0, 4)}, 4),
        ({}, 0),
    ],
)
def test_sound_headers_are_checked(header: Header, size: int) -> None:
    inspection = look_at("model.safetensors", file_of(header, b"\xff" * size))
    assert inspection.kind == "safetensors"
    assert inspection.state is FileState.CHECKED
    assert levels(inspection) == {}


def test_the_files_of_the_demo_are_sound() -> None:
    made = safetensors({"weight": (3, 4), "bias": (4,)}, "seed")
    content = b"".join(piece if isinstance(piece, bytes) else bytes(piece) for piece in made.pieces)
    assert levels(look_at("model.safetensors", content)) == {}
    assert levels(look_at("model.gguf", gguf({"weight": (3, 4)}, "seed", "llama", 2048, ["a", "b"], "{{ a }}"))) == {}


@pytest.mark.parametrize(
    ("content", "oddity"),
    [
        (file_of({"a": tensor(0, 16)}, b"\0" * 15), "file_cut_short"),
        (file_of({"a": tensor(0, 16)}, b"\0" * 17), "data_behind"),
        (file_of({"a": tensor(0, 16), "b": tensor(12, 20)}, b"\0" * 20), "tensors_overlap"),
        (file_of({"a": tensor(0, 16), "b": tensor(0, 16)}, b"\0" * 16), "tensors_overlap"),
        (file_of({"a": tensor(4, 16)}, b"\0" * 16), "tensors_gap"),
        (file_of({"a": tensor(0, 16), "b": tensor(20, 24)}, b"\0" * 24), "tensors_gap"),
        (file_of({"a": tensor(0, 16, [5])}, b"\0" * 16), "tensor_size"),
        (file_of({"a": tensor(0, 16, [-2, -2])}, b"\0" * 16), "header_unreadable"),
        (file_of({"a": tensor(0, 16, [1 << 70] * 60)}, b"\0" * 16), "tensor_size"),
        (file_of({"a": tensor(0, 16, [1] * 1000)}, b"\0" * 16), "header_unreadable"),
        (file_of({"a": {"dtype": "F32", "shape": None, "data_offsets": [0, 4]}}, b"\0" * 4), "header_unreadable"),
        (file_of({"a": {"dtype": "F32", "shape": [1], "data_offsets": [0]}}, b"\0" * 4), "header_unreadable"),
        (file_of({"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4.0]}}, b"\0" * 4), "header_unreadable"),
        (file_of({"a": {"dtype": "F32", "shape": [True], "data_offsets": [0, 4]}}, b"\0" * 4), "header_unreadable"),
        (file_of({"a": [1]}, b""), "header_unreadable"),
        (file_of('{"a": ', b"", None), "header_unreadable"),
        (file_of("{" * 5000, b""), "header_unreadable"),
        (file_of({"__metadata__": ["a"]}, b""), "header_unreadable"),
        (file_of({"__metadata__": {"a": 1}}, b""), "header_unreadable"),
        (
            file_of('{"a": ' + json.dumps(tensor(0, 4)) + ', "a": ' + json.dumps(tensor(0, 4)) + "}", b"\0" * 4),
            "name_twice",
        ),
        (file_of({}, b"", length=1 << 39), "header_too_long"),
        (file_of({}, b"", length=1 << 60), "header_too_long"),
        (file_of({}, b"", length=3), "header_length"),
    ],
)
def test_headers_that_contradict_the_file_are_told(content: bytes, oddity: str) -> None:
    inspection = look_at("model.safetensors", content)
    assert inspection.state is FileState.PARTLY_CHECKED
    # A download that broke off is no attack; tensors that overlap are no broken download.
    made_up = oddity in {"tensors_overlap", "header_unreadable", "name_twice", "header_too_long"}
    assert levels(inspection)["tensors-header"] is (Level.HIGH if made_up else Level.CAREFUL)
    assert oddities(inspection) == {oddity}


@pytest.mark.parametrize(
    ("metadata", "rule"),
    [
        ({"config": '{"_target_": "os.system"}'}, "configuration-code"),
        ({"a": "powershell -enc AAAA"}, "metadata-script"),
        ({"a": "<script>x</script>"}, "metadata-script"),
    ],
)
@pytest.mark.parametrize("size", [4, 3], ids=["sound", "unsound"])
def test_metadata_is_read_even_if_the_rest_is_unsound(metadata: dict[str, str], rule: str, size: int) -> None:
    content = file_of({"__metadata__": metadata, "a": tensor(0, 4)}, b"\0" * size)
    assert rule in levels(look_at("model.safetensors", content))


# -- GGUF

UINT32, STRING, ARRAY = 4, 8, 9


def string(value: str) -> bytes:
    return struct.pack("<Q", len(value.encode())) + value.encode()


def key(name: str, kind: int, value: bytes) -> bytes:
    return string(name) + struct.pack("<I", kind) + value


def gguf_of(*keys: bytes, tensors: tuple[bytes, ...] = (), content: bytes = b"", version: int = 3) -> bytes:
    head = b"GGUF" + struct.pack("<IQQ", version, len(tensors), len(keys)) + b"".join(keys) + b"".join(tensors)
    return head + b"\0" * (-len(head) % 32 if tensors else 0) + content


def info(size: int, kind: int = 0, offset: int = 0) -> bytes:
    return string("weight") + struct.pack("<IQIQ", 1, size, kind, offset)


TEMPLATE = "{% for message in messages %}{{ message['content'] }}{% endfor %}"
BREAKOUT = "{{ messages.__class__.__mro__ }}"


@pytest.mark.parametrize("name", ["tokenizer.chat_template", "tokenizer.chat_template.tool_use", "x.chat_template"])
def test_every_chat_template_is_read(name: str) -> None:
    assert levels(look_at("m.gguf", gguf_of(key(name, STRING, string(TEMPLATE))))) == {}
    tokens = key("tokens", ARRAY, struct.pack("<IQ", STRING, 3) + string("a") * 3)
    numbers = key("scores", ARRAY, struct.pack("<IQ", 6, 1000) + b"\0" * 4000)
    nested = key("deep", ARRAY, struct.pack("<IQ", ARRAY, 1) + struct.pack("<IQ", 0, 5) + b"12345")
    content = gguf_of(tokens, numbers, nested, key(name, STRING, string(BREAKOUT)))
    assert levels(look_at("m.gguf", content))["template-code"] is Level.HIGH


@pytest.mark.parametrize(
    ("kind", "count", "size"), [(0, 10, 40), (1, 10, 20), (2, 64, 36), (12, 256, 144), (30, 3, 6), (14, 512, 420)]
)
def test_tensors_that_fill_the_file_are_sound(kind: int, count: int, size: int) -> None:
    content = gguf_of(tensors=(info(count, kind),), content=b"\xff" * size)
    inspection = look_at("m.gguf", content)
    assert inspection.state is FileState.CHECKED
    assert levels(inspection) == {}
    assert oddities(look_at("m.gguf", content[:-1])) == {"file_cut_short"}
    assert oddities(look_at("m.gguf", content + b"x" * 100)) == {"data_behind"}


@pytest.mark.parametrize(
    ("content", "oddity"),
    [
        (b"GGUF", "file_cut_short"),
        (gguf_of(version=9), "header_unreadable"),
        (gguf_of(version=0x03000000), "header_unreadable"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 1 << 60), "header_unreadable"),
        (b"GGUF" + struct.pack("<IQQ", 3, 1 << 60, 0), "header_unreadable"),
        (b"GGUF" + struct.pack("<IQQ", 3, 1000, 0), "file_cut_short"),
        (gguf_of(key("a", STRING, struct.pack("<Q", 1 << 60))), "header_length"),
        (gguf_of(key("a", STRING, struct.pack("<Q", 1 << 20))), "file_cut_short"),
        (gguf_of(key("a", 77, b"")), "header_unreadable"),
        (gguf_of(key("a", ARRAY, struct.pack("<IQ", 0, 1 << 60))), "file_cut_short"),
        (gguf_of(key("a", ARRAY, struct.pack("<IQ", STRING, 1 << 60))), "file_cut_short"),
        (gguf_of(key("a", ARRAY, struct.pack("<IQ", ARRAY, 1) * 9)), "header_unreadable"),
        (gguf_of(key("general.alignment", UINT32, struct.pack("<I", 0))), "header_unreadable"),
        (gguf_of(tensors=(info(1 << 60),), content=b"\0" * 40), "file_cut_short"),
        (gguf_of(tensors=(info(10, offset=1 << 60),), content=b"\0" * 40), "file_cut_short"),
        (gguf_of(tensors=(string("a") + struct.pack("<I", 1 << 30),)), "header_unreadable"),
    ],
)
def test_gguf_headers_that_lie_are_told(content: bytes, oddity: str) -> None:
    inspection = look_at("m.gguf", content)
    assert inspection.state is FileState.PARTLY_CHECKED
    assert oddities(inspection) == {oddity}


def test_scripts_have_no_business_in_gguf_metadata() -> None:
    content = gguf_of(key("general.description", STRING, string("run cmd.exe /c echo")))
    assert levels(look_at("m.gguf", content)) == {"metadata-script": Level.CAREFUL}


def test_every_oddity_has_words() -> None:
    words = (
        "file_cut_short data_behind tensors_overlap tensors_gap tensor_size header_unreadable name_twice header_length "
        "header_too_long"
    )
    assert {f"oddity.{word}" for word in words.split()} <= catalogue().keys()
