"""The same files on disk and on the Hub, through two kinds of readers: what is found must be the same."""

from pathlib import Path

from benchmarks.corpus import samples
from core.findings import FileResult, FileState, Level
from core.hub.session import HubSession
from core.progress import CancelToken, ignore_progress
from core.repository import RepoReference, RepositoryId, RepositoryKind
from core.scanning.engine import Target, scan
from core.scanning.local import scan_paths
from tests.demo_hub import make_account, make_repository, running_demo_hub

NAME = "some-one/everything"
EVERY = 5
"""One of so many samples; the kinds of files repeat."""


def test_on_the_hub_the_same_is_found_as_on_disk(tmp_path: Path) -> None:
    files = {
        f"{number}/{sample.path}": sample.content
        for number, sample in enumerate(samples())
        if number % EVERY == 0
        and sample.path.isascii()
        and not set(sample.path) & set('\\:*?"<>|')
        and ".." not in sample.path
    }
    for path, content in files.items():
        place = tmp_path / "disk" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    make_account(tmp_path / "hub", "some-one")
    make_repository(tmp_path / "hub", RepositoryKind.MODEL, NAME, files)
    cancel = CancelToken()
    on_disk = scan_paths([tmp_path / "disk"], ignore_progress, cancel).files
    with running_demo_hub(tmp_path / "hub") as demo, HubSession(demo.endpoint) as hub:
        snapshot = hub.snapshot(RepoReference(RepositoryId(RepositoryKind.MODEL, NAME)), ignore_progress, cancel)
        targets = [Target(file.path, file.size) for file in snapshot.files]
        on_the_hub = scan(targets, lambda path: hub.open(snapshot, path, cancel), ignore_progress, cancel)
    assert len(on_the_hub) == len(files)
    assert seen(on_the_hub) == seen(on_disk)


def seen(results: tuple[FileResult, ...]) -> dict[str, tuple[FileState, set[tuple[str, Level]]]]:
    return {one.path: (one.state, {(found.rule, found.level) for found in one.findings}) for one in results}
