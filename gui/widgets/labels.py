"""Labels that can only show plain text.

Qt's own label guesses rich text, and then opens pictures and network paths named in it
(`weights <img src="//host/share">.bin` is enough). These never do.
"""

import re
from typing import Literal

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QLabel, QSizePolicy, QWidget

from core.text import display_name

Role = Literal["body", "title", "heading", "caption"]

_BREAK = "\u200b"
"""A place to break a line that takes no room. Repository text cannot bring its own: `display_name` shows those."""
_LONG_RUN = re.compile(r"\S{25,}")
_PIECE = 12


class PlainLabel(QLabel):
    """Our own words. Wraps anywhere if it must, so that no long name can push the window wide."""

    def __init__(
        self, text: str = "", *, wrap: bool = True, selectable: bool = False, role: Role = "body",
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        super().setTextFormat(Qt.TextFormat.PlainText)
        self._plain = ""
        self._selectable = selectable
        self.setProperty("role", role)
        self.setWordWrap(wrap)
        if wrap:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        if selectable:
            self.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
        self.setText(text)

    def setText(self, text: str) -> None:  # noqa: N802  Qt's name
        """Show `text`, never as markup."""
        self._plain = text
        # What can be selected is copied, and a copied address must not carry invisible characters.
        breakable = self.wordWrap() and not self._selectable
        super().setText(_with_breaks(text) if breakable else text)
        self.setAccessibleName(text)

    def plain_text(self) -> str:
        """The text as set, without the places to break."""
        return self._plain

    def setTextFormat(self, text_format: Qt.TextFormat) -> None:  # noqa: N802  Qt's name
        """Only plain text; anything else raises `ValueError`."""
        if text_format is not Qt.TextFormat.PlainText:
            raise ValueError("only plain text is shown here")


class NameLabel(QLabel):
    """One name from a repository: made harmless, in one line, shortened in the middle when there is no room.

    A shortened name can be opened (focus it and press Space or Enter, or click it) and then wraps
    over as many lines as it needs. Screen readers always get the whole name. Ctrl+C copies what is shown.
    Inside a button (`interactive` False) it only shortens.
    """

    def __init__(
        self, name: str = "", *, role: Role = "body", interactive: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        super().setTextFormat(Qt.TextFormat.PlainText)
        self._full = ""
        self._open = False
        self._interactive = interactive
        if not interactive:
            self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.set_name(name)

    def set_name(self, name: str) -> None:
        """Show another name."""
        self._full = display_name(name)
        self.setAccessibleName(self._full)
        self._open = False
        self._lay_out()

    def full_text(self) -> str:
        """The whole name as shown when opened."""
        return self._full

    @property
    def elided(self) -> bool:
        """True if the name does not fit in one line."""
        return self.fontMetrics().horizontalAdvance(self._full) > self.contentsRect().width()

    def setTextFormat(self, text_format: Qt.TextFormat) -> None:  # noqa: N802  Qt's name
        """Only plain text; anything else raises `ValueError`."""
        if text_format is not Qt.TextFormat.PlainText:
            raise ValueError("only plain text is shown here")

    def sizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """Room for the whole name in one line; opened, Qt's own answer for wrapped text."""
        if self._open:
            return super().sizeHint()
        margins = self.contentsMargins()
        width = self.fontMetrics().horizontalAdvance(self._full) + 2 + margins.left() + margins.right()
        return QSize(width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """A dozen letters: the rest gives way."""
        shortest = min(self.fontMetrics().averageCharWidth() * 12, self.sizeHint().width())
        return QSize(shortest, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Shorten anew."""
        super().resizeEvent(event)
        self._lay_out()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        """A new font needs other room."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._lay_out()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """Space and Enter open and close; Ctrl+C copies."""
        if event.matches(QKeySequence.StandardKey.Copy):
            QApplication.clipboard().setText(self._full)
        elif event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter) and (self._open or self.elided):
            self._toggle()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802  Qt's name
        """A click does what Space does; on a name that fits, it belongs to whatever lies behind."""
        if self._open or self.elided:
            self._toggle()
        else:
            super().mouseReleaseEvent(event)

    def _toggle(self) -> None:
        self._open = not self._open
        self._lay_out()
        self.updateGeometry()

    def _lay_out(self) -> None:
        self.setWordWrap(self._open)
        if self._open:
            self.setText(_with_breaks(self._full))
            return
        elided = self.elided
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if elided and self._interactive else Qt.FocusPolicy.NoFocus)
        width = self.contentsRect().width()
        shown = self.fontMetrics().elidedText(self._full, Qt.TextElideMode.ElideMiddle, width)
        self.setText(shown if elided else self._full)


def _with_breaks(text: str) -> str:
    """Allow a line break inside long runs without blanks."""

    def broken(run: re.Match[str]) -> str:
        return _BREAK.join(run.group()[at : at + _PIECE] for at in range(0, len(run.group()), _PIECE))

    return _LONG_RUN.sub(broken, text)
