"""The folder of the quarantine: one folder per item with its ledger file, and moves between states by renaming.

    items/<id>/ledger.json, items/<id>/files/…    what is there
    deleted/<id>/…                                set aside by the person; can be brought back until it is purged
    scrap/<id>/…                                  half made or half removed; nothing here counts
    unreadable/<id>/…                             items whose ledger file makes no sense; kept for inspection
    locks/<id>                                    see item_lock.py

A rename is all or nothing, so an item is in exactly one of these places whenever the program is killed. How much
of a file is downloaded is read off the disk, never written down.
"""

import json
import re
import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from core.approval import ApprovedFile, check_sound
from core.atomic_file import write_atomically
from core.errors import UserFacingError
from core.paths import private_folder
from core.plain_data import PlainDataError, from_plain, to_plain
from core.quarantine.durable import move, patiently, remove_tree, sync_folder
from core.quarantine.inert_names import inert_name
from core.quarantine.item_lock import item_lock
from core.quarantine.items import ItemState, QuarantinedItem, StoredFile
from core.text import Message

SCHEMA = "sallyport.quarantine/1"
PART = ".part"
"""What the downloader appends to the name of an incomplete file."""

_ID = re.compile(r"[0-9]{8}-[0-9a-f]{8}")
_LEDGER = "ledger.json"


class Ledger:
    """Reads and writes items; decides nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._items = folder / "items"
        self._deleted = folder / "deleted"
        self._scrap = folder / "scrap"
        self._unreadable = folder / "unreadable"
        self._locks = folder / "locks"
        self.notices: tuple[Message, ...] = ()
        """What had to be set aside since the start."""

    def lock(self, item_id: str) -> AbstractContextManager[None]:
        """Keep everybody else from working on the item. Raises `UserFacingError`: `quarantine.busy`."""
        self._known_shape(item_id)
        return item_lock(private_folder(self._locks) / item_id)

    def files_folder(self, item_id: str) -> Path:
        """Where the bytes of an item lie."""
        return self._items / item_id / "files"

    def create(self, item: QuarantinedItem) -> None:
        """Write a new item: complete, or not there at all."""
        made = private_folder(self._scrap / item.id)
        private_folder(made / "files")
        write_atomically(made / _LEDGER, _to_bytes(item))
        sync_folder(made)
        private_folder(self._items)
        move(made, self._items / item.id)

    def save(self, item: QuarantinedItem) -> QuarantinedItem:
        """Replace the ledger file of an item; gives the item back."""
        folder = self._items / item.id
        patiently(lambda: write_atomically(folder / _LEDGER, _to_bytes(item)))
        sync_folder(folder)
        return item

    def read(self, item_id: str) -> QuarantinedItem:
        """One item. Raises `UserFacingError`: `quarantine.unknown_item`, also for one just set aside as unreadable."""
        self._known_shape(item_id)
        item = self._read_from(self._items, item_id) or self._read_from(self._deleted, item_id)
        if item is None:
            raise UserFacingError("quarantine.unknown_item", item=item_id)
        return item

    def read_all(self) -> Iterator[QuarantinedItem]:
        """All items, deleted ones too, in no order."""
        for place in (self._items, self._deleted):
            for item_id in _ids_in(place):
                item = self._read_from(place, item_id)
                if item is not None:
                    yield item

    def delete(self, item_id: str) -> None:
        """Set an item aside."""
        private_folder(self._deleted)
        move(self._items / item_id, self._deleted / item_id)

    def undo_delete(self, item_id: str) -> None:
        """Bring it back as it was."""
        move(self._deleted / item_id, self._items / item_id)

    def purge(self) -> None:
        """Remove what was deleted, and what an interrupted step left behind. What is being worked on stays."""
        private_folder(self._scrap)
        for place in (self._deleted, self._scrap):
            for item_id in _ids_in(place):
                try:
                    with self.lock(item_id):
                        self._remove(place, item_id)
                except UserFacingError as error:
                    if error.message_id != "quarantine.busy":
                        raise

    def _remove(self, place: Path, item_id: str) -> None:
        """Under the lock. A deleted item moves first, so that it can never be brought back half."""
        scrap = self._scrap / item_id
        if place != self._scrap and (place / item_id).is_dir():
            remove_tree(scrap)
            move(place / item_id, scrap)
        remove_tree(scrap)

    def _read_from(self, place: Path, item_id: str) -> QuarantinedItem | None:
        """None if it is not there, or makes no sense: then it is set aside."""
        try:
            item = self._parse(place, item_id)
        except (ValueError, RecursionError):
            self._set_aside(place, item_id)
            return None
        if item is None or place == self._deleted:
            return item and replace(item, state=ItemState.DELETED)
        return _with_progress(item, self.files_folder(item_id))

    def _parse(self, place: Path, item_id: str) -> QuarantinedItem | None:
        try:
            content = patiently((place / item_id / _LEDGER).read_bytes)
        except FileNotFoundError:
            if not (place / item_id).is_dir():
                return None
            raise PlainDataError("no ledger file") from None
        return _from_bytes(content, item_id)

    def _set_aside(self, place: Path, item_id: str) -> None:
        """Unless somebody is just working on it, and unless it was only looked at in the middle of a rename."""
        target = private_folder(self._unreadable) / f"{item_id}-{secrets.token_hex(2)}"
        try:
            with self.lock(item_id):
                try:
                    self._parse(place, item_id)
                except (ValueError, RecursionError):
                    move(place / item_id, target)
                    notice = Message.of("quarantine.notice.unreadable", item=item_id, folder=str(target))
                    self.notices = (*self.notices, notice)
        except UserFacingError as error:
            if error.message_id != "quarantine.busy":
                raise

    def _known_shape(self, item_id: str) -> None:
        """An id is typed on the command line and becomes a path: only ours."""
        if not _ID.fullmatch(item_id):
            raise UserFacingError("quarantine.unknown_item", item=item_id)


def new_id(now: datetime) -> str:
    """The day, so that people find it, and eight random digits."""
    return f"{now:%Y%m%d}-{secrets.token_hex(4)}"


def stored_files(files: tuple[ApprovedFile, ...]) -> tuple[StoredFile, ...]:
    """The files of an approval under their inert names, nothing downloaded yet."""
    return tuple(
        StoredFile(file, inert_name(index, file), done=0, complete=False) for index, file in enumerate(files, 1)
    )


def _ids_in(place: Path) -> list[str]:
    if not place.is_dir():
        return []
    return sorted(entry.name for entry in place.iterdir() if _ID.fullmatch(entry.name))


def _with_progress(item: QuarantinedItem, folder: Path) -> QuarantinedItem:
    """Fill in what the disk says of an item that is not complete."""
    if item.state in {ItemState.CHECKED, ItemState.RELEASED}:
        files = tuple(replace(stored, done=stored.file.size, complete=True) for stored in item.files)
    else:
        files = tuple(_on_disk(stored, folder / stored.stored_as) for stored in item.files)
    return replace(item, files=files)


def _on_disk(stored: StoredFile, target: Path) -> StoredFile:
    size = _size(target)
    if size is not None:
        return replace(stored, done=min(size, stored.file.size), complete=size == stored.file.size)
    part = _size(target.with_name(target.name + PART)) or 0
    return replace(stored, done=min(part, stored.file.size), complete=False)


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return None


def _to_bytes(item: QuarantinedItem) -> bytes:
    """Progress is left out: it would be wrong by the time it is read."""
    files = tuple(replace(stored, done=0, complete=False) for stored in item.files)
    return json.dumps({"schema": SCHEMA, "item": to_plain(replace(item, files=files))}, indent=1).encode("ascii")


def _from_bytes(content: bytes, item_id: str) -> QuarantinedItem:
    """Raises `ValueError` unless this is an item that we wrote under this id."""
    data = json.loads(content)
    if not isinstance(data, dict) or data.keys() != {"schema", "item"} or data["schema"] != SCHEMA:
        raise PlainDataError(f"not a {SCHEMA}")
    item = from_plain(QuarantinedItem, data["item"])
    check_sound(item.approval)
    if item.id != item_id or item.files != stored_files(item.approval.files):
        raise PlainDataError("the files are not those of the approval")
    return item
