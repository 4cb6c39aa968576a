"""How long the thread that draws is ever held up: a check of 20,000 files, every tab, the approval.

`python -m benchmarks.main_thread [FILES]` prints the longest gaps by phase; it ends with 1 if one exceeds the limit.
A timer beats every 5 ms in the event loop; a gap is the time between two beats beyond that. A watching thread notes
where the drawing thread was in a long gap. The hub runs in a process of its own, as a real one would.
"""

import os
import sys
import threading
import time
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from tempfile import TemporaryDirectory

LIMIT = 0.050
"""Seconds."""
_BEAT = 0.005


def _serve(count: int, pipe: Connection) -> None:
    from benchmarks.many_files import hub_with_many_files  # noqa: PLC0415  in the process of the hub alone

    with hub_with_many_files(count) as hub:
        pipe.send(hub.endpoint)
        pipe.recv()


@contextmanager
def hub_process(count: int) -> Iterator[str]:
    """The address of a hub with `count` files, in another process."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(count, theirs))
    process.start()
    yield ours.recv()
    ours.send("end")
    process.join()


class Heart:
    """Beats in the event loop; remembers its longest pauses by phase, and where the thread was."""

    def __init__(self) -> None:
        from PySide6.QtCore import Qt, QTimer  # noqa: PLC0415  not in the process of the hub

        self.phase = "start"
        self.gaps: defaultdict[str, list[float]] = defaultdict(list)
        self.places: list[str] = []
        self._last = time.perf_counter()
        self._main = threading.get_ident()
        self._ended = threading.Event()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(round(_BEAT * 1000))
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    def end(self) -> None:
        """No more beats."""
        self._timer.stop()
        self._ended.set()
        self._watcher.join()

    def _beat(self) -> None:
        now = time.perf_counter()
        self.gaps[self.phase].append(max(0.0, now - self._last - _BEAT))
        self._last = now

    def _watch(self) -> None:
        while not self._ended.wait(0.01):
            if time.perf_counter() - self._last > LIMIT * 0.8:
                # No name for the frame: it would keep widgets alive, and let them die in this thread.
                stack = traceback.format_stack(sys._current_frames()[self._main])
                ours = [line for line in stack if "benchmarks" not in line]
                self.places.append(f"[{self.phase}] " + (ours[-1].strip() if ours else "in Qt itself"))


def measure(endpoint: str, folder: str) -> Heart:
    """Check, look at every tab, ask for approval; all with a beating heart."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["SALLYPORT_DATA_DIR"] = folder
    from PySide6.QtCore import QEventLoop, QTimer  # noqa: PLC0415  after the environment is set
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415

    from benchmarks.many_files import NAME  # noqa: PLC0415
    from core.application import Application  # noqa: PLC0415
    from gui import theme  # noqa: PLC0415
    from gui.main_window import MainWindow  # noqa: PLC0415
    from gui.polite_threads import PoliteThreads  # noqa: PLC0415

    app = QApplication(["benchmark"])
    theme.apply(app, "light")
    window = MainWindow(Application(endpoint=endpoint))
    window.show()

    def run(milliseconds: int, until: Callable[[], bool] = lambda: False) -> None:
        loop = QEventLoop()
        timer = QTimer()
        timer.timeout.connect(lambda: loop.quit() if until() else None)
        timer.start(50)
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    with PoliteThreads(window.runner):
        run(500)
        heart = Heart()
        heart.phase = "check"
        window.start.set_address(NAME)
        window.start.check()
        run(600_000, lambda: window.stack.currentWidget() is window.result)
        heart.phase = "result"
        run(2000)
        for index, name in enumerate(("summary", "compare", "files", "publisher", "technical")):
            heart.phase = f"tab {name}"
            window.result.show_tab(index)
            run(2000)
        heart.phase = "scroll files"
        window.result.show_tab(2)
        bar = window.result.files.table.verticalScrollBar()
        for step in range(20):
            bar.setValue(bar.maximum() * step // 20)
            run(30)
        heart.phase = "approval"
        window.result.download_button.click()
        run(2500)
        heart.end()
    if window.dialog is not None:
        window.dialog.reject()
    window.close()
    return heart


def main() -> int:
    """Print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with hub_process(count) as endpoint, TemporaryDirectory(prefix="sallyport-benchmark-") as folder:
        heart = measure(endpoint, folder)
    print(f"{count:,} files; gaps of the drawing thread in ms")
    print(f"{'phase':<16}{'beats':>8}{'median':>9}{'99 %':>9}{'longest':>9}{'over limit':>12}")
    worst = 0.0
    for phase, gaps in heart.gaps.items():
        ordered = sorted(gaps)
        worst = max(worst, ordered[-1])
        over = sum(gap > LIMIT for gap in ordered)
        shown = (ordered[len(ordered) // 2], ordered[len(ordered) * 99 // 100], ordered[-1])
        print(f"{phase:<16}{len(ordered):>8}" + "".join(f"{gap * 1000:>9.1f}" for gap in shown) + f"{over:>12}")
    for place in dict.fromkeys(heart.places):
        print(f"  {heart.places.count(place):>3} x {place}")
    print(f"longest gap {worst * 1000:.1f} ms, limit {LIMIT * 1000:.0f} ms, ratio {worst / LIMIT:.2f}")
    return 1 if worst > LIMIT else 0


if __name__ == "__main__":
    sys.exit(main())
