import re
import unicodedata
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.approval import ApprovedFile
from core.quarantine.inert_names import inert_name
from core.quarantine.released_names import extended, extended_text, harmless_part, released_names

HOSTILE = (
    "..",
    "../../etc/passwd",
    "/etc/passwd",
    "C:/Windows/x.dll",
    "C:\\Windows\\x.dll",
    "\\\\server\\share\\x",
    "a//b",
    "a/./b",
    "model.bin:evil.exe",
    "CON",
    "aux.safetensors",
    "sub/NUL.txt",
    "COM1",
    "lpt9.log",
    "COM¹.txt",
    "con .txt",
    "trailing.",
    "trailing ",
    "trailing. . ",
    "...",
    "photo\u202egpj.exe",
    "zero\u200bwidth",
    "line\nbreak",
    "nul\0byte",
    "\udc80",
    "desktop.ini",
    "AUTORUN.INF",
    ".git/hooks/pre-commit",
    "GIT~1/config",
    "what?.txt",
    "a" * 300 + ".gguf",
    "模" * 200 + ".bin",
    "deep/" * 100 + "file.bin",
    "long-names",
    "",
    "/",
)
paths = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(max_size=300),
    st.lists(st.sampled_from(["..", "a", "A", "CON", "b.txt", "B.TXT", "x.", " ", ""]), max_size=5).map("/".join),
)
_DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{name}{digit}" for name in ("COM", "LPT") for digit in range(10))}


def folded(path: PurePosixPath) -> str:
    return unicodedata.normalize("NFC", str(path).upper().lower())


@given(st.lists(paths, unique=True, max_size=12))
@example(list(HOSTILE))
@example(["a", "A/b", "a/b", "a/B", "A"])
@example(["a:", "a?", "a*", "a_", "a_ (2)"])
def test_every_path_gets_its_own_place_inside(names: list[str]) -> None:
    released = released_names(names)
    assert [name.path for name in released] == names
    places = [name.released_as for name in released]
    assert len({folded(place) for place in places}) == len(names)
    inner = {folded(parent) for place in places for parent in place.parents}
    assert not inner & {folded(place) for place in places}, "a file where a folder must be"
    for place in places:
        assert not place.is_absolute()
        assert not PureWindowsPath(place).is_absolute()
        assert not PureWindowsPath(place).drive
        assert len(str(place)) <= 200
        for part in place.parts:
            assert_harmless(part)


def assert_harmless(part: str) -> None:
    assert part not in {"", ".", ".."}
    assert not re.search(r'[<>:"|?*\\/\x00-\x1f]', part)
    assert part == part.rstrip(". ")
    assert part.partition(".")[0].strip().upper() not in _DEVICES
    assert part.isprintable()
    assert len(part.encode("utf-8")) < 255
    assert part.lower() not in {".git", "desktop.ini", "autorun.inf"}


@given(st.lists(paths.filter(lambda path: "\0" not in path), unique=True, min_size=1, max_size=8))
def test_nothing_is_written_outside(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> None:
    base = tmp_path_factory.mktemp("release")
    inside = base / "inside"
    for number, name in enumerate(released_names(names)):
        target = inside.joinpath(*name.released_as.parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as stream:
            stream.write(b"%d" % number)
    written = [path for path in base.rglob("*") if path.is_file()]
    assert len(written) == len(names)
    assert all(path.is_relative_to(inside) for path in written)


@pytest.mark.parametrize(
    "path",
    [
        "config.json",
        "sub/model-00001-of-00002.safetensors",
        ".gitattributes",
        "模型/权重.bin",
        "a b.txt",
        "console.log",
    ],
)
def test_ordinary_names_stay(path: str) -> None:
    (name,) = released_names([path])
    assert str(name.released_as) == path
    assert not name.replaced


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("..", "_"),
        ("CON.json", "_CON.json"),
        ("model.bin:evil.exe", "model.bin_evil.exe"),
        ("photo\u202egpj.exe", "photo_gpj.exe"),
        ("trailing. ", "trailing__"),
        ("Desktop.ini", "_Desktop.ini"),
        (".git", "_.git"),
    ],
)
def test_what_replaced_names_look_like(path: str, name: str) -> None:
    (released,) = released_names([path])
    assert str(released.released_as) == name
    assert released.replaced


def test_case_twins_keep_their_ending() -> None:
    assert [str(name.released_as) for name in released_names(["A.txt", "a.TXT", "a.txt"])] == [
        "A.txt",
        "a (2).TXT",
        "a (3).txt",
    ]


def test_a_long_name_keeps_start_and_ending() -> None:
    short = harmless_part("w" * 300 + ".safetensors")
    assert short.startswith("wwww")
    assert short.endswith(".safetensors")
    assert harmless_part("w" * 300 + ".a") != harmless_part("w" * 301 + ".a")


def test_a_long_path_moves_to_a_folder_for_such() -> None:
    (name,) = released_names(["deep/" * 100 + "file.bin"])
    assert name.released_as.parent == PurePosixPath("long-names")
    assert name.released_as.suffix == ".bin"


@pytest.mark.parametrize(
    ("path", "long"),
    [
        ("C:\\Users\\me\\x", "\\\\?\\C:\\Users\\me\\x"),
        ("\\\\server\\share\\x", "\\\\?\\UNC\\server\\share\\x"),
        ("\\\\?\\C:\\x", "\\\\?\\C:\\x"),
    ],
)
def test_long_paths_of_windows(path: str, long: str) -> None:
    assert extended_text(path) == long


def test_elsewhere_a_path_stays() -> None:
    assert extended(Path("a")).name == "a"


@given(st.lists(paths, min_size=1, max_size=20), st.text(max_size=40))
def test_inert_names_hold_nothing_of_the_repository(names: list[str], digest: str) -> None:
    stored = [inert_name(index, ApprovedFile(path, 1, digest, None)) for index, path in enumerate(names, 1)]
    assert len(set(stored)) == len(names)
    assert all(re.fullmatch(r"\d{6}-[0-9a-f]{8}\.quarantined", name) for name in stored)
