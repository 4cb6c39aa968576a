"""All of core as the window sees it: a Protocol, light to import, that tests can answer with a fake.

Every method that may take long blocks, reports through `progress` and stops at `cancel`; the window
runs them in its task pool, the command line calls them directly.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from core.approval import Answers, Approval, Ladder
from core.findings import Level
from core.own_files import OwnFiles
from core.progress import CancelToken, ProgressCallback
from core.quarantine.items import QuarantinedItem
from core.report import Report
from core.repository import RepoReference, RepositoryId
from core.settings import Settings

DEMO_ENDPOINT = "http://demo.invalid"
"""Stands for the embedded hub in reports and approvals: its real port is another one at every start."""


@dataclass(frozen=True, slots=True)
class OriginalChoice:
    """What to compare with. `repository` None and `none` False: find it."""

    repository: RepositoryId | None = None
    none: bool = False
    """Compare with nothing."""
    keep: bool = False
    """Remember it for the next checks of the same repository."""
    remembered: bool = False
    """It comes from an earlier check."""


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A past check, for the start page."""

    address: str
    commit: str
    level: Level
    headline: str
    checked_at: datetime


@dataclass(frozen=True, slots=True)
class CacheSize:
    """What is kept of the Hub's answers, for the settings page."""

    bytes: int
    """On the disk."""
    entries: int
    limit: int
    """Bytes; 0 if nothing is kept."""


class Services(Protocol):
    """The whole of core as the window sees it; tests give the window a fake."""

    @property
    def demo(self) -> bool:
        """True while the embedded demo hub answers."""
        ...

    @property
    def settings(self) -> Settings:
        """As loaded or last saved."""
        ...

    def save_settings(self, settings: Settings) -> None:
        """Write settings; raises `UserFacingError` if the disk refuses."""
        ...

    def startup_notices(self) -> tuple[str, ...]:
        """Sentences to show once at start: a settings file set aside, no keyring, an interrupted download."""
        ...

    def parse(self, pasted: str) -> RepoReference:
        """Understand a pasted text, locally and at once, or raise `UserFacingError`."""
        ...

    def address(self, repository: RepositoryId) -> str:
        """The full address of a repository on the configured Hub."""
        ...

    def check(
        self, reference: RepoReference, original: OriginalChoice, progress: ProgressCallback, cancel: CancelToken
    ) -> Report:
        """The whole check. Blocks. Raises `UserFacingError` or `Cancelled`.

        A choice given here wins; otherwise one that was kept for this repository counts (`Identity.remembered`).
        """
        ...

    def remembered_original(self, repository: RepositoryId) -> OriginalChoice | None:
        """What the person chose for this repository in an earlier check, None if nothing."""
        ...

    def forget_original(self, repository: RepositoryId) -> None:
        """Forget that choice: the next check looks for the original again."""
        ...

    def save_report(self, report: Report, file: Path) -> Path:
        """Write a report as JSON if the name ends so, else as a page; raises `UserFacingError` if the disk refuses."""
        ...

    def differences_text(self, report: Report) -> str:
        """What differs from the original as plain text, for the clipboard. Much text: call it in the pool."""
        ...

    def save_differences(self, report: Report, file: Path) -> Path:
        """Write that text; raises `UserFacingError` if the disk refuses."""
        ...

    def history(self) -> tuple[HistoryEntry, ...]:
        """Past checks, newest first."""
        ...

    def clear_history(self) -> None:
        """Forget all past checks."""
        ...

    def examples(self) -> tuple[tuple[str, str, str], ...]:
        """Demo scenarios: (address, title, what it shows)."""
        ...

    def switch_demo(self, on: bool) -> None:
        """Start or leave the embedded demo hub. Blocks for well under a second; may also run in the pool."""
        ...

    def ladder(self, report: Report, paths: Collection[str], analyst: bool) -> Ladder:
        """`core.approval.ladder`."""
        ...

    def missing(self, ladder: Ladder, answers: Answers) -> tuple[str, ...]:
        """Sentences that say what is still to be done; empty: may approve."""
        ...

    def approve(self, report: Report, paths: Collection[str], answers: Answers, analyst: bool) -> Approval:
        """The approval; raises `UserFacingError` if a step is missing."""
        ...

    def download(
        self, approval: Approval, report: Report, progress: ProgressCallback, cancel: CancelToken
    ) -> QuarantinedItem:
        """Through the first door. Blocks."""
        ...

    def quarantine_items(self) -> tuple[QuarantinedItem, ...]:
        """Everything in the ledger, newest first."""
        ...

    def quarantine_folder(self) -> Path:
        """Where it lies."""
        ...

    def resume(self, item_id: str, progress: ProgressCallback, cancel: CancelToken) -> QuarantinedItem:
        """Go on with an interrupted download. Blocks."""
        ...

    def verify(self, item_id: str, progress: ProgressCallback, cancel: CancelToken) -> QuarantinedItem:
        """Hash and scan the stored bytes again. Blocks."""
        ...

    def release(self, item_id: str, folder: Path, progress: ProgressCallback, cancel: CancelToken) -> QuarantinedItem:
        """Through the second door: scan and verify again, then copy out. Blocks."""
        ...

    def delete(self, item_id: str) -> None:
        """Set aside for deletion; `undo_delete` brings it back until `purge_deleted`."""
        ...

    def undo_delete(self, item_id: str) -> None:
        """Bring a deleted item back."""
        ...

    def purge_deleted(self) -> None:
        """Remove the bytes of deleted items for good."""
        ...

    def cache_size(self) -> CacheSize:
        """How much of the Hub's answers is kept on the disk. Looks at the disk: call it in the pool."""
        ...

    def clear_cache(self) -> None:
        """Forget all answers of the Hub. Nothing can be shown offline until it was read again."""
        ...

    def own_files(self) -> OwnFiles:
        """How rules and publishers of the person's own stand. Reads them: call it in the pool."""
        ...

    def create_rules_folder(self) -> Path:
        """The folder of the person's own rules, created if need be; raises `UserFacingError` if the disk refuses."""
        ...

    def token_state(self) -> str:
        """Text id: `token.none`, `token.keyring`, `token.session`, `token.no_keyring`."""
        ...

    def store_token(self, token: str | None) -> None:
        """Keep (or forget) the access token: keyring if there is one, else for this session only."""
        ...

    def close(self) -> None:
        """Stop servers and close connections."""
        ...
