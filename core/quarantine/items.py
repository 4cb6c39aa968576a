"""What lies in the quarantine, as plain data."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.approval import Approval, ApprovedFile
from core.findings import Finding, Level
from core.text import Message


class ItemState(StrEnum):
    """Where an item stands."""

    DOWNLOADING = "downloading"
    """Not complete; can be resumed, also after a restart."""
    CHECKED = "checked"
    """Complete, hashes equal to the approval, scanned again."""
    RELEASED = "released"
    FAILED = "failed"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One approved file and its inert name in the quarantine folder. `done` in bytes."""

    file: ApprovedFile
    stored_as: str
    done: int
    complete: bool


@dataclass(frozen=True, slots=True)
class QuarantinedItem:
    """One approval and the bytes that came of it."""

    id: str
    approval: Approval
    state: ItemState
    files: tuple[StoredFile, ...]
    created_at: datetime
    changed_at: datetime
    level: Level
    """Worst of the report and the rescan."""
    findings: tuple[Finding, ...] = ()
    """Of the rescan of the complete bytes."""
    problem: str = ""
    """Why it failed, in words (a rendered `UserFacingError`)."""
    released_to: str = ""
    """Folder of the last release."""
    demo: bool = False
    """Came from the demo hub."""
    notes: tuple[Message, ...] = ()
    """What the last step could not do, or did differently than one would expect."""

    @property
    def total_size(self) -> int:
        """Bytes approved."""
        return sum(stored.file.size for stored in self.files)

    @property
    def done(self) -> int:
        """Bytes stored so far."""
        return sum(stored.done for stored in self.files)
