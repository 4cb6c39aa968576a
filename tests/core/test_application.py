"""The whole way through both doors, with the embedded hub: check, approve, download, release, delete."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.application import Application
from core.approval import Approval
from core.demo.server import DemoHub
from core.errors import UserFacingError
from core.progress import Cancelled, CancelToken, Progress, ProgressCallback, ignore_progress
from core.quarantine.items import ItemState, QuarantinedItem
from core.report import Report
from core.services import OriginalChoice
from core.settings import Settings
from tests.core.approval_reports import answers_to

FILES = {
    "README.md": b"# Notes\n\nSome notes about a small model.\n",
    "config.json": b'{"model_type": "bert"}\n',
    "vocabulary.txt": b"".join(b"word%d\n" % number for number in range(60_000)),
}
LARGE = "vocabulary.txt"
NOTHING_ELSE = OriginalChoice(none=True)


@pytest.fixture
def application() -> Iterator[Application]:
    with Application(demo=True) as opened:
        yield opened


@pytest.fixture
def hub(application: Application) -> DemoHub:
    """The embedded hub, where one repository now holds `FILES`."""
    assert application.demo_hub is not None
    application.demo_hub.push("lumora/Beacon-mini", FILES)
    return application.demo_hub


def check(application: Application, pasted: str = "lumora/Beacon-mini") -> Report:
    return application.check(application.parse(pasted), NOTHING_ELSE, ignore_progress, CancelToken())


def approve(application: Application, report: Report) -> Approval:
    answers = answers_to(application.ladder(report, list(FILES)))
    return application.approve(report, list(FILES), answers)


def download(
    application: Application, progress: ProgressCallback = ignore_progress, cancel: CancelToken | None = None
) -> QuarantinedItem:
    report = check(application)
    return application.download(approve(application, report), report, progress, cancel or CancelToken())


def release(application: Application, item: QuarantinedItem, folder: Path) -> QuarantinedItem:
    folder.mkdir(exist_ok=True)
    return application.release(item.id, folder, ignore_progress, CancelToken())


def stored(application: Application, item: QuarantinedItem, path: str = LARGE) -> Path:
    """Where the bytes of a file lie in the quarantine."""
    (name,) = (one.stored_as for one in item.files if one.file.path == path)
    (place,) = application.quarantine_folder().rglob(name)
    return place


def refused(action: Callable[[], object]) -> UserFacingError:
    with pytest.raises(UserFacingError) as error:
        action()
    assert error.value.what
    assert error.value.means
    assert error.value.do
    return error.value


@pytest.mark.usefixtures("hub")
def test_from_the_check_through_both_doors_to_the_bin(application: Application, tmp_path: Path) -> None:
    report = check(application)
    assert [file.path for file in report.snapshot.files] == sorted(FILES)
    item = application.download(approve(application, report), report, ignore_progress, CancelToken())
    assert (item.state, item.problem, item.demo) == (ItemState.CHECKED, "", True)
    assert application.quarantine_items() == (item,)
    assert not (tmp_path / "out").exists()
    released = release(application, item, tmp_path / "out")
    assert released.state is ItemState.RELEASED
    folder = Path(released.released_to)
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.name in FILES} == FILES
    application.delete(item.id)
    assert application.quarantine_items()[0].state is ItemState.DELETED
    application.undo_delete(item.id)
    assert application.verify(item.id, ignore_progress, CancelToken()).problem == ""
    application.delete(item.id)
    application.purge_deleted()
    assert application.quarantine_items() == ()
    assert folder.is_dir()


def test_only_approved_files_are_asked_for(application: Application, hub: DemoHub) -> None:
    report = check(application)
    chosen = ["config.json"]
    approval = application.approve(report, chosen, answers_to(application.ladder(report, chosen)))
    hub.log.clear()
    item = application.download(approval, report, ignore_progress, CancelToken())
    assert [one.file.path for one in item.files] == chosen
    assert hub.log
    assert all(row.path.endswith("/config.json") and report.snapshot.commit in row.path for row in hub.log)


def test_a_stopped_download_is_announced_and_goes_on_after_a_restart(application: Application) -> None:
    cancel = CancelToken()

    def stop_at_the_first_bytes(progress: Progress) -> None:
        if progress.done:
            cancel.cancel()

    report = check(application)
    paths = [file.path for file in application.ladder(report, []).files if file.selected]
    approval = application.approve(report, paths, answers_to(application.ladder(report, paths)))
    with pytest.raises(Cancelled):
        application.download(approval, report, stop_at_the_first_bytes, cancel)
    application.close()
    with Application(demo=True) as again:
        (item,) = again.quarantine_items()
        assert item.state is ItemState.DOWNLOADING
        assert 0 < item.done < item.total_size
        assert any("continue" in notice for notice in again.startup_notices())
        done = again.resume(item.id, ignore_progress, CancelToken())
    assert (done.state, done.done) == (ItemState.CHECKED, item.total_size)


def test_a_connection_that_breaks_keeps_what_arrived(application: Application, hub: DemoHub) -> None:
    report = check(application)
    approval = approve(application, report)
    hub.knobs.fail(f"/{LARGE}", 404, {"X-Error-Code": "EntryNotFound"}, times=1)
    error = refused(lambda: application.download(approval, report, ignore_progress, CancelToken()))
    assert error.message_id == "hub.file_not_found"
    (item,) = application.quarantine_items()
    assert (item.state, item.problem) == (ItemState.DOWNLOADING, str(error))
    hub.log.clear()
    done = application.resume(item.id, ignore_progress, CancelToken())
    assert done.state is ItemState.CHECKED
    assert all(row.path.endswith(LARGE) for row in hub.log), "what was complete is not fetched again"


@pytest.mark.parametrize("path", FILES)
def test_a_byte_changed_on_the_wire_is_caught_and_said(
    application: Application, hub: DemoHub, tmp_path: Path, path: str
) -> None:
    report = check(application)
    hub.knobs.tamper(f"/{path}", offset=5)
    item = application.download(approve(application, report), report, ignore_progress, CancelToken())
    assert item.state is ItemState.FAILED
    assert f"{path} is not the file you approved" in item.problem
    assert refused(lambda: release(application, item, tmp_path / "out")).message_id == "quarantine.not_checked"
    assert list((tmp_path / "out").iterdir()) == []
    hub.knobs.clear()
    assert application.resume(item.id, ignore_progress, CancelToken()).state is ItemState.CHECKED


@pytest.mark.usefixtures("hub")
@pytest.mark.parametrize("path", FILES)
def test_a_byte_changed_on_the_disk_before_the_release_is_caught(
    application: Application, tmp_path: Path, path: str
) -> None:
    item = download(application)
    place = stored(application, item, path)
    place.chmod(0o600)
    content = bytearray(place.read_bytes())
    content[-1] ^= 1
    place.write_bytes(content)
    assert refused(lambda: release(application, item, tmp_path / "out")).message_id == "quarantine.changed"
    assert list((tmp_path / "out").iterdir()) == []
    (failed,) = application.quarantine_items()
    assert failed.state is ItemState.FAILED
    assert path in failed.problem


def test_a_commit_that_moved_voids_the_approval(application: Application, hub: DemoHub) -> None:
    approval = approve(application, check(application))
    hub.push("lumora/Beacon-mini", {**FILES, "loader.py": b"print('hello')\n"})
    later = check(application)
    error = refused(lambda: application.download(approval, later, ignore_progress, CancelToken()))
    assert error.message_id == "application.approval_void"
    assert application.quarantine_items() == ()


@pytest.mark.usefixtures("hub")
def test_an_approval_of_another_hub_or_file_is_void(application: Application) -> None:
    report = check(application)
    approval = approve(application, report)
    changed = replace(approval.files[0], git_sha1="0" * 40)
    for other in (replace(approval, endpoint="https://mirror.example"), replace(approval, files=(changed,))):
        error = refused(lambda other=other: application.download(other, report, ignore_progress, CancelToken()))  # type: ignore[misc]
        assert error.message_id == "application.approval_void"
    assert application.quarantine_items() == ()


@pytest.mark.usefixtures("hub")
def test_an_item_of_the_demo_is_not_continued_from_a_real_hub(application: Application) -> None:
    item = download(application)
    application.switch_demo(False)
    error = refused(lambda: application.resume(item.id, ignore_progress, CancelToken()))
    assert error.message_id == "application.demo_item"


@pytest.mark.usefixtures("hub")
def test_checks_of_the_demo_are_remembered_apart_and_can_be_forgotten(application: Application) -> None:
    report = check(application)
    (entry,) = application.history()
    assert (entry.commit, entry.level) == (report.snapshot.commit, report.verdict.level)
    application.switch_demo(False)
    assert application.history() == ()
    application.switch_demo(True)
    application.clear_history()
    assert application.history() == ()


@pytest.mark.usefixtures("hub")
def test_nothing_is_remembered_if_the_settings_say_so(application: Application) -> None:
    application.save_settings(replace(Settings(), keep_history=False))
    check(application)
    assert application.history() == ()


def test_leaving_the_demo_ends_its_hub(application: Application, hub: DemoHub) -> None:
    assert application.address(application.parse("lumora/Beacon-mini").repository).startswith(hub.endpoint)
    application.switch_demo(False)
    assert not application.demo
    assert application.demo_hub is None
    assert application.address(application.parse("lumora/Beacon-mini").repository).startswith("https://huggingface.co/")


def test_every_example_of_the_start_page_is_understood(application: Application) -> None:
    for address, title, story in application.examples():
        assert application.parse(address).repository.name
        assert title
        assert story
