import errno
import os
import stat
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from core.findings import FileState, Level
from core.progress import Cancelled, CancelToken, Progress, Step
from core.quarantine import mark_of_the_web
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
    worse,
)


@pytest.fixture
def quarantine(tmp_path: Path) -> Quarantine:
    return quarantine_in(tmp_path / "quarantine")


# The second door


def test_release_copies_under_the_name_of_the_repository(quarantine: Quarantine, tmp_path: Path) -> None:
    item = download(quarantine)
    scanner = FakeScanner()
    released = release(quarantine, item.id, tmp_path, scanner)
    folder = tmp_path / "examp1e--Example-7B@9f3c1ab"
    assert released.state is ItemState.RELEASED
    assert released.released_to == str(folder)
    for spec in SPECS:
        assert (folder / spec.path).read_bytes() == spec.content
    assert len(scanner.seen) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["examp1e--Example-7B@9f3c1ab", "quarantine"]
    assert not [note for note in released.notes if note.id.startswith("quarantine.note.renamed")]


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permission bits")
def test_released_files_cannot_be_run_but_can_be_changed(quarantine: Quarantine, tmp_path: Path) -> None:
    released = release(quarantine, download(quarantine).id, tmp_path)
    mode = stat.S_IMODE((Path(released.released_to) / "config.json").stat().st_mode)
    assert not mode & 0o111
    assert mode & 0o600 == 0o600


def test_release_never_overwrites(quarantine: Quarantine, tmp_path: Path) -> None:
    item = download(quarantine)
    first = Path(release(quarantine, item.id, tmp_path).released_to)
    (first / "config.json").write_text("mine", encoding="utf-8")
    second = release(quarantine, item.id, tmp_path).released_to
    assert second == f"{first} (2)"
    assert (first / "config.json").read_text(encoding="utf-8") == "mine"
    assert release(quarantine, item.id, tmp_path).released_to == f"{first} (3)"


@pytest.mark.parametrize("index", [0, 1])
def test_a_tampered_byte_is_caught_at_release(quarantine: Quarantine, tmp_path: Path, index: int) -> None:
    item = download(quarantine)
    tamper(stored(quarantine, item, index))
    out = tmp_path / "out"
    out.mkdir()
    assert refused(lambda: release(quarantine, item.id, out)) == "quarantine.changed"
    assert list(out.iterdir()) == []
    assert quarantine.item(item.id).state is ItemState.FAILED


def test_a_byte_changed_after_the_scan_does_not_get_out(quarantine: Quarantine, tmp_path: Path) -> None:
    item = download(quarantine)
    out = tmp_path / "out"
    out.mkdir()
    scan = FakeScanner()

    def scan_then_tamper(progress: Progress) -> None:
        if progress.step is Step.RELEASING and progress.done == 0:
            tamper(stored(quarantine, item, 1))

    error = refused(lambda: quarantine.release(item.id, out, scan, scan_then_tamper, CancelToken()))
    assert error == "quarantine.changed"
    assert list(out.iterdir()) == []
    assert quarantine.item(item.id).state is ItemState.FAILED


def test_something_worse_than_the_approval_knew_does_not_get_out(quarantine: Quarantine, tmp_path: Path) -> None:
    item = download(quarantine)
    assert refused(lambda: release(quarantine, item.id, tmp_path, worse("config.json"))) == "quarantine.release_worse"
    assert [path.name for path in tmp_path.iterdir()] == ["quarantine"]
    kept = quarantine.item(item.id)
    assert (kept.state, kept.level) == (ItemState.CHECKED, Level.HIGH)
    assert any("can not" in text or "cannot be released" in text for text in map(render, kept.notes))


@pytest.mark.parametrize(
    ("approved", "now", "passes"),
    [
        (Level.NONE, Level.NOTE, True),
        (Level.NONE, Level.CAREFUL, False),
        (Level.NOTE, Level.NOTE, True),
        (Level.CAREFUL, Level.CAREFUL, True),
        (Level.CAREFUL, Level.HIGH, False),
        (Level.HIGH, Level.CAREFUL, True),
        (Level.HIGH, Level.HIGH, False),
        (Level.HIGH, Level.KNOWN_BAD, False),
    ],
)
def test_what_counts_as_worse(
    quarantine: Quarantine, tmp_path: Path, approved: Level, now: Level, passes: bool
) -> None:
    specs = (replace(CONFIG, level=approved),)
    item = quarantine.add(approval_of(*specs))
    go_on(quarantine, item.id)
    if passes:
        assert release(quarantine, item.id, tmp_path, worse("config.json", now)).state is ItemState.RELEASED
    else:
        refusal = refused(lambda: release(quarantine, item.id, tmp_path, worse("config.json", now)))
        assert refusal == "quarantine.release_worse"


def test_a_finding_that_was_read_before_is_not_worse(quarantine: Quarantine, tmp_path: Path) -> None:
    spec = replace(CONFIG, level=Level.HIGH)
    item = quarantine.add(approval_of(spec))
    scanner = FakeScanner({"config.json": found(Level.HIGH, "config.json")})
    go_on(quarantine, item.id, scanner=scanner)
    assert release(quarantine, item.id, tmp_path, scanner).state is ItemState.RELEASED


@pytest.mark.parametrize("known", [False, True])
def test_a_file_that_can_no_longer_be_checked_does_not_get_out(
    quarantine: Quarantine, tmp_path: Path, known: bool
) -> None:
    spec = replace(CONFIG, state=FileState.NOT_CHECKED if known else FileState.CHECKED)
    item = quarantine.add(approval_of(spec))
    scanner = FakeScanner()
    scanner.unread.add("config.json")
    go_on(quarantine, item.id, scanner=scanner)
    if known:
        assert release(quarantine, item.id, tmp_path, scanner).state is ItemState.RELEASED
    else:
        assert refused(lambda: release(quarantine, item.id, tmp_path, scanner)) == "quarantine.release_worse"


def test_only_checked_items_are_released(quarantine: Quarantine, tmp_path: Path) -> None:
    item = quarantine.add(approval_of(*SPECS))
    assert refused(lambda: release(quarantine, item.id, tmp_path)) == "quarantine.not_checked"


def test_where_a_release_may_go(quarantine: Quarantine, tmp_path: Path) -> None:
    item = download(quarantine)
    assert refused(lambda: release(quarantine, item.id, tmp_path / "none")) == "quarantine.release_no_folder"
    for inside in (quarantine.folder, quarantine.folder_of(item.id)):
        assert refused(partial(release, quarantine, item.id, inside)) == "quarantine.release_inside"


def test_release_needs_space(tmp_path: Path) -> None:
    free = 1 << 40
    quarantine = Quarantine(tmp_path / "quarantine", clock(), lambda _folder: free)
    item = download(quarantine)
    free = 100
    assert refused(lambda: release(quarantine, item.id, tmp_path)) == "quarantine.no_space"


def test_a_cancelled_release_leaves_nothing_behind(quarantine: Quarantine, tmp_path: Path) -> None:
    item = download(quarantine)
    out = tmp_path / "out"
    out.mkdir()
    cancel = CancelToken()

    def stop(progress: Progress) -> None:
        if progress.step is Step.RELEASING and progress.done:
            cancel.cancel()

    with pytest.raises(Cancelled):
        quarantine.release(item.id, out, nothing_found(), stop, cancel)
    assert list(out.iterdir()) == []
    assert quarantine.item(item.id).state is ItemState.CHECKED


def test_remains_of_a_killed_release_are_cleared_away(quarantine: Quarantine, tmp_path: Path) -> None:
    item = download(quarantine)
    remains = tmp_path / f".sallyport-{item.id}.part"
    remains.mkdir()
    (remains / "half").write_bytes(b"x")
    released = release(quarantine, item.id, tmp_path)
    assert not remains.exists()
    assert not (Path(released.released_to) / "half").exists()


def test_replaced_names_are_told(quarantine: Quarantine, tmp_path: Path) -> None:
    hostile = tuple(FileSpec(path, path.encode()) for path in ("../../evil.bin", "CON", "a/B.txt", "A/b.txt"))
    many = tuple(FileSpec(f"bad:{number}", b"x") for number in range(30))
    specs = hostile + many
    item = quarantine.add(approval_of(*specs))
    go_on(quarantine, item.id, FakeHub(*specs))
    released = release(quarantine, item.id, tmp_path)
    told = [render(note) for note in released.notes]
    assert any("../../evil.bin was released as _" in sentence for sentence in told)
    assert any("13 more files" in sentence for sentence in told)
    inside = {path for path in Path(released.released_to).rglob("*") if path.is_file()}
    assert len(inside) == len(specs)
    assert not (tmp_path.parent / "evil.bin").exists()


# Mark of the web


def xattrs_work(folder: Path) -> bool:
    probe = folder / "probe"
    probe.write_bytes(b"")
    try:
        os.setxattr(probe, "user.sallyport.test", b"1")
    except OSError:
        return False
    finally:
        probe.unlink()
    return True


@pytest.mark.skipif(sys.platform != "linux", reason="extended attributes of Linux")
def test_stored_and_released_files_carry_the_mark_or_the_lack_is_said(quarantine: Quarantine, tmp_path: Path) -> None:
    released = release(quarantine, download(quarantine).id, tmp_path)
    copy = Path(released.released_to) / "sub/model.safetensors"
    kept = xattrs_work(tmp_path)
    for file in (copy, stored(quarantine, released, 1)):
        assert mark_of_the_web.is_marked(file) is kept
    said = {note.id for note in released.notes}
    assert said == (set() if kept else {"quarantine.note.no_mark", "quarantine.note.no_mark_released"})
    if kept:
        address = f"https://huggingface.co/examp1e/Example-7B/resolve/{released.approval.commit}/sub/model.safetensors"
        assert os.getxattr(copy, "user.xdg.origin.url").decode() == address


def test_a_disk_without_marks_is_said(quarantine: Quarantine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unsupported(*_arguments: object) -> None:
        raise OSError(errno.ENOTSUP, "Operation not supported")

    monkeypatch.setattr(os, "setxattr", unsupported)
    item = download(quarantine)
    assert item.state is ItemState.CHECKED
    assert [note.id for note in item.notes] == ["quarantine.note.no_mark"]
    released = release(quarantine, item.id, tmp_path)
    assert [note.id for note in released.notes] == ["quarantine.note.no_mark", "quarantine.note.no_mark_released"]
    assert all(render(note) for note in released.notes)
