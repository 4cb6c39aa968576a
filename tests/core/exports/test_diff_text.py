"""Differences as plain text: complete, and nothing of a repository can pass for a line of ours."""

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from core.comparison.card import parse_card
from core.comparison.compare import compare
from core.comparison.results import Comparison
from core.exports.diff_text import diff_text
from core.progress import CancelToken, ignore_progress
from tests.core.comparison.beside import TwoRepositories, beside

SIGNS = ("- ", "+ ", "! ", "  ", "# ", "@@", "---", "+++")


def with_cards(original: str, here: str) -> str:
    hub = TwoRepositories({}, {})
    sides = (replace(hub.here, card=here), replace(hub.original, card=original))
    return diff_text(compare(sides[0], sides[1], hub, ignore_progress, CancelToken()))


def test_everything_that_differs_stands_in_it() -> None:
    original = {
        "config.json": b'{"a": 1, "same": 2}',
        "modeling.py": b"import a\nx = 1\n",
        "old.txt": b"gone",
        "data.bin": b"1",
    }
    here = {
        "config.json": b'{"a": 2, "same": 2}',
        "modeling.py": b"import a\nx = 2\n",
        "new.exe": b"MZ",
        "data.bin": b"22",
    }
    lines = diff_text(beside(original, here)).splitlines()
    for line in (
        "--- config.json (original)",
        "+++ config.json (this repository)",
        "- a: 1",
        "+ a: 2",
        "@@ 2 @@",
        "- x = 1",
        "+ x = 2",
        "+ new.exe, 2 bytes",
        "- old.txt, 4 bytes",
        "! data.bin, 2 bytes",
    ):
        assert line in lines
    assert not [line for line in lines if "same" in line]


def test_cards_are_shown_by_what_differs_with_the_line_before() -> None:
    original = "---\nlicense: mit\n---\n# Model\n\nSame words.\n\nSee [the paper](https://papers.example/1).\n"
    here = original.replace("mit", "other").replace("papers.example", "papers.invalid") + "\n```bash\nstart.bat\n```\n"
    lines = with_cards(original, here).splitlines()
    assert lines[2:] == [
        "--- README.md (YAML) (original)",
        "+++ README.md (YAML) (this repository)",
        "- license: mit",
        "+ license: other",
        "",
        "--- README.md (original)",
        "+++ README.md (this repository)",
        "@@",
        "  Same words.",
        "- See the paper (papers.example).",
        "+ See the paper (papers.invalid).",
        "- [the paper](https://papers.example/1)",
        "+ [the paper](https://papers.invalid/1)",
        "+ start.bat",
    ]


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_repository_text_can_pass_for_a_line_of_ours(original: str, here: str) -> None:
    said = with_cards(original, here)
    said += diff_text(
        beside({"a.txt": original.encode()}, {"a.txt": here.encode(), "b.json": json.dumps(here).encode()})
    )
    for line in said.splitlines():
        assert line == "" or line.startswith(SIGNS)
        assert line.isprintable()
    assert {line for line in said.splitlines() if line.startswith(("---", "+++"))} <= {
        "--- README.md (original)",
        "+++ README.md (this repository)",
        "--- README.md (YAML) (original)",
        "+++ README.md (YAML) (this repository)",
        "--- a.txt (original)",
        "+++ a.txt (this repository)",
    }


def test_nothing_to_say_is_said() -> None:
    assert "no original" in diff_text(Comparison(parse_card("# Model")))
    assert "No difference" in diff_text(beside({"a.txt": b"1"}, {"a.txt": b"1"}))
