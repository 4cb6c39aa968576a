"""Facts about the publisher and the page, each with what it means and what it does not prove."""

from collections.abc import Collection
from datetime import datetime

from core.identity import claims, publisher_signals
from core.identity.publishers import Directory
from core.identity.results import Original, Signal, Visitors
from core.identity.signal_kinds import KINDS, is_on
from core.identity.visitors import is_program
from core.repository import Account, Snapshot
from core.text import Message

NEW_DAYS = 30
"""An account or page younger than this is called new."""
_OLDEST = datetime.fromisoformat("2022-03-03T00:00:00+00:00")
"""The Hub gives 2 March 2022 as the creation date of everything older."""
_LATE_DAYS = 30


def signals(
    snapshot: Snapshot, original: Original | None, visitors: Visitors, directory: Directory, off: Collection[str] = ()
) -> tuple[Signal, ...]:
    """All signals that the facts allow and that are not switched off, in the order of `KINDS`.

    Ages are counted up to `snapshot.retrieved_at`.
    """
    found = (
        *claims.signals(snapshot, original, directory),
        *_account(snapshot),
        *_page(snapshot, original),
        *_address(snapshot),
        *(_terms(snapshot, original.snapshot) if original else ()),
        *publisher_signals.signals(snapshot, visitors),
    )
    order = {kind.id: place for place, kind in enumerate(KINDS)}
    return tuple(sorted((one for one in found if is_on(one.id, off)), key=lambda one: order[one.id]))


def lookup_signal(asked: int, unanswered: int) -> tuple[Signal, ...]:
    """Says that the search for the original was not complete, if it was not."""
    if not unanswered:
        return ()
    value = Message.of("identity.signal.lookup", count=unanswered, asked=asked)
    return (Signal("lookup", value, Message.of("identity.meaning.lookup"), "search, find"),)


def days_old(created: datetime | None, snapshot: Snapshot) -> int | None:
    """Whole days from `created` to the check, None if not known."""
    return None if created is None else max(0, (snapshot.retrieved_at - created).days)


def address_changed(snapshot: Snapshot) -> bool:
    """True if the Hub led from the address asked for to another one (case does not count)."""
    return snapshot.asked_for.name.lower() != snapshot.repository.name.lower()


def pull_request(snapshot: Snapshot) -> str | None:
    """The number in `refs/pr/<number>` if a proposed change was asked for."""
    revision = (snapshot.revision or "").replace("%2F", "/").replace("%2f", "/")
    return revision.removeprefix("refs/pr/") if revision.startswith("refs/pr/") else None


def late_programs(snapshot: Snapshot) -> tuple[str, ...]:
    """Programs that came or changed at least a month after the page was made."""
    made = snapshot.first_commit.date if snapshot.first_commit else snapshot.created_at
    if made is None:
        return ()
    return tuple(
        file.path
        for file in snapshot.files
        if file.changed_at is not None and (file.changed_at - made).days >= _LATE_DAYS and is_program(file.path)
    )


def _signal(kind: str, name: str, source: str, value: Message | None = None) -> Signal:
    """`kind` as in `KINDS`; `name` says which of its sentences."""
    return Signal(kind, value or Message.of(f"identity.signal.{name}"), Message.of(f"identity.meaning.{name}"), source)


def _account(snapshot: Snapshot) -> tuple[Signal, ...]:
    account = snapshot.account
    if account is None:
        return (_signal("account", "account_unknown", "/api/users/…/overview, /api/organizations/…/overview"),)
    part = "organizations" if account.is_organization else "users"
    source = f"/api/{part}/{account.name}/overview"
    age = days_old(account.created_at, snapshot)
    found = [_signal("account", "organization" if account.is_organization else "person", source)]
    if age is not None and account.created_at is not None:
        value = Message.of("identity.signal.account_age", count=age, date=account.created_at.date().isoformat())
        found.append(_signal("account_age", "account_age", source, value))
    else:
        found.append(_signal("account_age", "account_age_unknown", source))
    found.append(_badge(account, source))
    if any(number is not None for number in (account.models, account.followers)):
        name = "thin_profile" if _is_thin(account) else "profile"
        numbers = {"models": account.models or 0, "followers": account.followers or 0}
        found.append(_signal("profile", name, source, Message.of(f"identity.signal.{name}", **numbers)))
    return tuple(found)


def _is_thin(account: Account) -> bool:
    """Nothing else published, and hardly anybody who follows."""
    return (account.models or 0) + (account.datasets or 0) + (account.spaces or 0) <= 1 and (
        account.followers or 0
    ) < 10


def _badge(account: Account, source: str) -> Signal:
    return _signal("badge", "badge" if account.verified is True else "no_badge", source)


def _page(snapshot: Snapshot, original: Original | None) -> tuple[Signal, ...]:
    source = f"/api/{snapshot.repository.kind}s/{snapshot.repository.name}"
    found = []
    age = days_old(snapshot.created_at, snapshot)
    if age is not None and snapshot.created_at is not None:
        date = snapshot.created_at.date().isoformat()
        oldest = snapshot.created_at < _OLDEST
        value = Message.of(
            "identity.signal.page_age_oldest" if oldest else "identity.signal.page_age", count=age, date=date
        )
        found.append(_signal("page_age", "page_age", source, value))
    if original is not None and (first := original.snapshot.created_at) is not None and first >= _OLDEST:
        names = {"original": original.snapshot.repository.name, "date": first.date().isoformat()}
        value = Message.of("identity.signal.page_age_original", **names)
        found.append(_signal("page_age", "page_age_original", source, value))
    downloads = snapshot.figures.downloads_all_time or snapshot.figures.downloads
    if downloads is not None:
        value = Message.of("identity.signal.popularity", downloads=downloads, likes=snapshot.figures.likes or 0)
        found.append(_signal("popularity", "popularity", source, value))
    late = late_programs(snapshot)
    if late:
        value = Message.of("identity.signal.late_program", path=late[0], count=len(late))
        found.append(_signal("late_program", "late_program", source, value))
    return tuple(found)


def _address(snapshot: Snapshot) -> tuple[Signal, ...]:
    source = f"/api/{snapshot.repository.kind}s/{snapshot.asked_for.name}"
    found = []
    if address_changed(snapshot):
        names = {"asked": snapshot.asked_for.name, "now": snapshot.repository.name}
        found.append(_signal("renamed", "renamed", source, Message.of("identity.signal.renamed", **names)))
    number = pull_request(snapshot)
    if number is not None:
        found.append(
            _signal("pull_request", "pull_request", source, Message.of("identity.signal.pull_request", number=number))
        )
    return tuple(found)


def _terms(snapshot: Snapshot, original: Snapshot) -> tuple[Signal, ...]:
    source = f"/api/{original.repository.kind}s/{original.repository.name}"
    found = []
    if original.gated and not snapshot.gated:
        found.append(_signal("terms", "terms_dropped", source))
    if snapshot.license and original.license and snapshot.license.lower() != original.license.lower():
        value = Message.of("identity.signal.license", here=snapshot.license, original=original.license)
        found.append(_signal("terms", "license", source, value))
    return tuple(found)
