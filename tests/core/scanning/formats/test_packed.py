"""Archives of 7-Zip, Zstandard and LZ4: members are looked at, whatever they are packed with."""

import base64

import lz4.frame
import pytest
import zstandard

from core.findings import FileState, Level
from tests.core.scanning.examining import levels, look_at
from tests.core.scanning.formats.opcodes import call, pickled

HARMFUL = pickled(call("posix", "system", "echo"))
SEVEN_ZIPS = {
    "lzma1": (
        "N3q8ryccAARYEW6y6gAAAAAAAAAWAAAAAAAAAOPxEZcANBlJ7o3pX8Hw9xdEUIViwwiC3GETYDNzd+mts1aVSuYLyFtorz2pSwH0"
        "SK9+s3x++QTk/KU4H8oDu9UI9//9IcAA4ADUAJ9dAACBMweuD9IZsb1AwJDTQ8Th+eiyAFkpNotjSFsudiWhJykhObbth+OMEv4X"
        "UideyF/Vm0fbka96LsBbmqziF79jGeApao7+/fHZosrKAe+OOEOov69CFGzCRx4dYkcBcnlVkUZW7aiLGiP/N0Ob2l24+/cb4z5T"
        "8GAII0hOFTHBygohYBPXW98/cbuoOyrvIGnL0xDanKQsYN0E9AAAAAAXBkMBCYCnAAcLAQABISEBGAyA1QAA"
    ),
    "lzma2": (
        "N3q8ryccAATO+j9y6AAAAAAAAAAWAAAAAAAAAG2ICsDgC9gAPV0ANBlJ7o3pX8Hw9xdEUIViwwiC3GETYDNzd+mts1aVSuYLyFto"
        "rz2pSwH0SK9+s3x++QTk/KU4H8oDs6ZygADgANAAm10AAIEzB64P0jOAPUDAkNL/dKH4cgpADm6fOCaMRdRlbB+cFh4mowBsUmQa"
        "Bi6fmATv3PuvFRTJ25Fi8Rdev8Y1kZKGlnFEeElH4RAN05XLaRSvmGExFoFO+BztsIH21edCWgfS4zc+WTugCEHfdMbOkNfUWTSC"
        "3wcyzDoUYfwKgErh1kNC/TV0i1EOeO3BGO5xkufh802eiggAAAAAFwZFAQmAowAHCwEAASEhARgMgNEAAA=="
    ),
    "bz2": (
        "N3q8ryccAATdVK/FAgEAAAAAAAAWAAAAAAAAAOiZFF9CWmg5MUFZJlNZ1sssqgAC9tuAABBQQSAQGAAqZsxqIABQoNGjQZAaCKkD"
        "QNNNDEn9lREVebSjKUa84dywoCKueKgq38tEEVagirCAIqxtnS8zW8LX/F3JFOFCQ1sssqjgANAAml0AAIEzB64P04/j/UDAkM7l"
        "y3b2VU6cd0DMXRsdOMDNkqtViu05p4F+EiHtCDBVC5cLfAYCb1uBqE/wCskKtBGai7Gm1XcYxlB5RYlNSD2UcvQr6xjLjANpvvIz"
        "L73LLcrl86JrHuhKnmnQov1zEFGROreYOIBpsADh/aPxuGitT9vNtLavVb90HBzz3z80lSzNipywdy/DJwAAAAAXBmABCYCiAAcL"
        "AQABISEBGAyA0QAA"
    ),
    "deflate": (
        "N3q8ryccAAQ/p7ND4QAAAAAAAAAWAAAAAAAAAPritfbLSM3JyVfIGCVHyVFylBwlR8lRcpQcJUfJUXIQk8kF+cWZFVzFlcUlqblc"
        "GsFKqckZ+UpcJUF61UqJSlaGtQDgANAAml0AAIEzB64P0ePZhKCQoHJD1FmosZtKtO3lea+dgieDtw54Oe4oMUo3sEb1mYf5YAhT"
        "B515E92JrbH/BD45k9Vkye/fXspHc7LJz7PPOWim8L8HInD6K2ockykqEevvx131Ih0WfKt0Prk3z1CMPOgLyLoIYEPILwBt37MS"
        "bzbTY/Roh1djD6EIUpeBv72/JKTYO/Mt4UwbDAAAAAAXBj8BCYCiAAcLAQABISEBGAyA0QAA"
    ),
    "bcj": (
        "N3q8ryccAAQIQ1MC6wAAAAAAAAAWAAAAAAAAAKf9Wr3gC9gAPV0ANBlJ7o3pX8Hw9xdEUIViwwiC3GETYDNzd+mts1aVSuYLyFto"
        "rz2pSwH0SK9+s3x++QTk/KU4H8oDs6ZygADgANQAnl0AAIEzB64P0jOAPUC7lGQcfurLEAPtlEle4q/yQFs44IGOyIiHe7rzx5Go"
        "32VhCZmBo2YIkBgAAw5s+bR0LehYYALyk3lICz8NIQ7IHd7e3TgzPb8aiPwdCk/X7cTnQkI3+l4RtONXQozvKrE7Tx0zkpYsfBNU"
        "pTpyWa9z8lCcZVTqmiNfw+cx6tencRz7PO1kH5Hhsi/OAOyxfxoAAAAAFwZFAQmApgAHCwEAASEhARgMgNUAAA=="
    ),
    "zstd": (
        "N3q8ryccAARXRTZz4QAAAAAAAAAWAAAAAAAAAGw+OUMotS/9AFh9AQB0AmhlbGxvIGNwb3NpeApzeXN0ZW0KKFMiZWNobyIKdFIu"
        "eyJhIjoxfQEAr4tfiuAA2AChXQAAgTMHrg/ReeggoJCgd9ud3i83lwz4/ZIqv0gDLhB1v/pToPIaiSYOKTTneA6yBhBTFMU0AtcP"
        "+Mcz343ycn5VFmpFKu4RmPWXzDJa3V8S1DyZ4aTRNFFf+qV0i+BUUHzScbYszlRd+J8I8Z/CCxv+xld2xfJ0DF7AetSuC+cTMzbD"
        "3s7WjtVRHxudZn1sSU30mVcR46gT08rvHiDt3AAAAAAXBjgBCYCpAAcLAQABISEBGAyA2QAA"
    ),
}
"""Each holds notes.txt, dir/model.pkl (which would call `posix.system`), empty.txt and config.json; made with py7zr."""
ENCRYPTED = {
    "enc": (
        "N3q8ryccAATTW9VEiQAAAAAAAAAUAAAAAAAAAKkyWLn/PzG2LLXAXtMN6NauR1FvGOXZAbdgnHl4Ck8msVKcewEAZAEEBgABCSAK"
        "AYLMLRkABwsBAAIkBvEHARJTD9fsr8jEW1/NBkvOW+mpZxchIQEYAQAMHhoACAoBDydhcAAABQERDQBtAC4AcABrAGwAAAAUCgEA"
        "wGbCkB583QEVBgEAIICAgQAAABcGIAEJaQAHCwEAASEhARgMZQAA"
    ),
    "enchead": (
        "N3q8ryccAATwti1IkAAAAAAAAAAoAAAAAAAAAMV098BJQrYaHVm2wSKiituhZ4Af2n2I1bZ0HejE5D8RCr+NDvVaLHdJeTjuU1hh"
        "8VpJey/bYOakAnhQjJ+CLVM3m5b6mEnw/vO58MbfzuwxHjfNC19lFKJJsmifUy0KzgAOy9835KqypHepwJ9EQI9KbtVgm2DMgFzm"
        "5E4YFd33BJfGH76oHb5+RvNYsrgCe+dmh+YXBiABCXAABwsBAAEkBvEHARJTD+VQmmCFcpuBiBT8SG+ETikMZQAA"
    ),
}


@pytest.mark.parametrize("method", SEVEN_ZIPS)
def test_members_of_a_7z_archive_are_looked_at(method: str) -> None:
    inspection = look_at("data.7z", base64.b64decode(SEVEN_ZIPS[method]))
    assert levels(inspection) == {"pickle-dangerous": Level.HIGH}
    assert inspection.state is FileState.CHECKED
    (found,) = inspection.findings.values()
    assert "dir/model.pkl" in {fact.value for fact in found.evidence}


def test_a_7z_archive_under_the_name_of_weights_is_a_disguise() -> None:
    found = levels(look_at("pytorch_model.bin", base64.b64decode(SEVEN_ZIPS["lzma2"])))
    assert found["name-other-content"] is Level.HIGH


@pytest.mark.parametrize("which", ENCRYPTED)
def test_what_needs_a_password_is_not_called_read(which: str) -> None:
    inspection = look_at("data.7z", base64.b64decode(ENCRYPTED[which]))
    assert "archive-encrypted" in levels(inspection)
    assert inspection.state is not FileState.CHECKED


@pytest.mark.parametrize("place", range(0, 280, 7))
def test_a_damaged_7z_archive_is_never_called_clean(place: int) -> None:
    whole = bytearray(base64.b64decode(SEVEN_ZIPS["lzma2"]))
    whole[place] ^= 0xFF
    inspection = look_at("data.7z", bytes(whole))
    assert inspection.reason is None or inspection.reason.id != "scan.scanner_failed"


@pytest.mark.parametrize("length", [20, 32, 33, 100, 200])
def test_the_beginning_of_a_7z_archive_alone_is_not_called_read(length: int) -> None:
    assert look_at("data.7z", base64.b64decode(SEVEN_ZIPS["lzma2"])[:length]).state is not FileState.CHECKED


@pytest.mark.parametrize(
    ("name", "content"), [("m.pkl.zst", zstandard.compress(HARMFUL)), ("m.pkl.lz4", lz4.frame.compress(HARMFUL))]
)
def test_packed_pickles_are_read(name: str, content: bytes) -> None:
    inspection = look_at(name, content)
    assert levels(inspection) == {"pickle-dangerous": Level.HIGH}
    assert look_at(name, content[:-3]).state is not FileState.CHECKED


def test_frames_behind_one_another_are_read_to_the_end() -> None:
    for pack in (zstandard.compress, lz4.frame.compress):
        frames = pack(HARMFUL[:5]) + pack(HARMFUL[5:])
        assert levels(look_at("a.packed", frames))["pickle-dangerous"] is Level.HIGH


def test_a_small_file_that_grows_without_end_is_a_bomb() -> None:
    packer = zstandard.ZstdCompressor(level=19).compressobj()
    zeros = bytes(1 << 22)
    content = b"".join(packer.compress(zeros) for _ in range(300)) + packer.flush()
    inspection = look_at("a.zst", content)
    assert levels(inspection)["archive-bomb"] is Level.HIGH
    assert inspection.state is FileState.PARTLY_CHECKED
