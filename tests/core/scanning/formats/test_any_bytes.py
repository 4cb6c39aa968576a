"""Whatever the bytes: every scanner comes to an end, raises nothing but its limit, and says what it left unread."""

import bz2
import gzip
import io
import json
import lzma
import tarfile
import zlib
from collections.abc import Callable

import pytest
import zstandard
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from benchmarks.corpus.formats import tflite
from benchmarks.corpus.other_models import core_ml, executorch, r_call, r_file, r_list, r_numbers, r_promise, r_texts
from core.findings import FileState, Level
from core.scanning.byte_sources import BytesFile
from core.scanning.formats import (
    archives,
    coreml,
    gguf,
    keras,
    msgpack_files,
    numpy_files,
    onnx,
    pickles,
    r_data,
    safetensors,
    tensorflow,
    tensorrt,
    xml_models,
)
from core.scanning.formats import executorch as executorch_programs
from core.scanning.inspection import Budget, Inspection, LimitReached
from core.scanning.results import Answer, to_wire
from core.scanning.routing import route
from tests.core.scanning.examining import levels, look_at
from tests.core.scanning.formats.opcodes import call, pickled
from tests.core.scanning.formats.test_model_formats import HARMFUL, PLACES, archive, node, saved_model
from tests.core.scanning.formats.test_numpy_and_joblib import joblib, npy
from tests.core.scanning.formats.test_tensor_headers import (
    BREAKOUT,
    STRING,
    file_of,
    gguf_of,
    info,
    key,
    string,
    tensor,
)
from tests.core.scanning.formats.zips import Member, zipped

EVIL = call("posix", "system", "echo")


def _tar(content: bytes, name: str = "é" * 60) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as packed:
        member = tarfile.TarInfo(name)
        member.size = len(content)
        packed.addfile(member, io.BytesIO(content))
    return out.getvalue()


DANGEROUS: dict[str, tuple[str, bytes]] = {
    "pickle": ("model.bin", pickled(EVIL)),
    "old pickle": ("model.pkl", b"(lp0\nI5\nacposix\nsystem\np1\n(S'echo'\np2\ntp3\nRp4\na."),
    "joblib": ("model.joblib", joblib(EVIL + b"0")),
    "packed pickle": ("model.joblib", zlib.compress(pickled(EVIL))),
    "gzip": ("model.pkl.gz", gzip.compress(pickled(EVIL))),
    "bzip2": ("model.pkl.bz2", bz2.compress(pickled(EVIL))),
    "xz": ("model.pkl.xz", lzma.compress(pickled(EVIL))),
    "zip": ("model.pt", zipped(Member("a/version", b"3\n"), Member("a/data.pkl", pickled(EVIL)))),
    "packed zip": ("model.pt", zipped(Member("a/data.pkl", pickled(EVIL), packed=True))),
    "tar": ("model.tar", _tar(pickled(EVIL))),
    "numpy": ("a.npy", npy("'|O'", "(1,)", pickled(EVIL))),
    "keras": ("model.keras", archive(HARMFUL["a lambda layer"])),
    "onnx": ("model.onnx", PLACES["initializer"]),
    "tensorflow": ("saved_model.pb", saved_model(node("MatMul"), node("ReadFile"))),
    "tflite": ("model.tflite", tflite(None, "FlexEagerPyFunc")),
    "zstd": ("model.pkl.zst", zstandard.compress(pickled(EVIL))),
    "gguf": (
        "m.gguf",
        gguf_of(key("tokenizer.chat_template", STRING, string(BREAKOUT)), tensors=(info(4),), content=b"\0" * 16),
    ),
    "r data": (
        "model.rds",
        r_file(r_list(r_promise(r_call("system", r_texts("echo"))), r_numbers(1, 2), r_texts("a" * 30))),
    ),
    "safetensors": (
        "m.safetensors",
        file_of({"__metadata__": {"a": '{"_target_": "os.system"}'}, "t": tensor(0, 4)}, b"\0" * 4),
    ),
}
SHOWS_ITSELF = {"old pickle": 24, "packed pickle": 16, "tflite": 8, "xz": 6, "r data": 6, "tar": 512}
"""Bytes from which a format can be told from a text; 4 for all others."""

SCANNERS: dict[str, Callable[[Inspection], None]] = {
    "pickle": pickles.scan,
    "zip": archives.scan_zip,
    "tar": archives.scan_tar,
    "gzip": archives.scan_gzip,
    "bzip2": archives.scan_bzip2,
    "xz": archives.scan_xz,
    "zlib": archives.scan_zlib,
    "hdf5": keras.scan_h5,
    "safetensors": safetensors.scan,
    "gguf": gguf.scan,
    "numpy": numpy_files.scan,
    "onnx": onnx.scan,
    "tensorflow": tensorflow.scan,
    "coreml": coreml.scan,
    "executorch": executorch_programs.scan,
    "msgpack": msgpack_files.scan,
    "r_data": r_data.scan,
    "tensorrt": tensorrt.scan,
    "xml": xml_models.scan,
    "unopened": archives.scan_unopened,
    "by content": route,
}
_STARTS = [content[:40] for _, content in DANGEROUS.values()] + [
    core_ml(502, b"")[:12],
    executorch([], ["A"])[:30],
    b"<net ",
    b"\xdf\x00",
    b"A\n3\n1\n2\n",
    b"",
    b"GGUF\x03\0\0\0",
    b"PK\x05\x06",
    b"\x80\x04",
]


@pytest.mark.parametrize("path", [path for path, _ in DANGEROUS.values()])
def test_the_whole_files_are_high_risk(path: str) -> None:
    for name, content in DANGEROUS.values():
        if name == path:
            assert Level.HIGH in levels(look_at(path, content)).values()


@pytest.mark.parametrize("name", SCANNERS)
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(start=st.sampled_from(_STARTS), rest=st.binary(max_size=400))
@example(start=b"", rest=b"")
def test_random_bytes_raise_nothing(name: str, start: bytes, rest: bytes) -> None:
    _run(SCANNERS[name], start + rest)


@pytest.mark.parametrize("name", SCANNERS)
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), which=st.sampled_from(sorted(DANGEROUS)))
def test_damaged_files_raise_nothing(name: str, data: st.DataObject, which: str) -> None:
    content = bytearray(DANGEROUS[which][1])
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
        if not content:
            break
    _run(SCANNERS[name], bytes(content))


def _run(scanner: Callable[[Inspection], None], content: bytes) -> None:
    inspection = Inspection(
        BytesFile(content), "model.bin", route, Budget(seconds=20, expanded_bytes=8 << 20, members=500)
    )
    try:
        scanner(inspection)
    except LimitReached:
        return
    assert (inspection.reason is None) == (inspection.state is FileState.CHECKED)
    answer = Answer(json.loads(json.dumps(to_wire(inspection, 0))), inspection.path)
    assert len(answer.findings) == len(inspection.findings)
    for found in answer.findings:
        assert "".join(fact.value for fact in found.evidence).encode("utf-8") is not None


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("model.bin", pickled(b"\x8c\x05a\xed\xa0\x80b\x8c\x01x\x93", 4)),
        ("a.tar", _tar(b"x", "../\udcff")),
        ("config.json", b'{"_target_": "a.\\ud800"}'),
        ("model.keras", archive(b'{"class_name": "a\\ud800", "module": "b\\udfff", "config": {}}')),
    ],
)
def test_halves_of_characters_can_be_written_into_a_report(path: str, content: bytes) -> None:
    found = look_at(path, content).findings.values()
    told = [fact.value for entry in found for fact in entry.evidence]
    told += [str(value) for entry in found for _, value in entry.values]
    assert told
    assert " ".join(told).encode()


def test_sizes_beyond_all_numbers_can_be_told() -> None:
    content = zipped(*(Member(f"m{place}", b"x", stated_size=0xFFFFFFFE) for place in range(300)))
    assert levels(look_at("a.zip", content))["archive-bomb"] is Level.HIGH
    _run(route, content)


@pytest.mark.parametrize("which", DANGEROUS)
def test_a_file_that_is_cut_short_is_never_checked_with_nothing_found(which: str) -> None:
    path, content = DANGEROUS[which]
    silent = []
    for size in range(SHOWS_ITSELF.get(which, 4), len(content)):
        inspection = look_at(path, content[:size])
        if inspection.state is FileState.CHECKED and not set(levels(inspection).values()) - {Level.NOTE}:
            silent.append(size)
    assert silent == []
