"""The only place where a card is shown with its formatting: a browser that fetches nothing and opens nothing."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QSizeF, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QTextBrowser, QWidget

from core.text import text
from gui.theme import Scheme, space, tokens
from gui.widgets.buttons import Button
from gui.widgets.labels import PlainLabel
from gui.widgets.layouts import Card, row
from gui.widgets.sheet import ROWS_AT_ONCE

_SHEET = """
body {{ color: {text}; }}
a {{ color: {accent}; }}
h1 {{ font-size: x-large; }} h2 {{ font-size: large; }} h3, h4, h5, h6 {{ font-size: medium; }}
code, pre, kbd, samp, tt {{ font-family: monospace; }}
pre {{ background-color: {raised}; white-space: pre-wrap; }}
th {{ background-color: {raised}; }}
.column {{ color: {muted}; font-weight: bold; background-color: {raised}; }}
.left-out {{ color: {muted}; background-color: {window}; }}
.head {{ font-weight: bold; background-color: {raised}; }}
.key {{ background-color: {raised}; }}
.means {{ font-weight: normal; }}
.here-block pre {{ background-color: {only_here}; }}
.original-block pre {{ background-color: {only_original}; }}
.here-block, .here-words {{ background-color: {only_here}; }}
.original-block, .original-words {{ background-color: {only_original}; }}
.nothing {{ background-color: {window}; }}
.changed-link {{ font-weight: bold; background-color: {notice}; }}
"""


_HIGH_CONTRAST = """
.here-words, .original-words { font-weight: bold; text-decoration: underline; }
"""
"""There words cannot be told apart by what lies behind them."""

_PASSED_ON = frozenset(
    {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End}
)
_ANCHOR = "difference-"


class CardView(QTextBrowser):
    """Shows a card or a comparison, piece by piece so that the window stays alive.

    It is as tall as what it shows: the page around it scrolls, so that there is one place to scroll and not two.
    It loads no resource of any kind (`requested` keeps what the text asked for, for tests and the curious),
    follows no link (`link_clicked` carries the address) and lets nothing be dragged out of it.
    """

    link_clicked = Signal(str)
    """The full address, exactly as it is in the card."""
    completed = Signal()
    """The last piece is laid out."""
    wanted = Signal(QRect, bool)
    """A place to scroll to, in its own pixels; True: to the top of the page, False: just into sight."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.requested: list[str] = []
        self._pieces: list[str] = []
        self._waiting: list[str] = []
        self._places: dict[int, int] = {}
        self._target: int | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._append_next)
        self.setAccessibleName(name)
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setUndoRedoEnabled(False)
        self.setAcceptDrops(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumHeight(space(12))
        self.anchorClicked.connect(lambda url: self.link_clicked.emit(url.toString()))
        self.document().documentLayout().documentSizeChanged.connect(self._grow)

    @property
    def busy(self) -> bool:
        """True while pieces are still to come."""
        return bool(self._waiting)

    def loadResource(self, _kind: int, name: QUrl | str) -> None:  # noqa: N802  Qt's name
        """Nothing, whatever is asked for: no picture, no style sheet, no file, no share in the network."""
        self.requested.append(name if isinstance(name, str) else name.toString())

    def show_pieces(self, pieces: Sequence[str]) -> None:
        """Replace the document by pieces of HTML from a `Sheet`."""
        self.clear()
        self.document().setDefaultStyleSheet(_style_sheet())
        self._pieces = []
        self._waiting = []
        self._places = {}
        self.add_pieces(pieces)

    def add_pieces(self, pieces: Sequence[str]) -> None:
        """Go on at the end of the document."""
        self._pieces += pieces
        self._waiting += pieces
        self._append_next()

    def jump_to(self, number: int) -> None:
        """Ask to be scrolled to a difference, at once or as soon as it is laid out."""
        self._target = number
        self._reach()

    def refresh_colours(self) -> None:
        """Show the same pieces in the colours now in force."""
        self.show_pieces(tuple(self._pieces))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802  Qt's name
        """A press on selected text starts a new selection instead of a drag of card text into other programs."""
        cursor = self.textCursor()
        if cursor.hasSelection():
            cursor.clearSelection()
            self.setTextCursor(cursor)
        super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802  Qt's name
        """No menu: its "copy link" would copy an address that nobody has looked at."""
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802  Qt's name
        """The page scrolls; sideways a wide table does."""
        if abs(event.angleDelta().x()) > abs(event.angleDelta().y()):
            super().wheelEvent(event)
        else:
            event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """The keys that scroll are the page's."""
        if event.key() in _PASSED_ON and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, following: bool) -> bool:  # noqa: N802  Qt's name
        """Tab goes from link to link; the page has to follow."""
        moved = super().focusNextPrevChild(following)
        if moved and self.textCursor().hasSelection():
            self.wanted.emit(self.cursorRect(), False)
        return moved

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Narrower means taller."""
        super().resizeEvent(event)
        self._grow(self.document().size())

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        """Larger text means taller."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.setMinimumHeight(space(12))
            self._grow(self.document().size())

    def _grow(self, size: QSizeF) -> None:
        around = self.height() - self.viewport().height()
        self.setFixedHeight(max(space(12), math.ceil(size.height()) + around))

    def _append_next(self) -> None:
        if not self._waiting:
            return
        piece = self._waiting.pop(0)
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        if not piece.startswith("<table width") and not self.document().isEmpty():
            # Qt would go on in the last paragraph with the first of the piece.
            cursor.insertBlock(QTextBlockFormat(), QTextCharFormat())
        start = cursor.position()
        cursor.insertHtml(piece)
        if piece.startswith("<table width"):
            _thin_gap(cursor)
        self._note_places(start)
        self._reach()
        if self._waiting:
            self._timer.start()
            return
        self._timer.stop()
        self.completed.emit()

    def _note_places(self, start: int) -> None:
        """Where the differences of the newest piece are."""
        block = self.document().findBlock(start)
        while block.isValid():
            for name in _anchors(block):
                if name.startswith(_ANCHOR):
                    self._places[int(name.removeprefix(_ANCHOR))] = block.position()
            block = block.next()

    def _reach(self) -> None:
        if self._target not in self._places:
            return
        cursor = QTextCursor(self.document())
        cursor.setPosition(self._places[self._target])
        self._target = None
        self._grow(self.document().size())
        self.wanted.emit(self.cursorRect(cursor), True)


class CardFrame(Card):
    """A view under the sentence that says whose words these are, and the button for the rest of a long document."""

    more = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heading = PlainLabel(role="caption")
        self.view = CardView(name)
        self.more_button = Button(kind="quiet")
        self.more_button.clicked.connect(self.more)
        self.more_button.hide()
        self.content.addWidget(self.heading)
        self.content.addWidget(self.view, 1)
        self.content.addLayout(row((self.more_button, None)))

    def set_rest(self, shown: int, total: int) -> None:
        """Offer the next part if not everything is shown."""
        self.more_button.setVisible(shown < total)
        count = max(0, min(ROWS_AT_ONCE, total - shown))
        self.more_button.set_words(text("result.card.more", count=count, total=total))


def _style_sheet() -> str:
    look = tokens()
    names = ("text", "accent", "raised", "muted", "window", "only_here", "only_original", "notice")
    sheet = _SHEET.format_map({name: getattr(look, name) for name in names})
    return sheet + _HIGH_CONTRAST if look.scheme is Scheme.HIGH_CONTRAST else sheet


def _thin_gap(cursor: QTextCursor) -> None:
    """Qt puts an empty paragraph after every table; make it one pixel high so that the pieces look like one table."""
    cursor.movePosition(QTextCursor.MoveOperation.End)
    thin = QTextBlockFormat()
    thin.setLineHeight(1, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
    cursor.setBlockFormat(thin)


def _anchors(block: QTextBlock) -> list[str]:
    names: list[str] = []
    fragments = block.begin()
    while not fragments.atEnd():
        names += fragments.fragment().charFormat().anchorNames()
        fragments += 1
    return names
