"""SIGKILL, really: nothing approved is lost, nothing unchecked comes out, and going on ends in the same result."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from core.quarantine.items import ItemState, QuarantinedItem
from core.quarantine.store import Quarantine
from tests.core.approval_reports import approval_of
from tests.core.quarantine.doors import SPECS, FakeHub, download, go_on, quarantine_in, refused, release, verify

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL and fork")

ROOT = Path(__file__).resolve().parents[3]
_FILE_OPERATIONS = frozenset(
    {"open", "os.rename", "os.mkdir", "os.chmod", "os.remove", "os.rmdir", "os.setxattr", "shutil.rmtree"}
)


@contextmanager
def standing_still(folder: Path, item: QuarantinedItem, path: str, offset: int) -> Iterator[tuple[int, int]]:
    """Another program in the middle of a download: its process id and the bytes it has stored."""
    command = [sys.executable, "-m", "tests.core.quarantine.interrupted", str(folder), item.id, path, str(offset)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.pid, int(process.stdout.readline())
        finally:
            process.kill()
    assert process.returncode == -signal.SIGKILL


@pytest.mark.parametrize(("path", "offset"), [("config.json", 0), ("sub/model.safetensors", 4200)])
def test_a_killed_download_goes_on_where_it_stopped(tmp_path: Path, path: str, offset: int) -> None:
    quarantine = quarantine_in(tmp_path)
    item = quarantine.add(approval_of(*SPECS))
    with standing_still(tmp_path, item, path, offset) as (process, sent):
        assert refused(lambda: go_on(quarantine, item.id)) == "quarantine.busy"
        os.kill(process, signal.SIGKILL)
    after = quarantine_in(tmp_path)
    (left,) = after.items()
    assert (left.id, left.state, left.done) == (item.id, ItemState.DOWNLOADING, sent)
    assert refused(lambda: release(after, item.id, tmp_path)) == "quarantine.not_checked"
    hub = FakeHub(*SPECS)
    done = go_on(after, item.id, hub)
    assert hub.sent == item.total_size - sent
    undisturbed = download(quarantine_in(tmp_path / "undisturbed"))
    assert like(done) == like(undisturbed)


def like(item: QuarantinedItem) -> QuarantinedItem:
    """Without what differs between any two items."""
    return replace(item, id="", created_at=item.approval.approved_at, changed_at=item.approval.approved_at)


def killed_at(number: int, folder: Path, action: Callable[[], object]) -> bool:
    """Do `action` in a forked process that kills itself before its file operation `number` below `folder`.

    False if it got to the end before that.
    """
    child = os.fork()
    if child == 0:
        seen = 0

        def count(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal seen
            if event in _FILE_OPERATIONS and str(arguments[0]).startswith(str(folder)):
                seen += 1
                if seen == number:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        status = 1
        try:
            action()
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.waitstatus_to_exitcode(status) == 0
    return False


def every_kill(tmp_path: Path, prepare: Callable[[Path], Callable[[], object]]) -> Iterator[Path]:
    """Prepare a fresh folder, do the action, kill it one operation later each time; the folder after each kill."""
    number = 1
    while True:
        folder = tmp_path / f"{number:03d}"
        folder.mkdir()
        if not killed_at(number, folder, prepare(folder)):
            assert number > 5, "the action did nothing that could be interrupted"
            return
        yield folder
        number += 1


def opened(folder: Path) -> Quarantine:
    """As the next start of the program sees it: everything readable."""
    quarantine = quarantine_in(folder / "quarantine")
    quarantine.items()
    assert quarantine.notices() == ()
    return quarantine


def test_killed_at_any_point_of_entering_an_approval(tmp_path: Path) -> None:
    def prepare(folder: Path) -> Callable[[], object]:
        return lambda: quarantine_in(folder / "quarantine").add(approval_of(*SPECS))

    for folder in every_kill(tmp_path, prepare):
        quarantine = opened(folder)
        assert len(quarantine.items()) <= 1
        for item in quarantine.items():
            assert go_on(quarantine, item.id).state is ItemState.CHECKED
        quarantine.purge_deleted()
        assert list((folder / "quarantine" / "scrap").iterdir()) == []


def test_killed_at_any_point_of_a_download(tmp_path: Path) -> None:
    def prepare(folder: Path) -> Callable[[], object]:
        quarantine = quarantine_in(folder / "quarantine")
        item = quarantine.add(approval_of(*SPECS))
        return lambda: go_on(quarantine, item.id)

    states = set()
    for folder in every_kill(tmp_path, prepare):
        quarantine = opened(folder)
        (item,) = quarantine.items()
        states.add(item.state)
        if item.state is ItemState.CHECKED:
            assert verify(quarantine, item.id).state is ItemState.CHECKED
        done = go_on(quarantine, item.id)
        assert (done.state, done.done, done.problem) == (ItemState.CHECKED, item.total_size, "")
    assert ItemState.DOWNLOADING in states


def test_killed_at_any_point_of_a_release(tmp_path: Path) -> None:
    def prepare(folder: Path) -> Callable[[], object]:
        (folder / "out").mkdir()
        quarantine = quarantine_in(folder / "quarantine")
        item = download(quarantine)
        return lambda: release(quarantine, item.id, folder / "out")

    for folder in every_kill(tmp_path, prepare):
        quarantine = opened(folder)
        (item,) = quarantine.items()
        for complete in (path for path in (folder / "out").iterdir() if not path.name.startswith(".")):
            assert all((complete / spec.path).read_bytes() == spec.content for spec in SPECS)
        if item.state is ItemState.RELEASED:
            assert Path(item.released_to).is_dir()
        again = release(quarantine, item.id, folder / "out")
        assert again.state is ItemState.RELEASED
        assert not [path for path in (folder / "out").iterdir() if path.name.startswith(".")]


def test_killed_at_any_point_of_deleting_and_purging(tmp_path: Path) -> None:
    def prepare(folder: Path) -> Callable[[], object]:
        quarantine = quarantine_in(folder / "quarantine")
        item = download(quarantine)

        def delete() -> None:
            quarantine.delete(item.id)
            quarantine.purge_deleted()

        return delete

    for folder in every_kill(tmp_path, prepare):
        quarantine = opened(folder)
        for item in quarantine.items():
            if item.state is ItemState.DELETED:
                quarantine.undo_delete(item.id)
            assert verify(quarantine, item.id).state is ItemState.CHECKED
        for item in quarantine.items():
            quarantine.delete(item.id)
        quarantine.purge_deleted()
        left = [path for place in ("items", "deleted", "scrap") for path in (folder / "quarantine" / place).iterdir()]
        assert left == []
