import re
import tomllib
from string import Formatter

import pytest

from core.findings import (
    Ability,
    Certainty,
    FileResult,
    FileState,
    Finding,
    Level,
    finding,
    in_words,
    rules,
    worst,
)
from core.paths import RESOURCES


def test_not_checked_is_worse_than_good_to_know_and_better_than_careful() -> None:
    assert worst([Level.NOTE, Level.NOT_CHECKED, Level.NONE]) is Level.NOT_CHECKED
    assert worst([Level.NOT_CHECKED, Level.CAREFUL]) is Level.CAREFUL
    assert worst([]) is Level.NONE


@pytest.mark.parametrize("state", [FileState.NOT_CHECKED, FileState.PARTLY_CHECKED])
def test_a_file_that_was_not_read_never_looks_like_one_without_risks(state: FileState) -> None:
    assert FileResult("a", "text", Ability.DATA, state).level is Level.NOT_CHECKED


def test_a_checked_file_without_findings_has_none() -> None:
    assert FileResult("a", "text", Ability.DATA, FileState.CHECKED).level is Level.NONE


def test_every_rule_tells_the_four_things_and_has_a_title() -> None:
    assert rules()
    for rule in rules().values():
        for part in (rule.title, rule.what, rule.why, rule.do, rule.how):
            assert part.strip(), rule.id
            fields = [name for _, name, _, _ in Formatter().parse(part) if name is not None]
            assert all(name.isidentifier() for name in fields), rule.id


def test_a_finding_in_words_shows_hidden_characters() -> None:
    found = finding("joint.extra-program", "x\u202etxt.exe", original="openai/privacy-filter")
    assert in_words(found).title == "x⟦U+202E⟧txt.exe is a program that the original does not have"


def test_an_unknown_rule_is_a_bug() -> None:
    with pytest.raises(KeyError):
        in_words(Finding("no.such-rule", Level.HIGH, Certainty.SURE))


def test_rules_read_one_by_one_are_the_whole_files() -> None:
    whole: dict[str, dict[str, object]] = {}
    for path in (RESOURCES / "rules").glob("*.toml"):
        whole |= tomllib.loads(path.read_text(encoding="utf-8"))
    shipped = rules.__wrapped__()  # without what tests have added
    assert {rule: shipped[rule].what for rule in shipped} == {rule: entry["what"] for rule, entry in whole.items()}


def test_every_warning_names_its_kind_of_weakness() -> None:
    shipped = rules.__wrapped__()
    ours = [rule for rule in shipped.values() if rule.id != "scanning.own-rule"]
    assert [rule.id for rule in ours if not rule.weaknesses] == []
    named = {weakness for rule in ours for weakness in rule.weaknesses}
    assert [weakness for weakness in named if not re.fullmatch(r"CWE-\d+|CVE-\d{4}-\d{4,}", weakness)] == []
