"""Names that deceive Windows, the eye or a program."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.findings import Level
from core.scanning.names import findings


def rules_of(path: str, *others: str) -> dict[str, Level]:
    found = findings((*others, path)).get(path, ())
    return {one.rule.removeprefix("scanning.name-").removeprefix("scanning."): one.level for one in found}


@pytest.mark.parametrize(
    "path",
    [
        "config.json",
        "README.md",
        "model-00001-of-00002.safetensors",
        "onnx/model.onnx",
        "data/train-2024.05.01.csv",
        "src/modeling_spiral.py",
        "日本語/モデル.bin",
        "données/modèle.safetensors",
        "модель.bin",
        ".gitattributes",
        "v1.0.2/weights.v2.bin",
        "console.txt",
        "auxiliary/com1ponents.json",
        "my file (2).txt",
        "tests/test.py",
    ],
)
def test_ordinary_names_are_left_alone(path: str) -> None:
    assert rules_of(path) == {}


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("holiday_\u202egpj.exe", "hidden-characters"),
        ("read\u200bme.txt", "hidden-characters"),
        ("a\u00a0b.txt", "hidden-characters"),
        ("line\nbreak.txt", "hidden-characters"),
        ("c\u043enfig.json", "foreign-letters"),
        ("invoice.pdf.exe", "double-extension"),
        ("LICENSE.txt.lnk", "double-extension"),
        ("photo.JPG.SCR", "double-extension"),
        ("model.safetensors.bat ", "double-extension"),
        ("weights                                .bat", "padded"),
        ("CON", "reserved"),
        ("data/aux.json", "reserved"),
        ("nul.tar.gz", "reserved"),
        ("COM¹.txt", "reserved"),
        ("notes.txt.", "not-for-windows"),
        ("notes.txt ", "not-for-windows"),
        ("folder./file.txt", "not-for-windows"),
        ("model.bin:hidden.txt", "not-for-windows"),
        ("what?.txt", "not-for-windows"),
        ("back\\slash.txt", "not-for-windows"),
        ("../../evil.txt", "escape"),
        ("/etc/passwd", "escape"),
        ("C:\\Windows\\x.txt", "escape"),
        ("\\\\server.invalid\\share\\x", "escape"),
        ("x/..\\..\\y.txt", "escape"),
        ("d/" + "x" * 260, "too-long"),
        ("autorun.inf", "starts-by-itself"),
        ("sub/sitecustomize.py", "starts-by-itself"),
        ("vendor/.git/config", "starts-by-itself"),
        ("torch.py", "shadows-library"),
        ("json.py", "shadows-library"),
        ("numpy/__init__.py", "shadows-library"),
        ("handler.py", "handler"),
        ("None.py", "handler"),
    ],
)
def test_deceiving_names_are_found(path: str, rule: str) -> None:
    assert rule in rules_of(path)


def test_a_folder_of_weights_named_like_a_library_is_usual() -> None:
    assert rules_of("onnx/model.onnx", "onnx/config.json") == {}


def test_what_is_made_to_be_opened_by_mistake_is_high_risk() -> None:
    assert rules_of("invoice.pdf.exe")["double-extension"] is Level.HIGH
    assert rules_of("holiday_\u202egpj.exe")["hidden-characters"] is Level.HIGH


def test_an_accident_of_windows_is_not_high_risk() -> None:
    assert rules_of("desktop.ini")["starts-by-itself"] is Level.CAREFUL


@pytest.mark.parametrize(
    ("first", "second"),
    [("Labels.txt", "labels.txt"), ("caf\u00e9.txt", "cafe\u0301.txt"), ("a/B.txt", "A/b.txt"), ("x.txt", "X.TXT.")],
)
def test_twins_for_windows_are_found_with_the_name_of_the_other(first: str, second: str) -> None:
    found = findings((first, second))[second]
    (twin,) = [one for one in found if one.rule == "scanning.name-twins"]
    assert dict(twin.values)["other"] == first


@given(st.lists(st.text(min_size=1), max_size=20))
def test_no_name_is_too_strange(paths: list[str]) -> None:
    for path, found in findings(paths).items():
        assert path in paths
        assert all(one.path == path for one in found)


@pytest.mark.parametrize(
    ("path", "level"),
    [
        ("aux.safetensors", Level.HIGH),
        ("start.bat ", Level.HIGH),
        ("notes.txt.", Level.HIGH),
        ("Works of J. R. Smith Jr./a.txt", Level.CAREFUL),
        ("what is this?.txt", Level.CAREFUL),
        (f"{'deep/' * 60}a.txt", Level.CAREFUL),
        (f"{'deep/' * 45}a.txt", Level.NOTE),
    ],
)
def test_names_that_windows_cannot_hold_weigh_as_much_as_they_can_deceive(path: str, level: Level) -> None:
    assert set(rules_of(path).values()) == {level}
