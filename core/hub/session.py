"""The Hub as the stages see it: one endpoint, one token (for the public Hub alone), its own connections."""

from collections.abc import Iterator
from types import TracebackType
from typing import Self

from core.address import PUBLIC_ENDPOINT
from core.hub import questions
from core.hub.content_stream import content_stream
from core.hub.disk_cache import DiskCache
from core.hub.remote_file import ReadLimits, RemoteFile, byte_source
from core.hub.snapshot import complete_snapshot, find_snapshot, list_snapshot, read_snapshot
from core.hub.transport import Patience, Transport
from core.progress import CancelToken, ProgressCallback
from core.repository import (
    NOTHING_USED,
    Account,
    Discussion,
    NetworkUse,
    RepoReference,
    RepositoryId,
    SearchHit,
    Snapshot,
)

_SORTS = {
    "downloads": "downloads",
    "likes": "likes",
    "created_at": "createdAt",
    "last_modified": "lastModified",
    "trending_score": "trendingScore",
}


class HubSession:
    """Implements `core.repository.Hub` over HTTP. Safe to share between threads; a context manager.

    Every call may raise `UserFacingError("hub.…")`, and `Cancelled` within half a second of a cancel.
    """

    def __init__(
        self,
        endpoint: str = PUBLIC_ENDPOINT,
        token: str | None = None,
        *,
        patience: Patience = Patience(),  # noqa: B008  frozen
        limits: ReadLimits = ReadLimits(),  # noqa: B008  frozen
        cache: DiskCache | None = None,
        offline: bool = False,
    ) -> None:
        """`cache` None: nothing is kept. `offline`: nothing is sent, and only what is in `cache` is answered."""
        self._transport = Transport(endpoint, token, patience, cache, offline=offline)
        self._limits = limits

    @property
    def endpoint(self) -> str:
        """Base address, without a trailing slash."""
        return self._transport.endpoint

    @property
    def requests(self) -> int:
        """Requests sent so far, redirects included."""
        return self._transport.meter.requests

    @property
    def bytes_read(self) -> int:
        """Body bytes received so far."""
        return self._transport.meter.bytes_read

    def network(self, before: NetworkUse = NOTHING_USED) -> NetworkUse:
        """What was used on top of an earlier total; without one, the total so far."""
        return self._transport.meter.use(before)

    def close(self) -> None:
        """Close all connections."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def snapshot(self, reference: RepoReference, progress: ProgressCallback, cancel: CancelToken) -> Snapshot:
        """Resolve to a commit and read everything the listing offers."""
        return read_snapshot(self._transport, reference, progress, cancel)

    def find(self, repository: RepositoryId, cancel: CancelToken) -> Snapshot | None:
        """Listing, card, figures and account at the default branch; None if there is no such repository."""
        return find_snapshot(self._transport, repository, cancel)

    def listing(self, repository: RepositoryId, cancel: CancelToken) -> Snapshot | None:
        """What one request gives of the default branch; None if there is no such repository."""
        return list_snapshot(self._transport, repository, cancel)

    def complete(self, listed: Snapshot, cancel: CancelToken) -> Snapshot:
        """A listing with its card, figures and account."""
        return complete_snapshot(self._transport, self._ours(listed), cancel)

    def search(
        self, query: str, cancel: CancelToken, sort: str = "downloads", limit: int = 20
    ) -> tuple[SearchHit, ...]:
        """Models whose id contains `query`; entries of a wrong shape are left out."""
        params = {"search": query, "sort": _SORTS.get(sort, sort)}
        return questions.models(self._transport, params, limit, query, cancel)

    def account(self, name: str, cancel: CancelToken) -> Account | None:
        """An organisation or a person by name, None if the Hub knows neither: one request or two."""
        return questions.account(self._transport, name, cancel)

    def organizations(self, query: str, cancel: CancelToken) -> tuple[Account, ...]:
        """Organisations that the Hub's quick search offers; only their names are stated."""
        return questions.organizations(self._transport, query, cancel)

    def models_by(self, account: str, cancel: CancelToken, limit: int = 100) -> tuple[SearchHit, ...]:
        """Models of an account, newest first."""
        return questions.models(self._transport, {"author": account, "sort": "createdAt"}, limit, account, cancel)

    def built_on(self, repository: RepositoryId, cancel: CancelToken, limit: int = 100) -> tuple[SearchHit, ...]:
        """Models that declare `repository` as their base, newest first."""
        params = {"filter": f"base_model:{repository.name}", "sort": "createdAt"}
        return questions.models(self._transport, params, limit, repository.name, cancel)

    def likers(self, repository: RepositoryId, cancel: CancelToken) -> tuple[str, ...]:
        """Accounts that liked it: the first page."""
        return questions.likers(self._transport, repository, cancel)

    def discussions(self, repository: RepositoryId, cancel: CancelToken) -> tuple[Discussion, ...]:
        """Open discussions and pull requests: the first page."""
        return questions.discussions(self._transport, repository, cancel)

    def members(self, organization: str, cancel: CancelToken) -> tuple[str, ...]:
        """Public members of an organisation: the first page."""
        return questions.members(self._transport, organization, cancel)

    def open(self, snapshot: Snapshot, path: str, cancel: CancelToken) -> RemoteFile:
        """A range reader over one file of the snapshot's commit. No request is sent before the first read."""
        source = byte_source(self._transport, self._ours(snapshot), path, cancel)
        return RemoteFile(source, self._limits, cancel)

    def stream(self, snapshot: Snapshot, path: str, offset: int, cancel: CancelToken) -> Iterator[bytes]:
        """The bytes of one file from `offset` on, in pieces of up to about 1 MiB; checked for length, not for hash."""
        return content_stream(self._transport, self._ours(snapshot), path, offset, cancel)

    def _ours(self, snapshot: Snapshot) -> Snapshot:
        if snapshot.endpoint != self.endpoint:
            raise ValueError(f"a snapshot of {snapshot.endpoint} cannot be read from {self.endpoint}")
        return snapshot
