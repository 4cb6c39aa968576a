"""From a list of files to a result for each: names at once, contents through the worker process."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from types import MappingProxyType

from core.byte_reader import ByteReader
from core.findings import Ability, FileResult, FileState, Finding
from core.progress import Cancelled, CancelToken, Progress, ProgressCallback, Step
from core.scanning import names, together
from core.scanning.content import KINDS
from core.scanning.own_rules import REMOTE_BYTES
from core.scanning.results import Answer
from core.scanning.sandbox import SILENCE_SECONDS, Sandbox, Setup, WorkerLost
from core.text import Message

MAX_SECOND_TRIES = 20
"""Files that get a worker of their own after one was lost with them; with more, something is wrong with all."""
MAX_STUCK = 3
"""Files that were waited for in vain alone; with more, nobody would wait for the others."""
LEAST_SILENCE = 25.0
"""Seconds; the time that a small file may take has passed by then."""


@dataclass(frozen=True, slots=True)
class Target:
    """A file to look at. `size` in bytes."""

    path: str
    size: int


NO_RULES: Mapping[str, str] = MappingProxyType({})
OpenFile = Callable[[str], ByteReader]


def scan(
    targets: Sequence[Target],
    open_file: OpenFile,
    progress: ProgressCallback,
    cancel: CancelToken,
    workers: int = 8,
    processes: int = 1,
    silence: float = SILENCE_SECONDS,
    *,
    together_up_to: int = 0,
    own_rules: Mapping[str, str] = NO_RULES,
    own_bytes: int = REMOTE_BYTES,
) -> tuple[FileResult, ...]:
    """Look at every file: one result per target, in the same order. Raises `Cancelled`.

    `workers` files are read at once (8 is where more stops helping over a network), parsed in `processes` worker
    processes. A reader whose `error` is set afterwards leaves its file unchecked, whatever the scanners said.
    `silence`: seconds after which a worker that says nothing is given up. `together_up_to`: bytes up to which files
    are handed over in batches, which pays where opening a file costs next to nothing. `own_rules`: rules of the
    person, see `core.scanning.own_rules`, for the first `own_bytes` of every file.
    """
    paths = tuple(target.path for target in targets)
    setup = Setup(frozenset(paths), own_rules, own_bytes)
    with ThreadPoolExecutor(1, "names") as aside:  # while the workers are busy with the contents
        named = aside.submit(names.findings, paths)
        scanned = _Scan(targets, open_file, progress, cancel, silence, setup).run(workers, processes, together_up_to)
    by_name = named.result()
    results = tuple(replace(result, findings=(*by_name.get(result.path, ()), *result.findings)) for result in scanned)
    return together.across_files(results)


class _Scan:
    """One run: the shared workers, the count for progress, and the files that lost their worker."""

    def __init__(
        self,
        targets: Sequence[Target],
        open_file: OpenFile,
        progress: ProgressCallback,
        cancel: CancelToken,
        silence: float,
        setup: Setup,
    ) -> None:
        self._targets, self._open, self._progress, self._cancel = targets, open_file, progress, cancel
        self._silence = silence
        self._setup = setup
        self._sandboxes: dict[int, Sandbox] = {}
        self._lock = threading.Lock()
        self._report_lock = threading.Lock()
        self._done = 0
        self._stuck = 0
        self._stopping = CancelToken()

    def run(self, workers: int, processes: int, together_up_to: int) -> list[FileResult]:
        """All files through the shared workers, then those that lost theirs once more alone."""
        results: list[FileResult | None] = [None] * len(self._targets)
        groups = list(_groups(self._targets, together_up_to))
        try:
            with ThreadPoolExecutor(max(1, min(workers, len(groups))), "scanning") as pool:
                try:
                    jobs = pool.map(lambda number: self._group(groups[number], number % processes), range(len(groups)))
                    for group, found in zip(groups, jobs, strict=True):
                        for index, result in zip(group, found, strict=True):
                            results[index] = result
                except BaseException:
                    self._stopping.cancel()
                    self._kill_all()
                    pool.shutdown(wait=True, cancel_futures=True)
                    raise
        finally:
            self._close_all()
        lost = [index for index, result in enumerate(results) if result is None]
        return [
            self._second_try(self._targets[index], lost.index(index)) if result is None else result
            for index, result in enumerate(results)
        ]

    def _group(self, group: Sequence[int], slot: int) -> list[FileResult | None]:
        """Small files together as far as that goes, then one by one."""
        done: list[FileResult | None] = []
        while len(group) - len(done) > 1:
            some = self._small_ones(group[len(done) :], slot)
            if not some:
                break
            done += some
        return [*done, *(self._first_try(index, slot) for index in group[len(done) :])]

    def _small_ones(self, group: Sequence[int], slot: int) -> list[FileResult]:
        """Results for the first of them; none if that cannot be had together."""
        if self._stopping.cancelled:
            raise Cancelled
        targets = [self._targets[index] for index in group]
        try:
            contents = [(target.path, self._whole(target)) for target in targets]
            answers = self._sandbox(slot).inspect_small(contents, self._cancel)
        except (OSError, WorkerLost):
            return []
        results = [_result(target, answer) for target, answer in zip(targets, answers, strict=False)]
        for result in results:
            self._count(result.path)
        return results

    def _whole(self, target: Target) -> bytes:
        file = self._open(target.path)
        try:
            return file.read(file.size)
        finally:
            file.close()

    def _first_try(self, index: int, slot: int) -> FileResult | None:
        """None if the worker was lost."""
        if self._stopping.cancelled:
            raise Cancelled
        target = self._targets[index]
        try:
            result = self._inspect(target, self._sandbox(slot))
        except WorkerLost:
            return None
        if result.reason == _NO_MEMORY:  # perhaps another file's doing
            return None
        self._count(target.path)
        return result

    def _second_try(self, target: Target, number: int) -> FileResult:
        self._cancel.check()
        self._count(target.path)
        if number >= MAX_SECOND_TRIES or self._stuck >= MAX_STUCK:
            return _not_checked(target, Message.of("scan.worker_stuck" if self._stuck else "scan.worker_died"))
        sandbox = Sandbox(self._setup, self._silence)
        try:
            return self._inspect(target, sandbox)
        except WorkerLost as problem:
            self._stuck += problem.reason == "worker_stuck"
            return _not_checked(target, Message.of(f"scan.{problem.reason}"))
        finally:
            sandbox.close()

    def _inspect(self, target: Target, sandbox: Sandbox) -> FileResult:
        try:
            file = self._open(target.path)
        except OSError as problem:
            return _not_checked(target, Message.of("scan.unreadable", problem=problem.strerror or str(problem)))
        try:
            return self._read(target, file, sandbox)
        finally:
            file.close()

    def _read(self, target: Target, file: ByteReader, sandbox: Sandbox) -> FileResult:
        answer: Answer | None = None
        try:
            answer = sandbox.inspect(target.path, file, self._cancel)
        except (Cancelled, WorkerLost):
            if file.error is None:
                raise
        except Exception:
            if file.error is None:
                raise
        self._cancel.check()
        if file.error is not None or answer is None:
            return _not_checked(target, _why(file.error), answer)
        return _result(target, answer)

    def _sandbox(self, slot: int) -> Sandbox:
        with self._lock:
            sandbox = self._sandboxes.get(slot)
            if sandbox is None or sandbox.dead:
                if sandbox is not None:
                    sandbox.close()
                    # Whoever hid one file that a reader gets stuck in may have hidden many.
                    self._silence = max(self._silence / 2, min(self._silence, LEAST_SILENCE))
                sandbox = self._sandboxes[slot] = Sandbox(self._setup, self._silence)
            return sandbox

    def _kill_all(self) -> None:
        with self._lock:
            for sandbox in self._sandboxes.values():
                sandbox.kill()

    def _close_all(self) -> None:
        with self._lock:
            for sandbox in self._sandboxes.values():
                sandbox.close()
            self._sandboxes.clear()

    def _count(self, path: str) -> None:
        with self._report_lock:
            self._done += 1
            self._progress(Progress(Step.SCANNING, self._done, len(self._targets), "files", path))


_NO_MEMORY = Message.of("scan.worker_memory")
_BATCH_FILES = 50
_BATCH_BYTES = 1 << 20


def _groups(targets: Sequence[Target], together_up_to: int) -> Iterator[list[int]]:
    """Indices of neighbouring small files in batches, every other file alone."""
    group: list[int] = []
    size = 0
    for index, target in enumerate(targets):
        small = target.size <= together_up_to
        if group and (not small or len(group) >= _BATCH_FILES or size + target.size > _BATCH_BYTES):
            yield group
            group, size = [], 0
        if small:
            group.append(index)
            size += target.size
        else:
            yield [index]
    if group:
        yield group


def _result(target: Target, answer: Answer) -> FileResult:
    ability = KINDS[answer.kind].ability
    return FileResult(
        target.path, answer.kind, ability, answer.state, answer.reason, answer.findings, answer.bytes_read
    )


def _why(error: Exception | None) -> Message:
    """The reason in words: a reader's own message if it has one, else that reading failed."""
    message_id = getattr(error, "message_id", None)
    if isinstance(message_id, str):
        return Message.of(f"{message_id}.what", **getattr(error, "values", {}))
    return Message.of("scan.unreadable", problem=str(error) if error else "")


def _not_checked(target: Target, reason: Message, answer: Answer | None = None) -> FileResult:
    """Findings made before the reader failed are kept; the file stays unchecked."""
    findings: tuple[Finding, ...] = answer.findings if answer else ()
    kind = answer.kind if answer else "unknown"
    ability = KINDS[kind].ability if answer else Ability.UNKNOWN
    return FileResult(target.path, kind, ability, FileState.NOT_CHECKED, reason, findings)
