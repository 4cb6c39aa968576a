"""The quarantine as everybody else sees it: items and what can be done with them, one step at a time."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from core.approval import Approval
from core.errors import UserFacingError
from core.findings import worst
from core.progress import CancelToken, ProgressCallback
from core.quarantine.durable import in_words
from core.quarantine.intake import (
    Examination,
    Fetch,
    Rescan,
    examine,
    fetch_files,
    need_space,
    reject_changed,
    rescan_findings,
    worse_than_approved,
)
from core.quarantine.items import ItemState, QuarantinedItem
from core.quarantine.ledger import Ledger, new_id, stored_files
from core.quarantine.release import check_destination, copy_out
from core.text import Message, size_text

WRONG_BYTES = frozenset({"quarantine.missing", "quarantine.changed", "download.mismatch"})
"""Errors that mean "these are not the approved bytes": the item has failed. After any other it can be resumed."""

_COMPLETE = frozenset({ItemState.CHECKED, ItemState.RELEASED})


def _now() -> datetime:
    return datetime.now(UTC)


def _free_space(folder: Path) -> int:
    return shutil.disk_usage(folder).free


class Quarantine:
    """All items below one folder. Safe to use from several threads and programs: each item has one worker at a time.

    Every method raises `UserFacingError`: `quarantine.unknown_item`, `quarantine.busy`, `quarantine.disk_full`,
    `quarantine.disk`, and what it names itself. `size_limit`: bytes that all items together may take; None: no limit.
    """

    def __init__(
        self,
        folder: Path,
        now: Callable[[], datetime] = _now,
        free_space: Callable[[Path], int] = _free_space,
        size_limit: int | None = None,
    ) -> None:
        self._ledger = Ledger(folder)
        self._now = now
        self._free_space = free_space
        self._size_limit = size_limit

    @property
    def folder(self) -> Path:
        """Where it lies; created with the first item."""
        return self._ledger.folder

    def folder_of(self, item_id: str) -> Path:
        """Where the stored files of an item lie, under their inert names."""
        self.item(item_id)
        return self._ledger.files_folder(item_id)

    def notices(self) -> tuple[Message, ...]:
        """What had to be set aside because its ledger file could not be read, since this object was made."""
        return self._ledger.notices

    def items(self) -> tuple[QuarantinedItem, ...]:
        """Everything in the ledger, newest first; deleted items until they are purged."""
        with _disk_in_words():
            return tuple(sorted(self._ledger.read_all(), key=lambda item: (item.created_at, item.id), reverse=True))

    def item(self, item_id: str) -> QuarantinedItem:
        """One item as it is now."""
        with _disk_in_words():
            return self._ledger.read(item_id)

    def add(self, approval: Approval, demo: bool = False) -> QuarantinedItem:
        """Enter an approval into the ledger. Nothing is downloaded, and from here on nothing approved is lost.

        Raises:
            UserFacingError: `quarantine.over_limit` if the approved files do not fit below the size limit.
        """
        files = stored_files(approval.files)
        size = sum(stored.file.size for stored in files)
        taken = sum(item.total_size for item in self.items())
        if self._size_limit is not None and taken + size > self._size_limit:
            limit = size_text(self._size_limit)
            raise UserFacingError("quarantine.over_limit", needed=size_text(size), taken=size_text(taken), limit=limit)
        now = self._now()
        item = QuarantinedItem(
            id=new_id(now),
            approval=approval,
            state=ItemState.DOWNLOADING,
            files=files,
            created_at=now,
            changed_at=now,
            level=approval.level,
            demo=demo,
        )
        with _disk_in_words(), self._ledger.lock(item.id):
            self._ledger.create(item)
        return item

    def download(
        self, item_id: str, fetch: Fetch, rescan: Rescan, progress: ProgressCallback, cancel: CancelToken
    ) -> QuarantinedItem:
        """Fetch what is missing, then check all of it. Also how an interrupted or failed download goes on.

        The result is CHECKED, or FAILED with `problem` if the bytes are not the approved ones.

        Raises:
            UserFacingError: `quarantine.no_space`, or what `fetch` raised: the item can be resumed.
            Cancelled: likewise.
        """
        with self._working_on(item_id) as item:
            if item.state in _COMPLETE:
                return item
            if item.state is ItemState.FAILED:
                reject_changed(item, self._ledger.files_folder(item_id), cancel)
            try:
                with _disk_in_words():
                    self._fetch(item, fetch, progress, cancel)
            except UserFacingError as error:
                failed = error.message_id in WRONG_BYTES
                self._save(item, state=ItemState.FAILED if failed else ItemState.DOWNLOADING, problem=str(error))
                if not failed:
                    raise
            else:
                self._examine(item, ItemState.CHECKED, rescan, progress, cancel)
            return self._ledger.read(item_id)

    def verify(self, item_id: str, rescan: Rescan, progress: ProgressCallback, cancel: CancelToken) -> QuarantinedItem:
        """Hash and scan the stored bytes again; FAILED with `problem` if they are not the approved ones.

        Raises:
            UserFacingError: `quarantine.not_complete` if the download is not finished.
        """
        with self._working_on(item_id) as item:
            if not all(stored.complete for stored in item.files) and item.state is not ItemState.FAILED:
                raise UserFacingError("quarantine.not_complete")
            state = item.state if item.state in _COMPLETE else ItemState.CHECKED
            self._examine(item, state, rescan, progress, cancel)
            return self._ledger.read(item_id)

    def release(
        self, item_id: str, folder: Path, rescan: Rescan, progress: ProgressCallback, cancel: CancelToken
    ) -> QuarantinedItem:
        """Hash and scan again, then copy out into a new folder below `folder` (`released_to`).

        Raises:
            UserFacingError: `quarantine.not_checked` unless the item is checked; `quarantine.release_no_folder`,
                `quarantine.release_inside`, `quarantine.no_space`; `quarantine.missing` or `quarantine.changed`
                (the item is FAILED then); `quarantine.release_worse` if the scan now finds something that the
                approval did not know. In all cases nothing was copied.
        """
        with self._working_on(item_id) as item:
            if item.state not in _COMPLETE:
                raise UserFacingError("quarantine.not_checked")
            check_destination(folder, self.folder)
            need_space(item.total_size, self._free_space(folder))
            with self._failed_by_wrong_bytes(item):
                seen = self._examine_or_fail(item, item.state, rescan, progress, cancel)
                worse = worse_than_approved(item.approval, seen.results)
                if worse:
                    raise UserFacingError("quarantine.release_worse", title=worse[0], count=len(worse))
                released = copy_out(item, self._ledger.files_folder(item_id), folder, progress, cancel)
            self._save(
                self._ledger.read(item_id),
                state=ItemState.RELEASED,
                released_to=str(released.folder),
                notes=(*seen.notes, *released.notes),
            )
            return self._ledger.read(item_id)

    def delete(self, item_id: str) -> QuarantinedItem:
        """Set an item aside. `undo_delete` brings it back until `purge_deleted`."""
        with self._working_on(item_id) as item:
            self._save(item)
            self._ledger.delete(item_id)
            return self._ledger.read(item_id)

    def undo_delete(self, item_id: str) -> QuarantinedItem:
        """Bring a deleted item back as it was. Raises `UserFacingError`: `quarantine.not_deleted`."""
        with _disk_in_words(), self._ledger.lock(item_id):
            if self._ledger.read(item_id).state is not ItemState.DELETED:
                raise UserFacingError("quarantine.not_deleted")
            self._ledger.undo_delete(item_id)
            return self._ledger.read(item_id)

    def purge_deleted(self) -> None:
        """Remove the bytes of deleted items for good, and remains of interrupted steps."""
        with _disk_in_words():
            self._ledger.purge()

    @contextmanager
    def _working_on(self, item_id: str) -> Iterator[QuarantinedItem]:
        with _disk_in_words():
            self._ledger.read(item_id)  # an unreadable one is set aside before it is locked
            with self._ledger.lock(item_id):
                item = self._ledger.read(item_id)
                if item.state is ItemState.DELETED:
                    raise UserFacingError("quarantine.is_deleted")
                yield item

    @contextmanager
    def _failed_by_wrong_bytes(self, item: QuarantinedItem) -> Iterator[None]:
        try:
            yield
        except UserFacingError as error:
            if error.message_id in WRONG_BYTES:
                self._save(item, state=ItemState.FAILED, problem=str(error))
            raise

    def _fetch(self, item: QuarantinedItem, fetch: Fetch, progress: ProgressCallback, cancel: CancelToken) -> None:
        self._save(item, state=ItemState.DOWNLOADING, problem="")
        folder = self._ledger.files_folder(item.id)
        current = self._ledger.read(item.id)
        need_space(current.total_size - current.done, self._free_space(folder))
        fetch_files(current, folder, fetch, progress, cancel)

    def _save(self, item: QuarantinedItem, **changes: object) -> QuarantinedItem:
        changed = replace(item, changed_at=self._now(), **changes)  # type: ignore[arg-type]  # names are checked by replace
        return self._ledger.save(changed)

    def _examine(
        self,
        item: QuarantinedItem,
        state: ItemState,
        rescan: Rescan,
        progress: ProgressCallback,
        cancel: CancelToken,
    ) -> None:
        """As `_examine_or_fail`, but the failure is only kept in the ledger."""
        try:
            self._examine_or_fail(item, state, rescan, progress, cancel)
        except UserFacingError as error:
            self._save(item, state=ItemState.FAILED, problem=str(error))

    def _examine_or_fail(
        self,
        item: QuarantinedItem,
        state: ItemState,
        rescan: Rescan,
        progress: ProgressCallback,
        cancel: CancelToken,
    ) -> Examination:
        """Examine the complete bytes and keep what was seen; `state` is the state if they are the approved ones."""
        seen = examine(item, self._ledger.files_folder(item.id), rescan, progress, cancel)
        self._save(
            item,
            state=state,
            level=worst((item.approval.level, *(result.level for result in seen.results))),
            findings=rescan_findings(seen.results),
            problem="",
            notes=seen.notes,
        )
        return seen


@contextmanager
def _disk_in_words() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise in_words(error) from error
