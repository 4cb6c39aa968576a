import errno
import stat
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import UserFacingError
from core.findings import Level
from core.progress import Cancelled, CancelToken, Progress, Step, ignore_progress
from core.quarantine.content_hash import CHUNK
from core.quarantine.intake import RESERVE
from core.quarantine.items import ItemState
from core.quarantine.store import Quarantine
from core.text import render
from tests.core.approval_reports import FileSpec, approval_of, found
from tests.core.quarantine.doors import (
    CONFIG,
    SPECS,
    FakeHub,
    FakeScanner,
    clock,
    download,
    go_on,
    nothing_found,
    quarantine_in,
    refused,
    release,
    stored,
    tamper,
    verify,
)


@pytest.fixture
def quarantine(tmp_path: Path) -> Quarantine:
    return quarantine_in(tmp_path / "quarantine")


# The first door


def test_an_approval_is_in_the_ledger_before_anything_is_downloaded(quarantine: Quarantine) -> None:
    item = quarantine.add(approval_of(*SPECS), demo=True)
    assert quarantine.items() == (item,)
    assert quarantine.item(item.id) == item
    assert (item.state, item.done, item.demo) == (ItemState.DOWNLOADING, 0, True)


def test_approved_files_are_stored_checked_and_shown_to_the_scanner(quarantine: Quarantine) -> None:
    hub, scanner = FakeHub(*SPECS), FakeScanner()
    item = download(quarantine, hub, scanner)
    assert item.state is ItemState.CHECKED
    assert item.done == item.total_size == sum(len(spec.content) for spec in SPECS)
    assert all(file.complete for file in item.files)
    assert hub.asked == [spec.path for spec in SPECS]
    assert scanner.seen == [{spec.path: spec.content for spec in SPECS}]
    assert quarantine.items() == (item,)


def test_stored_names_tell_nothing_and_open_nothing(quarantine: Quarantine) -> None:
    item = download(quarantine)
    names = sorted(path.name for path in quarantine.folder_of(item.id).iterdir() if ":" not in path.name)
    assert names == sorted(file.stored_as for file in item.files)
    assert all(name.endswith(".quarantined") for name in names)
    assert not any("config" in name or "model" in name for name in names)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permission bits")
def test_nobody_else_may_read_and_nobody_may_run(quarantine: Quarantine) -> None:
    item = download(quarantine)
    folder = quarantine.folder_of(item.id)
    for private in (quarantine.folder, folder.parent.parent, folder.parent, folder):
        assert stat.S_IMODE(private.stat().st_mode) == 0o700
    for file in item.files:
        assert stat.S_IMODE((folder / file.stored_as).stat().st_mode) == 0o400


def test_progress_is_of_the_whole_item(quarantine: Quarantine) -> None:
    reports: list[Progress] = []
    item = quarantine.add(approval_of(*SPECS))
    quarantine.download(item.id, FakeHub(*SPECS).fetch, nothing_found(), reports.append, CancelToken())
    of_download = [report for report in reports if report.step is Step.DOWNLOADING]
    assert [report.done for report in of_download] == sorted(report.done for report in of_download)
    assert {report.total for report in of_download} == {item.total_size}
    assert of_download[-1].done == item.total_size
    assert [step for step in Step if any(report.step is step for report in reports)] == [
        Step.SCANNING,
        Step.DOWNLOADING,
        Step.VERIFYING,
    ]


def test_a_finished_download_is_not_done_again(quarantine: Quarantine) -> None:
    item = download(quarantine)
    hub = FakeHub()
    assert go_on(quarantine, item.id, hub) == item
    assert hub.asked == []


@pytest.mark.parametrize("stop_at", [("config.json", 0), ("sub/model.safetensors", 4000)])
def test_a_cancelled_download_goes_on_where_it_stopped(quarantine: Quarantine, stop_at: tuple[str, int]) -> None:
    item = quarantine.add(approval_of(*SPECS))
    hub, cancel = FakeHub(*SPECS), CancelToken()
    hub.before_step = lambda path, offset: cancel.cancel() if (path, offset) == stop_at else None
    with pytest.raises(Cancelled):
        quarantine.download(item.id, hub.fetch, nothing_found(), ignore_progress, cancel)
    stopped = quarantine.item(item.id)
    assert stopped.state is ItemState.DOWNLOADING
    assert stopped.done == hub.sent
    assert go_on(quarantine, item.id, hub).state is ItemState.CHECKED
    assert hub.sent == item.total_size


def test_a_lost_connection_is_said_and_can_be_resumed(quarantine: Quarantine) -> None:
    item = quarantine.add(approval_of(*SPECS))
    hub = FakeHub(*SPECS)

    def lose(path: str, offset: int) -> None:
        if (path, offset) == ("sub/model.safetensors", 500):
            raise UserFacingError("quarantine.disk", reason="no connection")

    hub.before_step = lose
    assert refused(lambda: go_on(quarantine, item.id, hub)) == "quarantine.disk"
    assert "no connection" in quarantine.item(item.id).problem
    hub.before_step = lambda _path, _offset: None
    done = go_on(quarantine, item.id, hub)
    assert (done.state, done.problem) == (ItemState.CHECKED, "")
    assert hub.sent == item.total_size


@pytest.mark.parametrize("content", [b'{"a": 2}', b'{"a": 1} ', b"", b"{"])
def test_other_bytes_than_approved_are_caught_and_kept(quarantine: Quarantine, content: bytes) -> None:
    hub, scanner = FakeHub(replace(CONFIG, content=content), *SPECS[1:]), FakeScanner()
    item = download(quarantine, hub, scanner)
    assert item.state is ItemState.FAILED
    assert item.problem.startswith("config.json is not the file you approved")
    assert scanner.seen == []
    assert stored(quarantine, item).read_bytes() == content
    assert refused(lambda: release(quarantine, item.id, quarantine.folder.parent)) == "quarantine.not_checked"


def test_a_failed_download_can_be_tried_again_and_keeps_the_wrong_bytes(quarantine: Quarantine) -> None:
    item = download(quarantine, FakeHub(replace(CONFIG, content=b"wrong!!!"), *SPECS[1:]))
    hub = FakeHub(*SPECS)
    again = go_on(quarantine, item.id, hub)
    assert (again.state, again.problem) == (ItemState.CHECKED, "")
    assert hub.asked == ["config.json"]
    rejected = stored(quarantine, item)
    assert rejected.with_name(rejected.name + ".rejected").read_bytes() == b"wrong!!!"


def test_a_fetch_that_brings_nothing_has_failed(quarantine: Quarantine) -> None:
    item = quarantine.add(approval_of(CONFIG))
    nothing = quarantine.download(item.id, lambda *_: None, nothing_found(), ignore_progress, CancelToken())
    assert nothing.state is ItemState.FAILED
    assert "config.json is not in the quarantine" in nothing.problem


def test_what_the_rescan_finds_is_kept_worst_first(quarantine: Quarantine) -> None:
    item = download(
        quarantine,
        scanner=FakeScanner({"config.json": found(Level.NOTE, "config.json"), "empty.txt": found(Level.HIGH, "x")}),
    )
    assert item.state is ItemState.CHECKED
    assert item.level is Level.HIGH
    assert [one.level for one in item.findings] == [Level.HIGH, Level.NOTE]
    assert [render(note) for note in item.notes if note.id == "quarantine.note.worse"] != []


def test_a_file_that_the_rescan_leaves_out_is_not_checked(quarantine: Quarantine) -> None:
    scanner = FakeScanner()
    scanner.left_out.add("config.json")
    item = download(quarantine, scanner=scanner)
    assert item.state is ItemState.FAILED
    assert "config.json could not be scanned again" in item.problem


# Room


def test_too_little_space_is_said_before_anything_is_fetched(tmp_path: Path) -> None:
    size = sum(len(spec.content) for spec in SPECS)
    quarantine = Quarantine(tmp_path, clock(), lambda _folder: size + RESERVE - 1)
    item = quarantine.add(approval_of(*SPECS))
    hub = FakeHub(*SPECS)
    assert refused(lambda: go_on(quarantine, item.id, hub)) == "quarantine.no_space"
    assert hub.asked == []
    assert quarantine.item(item.id).state is ItemState.DOWNLOADING
    assert "8.0 kB" in quarantine.item(item.id).problem


def test_only_what_is_missing_needs_space(tmp_path: Path) -> None:
    free = 1 << 30
    quarantine = Quarantine(tmp_path, clock(), lambda _folder: free)
    item = quarantine.add(approval_of(*SPECS))
    hub, cancel = FakeHub(*SPECS), CancelToken()
    hub.before_step = lambda _path, offset: cancel.cancel() if offset == 7000 else None
    with pytest.raises(Cancelled):
        quarantine.download(item.id, hub.fetch, nothing_found(), ignore_progress, cancel)
    free = RESERVE + 1001
    assert go_on(quarantine, item.id, hub).state is ItemState.CHECKED


def test_a_disk_that_fills_up_is_said_and_can_be_resumed(quarantine: Quarantine) -> None:
    item = quarantine.add(approval_of(*SPECS))
    hub = FakeHub(*SPECS)

    def fill(_path: str, offset: int) -> None:
        if offset == 3000:
            raise OSError(errno.ENOSPC, "No space left on device")

    hub.before_step = fill
    assert refused(lambda: go_on(quarantine, item.id, hub)) == "quarantine.disk_full"
    assert quarantine.item(item.id).problem.startswith("The disk is full.")
    hub.before_step = lambda _path, _offset: None
    assert go_on(quarantine, item.id, hub).state is ItemState.CHECKED
    assert hub.sent == item.total_size


def test_another_refusal_of_the_disk_is_passed_on(quarantine: Quarantine) -> None:
    item = quarantine.add(approval_of(*SPECS))
    hub = FakeHub(*SPECS)

    def refuse(_path: str, _offset: int) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    hub.before_step = refuse
    with pytest.raises(UserFacingError, match="The disk refused: Permission denied"):
        go_on(quarantine, item.id, hub)


def test_the_size_limit_counts_everything_that_is_there(tmp_path: Path) -> None:
    size = sum(len(spec.content) for spec in SPECS)
    quarantine = quarantine_in(tmp_path, size_limit=2 * size)
    first = quarantine.add(approval_of(*SPECS))
    quarantine.add(approval_of(*SPECS))
    assert refused(lambda: quarantine.add(approval_of(CONFIG))) == "quarantine.over_limit"
    quarantine.delete(first.id)
    quarantine.purge_deleted()
    assert quarantine.add(approval_of(CONFIG)).done == 0


# Verify


def test_verify_finds_nothing_new(quarantine: Quarantine) -> None:
    item = download(quarantine)
    again = verify(quarantine, item.id)
    assert replace(again, changed_at=item.changed_at) == item
    assert again.changed_at > item.changed_at


@pytest.mark.parametrize("offset", [0, 3999, 7999])
def test_a_tampered_byte_is_caught_by_verify(quarantine: Quarantine, offset: int) -> None:
    item = download(quarantine)
    tamper(stored(quarantine, item, 1), offset)
    again = verify(quarantine, item.id)
    assert again.state is ItemState.FAILED
    assert "sub/model.safetensors is not the file you approved" in again.problem


@pytest.mark.parametrize("replace_it", [Path.unlink, lambda path: (path.unlink(), path.symlink_to("/etc/hostname"))])
def test_a_missing_file_or_a_link_is_caught_by_verify(
    quarantine: Quarantine, replace_it: Callable[[Path], object]
) -> None:
    item = download(quarantine)
    replace_it(stored(quarantine, item))
    again = verify(quarantine, item.id)
    assert again.state is ItemState.FAILED
    assert "config.json is not in the quarantine any more" in again.problem
    assert go_on(quarantine, item.id).state is ItemState.CHECKED


def test_a_repaired_item_passes_verify_again(quarantine: Quarantine) -> None:
    item = download(quarantine)
    tamper(stored(quarantine, item))
    assert verify(quarantine, item.id).state is ItemState.FAILED
    tamper(stored(quarantine, item))
    assert verify(quarantine, item.id).state is ItemState.CHECKED


def test_what_is_not_complete_cannot_be_verified(quarantine: Quarantine) -> None:
    item = quarantine.add(approval_of(*SPECS))
    assert refused(lambda: verify(quarantine, item.id)) == "quarantine.not_complete"


def test_a_large_file_can_be_stopped_while_it_is_hashed(quarantine: Quarantine) -> None:
    large = FileSpec("large.bin", bytes(3 * CHUNK), lfs=True)
    item = quarantine.add(approval_of(large))
    hub = FakeHub(large, step=CHUNK)
    item = quarantine.download(item.id, hub.fetch, nothing_found(), ignore_progress, CancelToken())
    cancel = CancelToken()
    scanner = FakeScanner()
    with pytest.raises(Cancelled):
        quarantine.verify(item.id, scanner, lambda _report: cancel.cancel(), cancel)
    assert scanner.seen == []
    assert quarantine.item(item.id).state is ItemState.CHECKED
