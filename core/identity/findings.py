"""What speaks against the publisher of a repository. Rules: `resources/rules/identity.toml`.

A copy, a mirror or a quantisation alone is never "high risk" here: only a name made to be taken for another,
and a stranger's proposed change, are.
"""

import re
from collections.abc import Iterator

from core.findings import Evidence, Finding, Level, finding
from core.identity.lookalike import Likeness, find
from core.identity.model_names import same_name
from core.identity.originals import brands, is_official
from core.identity.publishers import Directory, directory_for
from core.identity.results import Confidence, Identity, Original, Publisher
from core.identity.signals import NEW_DAYS, address_changed, days_old, late_programs, pull_request
from core.repository import Snapshot
from core.text import text

_MANY_DOWNLOADS = 10_000
_FEW_DAYS = 7
_FIRST_WORDS = 6000
"""Characters of the card in which a maker is usually named."""


def findings(snapshot: Snapshot, identity: Identity, directory: Directory | None = None) -> tuple[Finding, ...]:
    """Findings about who published this, as far as the facts of the Hub and our list (or `directory`) go."""
    directory = directory or directory_for(snapshot.endpoint)
    original = identity.original
    return (
        *_account_name(snapshot, original, directory),
        *_claim(snapshot, identity, directory),
        *_revision(snapshot),
        *_popularity(snapshot, identity),
        *_age(snapshot, identity),
        *_moved(snapshot, identity),
        *_late(snapshot),
        *_terms(snapshot, original, directory),
        *_lookup(identity),
    )


def _account_name(snapshot: Snapshot, original: Original | None, directory: Directory) -> Iterator[Finding]:
    account = snapshot.repository.owner
    owner = original.snapshot.repository.owner if original and original.confidence is not Confidence.CHOSEN else ""
    alike = find(account, directory, (owner,))
    if alike is None:
        return
    claims = alike.account == owner or (
        original is not None and original.publisher is not None and original.publisher == alike.publisher
    )
    evidence = (Evidence("identity_account", account), Evidence("identity_resembles", alike.account))
    rule, level = "identity.look-alike-account", None
    if alike.likeness is Likeness.SPELLING:
        rule, level = "identity.similar-account", Level.HIGH if claims else None
    elif not alike.is_imitation:
        derived = original is not None and _declares(snapshot, original)
        level = Level.CAREFUL if claims and not derived else None
        if alike.likeness is Likeness.FAMILY:
            yield finding(
                "identity.family-as-account",
                None,
                evidence,
                level,
                account=account,
                other=alike.account,
                family=alike.name,
            )
            return
        rule = "identity.brand-in-account"
    yield finding(rule, None, evidence, level, account=account, other=alike.account)


def _claim(snapshot: Snapshot, identity: Identity, directory: Directory) -> Iterator[Finding]:
    """The name or the maker of a known brand, under an account that is not the brand's."""
    original, account = identity.original, snapshot.repository.owner
    if is_official(identity.publisher):
        return
    if original is None:
        maker = _named_maker(snapshot, directory)
        if maker is not None and not snapshot.base_models:
            age = days_old(snapshot.account.created_at if snapshot.account else None, snapshot)
            level = Level.CAREFUL if age is not None and age < NEW_DAYS else None
            yield finding("identity.claims-brand", level=level, publisher=maker.name, account=account)
        return
    if original.confidence is Confidence.CHOSEN:
        return
    name = original.snapshot.repository
    if _declares(snapshot, original) or identity.publisher is not None:
        rule, level = "identity.third-party-version", None
    elif same_name(snapshot.repository.short_name, name.short_name, directory):
        rule = "identity.not-the-publisher"
        level = Level.NOTE if original.confidence is Confidence.GUESS else None
    else:
        return
    yield finding(rule, level=level, original=name.name, account=account, owner=name.owner)


def _named_maker(snapshot: Snapshot, directory: Directory) -> Publisher | None:
    """The listed publisher that the beginning of the card names as the maker."""
    text = (snapshot.card or "")[:_FIRST_WORDS]
    for publisher in brands(snapshot, directory):
        aliases = "|".join(re.escape(alias) for alias in publisher.aliases)
        made = r"(?:developed|created|made|built|trained|released|published|introduced|provided|maintained)\s+by"
        presents = r"(?:releases|released|presents|introduces)"
        says = rf"\b{made}\s+(?:the\s+)?[\[*_]*(?:{aliases})\b|\b(?:{aliases})\b[\]*_]*\s+{presents}\b"
        if aliases and re.search(says, text):
            return publisher
    return None


def _declares(snapshot: Snapshot, original: Original) -> bool:
    names = {name.lower() for name in snapshot.base_models}
    return bool(names & {original.snapshot.repository.name.lower(), original.snapshot.asked_for.name.lower()})


def _revision(snapshot: Snapshot) -> Iterator[Finding]:
    number = pull_request(snapshot)
    if number is not None:
        evidence = (Evidence("identity_revision", snapshot.revision or ""),)
        yield finding("identity.pull-request", None, evidence, number=number)


def _popularity(snapshot: Snapshot, identity: Identity) -> Iterator[Finding]:
    age = days_old(snapshot.created_at, snapshot)
    downloads = max(snapshot.figures.downloads_all_time or 0, snapshot.figures.downloads or 0)
    if age is None or age > _FEW_DAYS or downloads < _MANY_DOWNLOADS or is_official(identity.publisher):
        return
    account_age = days_old(snapshot.account.created_at if snapshot.account else None, snapshot)
    new = account_age is not None and account_age < NEW_DAYS
    level = Level.CAREFUL if new or identity.original is not None else None
    evidence = (Evidence("identity_downloads", f"{downloads:,}"),)
    yield finding("identity.popular-too-fast", None, evidence, level, downloads=downloads, age=_days(age))


def _age(snapshot: Snapshot, identity: Identity) -> Iterator[Finding]:
    created = snapshot.account.created_at if snapshot.account else None
    age = days_old(created, snapshot)
    if age is None or created is None or age >= NEW_DAYS or is_official(identity.publisher):
        return
    evidence = (Evidence("identity_created", created.date().isoformat()),)
    yield finding("identity.new-account", None, evidence, account=snapshot.repository.owner, age=_days(age))


def _moved(snapshot: Snapshot, identity: Identity) -> Iterator[Finding]:
    if not address_changed(snapshot):
        return
    asked, now = snapshot.asked_for, snapshot.repository
    other_owner = asked.owner.lower() != now.owner.lower() and bool(asked.owner)
    level = Level.CAREFUL if other_owner and identity.publisher is None else None
    yield finding("identity.moved", level=level, asked=asked.name, now=now.name)


def _late(snapshot: Snapshot) -> Iterator[Finding]:
    date = snapshot.last_commit.date if snapshot.last_commit else None
    for path in late_programs(snapshot):
        yield finding("identity.late-program", path, date=date.date().isoformat() if date else "")


def _terms(snapshot: Snapshot, original: Original | None, directory: Directory) -> Iterator[Finding]:
    if original is None or not original.snapshot.gated or snapshot.gated:
        return
    name = original.snapshot.repository
    if same_name(snapshot.repository.short_name, name.short_name, directory):
        yield finding("identity.terms-dropped", original=name.name)


def _lookup(identity: Identity) -> Iterator[Finding]:
    lookup = next((signal for signal in identity.signals if signal.id == "lookup"), None)
    if lookup is None:
        return
    values = dict(lookup.value.values)
    count, asked = values["count"], values["asked"]
    nothing = identity.original is None and count == asked
    level = Level.NOT_CHECKED if nothing else None
    yield finding("identity.lookup-incomplete", level=level, count=count, asked=asked)


def _days(age: int) -> str:
    return text("identity.days", count=max(1, age))
