"""What was added to a copied card: commands first, then links, then files. This is where the harm is."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from core.comparison.results import Addition, AdditionKind
from core.text import render, text
from gui.theme import space
from gui.widgets.buttons import Button
from gui.widgets.labels import NameLabel, PlainLabel
from gui.widgets.layouts import Card, row

_FIRST = 8
_AT_ONCE = 20
"""More are added on request, so many at a time that the window does not stall."""


class Additions(Card):
    """One line each: what it is, the text as it stands there, what it would do."""

    def __init__(self, additions: Sequence[Addition], left_out: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        kinds = list(AdditionKind)
        self._order = sorted(additions, key=lambda one: kinds.index(one.kind))
        self._shown = 0
        self.content.addWidget(PlainLabel(text("result.compare.new_title"), role="heading"))
        self.content.addWidget(PlainLabel(text("result.compare.new_means" if additions else "result.compare.new_none")))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(space(2))
        self._grid.setVerticalSpacing(space(0.25))
        self._grid.setColumnStretch(1, 1)
        self.content.addLayout(self._grid)
        self.more = Button(kind="quiet")
        self.more.clicked.connect(lambda: self._show(_AT_ONCE))
        self.content.addLayout(row((self.more, None)))
        if left_out:
            self.content.addWidget(PlainLabel(text("result.compare.new_left_out", count=left_out), role="caption"))
        self._show(_FIRST)

    def _show(self, count: int) -> None:
        for addition in self._order[self._shown : self._shown + count]:
            self._add(addition)
        self._shown = min(self._shown + count, len(self._order))
        rest = len(self._order) - self._shown
        self.more.setVisible(rest > 0)
        self.more.set_words(text("result.compare.new_more", count=min(_AT_ONCE, rest), total=len(self._order)))

    def _add(self, addition: Addition) -> None:
        label = PlainLabel(text(f"result.compare.addition.{addition.kind}"), role="caption", wrap=False)
        value = NameLabel(addition.value)
        value.setProperty("kind", "quoted")
        said: list[QWidget] = [PlainLabel(render(note)) for note in addition.notes]
        if addition.runs and not addition.notes:
            said.append(PlainLabel(text("result.compare.runs", names=", ".join(addition.runs))))
        self._line(label, value)
        for note in said:
            self._line(None, note)
        self._grid.setRowMinimumHeight(self._grid.rowCount(), space(0.75))

    def _line(self, label: QWidget | None, said: QWidget) -> None:
        line = self._grid.rowCount()
        if label is not None:
            self._grid.addWidget(label, line, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(said, line, 1)
