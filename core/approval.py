"""What a person must do before files may come in: a pure function of the report, and the approval it ends in."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.findings import Level
from core.repository import RepositoryId
from core.text import Message


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
