"""What appears when a link of a card is clicked: where it really goes, before anything is opened."""

from urllib.parse import urlsplit

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QDialog, QVBoxLayout, QWidget

from core.text import display_name, text
from gui.theme import space
from gui.widgets.buttons import Button
from gui.widgets.labels import NameLabel, PlainLabel
from gui.widgets.layouts import row
from gui.widgets.plain_text import PlainTextView, bounded


class LinkSheet(QDialog):
    """The host, large; the full address as plain text; copy is the default, the browser a choice."""

    def __init__(self, target: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.target = target
        self.setWindowTitle(text("result.link.title"))
        self.host = NameLabel(host_of(target), role="title")
        self.address = PlainTextView(text("result.link.address"))
        self.address.setPlainText(bounded(target))
        self.address.setMaximumHeight(space(12))
        self.copy_button = Button(text("result.link.copy"), "primary")
        self.copy_button.setDefault(True)
        self.copy_button.clicked.connect(self._copy)
        self.open_button = Button(text("result.link.open"))
        self.open_button.setEnabled(urlsplit(target).scheme in {"http", "https"})
        self.open_button.clicked.connect(self._open)
        leave = Button(text("result.link.leave"))
        leave.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(space(1.5))
        layout.setContentsMargins(space(3), space(3), space(3), space(3))
        for widget in (PlainLabel(text("result.link.goes_to")), self.host, self.address):
            layout.addWidget(widget)
        layout.addWidget(PlainLabel(text("result.link.means"), role="caption"))
        layout.addLayout(row((leave, None, self.open_button, self.copy_button)))
        self.setMinimumWidth(space(60))
        self.copy_button.setFocus()

    def _copy(self) -> None:
        QApplication.clipboard().setText(self.target)
        self.accept()

    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl(self.target))
        self.accept()


def host_of(target: str) -> str:
    """The host of an address as shown, or that there is none."""
    try:
        host = urlsplit(target).hostname
    except ValueError:
        host = None
    return display_name(host) if host else text("result.link.no_host")
