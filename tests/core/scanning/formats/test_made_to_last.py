"""Archives and models made to keep their reader busy, or to fill the memory."""

import bz2
import io
import struct
import tarfile
import zlib

import pytest

from core.findings import FileState, Level
from core.scanning.formats.pickle_globals import Verdict, judge
from core.scanning.formats.seven_zip import Folder
from tests.core.scanning.examining import levels, look_at


def number(value: int) -> bytes:
    """A number as 7z writes it, always in its longest form."""
    return b"\xff" + struct.pack("<Q", value)


def seven_zip(packed: bytes, coders: bytes, sizes: list[int], header: bytes = b"\x01\x04") -> bytes:
    """One folder with these coders, which says of itself that it unpacks to `sizes`."""
    streams = b"\x06" + number(0) + number(1) + b"\x09" + number(len(packed)) + b"\x00"
    unpacked = b"\x07\x0b" + number(1) + b"\0" + coders + b"\x0c" + b"".join(map(number, sizes)) + b"\0"
    table = header + streams + unpacked + b"\0\0"
    start = struct.pack("<QQI", len(packed), len(table), zlib.crc32(table))
    return b"7z\xbc\xaf\x27\x1c\0\x04" + struct.pack("<I", zlib.crc32(start)) + start + packed + table


@pytest.mark.parametrize("header", [b"\x01\x04", b"\x17"])
def test_a_7z_that_promises_more_than_it_holds_ends_and_says_so(header: bytes) -> None:
    content = seven_zip(bz2.compress(b"hello"), number(1) + b"\x03\x04\x02\x02", [5000], header)
    seen = look_at("a.7z", content)
    assert seen.state in {FileState.PARTLY_CHECKED, FileState.NOT_CHECKED}
    assert "archive-damaged" in levels(seen)


def test_a_7z_with_thousands_of_methods_is_not_believed() -> None:
    count = 50_000
    coders = number(count) + b"\x01\0" * count + b"".join(number(one + 1) + number(one) for one in range(count - 1))
    seen = look_at("a.7z", seven_zip(b"x", coders, [1] * count))
    assert seen.state is FileState.NOT_CHECKED
    assert Folder([], simple=False).size == 0


def test_a_name_with_hundreds_of_parts_is_judged() -> None:
    assert judge("module", ".".join(["a"] * 500)).verdict is Verdict.DANGEROUS
    name = ".".join(["a"] * 450).encode()
    pickled = (
        b"\x80\x04\x8c\x01m" + b"X" + struct.pack("<I", len(name)) + name + b"\x930cposix\nsystem\n\x8c\x01x\x85R."
    )
    seen = look_at("a.pkl", pickled)
    assert seen.state is FileState.CHECKED
    assert Level.HIGH in levels(seen).values()


def test_a_tar_of_many_empty_members_does_not_stay_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[int] = []
    read_next = tarfile.TarFile.next

    def count(archive: tarfile.TarFile) -> tarfile.TarInfo | None:
        kept.append(len(vars(archive)["members"]))
        return read_next(archive)

    monkeypatch.setattr(tarfile.TarFile, "next", count)
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as archive:
        for index in range(300):
            archive.addfile(tarfile.TarInfo(f"folder/{index}"))
        archive.addfile(tarfile.TarInfo("model_config.yaml"))
    seen = look_at("a.tar", written.getvalue())
    assert seen.kind == "nemo"
    assert len(kept) > 300
    assert max(kept) <= 1
