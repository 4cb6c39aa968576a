"""A hub and a scanner without a network: what the quarantine is given from outside, in these tests."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from core.approval import ApprovedFile
from core.errors import UserFacingError
from core.findings import Ability, FileResult, FileState, Finding, Level
from core.progress import CancelToken, Progress, ProgressCallback, Step, ignore_progress
from core.quarantine.intake import Rescan
from core.quarantine.items import QuarantinedItem
from core.quarantine.store import Quarantine
from tests.core.approval_reports import NOW, FileSpec, approval_of, found

CONFIG = FileSpec("config.json", b'{"a": 1}')
WEIGHTS = FileSpec("sub/model.safetensors", b"weights " * 1000, lfs=True)
NOTHING = FileSpec("empty.txt", b"")
SPECS = (CONFIG, WEIGHTS, NOTHING)


class FakeHub:
    """Serves the bytes of `specs` as the real downloader does: into `<target>.part`, resuming, then a rename."""

    def __init__(self, *specs: FileSpec, step: int = 100) -> None:
        self.content = {spec.path: spec.content for spec in specs}
        self.asked: list[str] = []
        self.sent = 0
        self._step = step
        self.before_step: Callable[[str, int], None] = lambda _path, _offset: None

    def fetch(self, file: ApprovedFile, target: Path, progress: ProgressCallback, cancel: CancelToken) -> None:
        self.asked.append(file.path)
        part = target.with_name(target.name + ".part")
        content = self.content[file.path]
        with part.open("ab") as stream:
            for offset in range(stream.tell(), len(content), self._step):
                self.before_step(file.path, offset)
                cancel.check()
                self.sent += stream.write(content[offset : offset + self._step])
                stream.flush()
                progress(Progress(Step.DOWNLOADING, done=stream.tell(), unit="bytes"))
        part.replace(target)


class FakeScanner:
    """Reads every byte, finds what it was told to find."""

    def __init__(self, findings: Mapping[str, Finding] | None = None) -> None:
        self.findings = dict(findings or {})
        self.unread: set[str] = set()
        self.left_out: set[str] = set()
        self.seen: list[dict[str, bytes]] = []
        self.before: Callable[[], None] = lambda: None

    def __call__(self, paths: Mapping[Path, str], cancel: CancelToken) -> tuple[FileResult, ...]:
        cancel.check()
        self.before()
        self.seen.append({path: stored.read_bytes() for stored, path in paths.items()})
        return tuple(self._result(path) for path in paths.values() if path not in self.left_out)

    def _result(self, path: str) -> FileResult:
        state = FileState.NOT_CHECKED if path in self.unread else FileState.CHECKED
        findings = (self.findings[path],) if path in self.findings else ()
        return FileResult(path, "data", Ability.DATA, state, findings=findings)


def nothing_found() -> Rescan:
    return FakeScanner()


def worse(path: str, level: Level = Level.HIGH) -> FakeScanner:
    return FakeScanner({path: found(level, path, " new")})


def clock() -> Callable[[], datetime]:
    """Each look at it is a minute later than the one before."""

    def times() -> Iterator[datetime]:
        time = NOW
        while True:
            yield time
            time += timedelta(minutes=1)

    return times().__next__


def plenty(_folder: Path) -> int:
    return 1 << 40


def quarantine_in(folder: Path, size_limit: int | None = None) -> Quarantine:
    return Quarantine(folder, clock(), plenty, size_limit)


def stored(quarantine: Quarantine, item: QuarantinedItem, index: int = 0) -> Path:
    return quarantine.folder_of(item.id) / item.files[index].stored_as


def download(quarantine: Quarantine, hub: FakeHub | None = None, scanner: FakeScanner | None = None) -> QuarantinedItem:
    item = quarantine.add(approval_of(*SPECS))
    return go_on(quarantine, item.id, hub, scanner)


def go_on(
    quarantine: Quarantine, item_id: str, hub: FakeHub | None = None, scanner: FakeScanner | None = None
) -> QuarantinedItem:
    fetch = (hub or FakeHub(*SPECS)).fetch
    return quarantine.download(item_id, fetch, scanner or nothing_found(), ignore_progress, CancelToken())


def verify(quarantine: Quarantine, item_id: str, scanner: FakeScanner | None = None) -> QuarantinedItem:
    return quarantine.verify(item_id, scanner or nothing_found(), ignore_progress, CancelToken())


def release(quarantine: Quarantine, item_id: str, folder: Path, scanner: FakeScanner | None = None) -> QuarantinedItem:
    return quarantine.release(item_id, folder, scanner or nothing_found(), ignore_progress, CancelToken())


def tamper(path: Path, offset: int = 0) -> None:
    path.chmod(0o600)
    content = bytearray(path.read_bytes())
    content[offset] ^= 1
    path.write_bytes(content)


def refused(action: Callable[[], object]) -> str:
    with pytest.raises(UserFacingError) as error:
        action()
    assert error.value.what
    assert error.value.means
    assert error.value.do
    return error.value.message_id
