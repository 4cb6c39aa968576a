"""Where the original may lie: candidates from the declaration, links, the listed publishers and the Hub's search."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.identity.card_addresses import license_address, linked_addresses, told_address
from core.identity.inquiry import Inquiry
from core.identity.model_names import bare_name, extends, further_names, other_version, same_name, search_words
from core.identity.publishers import Directory
from core.identity.results import Publisher, PublisherKind
from core.identity.skeleton import skeleton
from core.progress import CancelToken, ProgressCallback
from core.repository import Account, Hub, RepositoryId, RepositoryKind, SearchHit, Snapshot

MAX_REQUESTS = 15
COMPLETION = 5
"""Requests kept back for the card, the figures and the account of the best candidate."""
_FIRST_ROUND = 7
_MAX_SEARCHES = 3
_WORKERS = 5
"""Three more ask about the publisher at the same time: eight in all."""
_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,95}(?:/[A-Za-z0-9][\w.-]{0,95})?")
_MADE_BY = re.compile(
    r"\b(?i:developed|created|made|built|trained|released|published|introduced)\s+by[\s:*_\[]+"
    r"(?:the\s+)?([A-Z][\w&-]*(?:\.\w[\w&-]*)*(?:[ ][A-Z][\w&-]*){0,3})"
)
_FIRST_WORDS = 6000


class Origin(StrEnum):
    """Why we asked for a candidate."""

    DECLARED = "declared"
    LINKED = "linked"
    LICENSE = "license"
    """The license of the repository is a file of the candidate."""
    TOLD = "told"
    """A sentence of the card says that this was made from it."""
    PROBED = "probed"
    FOUND = "found"
    ORGANIZATION = "organization"
    """Its organisation bears the name that the card gives as the maker."""
    BASE_OF_BASE = "base_of_base"


Wanted = dict[str, set[Origin]]


@dataclass(slots=True)
class Candidates:
    """What was asked, what exists, and what the Hub did not answer. Built up by `collect` only."""

    names: tuple[str, ...] = ()
    """By which the repository may call the model, its own first."""
    snapshots: dict[str, Snapshot] = field(default_factory=dict)
    """Listings, by lower-case name."""
    origins: Wanted = field(default_factory=dict)
    same_named: tuple[SearchHit, ...] = ()
    """Search results that mean the same model, the most telling first."""

    def of(self, origin: Origin) -> Iterator[Snapshot]:
        """The candidates that we asked for because of `origin`."""
        return (found for name, found in self.snapshots.items() if origin in self.origins[name])


def collect(
    snapshot: Snapshot, hub: Hub, directory: Directory, progress: ProgressCallback, cancel: CancelToken
) -> tuple[Candidates, Inquiry]:
    """Ask for everything that may be the original, in two rounds of parallel requests.

    `COMPLETION` of the `MAX_REQUESTS` are left for the best candidate. What the Hub does not answer is counted in
    the inquiry, not raised. Raises `Cancelled`.
    """
    own = snapshot.repository
    names = (bare_name(own.short_name, directory), *further_names(snapshot, directory))
    found = Candidates(names)
    asks = _Asking(snapshot, hub, found, Inquiry(progress, cancel, MAX_REQUESTS - COMPLETION, _WORKERS), cancel)
    is_model = own.kind is RepositoryKind.MODEL
    queries = search_words(names)[:_MAX_SEARCHES] if is_model else ()
    maker = _organization_to_ask(snapshot, directory) if is_model else ""
    wanted = _first_round(snapshot, directory, names)
    room = _FIRST_ROUND - len(queries) - bool(maker)
    hits, organizations = asks.round(dict(list(wanted.items())[:room]), queries, maker)
    found.same_named = _ranked(hits, snapshot, names, directory)
    asks.round(_second_round(snapshot, directory, found, organizations, hits), (), "")
    return found, asks.inquiry


def is_official(publisher: Publisher | None) -> bool:
    """True for a listed account that makes models, not for one that repackages them."""
    return publisher is not None and publisher.kind is PublisherKind.PUBLISHER


def younger(one: datetime | None, other: datetime | None) -> bool:
    """True if it is known that `one` is later than `other`."""
    return one is not None and other is not None and one > other


def named_brands(snapshot: Snapshot, directory: Directory) -> tuple[Publisher, ...]:
    """Listed publishers that the card, tags, license or account name speak of, makers of models only."""
    texts = [snapshot.repository.name.replace("-", " "), snapshot.license or "", *snapshot.tags]
    if snapshot.account is not None:
        texts.append(snapshot.account.full_name)
    text = "\n".join((snapshot.card or "", *texts))
    named = dict.fromkeys(directory.named_in(text))
    by_address = (directory.of_account(address.partition("/")[0]) for address in linked_addresses(snapshot, directory))
    return tuple(one for one in dict.fromkeys((*by_address, *named)) if one is not None and is_official(one))


def named_families(snapshot: Snapshot, names: Iterable[str], directory: Directory) -> tuple[Publisher, ...]:
    """Listed publishers one of whose model families begins a name of this model, or is its architecture."""
    spelt = [
        skeleton(name) for name in (*names, snapshot.model.model_type or "", snapshot.model.gguf_architecture or "")
    ]
    makers = (one for one in directory.publishers if is_official(one))
    return tuple(
        one
        for one in makers
        if any(name.startswith(family) for family in map(skeleton, one.families) if len(family) > 2 for name in spelt)
    )


class _Asking:
    """The rounds of requests, and what came of them."""

    def __init__(self, snapshot: Snapshot, hub: Hub, found: Candidates, inquiry: Inquiry, cancel: CancelToken) -> None:
        self._own = snapshot.repository
        self._hub = hub
        self._found = found
        self._cancel = cancel
        self.inquiry = inquiry

    def round(self, wanted: Wanted, queries: Iterable[str], organization: str) -> tuple[list[SearchHit], list[Account]]:
        """Search for `queries` and an organisation, and look whether `wanted` exist, as far as the budget goes."""
        hits: list[SearchHit] = []
        organizations: list[Account] = []

        def search(query: str) -> Callable[[], None]:
            return lambda: hits.extend(self._hub.search(query, self._cancel))

        def look(name: str, origins: set[Origin]) -> Callable[[], None]:
            return lambda: self._keep(self._hub.listing(RepositoryId(self._own.kind, name), self._cancel), origins)

        jobs = [*(look(name, origins) for name, origins in wanted.items()), *(search(query) for query in queries)]
        if organization:
            jobs.append(lambda: organizations.extend(self._hub.organizations(organization, self._cancel)))
        self.inquiry.ask(jobs)
        return hits, organizations

    def _keep(self, found: Snapshot | None, origins: set[Origin]) -> None:
        if found is None or found.repository.name.lower() == self._own.name.lower():
            return
        name = found.repository.name.lower()
        self._found.origins.setdefault(name, set()).update(origins)
        self._found.snapshots[name] = found


class _Wish:
    """Names to look for, each once, whatever its capitalisation."""

    def __init__(self, own: RepositoryId, known: Iterable[str] = ()) -> None:
        self._refused = {own.name.lower(), *known}
        self._spelling: dict[str, str] = {}
        self.wanted: Wanted = {}

    def add(self, name: str, origin: Origin) -> None:
        if _NAME.fullmatch(name) and name.lower() not in self._refused:
            self.wanted.setdefault(self._spelling.setdefault(name.lower(), name), set()).add(origin)


def _first_round(snapshot: Snapshot, directory: Directory, names: tuple[str, ...]) -> Wanted:
    """In order of promise; the caller takes as many as there is room for."""
    wish = _Wish(snapshot.repository)
    linked = linked_addresses(snapshot, directory)
    for name in snapshot.base_models[:2]:
        wish.add(name, Origin.DECLARED)
    for name in linked[:1]:
        wish.add(name, Origin.LINKED)
    told = told_address(snapshot)
    if told is not None and not snapshot.base_models:
        wish.add(told, Origin.TOLD)
    license_of = license_address(snapshot)
    if license_of is not None:
        wish.add(license_of, Origin.LICENSE)
    families = named_families(snapshot, names, directory)
    brands = named_brands(snapshot, directory)
    likely = (*(one for one in brands if one in families), *brands[:2], *families[:2])
    for name in names[:2]:
        for publisher in dict.fromkeys(likely):
            wish.add(f"{publisher.accounts[0]}/{name}", Origin.PROBED)
    for name in linked[1:2]:
        wish.add(name, Origin.LINKED)
    for name in snapshot.base_models[2:3]:
        wish.add(name, Origin.DECLARED)
    return wish.wanted


def _second_round(
    snapshot: Snapshot, directory: Directory, found: Candidates, organizations: Iterable[Account], hits: list[SearchHit]
) -> Wanted:
    """What a repackaged base was made from, the best search results, the same name under the named organisation."""
    wish = _Wish(snapshot.repository, found.snapshots)
    for base in found.of(Origin.DECLARED):
        publisher = directory.of_account(base.repository.owner)
        if publisher is not None and not is_official(publisher):
            for name in base.base_models[:1]:
                wish.add(name, Origin.BASE_OF_BASE)
    for account in list(organizations)[:2]:
        if account.name.lower() != snapshot.repository.owner.lower():
            wish.add(f"{account.name}/{found.names[0]}", Origin.ORGANIZATION)
    for hit in found.same_named[:2]:
        wish.add(hit.repository.name, Origin.FOUND)
    for hit in (*_shorter(hits, snapshot, found.names, directory)[:1], *_versions(hits, found.names, directory)[:1]):
        wish.add(hit.repository.name, Origin.FOUND)
    return wish.wanted


def _organization_to_ask(snapshot: Snapshot, directory: Directory) -> str:
    """The unlisted maker that the card names, or the account that the one here may be made to resemble; "" if none."""
    owner = snapshot.repository.owner
    for match in _MADE_BY.finditer((snapshot.card or "")[:_FIRST_WORDS]):
        maker = match[1]
        if directory.named_in(maker):
            return ""
        if skeleton(maker) != skeleton(owner):
            return maker
    plain = skeleton(owner)
    return plain if plain != re.sub(r"[\W_]+", "", owner).lower() and directory.of_account(owner) is None else ""


def _ranked(
    hits: Iterable[SearchHit], snapshot: Snapshot, names: tuple[str, ...], directory: Directory
) -> tuple[SearchHit, ...]:
    """Results that mean the same model. Age and listing count, popularity never does."""
    own = snapshot.repository
    same = {
        hit.repository.name.lower(): hit
        for hit in hits
        if hit.repository.name.lower() != own.name.lower()
        and any(same_name(hit.repository.short_name, name, directory) for name in names)
    }

    def attention(hit: SearchHit) -> tuple[bool, bool, bool, float]:
        owner = hit.repository.owner
        created = hit.created_at.timestamp() if hit.created_at else float("inf")
        listed = is_official(directory.of_account(owner))
        alike = skeleton(owner) == skeleton(own.owner)
        return not listed, not alike, younger(hit.created_at, snapshot.created_at), created

    return tuple(sorted(same.values(), key=attention))


def _shorter(
    hits: Iterable[SearchHit], snapshot: Snapshot, names: tuple[str, ...], directory: Directory
) -> list[SearchHit]:
    """Results of listed makers whose name is the beginning of the name here, the longest first."""
    own = snapshot.repository.name.lower()
    found = {
        hit.repository.name.lower(): hit
        for hit in hits
        if hit.repository.name.lower() != own
        and is_official(directory.of_account(hit.repository.owner))
        and any(extends(name, hit.repository.short_name, directory) for name in names)
    }
    return sorted(found.values(), key=lambda hit: -len(hit.repository.short_name))


def _versions(hits: Iterable[SearchHit], names: tuple[str, ...], directory: Directory) -> list[SearchHit]:
    """Results of listed makers whose name differs in its numbers alone."""
    found = {
        hit.repository.name.lower(): hit for hit in hits if is_official(directory.of_account(hit.repository.owner))
    }
    return [hit for hit in found.values() if other_version(names[0], hit.repository.short_name, directory)]
