"""The labelled corpus: what must be found is found, what is ordinary is left alone, nothing goes unread in silence."""

from collections import Counter, defaultdict
from functools import cache

import pytest

from benchmarks.corpus import Label, Sample, samples
from core.findings import LEVEL_ORDER, FileState, Finding, Level, rules, worst
from core.scanning import names
from core.scanning.inspection import Inspection
from tests.core.scanning.examining import look_at

Looked = tuple[Sample, Inspection, tuple[Finding, ...]]


@cache
def looked_at() -> tuple[Looked, ...]:
    return tuple(_look(sample) for sample in samples())


def _look(sample: Sample) -> Looked:
    inspection = look_at(sample.path, sample.content, *sample.beside)
    of_name = names.findings(sorted({sample.path, *sample.beside})).get(sample.path, ())
    return sample, inspection, (*inspection.findings.values(), *of_name)


def _level(looked: Looked) -> Level:
    _, inspection, found = looked
    unread = () if inspection.state is FileState.CHECKED else (Level.NOT_CHECKED,)
    return worst((*(one.level for one in found), *unread))


def _at_least(level: Level, bound: Level) -> bool:
    return LEVEL_ORDER.index(level) >= LEVEL_ORDER.index(bound)


def test_the_corpus_is_large_enough_on_both_sides() -> None:
    counts = Counter(sample.label for sample, *_ in looked_at())
    assert counts[Label.HIGH] + counts[Label.CAREFUL] >= 250
    assert counts[Label.BENIGN] >= 250


@pytest.mark.parametrize(
    ("label", "bound", "share"),
    [(Label.HIGH, Level.HIGH, 0.99), (Label.HIGH, Level.CAREFUL, 1), (Label.CAREFUL, Level.CAREFUL, 1)],
)
def test_what_must_be_found_is_found(label: Label, bound: Level, share: float) -> None:
    wanted = [looked for looked in looked_at() if looked[0].label is label]
    missed = [looked[0].id for looked in wanted if not _at_least(_level(looked), bound)]
    assert len(missed) <= (1 - share) * len(wanted), missed


def test_what_is_ordinary_raises_no_alarm_and_is_read_to_its_end() -> None:
    for looked in looked_at():
        if looked[0].label is Label.BENIGN:
            assert not _at_least(_level(looked), Level.NOT_CHECKED), (looked[0].id, _level(looked), looked[1].reason)


def test_no_scanner_fails() -> None:
    failed = [sample.id for sample, seen, _ in looked_at() if seen.reason and seen.reason.id == "scan.scanner_failed"]
    assert not failed


def test_every_rule_of_the_scanner_applies_to_some_files_and_not_to_others() -> None:
    applied: defaultdict[str, set[str]] = defaultdict(set)
    for sample, _, found in looked_at():
        for one in found:
            applied[one.rule].add(sample.id)
    for rule in rules():
        if rule.startswith("scanning.") and rule not in _TESTED_ELSEWHERE:
            assert 0 < len(applied[rule]) < len(looked_at()), rule


_TESTED_ELSEWHERE = frozenset({"scanning.own-rule", "scanning.safer-twin"})
"""Need more than one file: test_own_rules.py and test_together.py."""


def test_a_level_that_differs_from_the_rules_is_explained_by_the_rule() -> None:
    unexplained = set()
    for _, _, found in looked_at():
        for one in found:
            rule = rules()[one.rule]
            if one.level is not rule.level:
                worse = _at_least(one.level, rule.level)
                if not (rule.raised if worse else rule.lowered):
                    unexplained.add((one.rule, "raised" if worse else "lowered"))
    assert not unexplained
