import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from core.findings import Level
from core.quarantine.item_lock import item_lock
from core.quarantine.items import ItemState
from core.quarantine.store import Quarantine
from core.text import render
from tests.core.approval_reports import approval_of
from tests.core.quarantine.doors import (
    CONFIG,
    SPECS,
    WEIGHTS,
    FakeHub,
    FakeScanner,
    download,
    go_on,
    plenty,
    quarantine_in,
    refused,
    release,
    stored,
    verify,
    worse,
)

ItemChange = Callable[[Quarantine, str], object]


@pytest.fixture
def quarantine(tmp_path: Path) -> Quarantine:
    return quarantine_in(tmp_path / "quarantine")


# Delete


def test_a_deleted_item_can_be_brought_back(quarantine: Quarantine) -> None:
    item = download(quarantine)
    deleted = quarantine.delete(item.id)
    assert deleted.state is ItemState.DELETED
    assert [one.state for one in quarantine.items()] == [ItemState.DELETED]
    assert refused(lambda: verify(quarantine, item.id)) == "quarantine.is_deleted"
    assert refused(lambda: quarantine.delete(item.id)) == "quarantine.is_deleted"
    back = quarantine.undo_delete(item.id)
    assert back.state is ItemState.CHECKED
    assert verify(quarantine, item.id).state is ItemState.CHECKED
    assert refused(lambda: quarantine.undo_delete(item.id)) == "quarantine.not_deleted"


def test_a_purged_item_is_gone(quarantine: Quarantine) -> None:
    kept, gone = download(quarantine), download(quarantine)
    quarantine.delete(gone.id)
    quarantine.purge_deleted()
    assert [item.id for item in quarantine.items()] == [kept.id]
    assert refused(lambda: quarantine.undo_delete(gone.id)) == "quarantine.unknown_item"
    left = [path for path in quarantine.folder.rglob("*") if gone.id in str(path) and path.parent.name != "locks"]
    assert left == []


def test_what_is_being_worked_on_is_not_purged(quarantine: Quarantine) -> None:
    item = download(quarantine)
    quarantine.delete(item.id)
    with item_lock(quarantine.folder / "locks" / item.id):
        quarantine.purge_deleted()
    assert quarantine.undo_delete(item.id).state is ItemState.CHECKED


def test_an_empty_quarantine_has_nothing_to_purge(quarantine: Quarantine) -> None:
    quarantine.purge_deleted()
    assert quarantine.items() == ()


# The ledger


def test_the_newest_item_comes_first(quarantine: Quarantine) -> None:
    ids = [quarantine.add(approval_of(CONFIG)).id for _ in range(3)]
    assert [item.id for item in quarantine.items()] == ids[::-1]


def test_another_start_sees_the_same(quarantine: Quarantine) -> None:
    item = release(
        quarantine, download(quarantine, scanner=worse("config.json", Level.NOTE)).id, quarantine.folder.parent
    )
    assert Quarantine(quarantine.folder).items() == (item,)


@pytest.mark.parametrize("item_id", ["", ".", "..", "../../etc", "20261120-0000000g", "20261120-00000000\n", "a/b"])
def test_an_id_is_never_a_path(quarantine: Quarantine, item_id: str) -> None:
    for action in (quarantine.item, quarantine.delete, quarantine.undo_delete, quarantine.folder_of):
        assert refused(partial(action, item_id)) == "quarantine.unknown_item"


def test_an_unknown_item_is_said(quarantine: Quarantine) -> None:
    assert refused(lambda: quarantine.item("20261120-00000000")) == "quarantine.unknown_item"


def broken(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], object]:
    def damage(ledger: Path) -> None:
        data = json.loads(ledger.read_text(encoding="utf-8"))
        ledger.write_text(json.dumps(change(data) or data), encoding="utf-8")

    return damage


@pytest.mark.parametrize(
    "damage",
    [
        Path.unlink,
        lambda ledger: ledger.write_bytes(b""),
        lambda ledger: ledger.write_bytes(ledger.read_bytes()[:-20]),
        lambda ledger: ledger.write_bytes(b"\xff\xfe"),
        lambda ledger: ledger.write_bytes(b"[" * 100_000),
        broken(lambda data: {**data, "schema": "sallyport.quarantine/9"}),
        broken(lambda data: {**data, "more": 1}),
        broken(lambda data: data["item"].update(id="20200101-00000000")),
        broken(lambda data: data["item"]["files"][0].update(stored_as="../../../evil")),
        broken(lambda data: data["item"]["files"].pop()),
        broken(lambda data: data["item"]["approval"].update(commit="main")),
        broken(lambda data: data["item"].update(findings=[["too", "short"]])),
        broken(lambda data: data["item"].update(notes=[{"id": "x", "values": [["one"]]}])),
    ],
)
def test_a_broken_ledger_is_set_aside_and_named(quarantine: Quarantine, damage: Callable[[Path], object]) -> None:
    kept, lost = download(quarantine), download(quarantine)
    content = stored(quarantine, lost, 1).read_bytes()
    folder = quarantine.folder_of(lost.id).parent
    damage(folder / "ledger.json")
    assert [item.id for item in quarantine.items()] == [kept.id]
    assert refused(lambda: verify(quarantine, lost.id)) == "quarantine.unknown_item"
    (notice,) = map(render, quarantine.notices())
    assert lost.id in notice
    (aside,) = (quarantine.folder / "unreadable").iterdir()
    assert str(aside) in notice
    assert (aside / "files" / lost.files[1].stored_as).read_bytes() == content


def test_an_older_ledger_without_newer_fields_is_read(quarantine: Quarantine) -> None:
    item = download(quarantine)
    ledger = quarantine.folder_of(item.id).parent / "ledger.json"
    data = json.loads(ledger.read_text(encoding="utf-8"))
    del data["item"]["notes"]
    ledger.write_text(json.dumps(data), encoding="utf-8")
    assert quarantine.item(item.id) == replace(item, notes=())


def test_a_broken_ledger_that_somebody_works_on_is_left_alone(quarantine: Quarantine) -> None:
    item = download(quarantine)
    (quarantine.folder_of(item.id).parent / "ledger.json").write_bytes(b"half")
    with item_lock(quarantine.folder / "locks" / item.id):
        assert quarantine.items() == ()
    assert quarantine.notices() == ()
    assert not list((quarantine.folder / "unreadable").iterdir())


# Two at once


@pytest.mark.parametrize(
    "act",
    [
        go_on,
        verify,
        lambda quarantine, item: release(quarantine, item, quarantine.folder.parent),
        Quarantine.delete,
        Quarantine.undo_delete,
    ],
)
def test_two_programs_cannot_work_on_the_same_item(quarantine: Quarantine, act: ItemChange) -> None:
    item = quarantine.add(approval_of(*SPECS))
    other = quarantine_in(quarantine.folder)
    free = quarantine.add(approval_of(CONFIG))
    hub = FakeHub(*SPECS)
    seen: list[str] = []

    def meanwhile(path: str, _offset: int) -> None:
        if path == WEIGHTS.path and not seen:
            seen.append(refused(lambda: act(other, item.id)))
            assert other.item(item.id).state is ItemState.DOWNLOADING
            assert go_on(other, free.id).state is ItemState.CHECKED

    hub.before_step = meanwhile
    assert go_on(quarantine, item.id, hub).state is ItemState.CHECKED
    assert seen == ["quarantine.busy"]


def test_an_item_is_never_checked_before_the_scan(quarantine: Quarantine) -> None:
    item = quarantine.add(approval_of(*SPECS))
    states: list[ItemState] = []
    scanner = FakeScanner()
    scanner.before = lambda: states.append(quarantine.item(item.id).state)
    go_on(quarantine, item.id, scanner=scanner)
    assert states == [ItemState.DOWNLOADING]


def test_a_crash_of_the_scanner_is_a_bug_and_checks_nothing(quarantine: Quarantine) -> None:
    item = quarantine.add(approval_of(*SPECS))
    scanner = FakeScanner()

    def crash() -> None:
        raise RuntimeError("scanner broke")

    scanner.before = crash
    with pytest.raises(RuntimeError):
        go_on(quarantine, item.id, scanner=scanner)
    assert quarantine.item(item.id).state is ItemState.DOWNLOADING
    assert go_on(quarantine, item.id).state is ItemState.CHECKED


def test_real_free_space_and_clock(tmp_path: Path) -> None:
    quarantine = Quarantine(tmp_path / "quarantine")
    item = go_on(quarantine, quarantine.add(approval_of(*SPECS)).id)
    assert item.state is ItemState.CHECKED
    assert item.changed_at.tzinfo is not None
    assert plenty(tmp_path)
