"""Through the first door: fetch the approved files, then hold the complete bytes against the approval and scan them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from core.approval import Approval, ApprovedFile
from core.errors import UserFacingError
from core.findings import LEVEL_ORDER, FileResult, FileState, Finding, Level, in_words
from core.progress import CancelToken, Progress, ProgressCallback, Step
from core.quarantine.content_hash import check_content
from core.quarantine.durable import move
from core.quarantine.items import QuarantinedItem, StoredFile
from core.quarantine.mark_of_the_web import mark, source
from core.text import Message, size_text

Fetch = Callable[[ApprovedFile, Path, ProgressCallback, CancelToken], None]
"""Put the complete file at the path, or raise `UserFacingError` or `Cancelled`. What it has already got stays in
`<path>.part`, and the next call goes on from there. `progress.done`: bytes of this file."""

Rescan = Callable[[Mapping[Path, str], CancelToken], tuple[FileResult, ...]]
"""Scan stored files, given as stored path -> repository path; one result per file, under its repository path."""

RESERVE = 64 * 1024 * 1024
"""Bytes left free on the disk: a full disk harms more than the download."""
REJECTED = ".rejected"
"""Appended to the name of a file whose bytes were not the approved ones; kept for inspection."""

_READ_ONLY = 0o400
_WRITABLE = 0o600


@dataclass(frozen=True, slots=True)
class Examination:
    """What the complete bytes of an item say."""

    results: tuple[FileResult, ...]
    notes: tuple[Message, ...]


def need_space(needed: int, free: int) -> None:
    """Raise `UserFacingError` (`quarantine.no_space`) if `needed` bytes do not fit into `free` with a reserve."""
    if needed and needed + RESERVE > free:
        raise UserFacingError("quarantine.no_space", needed=size_text(needed), free=size_text(free))


def fetch_files(
    item: QuarantinedItem, folder: Path, fetch: Fetch, progress: ProgressCallback, cancel: CancelToken
) -> None:
    """Fetch every file that is not complete yet, one after the other. Only approved files are ever asked for."""
    before = 0
    for stored in item.files:
        cancel.check()
        target = folder / stored.stored_as
        if not stored.complete:
            fetch(stored.file, target, _within(item, stored, before, progress), cancel)
            if not target.is_file():
                raise UserFacingError("quarantine.missing", path=stored.file.path)
        before += stored.file.size


def reject_changed(item: QuarantinedItem, folder: Path, cancel: CancelToken) -> None:
    """Put aside stored files with other bytes than approved, so that they are fetched again."""
    for stored in item.files:
        target = folder / stored.stored_as
        if not target.exists() and not target.is_symlink():
            continue
        try:
            check_content(target, stored.file, cancel)
        except UserFacingError:
            rejected = target.with_name(target.name + REJECTED)
            rejected.unlink(missing_ok=True)
            move(target, rejected)


def examine(
    item: QuarantinedItem, folder: Path, rescan: Rescan, progress: ProgressCallback, cancel: CancelToken
) -> Examination:
    """Hash all bytes, mark them as coming from the internet, make them read-only, and scan them completely.

    Raises:
        UserFacingError: `quarantine.missing`, `quarantine.changed`, `quarantine.rescan_incomplete`.
    """
    for stored, done in _with_offsets(item):
        progress(Progress(Step.VERIFYING, done, item.total_size, "bytes", stored.file.path))
        check_content(folder / stored.stored_as, stored.file, cancel)
    marked = [_seal(item.approval, stored, folder) for stored in item.files]
    progress(Progress(Step.SCANNING, 0, len(item.files)))
    results = rescan({folder / stored.stored_as: stored.file.path for stored in item.files}, cancel)
    unseen = {stored.file.path for stored in item.files} - {result.path for result in results}
    if unseen:
        raise UserFacingError("quarantine.rescan_incomplete", path=min(unseen))
    notes = [] if all(marked) else [Message.of("quarantine.note.no_mark")]
    worse = worse_than_approved(item.approval, results)
    if worse:
        notes.append(Message.of("quarantine.note.worse", title=worse[0], count=len(worse)))
    return Examination(results, tuple(notes))


def worse_than_approved(approval: Approval, results: tuple[FileResult, ...]) -> tuple[str, ...]:
    """What the complete bytes show and the approval did not know, in words, worst first.

    A finding that the person read before counts as known. Another one does not if it is worse than the level of the
    approval, or high: who accepted one high risk has not accepted another.
    """
    known = frozenset(approval.findings)
    accepted = max(_order(Level.NOTE), min(_order(approval.level), _order(Level.CAREFUL)))
    bad = [found for found in rescan_findings(results) if _order(found.level) > accepted]
    titles = [title for found in bad if (title := in_words(found).title) not in known]
    if accepted < _order(Level.NOT_CHECKED):
        titles += [result.path for result in results if result.state is not FileState.CHECKED]
    return tuple(dict.fromkeys(titles))


def rescan_findings(results: tuple[FileResult, ...]) -> tuple[Finding, ...]:
    """All findings, worst first."""
    findings = (found for result in results for found in result.findings)
    return tuple(sorted(findings, key=lambda found: -_order(found.level)))


def _order(level: Level) -> int:
    return LEVEL_ORDER.index(level)


def _within(item: QuarantinedItem, stored: StoredFile, before: int, progress: ProgressCallback) -> ProgressCallback:
    """Progress of one file as progress of the item."""

    def report(of_file: Progress) -> None:
        done = before + of_file.done
        progress(replace(of_file, step=Step.DOWNLOADING, done=done, total=item.total_size, subject=stored.file.path))

    return report


def _with_offsets(item: QuarantinedItem) -> list[tuple[StoredFile, int]]:
    offsets, done = [], 0
    for stored in item.files:
        offsets.append((stored, done))
        done += stored.file.size
    return offsets


def _seal(approval: Approval, stored: StoredFile, folder: Path) -> bool:
    """Mark, then take away every right but reading (on Windows: the read-only attribute). False: no mark possible."""
    target = folder / stored.stored_as
    target.chmod(_WRITABLE)
    marked = mark(target, source(approval, stored.file.path))
    target.chmod(_READ_ONLY)
    return marked
