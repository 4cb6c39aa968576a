"""Rules that an analyst brings along."""

from pathlib import Path

import pytest

from core.errors import UserFacingError
from core.findings import FileResult, Level
from core.progress import CancelToken, ignore_progress
from core.scanning.local import scan_paths
from core.scanning.own_rules import read_rules

RULE = """
rule greeting : demo {
    meta:
        description = "says hello to the corpus"
        level = "high"
    strings:
        $a = "hello corpus"
    condition:
        $a
}
rule pickle_of_mine { strings: $a = { 80 04 } condition: $a at 0 }
"""


def scanned(tmp_path: Path, rules: str) -> dict[str, FileResult]:
    folder, files = tmp_path / "rules", tmp_path / "files"
    folder.mkdir()
    files.mkdir()
    (folder / "mine.yar").write_text(rules)
    (files / "a.txt").write_text("some words\nhello corpus\n")
    (files / "b.txt").write_text("nothing of the kind\n")
    (files / "large.bin").write_bytes(b"\0" * 200_000 + b"hello corpus")
    report = scan_paths([files], ignore_progress, CancelToken(), read_rules(folder))
    return {result.path: result for result in report.files}


def test_a_match_carries_the_rules_name_and_what_it_says_of_itself(tmp_path: Path) -> None:
    results = scanned(tmp_path, RULE)
    (found,) = (one for one in results["a.txt"].findings if one.rule == "scanning.own-rule")
    assert found.level is Level.HIGH
    assert dict(found.values) == {"name": "greeting", "file": "mine.yar"}
    assert any("says hello to the corpus" in fact.value for fact in found.evidence)
    assert any(fact.offset == 11 for fact in found.evidence)
    assert any(one.rule == "scanning.own-rule" for one in results["large.bin"].findings)
    assert not any(one.rule == "scanning.own-rule" for one in results["b.txt"].findings)


def test_a_rule_that_is_none_is_said_before_anything_is_checked(tmp_path: Path) -> None:
    with pytest.raises(UserFacingError, match=r"mine\.yar"):
        scanned(tmp_path, "rule broken {")


def test_without_rules_nothing_is_needed(tmp_path: Path) -> None:
    assert read_rules(tmp_path / "missing") == {}
    (tmp_path / "notes.txt").write_text("no rules")
    assert read_rules(tmp_path) == {}
