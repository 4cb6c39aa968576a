"""Two cards side by side: who they are from, what is new in this one, then the texts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from core.comparison.results import Addition, AdditionKind, RowKind
from core.report import Report
from core.services import Services
from core.text import render, text
from gui.pages.result.choose_original import ChooseOriginal
from gui.pages.result.identities import Identities
from gui.tasks import Task, TaskRunner
from gui.theme import space
from gui.widgets.buttons import Button
from gui.widgets.card_document import ROWS_AT_ONCE, ShownRow, block_pieces, compare_pieces, numbered
from gui.widgets.card_view import CardFrame
from gui.widgets.labels import NameLabel, PlainLabel
from gui.widgets.layouts import Card, Column, clear, row
from gui.widgets.link_sheet import LinkSheet
from gui.widgets.notice import announce
from gui.widgets.plain_text import PlainTextView, bounded

_ADDITIONS = 10


@dataclass(frozen=True, slots=True)
class _Document:
    """What a task prepared: rows (none without an original) and the first pieces."""

    rows: tuple[ShownRow, ...]
    pieces: tuple[str, ...]
    total: int


class CompareTab(Column):
    """With an original: the comparison. Without one: the card alone, and the question what to compare with."""

    compare_with = Signal(object)
    completed = Signal()
    """The card is laid out as far as it is shown."""
    failed = Signal(object)
    """The exception of a task."""

    def __init__(self, services: Services, runner: TaskRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services, self._runner = services, runner
        self._report: Report | None = None
        self._document = _Document((), (), 0)
        self._shown = self._number = self.differences = 0
        self._wanted: object = None
        # The card needs all the width there is; a column for reading would be too narrow for two.
        body = self.content.parentWidget()
        if body is not None:
            body.setMaximumWidth(space(400))
        for keys, step in (("F7", -1), ("Alt+Up", -1), ("F8", 1), ("Alt+Down", 1)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(lambda step=step: self.jump(step))

    def show_report(self, report: Report) -> None:
        """Build the tab for `report`."""
        self._report = report
        clear(self.content)
        cards = report.comparison.cards
        self.differences = sum(line.kind is not RowKind.SAME for line in cards.rows) if cards else 0
        self._number = self._shown = 0
        self.frame = CardFrame(text("result.compare.view" if cards else "result.compare.view_alone"))
        self.frame.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.frame.view.link_clicked.connect(self._show_link)
        self.frame.view.completed.connect(self.completed)
        self.frame.more.connect(self._show_more)
        self.source = PlainTextView(text("result.compare.source"))
        self.source.hide()
        if report.identity.original is not None:
            self._add_comparison(report)
        else:
            self._add_question(report)
        self._add_cards(report)
        self._prepare()

    def jump(self, step: int) -> None:
        """To the next (1) or previous (-1) difference; round again at the end."""
        if not self.differences:
            return
        if self.show_source.isChecked():
            self.show_source.setChecked(False)
        # From before the first (0) one step back leads to the last.
        start = self._number or (0 if step > 0 else 1)
        self._number = (start - 1 + step) % self.differences + 1
        while self._shown < len(self._document.rows) and not self._reached(self._number):
            self._show_more()
        self.frame.view.jump_to(self._number)
        self.ensureWidgetVisible(self.frame, 0, 0)
        self._count()
        announce(self.counter, self.counter.accessibleName())

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        """The colours of the card are part of its document."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._report is not None:
            self.frame.view.refresh_colours()

    def _add_comparison(self, report: Report) -> None:
        original = report.identity.original
        if original is None:
            return
        self.content.addWidget(Identities(report.snapshot, original.snapshot, report.comparison.cards))
        if report.comparison.cards is not None:
            self.content.addWidget(_new_in_this_copy(report.comparison.cards.additions))
        else:
            self.content.addWidget(PlainLabel(text("result.compare.original_no_card")))

    def _add_question(self, report: Report) -> None:
        known = report.identity.publisher is not None
        title = "result.compare.is_original_title" if known else "result.compare.none_title"
        card = Card()
        card.content.addWidget(PlainLabel(text(title), role="heading"))
        card.content.addWidget(PlainLabel(render(report.identity.explanation)))
        self.content.addWidget(card)
        choose = ChooseOriginal(self._services, (), text("result.choose.title"))
        choose.chosen.connect(self.compare_with)
        self.content.addWidget(choose)

    def _add_cards(self, report: Report) -> None:
        for limit in report.comparison.here.limits:
            self.content.addWidget(PlainLabel(render(limit), role="caption"))
        if report.snapshot.card is None:
            self.content.addWidget(PlainLabel(text("result.compare.no_card")))
        self.only_differences = self._toggle("result.compare.only_differences")
        self.only_differences.toggled.connect(self._prepare)
        self.show_source = self._toggle("result.compare.show_source")
        self.show_source.toggled.connect(self._switch_source)
        self.previous = Button(text("result.compare.previous"))
        self.previous.clicked.connect(lambda: self.jump(-1))
        self.next = Button(text("result.compare.next"))
        self.next.clicked.connect(lambda: self.jump(1))
        self.counter = PlainLabel(role="caption", wrap=False)
        compared = report.comparison.cards is not None
        for widget in (self.only_differences, self.previous, self.next, self.counter):
            widget.setVisible(compared)
        # Two lines: at twice the size of text one would be wider than the window.
        self.content.addLayout(row((self.only_differences, self.show_source, None)))
        self.content.addLayout(row((self.counter, None, self.previous, self.next)))
        self.content.addWidget(self.frame, 1)
        self.content.addWidget(self.source, 1)
        for view in (self.frame, self.source):
            view.setMinimumHeight(space(48))
        self._count()

    def _toggle(self, words: str) -> Button:
        button = Button(text(words))
        button.setCheckable(True)
        return button

    def _prepare(self) -> None:
        """Write the document in a task; a long card is much text."""
        report = self._report
        if report is None:
            return
        cards, blocks = report.comparison.cards, report.comparison.here.blocks
        only = self.only_differences.isChecked()

        def document() -> _Document:
            if cards is None:
                return _Document((), block_pieces(blocks), len(blocks))
            rows = numbered(cards.rows, only)
            return _Document(rows, compare_pieces(rows), len(rows))

        self._start(document, self._show_document)

    def _show_document(self, document: object) -> None:
        if not isinstance(document, _Document):
            return
        self._document = document
        self._shown = min(ROWS_AT_ONCE, document.total)
        self._number = 0
        self.frame.view.show_pieces(document.pieces)
        self.frame.set_rest(self._shown, document.total)
        self._count()

    def _show_more(self) -> None:
        report = self._report
        if report is None:
            return
        if report.comparison.cards is not None:
            self.frame.view.add_pieces(compare_pieces(self._document.rows, self._shown))
        else:
            self.frame.view.add_pieces(block_pieces(report.comparison.here.blocks, self._shown))
        self._shown = min(self._shown + ROWS_AT_ONCE, self._document.total)
        self.frame.set_rest(self._shown, self._document.total)

    def _reached(self, number: int) -> bool:
        return any(line.number == number for line in self._document.rows[: self._shown])

    def _count(self) -> None:
        if not self.differences:
            words = spoken = text("result.compare.no_differences")
        elif not self._number:
            words = spoken = text("result.compare.total", count=self.differences)
        else:
            words = text("result.compare.counter", number=self._number, total=self.differences)
            spoken = text("result.compare.counter_spoken", number=self._number, total=self.differences)
        self.counter.setText(words)
        self.counter.setAccessibleName(spoken)
        self.previous.setEnabled(self.differences > 0)
        self.next.setEnabled(self.differences > 0)

    def _switch_source(self, source: bool) -> None:
        self.frame.setVisible(not source)
        self.source.setVisible(source)
        report = self._report
        if source and report is not None and not self.source.toPlainText():
            card = report.snapshot.card or ""
            self._start(lambda: bounded(card), lambda shown: self.source.setPlainText(str(shown)))

    def _start(self, work: Callable[[], object], then: Callable[[object], None]) -> None:
        report = self._report
        task = Task.plain(work)
        # A later report may be on screen by the time the work is done.
        task.succeeded.connect(lambda done: then(done) if self._report is report else None)
        task.failed.connect(self.failed)
        self._runner.start(task)

    def _show_link(self, target: str) -> None:
        LinkSheet(target, self).exec()


def _new_in_this_copy(additions: Sequence[Addition]) -> Card:
    """What was added, commands first: in a copied card this is where the harm is."""
    card = Card()
    card.content.addWidget(PlainLabel(text("result.compare.new_title"), role="heading"))
    if not additions:
        card.content.addWidget(PlainLabel(text("result.compare.new_none")))
        return card
    card.content.addWidget(PlainLabel(text("result.compare.new_means")))
    kinds = list(AdditionKind)
    order = sorted(additions, key=lambda addition: (kinds.index(addition.kind), not addition.runs))
    grid = QGridLayout()
    grid.setHorizontalSpacing(space(2))
    grid.setVerticalSpacing(space(0.5))
    grid.setColumnStretch(1, 1)
    for addition in order[:_ADDITIONS]:
        line = grid.rowCount()
        label = PlainLabel(text(f"result.compare.addition.{addition.kind}"), role="caption", wrap=False)
        grid.addWidget(label, line, 0)
        grid.addWidget(NameLabel(addition.value), line, 1)
        if addition.runs:
            runs = text("result.compare.runs", names=", ".join(addition.runs))
            grid.addWidget(PlainLabel(runs), line + 1, 1)
    card.content.addLayout(grid)
    if len(order) > _ADDITIONS:
        card.content.addWidget(PlainLabel(text("result.compare.new_more", count=len(order) - _ADDITIONS)))
    return card
