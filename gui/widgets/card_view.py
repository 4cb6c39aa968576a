"""The only place where a card is shown with its formatting: a browser that fetches nothing and opens nothing."""

from collections.abc import Sequence

from PySide6.QtCore import QTimer, QUrl, Signal
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QTextBlockFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QTextBrowser, QWidget

from core.comparison.results import Block, Row
from core.text import text
from gui.theme import tokens
from gui.widgets.buttons import Button
from gui.widgets.card_document import ROWS_AT_ONCE, anchor, block_pieces, compare_pieces, numbered
from gui.widgets.labels import PlainLabel
from gui.widgets.layouts import Card, row

_SHEET = """
body {{ color: {text}; }}
a {{ color: {accent}; }}
h1 {{ font-size: x-large; }} h2 {{ font-size: large; }} h3, h4, h5, h6 {{ font-size: medium; }}
code, pre, kbd, samp, tt {{ font-family: monospace; }}
pre {{ background-color: {raised}; white-space: pre-wrap; }}
th {{ background-color: {raised}; }}
.column {{ color: {muted}; font-weight: bold; background-color: {raised}; }}
.left-out {{ color: {muted}; background-color: {window}; }}
.differs-head, .only_here-head, .only_original-head {{ font-weight: bold; background-color: {raised}; }}
.here-block, .here-words {{ background-color: {only_here}; }}
.original-block, .original-words {{ background-color: {only_original}; }}
.nothing {{ background-color: {window}; }}
.changed-link {{ font-weight: bold; background-color: {notice}; }}
"""


class CardView(QTextBrowser):
    """Shows card blocks or the comparison table, piece by piece so that the window stays alive.

    It loads no resource of any kind (`requested` keeps what the text asked for, for tests and the curious),
    follows no link (`link_clicked` carries the address) and lets nothing be dragged out of it.
    """

    link_clicked = Signal(str)
    """The full address, exactly as it is in the card."""
    completed = Signal()
    """The last piece is laid out."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.requested: list[str] = []
        self._pieces: list[str] = []
        self._waiting: list[str] = []
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
        self.anchorClicked.connect(lambda url: self.link_clicked.emit(url.toString()))

    @property
    def busy(self) -> bool:
        """True while pieces are still to come."""
        return bool(self._waiting)

    def loadResource(self, _kind: int, name: QUrl | str) -> None:  # noqa: N802  Qt's name
        """Nothing, whatever is asked for: no picture, no style sheet, no file, no share in the network."""
        self.requested.append(name if isinstance(name, str) else name.toString())

    def show_pieces(self, pieces: Sequence[str]) -> None:
        """Replace the document by pieces of HTML from `card_document`."""
        self.clear()
        self.document().setDefaultStyleSheet(_style_sheet())
        self._pieces = []
        self._waiting = []
        self.add_pieces(pieces)

    def add_pieces(self, pieces: Sequence[str]) -> None:
        """Go on at the end of the document."""
        self._pieces += pieces
        self._waiting += pieces
        self._append_next()

    def show_blocks(self, blocks: Sequence[Block], start: int = 0, count: int = ROWS_AT_ONCE) -> None:
        """One card alone."""
        self.show_pieces(block_pieces(blocks, start, count))

    def show_rows(
        self, rows: Sequence[Row], only_differences: bool = False, start: int = 0, count: int = ROWS_AT_ONCE
    ) -> None:
        """Two cards side by side."""
        self.show_pieces(compare_pieces(numbered(rows, only_differences), start, count))

    def jump_to(self, number: int) -> None:
        """Scroll to a difference, at once or as soon as it is laid out."""
        self._target = number
        if not self._waiting:
            self._scroll()

    def refresh_colours(self) -> None:
        """Show the same pieces in the colours now in force."""
        place = self.verticalScrollBar().value()
        self.show_pieces(tuple(self._pieces))
        self.verticalScrollBar().setValue(place)

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

    def _append_next(self) -> None:
        if not self._waiting:
            return
        piece = self._waiting.pop(0)
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertHtml(piece)
        if piece.startswith("<table width"):
            _thin_gap(cursor)
        if self._waiting:
            self._timer.start()
            return
        self._timer.stop()
        self._scroll()
        self.completed.emit()

    def _scroll(self) -> None:
        if self._target is not None:
            self.scrollToAnchor(anchor(self._target))
            self._target = None


class CardFrame(Card):
    """A card view under the sentence that says whose words these are, and the button for the rest of a long card."""

    more = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heading = PlainLabel(text("result.card.heading"), role="caption")
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
    return _SHEET.format_map({name: getattr(look, name) for name in names})


def _thin_gap(cursor: QTextCursor) -> None:
    """Qt puts an empty paragraph after every table; make it one pixel high so that the pieces look like one table."""
    cursor.movePosition(QTextCursor.MoveOperation.End)
    thin = QTextBlockFormat()
    thin.setLineHeight(1, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
    cursor.setBlockFormat(thin)
