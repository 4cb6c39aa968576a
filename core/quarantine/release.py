"""Through the second door: copy checked files out under harmless names, all of them or none, over nothing."""

import os
from dataclasses import dataclass
from pathlib import Path

from core.approval import Approval
from core.errors import UserFacingError
from core.progress import CancelToken, Progress, ProgressCallback, Step
from core.quarantine.content_hash import CHUNK, ContentHash
from core.quarantine.durable import patiently, remove_tree, sync_folder
from core.quarantine.items import QuarantinedItem, StoredFile
from core.quarantine.mark_of_the_web import mark, source
from core.quarantine.released_names import ReleasedName, extended, harmless_part, released_names
from core.text import Message

MOST_NOTES = 20
"""Replaced names told one by one; the others are counted."""


@dataclass(frozen=True, slots=True)
class Released:
    """Where the copies are, and what is different from what one would expect."""

    folder: Path
    notes: tuple[Message, ...]


def check_destination(folder: Path, quarantine: Path) -> None:
    """Raise `UserFacingError` unless `folder` is an existing folder outside the quarantine."""
    if not folder.is_dir():
        raise UserFacingError("quarantine.release_no_folder", folder=str(folder))
    if folder.resolve().is_relative_to(quarantine.resolve()):
        raise UserFacingError("quarantine.release_inside", folder=str(folder))


def copy_out(
    item: QuarantinedItem, stored_in: Path, folder: Path, progress: ProgressCallback, cancel: CancelToken
) -> Released:
    """Copy into a new folder below `folder`.

    The copies are made under a name that nobody looks at and hashed while they are written, so what comes out is what
    was approved, whatever happens to the stored files meanwhile. Only a complete copy gets its real name.

    Raises:
        UserFacingError: `quarantine.changed` if a stored file is no longer what was approved.
        Cancelled: the person asked to stop. Nothing is left behind.
    """
    names = released_names(stored.file.path for stored in item.files)
    staging = extended(folder / f".sallyport-{item.id}.part")
    remove_tree(staging)
    staging.mkdir()
    try:
        marked, done = True, 0
        for stored, name in zip(item.files, names, strict=True):
            progress(Progress(Step.RELEASING, done, item.total_size, "bytes", stored.file.path))
            target = staging.joinpath(*name.released_as.parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            _copy(stored, stored_in / stored.stored_as, target, cancel)
            marked = mark(target, source(item.approval, stored.file.path)) and marked
            done += stored.file.size
        released = _give_name(staging, folder, folder_name(item.approval))
    except BaseException:
        remove_tree(staging)
        raise
    notes = () if marked else (Message.of("quarantine.note.no_mark_released"),)
    return Released(released, (*notes, *_renamed(names)))


def folder_name(approval: Approval) -> str:
    """`<owner>--<name>@<first 7 digits of the commit>`; without an owner for a legacy name."""
    parts = (approval.repository.owner, approval.repository.short_name)
    return harmless_part(f"{'--'.join(part for part in parts if part)}@{approval.commit[:7]}")


def _copy(stored: StoredFile, source_file: Path, target: Path, cancel: CancelToken) -> None:
    content = ContentHash(stored.file)
    with source_file.open("rb") as reading, target.open("xb") as writing:
        while data := reading.read(CHUNK):
            cancel.check()
            content.update(data)
            writing.write(data)
        writing.flush()
        os.fsync(writing.fileno())
    if not content.matches():
        raise UserFacingError("quarantine.changed", path=stored.file.path)


def _give_name(staging: Path, folder: Path, name: str) -> Path:
    """Rename to `name`, or to `name (2)` and so on if that exists: never over anything."""
    number = 1
    while True:
        final = folder / (name if number == 1 else f"{name} ({number})")
        if not os.path.lexists(extended(final)):
            patiently(lambda: staging.rename(extended(final)))  # noqa: B023  called at once
            sync_folder(folder)
            return final
        number += 1


def _renamed(names: tuple[ReleasedName, ...]) -> tuple[Message, ...]:
    replaced = [name for name in names if name.replaced]
    told = [
        Message.of("quarantine.note.renamed", path=name.path, name=str(name.released_as))
        for name in replaced[:MOST_NOTES]
    ]
    if len(replaced) > MOST_NOTES:
        told.append(Message.of("quarantine.note.more_renamed", count=len(replaced) - MOST_NOTES))
    return tuple(told)
