"""Long plain text: card source, JSON, a full path. Shown as it is, never as markup."""

from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from core.text import display_name

MAX_LINES = 5000
_MAX_LINE = 400
"""A run of 100,000 letters in one line takes Qt seconds to lay out; broken into pieces it takes none."""


class PlainTextView(QPlainTextEdit):
    """Read-only, fixed-width text. Tab leaves it."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setAcceptDrops(False)
        self.setAccessibleName(name)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPointSizeF(self.font().pointSizeF())
        self.setFont(font)


def bounded(source: str, lines: int = MAX_LINES) -> str:
    """`source` made harmless to look at and quick to lay out: at most `lines` lines, long ones broken. For a task."""
    shown: list[str] = []
    for line in source.expandtabs(4).splitlines():
        harmless = line if line.isascii() and line.isprintable() else display_name(line)
        shown += [harmless[at : at + _MAX_LINE] for at in range(0, len(harmless), _MAX_LINE)] or [""]
        if len(shown) >= lines:
            break
    return "\n".join(shown[:lines])
