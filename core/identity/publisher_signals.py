"""Signals from what the Hub was asked besides the page: who likes it, who speaks of it, what else the account has."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from core.identity.results import Signal, Visitors
from core.identity.visitors import odd_files
from core.repository import Discussion, RepositoryFile, SearchHit, Snapshot
from core.text import Message, Value

_MADE_UP = re.compile(r"[a-z]{2,15}-[a-z]{2,20}\d{2,5}|[a-z]{6,30}\d{3,6}")
"""`firstname-lastname###` and `adjectivenoun####`: what programs that make accounts by the hundred choose."""
_WARNS = re.compile(
    r"\b(?:malware|malicious|virus(?:es)?|trojan|info-?stealer|stealer|backdoor|ransomware|keylogger|phishing|scam"
    r"|impersonat\w+|not\s+(?:the\s+)?official|fake\s+(?:model|repo\w*|account)|do\s+not\s+(?:download|install|run\s+(?:this|it)))\b",
    re.IGNORECASE,
)
_BOTS = frozenset({"sfconvertbot", "librarian-bot", "parquet-converter", "system", "merve", "hf-staff", "web-flow"})
"""Accounts of the Hub itself that change other people's pages."""
_FEW_LIKERS = 20
_MOSTLY = 0.6
_NAMES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Likers:
    """How many of the accounts that liked a page have names of a made-up pattern."""

    made_up: int
    total: int

    @property
    def mostly_made_up(self) -> bool:
        """Enough of them, and most: people choose such names too."""
        return self.total >= _FEW_LIKERS and self.made_up / self.total >= _MOSTLY


def signals(snapshot: Snapshot, visitors: Visitors) -> Iterator[Signal]:
    """Everything that was asked and answered, and every question that was not answered."""
    path = f"/api/{snapshot.repository.kind}s/{snapshot.repository.name}"
    for kind in visitors.unanswered:
        value, meaning = Message.of("identity.signal.not_answered"), Message.of("identity.meaning.not_answered")
        yield Signal(kind, value, meaning, path, visitors.requests.get(kind, 0))
    found = likers(visitors)
    if found is not None:
        yield _signal("likers", f"{path}/likers", visitors, count=found.made_up, total=found.total)
    for file, count in same_files(snapshot, visitors):
        source = f"/api/models?author={snapshot.repository.owner}"
        yield _signal("same_file", source, visitors, path=file.path, count=count, total=len(visitors.others))
    oldest = oldest_model(snapshot, visitors)
    if oldest is not None:
        source = f"/api/models?author={snapshot.repository.owner}"
        days = max(0, (snapshot.retrieved_at - oldest).days)
        yield _signal("oldest_model", source, visitors, date=oldest.date().isoformat(), count=days)
    yield from _address(snapshot, visitors)
    strangers = outside_authors(snapshot, visitors)
    if strangers:
        names = ", ".join(name for name, _ in strangers[:_NAMES_SHOWN])
        yield _signal("outside_commits", f"{path}/commits", visitors, count=sum(n for _, n in strangers), names=names)
    for thread in warnings(visitors)[:1]:
        source = f"{path}/discussions/{thread.number}"
        yield _signal("discussions", source, visitors, said=thread.title, author=thread.author)


def likers(visitors: Visitors) -> Likers | None:
    """None: not asked, or nobody."""
    names = visitors.likers
    if not names:
        return None
    return Likers(sum(_MADE_UP.fullmatch(name.lower()) is not None for name in names), len(names))


def same_files(snapshot: Snapshot, visitors: Visitors) -> tuple[tuple[RepositoryFile, int], ...]:
    """Odd files that other repositories of the account have too, by git's hash, with how many of those looked at."""
    counts = [{file.git_sha1 for file in other.files} for other in visitors.others]
    found = ((file, sum(file.git_sha1 in hashes for hashes in counts)) for file in odd_files(snapshot))
    return tuple((file, count) for file, count in found if count)


def oldest_model(snapshot: Snapshot, visitors: Visitors) -> datetime | None:
    """When the oldest listed model of an organisation was made: the Hub states no age of organisations."""
    account = snapshot.account
    if account is None or not account.is_organization or account.created_at is not None or visitors.models is None:
        return None
    dates = (hit.created_at for hit in visitors.models)
    return min((date for date in (*dates, snapshot.created_at) if date is not None), default=None)


def older_children(snapshot: Snapshot, visitors: Visitors) -> tuple[SearchHit, ...]:
    """Models built on this very address that are older than what lies there now: it was somebody else's before."""
    made = snapshot.created_at
    if made is None or not visitors.built_on:
        return ()
    return tuple(hit for hit in visitors.built_on if hit.created_at is not None and hit.created_at < made)


def outside_authors(snapshot: Snapshot, visitors: Visitors) -> tuple[tuple[str, int], ...]:
    """Who made commits without being a public member of the organisation, bots of the Hub left out."""
    if visitors.members is None:
        return ()
    inside = {name.lower() for name in visitors.members} | {snapshot.repository.owner.lower()} | _BOTS
    return tuple((name, count) for name, count in snapshot.commit_authors if name.lower() not in inside)


def warnings(visitors: Visitors) -> tuple[Discussion, ...]:
    """Open discussions whose title warns, the newest first."""
    found = [one for one in visitors.discussions or () if not one.is_pull_request and _WARNS.search(one.title)]
    return tuple(sorted(found, key=lambda one: one.number, reverse=True))


def _address(snapshot: Snapshot, visitors: Visitors) -> Iterator[Signal]:
    older = older_children(snapshot, visitors)
    if older:
        source = f"/api/models?filter=base_model:{snapshot.repository.name}"
        yield _signal("reused_address", source, visitors, count=len(older), name=older[-1].repository.name)


def _signal(kind: str, source: str, visitors: Visitors, **values: Value) -> Signal:
    value, meaning = Message.of(f"identity.signal.{kind}", **values), Message.of(f"identity.meaning.{kind}")
    return Signal(kind, value, meaning, source, visitors.requests.get(kind, 0))
