"""Bugs: a sentence for the person, the details for the log and for whoever is asked for help."""

import logging
import sys
import threading
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QDialog, QVBoxLayout, QWidget

from core.paths import private_folder
from core.text import text
from gui.theme import space
from gui.widgets.buttons import Button
from gui.widgets.labels import PlainLabel
from gui.widgets.layouts import row
from gui.widgets.plain_text import PlainTextView, bounded

LOG_FILE = "sallyport.log"
_LARGEST = 1 << 20
"""Bytes of one log file; two older ones are kept."""


def log_to(folder: Path) -> logging.Logger:
    """The log of the window. It holds no addresses, names of files or tokens, only what Sallyport itself did wrong."""
    log = logging.getLogger("sallyport")
    log.propagate = False
    if not log.handlers:
        try:
            file = private_folder(folder) / LOG_FILE
            handler: logging.Handler = RotatingFileHandler(file, maxBytes=_LARGEST, backupCount=2, encoding="utf-8")
        except Exception:  # noqa: BLE001  a full or read-only disk must not keep the window from opening
            handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        log.addHandler(handler)
    return log


class CrashHook(QObject):
    """Catches what nobody caught, in any thread, and says so once per kind of failure."""

    caught = Signal(str)
    """The whole traceback."""

    def __init__(self, log: logging.Logger, folder: Path, window: QWidget) -> None:
        super().__init__(window)
        self._log, self._folder, self._window = log, folder, window
        self._told: set[str] = set()
        self.dialog: CrashDialog | None = None
        self.caught.connect(self._tell)

    def install(self) -> None:
        """From now on."""
        sys.excepthook = self._uncaught
        threading.excepthook = lambda found: self._uncaught(found.exc_type, found.exc_value, found.exc_traceback)

    def remove(self) -> None:
        """Back to Python's own."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__

    def _uncaught(self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._window.close()
            return
        details = "".join(traceback.format_exception(kind, error, trace))
        self._log.error("%s", details)
        self.caught.emit(details)

    def _tell(self, details: str) -> None:
        last = details.strip().rpartition("\n")[2]
        if last in self._told or not self._window.isVisible():
            return
        self._told.add(last)
        self.dialog = CrashDialog(details, self._folder / LOG_FILE, self._window)
        self.dialog.open()


class CrashDialog(QDialog):
    """Plain words first; the details unfold, and can be copied."""

    def __init__(self, details: str, log_file: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(text("window.crash.title"))
        self._details = PlainTextView(text("window.crash.details"))
        self._details.setPlainText(bounded(details))
        self._details.hide()
        unfold = Button(text("window.crash.show"), "quiet")
        unfold.clicked.connect(lambda: self._details.setVisible(self._details.isHidden()))
        copy = Button(text("window.crash.copy"))
        copy.clicked.connect(lambda: QApplication.clipboard().setText(details))
        close = Button(text("window.crash.close"), "primary")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(space(3), space(3), space(3), space(3))
        layout.setSpacing(space(1.5))
        layout.addWidget(PlainLabel(text("window.crash.what"), role="heading"))
        layout.addWidget(PlainLabel(text("window.crash.means")))
        layout.addWidget(PlainLabel(text("window.crash.do", log=str(log_file))))
        layout.addWidget(self._details)
        layout.addLayout(row((unfold, None, copy, close)))
        self.setMinimumWidth(space(70))
