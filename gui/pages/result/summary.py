"""The findings as cards, worst first; then what was found nothing in, what was not read, and what nobody looked at."""

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.findings import Finding, Level, in_words
from core.report import Report
from core.text import display_name, render, text
from gui.models import FileFilter, FileTable
from gui.pages.result.gradual import Gradual
from gui.theme import space
from gui.widgets.badge import Badge
from gui.widgets.buttons import Button
from gui.widgets.cards import FindingCard
from gui.widgets.labels import NameLabel, PlainLabel
from gui.widgets.layouts import Card, Column, clear, row, stack

_ALONE = 2
"""More findings of one rule than this are shown as one card."""
_CARDS = 8
_NAMES = 4
_UNREAD = 6

Group = tuple[Finding, ...]


class SummaryTab(Column):
    """The second of three depths: after the sentence, before the technical details."""

    show_where = Signal(object)
    """A finding."""
    show_files = Signal(object)
    """A `FileFilter`."""
    completed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gradual = Gradual(self)
        self._gradual.finished.connect(self.completed)
        self._report: Report | None = None
        self._table: FileTable | None = None
        self._reasons: QWidget | None = None
        self._with_reasons = False

    def show_reasons(self, shown: bool) -> None:
        """Begin with the reasons for the verdict, where the banner has no room for them."""
        self._with_reasons = shown
        if self._reasons is not None:
            self._reasons.setVisible(shown)

    def show_report(self, report: Report, table: FileTable) -> None:
        """Build the cards for `report`."""
        self._report, self._table = report, table
        clear(self.content)
        self._reasons = QWidget()
        self._reasons.setLayout(stack(PlainLabel(render(reason)) for reason in report.verdict.reasons))
        self._reasons.setVisible(self._with_reasons)
        self.content.addWidget(self._reasons)
        self._gradual.start(self._steps(report, table, all_findings=False))

    def _steps(self, report: Report, table: FileTable, *, all_findings: bool) -> Iterator[Callable[[], object]]:
        groups = grouped(report.findings)
        shown = groups if all_findings else groups[:_CARDS]
        for group in shown:
            yield partial(self._add_group, group)
        if len(shown) < len(groups):
            yield partial(self._add_more_button, len(groups) - len(shown))
        if table.quiet:
            yield partial(self._add_quiet, table)
        if table.unread:
            yield partial(self._add_unread, table)
        yield partial(self._add_limits, report)

    def _add_group(self, group: Group) -> None:
        card = FindingCard(group[0], where=group[0].path is not None or group[0].rule.startswith("card."))
        card.show_where.connect(self.show_where)
        others = [found.path or "" for found in group[1:]]
        if others:
            names = ", ".join(display_name(name, 60) for name in others[:_NAMES])
            if len(others) > _NAMES:
                names = text("result.summary.and_more", names=names, count=len(others) - _NAMES)
            card.content.addWidget(PlainLabel(text("result.summary.same_rule", count=len(others), names=names)))
            spoken = text("result.summary.show_files_spoken", title=in_words(group[0]).title)
            self._add_show(card, text("result.summary.show_files"), _filter_of(group[0].level), spoken)
        self.content.addWidget(card)

    def _add_more_button(self, count: int) -> None:
        button = Button(text("result.summary.more_findings", count=count))
        button.clicked.connect(self._show_all)
        self.content.addLayout(row((button, None)))

    def _show_all(self) -> None:
        if self._report is not None and self._table is not None:
            clear(self.content)
            self._gradual.start(self._steps(self._report, self._table, all_findings=True))

    def _add_quiet(self, table: FileTable) -> None:
        card = self._card(Level.NONE, text("result.summary.none_title", count=table.quiet, total=len(table.rows)))
        card.content.addWidget(PlainLabel(text("result.summary.none_means")))
        self._add_show(card, text("result.summary.none_show"), FileFilter.ALL)

    def _add_unread(self, table: FileTable) -> None:
        card = self._card(Level.NOT_CHECKED, text("result.summary.unread_title", count=len(table.unread)))
        card.content.addWidget(PlainLabel(text("result.summary.unread_means")))
        for unread in table.unread[:_UNREAD]:
            card.content.addSpacing(space(0.5))
            card.content.addWidget(NameLabel(unread.result.path))
            if unread.result.reason is not None:
                card.content.addWidget(PlainLabel(render(unread.result.reason), role="caption"))
        if len(table.unread) > _UNREAD:
            more = text("result.summary.unread_more", count=len(table.unread) - _UNREAD)
            card.content.addWidget(PlainLabel(more, role="caption"))
        self._add_show(card, text("result.summary.unread_show"), FileFilter.NOT_CHECKED)

    def _add_limits(self, report: Report) -> None:
        card = Card()
        card.content.addWidget(PlainLabel(text("result.summary.limits_title"), role="heading"))
        limits = [render(part) for part in report.snapshot.not_read]
        limits += [
            text(f"result.summary.limit.{limit}", commit=report.snapshot.commit[:7])
            for limit in ("run", "unknown", "links", "revision")
        ]
        for limit in limits:
            card.content.addWidget(PlainLabel(limit))
        self.content.addWidget(card)
        self.content.addStretch(1)

    def _card(self, level: Level, title: str) -> Card:
        card = Card()
        card.content.addLayout(row((Badge(level), None)))
        card.content.addWidget(PlainLabel(title, role="heading"))
        self.content.addWidget(card)
        return card

    def _add_show(self, card: Card, words: str, chosen: FileFilter, spoken: str = "") -> None:
        button = Button(words, spoken=spoken)
        button.clicked.connect(lambda: self.show_files.emit(chosen))
        card.content.addSpacing(space(0.5))
        card.content.addLayout(row((button, None)))


def grouped(findings: tuple[Finding, ...]) -> list[Group]:
    """Findings as they come (worst first); many of one rule about files become one group at the first one's place."""
    by_rule: dict[tuple[str, Level], list[Finding]] = {}
    for found in findings:
        by_rule.setdefault((found.rule, found.level), []).append(found)
    groups: list[Group] = []
    for same in by_rule.values():
        together = len(same) > _ALONE and all(found.path is not None for found in same)
        groups += [tuple(same)] if together else [(found,) for found in same]
    return groups


def _filter_of(level: Level) -> FileFilter:
    if level in {Level.HIGH, Level.KNOWN_BAD}:
        return FileFilter.HIGH
    return FileFilter.CAREFUL if level is Level.CAREFUL else FileFilter.ALL
