"""Single questions to the Hub besides snapshots: searches, and what it knows of a publisher and of a page's visitors.

Each is one request, and only the first page is read: what is beyond it is never claimed to be absent.
"""

from collections.abc import Callable, Iterator
from typing import TypeVar

from core.address import is_name
from core.errors import UserFacingError
from core.hub import wire
from core.hub.failures import Subject
from core.hub.transport import Params, Transport
from core.progress import CancelToken
from core.repository import Account, Discussion, RepositoryId, RepositoryKind, SearchHit

T = TypeVar("T")
_MOST = 1000
"""Entries read of one page."""


def models(
    transport: Transport, params: Params, limit: int, subject: str, cancel: CancelToken
) -> tuple[SearchHit, ...]:
    """A search among models; entries of a wrong shape are left out."""
    expand = ["createdAt", "downloads", "likes", "tags", "cardData"]
    given = _array(transport, "/api/models", {**params, "limit": str(limit), "expand": expand}, subject, cancel)
    return tuple(
        SearchHit(
            repository=RepositoryId(RepositoryKind.MODEL, wire.text(entry["id"])),
            created_at=wire.date(entry.get("createdAt")),
            downloads=wire.count(entry.get("downloads")),
            likes=wire.count(entry.get("likes")),
            base_models=wire.base_models(entry, {}),
        )
        for entry in map(wire.optional_mapping, given[:limit])
        if is_name(wire.text(entry.get("id")))
    )


def organizations(transport: Transport, query: str, cancel: CancelToken) -> tuple[Account, ...]:
    """Organisations that the Hub's quick search offers."""
    params: Params = {"q": query, "type": "org", "limit": "20"}
    given, _ = transport.get_json("/api/quicksearch", params, Subject(query), cancel)
    found = wire.optional_mapping(given).get("orgs")
    if not isinstance(found, list):
        raise _malformed(transport)
    return tuple(
        Account(name, is_organization=True, full_name=wire.text(entry.get("fullname")))
        for entry in map(wire.optional_mapping, found[:_MOST])
        if is_name(name := wire.text(entry.get("name"))) and "/" not in name
    )


def account(transport: Transport, name: str, cancel: CancelToken) -> Account | None:
    """An organisation or a person by name, None if the Hub knows neither: one request or two.

    An account that was renamed comes under its name of today.
    """
    for kind, read in (("organizations", wire.organization), ("users", wire.user)):
        try:
            given, _ = transport.get_json(f"/api/{kind}/{name}/overview", {}, Subject(name), cancel)
            return read(given, name)
        except wire.Malformed as error:
            raise _malformed(transport) from error
        except UserFacingError as error:
            if error.message_id != "hub.not_found":
                raise
    return None


def likers(transport: Transport, repository: RepositoryId, cancel: CancelToken) -> tuple[str, ...]:
    """Account names, as the Hub orders them."""
    given = _array(transport, f"{_api(repository)}/likers", {}, repository.name, cancel)
    return _names(given)


def members(transport: Transport, organization: str, cancel: CancelToken) -> tuple[str, ...]:
    """Account names of an organisation's public members."""
    given = _array(transport, f"/api/organizations/{organization}/members", {}, organization, cancel)
    return _names(given)


def discussions(transport: Transport, repository: RepositoryId, cancel: CancelToken) -> tuple[Discussion, ...]:
    """Open threads; those of a wrong shape are left out."""
    params: Params = {"status": "open"}
    given, _ = transport.get_json(f"{_api(repository)}/discussions", params, Subject(repository.name), cancel)
    listed = wire.optional_mapping(given).get("discussions")
    if not isinstance(listed, list):
        raise _malformed(transport)
    return tuple(_read(listed, wire.discussion))


def _array(transport: Transport, path: str, params: Params, subject: str, cancel: CancelToken) -> list[object]:
    given, _ = transport.get_json(path, params, Subject(subject), cancel)
    if not isinstance(given, list):
        raise _malformed(transport)
    return given[:_MOST]


def _names(given: list[object]) -> tuple[str, ...]:
    found = (wire.text(wire.optional_mapping(entry).get("user")) for entry in given)
    return tuple(name for name in found if is_name(name) and "/" not in name)


def _read(listed: list[object], one: Callable[[object], T]) -> Iterator[T]:
    for entry in listed[:_MOST]:
        try:
            yield one(entry)
        except wire.Malformed:
            continue


def _malformed(transport: Transport) -> UserFacingError:
    return UserFacingError("hub.malformed", host=transport.host)


def _api(repository: RepositoryId) -> str:
    return f"/api/{repository.kind}s/{repository.name}"
