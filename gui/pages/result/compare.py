"""Two repositories side by side: who they are from, what is new in this one, then what is in them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QRect, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from core.report import Report
from core.services import Services
from core.text import render, text
from gui.pages.result.additions import Additions
from gui.pages.result.choose_original import ChooseOriginal
from gui.pages.result.compare_tools import CompareTools, ViewSwitch
from gui.pages.result.compare_views import View, heading_of, sheet_of
from gui.pages.result.gradual import Gradual
from gui.pages.result.identities import Identities
from gui.tasks import Task, TaskRunner
from gui.theme import space
from gui.widgets.buttons import Button
from gui.widgets.card_view import CardFrame
from gui.widgets.labels import PlainLabel
from gui.widgets.layouts import Card, Column, clear, row
from gui.widgets.link_sheet import LinkSheet
from gui.widgets.notice import announce
from gui.widgets.plain_text import PlainTextView, bounded
from gui.widgets.sheet import ROWS_AT_ONCE, Sheet

_ROOM_FOR_BARS = 52
"""Height of the tab, in steps of `space`, from which on the rows of buttons stay in place while the rest scrolls."""


@dataclass(frozen=True, slots=True)
class _Part:
    """What a task wrote: pieces of a sheet up to a line."""

    sheet: Sheet
    pieces: tuple[str, ...]
    end: int


class CompareTab(QWidget):
    """With an original: the comparison. Without one: the card alone, and the question what to compare with."""

    compare_with = Signal(object)
    save_differences = Signal(object)
    """The `Report` of which the differences are to be saved."""
    forget_choice = Signal()
    """What was chosen in an earlier check is to be forgotten."""
    completed = Signal()
    """The document is laid out as far as it is shown."""
    failed = Signal(object)
    """The exception of a task."""

    def __init__(self, services: Services, runner: TaskRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services, self._runner = services, runner
        self._report: Report | None = None
        self._sheet = Sheet(())
        self._shown = self._number = 0
        self._view = View.CARD
        self._asked = 0
        """Counts what was asked of tasks: only the newest answer is shown."""
        self._writing = False
        self._place: tuple[QRect, bool] | None = None
        """Where to scroll to as soon as the page is long enough."""
        self._patience = QTimer(self, singleShot=True, interval=1000)
        self._patience.timeout.connect(self._stay)
        self._gradual = Gradual(self)
        self.switch = ViewSwitch()
        self.switch.chosen.connect(self.show_view)
        self.tools = CompareTools()
        self.frame = CardFrame(text("result.compare.view"))
        self.source = PlainTextView(text("result.compare.source"))
        self._lay_out()
        self._connect()

    @property
    def differences(self) -> int:
        """How many there are in the document that is shown."""
        return self._sheet.differences

    def show_report(self, report: Report) -> None:
        """Build the tab for `report`."""
        self._report = report
        self._view = View.CARD
        self._forget()
        clear(self._top)
        compared = report.comparison.inventory is not None
        self.switch.show_report(report)
        self.switch.setVisible(compared)
        self.source.clear()
        for toggle in (self.tools.only_differences, self.tools.show_source):
            toggle.setChecked(False)
        name = "result.compare.view" if report.comparison.cards else "result.compare.view_alone"
        self.frame.view.setAccessibleName(text(name))
        self.frame.view.show_pieces(())
        self._draw_tools()
        self._gradual.start(self._top_steps(report))
        self.column.verticalScrollBar().setValue(0)

    def show_view(self, view: View) -> None:
        """Another document, under the same identities."""
        self._view = view
        self.switch.buttons[view].setChecked(True)
        self.tools.show_source.setChecked(False)
        for part in self._cards_only:
            part.setVisible(view is View.CARD)
        self._draw_tools()
        self._prepare()
        self._scroll_to(QRect(0, 0, 1, 1), top=True)  # who asks for it wants to see it, not the identities again

    def jump(self, step: int) -> None:
        """To the next (1) or previous (-1) difference; round again at the end."""
        total = self._sheet.differences
        if not total:
            return
        self.tools.show_source.setChecked(False)
        # From before the first (0) one step back leads to the last.
        start = self._number or (0 if step > 0 else 1)
        self._number = (start - 1 + step) % total + 1
        self.frame.view.jump_to(self._number)
        needed = self._sheet.line_of(self._number) + 1
        if needed > self._shown:
            self._write_more(needed)
        self.tools.count(self._number, total)
        announce(self.tools.counter, self.tools.counter.accessibleName())

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        """The colours are part of the document."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._report is not None:
            self.frame.view.refresh_colours()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """In a low window the rows of buttons scroll with the rest."""
        super().resizeEvent(event)
        self._place_bars()

    # -- building

    def _lay_out(self) -> None:
        self.column = Column()
        # The card needs all the width there is; a column for reading would be too narrow for two.
        body = self.column.content.parentWidget()
        if body is not None:
            body.setMaximumWidth(space(400))
        self._top = QVBoxLayout()
        self._top.setSpacing(space(2))
        self._cards_only: list[QWidget] = []
        self._bar_above, self._bar_below = QFrame(), QFrame()
        self._bar_below.setObjectName("actions")
        for bar in (self._bar_above, self._bar_below):
            inner = QVBoxLayout(bar)
            inner.setContentsMargins(space(3), space(0.75), space(3), space(0.75))
        self._high: bool | None = None
        self._switch_inside, self._tools_inside = QVBoxLayout(), QVBoxLayout()
        content = self.column.content
        content.addLayout(self._switch_inside)
        content.addLayout(self._top)
        content.addLayout(self._tools_inside)
        content.addWidget(self.frame)
        content.addWidget(self.source)
        content.addStretch(1)
        self.source.setMinimumHeight(space(48))
        self.source.hide()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._bar_above)
        outer.addWidget(self.column, 1)
        outer.addWidget(self._bar_below)
        self._place_bars()

    def _connect(self) -> None:
        self.frame.view.link_clicked.connect(lambda target: LinkSheet(target, self).exec())
        self.frame.view.completed.connect(self.completed)
        self.frame.view.wanted.connect(self._scroll_to)
        self.column.verticalScrollBar().rangeChanged.connect(lambda _least, _most: self._scroll())
        self.frame.more.connect(lambda: self._write_more(self._shown + ROWS_AT_ONCE))
        tools = self.tools
        tools.only_differences.toggled.connect(lambda _on: self._prepare())
        tools.show_source.toggled.connect(self._switch_source)
        tools.copy.clicked.connect(self._copy_differences)
        tools.save.clicked.connect(lambda: self.save_differences.emit(self._report))
        tools.previous.clicked.connect(lambda: self.jump(-1))
        tools.next.clicked.connect(lambda: self.jump(1))
        for keys, step in (("F7", -1), ("Alt+Up", -1), ("F8", 1), ("Alt+Down", 1)):
            QShortcut(QKeySequence(keys), self).activated.connect(partial(self.jump, step))

    def _place_bars(self) -> None:
        high = self.height() >= space(_ROOM_FOR_BARS)
        if high is self._high:
            return
        self._high = high
        for widget, inside, bar in (
            (self.switch, self._switch_inside, self._bar_above),
            (self.tools, self._tools_inside, self._bar_below),
        ):
            place = bar.layout() if high else inside
            if place is not None:
                place.addWidget(widget)
        self._show_bars()

    def _show_bars(self) -> None:
        compared = self._report is not None and self._report.comparison.inventory is not None
        self._bar_above.setVisible(bool(self._high) and compared)
        self._bar_below.setVisible(bool(self._high))

    def _top_steps(self, report: Report) -> Iterator[Callable[[], object]]:
        """What stands above the document, part by part."""
        self._cards_only = []
        if report.identity.original is None:
            yield partial(self._add_question, report)
        else:
            yield partial(self._add_identities, report)
            yield partial(self._add_new, report)
        missing = [text("result.compare.no_card")] if report.snapshot.card is None else []
        for words in (*map(render, report.comparison.here.limits), *missing):
            yield partial(self._add_for_card, PlainLabel(words, role="caption"))
        yield self._prepare

    def _add_identities(self, report: Report) -> None:
        identities = Identities(report, self._services)
        if report.identity.remembered:
            identities.content.addWidget(PlainLabel(render(report.identity.explanation)))
            identities.content.addLayout(row((self._forget_button(), None)))
        self._top.addWidget(identities)

    def _add_new(self, report: Report) -> None:
        cards = report.comparison.cards
        if cards is None:
            self._add_for_card(PlainLabel(text("result.compare.original_no_card")))
        else:
            self._add_for_card(Additions(cards.additions, cards.additions_left_out))

    def _add_for_card(self, part: QWidget) -> None:
        """Something that is about the card alone."""
        self._top.addWidget(part)
        part.setVisible(self._view is View.CARD)
        self._cards_only.append(part)

    def _add_question(self, report: Report) -> None:
        known = report.identity.publisher is not None
        card = Card()
        title = "result.compare.is_original_title" if known else "result.compare.none_title"
        card.content.addWidget(PlainLabel(text(title), role="heading"))
        card.content.addWidget(PlainLabel(render(report.identity.explanation)))
        if report.identity.remembered:
            card.content.addLayout(row((self._forget_button(), None)))
        self._top.addWidget(card)
        choose = ChooseOriginal(self._services, (), text("result.choose.title"))
        choose.chosen.connect(self.compare_with)
        self._top.addWidget(choose)

    def _forget_button(self) -> Button:
        forget = Button(text("result.publisher.forget"))
        forget.clicked.connect(self.forget_choice)
        return forget

    # -- the document

    def _forget(self) -> None:
        self._sheet = Sheet(())
        self._shown = self._number = 0
        self._writing = False
        self._place = None

    def _draw_tools(self) -> None:
        report = self._report
        if report is not None:
            comparison = report.comparison
            self.tools.offer(self._view, compared=comparison.cards is not None, listed=comparison.inventory is not None)
            self.frame.heading.setText(heading_of(report, self._view))
            self._show_bars()

    def _prepare(self) -> None:
        """Write the beginning of the document in a task; a long one is much text."""
        report, view = self._report, self._view
        if report is None:
            return
        only = self.tools.only_differences.isChecked()

        def beginning() -> _Part:
            sheet = sheet_of(report, view, only)
            return _Part(sheet, sheet.pieces(), min(ROWS_AT_ONCE, len(sheet.lines)))

        self._forget()
        self._ask(beginning, self._show_beginning)

    def _show_beginning(self, part: object) -> None:
        if isinstance(part, _Part):
            self._sheet, self._shown = part.sheet, part.end
            self.frame.view.show_pieces(part.pieces)
            self.frame.view.setVisible(bool(part.sheet.lines))
            self.frame.set_rest(self._shown, len(self._sheet.lines))
            self.tools.count(0, self._sheet.differences)

    def _write_more(self, needed: int) -> None:
        sheet, start = self._sheet, self._shown
        end = min(len(sheet.lines), max(needed, start + ROWS_AT_ONCE))
        if self._writing or end <= start:
            return
        self._writing = True
        self._ask(lambda: _Part(sheet, sheet.pieces(start, end - start), end), self._show_more)

    def _show_more(self, part: object) -> None:
        self._writing = False
        if isinstance(part, _Part):
            self._shown = part.end
            self.frame.view.add_pieces(part.pieces)
            self.frame.set_rest(self._shown, len(self._sheet.lines))

    def _switch_source(self, source: bool) -> None:
        self.frame.setVisible(not source)
        self.source.setVisible(source)
        report = self._report
        if source and report is not None and not self.source.toPlainText():
            card = report.snapshot.card or ""
            task = Task.plain(bounded, card)
            task.succeeded.connect(lambda shown: self.source.setPlainText(shown) if self._report is report else None)
            task.failed.connect(self.failed)
            self._runner.start(task)

    def _scroll_to(self, place: QRect, top: bool) -> None:
        """After the layout knows how tall the document has become."""
        self._place = (place, top)
        self._patience.start()
        QTimer.singleShot(0, self, self._scroll)

    def _scroll(self) -> None:
        inside = self.column.widget()
        if inside is None or self._place is None:
            return
        place, top = self._place
        where = self.frame.view.mapTo(inside, place.topLeft())
        if top:
            bar, wanted = self.column.verticalScrollBar(), where.y() - self.column.viewport().height() // 6
            bar.setValue(wanted)
            if wanted > bar.maximum():
                return  # the page has not grown so far yet: again when it has
        else:
            self.column.ensureVisible(where.x(), where.y() + place.height() // 2, 0, space(6))
        self._place = None

    def _copy_differences(self) -> None:
        report = self._report
        if report is not None:
            task = self._runner.ask(self._services.differences_text, report, then=self._copied)
            task.failed.connect(self.failed)

    def _copied(self, words: str) -> None:
        QApplication.clipboard().setText(words)
        announce(self, text("window.copied"))

    def _stay(self) -> None:
        """Whoever has scrolled on since is not pulled back."""
        self._place = None

    def _ask(self, work: Callable[[], object], then: Callable[[object], None]) -> None:
        self._asked += 1
        asked = self._asked
        task = Task.plain(work)
        # A later report or another document may be on screen by the time the work is done.
        task.succeeded.connect(lambda done: then(done) if self._asked == asked else None)
        task.failed.connect(self.failed)
        self._runner.start(task)
