"""Where a person says what to compare with: one of the candidates, an address of their own, or nothing."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from core.errors import UserFacingError
from core.repository import RepositoryId
from core.services import Services
from core.text import display_name, text
from gui.theme import space
from gui.widgets.buttons import Button
from gui.widgets.labels import NameLabel, PlainLabel
from gui.widgets.layouts import Card, row
from gui.widgets.notice import NoticePanel

_CANDIDATES = 5


class ChooseOriginal(Card):
    """A field and a few candidates. Bad input answers in place; nothing is asked of the network here."""

    chosen = Signal(object)
    """A `RepositoryId`, or None for "compare with nothing"."""

    def __init__(
        self, services: Services, others: Sequence[RepositoryId], title: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._services = services
        self.content.addWidget(PlainLabel(title, role="heading"))
        self.content.addWidget(PlainLabel(text("result.choose.means")))
        for other in others[:_CANDIDATES]:
            self.content.addLayout(self._candidate(other))
        self.field = QLineEdit()
        self.field.setAccessibleName(text("result.choose.field"))
        self.field.setPlaceholderText(text("result.choose.hint"))
        self.field.returnPressed.connect(self._parse)
        label = PlainLabel(text("result.choose.field"), role="caption")
        label.setBuddy(self.field)
        compare = Button(text("result.choose.compare"))
        compare.clicked.connect(self._parse)
        self.notice = NoticePanel()
        nothing = Button(text("result.choose.none"))
        nothing.clicked.connect(lambda: self.chosen.emit(None))
        self.content.addSpacing(space(0.5))
        self.content.addWidget(label)
        line = row((self.field, compare))
        line.setStretch(0, 1)
        self.content.addLayout(line)
        self.content.addWidget(self.notice)
        self.content.addLayout(row((nothing, None)))

    def _candidate(self, other: RepositoryId) -> QHBoxLayout:
        spoken = text("result.choose.with_spoken", name=display_name(other.name))
        button = Button(text("result.choose.compare"), spoken=spoken)
        button.clicked.connect(lambda: self.chosen.emit(other))
        line = row((NameLabel(other.name), button))
        line.setStretch(0, 1)
        return line

    def _parse(self) -> None:
        try:
            reference = self._services.parse(self.field.text())
        except UserFacingError as error:
            self.notice.explain(error)
            return
        self.notice.clear()
        self.chosen.emit(reference.repository)
