"""The report of one check: everything the stages found, frozen, with one verdict. The JSON form is versioned."""

from dataclasses import dataclass
from datetime import datetime

from core.comparison.results import Comparison
from core.findings import FileResult, Finding, Level
from core.identity.results import Identity, Relation
from core.progress import Step
from core.repository import RepoReference, Snapshot
from core.text import Message

SCHEMA = "sallyport.check/1"
"""Name and version of the JSON form; the number rises when a reader would have to change."""


@dataclass(frozen=True, slots=True)
class Tool:
    """What made the report. `rules` is a digest of the rule files."""

    name: str
    version: str
    rules: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The one sentence, why, and how much was looked at."""

    level: Level
    headline: Message
    reasons: tuple[Message, ...]
    files_listed: int
    files_checked: int
    """Read completely by our own engine."""


@dataclass(frozen=True, slots=True)
class Report:
    """One check of one repository at one commit.

    `id` is a digest of everything but the times, so the same commit checked again by the same
    version has the same id. `findings` holds all of them, of files and of the whole, worst first.
    """

    id: str
    tool: Tool
    checked_at: datetime
    reference: RepoReference
    snapshot: Snapshot
    identity: Identity
    relation: Relation | None
    """To the original; None if there is no original to relate to."""
    comparison: Comparison
    files: tuple[FileResult, ...]
    findings: tuple[Finding, ...]
    verdict: Verdict
    timings: tuple[tuple[Step, float], ...] = ()
    """Seconds per step."""
    demo: bool = False
    """True if the embedded demo hub answered: nothing in it is real."""

    def file(self, path: str) -> FileResult | None:
        """Our result for exactly this path."""
        return next((file for file in self.files if file.path == path), None)
