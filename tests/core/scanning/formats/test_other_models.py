"""Models of R, flax, Core ML, ExecuTorch, TorchScript and others: what runs is told, numbers are left alone."""

import bz2
import gzip
import lzma
import struct

import pytest

from benchmarks.corpus.other_models import (
    core_ml,
    executorch,
    r_call,
    r_environment,
    r_file,
    r_function,
    r_list,
    r_numbers,
    r_promise,
    r_symbol,
    r_texts,
    r_workspace,
    torch_script,
)
from core.findings import FileState, Level
from core.scanning.inspection import Inspection
from tests.core.scanning.examining import levels, look_at
from tests.core.scanning.formats.opcodes import call, pickled

COMMAND = r_call("system", r_texts("echo"))
EVIL = pickled(call("posix", "system", "echo"))


def told(inspection: Inspection, label: str) -> set[str]:
    """Facts with this label."""
    found = inspection.findings.values()
    return {fact.value for entry in found for fact in entry.evidence if fact.label == label}


# -- R


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, bytes])
def test_a_promise_is_found_however_the_file_is_packed(pack: type[bytes]) -> None:
    inspection = look_at("model.rds", pack(r_file(r_list(r_promise(COMMAND)))))
    assert levels(inspection)["r-promise"] is Level.HIGH
    assert "system" in told(inspection, "call")


def test_a_promise_with_a_value_runs_nothing() -> None:
    kept = look_at("model.rds", r_file(r_promise(r_call("sum", r_numbers(1)), value=r_numbers(2))))
    assert levels(kept) == {"r-data": Level.NOTE}
    assert kept.state is FileState.CHECKED


@pytest.mark.parametrize(
    ("body", "level"),
    [
        (COMMAND, Level.HIGH),
        (r_call(r_call("::", r_symbol("base"), r_symbol("system"))), Level.HIGH),
        (r_call("if", r_numbers(1), r_call("f", COMMAND)), Level.HIGH),
        (r_call("do.call", r_texts("system2")), Level.HIGH),
        (r_call("unlink", r_texts("x")), Level.CAREFUL),
        (r_call("mean", r_symbol("system"), r_symbol("source")), None),
    ],
)
def test_what_functions_call_counts_not_what_they_name(body: bytes, level: Level | None) -> None:
    inspection = look_at("model.rds", r_file(r_list(r_numbers(1), r_function(body))))
    assert levels(inspection).get("r-code") is level
    assert inspection.state is FileState.CHECKED


def test_functions_that_r_calls_by_itself() -> None:
    inspection = look_at("a.RData", r_workspace(x=r_numbers(1), **{".Last": r_function(r_call("print"))}))
    assert levels(inspection)["r-code"] is Level.HIGH


@pytest.mark.parametrize("cut", range(30, 120, 7))
def test_r_data_that_is_cut_short_is_not_called_read(cut: int) -> None:
    whole = r_file(r_list(r_numbers(*range(9)), r_texts("a" * 30), r_environment(x=r_numbers(1))))
    assert look_at("a.rds", whole).state is FileState.CHECKED
    assert look_at("a.rds", whole[:cut]).state is not FileState.CHECKED


def test_a_chain_of_a_million_cells_is_no_recursion() -> None:
    cells = struct.pack(">I", 2) + r_numbers(1)
    inspection = look_at("a.rds", r_file(cells * 100_000 + struct.pack(">I", 254)))
    assert inspection.state is FileState.CHECKED


def test_values_inside_values_without_end_are_given_up() -> None:
    inspection = look_at("a.rds", r_file(struct.pack(">II", 19, 1) * 5000))
    assert inspection.state is FileState.PARTLY_CHECKED


# -- MessagePack


@pytest.mark.parametrize(
    "content",
    [
        b"\x81\xa1a\xc7\x03\x01\x93\xc0\xc0",
        b"\x93\x01\xff\xc0",
        b"\xdd\x00\x00\x00\x02\xcd\x01\x00\xd6\xff" + bytes(4),
        b"\xdf\x00\x00\x00\x01\xa1a\xc6\x00\x00\x00\x10" + bytes(16),
        b"\x90\x80\x01",
    ],
)
def test_messagepack_is_walked_to_its_end(content: bytes) -> None:
    inspection = look_at("flax_model.msgpack", content)
    assert inspection.kind == "msgpack"
    assert inspection.state is FileState.CHECKED
    assert not inspection.findings


@pytest.mark.parametrize(
    "content", [b"\x82\xa1a\x01", b"\xc6\x00\x00\xff\xff\x00", b"\xc1", b"\xdd\xff\xff\xff\xff\x00"]
)
def test_messagepack_that_breaks_off_is_not_called_read(content: bytes) -> None:
    assert look_at("a.msgpack", content).state is not FileState.CHECKED


def test_a_pickle_inside_of_messagepack() -> None:
    inside = b"\x82\xa1a\x01\xa1b\xc4" + bytes([len(EVIL)]) + EVIL
    assert levels(look_at("a.msgpack", inside))["pickle-dangerous"] is Level.HIGH


def test_arrays_nested_without_end_are_given_up() -> None:
    assert look_at("a.msgpack", b"\x91" * 100_000).state is FileState.PARTLY_CHECKED


# -- Core ML, ExecuTorch


def test_core_ml_is_known_by_its_content() -> None:
    assert look_at("weights.bin", core_ml(502, b"\x08\x01")).kind == "coreml"
    assert look_at("model.mlmodel", core_ml(502, b"\x08\x01")[:-1]).state is not FileState.CHECKED


def test_programs_of_executorch() -> None:
    plain = look_at("model.pte", executorch(["aten::add"], ["XnnpackBackend"]))
    assert plain.kind == "executorch"
    assert levels(plain) == {"executorch-part": Level.NOTE}
    assert levels(look_at("model.pte", executorch([], ["EvilBackend"])))["executorch-part"] is Level.CAREFUL
    assert look_at("model.pte", executorch(["aten::add"], [])[:-20]).state is not FileState.CHECKED


# -- TorchScript


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("torch.save(x, 'f')", Level.HIGH),
        ("torch . save (x)", None),
        ("_0 = ops.aten._save_parameters (x)", Level.HIGH),
        ("return ops.evil.run(x)", Level.CAREFUL),
        ("return ops.quantized.linear(x)", None),
        ("return torch.saved(x)", None),
    ],
)
def test_operators_of_torchscript(code: str, level: Level | None) -> None:
    inspection = look_at("model.pt", torch_script(code))
    assert inspection.kind == "torch_script"
    assert levels(inspection).get("torch-script-operator") is level
    assert levels(inspection)["torch-script"] is Level.NOTE
