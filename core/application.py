"""What the window and the command line share: one object that owns folders, settings, hub and quarantine.

Heavy modules are imported where they are first needed, so that the window is on the screen before them.
"""

import tempfile
import threading
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from core import approval as approvals
from core.approval import Answers, Approval, ApprovedFile, Ladder
from core.atomic_file import write_atomically
from core.demo.scenarios import SCENARIOS
from core.errors import UserFacingError
from core.findings import FileResult
from core.history import History
from core.original_choices import OriginalChoices
from core.own_files import OwnFiles, own_files
from core.paths import Folders, folders, private_folder
from core.plain_data import to_plain
from core.progress import CancelToken, ProgressCallback, ignore_progress
from core.quarantine.intake import Fetch
from core.quarantine.items import ItemState, QuarantinedItem
from core.quarantine.store import Quarantine
from core.reference import parse
from core.report import Report
from core.repository import RepoReference, RepositoryFile, RepositoryId, RepositoryKind, Snapshot
from core.secrets import TokenStore
from core.services import CacheSize, HistoryEntry, OriginalChoice, Services
from core.settings import Settings, load, save
from core.text import render, text

if TYPE_CHECKING:
    from core.demo.server import DemoHub
    from core.hub.disk_cache import DiskCache
    from core.hub.session import HubSession
    from core.identity.publisher_check import AccountCheck
    from core.identity.publishers import Directory
    from core.identity.results import Publisher

__all__ = ["Application", "HistoryEntry", "OriginalChoice", "Services"]


class Application:
    """Implements `core.services.Services`. Safe to use from several threads; close it at the end."""

    def __init__(
        self, places: Folders | None = None, *, demo: bool = False, endpoint: str | None = None, offline: bool = False
    ) -> None:
        self._folders = places or folders()
        self._settings_file = self._folders.config / "settings.json"
        self._settings, notice = load(self._settings_file)
        self._notices = (notice,) if notice else ()
        self._given_endpoint = endpoint
        self._offline = offline
        self._tokens = TokenStore(self._hub_endpoint())
        self._lock = threading.RLock()
        self._session: HubSession | None = None
        self._demo_folder: tempfile.TemporaryDirectory[str] | None = None
        self.demo_hub: DemoHub | None = None
        """The embedded hub while the demo is on; tests turn its knobs."""
        chosen = self._settings.quarantine_folder
        self._quarantine = Quarantine(Path(chosen) if chosen else self._folders.quarantine)
        if demo:
            self.switch_demo(True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def demo(self) -> bool:
        """True while the embedded demo hub answers."""
        return self.demo_hub is not None

    @property
    def settings(self) -> Settings:
        """As loaded or last saved."""
        return self._settings

    def save_settings(self, settings: Settings) -> None:
        """Write settings. A new quarantine folder is used from the next start on."""
        save(self._settings_file, settings)
        with self._lock:
            if _connection(settings) != _connection(self._settings):
                self._end_session()
            self._settings = settings
            self._tokens = TokenStore(self._hub_endpoint())

    def startup_notices(self) -> tuple[str, ...]:
        """What a person should hear once."""
        waiting = sum(item.state is ItemState.DOWNLOADING for item in self._quarantine.items())
        unfinished = (text("application.unfinished", count=waiting),) if waiting else ()
        set_aside = tuple(render(notice) for notice in self._quarantine.notices())
        return (*self._notices, *set_aside, *unfinished)

    def parse(self, pasted: str) -> RepoReference:
        """Understand a pasted text."""
        return parse(pasted, self._endpoint())

    def address(self, repository: RepositoryId) -> str:
        """The full address of a repository on the configured Hub."""
        prefix = "" if repository.kind is RepositoryKind.MODEL else f"{repository.kind}s/"
        return f"{self._endpoint()}/{prefix}{repository.name}"

    def check(
        self, reference: RepoReference, original: OriginalChoice, progress: ProgressCallback, cancel: CancelToken
    ) -> Report:
        """The whole check; remembered in the history if the settings allow it.

        A choice of the original wins over one that was kept; `keep` puts it in its place once the check is done.
        """
        from core.identity import own_list
        from core.scanning.own_rules import read_rules
        from core.vetting import vet

        report = vet(
            reference,
            self._hub(),
            progress,
            cancel,
            self._original_to_take(reference.repository, original),
            demo=self.demo,
            own_rules=read_rules(self._folders.rules),
            own_publishers=own_list.read(self._folders.publishers),
            signals_off=self._settings.signals_off,
        )
        if original.keep:
            self._choices().keep(report.snapshot.repository, original)
        if self._settings.keep_history:
            self._history().add(report)
        return report

    def remembered_original(self, repository: RepositoryId) -> OriginalChoice | None:
        """What the person chose for this repository in an earlier check."""
        return self._choices().of(repository)

    def forget_original(self, repository: RepositoryId) -> None:
        """Forget that choice."""
        self._choices().forget(repository)

    def save_report(self, report: Report, file: Path) -> Path:
        """Write a report as JSON if the name ends so, else as a page."""
        import json

        from core.exports.html_report import to_html
        from core.report import to_json

        as_json = file.suffix.lower() == ".json"
        return _written(file, json.dumps(to_json(report), indent=2) + "\n" if as_json else to_html(report))

    def differences_text(self, report: Report) -> str:
        """What differs from the original as plain text."""
        from core.exports.diff_text import diff_text

        return diff_text(report.comparison)

    def save_differences(self, report: Report, file: Path) -> Path:
        """Write that text."""
        return _written(file, self.differences_text(report))

    def history(self) -> tuple[HistoryEntry, ...]:
        """Past checks, newest first. Those of the demo are kept apart."""
        return self._history().entries()

    def clear_history(self) -> None:
        """Forget all past checks."""
        self._history().clear()

    @property
    def endpoint(self) -> str:
        """Base address of the Hub that answers."""
        return self._endpoint()

    @property
    def publishers_file(self) -> Path:
        """The person's own list of publishers; need not exist."""
        return self._folders.publishers

    def publishers(self) -> "Directory":
        """The list of publishers with the person's own changes."""
        from core.identity import own_list
        from core.identity.publishers import directory_for

        return directory_for(self._endpoint(), own_list.read(self._folders.publishers))

    def check_publishers(
        self, asked: Sequence[tuple[str, "Publisher"]], progress: ProgressCallback, cancel: CancelToken
    ) -> tuple[tuple["AccountCheck", ...], int]:
        """What the Hub says of these accounts, and how many requests that took. Blocks."""
        from core.identity.publisher_check import check_accounts

        hub = self._hub()
        before = hub.requests
        found = check_accounts(asked, hub, progress, cancel)
        return found, hub.requests - before

    def examples(self) -> tuple[tuple[str, str, str], ...]:
        """Demo scenarios: (address, title, what it shows)."""
        return tuple((one.address, text(one.title_id), text(one.story_id)) for one in SCENARIOS)

    def switch_demo(self, on: bool) -> None:
        """Start or leave the embedded demo hub."""
        from core.demo.scenarios import build
        from core.demo.server import DemoHub

        with self._lock:
            if on == self.demo:
                return
            self._end_session()
            if on:
                self._demo_folder = tempfile.TemporaryDirectory(prefix="sallyport-demo-", ignore_cleanup_errors=True)
                self.demo_hub = DemoHub(build(Path(self._demo_folder.name)))
                self.demo_hub.start()
            else:
                self._end_demo()

    def ladder(self, report: Report, paths: Collection[str], analyst: bool = False) -> Ladder:
        """What must be done before these files may come in."""
        return approvals.ladder(report, paths, analyst)

    def missing(self, ladder: Ladder, answers: Answers) -> tuple[str, ...]:
        """What is still to be done, in words."""
        return tuple(render(message) for message in approvals.missing(ladder, answers))

    def approve(self, report: Report, paths: Collection[str], answers: Answers, analyst: bool = False) -> Approval:
        """The approval, if nothing is missing."""
        return approvals.approve(report, paths, answers, datetime.now(UTC), analyst)

    def download(
        self, approval: Approval, report: Report, progress: ProgressCallback, cancel: CancelToken
    ) -> QuarantinedItem:
        """Through the first door, if the approval still fits what was just checked."""
        void = approvals.void_reason(approval, report)
        if void is not None:
            raise UserFacingError("application.approval_void", why=render(void))
        item = self._quarantine.add(approval, demo=report.demo)
        return self.resume(item.id, progress, cancel)

    def quarantine_items(self) -> tuple[QuarantinedItem, ...]:
        """Everything in the ledger, newest first."""
        return self._quarantine.items()

    def quarantine_json(self) -> list[dict[str, Any]]:
        """The ledger for programs."""
        return [to_plain(item) for item in self._quarantine.items()]

    def quarantine_folder(self) -> Path:
        """Where it lies."""
        return self._quarantine.folder

    def resume(self, item_id: str, progress: ProgressCallback, cancel: CancelToken) -> QuarantinedItem:
        """Go on with a download, from the same Hub it was approved for."""
        item = self._quarantine.item(item_id)
        if item.demo != self.demo:
            raise UserFacingError("application.demo_item" if item.demo else "application.real_item")
        if not item.demo and item.approval.endpoint != self._endpoint():
            raise UserFacingError("application.other_hub", hub=item.approval.endpoint)
        return self._quarantine.download(item_id, self._fetch(item.approval), _rescan, progress, cancel)

    def verify(self, item_id: str, progress: ProgressCallback, cancel: CancelToken) -> QuarantinedItem:
        """Hash and scan the stored bytes again."""
        return self._quarantine.verify(item_id, _rescan, progress, cancel)

    def release(self, item_id: str, folder: Path, progress: ProgressCallback, cancel: CancelToken) -> QuarantinedItem:
        """Through the second door."""
        return self._quarantine.release(item_id, folder, _rescan, progress, cancel)

    def delete(self, item_id: str) -> None:
        """Set aside for deletion."""
        self._quarantine.delete(item_id)

    def undo_delete(self, item_id: str) -> None:
        """Bring a deleted item back."""
        self._quarantine.undo_delete(item_id)

    def purge_deleted(self) -> None:
        """Remove the bytes of deleted items for good."""
        self._quarantine.purge_deleted()

    def cache_size(self) -> CacheSize:
        """How much of the Hub's answers is kept on the disk."""
        extent = self._disk_cache().extent()
        return CacheSize(extent.bytes, extent.entries, self._settings.cache_megabytes * 1_000_000)

    def clear_cache(self) -> None:
        """Forget all answers of the Hub."""
        self._disk_cache().clear()

    def cache_folder(self) -> Path:
        """Where the Hub's answers are kept."""
        return self._folders.cache / "hub"

    def own_files(self) -> OwnFiles:
        """How rules and publishers of the person's own stand."""
        return own_files(self._folders)

    def create_rules_folder(self) -> Path:
        """The folder of the person's own rules."""
        return private_folder(self._folders.rules)

    def token_state(self) -> str:
        """Text id of where the token is."""
        return self._tokens.state()

    def store_token(self, token: str | None) -> None:
        """Keep or forget the token; the next request uses it."""
        if token is None:
            self._tokens.forget()
        else:
            self._tokens.store(token)
        with self._lock:
            self._end_session()
        self._disk_cache().clear_private()

    def close(self) -> None:
        """Stop servers and close connections."""
        with self._lock:
            self._end_session()
            self._end_demo()

    def _hub_endpoint(self) -> str:
        return (self._given_endpoint or self._settings.endpoint).rstrip("/")

    def _endpoint(self) -> str:
        return self.demo_hub.endpoint if self.demo_hub else self._hub_endpoint()

    def _hub(self) -> "HubSession":
        from core.hub.session import HubSession

        with self._lock:
            if self._session is None and self.demo:
                # It is on this computer, and another one at every start: nothing to save, nothing to keep.
                self._session = HubSession(self._endpoint())
            elif self._session is None:
                cache = self._disk_cache() if self._settings.cache_megabytes else None
                offline = self._offline or self._settings.offline
                self._session = HubSession(self._endpoint(), self._tokens.token(), cache=cache, offline=offline)
            return self._session

    def _disk_cache(self) -> "DiskCache":
        from core.hub.disk_cache import DiskCache

        return DiskCache(self.cache_folder(), self._settings.cache_megabytes * 1_000_000)

    def _fetch(self, approval: Approval) -> Fetch:
        from core.hub.download import download

        hub = self._hub()
        snapshot = _listed(approval, hub.endpoint)

        def fetch(file: ApprovedFile, target: Path, progress: ProgressCallback, cancel: CancelToken) -> None:
            download(lambda offset: hub.stream(snapshot, file.path, offset, cancel), file, target, progress, cancel)

        return fetch

    def _original_to_take(self, repository: RepositoryId, given: OriginalChoice) -> OriginalChoice:
        if given.repository is not None or given.none:
            return given
        return self._choices().of(repository) or given

    def _choices(self) -> OriginalChoices:
        return OriginalChoices(self._folders.data / "original-choices.json", "demo" if self.demo else self._endpoint())

    def _history(self) -> History:
        return History(self._folders.data / ("demo-history.json" if self.demo else "history.json"))

    def _end_session(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None

    def _end_demo(self) -> None:
        if self.demo_hub is not None:
            self.demo_hub.stop()
            self.demo_hub = None
        if self._demo_folder is not None:
            self._demo_folder.cleanup()
            self._demo_folder = None


def _listed(approval: Approval, endpoint: str) -> Snapshot:
    """As much of a snapshot as a download needs: the approval holds the commit and the files.

    `resume` has compared the endpoints; the demo hub's own differs from the one in reports only in its port.
    """
    return Snapshot(
        repository=approval.repository,
        asked_for=approval.repository,
        commit=approval.commit,
        revision=None,
        endpoint=endpoint,
        files=tuple(RepositoryFile(file.path, file.size, file.git_sha1, file.sha256) for file in approval.files),
        card=None,
        retrieved_at=approval.approved_at,
    )


def _written(file: Path, content: str) -> Path:
    try:
        write_atomically(file, content.encode("utf-8"))
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserFacingError("application.not_saved", file=str(file), reason=reason) from error
    return file


def _connection(settings: Settings) -> tuple[str, bool, int]:
    """What a session was opened with."""
    return settings.endpoint, settings.offline, settings.cache_megabytes


def _rescan(stored: Mapping[Path, str], cancel: CancelToken) -> tuple[FileResult, ...]:
    """Scan complete files from the disk under the names they have in the repository."""
    from core.scanning.engine import Target, scan
    from core.scanning.local import LocalReader

    places = {name: place for place, name in stored.items()}
    targets = [Target(name, place.stat().st_size) for name, place in places.items()]
    return scan(targets, lambda name: LocalReader(places[name]), ignore_progress, cancel)
