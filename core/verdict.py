"""From all findings to one sentence, and the few sentences that say why."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from core.comparison.results import Comparison
from core.findings import FileResult, FileState, Finding, Level, in_words, worst
from core.identity.results import Identity, Relation
from core.joint_findings import COPIED_CARD, added_commands, added_runnable
from core.report import Verdict
from core.repository import Snapshot
from core.text import Message

_NEW_ACCOUNT_DAYS = 30
_SHOWN_TITLES = 3
_HOUSEKEEPING = "git_attributes"
"""What the Hub itself puts into a repository that somebody only just made."""


def judge(
    snapshot: Snapshot,
    identity: Identity,
    relation: Relation | None,
    comparison: Comparison,
    files: Sequence[FileResult],
    findings: Iterable[Finding],
) -> Verdict:
    """The verdict is the worst finding; a file that was not fully checked is worse than "good to know"."""
    findings = tuple(findings)
    level = worst((*(found.level for found in findings), *(result.level for result in files)))
    checked = sum(result.state is FileState.CHECKED for result in files)
    headline = Message.of(
        _headline(level, files, checked),
        checked=checked,
        listed=len(files),
        unread=len(files) - checked,
    )
    reasons = tuple(_copy_reasons(snapshot, identity, relation, comparison, {f.path: f for f in files}))
    if level not in {Level.KNOWN_BAD, Level.HIGH, Level.CAREFUL}:
        reasons = ()
    elif not _explains(level, reasons):
        reasons = (*_titles(level, findings), *reasons)
    if level in {Level.NONE, Level.NOTE, Level.NOT_CHECKED} and files:
        reasons = (Message.of("verdict.no_guarantee"),)
    return Verdict(level, headline, reasons, len(files), checked)


def _headline(level: Level, files: Sequence[FileResult], checked: int) -> str:
    if all(result.kind == _HOUSEKEEPING for result in files):
        return "verdict.empty"
    if level is Level.NOT_CHECKED and checked == 0:
        return "verdict.nothing_read"
    return f"verdict.{level}"


def _explains(level: Level, reasons: Sequence[Message]) -> bool:
    """True if the comparison alone carries the verdict: something runnable was added to a copy."""
    return level is Level.HIGH and any(reason.id.startswith("verdict.reason.adds") for reason in reasons)


def _copy_reasons(
    snapshot: Snapshot,
    identity: Identity,
    relation: Relation | None,
    comparison: Comparison,
    files: Mapping[str, FileResult],
) -> Iterator[Message]:
    original = identity.original
    if original is None or relation in {None, Relation.IS_ORIGINAL}:
        return
    name = original.snapshot.repository.name
    if comparison.cards is not None and comparison.cards.similarity >= COPIED_CARD:
        percent = round(comparison.cards.similarity * 100)
        yield Message.of("verdict.reason.copied_card", percent=percent, original=name)
    added = added_runnable(comparison, files)
    if added:
        yield Message.of("verdict.reason.adds", count=len(added), names=", ".join(added[:_SHOWN_TITLES]))
    told = {path for addition in added_commands(comparison) for path in addition.runs}
    if told & set(added):
        yield Message.of("verdict.reason.tells_to_run", names=", ".join(sorted(told & set(added))))
    if relation is Relation.IDENTICAL_WEIGHTS:
        yield Message.of("verdict.reason.identical_weights", original=name)
    account = snapshot.account
    if account is not None and account.created_at is not None:
        days = (snapshot.retrieved_at - account.created_at).days
        if days < _NEW_ACCOUNT_DAYS:
            yield Message.of("verdict.reason.new_account", account=account.name, count=days)


def _titles(level: Level, findings: Iterable[Finding]) -> Iterator[Message]:
    titles = dict.fromkeys(in_words(found).title for found in findings if found.level is level)
    for title in list(titles)[:_SHOWN_TITLES]:
        yield Message.of("verdict.reason.finding", title=title)
    if len(titles) > _SHOWN_TITLES:
        yield Message.of("verdict.reason.more", count=len(titles) - _SHOWN_TITLES)
