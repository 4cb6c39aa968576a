"""A panel that says what happened, what it means, and what to do; and is read aloud when it appears."""

import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from core.errors import UserFacingError
from core.text import text
from gui.theme import space
from gui.widgets.buttons import Button
from gui.widgets.labels import PlainLabel
from gui.widgets.layouts import row


class NoticePanel(QFrame):
    """Hidden until it has something to say. Takes the focus, so that it can be read again."""

    def __init__(self, parent: QWidget | None = None, *, closable: bool = False) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._parts: tuple[str, ...] = ()
        self._what = PlainLabel(role="heading")
        self._means = PlainLabel()
        self._do = PlainLabel()
        words = QVBoxLayout()
        words.setSpacing(space(0.75))
        for label in (self._what, self._means, self._do):
            words.addWidget(label)
        self._words = words
        across = QHBoxLayout(self)
        across.setContentsMargins(space(2), space(1.5), space(2), space(1.5))
        across.setSpacing(space(1))
        across.addLayout(words, 1)
        if closable:
            close = Button(text("window.notice.close"), "quiet")
            close.clicked.connect(self.clear)
            across.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def say(self, what: str, means: str = "", do: str = "", *, aloud: bool = True) -> None:
        """Show and read aloud."""
        self._parts = (what, means, do)
        for label, words in ((self._what, what), (self._means, means), (self._do, do)):
            label.setText(words)
            label.setVisible(bool(words))
        told = " ".join(part for part in (what, means, do) if part)
        self.setAccessibleName(told)
        self.show()
        if aloud:
            announce(self, told)

    def add_buttons(self, *buttons: Button) -> None:
        """Buttons that belong to the notice, below its words."""
        self._words.addLayout(row((*buttons, None)))

    def explain(self, error: object) -> None:
        """Show an error of a task. One that is not meant for people also reaches the crash hook: it is a bug."""
        if isinstance(error, UserFacingError):
            self.say(error.what, error.means, error.do)
            return
        self.say(*(text(f"window.unexpected.{part}") for part in ("what", "means", "do")))
        if isinstance(error, BaseException):
            sys.excepthook(type(error), error, error.__traceback__)

    def clear(self) -> None:
        """Nothing to say any more."""
        self.hide()

    @property
    def parts(self) -> tuple[str, ...]:
        """What `say` was given, or nothing while hidden."""
        return () if self.isHidden() else self._parts

    def told(self) -> str:
        """Everything shown, or "" while hidden."""
        return "" if self.isHidden() else self.accessibleName()


def announce(widget: QWidget, words: str) -> None:
    """Have a screen reader say `words` now."""
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, words))
