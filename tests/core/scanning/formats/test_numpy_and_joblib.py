"""NumPy arrays of objects and joblib files: pickles in another wrapper, with raw numbers in between."""

import zlib

import pytest

from core.findings import FileState, Level
from tests.core.scanning.examining import levels, look_at
from tests.core.scanning.formats.opcodes import call, name, pickled, text
from tests.core.scanning.formats.zips import Member, zipped

EVIL = pickled(call("posix", "system", "echo"))
HARMLESS = pickled(b"]" + text("a") + b"a")


def npy(descr: str, shape: str, content: bytes, version: int = 1) -> bytes:
    """A `.npy` file; `descr` and `shape` as Python literals."""
    header = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}".encode()
    width = 2 if version == 1 else 4
    header += b" " * (-(8 + width + len(header) + 1) % 64) + b"\n"
    return b"\x93NUMPY" + bytes([version, 0]) + len(header).to_bytes(width, "little") + header + content


@pytest.mark.parametrize("version", [1, 2, 3])
@pytest.mark.parametrize("descr", ["'|O'", "'O'", "'|O8'", "[('a', '<f4'), ('b', '|O')]", "[('a', ('|O', (2,)))]"])
def test_arrays_of_objects_are_pickles(descr: str, version: int) -> None:
    inspection = look_at("array.npy", npy(descr, "(1,)", EVIL, version))
    assert inspection.kind == "numpy_objects"
    assert levels(inspection)["pickle-dangerous"] is Level.HIGH
    assert levels(look_at("array.npy", npy(descr, "(1,)", HARMLESS, version))) == {"pickle": Level.NOTE}
    broken = look_at("array.npy", npy(descr, "(1,)", EVIL[:-1] + b"\xff", version))
    assert levels(broken)["pickle-dangerous"] is Level.HIGH


@pytest.mark.parametrize(
    ("descr", "shape", "size"),
    [
        ("'<f4'", "(2, 3)", 24),
        ("'|b1'", "(5,)", 5),
        ("'<U3'", "(2,)", 24),
        ("'|S7'", "(3,)", 21),
        ("'<f8'", "()", 8),
        ("'<M8[ns]'", "(1,)", 8),
        ("[('OPEN', '<f4'), ('OLD', '<i4')]", "(1,)", 8),
        ("'<f4'", "(0, 5)", 0),
    ],
)
def test_arrays_of_numbers_are_only_numbers(descr: str, shape: str, size: int) -> None:
    inspection = look_at("array.npy", npy(descr, shape, b"\x80" * size))
    assert inspection.kind == "numpy"
    assert inspection.state is FileState.CHECKED
    assert levels(inspection) == {}


@pytest.mark.parametrize(
    "content",
    [
        npy("'<f4'", "(2, 3)", b"\0" * 23),
        npy("'<f4'", "(2, 3)", b"\0" * 25),
        npy("'<f4'", "(2, 'x')", b"\0" * 24),
        npy("'<f4'", "(-2,)", b"\0" * 24),
        npy("__import__('os')", "(1,)", b""),
        npy("(" * 500, "(1,)", b""),
        npy("-" * 100_000 + "1", "(1,)", b"", 2),
        b"\x93NUMPY\x09\x00" + b"\0" * 20,
        b"\x93NUMPY\x01\x00\xff\xff" + b"\0" * 20,
        b"\x93NUMPY\x02\x00\xff\xff\xff\xff" + b"\0" * 20,
        b"\x93NUMPY\x01",
    ],
)
def test_headers_that_lie_are_told(content: bytes) -> None:
    assert levels(look_at("array.npy", content))["tensors-header"] is Level.CAREFUL


def test_members_of_npz_files_are_looked_at() -> None:
    content = zipped(Member("a.npy", npy("'<f4'", "(1,)", b"\0" * 4)), Member("b.npy", npy("'|O'", "(1,)", EVIL)))
    inspection = look_at("arrays.npz", content)
    assert inspection.kind == "npz"
    assert levels(inspection)["pickle-dangerous"] is Level.HIGH
    packed = zipped(Member("b.npy", npy("'|O'", "(1,)", EVIL), packed=True))
    assert levels(look_at("arrays.npz", packed))["pickle-dangerous"] is Level.HIGH


# -- joblib


def _wrapper(code: str, shape: bytes, aligned: bool) -> bytes:
    """`NumpyArrayWrapper` with its state, after which the numbers follow (joblib/numpy_pickle.py)."""
    dtype = name("numpy", "dtype") + b"(" + text(code) + b"\x89\x88tR" + b"(K\x03" + text("<") + b"NNNK\0K\0K\0tb"
    state = text("subclass") + name("numpy", "ndarray") + text("shape") + shape + text("order") + text("C")
    state += text("dtype") + dtype + text("allow_mmap") + b"\x88"
    if aligned:
        state += text("numpy_array_alignment_bytes") + b"K\x10"
    return name("joblib.numpy_pickle", "NumpyArrayWrapper") + b")\x81}(" + state + b"ub"


def joblib(payload: bytes = b"N0", aligned: bool = True, numbers: bytes = b"\x2e\x80\x02\xff" * 6) -> bytes:
    """A dictionary with an array of six 32-bit numbers, then `payload`."""
    padding = b"\x03\xff\xff\xff" if aligned else b""
    array = _wrapper("f4", b"K\x02K\x03\x86", aligned) + padding + numbers
    return pickled(b"}" + text("weights") + array + b"s" + payload, 3)


@pytest.mark.parametrize("aligned", [True, False])
def test_numbers_inside_joblib_files_are_stepped_over(aligned: bool) -> None:
    inspection = look_at("model.joblib", joblib(aligned=aligned))
    assert inspection.kind == "joblib"
    assert inspection.state is FileState.CHECKED
    assert levels(inspection) == {"pickle": Level.NOTE}
    evil = look_at("model.joblib", joblib(call("posix", "system", "echo") + b"0", aligned))
    assert levels(evil)["pickle-dangerous"] is Level.HIGH
    assert levels(look_at("model.joblib", zlib.compress(joblib(aligned=aligned)))) == {"pickle": Level.NOTE}


@pytest.mark.parametrize("inner", [EVIL, EVIL[:-1] + b"\xff", EVIL[:-1]])
def test_objects_inside_joblib_files_are_followed_even_if_they_break(inner: bytes) -> None:
    content = b"\x80\x03" + _wrapper("O", b"K\x01\x85", aligned=False) + inner + b"."
    assert levels(look_at("model.joblib", content))["pickle-dangerous"] is Level.HIGH


@pytest.mark.parametrize("shape", [b"N", b"(K\x01" + text("x") + b"t", b"J\xff\xff\xff\x7f\x85"])
def test_arrays_that_lie_about_their_shape_are_told(shape: bytes) -> None:
    content = b"\x80\x03" + _wrapper("f4", shape, aligned=False) + b"\0" * 30 + b"."
    inspection = look_at("model.joblib", content)
    assert inspection.state is FileState.PARTLY_CHECKED
    assert levels(inspection)["pickle-broken"] is Level.CAREFUL


def test_a_pickle_cannot_hide_in_the_numbers_of_an_array() -> None:
    hidden = EVIL + b"\0" * (24 - len(EVIL) % 24)
    content = b"\x80\x03" + _wrapper("f4", b"K\x00\x85", aligned=False) + b"." + hidden
    assert levels(look_at("model.joblib", content))["pickle-dangerous"] is Level.HIGH
