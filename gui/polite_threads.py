"""Python's cyclic garbage collection, in the drawing thread alone and in small portions.

Left to itself it runs in whichever thread allocates: widgets would be destroyed in a worker thread, and one pass over a
report of 20,000 files holds up every thread for a tenth of a second.
"""

import gc
import sys
from types import TracebackType
from typing import Self

from PySide6.QtCore import QTimer

from gui.tasks import TaskRunner

_EVERY = 250
"""Milliseconds between two looks at what is new."""
_EVERYTHING = 5 * 60 * 1000 // _EVERY
"""Looks until the next complete pass, which waits until no task is running."""
_MANY = 100_000
"""New objects from which on looking through them would be noticed (about 10 ms)."""
_SWITCH = 0.0005
"""Seconds that a worker thread may compute before the drawing thread gets its turn; Python's own 5 ms add up: drawing
a dialog asks for its turn dozens of times."""


class PoliteThreads:
    """While it lasts, no other thread holds up the one that draws for long."""

    def __init__(self, runner: TaskRunner) -> None:
        self._runner = runner
        self._looks = 0
        self._timer = QTimer()
        self._timer.setInterval(_EVERY)
        self._timer.timeout.connect(self._look)
        self._switch = sys.getswitchinterval()

    def __enter__(self) -> Self:
        gc.disable()
        gc.freeze()
        sys.setswitchinterval(_SWITCH)
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.stop()
        sys.setswitchinterval(self._switch)
        gc.unfreeze()
        gc.enable()

    def _look(self) -> None:
        self._looks += 1
        if self._looks >= _EVERYTHING and not self._runner.active:
            self._looks = 0
            gc.unfreeze()
            gc.collect()
        elif gc.get_count()[0] > _MANY:
            gc.freeze()  # a large report is being made: it is looked through in the next complete pass
        else:
            gc.collect(1)
