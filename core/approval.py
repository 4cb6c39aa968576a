"""What a person must do before files may come in: a pure function of the report, and the approval it ends in."""

import hashlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.errors import UserFacingError
from core.file_risks import FileRisks, is_open
from core.findings import FileState, Finding, Level, in_words, worst
from core.plain_data import PlainDataError, from_plain, to_plain
from core.report import Report
from core.repository import RepositoryFile, RepositoryId, Snapshot
from core.text import Message, render

SCHEMA = "sallyport.approval/1"
"""Name and version of the JSON form."""

MOST_TICKS = 5
"""Findings with a tick of their own; the rest share one. More would only train people to click."""


class StepKind(StrEnum):
    """The rungs of the ladder."""

    READ = "read"
    """Tick "I have read: <title>"."""
    REASON = "reason"
    """Choose a reason from `REASONS`."""
    ACCOUNT = "account"
    """Type the account name exactly."""
    DIGEST = "digest"
    """Type the first 8 characters of the file's digest (analyst mode only)."""


REASONS = ("study", "teaching", "compare", "own_repository", "other")
"""Ids of the reasons a person can give; texts `approval.reason.<id>`."""


@dataclass(frozen=True, slots=True)
class OfferedFile:
    """A file as the ladder offers it. `refused` says why it cannot come in at all."""

    path: str
    size: int
    level: Level
    selected: bool
    """Ticked when the dialog opens."""
    refused: Message | None = None


@dataclass(frozen=True, slots=True)
class RequiredStep:
    """One rung. `id` is unique in the ladder; `expected` is what must be typed, if anything."""

    kind: StepKind
    id: str
    prompt: Message
    expected: str = ""


@dataclass(frozen=True, slots=True)
class Ladder:
    """All rungs for one choice of files."""

    level: Level
    """Worst of the verdict and the chosen files."""
    files: tuple[OfferedFile, ...]
    steps: tuple[RequiredStep, ...]
    cancel_is_default: bool
    chosen: frozenset[str] = frozenset()
    """Paths of the choice; `files` lists the others too, so that they can be chosen."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What the person did so far."""

    ticked: frozenset[str] = frozenset()
    """Ids of READ steps."""
    reason: str = ""
    """One of `REASONS`."""
    typed: dict[str, str] = field(default_factory=dict)
    """Step id of ACCOUNT and DIGEST steps -> text typed."""


@dataclass(frozen=True, slots=True)
class ApprovedFile:
    """One file of an approval, fixed by size and hash."""

    path: str
    size: int
    git_sha1: str
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Approval:
    """A person's consent to exactly these bytes of exactly this commit, after exactly this report."""

    endpoint: str
    repository: RepositoryId
    commit: str
    report_id: str
    level: Level
    files: tuple[ApprovedFile, ...]
    findings: tuple[str, ...]
    """Titles of the open findings, in our words, for the ledger."""
    reason: str
    approved_at: datetime


def ladder(report: Report, paths: Collection[str], analyst: bool = False) -> Ladder:
    """What must be done before exactly `paths` may come in. Pure: the same question has the same answer.

    `files` of the result are all files of the report. To open a dialog, ask with no paths and tick what is
    `selected`; ask again whenever the choice changes.

    Raises:
        UserFacingError: `approval.not_listed` for a path that the report does not know.
    """
    chosen = _chosen(report, paths)
    risks = FileRisks(report)
    level = worst((report.verdict.level, *(risks.level(file.path) for file in chosen)))
    refused = tuple(file for file in chosen if risks.refused(file.path))
    friction = level in {Level.HIGH, Level.KNOWN_BAD} or bool(refused)
    steps = list(_read_steps(report)) if is_open(level) else []
    if friction:
        steps += [RequiredStep(StepKind.REASON, "reason", Message.of("approval.step.reason")), _account_step(report)]
    if analyst:
        steps += [_digest_step(file) for file in refused]
    crowded = frozenset(file.path for file in refused) if len(chosen) > 1 else frozenset()
    return Ladder(
        level=level,
        files=tuple(_offer(file, risks, analyst, crowded) for file in report.snapshot.files),
        steps=tuple(steps),
        cancel_is_default=friction,
        chosen=frozenset(file.path for file in chosen),
    )


def missing(ladder: Ladder, answers: Answers) -> tuple[Message, ...]:
    """What still stands between the person and the download, in the order of the dialog; empty: may approve."""
    refused = tuple(file.refused for file in ladder.files if file.path in ladder.chosen and file.refused is not None)
    nothing = () if ladder.chosen else (Message.of("approval.missing.files"),)
    unread = sum(step.kind is StepKind.READ and step.id not in answers.ticked for step in ladder.steps)
    ticks = (Message.of("approval.missing.read", count=unread),) if unread else ()
    others = (
        Message.of(f"approval.missing.{step.kind}", expected=step.expected)
        for step in ladder.steps
        if step.kind is not StepKind.READ and not _answered(step, answers)
    )
    return (*refused, *nothing, *ticks, *others)


def approve(report: Report, paths: Collection[str], answers: Answers, now: datetime, analyst: bool = False) -> Approval:
    """The approval of exactly these files.

    Raises:
        UserFacingError: `approval.incomplete` while a step of the ladder is missing.
    """
    rungs = ladder(report, paths, analyst)
    left = missing(rungs, answers)
    if left:
        raise UserFacingError("approval.incomplete", missing=" ".join(render(message) for message in left))
    snapshot = report.snapshot
    files = tuple(_approved(file) for file in _chosen(report, paths))
    return Approval(
        endpoint=snapshot.endpoint,
        repository=snapshot.repository,
        commit=snapshot.commit,
        report_id=report.id,
        level=rungs.level,
        files=files,
        findings=_titles(report, {file.path for file in files}),
        reason=answers.reason if any(step.kind is StepKind.REASON for step in rungs.steps) else "",
        approved_at=now,
    )


def void_reason(approval: Approval, against: Snapshot | Report) -> Message | None:
    """Why the approval no longer holds for this snapshot or report; None if it does.

    Bound are the Hub, the repository, the commit, every approved file with size and hashes, and (given a
    report) the report: other findings are another decision.
    """
    snapshot = against if isinstance(against, Snapshot) else against.snapshot
    bound = (
        ("endpoint", approval.endpoint, snapshot.endpoint),
        ("kind", approval.repository.kind, snapshot.repository.kind),
        ("repository", approval.repository.name, snapshot.repository.name),
        ("commit", approval.commit, snapshot.commit),
    )
    for what, approved, now in bound:
        if approved != now:
            return Message.of(f"approval.void.{what}", approved=approved, now=now)
    listed = {file.path: file for file in snapshot.files}
    for file in approval.files:
        found = listed.get(file.path)
        if found is None:
            return Message.of("approval.void.file_gone", path=file.path)
        if _approved(found) != file:
            return Message.of("approval.void.file_changed", path=file.path)
    same_report = isinstance(against, Snapshot) or against.id == approval.report_id
    return None if same_report else Message.of("approval.void.report")


def to_json(approval: Approval) -> dict[str, object]:
    """The approval as JSON values, for `sallyport download --approval FILE`."""
    return {"schema": SCHEMA, **to_plain(approval)}


def from_json(data: object) -> Approval:
    """Read `to_json`'s values back.

    Raises:
        UserFacingError: `approval.not_understood`: another schema, an unknown key, a value of the wrong type, no
            files, the same path twice, or a hash that is none.
    """
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise UserFacingError("approval.not_understood", reason=f"not a {SCHEMA}")
    try:
        approval = from_plain(Approval, {key: value for key, value in data.items() if key != "schema"})
        check_sound(approval)
    except PlainDataError as error:
        raise UserFacingError("approval.not_understood", reason=str(error)) from error
    return approval


def check_sound(approval: Approval) -> None:
    """Raise `PlainDataError` if no `approve` can have made this: it was edited or damaged on disk."""
    paths = [file.path for file in approval.files]
    hashes = [(approval.commit, 40), *((file.git_sha1, 40) for file in approval.files)]
    hashes += [(file.sha256, 64) for file in approval.files if file.sha256 is not None]
    for digest, length in hashes:
        if len(digest) != length or not _HEXADECIMAL.fullmatch(digest):
            raise PlainDataError(f"{digest!r} is not a hash of {length} digits")
    if not paths or not all(paths) or len(set(paths)) != len(paths):
        raise PlainDataError("no files, a file without a name, or the same file twice")
    if any(file.size < 0 for file in approval.files):
        raise PlainDataError("a negative size")
    if approval.reason not in {"", *REASONS}:
        raise PlainDataError(f"{approval.reason!r} is not a reason")


_HEXADECIMAL = re.compile("[0-9a-f]+")


def _approved(file: RepositoryFile) -> ApprovedFile:
    return ApprovedFile(file.path, file.size, file.git_sha1, file.sha256)


def _chosen(report: Report, paths: Collection[str]) -> tuple[RepositoryFile, ...]:
    listed = {file.path: file for file in report.snapshot.files}
    for path in paths:
        if path not in listed:
            raise UserFacingError("approval.not_listed", path=path)
    wanted = frozenset(paths)
    return tuple(file for path, file in listed.items() if path in wanted)


def _offer(file: RepositoryFile, risks: FileRisks, analyst: bool, crowded: frozenset[str]) -> OfferedFile:
    """`crowded`: files that only an analyst may take, chosen together with others."""
    refused = risks.refusal(file.path)
    if analyst:
        refused = Message.of("approval.refused.alone", path=file.path) if file.path in crowded else None
    level = risks.level(file.path)
    return OfferedFile(file.path, file.size, level, selected=not risks.risky(file.path), refused=refused)


def _read_steps(report: Report) -> Iterator[RequiredStep]:
    """A tick for each of the worst findings, one for the others, one for what was not checked."""
    by_title: dict[str, Finding] = {}
    rest: list[Finding] = []
    for found in report.findings:
        if is_open(found.level) and len(by_title) < MOST_TICKS:
            by_title.setdefault(in_words(found).title, found)
        elif is_open(found.level):
            rest.append(found)
    for title, found in by_title.items():
        yield _read_step((found,), Message.of("approval.step.read", title=title))
    if rest:
        yield _read_step(rest, Message.of("approval.step.read_rest", count=len(rest)))
    unread = len(report.snapshot.files) - sum(result.state is FileState.CHECKED for result in report.files)
    if unread:
        yield _read_step((), Message.of("approval.step.read_unread", count=unread))
    elif not by_title:  # the verdict is worse than anything we can name: then it is itself what to read
        yield _read_step((), Message.of("approval.step.read", title=render(report.verdict.headline)))


def _read_step(findings: Collection[Finding], prompt: Message) -> RequiredStep:
    """The id follows from what is to be read: a tick never carries over to something else."""
    what = repr((prompt, [(found.rule, found.path, found.values) for found in findings]))
    return RequiredStep(StepKind.READ, f"read-{hashlib.sha256(what.encode()).hexdigest()[:16]}", prompt)


def _account_step(report: Report) -> RequiredStep:
    """Type the account; a legacy name such as `gpt2` has none, then it is the name of the repository."""
    repository = report.snapshot.repository
    original = report.identity.original
    other = original.snapshot.repository.owner if original else ""
    if not repository.owner:
        prompt = Message.of("approval.step.repository", name=repository.name)
    elif other and other != repository.owner:
        prompt = Message.of("approval.step.account_beside", account=repository.owner, original=other)
    else:
        prompt = Message.of("approval.step.account", account=repository.owner)
    return RequiredStep(StepKind.ACCOUNT, "account", prompt, repository.owner or repository.name)


def _digest_step(file: RepositoryFile) -> RequiredStep:
    digest = file.sha256 or file.git_sha1
    prompt = Message.of("approval.step.digest", path=file.path, digest=digest)
    return RequiredStep(StepKind.DIGEST, f"digest-{digest}", prompt, digest[:8])


def _answered(step: RequiredStep, answers: Answers) -> bool:
    if step.kind is StepKind.REASON:
        return answers.reason in REASONS
    return answers.typed.get(step.id, "").strip() == step.expected


def _titles(report: Report, paths: set[str]) -> tuple[str, ...]:
    """What the person knew: all that is open, and what is good to know of these files and of the whole."""
    known = (
        found
        for found in report.findings
        if is_open(found.level) or (found.level is Level.NOTE and (found.path is None or found.path in paths))
    )
    return tuple(dict.fromkeys(in_words(found).title for found in known))
