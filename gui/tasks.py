"""The only bridge from core functions to signals: work runs in a thread pool, its answers arrive in the GUI thread."""

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from core.progress import Cancelled, CancelToken, Progress, ProgressCallback

THROTTLE = 0.05
"""Seconds between two reports of progress of the same step; closer ones are dropped."""

Work = Callable[[ProgressCallback, CancelToken], object]
"""A core function with everything but its last two arguments filled in."""


class Task(QObject):
    """One piece of work. Create it, connect its signals, then hand it to `TaskRunner.start`, in this order."""

    progressed = Signal(object)
    """A `Progress`."""
    succeeded = Signal(object)
    """What the work returned."""
    failed = Signal(object)
    """The exception it raised."""
    cancelled = Signal()
    finished = Signal()
    """After exactly one of the three above."""

    def __init__(self, work: Work) -> None:
        super().__init__()
        self.token = CancelToken()
        self._work = work
        self._last: Progress | None = None
        self._last_time = 0.0

    @classmethod
    def plain(cls, function: Callable[..., object], *arguments: object) -> "Task":
        """Work that neither reports progress nor can be stopped half-way."""

        def work(_progress: ProgressCallback, cancel: CancelToken) -> object:
            cancel.check()
            return function(*arguments)

        return cls(work)

    def cancel(self) -> None:
        """Ask the work to stop; `cancelled` follows when it has."""
        self.token.cancel()

    def run(self) -> None:
        """Do the work. Called in a pool thread; never touches a widget."""
        try:
            result = self._work(self._report, self.token)
        except Cancelled:
            self.cancelled.emit()
        except Exception as error:  # noqa: BLE001  every failure is shown, by whoever connected
            self.failed.emit(error)
        else:
            self.succeeded.emit(result)
        finally:
            self.finished.emit()

    def _report(self, progress: Progress) -> None:
        self.token.check()
        now = time.monotonic()
        new_step = self._last is None or self._last.step is not progress.step
        complete = progress.total is not None and progress.done >= progress.total
        if new_step or complete or now - self._last_time >= THROTTLE:
            self._last, self._last_time = progress, now
            self.progressed.emit(progress)


class _Job(QRunnable):
    def __init__(self, task: Task) -> None:
        super().__init__()
        self._task = task

    def run(self) -> None:
        self._task.run()


class TaskRunner(QObject):
    """Runs tasks and keeps them alive. The window owns it, and stops it when it closes."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        # A download, a check and a few short looks at the disk may go on at the same time.
        self._pool.setMaxThreadCount(6)
        self._tasks: set[Task] = set()

    @property
    def active(self) -> int:
        """How many tasks have not delivered their end yet."""
        return len(self._tasks)

    def start(self, task: Task) -> None:
        """Queue `task`."""
        self._tasks.add(task)
        task.finished.connect(self._forget)
        self._pool.start(_Job(task))

    def ask(
        self,
        function: Callable[..., object],
        *arguments: object,
        then: Callable[[Any], object] | None = None,
        failed: Callable[[Any], object] | None = None,
    ) -> Task:
        """Run a short function; its answer goes to `then`, an exception to `failed` (methods of QObjects, please)."""
        task = Task.plain(function, *arguments)
        if then is not None:
            task.succeeded.connect(then)
        if failed is not None:
            task.failed.connect(failed)
        self.start(task)
        return task

    def stop(self, milliseconds: int = 3000) -> bool:
        """Cancel everything and wait. False if something did not stop in time."""
        for task in self._tasks:
            task.cancel()
        self._pool.clear()
        stopped = self._pool.waitForDone(milliseconds)
        if stopped:
            self._tasks.clear()
        return stopped

    def _forget(self) -> None:
        sender = self.sender()
        if isinstance(sender, Task):
            self._tasks.discard(sender)
