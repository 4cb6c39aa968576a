import configparser
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from core.quarantine.mark_of_the_web import Source, is_marked, mark, source, stream, write_stream
from core.repository import RepositoryId, RepositoryKind
from tests.core.approval_reports import COMMIT, FileSpec, approval_of

APPROVAL = approval_of(FileSpec("config.json"))


@pytest.mark.parametrize(
    ("kind", "page"),
    [
        (RepositoryKind.MODEL, "https://huggingface.co/a/b"),
        (RepositoryKind.DATASET, "https://huggingface.co/datasets/a/b"),
        (RepositoryKind.SPACE, "https://huggingface.co/spaces/a/b"),
    ],
)
def test_the_address_of_a_file(kind: RepositoryKind, page: str) -> None:
    came_from = source(replace(APPROVAL, repository=RepositoryId(kind, "a/b")), "sub/x.bin")
    assert came_from == Source(f"{page}/resolve/{COMMIT}/sub/x.bin", page)


def test_no_name_password_or_token_gets_into_the_mark() -> None:
    approval = replace(APPROVAL, endpoint="https://me:hf_secret@hub.example:8443/path/?token=hf_secret#hf_secret")
    came_from = source(approval, "config.json")
    assert "hf_secret" not in came_from.origin + came_from.referrer
    assert came_from.referrer == "https://hub.example:8443/path/examp1e/Example-7B"


@pytest.mark.parametrize("path", ["a\r\nZoneId=0", "über/模型.bin", "\udc80", "a b?c#d", "[ZoneTransfer]"])
def test_a_path_cannot_write_into_the_mark(path: str) -> None:
    origin = source(APPROVAL, path).origin
    assert origin.isascii()
    assert origin.isprintable()
    assert not {" ", "?", "#", "[", "]"} & set(origin)


def test_a_path_too_long_for_the_mark_is_left_out() -> None:
    came_from = source(APPROVAL, "x" * 3000)
    assert came_from.origin == came_from.referrer


def test_the_stream_is_what_windows_reads(tmp_path: Path) -> None:
    file = tmp_path / "model.bin"
    write_stream(file, source(APPROVAL, "model.bin"))
    parser = configparser.ConfigParser()
    parser.read_string(stream(file).read_text(encoding="ascii"))
    zone = parser["ZoneTransfer"]
    assert zone["ZoneId"] == "3"
    assert zone["HostUrl"].endswith("/model.bin")
    assert zone["ReferrerUrl"] == "https://huggingface.co/examp1e/Example-7B"


def test_an_unmarked_file_is_not_marked(tmp_path: Path) -> None:
    file = tmp_path / "plain"
    file.write_bytes(b"")
    assert not is_marked(file)
    assert not is_marked(tmp_path / "nothing")
    assert not mark(tmp_path / "nothing", source(APPROVAL, "x"))


@pytest.mark.skipif(sys.platform != "linux", reason="extended attributes of Linux")
def test_the_mark_can_be_read_back_by_others(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"")
    came_from = source(APPROVAL, "über.bin")
    if not mark(file, came_from):
        pytest.skip("this file system keeps no extended attributes")
    assert is_marked(file)
    assert os.getxattr(file, "user.xdg.origin.url").decode("ascii") == came_from.origin
    assert os.getxattr(file, "user.xdg.referrer.url").decode("ascii") == came_from.referrer
