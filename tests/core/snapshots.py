"""Snapshots built by hand and a hub that answers from them, for tests of the stages after the Hub."""

import hashlib
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from core.byte_reader import ByteReader
from core.errors import UserFacingError
from core.progress import CancelToken, ProgressCallback
from core.repository import (
    NOTHING_USED,
    Account,
    Discussion,
    Figures,
    NetworkUse,
    RepoReference,
    RepositoryFile,
    RepositoryId,
    RepositoryKind,
    SearchHit,
    Snapshot,
)

NOW = datetime(2026, 5, 8, 12, tzinfo=UTC)
ENDPOINT = "https://huggingface.co"
LFS_FROM = 1_000_000
"""Files of `bytes` at least this long are listed with a SHA-256, like the Hub's large files."""

FileFacts = bytes | tuple[int, str]
"""Content, or (size, SHA-256) of a large file whose content does not matter."""


def days_ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def file(path: str, facts: FileFacts, **more: Any) -> RepositoryFile:  # noqa: ANN401  any field of the class
    if isinstance(facts, tuple):
        size, sha256 = facts
        return RepositoryFile(path, size, hashlib.sha1(sha256.encode()).hexdigest(), sha256, **more)  # noqa: S324  git's
    blob = hashlib.sha1(b"blob %d\0" % len(facts) + facts).hexdigest()  # noqa: S324  git's own hash
    large = len(facts) >= LFS_FROM or path.endswith((".safetensors", ".gguf", ".bin"))
    return RepositoryFile(path, len(facts), blob, hashlib.sha256(facts).hexdigest() if large else None, **more)


def snapshot(
    name: str,
    files: Mapping[str, FileFacts] | Iterable[RepositoryFile] = (),
    card: str | None = None,
    *,
    kind: RepositoryKind = RepositoryKind.MODEL,
    age_days: float | None = 400,
    account_days: float | None = 800,
    organization: bool = False,
    downloads: int = 100,
    asked_for: str | None = None,
    **facts: Any,  # noqa: ANN401  any field of the class
) -> Snapshot:
    """A repository as the Hub's listing would describe it; `facts` are further fields of `Snapshot`."""
    repository = RepositoryId(kind, name)
    listed = tuple(file(path, one) for path, one in files.items()) if isinstance(files, Mapping) else tuple(files)
    if card is not None and not any(one.path == "README.md" for one in listed):
        listed = (*listed, file("README.md", card.encode()))
    defaults: dict[str, Any] = {
        "commit": hashlib.sha1(name.encode()).hexdigest(),  # noqa: S324  looks like a commit id
        "revision": None,
        "endpoint": ENDPOINT,
        "retrieved_at": NOW,
        "created_at": None if age_days is None else days_ago(age_days),
        "figures": Figures(downloads=downloads, downloads_all_time=downloads, likes=1),
        "account": Account(
            repository.owner,
            organization,
            created_at=None if account_days is None or organization else days_ago(account_days),
            models=3,
            followers=10,
        ),
    }
    return Snapshot(
        repository=repository,
        asked_for=RepositoryId(kind, asked_for or name),
        files=listed,
        card=card,
        **{**defaults, **facts},
    )


class FakeHub:
    """Answers `Hub` from snapshots. `failing`: names or queries that are refused; `asked`: every question, in order.

    Organisations are those of the snapshots' accounts; likers, discussions and members are by lower-case name.
    """

    def __init__(
        self,
        *snapshots: Snapshot,
        failing: Iterable[str] = (),
        likers: Mapping[str, tuple[str, ...]] | None = None,
        discussions: Mapping[str, tuple[Discussion, ...]] | None = None,
        members: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self._likers = likers or {}
        self._discussions = discussions or {}
        self._members = members or {}
        self._snapshots = {one.repository: one for one in snapshots}
        self._failing = frozenset(failing)
        self._lock = threading.Lock()
        self.asked: list[str] = []

    @property
    def endpoint(self) -> str:
        return ENDPOINT

    def network(self, before: NetworkUse = NOTHING_USED) -> NetworkUse:
        return NetworkUse(requests=len(self.asked))

    def snapshot(self, reference: RepoReference, progress: ProgressCallback, cancel: CancelToken) -> Snapshot:
        found = self.find(reference.repository, cancel)
        if found is None:
            raise UserFacingError("hub.not_found")
        return found

    def find(self, repository: RepositoryId, cancel: CancelToken) -> Snapshot | None:
        return self._found(repository, cancel)

    def _found(self, repository: RepositoryId, cancel: CancelToken) -> Snapshot | None:
        self._ask(repository.name, cancel)
        wanted = (repository.kind, repository.name.lower())
        return next((s for r, s in self._snapshots.items() if (r.kind, r.name.lower()) == wanted), None)

    def search(
        self, query: str, cancel: CancelToken, sort: str = "downloads", limit: int = 20
    ) -> tuple[SearchHit, ...]:
        """As the Hub: parts of ids, most downloaded first."""
        self._ask(f"?{query}", cancel)
        found = [one for r, one in self._snapshots.items() if query.lower() in r.name.lower()]
        found.sort(key=lambda one: -(one.figures.downloads or 0))
        return self._hits(found, limit)

    def listing(self, repository: RepositoryId, cancel: CancelToken) -> Snapshot | None:
        found = self._found(repository, cancel)
        return found and replace(found, card=None, account=None)

    def complete(self, listed: Snapshot, cancel: CancelToken) -> Snapshot:
        self._ask(f"+{listed.repository.name}", cancel)
        return self._snapshots[listed.repository]

    def organizations(self, query: str, cancel: CancelToken) -> tuple[Account, ...]:
        self._ask(f"org {query}", cancel)
        accounts = (one.account for one in self._snapshots.values())
        found = {one.name: one for one in accounts if one is not None and one.is_organization}
        return tuple(one for one in found.values() if query.lower() in f"{one.name} {one.full_name}".lower())

    def models_by(self, account: str, cancel: CancelToken, limit: int = 100) -> tuple[SearchHit, ...]:
        self._ask(f"by {account}", cancel)
        return self._hits(self._newest_first(lambda one: one.repository.owner.lower() == account.lower()), limit)

    def built_on(self, repository: RepositoryId, cancel: CancelToken, limit: int = 100) -> tuple[SearchHit, ...]:
        self._ask(f"on {repository.name}", cancel)
        return self._hits(self._newest_first(lambda one: repository.name in one.base_models), limit)

    def likers(self, repository: RepositoryId, cancel: CancelToken) -> tuple[str, ...]:
        self._ask(f"likers {repository.name}", cancel)
        return self._likers.get(repository.name.lower(), ())

    def discussions(self, repository: RepositoryId, cancel: CancelToken) -> tuple[Discussion, ...]:
        self._ask(f"discussions {repository.name}", cancel)
        return self._discussions.get(repository.name.lower(), ())

    def members(self, organization: str, cancel: CancelToken) -> tuple[str, ...]:
        self._ask(f"members {organization}", cancel)
        return self._members.get(organization.lower(), ())

    def _newest_first(self, wanted: Callable[[Snapshot], bool]) -> list[Snapshot]:
        found = [one for one in self._snapshots.values() if wanted(one)]
        return sorted(found, key=lambda one: one.created_at or NOW, reverse=True)

    def _hits(self, found: Iterable[Snapshot], limit: int) -> tuple[SearchHit, ...]:
        models = [one for one in found if one.repository.kind is RepositoryKind.MODEL]
        return tuple(
            SearchHit(s.repository, s.created_at, s.figures.downloads, s.figures.likes, s.base_models)
            for s in models[:limit]
        )

    def open(self, snapshot: Snapshot, path: str, cancel: CancelToken) -> ByteReader:
        raise AssertionError(f"nobody should open {path} of {snapshot.repository.name}")

    def stream(self, snapshot: Snapshot, path: str, offset: int, cancel: CancelToken) -> Iterator[bytes]:
        return iter(BytesIO())

    def _ask(self, what: str, cancel: CancelToken) -> None:
        cancel.check()
        with self._lock:
            self.asked.append(what)
        if what in self._failing or "*" in self._failing:
            raise UserFacingError("hub.no_answer")
