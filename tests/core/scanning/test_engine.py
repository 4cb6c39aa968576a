"""From a list of files to a result for each, with the real worker process."""

import itertools
import os
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest

from core.byte_reader import ByteReader
from core.errors import UserFacingError
from core.findings import FileResult, FileState
from core.progress import Cancelled, CancelToken, Progress, ignore_progress
from core.scanning import engine, sandbox, worker_process
from core.scanning.byte_sources import BytesFile
from core.scanning.engine import Target, scan
from core.scanning.inspection import seconds_for
from core.scanning.sandbox import Sandbox, Setup
from core.text import render

PICKLE = b"\x80\x02cposix\nsystem\nX\x04\x00\x00\x00echo\x85R."


def scan_files(files: Mapping[str, ByteReader]) -> dict[str, FileResult]:
    targets = [Target(path, file.size) for path, file in files.items()]
    results = scan(targets, files.__getitem__, ignore_progress, CancelToken())
    assert [result.path for result in results] == list(files)
    return {result.path: result for result in results}


def scan_pickle(silence: float = 10.0) -> FileResult:
    """The result for one pickle, which is opened again for a second try."""
    target = Target("a.bin", len(PICKLE))
    (result,) = scan([target], lambda _: BytesFile(PICKLE), ignore_progress, CancelToken(), silence=silence)
    return result


class BrokenFile(BytesFile):
    """Fails like a connection: once, and for good."""

    def __init__(self, data: bytes, good: int) -> None:
        super().__init__(data)
        self._good = good

    def read(self, size: int | None = -1, /) -> bytes:
        if self.error is not None:
            raise self.error
        if self.tell() + (size or 0) > self._good:
            self.error = UserFacingError("hub.unreachable", host="hub.example")
            raise self.error
        return super().read(size)


def test_every_file_gets_its_result_in_order() -> None:
    files = {f"f{number}.bin": BytesFile(PICKLE if number % 3 else b"{}") for number in range(40)}
    results = scan_files(files)
    for number, result in enumerate(results.values()):
        assert bool(result.findings) == bool(number % 3)
        assert result.state is FileState.CHECKED


def test_no_files_no_results() -> None:
    assert scan_files({}) == {}


def test_a_file_whose_bytes_stop_coming_is_not_called_read() -> None:
    whole = b"PK\x03\x04" + b"\0" * 400_000
    results = scan_files({"cut.zip": BrokenFile(whole, 70_000), "good.json": BytesFile(b"{}")})
    assert results["cut.zip"].state is FileState.NOT_CHECKED
    assert results["cut.zip"].reason is not None
    assert results["good.json"].state is FileState.CHECKED


def test_a_file_that_cannot_be_opened_is_not_called_read() -> None:
    def refuse(path: str) -> ByteReader:
        raise PermissionError(13, "Permission denied", path)

    (result,) = scan([Target("a.bin", 10)], refuse, ignore_progress, CancelToken())
    assert result.state is FileState.NOT_CHECKED
    assert result.reason is not None
    assert "Permission denied" in render(result.reason)


def test_progress_counts_every_file_once() -> None:
    seen: list[Progress] = []
    files = {f"{number}.json": BytesFile(b"{}") for number in range(12)}
    scan([Target(path, 2) for path in files], files.__getitem__, seen.append, CancelToken())
    assert [step.done for step in seen] == list(range(1, 13))
    assert all(step.total == 12 for step in seen)


class WaitingFile(BytesFile):
    """Gives nothing until somebody cancels; says when it was asked."""

    def __init__(self, cancel: CancelToken) -> None:
        super().__init__(b"x" * 100)
        self._cancel = cancel
        self.asked = threading.Event()

    def read(self, size: int | None = -1, /) -> bytes:
        self.asked.set()
        while True:
            self._cancel.check()


def test_cancel_ends_a_scan_that_waits_for_bytes() -> None:
    cancel = CancelToken()
    file = WaitingFile(cancel)

    def cancel_once_asked() -> None:
        file.asked.wait()
        cancel.cancel()

    helper = threading.Thread(target=cancel_once_asked)
    helper.start()
    with pytest.raises(Cancelled):
        scan([Target("a.bin", 100)], lambda _: file, ignore_progress, cancel)
    helper.join()


# -- a worker that misbehaves


def worker(monkeypatch: pytest.MonkeyPatch, folder: Path, body: str) -> None:
    """Replace the worker by a program of a few lines that speaks (or breaks) the protocol."""
    script = folder / "worker.py"
    root = Path(sandbox.__file__).parents[2]
    script.write_text(f"import sys\nsys.path.insert(0, {str(root)!r})\n{body}", encoding="utf-8")
    monkeypatch.setattr(worker_process, "worker_command", lambda: [sys.executable, "-I", str(script)])


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("sys.exit(1)", "scan.worker_died"),
        ("sys.stdin.buffer.read(4); sys.exit(0)", "scan.worker_died"),
        ("sys.stdout.buffer.write(b'no protocol at all' * 100); sys.stdout.flush(); sys.stdin.read()", None),
        ("sys.stdin.read()", "scan.worker_stuck"),
    ],
)
def test_a_worker_that_dies_lies_or_hangs_is_given_up_and_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, body: str, reason: str | None
) -> None:
    worker(monkeypatch, tmp_path, body)
    result = scan_pickle(silence=0.5)
    assert result.state is FileState.NOT_CHECKED
    assert result.reason is not None
    assert reason is None or result.reason.id == reason
    assert render(result.reason)


def test_many_files_that_a_worker_gets_stuck_in_are_not_waited_for_one_by_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    worker(monkeypatch, tmp_path, "sys.stdin.read()")
    command, started = worker_process.worker_command(), itertools.count()
    monkeypatch.setattr(worker_process, "worker_command", lambda: [*command, str(next(started))])
    files = [Target(f"{number}.bin", len(PICKLE)) for number in range(8)]
    results = scan(files, lambda _: BytesFile(PICKLE), ignore_progress, CancelToken(), silence=0.5)
    assert {result.reason and result.reason.id for result in results} == {"scan.worker_stuck"}
    assert next(started) <= 1 + engine.MAX_STUCK


def test_a_file_beside_one_that_takes_all_memory_is_read_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    body = f"""
import json, pathlib
from core.scanning.protocol import Frame, read_frame, write_frame
before = pathlib.Path({str(tmp_path / "before")!r})
while True:
    kind, job, payload = read_frame(sys.stdin.buffer, 1 << 30)
    if kind is Frame.JOB:
        reason = None if before.exists() else ["scan.worker_memory", {{}}]
        before.touch()
        answer = {{"kind": "json", "state": "not_checked" if reason else "checked", "reason": reason, "bytes_read": 1,
                  "findings": []}}
        write_frame(sys.stdout.buffer, Frame.RESULT, job, json.dumps(answer).encode())
        sys.stdout.flush()
"""
    worker(monkeypatch, tmp_path, body)
    assert scan_pickle().state is FileState.CHECKED


def test_a_worker_may_not_be_silent_for_minutes_and_has_time_for_what_it_may_do() -> None:
    assert seconds_for(0) < sandbox.SILENCE_SECONDS <= 60
    assert seconds_for(0) < engine.LEAST_SILENCE
    assert seconds_for(0) < seconds_for(100 << 20) <= seconds_for(1 << 40) <= 120


def test_an_answer_that_claims_more_than_the_catalogue_is_not_believed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    body = """
import json
from core.scanning.protocol import Frame, read_frame, write_frame
while True:
    kind, job, payload = read_frame(sys.stdin.buffer, 1 << 30)
    if kind is Frame.JOB:
        answer = {"kind": "json", "state": "checked", "reason": None, "bytes_read": 1, "findings": [
            {"rule": "no.such-rule", "level": "none", "certainty": "sure", "values": {}, "evidence": []}]}
        write_frame(sys.stdout.buffer, Frame.RESULT, job, json.dumps(answer).encode())
        sys.stdout.flush()
"""
    worker(monkeypatch, tmp_path, body)
    result = scan_pickle()
    assert result.state is FileState.NOT_CHECKED
    assert result.reason is not None
    assert result.reason.id == "scan.worker_nonsense"


@pytest.mark.skipif(os.name == "nt", reason="seccomp and rlimits are Linux's")
def test_the_worker_says_which_layers_protect_it() -> None:
    box = Sandbox(Setup())
    try:
        assert box.layers()
    finally:
        box.close()
