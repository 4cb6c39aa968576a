"""Content before name; a gap is never silence."""

import importlib

import pytest

from core.findings import FileState, Level
from core.scanning import routing
from core.scanning.byte_sources import BytesFile
from core.scanning.content import KINDS
from core.scanning.inspection import Inspection, LimitReached, Surroundings
from core.text import catalogue, render
from tests.core.scanning.examining import levels, look_at

PE = b"MZ" + b"\0" * 58 + (0x80).to_bytes(4, "little") + b"\0" * 64 + b"PE\0\0" + b"\x64\x86" + b"\0" * 400
PICKLE = b"\x80\x02cposix\nsystem\nX\x04\x00\x00\x00echo\x85R."


def test_every_kind_has_a_name_for_people() -> None:
    assert {f"kind.{kind}" for kind in KINDS} <= catalogue().keys()


@pytest.mark.parametrize(
    "name", ["weights.bin", "weights.pt", "notes.txt", "picture.png", "no_extension", "a.safetensors"]
)
def test_a_pickle_is_found_under_any_name(name: str) -> None:
    assert levels(look_at(name, PICKLE))["pickle-dangerous"] is Level.HIGH


@pytest.mark.parametrize("name", ["photo.png", "model.safetensors", "model.bin", "README.txt"])
def test_a_program_under_a_harmless_name_is_high_risk(name: str) -> None:
    inspection = look_at(name, PE)
    assert inspection.kind == "windows_program"
    assert levels(inspection)["name-other-content"] is Level.HIGH


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", '{"a": 1}'),
        ("a.txt", "import os\nimport sys\nfrom os import path\n"),
        ("a.md", "#!/bin is a path\n"),
        ("a.png", b"\xff\xd8\xff\xe0" + b"\0" * 20),
        ("a.txt", b""),
        ("a.bin", b"\0" * 4000),
    ],
)
def test_harmless_disagreements_are_not_reported(name: str, content: bytes | str) -> None:
    assert "name-other-content" not in levels(look_at(name, content))


def test_weights_that_are_only_a_pointer_are_not_called_read() -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 10\n"
    assert look_at("model.safetensors", pointer).state is FileState.NOT_CHECKED


def test_an_unknown_format_is_not_called_read() -> None:
    inspection = look_at("data.xyz", bytes(range(256)) * 20)
    assert inspection.state is FileState.NOT_CHECKED
    assert inspection.reason is not None
    assert render(inspection.reason)


@pytest.mark.parametrize("name", ["model.bin", "model.pt", "archive.rar"])
def test_a_packed_file_we_cannot_open_is_not_called_read(name: str) -> None:
    inspection = look_at(name, b"Rar!\x1a\x07\x01\x00" + b"\0" * 100)
    assert inspection.state is FileState.NOT_CHECKED
    assert "archive-unopened" in levels(inspection)


def test_a_text_that_python_runs_at_every_start_is_high_risk() -> None:
    assert levels(look_at("extra.pth", "import os; print('x')\n"))["name-starts-by-itself"] is Level.HIGH


def failing(problem: BaseException) -> routing.Scanner:
    def scan(inspection: Inspection) -> None:
        inspection.report("archive-encrypted")
        raise problem

    return scan


@pytest.mark.parametrize(
    "problem", [ValueError("a bug"), RecursionError(), MemoryError(), LimitReached("too_slow"), AssertionError()]
)
def test_a_scanner_that_fails_leaves_its_findings_and_a_reason(
    monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    monkeypatch.setattr("core.scanning.formats.archives.scan_zip", failing(problem))
    inspection = routing.examine(BytesFile(b"PK\x03\x04rest"), "a.zip", Surroundings())
    assert inspection.state is not FileState.CHECKED
    assert inspection.reason is not None
    assert render(inspection.reason)
    assert "archive-encrypted" in levels(inspection)


@pytest.mark.parametrize("place", sorted(set(routing._SCANNERS.values())))
def test_every_scanner_is_there(place: str) -> None:
    module, _, function = place.rpartition(".")
    assert callable(getattr(importlib.import_module(f"core.scanning.{module}"), function))


@pytest.mark.parametrize("start", [b"x\xda" + b"\x11" * 600, b"BZh9" + b"\x11" * 600, b"\x93\xf1" * 300])
def test_a_disk_image_is_known_by_its_end(start: bytes) -> None:
    for name in ("App.dmg", "App.dat"):
        assert look_at(name, start + b"koly" + bytes(508)).kind == "mac_disk_image"
    assert look_at("App.dat", start + b"koli" + bytes(508)).kind != "mac_disk_image"
