"""Archives: members by their content, whatever the archive says about them; nothing unread passes for read."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from core.demo.pickles import state_dict, torch_legacy
from core.findings import LEVEL_ORDER, FileState, Level
from core.scanning.byte_sources import BytesFile
from core.scanning.formats import archives, zip_purposes
from core.scanning.inspection import Budget, Inspection, LimitReached
from core.scanning.routing import route
from core.text import catalogue
from tests.core.scanning.examining import levels, look_at
from tests.core.scanning.formats.opcodes import call, name, pickled
from tests.core.scanning.formats.zips import Member, zipped

EVIL = pickled(call("posix", "system", "echo"))
GOOD = state_dict({"weight": (3, 4)})
NUMBERS = b"\x12\x34\x56\x78" * 100


Fields = dict[str, Any]


def torch(
    evil: bool = True, packed: bool = False, root: str = "archive", fields: dict[str, Any] | None = None
) -> bytes:
    """A checkpoint as `torch.save` writes it; `fields` change the member that is the pickle."""
    pickle = Member(f"{root}/data.pkl", EVIL if evil else GOOD, packed, **(fields or {}))
    order = Member(f"{root}/byteorder", b"big" if root == "big" else b"little")
    return zipped(pickle, order, Member(f"{root}/data/0", NUMBERS), Member(f"{root}/version", b"3\n"))


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("root", ["archive", "some/sub/folder", "big", "model"])
def test_checkpoints_of_pytorch(root: str, packed: bool) -> None:
    inspection = look_at("pytorch_model.bin", torch(evil=True, packed=packed, root=root))
    assert inspection.kind == "torch_zip"
    assert levels(inspection)["pickle-dangerous"] is Level.HIGH
    harmless = look_at("pytorch_model.bin", torch(evil=False, packed=packed, root=root))
    assert harmless.state is FileState.CHECKED
    assert levels(harmless) == {"pickle": Level.NOTE}


@pytest.mark.parametrize(
    ("fields", "oddity"),
    [
        ({"crc": 0}, None),
        ({"flags": 1}, "false_encryption"),
        ({"flags": 1, "local_flags": 0}, "local_encryption"),
        ({"local_flags": 1}, "local_encryption"),
        ({"flags": 0x20}, None),
        ({"flags": 0x41}, "false_encryption"),
        ({"local_name": "archive/other"}, "local_name"),
        ({"local_method": 8}, "local_method"),
        ({"stated_size": 1}, None),
        ({"mode": 0o120777}, None),
    ],
    ids=str,
)
def test_damage_that_loaders_ignore_hides_nothing(fields: Fields, oddity: str | None) -> None:
    inspection = look_at("model.pt", torch(fields=fields))
    assert levels(inspection)["pickle-dangerous"] is Level.HIGH
    assert oddity is None or oddity in facts(look_at("model.pt", torch(fields=fields)))


def facts(inspection: Inspection) -> set[str]:
    return {fact.value for found in inspection.findings.values() for fact in found.evidence}


@pytest.mark.parametrize("name", ["data.pkl", "data.txt", "notes", "data.pkl/", "x/data/0", "data\\0", "a.py", "a.png"])
def test_members_are_told_by_content_not_by_name(name: str) -> None:
    assert levels(look_at("a.zip", zipped(Member(name, EVIL))))["pickle-dangerous"] is Level.HIGH


@pytest.mark.parametrize(
    "content",
    [
        zipped(Member("a", b"a text")) + zipped(Member("b", EVIL)),
        zipped(Member("b", EVIL), before=b"#!/bin/sh\nexit 0\n" * 10),
        zipped(Member("b", EVIL), behind=b"junk" * 10),
        zipped(Member("b", EVIL), count=9),
        zipped(Member("b", EVIL), Member("b", b"a text")),
        zipped(Member("b", EVIL)) + b"PK\x05\x06",
    ],
    ids=["two in a row", "in front", "behind", "count", "twice", "a cut end record"],
)
def test_a_tampered_frame_is_told_and_the_members_are_read(content: bytes) -> None:
    found = levels(look_at("a.zip", b"PK\x03\x04" + content if content[:1] == b"#" else content))
    assert found["pickle-dangerous"] is Level.HIGH
    assert found["archive-damaged"] is Level.CAREFUL


def test_readers_that_move_offsets_and_readers_that_do_not_are_both_followed() -> None:
    # The end record's offset leads to one table of contents, the place right in front of it to another.
    first = zipped(Member("a", b"a text" * 50))
    both = bytearray(zipped(Member("b", EVIL), before=first))
    literal = len(first) - 22 - 47  # where the first table of contents begins; each is 47 bytes long
    moved = len(both) - 22 - 47
    struct.pack_into("<I", both, len(both) - 6, literal)
    struct.pack_into("<I", both, moved + 42, len(first) - (moved - literal))
    inspection = look_at("a.zip", bytes(both))
    assert levels(inspection)["pickle-dangerous"] is Level.HIGH
    reverse = bytearray(zipped(Member("b", b"a text" * 50), before=zipped(Member("a", EVIL))))
    struct.pack_into("<I", reverse, len(reverse) - 6, len(zipped(Member("a", EVIL))) - 22 - 47)
    assert levels(look_at("a.zip", bytes(reverse)))["pickle-dangerous"] is Level.HIGH


@pytest.mark.parametrize("cut", [10, 40, 90, 150, 200])
def test_a_truncated_zip_is_not_called_read(cut: int) -> None:
    whole = torch()
    inspection = look_at("model.pt", whole[:-cut])
    assert inspection.state is not FileState.CHECKED
    assert "archive-damaged" in levels(inspection)


@pytest.mark.parametrize("at", range(0, 100, 7))
def test_damaged_compression_is_not_called_read(at: int) -> None:
    whole = bytearray(zipped(Member("data.pkl", EVIL + b"N." * 500, packed=True)))
    whole[40 + at % 30] ^= 0xFF
    inspection = look_at("model.pt", bytes(whole))
    assert inspection.state is not FileState.NOT_CHECKED
    assert inspection.state is FileState.PARTLY_CHECKED or Level.HIGH in levels(inspection).values()


def test_members_that_cannot_be_expanded_are_not_called_read() -> None:
    for member in (
        Member("a", b"x" * 50, method=99),
        Member("a", b"x" * 50, method=14),
        Member("a", b"x" * 50, method=12),
    ):
        assert look_at("a.zip", zipped(member)).state is FileState.PARTLY_CHECKED


def test_an_encrypted_member_is_named() -> None:
    inspection = look_at("a.zip", zipped(Member("a.bin", bytes(range(1, 200)) * 3, flags=1)))
    assert inspection.state is FileState.PARTLY_CHECKED
    assert levels(inspection)["archive-encrypted"] is Level.HIGH


@pytest.mark.parametrize(
    "name", ["../evil.sh", "/etc/evil", "C:\\evil.bat", "a/../../b", "\\\\server\\share\\x", "c:x"]
)
def test_members_that_would_land_elsewhere(name: str) -> None:
    assert levels(look_at("a.zip", zipped(Member(name, b"text"))))["archive-escape"] is Level.HIGH


def test_links_are_named() -> None:
    assert levels(look_at("a.zip", zipped(Member("a", b"b", mode=0o120777))))["archive-link"] is Level.CAREFUL


def test_a_bomb_is_named_from_its_table_of_contents() -> None:
    inspection = look_at(
        "a.zip", zipped(*(Member(f"m{n}", b"\0" * 1000, packed=True, stated_size=1 << 31) for n in range(3)))
    )
    assert levels(inspection)["archive-bomb"] is Level.HIGH
    assert inspection.state is FileState.PARTLY_CHECKED


def test_a_bomb_that_lies_about_its_size_runs_into_the_limit() -> None:
    member = Member("a", b"\0" * (64 << 20), packed=True, stated_size=5)
    file = BytesFile(zipped(Member("first", EVIL), member))
    inspection = Inspection(file, "a.zip", route, Budget(expanded_bytes=8 << 20))
    with pytest.raises(LimitReached):
        archives.scan_zip(inspection)
    assert levels(inspection)["pickle-dangerous"] is Level.HIGH


def test_archives_in_archives_end() -> None:
    content = zipped(Member("data.pkl", EVIL))
    for _ in range(4):
        content = zipped(Member("inner.zip", content))
    assert levels(look_at("a.zip", content))["pickle-dangerous"] is Level.HIGH
    for _ in range(20):
        content = zipped(Member("inner.zip", content))
    inspection = look_at("a.zip", content)
    assert inspection.state is FileState.PARTLY_CHECKED


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_every_kind_of_compression_that_python_opens_is_opened(method: int) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("a/data.pkl", EVIL)
    inspection = look_at("model.pt", out.getvalue())
    assert inspection.state is FileState.CHECKED
    assert levels(inspection)["pickle-dangerous"] is Level.HIGH


@pytest.mark.parametrize("lie", [0, 1000])
def test_large_zip_files_are_read_through_their_second_end_record(lie: int) -> None:
    whole = zipped(Member("a/data.pkl", EVIL))
    body, end = whole[:-22], whole[-22:]
    count, _, length, start = struct.unpack("<HHII", end[8:20])
    wide = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, length, start)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, len(body) + lie, 1)
    full = b"PK\x05\x06" + b"\0" * 4 + b"\xff" * 12 + b"\0\0"
    inspection = look_at("model.pt", body + wide + locator + full)
    assert inspection.state is FileState.CHECKED
    assert levels(inspection) == {"pickle-dangerous": Level.HIGH}


def test_pytorch_writes_both_end_records_and_nothing_is_odd_about_it() -> None:
    whole = zipped(Member("a/data.pkl", pickled(name("collections", "OrderedDict") + b")R")), wide=True)
    inspection = look_at("model.pt", whole)
    assert inspection.state is FileState.CHECKED
    assert levels(inspection) == {"pickle": Level.NOTE}


def test_two_end_records_that_point_to_different_tables_are_both_followed() -> None:
    shown = zipped(Member("a/data.pkl", pickled(b"N")))
    whole = bytearray(zipped(Member("b/data.pkl", EVIL), before=shown, wide=True))
    directory = shown.index(b"PK\x01\x02")
    struct.pack_into("<HHII", whole, len(whole) - 14, 1, 1, len(shown) - 22 - directory, directory)
    found = levels(look_at("model.pt", bytes(whole)))
    assert found["pickle-dangerous"] is Level.HIGH
    assert found["archive-damaged"] is Level.CAREFUL


# -- streams and tar


def _lzma_alone(content: bytes) -> bytes:
    return lzma.compress(content, lzma.FORMAT_ALONE)


PACKERS = [gzip.compress, bz2.compress, lzma.compress, _lzma_alone, zlib.compress]


@pytest.mark.parametrize("pack", PACKERS, ids=["gzip", "bzip2", "xz", "lzma", "zlib"])
@pytest.mark.parametrize("path", ["model.joblib", "model.pkl.gz", "weights"])
def test_packed_pickles(pack: Callable[[bytes], bytes], path: str) -> None:
    assert levels(look_at(path, pack(EVIL)))["pickle-dangerous"] is Level.HIGH
    assert levels(look_at(path, pack(GOOD))) == {"pickle": Level.NOTE}


@pytest.mark.parametrize("pack", PACKERS, ids=["gzip", "bzip2", "xz", "lzma", "zlib"])
def test_a_packed_pickle_that_is_cut_short_is_not_called_read(pack: Callable[[bytes], bytes]) -> None:
    packed = pack(bytes(range(256)) * 20 + EVIL)
    for cut in (1, len(packed) // 2, len(packed) - 60):
        inspection = look_at("model.joblib", packed[:-cut])
        assert inspection.state is not FileState.CHECKED


def test_a_second_packed_stream_is_read_as_well() -> None:
    assert levels(look_at("m.gz", gzip.compress(b"\x80\x02N.") + gzip.compress(EVIL)))["pickle-dangerous"] is Level.HIGH


def _tar(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for info, content in members:
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def _file(name: str) -> tarfile.TarInfo:
    return tarfile.TarInfo(name)


def _link(target: str) -> tarfile.TarInfo:
    info = tarfile.TarInfo("link")
    info.type, info.linkname = tarfile.SYMTYPE, target
    return info


def test_checkpoints_of_the_first_pytorch_are_tar_files() -> None:
    storages = pickled(b"K\x01") + pickled(b"(" + b"X\x01\0\0\0aX\x03\0\0\0cpuctorch\nFloatStorage\nt") + NUMBERS
    files = {"sys_info": pickled(b"}"), "pickle": EVIL, "storages": storages, "tensors": pickled(b"K\0")}
    inspection = look_at("old.pth", _tar(*((_file(name), content) for name, content in files.items())))
    assert inspection.kind == "torch_tar"
    assert levels(inspection)["pickle-dangerous"] is Level.HIGH
    files["pickle"] = GOOD
    harmless = look_at("old.pth", _tar(*((_file(name), content) for name, content in files.items())))
    assert Level.HIGH not in levels(harmless).values()


def test_tar_members_that_would_land_elsewhere() -> None:
    assert levels(look_at("a.tar", _tar((_file("../evil"), b"x"))))["archive-escape"] is Level.HIGH
    assert levels(look_at("a.tar", _tar((_link("/etc/passwd"), b""))))["archive-escape"] is Level.HIGH
    assert levels(look_at("a.tar", _tar((_link("beside"), b"")))) == {"archive-link": Level.NOTE}
    assert levels(look_at("a.tar", _tar((_link("C:/Windows/win.ini"), b""))))["archive-escape"] is Level.HIGH


def test_a_tar_whose_first_name_is_a_pickle_is_one() -> None:
    polyglot = _tar((_file("cposix\nsystem\n(S'echo'\ntR."), b"a text"))
    assert levels(look_at("model.bin", polyglot))["pickle-dangerous"] is Level.HIGH


def test_a_packed_tar_is_opened() -> None:
    assert levels(look_at("a.tar.gz", gzip.compress(_tar((_file("a"), EVIL)))))["pickle-dangerous"] is Level.HIGH


def test_a_damaged_header_inside_a_tar_does_not_end_it_in_silence() -> None:
    whole = bytearray(_tar((_file("a"), b"a text"), (_file("b"), EVIL)))
    whole[1024 + 150] ^= 0xFF  # the checksum of the second header
    inspection = look_at("a.tar", bytes(whole))
    assert inspection.state is FileState.PARTLY_CHECKED
    assert levels(inspection)["archive-damaged"] is Level.CAREFUL


def test_a_tar_that_is_cut_short_is_not_called_read() -> None:
    whole = _tar((_file("a"), b"a text" * 200), (_file("b"), EVIL * 50))
    for cut in (600, 1600, 2100, 3000):
        assert look_at("a.tar", whole[:cut]).state is FileState.PARTLY_CHECKED


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"7z\xbc\xaf\x27\x1c", "seven_zip"),
        (b"Rar!\x1a\x07\x01\x00", "rar"),
        (b"\x1f\x9d\x90", "compress"),
    ],
)
def test_what_we_cannot_open_is_not_called_read(start: bytes, kind: str) -> None:
    for path, level in (("a.7z", Level.CAREFUL), ("pytorch_model.bin", Level.HIGH), ("model.PT", Level.HIGH)):
        inspection = look_at(path, start + b"\x01\x02" * 100)
        assert inspection.kind == kind
        assert inspection.state is not FileState.CHECKED
        assert max(levels(inspection).values(), key=LEVEL_ORDER.index) is level


# -- what a zip is for


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (["a/data.pkl", "a/version"], "torch_zip"),
        (["a/data.pkl", "a/constants.pkl", "a/code/__torch__.py"], "torch_script"),
        (["config.json", "metadata.json", "model.weights.h5"], "keras"),
        (["a.npy", "b.npy"], "npz"),
        (["schema.json", "a.npy"], "skops"),
        (["AndroidManifest.xml", "classes.dex"], "android_package"),
        (["META-INF/MANIFEST.MF", "A.class"], "java_archive"),
        (["[Content_Types].xml", "word/vbaProject.bin"], "office_macros"),
        (["[Content_Types].xml", "word/document.xml"], "office_document"),
        (["x-1.0.dist-info/METADATA"], "python_package"),
        (["MAR-INF/MANIFEST.json", "model.pt"], "mar"),
        (["a/.data/extern_modules"], "torch_package"),
        (["readme.txt"], "zip"),
        ([], "zip"),
    ],
)
def test_the_purpose_of_a_zip(names: list[str], kind: str) -> None:
    assert zip_purposes.kind_of_zip(names) == kind


def test_macros_are_named() -> None:
    content = zipped(
        Member("[Content_Types].xml", b"<x/>"),
        Member("word/vbaProject.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
    )
    assert levels(look_at("letter.docx", content))["macros"] is Level.HIGH


def test_old_torch_files_inside_archives() -> None:
    tensors = {"weight": (3, 4)}
    assert levels(look_at("a.zip", zipped(Member("a.pth", torch_legacy(tensors, "s"))))) == {"pickle": Level.NOTE}


def test_every_oddity_has_words() -> None:
    words = "no_directory data_before data_behind name_twice false_encryption broken_stream local_name local_method "
    words += "local_encryption local_missing cut_short"
    assert {f"oddity.{word}" for word in words.split()} <= catalogue().keys()
