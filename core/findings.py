"""What was found, how bad and how sure it is, and the catalogue of rules that says it in words."""

import functools
import re
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.paths import RESOURCES
from core.text import Message, Value, display_name, text
from core.toml_tables import parsed, tables


class Level(StrEnum):
    """How bad, worst last in `LEVEL_ORDER`."""

    KNOWN_BAD = "known_bad"
    HIGH = "high"
    CAREFUL = "careful"
    NOTE = "note"
    NONE = "none"
    NOT_CHECKED = "not_checked"


LEVEL_ORDER = (Level.NONE, Level.NOTE, Level.NOT_CHECKED, Level.CAREFUL, Level.HIGH, Level.KNOWN_BAD)
"""From harmless to worst. "Not checked" is worse than "good to know": unknown is not clean."""


def worst(levels: Iterable[Level]) -> Level:
    """The worst of `levels`, `Level.NONE` if there are none."""
    return max(levels, key=LEVEL_ORDER.index, default=Level.NONE)


class Certainty(StrEnum):
    """How sure: read off the bytes, or only a hint."""

    SURE = "sure"
    HINT = "hint"


class Ability(StrEnum):
    """What a file can do to the computer, judged by its content and name."""

    PROGRAM = "program"
    """Windows runs it on a double click: .exe, .bat, .lnk, …"""
    SCRIPT = "script"
    """Runs when a person or a loader hands it to an interpreter: .py, .sh, .ipynb, …"""
    CODE_ON_LOAD = "code_on_load"
    """Can run code when a library loads it: pickle, Keras, …"""
    DATA = "data"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact behind a finding. `label` is a text id `evidence.<label>`; `value` may be repository text."""

    label: str
    value: str
    offset: int | None = None
    """Byte offset in the file."""
    line: int | None = None
    """Line number, from 1."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that applied to a file (`path`) or to the whole repository (`path` None)."""

    rule: str
    level: Level
    certainty: Certainty
    path: str | None = None
    values: tuple[tuple[str, Value], ...] = ()
    evidence: tuple[Evidence, ...] = ()


class FileState(StrEnum):
    """How far our own reading of a file came."""

    CHECKED = "checked"
    PARTLY_CHECKED = "partly_checked"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True)
class FileResult:
    """What our engine says of one file."""

    path: str
    kind: str
    """What it is by content: text id `kind.<kind>`."""
    ability: Ability
    state: FileState
    reason: Message | None = None
    """Why it was not, or only partly, checked."""
    findings: tuple[Finding, ...] = ()
    bytes_read: int = 0

    @property
    def level(self) -> Level:
        """The worst of its findings; a file that was not fully checked is never better than "not checked"."""
        unread = () if self.state is FileState.CHECKED else (Level.NOT_CHECKED,)
        return worst((*(finding.level for finding in self.findings), *unread))


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of `resources/rules/*.toml`: its level and certainty unless raised, and its texts."""

    id: str
    level: Level
    certainty: Certainty
    title: str
    what: str
    why: str
    do: str
    how: str
    references: tuple[str, ...] = ()
    weaknesses: tuple[str, ...] = ()
    """Numbers of the common lists: CWE for the kind of weakness, CVE for known cases of it."""
    raised: str = ""
    """When a finding is worse than `level`; "" if never."""
    lowered: str = ""
    """When it is milder, besides what the original has too (`core.joint_findings.weighed`)."""


@dataclass(frozen=True, slots=True)
class FindingText:
    """A finding in words for people: one line, then what / why is this dangerous / what to do / how we know."""

    title: str
    what: str
    why: str
    do: str
    how: str


_RULE_KEYS = frozenset({"level", "certainty", "title", "what", "why", "do", "how"})
_MORE_RULE_KEYS = frozenset({"references", "weaknesses", "raised", "lowered"})
_RULE_HEADER = re.compile(r'^\["([^"\n]+)"\]$', re.MULTILINE)


class RuleCatalogue(MutableMapping[str, Rule]):
    """Rules by id, each parsed when it is first asked for. Raises `ValueError` on an unknown or missing key."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self._rules: dict[str, Rule | str] = dict(sources)

    def __getitem__(self, rule_id: str) -> Rule:
        found = self._rules[rule_id]
        if isinstance(found, str):
            found = self._rules[rule_id] = _rule(rule_id, parsed(found))
        return found

    def __setitem__(self, rule_id: str, rule: Rule) -> None:
        self._rules[rule_id] = rule

    def __delitem__(self, rule_id: str) -> None:
        del self._rules[rule_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rules)

    def __len__(self) -> int:
        return len(self._rules)

    def __contains__(self, rule_id: object) -> bool:
        return rule_id in self._rules


@functools.cache
def rules() -> RuleCatalogue:
    """The rule catalogue. Raises `ValueError` on an id used twice."""
    found: dict[str, str] = {}
    for path in sorted((RESOURCES / "rules").glob("*.toml")):
        for header, body in tables(path.read_text(encoding="utf-8"), _RULE_HEADER):
            if header.group(1) in found:
                raise ValueError(f"{path.name}: rule {header.group(1)}: defined twice")
            found[header.group(1)] = body
    return RuleCatalogue(found)


def _rule(rule_id: str, entry: dict[str, Any]) -> Rule:
    wrong = (entry.keys() ^ _RULE_KEYS) - _MORE_RULE_KEYS
    if wrong:
        raise ValueError(f"rule {rule_id}: {sorted(wrong)}")
    return Rule(
        id=rule_id,
        level=Level(entry["level"]),
        certainty=Certainty(entry["certainty"]),
        title=entry["title"],
        what=entry["what"],
        why=entry["why"],
        do=entry["do"],
        how=entry["how"],
        references=tuple(entry.get("references", ())),
        weaknesses=tuple(entry.get("weaknesses", ())),
        raised=entry.get("raised", ""),
        lowered=entry.get("lowered", ""),
    )


def finding(
    rule_id: str,
    path: str | None = None,
    evidence: Iterable[Evidence] = (),
    level: Level | None = None,
    **values: Value,
) -> Finding:
    """A finding of a rule in the catalogue, at the rule's own level unless another is given."""
    rule = rules()[rule_id]
    return Finding(rule_id, level or rule.level, rule.certainty, path, tuple(sorted(values.items())), tuple(evidence))


def in_words(found: Finding) -> FindingText:
    """The texts of a finding, with its values (made harmless) filled in. `{path}` is always available."""
    rule = rules()[found.rule]
    values = {"path": found.path or "", **dict(found.values)}
    shown = {key: f"{value:,}" if isinstance(value, int) else display_name(value) for key, value in values.items()}
    return FindingText(*(part.format_map(shown) for part in (rule.title, rule.what, rule.why, rule.do, rule.how)))


def fact_in_words(fact: Evidence) -> str:
    """The value of a fact, made harmless. An oddity is named by an id of the catalogue; all others are as found."""
    return text(f"oddity.{fact.value}") if fact.label == "oddity" else display_name(fact.value)
