"""What a file is: told from its bytes, with its name as a second witness."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.scanning.content import KINDS, decode, extension, identify, is_text, looks_like_pickle, looks_like_safetensors

PE = b"MZ" + b"\0" * 58 + struct.pack("<I", 0x80) + b"\0" * 64 + b"PE\0\0" + b"\x64\x86"


def kind(path: str, content: bytes) -> str:
    return identify(path, content[:65536], len(content)).id


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (PE + b"\0" * 16 + b"\x22\x00", "windows_program"),
        (PE + b"\0" * 16 + b"\x22\x20", "windows_library"),
        (b"MZ\x90\x00\x03" + b"\xff" * 200, "windows_program"),
        (b"\x7fELF\x02\x01" + b"\0" * 10 + b"\x02\x00", "linux_program"),
        (b"\x7fELF\x02\x01" + b"\0" * 10 + b"\x03\x00" + b"\0" * 80, "linux_library"),
        (b"\x7fELF\x02\x01" + b"\0" * 10 + b"\x03\x00" + b"/lib64/ld-linux-x86-64.so.2", "linux_program"),
        (b"\xca\xfe\xba\xbe\x00\x00\x00\x02", "mac_program"),
        (b"\xca\xfe\xba\xbe\x00\x00\x00\x34", "java_class"),
        (b"L\x00\x00\x00\x01\x14\x02\x00" + b"\0" * 20, "windows_shortcut"),
        (b"PK\x03\x04" + b"\0" * 30, "zip"),
        (b"7z\xbc\xaf\x27\x1c", "seven_zip"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"\x5d\x00\x00\x80\x00", "xz"),
        (b"\x78\x9c\x4b\x04\x00\x00\x62\x00\x62", "zlib"),
        (b"\x80\x02}q\x00.", "pickle"),
        (b"\x80\x04\x95\x00", "pickle"),
        (b"\x93NUMPY\x01\x00v\x00{'descr': '<f4', }", "numpy"),
        (b"\x93NUMPY\x01\x00v\x00{'descr': '|O', }", "numpy_objects"),
        (struct.pack("<Q", 2) + b"{}", "safetensors"),
        (b"GGUF\x03\x00\x00\x00", "gguf"),
        (b"\x89HDF\r\n\x1a\n", "hdf5"),
        (b"\x18\0\0\0TFL3", "tflite"),
        (b"\0" * 0x8001 + b"CD001" + b"\0" * 9, "disk_image"),
        (b"\x0d\x0d\r\n" + b"\0" * 12, "python_bytecode"),
        (b"\xa7\x0d\r\n" + b"\0" * 12 + b"\xe3\x00", "python_bytecode"),
        (b"RIFF\0\0\0\0WAVEfmt ", "wav"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"\0" * 5000, "zeros"),
        (b"", "empty"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "git_pointer"),
    ],
)
@pytest.mark.parametrize("path", ["a.bin", "model.safetensors", "notes.txt", "a"])
def test_content_decides(content: bytes, expected: str, path: str) -> None:
    assert kind(path, content) == expected


@pytest.mark.parametrize(
    ("path", "content", "expected"),
    [
        ("a.py", b"x = 1\n", "python"),
        ("start.bat", b"dir\r\n", "batch"),
        ("start.CMD ", b"dir\r\n", "batch"),
        ("a.ps1.", b"dir\r\n", "powershell"),
        ("a.pth", b"import os\n", "python_path_file"),
        ("model.pth", b"\x80\x02}.", "pickle"),
        ("a.html", b"text", "web_page"),
        ("Makefile", b"all:\n", "makefile"),
        ("Dockerfile.gpu", b"FROM x\n", "dockerfile"),
        (".gitattributes", b"*.bin filter=lfs\n", "git_attributes"),
        ("a.onnx", b"\x08\x08\x12\x03abc\xff\x00", "onnx"),
        ("saved_model.pb", b"\x08\x01\x12\x00\xff", "tensorflow_graph"),
        ("saved_model.pbtxt", b"node {}", "tensorflow_graph"),
        ("vocab.txt", b'{"a": 1}', "json"),
        ("README", b"# A heading\n", "text"),
        ("run", b"#!/usr/bin/env python3\n", "python"),
        ("run", b"#!/bin/sh\n", "shell_script"),
        ("run", b"#!/opt/unheard-of\n", "script"),
        ("a", b"<!DOCTYPE html><html>", "web_page"),
        ("a", b"<?xml version='1.0'?><svg xmlns='x'>", "svg"),
        ("a", b"<?xml version='1.0'?><a/>", "xml"),
        ("a", b"[InternetShortcut]\r\nURL=x\r\n", "internet_shortcut"),
        ("a", b"REGEDIT4\r\n", "registry_file"),
        ("a", b"@echo off\r\ndir\r\n", "batch"),
        ("a", "@echo off\r\ndir\r\n".encode("utf-16"), "batch"),
        ("a", b"import os\nimport sys\n", "python"),
        ("a", b"Write-Host x\nInvoke-WebRequest y\n", "powershell"),
        ("a", b"MZ is how this note begins\n", "text"),
    ],
)
def test_names_and_first_lines_help_where_bytes_do_not(path: str, content: bytes, expected: str) -> None:
    assert kind(path, content) == expected


@pytest.mark.parametrize("mark", [(4, b"TFL3"), (4, b"ftyp"), (257, b"ustar"), (0x8001, b"CD001")])
def test_a_pickle_stays_a_pickle_with_the_mark_of_another_format_inside(mark: tuple[int, bytes]) -> None:
    place, magic = mark
    content = (b"\x80\x04B" + b"\0" * 0x8100)[:place] + magic + b"\0" * 0x200
    assert kind("model.bin", content) == "pickle"


@pytest.mark.parametrize(
    ("path", "expected"),
    [("a.TXT", ".txt"), ("a.exe. .", ".exe"), ("dir.x/a", ""), ("a.tar.gz", ".gz"), (".hidden", ".hidden"), ("a.", "")],
)
def test_extensions_are_those_that_windows_sees(path: str, expected: str) -> None:
    assert extension(path) == expected


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"plain", "plain"),
        ("é\n".encode(), "é\n"),
        (b"\xef\xbb\xbfx", "x"),
        ("é".encode("utf-16"), "é"),
        ("wide text".encode("utf-16-le"), "wide text"),
        (b"caf\xe9 and more", "café and more"),
        ("abcé".encode()[:-1], "abc"),
        (b"\x00\x01\x02\x03\x04", None),
        (bytes(range(1, 32)) * 4, None),
        (bytes(range(128, 256)), None),
    ],
)
def test_what_counts_as_text(data: bytes, text: str | None) -> None:
    assert decode(data) == text
    assert is_text(data) is (text is not None)


@pytest.mark.parametrize(
    ("head", "size", "expected"),
    [
        (struct.pack("<Q", 10) + b'{"a": 1}', 100, True),
        (struct.pack("<Q", 1000) + b"{", 100, True),
        (struct.pack("<Q", 1 << 60) + b"{", 100, False),
        (struct.pack("<Q", 10) + b"[", 100, False),
        (b"{", 1, False),
    ],
)
def test_what_looks_like_safetensors(head: bytes, size: int, expected: bool) -> None:
    assert looks_like_safetensors(head, size) is expected


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"\x80\x02}", True),
        (b"\x80\x05\x95", True),
        (b"\x80\x02", True),
        (b"\x80\x06}", False),
        (b"\x80\x02\xff", False),
    ],
)
def test_what_looks_like_a_pickle(head: bytes, expected: bool) -> None:
    assert looks_like_pickle(head) is expected


@given(path=st.text(max_size=30), content=st.binary(max_size=600))
def test_any_bytes_under_any_name_are_of_some_kind(path: str, content: bytes) -> None:
    assert kind(path, content) in KINDS


@pytest.mark.parametrize(
    ("path", "content", "kind"),
    [
        ("variables.index", b"\x00\x00\x06\x08\x01\x1a\x02\x08\x01", "tensors"),
        ("evil.index", b"\x01\x02\xff\xfe\x00\x00\x9d", "unknown"),
        ("model.onnx_data", b"\x01\x02\xff\xfe\x00\x00\x9d", "tensors"),
        ("weights.bin", b"{L" + bytes(7) + b"\x07learner{", "xgboost"),
        ("weights.bin", b"\x0a\x0d\x0a\x01a\x12\x08ReadFile" + b"\x0a\x00", "tensorflow_graph"),
        ("weights.bin", b"\x08\x01\x12\x04\x0a\x02ab", "tensorflow_graph"),
        ("weights.bin", b"\x08\x08\x12\x01a\x3a\x03\x12\x01g", "onnx"),
        ("weights.bin", b"\x08\x08\x12\x01a\xff\xff\xff", "unknown"),
        ("model.xml", b"<?xml version='1.0'?>\n<net name='a'><layers/></net>", "openvino"),
        ("model.xml", b"<?xml version='1.0'?>\n<!-- x -->\n<PMML version='4'/>", "pmml"),
        ("model.xml", b"<?xml version='1.0'?>\n<network name='a'/>", "xml"),
        ("data.pt", b"\x50\x2a\x4d\x18\x02\0\0\0ab\x28\xb5\x2f\xfd", "zstd"),
        ("data.pt", b"\x5f\x2a\x4d\x18\x00\0\0\0\x04\x22\x4d\x18", "lz4"),
        ("model.txt", b"tree\nversion=v4\nnum_class=1\n", "lightgbm"),
        ("model.rds", b"A\n3\n262914\n", "r_data"),
    ],
)
def test_formats_without_a_mark_of_their_own(path: str, content: bytes, kind: str) -> None:
    assert identify(path, content, len(content)).id == kind
