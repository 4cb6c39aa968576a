"""Buttons and marks that take any words, wrap them, and answer to Enter as well as Space."""

from typing import Literal

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QHBoxLayout, QPushButton, QRadioButton, QWidget

from gui.theme import space
from gui.widgets.labels import PlainLabel

Kind = Literal["", "primary", "quiet", "navigation", "banner", "row"]


class Button(QPushButton):
    """A push button without a mnemonic. `spoken` is its accessible name where the words alone do not tell enough.

    Enter presses it too, unless `enter` is False. It is never the default button of a dialog by accident.
    """

    def __init__(
        self, words: str = "", kind: Kind = "", *, spoken: str = "", enter: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._enter = enter
        self.setProperty("kind", kind)
        self.setAutoDefault(False)
        self.set_words(words, spoken)

    def set_words(self, words: str, spoken: str = "") -> None:
        """Other words on the same button."""
        self.setText(words.replace("&", "&&"))
        self.setAccessibleName(spoken or words)

    def set_kind(self, kind: Kind) -> None:
        """Another look."""
        if self.property("kind") != kind:
            self.setProperty("kind", kind)
            self.style().unpolish(self)
            self.style().polish(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """Enter does what Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._enter:
                self.click()
            return
        super().keyPressEvent(event)


class RowButton(Button):
    """A whole card to press. Whatever is laid out in it leaves the mouse to it."""

    def __init__(self, spoken: str, parent: QWidget | None = None) -> None:
        super().__init__("", "row", spoken=spoken, parent=parent)

    def sizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """As large as what is in it."""
        layout = self.layout()
        return layout.sizeHint() if layout else super().sizeHint()

    def minimumSizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """As small as what is in it can be."""
        layout = self.layout()
        return layout.minimumSize() if layout else super().minimumSizeHint()

    def hasHeightForWidth(self) -> bool:  # noqa: N802  Qt's name
        """Wrapped text makes it taller."""
        layout = self.layout()
        return layout is not None and layout.hasHeightForWidth()

    def heightForWidth(self, width: int) -> int:  # noqa: N802  Qt's name
        """Height of what is in it."""
        layout = self.layout()
        return layout.heightForWidth(width) if layout else super().heightForWidth(width)


class Mark(QWidget):
    """A tick box, or one of several choices, whose words wrap (Qt's own are cut off at the edge)."""

    toggled = Signal(bool)

    def __init__(self, words: str, *, choice: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.button: QAbstractButton = QRadioButton() if choice else QCheckBox()
        self.button.setAccessibleName(words)
        self.button.toggled.connect(self.toggled)
        self.label = PlainLabel(words)
        self.setFocusProxy(self.button)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(space(1))
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.label, 1)

    @property
    def checked(self) -> bool:
        """Ticked or chosen."""
        return self.button.isChecked()

    def set_checked(self, checked: bool) -> None:
        """Tick or choose."""
        self.button.setChecked(checked)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802  Qt's name
        """The words belong to the box."""
        if self.rect().contains(event.position().toPoint()):
            self.button.click()
