"""Where the original may lie: candidates from the declaration, the listed publishers and the Hub's search."""

import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.errors import UserFacingError
from core.identity.model_names import bare_name, same_name, search_words
from core.identity.publishers import Directory
from core.identity.results import Publisher, PublisherKind
from core.identity.skeleton import skeleton
from core.progress import CancelToken, Progress, ProgressCallback, Step
from core.repository import Hub, RepositoryId, RepositoryKind, SearchHit, Snapshot

MAX_REQUESTS = 12
_MAX_DECLARED = 3
_MAX_PROBES = 5
_MAX_LINKED = 2
_WORKERS = 8
_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,95}(?:/[A-Za-z0-9][\w.-]{0,95})?")
_ADDRESS_IN_CARD = re.compile(
    r"(?<![\w./-])(?:https?://(?:www\.)?(?:huggingface\.co|hf\.co)/)?([A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95})"
)
_MAX_CARD = 200_000


class Origin(StrEnum):
    """Why we asked for a candidate."""

    DECLARED = "declared"
    LINKED = "linked"
    PROBED = "probed"
    FOUND = "found"
    BASE_OF_BASE = "base_of_base"


@dataclass(slots=True)
class Candidates:
    """What was asked, what exists, and what the Hub did not answer. Built up by `collect` only."""

    snapshots: dict[str, Snapshot] = field(default_factory=dict)
    """By lower-case name."""
    origins: dict[str, set[Origin]] = field(default_factory=dict)
    same_named: tuple[SearchHit, ...] = ()
    """Search results that mean the same model, the most telling first."""
    asked: int = 0
    unanswered: int = 0

    def of(self, origin: Origin) -> Iterator[Snapshot]:
        """The candidates that we asked for because of `origin`."""
        return (found for name, found in self.snapshots.items() if origin in self.origins[name])


def collect(
    snapshot: Snapshot, hub: Hub, directory: Directory, progress: ProgressCallback, cancel: CancelToken
) -> Candidates:
    """Ask for everything that may be the original, in two rounds of parallel requests, `MAX_REQUESTS` at most.

    A Hub that does not answer is counted in `unanswered`, not raised. Raises `Cancelled`.
    """
    found = Candidates()
    bare = bare_name(snapshot.repository.short_name, directory)
    asks = _Asking(snapshot, hub, found, progress, cancel)
    wanted = _first_round(snapshot, directory, bare)
    queries = search_words(bare) if snapshot.repository.kind is RepositoryKind.MODEL else ()
    hits = asks.round(wanted, queries)
    found.same_named = _ranked(hits, snapshot, directory)
    asks.round(_second_round(snapshot, directory, found), ())
    return found


def is_official(publisher: Publisher | None) -> bool:
    """True for a listed account that makes models, not for one that repackages them."""
    return publisher is not None and publisher.kind is PublisherKind.PUBLISHER


def younger(one: datetime | None, other: datetime | None) -> bool:
    """True if it is known that `one` is later than `other`."""
    return one is not None and other is not None and one > other


def linked_addresses(snapshot: Snapshot, directory: Directory) -> tuple[str, ...]:
    """Other repositories with the same name that the card speaks of: `from_pretrained("owner/name")`, addresses."""
    own = snapshot.repository
    names = dict.fromkeys(
        match.group(1).rstrip(".") for match in _ADDRESS_IN_CARD.finditer((snapshot.card or "")[:_MAX_CARD])
    )
    return tuple(
        name
        for name in names
        if name.lower() != own.name.lower() and same_name(name.partition("/")[2], own.short_name, directory)
    )


def brands(snapshot: Snapshot, directory: Directory) -> tuple[Publisher, ...]:
    """Listed publishers that the card, tags, license or account name speak of, makers of models only."""
    texts = [snapshot.repository.name.replace("-", " "), snapshot.license or "", *snapshot.tags]
    if snapshot.account is not None:
        texts.append(snapshot.account.full_name)
    text = "\n".join((snapshot.card or "", *texts))
    named = dict.fromkeys(directory.named_in(text))
    by_address = (directory.of_account(address.partition("/")[0]) for address in linked_addresses(snapshot, directory))
    return tuple(one for one in dict.fromkeys((*by_address, *named)) if one is not None and is_official(one))


class _Asking:
    """Runs requests in parallel and notes what came of them."""

    def __init__(
        self, snapshot: Snapshot, hub: Hub, found: Candidates, progress: ProgressCallback, cancel: CancelToken
    ) -> None:
        self._own = snapshot.repository
        self._hub = hub
        self._found = found
        self._progress = progress
        self._cancel = cancel

    def round(self, wanted: dict[str, set[Origin]], queries: Iterable[str]) -> list[SearchHit]:
        """Search for `queries` and look whether `wanted` exist, as far as the budget goes."""
        hits: list[SearchHit] = []

        def search(query: str) -> Callable[[], None]:
            return lambda: hits.extend(self._hub.search(query, self._cancel))

        def look(name: str, origins: set[Origin]) -> Callable[[], None]:
            return lambda: self._keep(self._hub.find(RepositoryId(self._own.kind, name), self._cancel), origins)

        jobs = [*(search(query) for query in queries), *(look(name, origins) for name, origins in wanted.items())]
        self._run(jobs[: MAX_REQUESTS - self._found.asked])
        return hits

    def _run(self, jobs: list[Callable[[], None]]) -> None:
        if not jobs:
            return
        total = self._found.asked + len(jobs)
        with ThreadPoolExecutor(_WORKERS, thread_name_prefix="original") as pool:
            futures = [pool.submit(job) for job in jobs]
            try:
                for future in futures:
                    self._cancel.check()
                    try:
                        future.result()
                    except UserFacingError:
                        self._found.unanswered += 1
                    self._found.asked += 1
                    self._progress(Progress(Step.ORIGINAL, self._found.asked, total, "requests"))
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def _keep(self, found: Snapshot | None, origins: set[Origin]) -> None:
        if found is None or found.repository.name.lower() == self._own.name.lower():
            return
        name = found.repository.name.lower()
        self._found.origins.setdefault(name, set()).update(origins)
        self._found.snapshots[name] = found


def _first_round(snapshot: Snapshot, directory: Directory, bare: str) -> dict[str, set[Origin]]:
    own = snapshot.repository.name.lower()
    wanted: dict[str, set[Origin]] = {}
    spelling: dict[str, str] = {}

    def want(name: str, origin: Origin) -> None:
        if _NAME.fullmatch(name) and name.lower() != own:
            wanted.setdefault(spelling.setdefault(name.lower(), name), set()).add(origin)

    for name in snapshot.base_models[:_MAX_DECLARED]:
        want(name, Origin.DECLARED)
    linked = linked_addresses(snapshot, directory)
    for name in linked[:_MAX_LINKED]:
        want(name, Origin.LINKED)
    probes = [f"{account}/{bare}" for publisher in brands(snapshot, directory) for account in publisher.accounts]
    for name in probes[: _MAX_PROBES - min(len(linked), _MAX_LINKED)]:
        want(name, Origin.PROBED)
    return wanted


def _second_round(snapshot: Snapshot, directory: Directory, found: Candidates) -> dict[str, set[Origin]]:
    """The best search results, and what a repackaged base was made from."""
    wanted: dict[str, set[Origin]] = {}
    for base in found.of(Origin.DECLARED):
        publisher = directory.of_account(base.repository.owner)
        if publisher is not None and not is_official(publisher):
            for name in base.base_models[:1]:
                wanted.setdefault(name, set()).add(Origin.BASE_OF_BASE)
    for hit in found.same_named[:3]:
        wanted.setdefault(hit.repository.name, set()).add(Origin.FOUND)
    own = snapshot.repository.name.lower()
    return {
        name: origins
        for name, origins in wanted.items()
        if _NAME.fullmatch(name) and name.lower() != own and name.lower() not in found.snapshots
    }


def _ranked(hits: Iterable[SearchHit], snapshot: Snapshot, directory: Directory) -> tuple[SearchHit, ...]:
    """Results that mean the same model. Age and listing count, popularity never does."""
    own = snapshot.repository
    same = {
        hit.repository.name.lower(): hit
        for hit in hits
        if hit.repository.name.lower() != own.name.lower()
        and same_name(hit.repository.short_name, own.short_name, directory)
    }

    def attention(hit: SearchHit) -> tuple[bool, bool, bool, float]:
        owner = hit.repository.owner
        created = hit.created_at.timestamp() if hit.created_at else float("inf")
        listed = is_official(directory.of_account(owner))
        alike = skeleton(owner) == skeleton(own.owner)
        return not listed, not alike, younger(hit.created_at, snapshot.created_at), created

    return tuple(sorted(same.values(), key=attention))
