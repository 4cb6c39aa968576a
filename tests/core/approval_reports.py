"""Small reports for the tests of approval and quarantine: only what the ladder looks at, the rest empty."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from core.approval import Answers, Approval, Ladder, StepKind, approve, ladder
from core.comparison.results import Card, Comparison
from core.findings import Ability, Certainty, FileResult, FileState, Finding, Level, Rule, rules, worst
from core.identity.results import Confidence, Identity, Original
from core.report import Report, Tool, Verdict
from core.repository import RepoReference, RepositoryFile, RepositoryId, RepositoryKind, Snapshot
from core.text import Message

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
COMMIT = "9f3c1ab27d5e4f60819a2b3c4d5e6f708192a3b4"
ENDPOINT = "https://huggingface.co"
LISTED = Message.of("approval.missing.files")


@dataclass(frozen=True, slots=True)
class FileSpec:
    """A file of a made-up report. `content` fixes size and hashes."""

    path: str
    content: bytes = b"bytes"
    ability: Ability = Ability.DATA
    level: Level = Level.NONE
    state: FileState = FileState.CHECKED
    lfs: bool = False


def git_sha1(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def listed(spec: FileSpec) -> RepositoryFile:
    sha256 = hashlib.sha256(spec.content).hexdigest() if spec.lfs else None
    return RepositoryFile(spec.path, len(spec.content), git_sha1(spec.content), sha256)


def found(level: Level, path: str | None = None, name: str = "", **values: str) -> Finding:
    """A finding of a rule of our own; `name` makes it a rule of its own, with a title of its own."""
    rule = f"test.{level}{name}"
    title = f"{level} {name} {{path}}".replace("  ", " ")
    rules()[rule] = Rule(rule, level, Certainty.SURE, title, "what", "why", "do", "how")
    return Finding(rule, level, Certainty.SURE, path, tuple(values.items()))


def tells_to_run(rule: str, path: str | None, **values: str) -> Finding:
    rules().setdefault(rule, Rule(rule, Level.HIGH, Certainty.SURE, "run {path}", "what", "why", "do", "how"))
    values = {"command": "python loader.py", "original": "example/Example-7B", **values}
    return Finding(rule, Level.HIGH, Certainty.SURE, path, tuple(sorted(values.items())))


def make_report(
    *specs: FileSpec,
    findings: Iterable[Finding] = (),
    name: str = "examp1e/Example-7B",
    original: str | None = None,
    verdict: Level | None = None,
) -> Report:
    """A report whose verdict is the worst of its parts unless given."""
    results = tuple(
        FileResult(
            spec.path,
            "data",
            spec.ability,
            spec.state,
            findings=(found(spec.level, spec.path),) if spec.level not in {Level.NONE, Level.NOT_CHECKED} else (),
        )
        for spec in specs
    )
    every = (*findings, *(one for result in results for one in result.findings))
    level = verdict or worst((*(one.level for one in every), *(result.level for result in results)))
    return Report(
        id="report-1",
        tool=Tool("Sallyport", "0", "0"),
        checked_at=NOW,
        reference=RepoReference(RepositoryId(RepositoryKind.MODEL, name)),
        snapshot=_snapshot(name, tuple(listed(spec) for spec in specs)),
        identity=Identity(_original(original), None, LISTED),
        relation=None,
        comparison=Comparison(Card(())),
        files=results,
        findings=every,
        verdict=Verdict(level, Message.of("verdict.no_guarantee"), (), len(specs), len(specs)),
    )


def answers_to(rungs: Ladder) -> Answers:
    """Everything done as asked."""
    return Answers(
        ticked=frozenset(step.id for step in rungs.steps if step.kind is StepKind.READ),
        reason="study",
        typed={step.id: step.expected for step in rungs.steps if step.expected},
    )


def approval_of(*specs: FileSpec, report: Report | None = None, analyst: bool = False) -> Approval:
    """An approval of all the files, each rung taken."""
    report = report or make_report(*specs)
    paths = [spec.path for spec in specs]
    return approve(report, paths, answers_to(ladder(report, paths, analyst)), NOW, analyst)


def with_files(snapshot: Snapshot, *files: RepositoryFile) -> Snapshot:
    return replace(snapshot, files=files)


def _snapshot(name: str, files: tuple[RepositoryFile, ...]) -> Snapshot:
    repository = RepositoryId(RepositoryKind.MODEL, name)
    return Snapshot(repository, repository, COMMIT, None, ENDPOINT, files, None, NOW)


def _original(name: str | None) -> Original | None:
    return Original(_snapshot(name, ()), None, Confidence.SURE, ()) if name else None
