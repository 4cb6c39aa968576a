"""What speaks against the publisher of a repository. Rules: `resources/rules/identity.toml`.

A copy, a mirror or a quantisation alone is never "high risk" here: only a name made to be taken for another,
and a stranger's proposed change, are.
"""

import re
from collections.abc import Iterator

from core.findings import Evidence, Finding, Level, finding
from core.identity import publisher_signals
from core.identity.claims import declares, named_maker
from core.identity.lookalike import Likeness, find, shown_as
from core.identity.model_names import bare_name, same_name
from core.identity.originals import is_official, younger
from core.identity.publishers import Directory, directory_for
from core.identity.results import Confidence, Identity, Original
from core.identity.signals import NEW_DAYS, address_changed, days_old, late_programs, pull_request
from core.identity.skeleton import skeleton
from core.identity.visitors import is_program
from core.repository import Snapshot
from core.text import text

_MANY_DOWNLOADS = 10_000
_FEW_DAYS = 7
_MANY_OTHERS = 3
"""Other repositories with the same script from which on it is worth a word; programs always are."""


def findings(snapshot: Snapshot, identity: Identity, directory: Directory | None = None) -> tuple[Finding, ...]:
    """Findings about who published this, as far as the facts of the Hub and our list (or `directory`) go."""
    directory = directory or directory_for(snapshot.endpoint)
    original = identity.original
    return (
        *_account_name(snapshot, original, directory),
        *_shown_name(snapshot, directory),
        *_claim(snapshot, identity, directory),
        *_revision(snapshot),
        *_popularity(snapshot, identity),
        *_age(snapshot, identity),
        *_bases(snapshot, directory),
        *_moved(snapshot, identity),
        *_late(snapshot),
        *_terms(snapshot, original, directory),
        *_model_name(snapshot, original, directory),
        *_visitors(snapshot, identity),
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
        derived = original is not None and declares(snapshot, original)
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


def _shown_name(snapshot: Snapshot, directory: Directory) -> Iterator[Finding]:
    account = snapshot.account
    if account is None or directory.of_account(snapshot.repository.owner) is not None:
        return
    publisher = shown_as(account.full_name, directory)
    if publisher is not None:
        evidence = (Evidence("identity_shown_name", account.full_name),)
        names = {"account": snapshot.repository.owner, "publisher": publisher.name}
        yield finding("identity.shown-name", None, evidence, None, shown=account.full_name, **names)


def _claim(snapshot: Snapshot, identity: Identity, directory: Directory) -> Iterator[Finding]:
    """The name or the maker of a known brand, under an account that is not the brand's."""
    original, account = identity.original, snapshot.repository.owner
    if is_official(identity.publisher):
        return
    if original is None:
        maker = named_maker(snapshot, directory)
        if maker is not None and not snapshot.base_models:
            age = days_old(snapshot.account.created_at if snapshot.account else None, snapshot)
            level = Level.CAREFUL if age is not None and age < NEW_DAYS else None
            yield finding("identity.claims-brand", level=level, publisher=maker.name, account=account)
        return
    if original.confidence is Confidence.CHOSEN:
        return
    name = original.snapshot.repository
    if declares(snapshot, original) or identity.publisher is not None:
        rule, level = "identity.third-party-version", None
    elif same_name(snapshot.repository.short_name, name.short_name, directory):
        rule = "identity.not-the-publisher"
        level = Level.NOTE if original.confidence is Confidence.GUESS else None
    else:
        return
    yield finding(rule, level=level, original=name.name, account=account, owner=name.owner)


def _model_name(snapshot: Snapshot, original: Original | None, directory: Directory) -> Iterator[Finding]:
    """The same name to the eye, in other letters: `gpt-oss-2Ob`."""
    if original is None or original.confidence in {Confidence.CHOSEN, Confidence.GUESS}:
        return
    mine, theirs = snapshot.repository.short_name, original.snapshot.repository.short_name
    one, other = bare_name(mine, directory), bare_name(theirs, directory)
    plain = (re.sub(r"[\W_]+", "", name).lower() for name in (one, other))
    if skeleton(one) != skeleton(other) or len(set(plain)) == 1:
        return
    evidence = (Evidence("identity_account", mine), Evidence("identity_resembles", theirs))
    yield finding("identity.look-alike-name", None, evidence, name=mine, other=theirs)


def _visitors(snapshot: Snapshot, identity: Identity) -> Iterator[Finding]:
    """From what the Hub was asked about the publisher."""
    visitors, official = identity.visitors, is_official(identity.publisher)
    likers = publisher_signals.likers(visitors)
    if likers is not None and likers.mostly_made_up and not official:
        yield finding("identity.made-up-likers", count=likers.made_up, total=likers.total)
    for file, count in publisher_signals.same_files(snapshot, visitors):
        level = None if is_program(file.path) else Level.NOTE
        if not official and (level is None or count >= _MANY_OTHERS):
            yield finding(
                "identity.same-program", file.path, level=level, account=snapshot.repository.owner, count=count
            )
    older = publisher_signals.older_children(snapshot, visitors)
    if older and not official:
        built = older[-1]
        account = snapshot.account.created_at if snapshot.account else None
        level = Level.HIGH if younger(account, built.created_at) else None
        evidence = (Evidence("identity_built", built.repository.name),)
        yield finding("identity.reused-address", None, evidence, level, name=snapshot.repository.name, count=len(older))
    for thread in publisher_signals.warnings(visitors)[:1]:
        level = Level.NOTE if official else None
        evidence = (Evidence("identity_discussion", thread.title),)
        yield finding("identity.discussion-warns", None, evidence, level, said=thread.title)
    strangers = {name for name, _ in publisher_signals.outside_authors(snapshot, visitors)}
    late = late_programs(snapshot)
    last = set(snapshot.last_commit.authors) if snapshot.last_commit else set()
    for name in sorted(strangers & last if late else ()):
        yield finding("identity.outside-commit", late[0], name=name, account=snapshot.repository.owner)


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


def _bases(snapshot: Snapshot, directory: Directory) -> Iterator[Finding]:
    """Repositories that are loaded along with this one, under accounts made to be taken for others."""
    led_to = (name.partition("--")[0] for _, name in snapshot.model.auto_map if "--" in name)
    for name in dict.fromkeys((*snapshot.base_models, *led_to)):
        owner = name.partition("/")[0]
        alike = find(owner, directory) if "/" in name and owner.lower() != snapshot.repository.owner.lower() else None
        if alike is not None and alike.is_imitation:
            level = None if alike.likeness is Likeness.LETTERS else Level.CAREFUL
            evidence = (Evidence("identity_account", name), Evidence("identity_resembles", alike.account))
            yield finding(
                "identity.look-alike-base", None, evidence, level, base=name, owner=owner, other=alike.account
            )


def _moved(snapshot: Snapshot, identity: Identity) -> Iterator[Finding]:
    if not address_changed(snapshot):
        return
    asked, now = snapshot.asked_for, snapshot.repository
    other_owner = asked.owner.lower() != now.owner.lower() and bool(asked.owner)
    level = Level.CAREFUL if other_owner and identity.publisher is None else None
    yield finding("identity.moved", level=level, asked=asked.name, now=now.name)


def _late(snapshot: Snapshot) -> Iterator[Finding]:
    for path in late_programs(snapshot):
        file = snapshot.file(path)
        date = file.changed_at if file else None
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
