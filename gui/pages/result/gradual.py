"""Builds many widgets one per turn of the event loop, so that the window answers in between."""

from collections.abc import Callable, Iterable, Iterator

from PySide6.QtCore import QObject, QTimer, Signal


class Gradual(QObject):
    """Calls a list of functions one after the other, the first at once."""

    finished = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._steps: Iterator[Callable[[], object]] = iter(())
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._next)

    def start(self, steps: Iterable[Callable[[], object]]) -> None:
        """Begin; what was still to do from before is dropped."""
        self._steps = iter(steps)
        self._timer.start()
        self._next()

    def _next(self) -> None:
        step = next(self._steps, None)
        if step is None:
            self._timer.stop()
            self.finished.emit()
            return
        step()
