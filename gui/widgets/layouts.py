"""How pages are laid out: one centred column of cards, with room around them."""

from collections.abc import Iterable
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

from gui.theme import column_width, space

Box = TypeVar("Box", bound=QBoxLayout)


class Column(QScrollArea):
    """A page that scrolls: its `content` is one centred column, never wider than is good to read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setWidgetResizable(True)
        # Keys reach it through whatever has the focus inside.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer = QWidget()
        outer.setObjectName("column")
        body = QWidget()
        body.setMaximumWidth(column_width())
        across = QHBoxLayout(outer)
        across.setContentsMargins(space(3), space(3), space(3), space(4))
        across.addStretch(1)
        across.addWidget(body, 1000)
        across.addStretch(1)
        self.content = QVBoxLayout(body)
        self.content.setContentsMargins(0, 0, 0, 0)
        self.content.setSpacing(space(2))
        self.setWidget(outer)


class Card(QFrame):
    """A surface with a quiet border; `content` takes what stands on it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.content = QVBoxLayout(self)
        self.content.setContentsMargins(space(2.5), space(2), space(2.5), space(2))
        self.content.setSpacing(space(1))


def row(widgets: Iterable[QWidget | None], *, spacing: float = 1) -> QHBoxLayout:
    """Widgets side by side; None stands for the stretch between them."""
    return _filled(QHBoxLayout(), widgets, spacing)


def stack(widgets: Iterable[QWidget | None], *, spacing: float = 1) -> QVBoxLayout:
    """Widgets one below the other; None stands for the stretch between them."""
    return _filled(QVBoxLayout(), widgets, spacing)


def clear(layout: QLayout) -> None:
    """Take everything out of `layout` and let it go."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            clear(inner)


def _filled(layout: Box, widgets: Iterable[QWidget | None], spacing: float) -> Box:
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(space(spacing))
    for widget in widgets:
        if widget is None:
            layout.addStretch(1)
        else:
            layout.addWidget(widget)
    return layout
