"""The second door: out of the quarantine, into a folder the person chooses."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QLineEdit, QVBoxLayout, QWidget

from core.findings import Level
from core.quarantine.items import QuarantinedItem
from core.text import text
from gui.approval_steps import TypedLine
from gui.theme import column_width, space
from gui.widgets.badge import Badge
from gui.widgets.buttons import Button, Mark
from gui.widgets.cards import FindingCard
from gui.widgets.labels import NameLabel, PlainLabel
from gui.widgets.layouts import Card, Column, row

_SERIOUS = (Level.KNOWN_BAD, Level.HIGH)
_OPEN = (*_SERIOUS, Level.CAREFUL, Level.NOT_CHECKED)


class ReleaseDialog(QDialog):
    """Says what releasing does, repeats what is open, and asks where to. Enter never releases."""

    chosen = Signal(object)
    """The folder, a `Path`."""

    def __init__(self, item: QuarantinedItem, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._item = item
        title = text("window.release.title", count=len(item.files))
        self.setWindowTitle(title)
        page = Column()
        page.content.addWidget(PlainLabel(title, role="title"))
        page.content.addWidget(NameLabel(item.approval.repository.name, role="heading"))
        page.content.addWidget(PlainLabel(text("window.release.what_happens")))
        self.read: Mark | None = None
        if item.level in _OPEN:
            self._repeat_findings(page)
        self.folder = self._folder_line(page)
        page.content.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(page, 1)
        whole.addWidget(self._foot())
        self._update()
        self.folder.setFocus()

    def sizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """Large enough to read, never larger than the screen."""
        room = self.screen().availableSize()
        return QSize(min(column_width(), room.width()), min(space(76), round(room.height() * 0.92)))

    def _repeat_findings(self, page: Column) -> None:
        card = Card()
        card.content.addLayout(row((Badge(self._item.level), None)))
        card.content.addWidget(PlainLabel(text("window.release.open_findings"), role="heading"))
        for title in self._item.approval.findings:
            card.content.addWidget(PlainLabel(text("window.release.finding", title=title)))
        page.content.addWidget(card)
        for finding in self._item.findings:
            if finding.level in _OPEN:
                page.content.addWidget(FindingCard(finding, where=False))
        self.read = Mark(text("window.release.read"))
        self.read.toggled.connect(self._update)
        page.content.addWidget(self.read)

    def _folder_line(self, page: Column) -> QLineEdit:
        label = PlainLabel(text("window.release.folder"), role="heading")
        field = TypedLine()
        field.setAccessibleName(text("window.release.folder"))
        label.setBuddy(field)
        field.textChanged.connect(self._update)
        browse = Button(text("window.release.browse"))
        browse.clicked.connect(self._browse)
        line = row((field, browse))
        line.setStretch(0, 1)
        page.content.addWidget(label)
        page.content.addLayout(line)
        return field

    def _foot(self) -> QWidget:
        foot = QWidget()
        foot.setObjectName("header")
        foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.missing = PlainLabel()
        self.missing.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.release_button = Button(text("window.release.release"), enter=False)
        self.release_button.clicked.connect(self._release)
        self.cancel_button = Button(text("window.release.cancel"))
        self.cancel_button.clicked.connect(self.reject)
        serious = self._item.level in _SERIOUS
        self.cancel_button.setDefault(serious)
        self.cancel_button.set_kind("primary" if serious else "")
        lines = QVBoxLayout(foot)
        lines.setContentsMargins(space(3), space(1.5), space(3), space(1.5))
        lines.setSpacing(space(1))
        lines.addWidget(self.missing)
        lines.addLayout(row((None, self.release_button, self.cancel_button)))
        return foot

    def _browse(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, text("window.release.folder"), self.folder.text())
        if folder:
            self.folder.setText(folder)

    def _update(self) -> None:
        left = []
        if not self._folder_given():
            left.append(text("window.release.missing_folder"))
        if self.read is not None and not self.read.checked:
            left.append(text("window.release.missing_read"))
        self.missing.setText("\n".join(left) or text("window.release.ready"))
        self.release_button.setEnabled(not left)
        self.release_button.setAccessibleDescription("\n".join(left))

    def _folder_given(self) -> bool:
        return Path(self.folder.text().strip()).is_absolute()

    def _release(self) -> None:
        self.accept()
        self.chosen.emit(Path(self.folder.text().strip()))
