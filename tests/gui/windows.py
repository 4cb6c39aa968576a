"""The real window before services of which a test decides what a check does."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from core.application import Application
from core.errors import UserFacingError
from core.paths import folders
from core.progress import CancelToken, ProgressCallback
from core.report import Report
from core.repository import RepoReference
from core.services import OriginalChoice
from gui import theme
from gui.main_window import MainWindow
from tests.e2e.keyboard import settle, wait_until

Check = Callable[[RepoReference, CancelToken], Report]


class Services(Application):
    """The program itself, with a check of our own."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folders(folder))
        self.results: Check = no_check
        self.asked: list[str] = []

    def check(
        self, reference: RepoReference, original: OriginalChoice, progress: ProgressCallback, cancel: CancelToken
    ) -> Report:
        self.asked.append(reference.repository.name)
        return self.results(reference, cancel)


def no_check(_reference: RepoReference, _cancel: CancelToken) -> Report:
    raise AssertionError("nobody asked for this check")


def failing(message_id: str) -> Check:
    """A check that cannot be done, for a reason in words."""

    def check(reference: RepoReference, _cancel: CancelToken) -> Report:
        raise UserFacingError(message_id, name=reference.repository.name)

    return check


def broken(_reference: RepoReference, _cancel: CancelToken) -> Report:
    """A check with a bug in it."""
    raise ZeroDivisionError("secret detail")


def endless(started: threading.Event) -> Check:
    """A check that goes on until somebody stops it."""

    def check(_reference: RepoReference, cancel: CancelToken) -> Report:
        started.set()
        while True:
            cancel.check()
            cancel.wait(0.01)

    return check


def answering(report: Report) -> Check:
    """A check with this result."""
    return lambda _reference, _cancel: report


@contextmanager
def main_window(
    app: QApplication, folder: Path, scheme: str = "light", scale: float = 1
) -> Iterator[tuple[MainWindow, Services]]:
    """The window, shown and ready."""
    theme.apply(app, scheme, scale)
    services = Services(folder)
    window = MainWindow(services)
    window.show()
    window.activateWindow()
    window.begin(None)
    settle(50)
    try:
        yield window, services
    finally:
        window.close()
        wait_until(lambda: not window.runner.active, "all tasks have ended")
        window.deleteLater()
        settle(20)


def words_of(widget: QWidget) -> str:
    """All words that stand on a widget now."""
    from PySide6.QtWidgets import QAbstractButton, QLabel

    shown = [child for child in widget.findChildren(QWidget) if child.isVisibleTo(widget)]
    return "\n".join(child.text() for child in shown if isinstance(child, QLabel | QAbstractButton))
