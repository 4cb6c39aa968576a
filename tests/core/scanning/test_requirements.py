"""What a reader is told of a list of packages."""

import pytest

from core.findings import Level
from core.scanning.requirements import mistaken_for
from tests.core.scanning.examining import levels, look_at


@pytest.mark.parametrize(
    ("line", "rule", "level"),
    [
        ("transfomers==4.40", "requirement-look-alike", Level.HIGH),
        ("numpyy", "requirement-look-alike", Level.HIGH),
        ("reqeusts>=2", "requirement-look-alike", Level.HIGH),
        ("hugging_facehub", "requirement-look-alike", Level.HIGH),
        ("git+https://git.example/x/y.git", "requirement-direct", Level.HIGH),
        ("tool @ https://files.example/tool-1.0.whl", "requirement-direct", Level.HIGH),
        ("git+https://github.com/huggingface/transformers", "requirement-direct", Level.NOTE),
        ("https://203.0.113.7/tool-1.0.whl", "requirement-direct", Level.HIGH),
        ("http://files.example/tool-1.0.whl", "requirement-direct", Level.HIGH),
        ("--extra-index-url https://packages.example/simple", "requirement-index", Level.CAREFUL),
        ("-i http://packages.example/simple", "requirement-index", Level.HIGH),
        ("--trusted-host packages.example", "requirement-index", Level.CAREFUL),
        ("./tool-1.0-py3-none-any.whl", "requirement-beside", Level.CAREFUL),
    ],
)
def test_a_line_is_said_for_what_it_would_install(line: str, rule: str, level: Level) -> None:
    assert levels(look_at("requirements.txt", f"torch\n{line}\n"))[rule] is level


@pytest.mark.parametrize(
    "line",
    [
        "torch>=2.0,<3 ; python_version >= '3.9'",
        "transformers[torch]==4.57.1  # pinned",
        "--extra-index-url https://download.pytorch.org/whl/cu121",
        "--index-url https://pypi.org/simple",
        "-r base.txt",
        "# git+https://git.example/x/y.git",
        "opencv_python.headless",
        "keras2",
        "einops",
    ],
)
def test_ordinary_lines_say_nothing(line: str) -> None:
    assert levels(look_at("requirements.txt", f"torch\n{line}\n")) == {}


def test_other_texts_are_no_lists_of_packages() -> None:
    assert levels(look_at("notes.txt", "transfomers\nnumpyy\n")) == {}


def test_no_well_known_package_is_taken_for_an_imitation_of_another() -> None:
    for name in ("torch", "torchvision", "tokenizers", "pypdf2", "bs4", "jax", "uv", "tts", "peft", "pesq", "black"):
        assert mistaken_for(name) is None
