"""Blocking work that can be left at any moment.

A name lookup, a connect or a read cannot be cancelled from another thread on every system. So such work runs in a
daemon thread while the caller waits for the result, for the person's cancel or for the deadline, whichever is first.
Work that was left behind is told so, has its connection shut, and ends by itself.
"""

import contextlib
import queue
import socket
import threading
import time
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from core.progress import CancelToken

T = TypeVar("T")
_GLANCE = 0.05
"""Seconds between looks at the cancel token."""


class DeadlinePassed(Exception):
    """The work took longer than it was given."""


class Attempt:
    """What the work is told: whether anybody still waits, and where to leave the socket it reads from."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left = False
        self._socket: socket.socket | None = None

    @property
    def left(self) -> bool:
        """True once nobody waits for the result any more."""
        return self._left

    def reads_from(self, connection: object) -> None:
        """Name the socket to shut when the work is left; shuts it at once if that has happened."""
        if isinstance(connection, socket.socket):
            with self._lock:
                self._socket = connection
                if self._left:
                    self._shut()

    def leave(self) -> None:
        """Nobody waits any more: a blocked read returns at once."""
        with self._lock:
            self._left = True
            self._shut()

    def _shut(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError, ValueError):
                self._socket.shutdown(socket.SHUT_RDWR)


class _Outcome(Generic[T]):
    """Runs `work` in a thread of its own and keeps what came of it."""

    def __init__(self, work: Callable[[Attempt], T]) -> None:
        self.attempt = Attempt()
        self.done = threading.Event()
        self.error: BaseException | None = None
        self._value: list[T] = []
        threading.Thread(target=self._run, args=(work,), name="hub request", daemon=True).start()

    def _run(self, work: Callable[[Attempt], T]) -> None:
        try:
            self._value.append(work(self.attempt))
        except BaseException as error:  # noqa: BLE001  handed to whoever waits
            self.error = error
        self.done.set()

    def value(self) -> T:
        if self.error is not None:
            raise self.error
        return self._value[0]


def interruptible(work: Callable[[Attempt], T], cancel: CancelToken, seconds: float) -> T:
    """The result of `work`. Raises `Cancelled` within a tenth of a second of a cancel, and `DeadlinePassed`."""
    cancel.check()
    deadline = time.monotonic() + seconds
    outcome = _Outcome(work)
    while not outcome.done.wait(_GLANCE):
        if cancel.cancelled or time.monotonic() > deadline:
            outcome.attempt.leave()
            cancel.check()
            raise DeadlinePassed
    return outcome.value()


def in_parallel(
    jobs: Sequence[Callable[[], T]], cancel: CancelToken, finished: Callable[[int], None], workers: int = 8
) -> list[T]:
    """Run all jobs, at most `workers` at a time; results in the order of the jobs. `finished` counts them.

    The first error of a job is raised once the other running jobs were left alone; the rest is not started.
    """
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    ended: queue.SimpleQueue[tuple[int, T | None, BaseException | None]] = queue.SimpleQueue()
    for index in range(len(jobs)):
        waiting.put(index)
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            try:
                index = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                ended.put((index, jobs[index](), None))
            except BaseException as error:  # noqa: BLE001  handed to whoever waits
                ended.put((index, None, error))

    for _ in range(min(workers, len(jobs))):
        threading.Thread(target=work, name="hub reader", daemon=True).start()
    results: dict[int, T] = {}
    try:
        while len(results) < len(jobs):
            try:
                index, value, error = ended.get(timeout=_GLANCE)
            except queue.Empty:
                cancel.check()
                continue
            if error is not None:
                raise error
            results[index] = value  # type: ignore[assignment]  # no error: the job returned it
            finished(len(results))
    finally:
        stop.set()
    return [results[index] for index in range(len(jobs))]
