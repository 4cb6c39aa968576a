"""The result of a check: the verdict, five tabs, and three ways on, of which leaving is the first."""

import itertools

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from core.findings import Finding, Level
from core.report import Report
from core.services import Services
from core.text import display_name, text
from gui.models import FileFilter, FileTable, prepare_files
from gui.pages.result.banner import VerdictBanner
from gui.pages.result.compare import CompareTab
from gui.pages.result.compare_views import View, count_of
from gui.pages.result.files import FilesTab
from gui.pages.result.publisher import PublisherTab
from gui.pages.result.summary import SummaryTab
from gui.pages.result.technical import TechnicalTab
from gui.tasks import Task, TaskRunner
from gui.theme import space
from gui.widgets.buttons import Button
from gui.widgets.labels import NameLabel
from gui.widgets.layouts import row
from gui.widgets.notice import NoticePanel

SUMMARY, COMPARE, FILES, PUBLISHER, TECHNICAL = range(5)
_MOST_FOR_BANNER = 0.4
"""Share of the page that the verdict may take; beyond it the reasons move into the summary."""
_HARMLESS = frozenset({Level.NONE, Level.NOTE})


class ResultPage(QWidget):
    """Shows one report. Tabs are filled when they are first looked at."""

    check_again = Signal()
    leave = Signal()
    download_requested = Signal(object)
    """The `Report`."""
    compare_with = Signal(object)
    """A `RepositoryId`, or None: compare with nothing."""
    forget_choice = Signal()
    """What to compare with was chosen in an earlier check, and is to be forgotten."""
    save_report = Signal(object)
    """The `Report`."""
    save_differences = Signal(object)
    """The `Report`."""
    ready = Signal()
    """The tab that is looked at has its content."""

    def __init__(self, services: Services, runner: TaskRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services, self._runner = services, runner
        self.report: Report | None = None
        self._table: FileTable | None = None
        self._filled: set[int] = set()
        self.banner = VerdictBanner()
        self.name = NameLabel()
        self.again = Button(text("result.check_again"), "quiet", spoken=text("result.check_again_spoken"))
        self.again.clicked.connect(self.check_again)
        self.notice = NoticePanel(closable=True)
        self.summary = SummaryTab()
        self.compare = CompareTab(services, runner)
        self.files = FilesTab()
        self.publisher = PublisherTab(services)
        self.technical = TechnicalTab(runner)
        self.tabs = self._build_tabs()
        self._build_actions()
        self._lay_out()
        self._connect()

    def show_report(self, report: Report) -> None:
        """Show another report, its verdict first."""
        self.report = report
        self._table = None
        self._filled.clear()
        self.notice.clear()
        self.name.set_name(report.snapshot.repository.name)
        self.banner.show_report(report)
        harmless = report.verdict.level in _HARMLESS
        self.leave_button.setProperty("kind", "" if harmless else "primary")
        self.leave_button.setDefault(not harmless)
        self.leave_button.style().unpolish(self.leave_button)
        self.leave_button.style().polish(self.leave_button)
        self.download_button.setEnabled(bool(report.files))
        self.tabs.setTabText(FILES, text("result.tab.files", count=len(report.files)))
        self.tabs.setCurrentIndex(TECHNICAL if self._services.settings.analyst else SUMMARY)
        self._prepare(report)
        self.banner.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_tab(self, index: int) -> None:
        """Look at a tab."""
        self.tabs.setCurrentIndex(index)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """A low window has room for the headline or for the tab, not for both and the reasons."""
        super().resizeEvent(event)
        self._fit_banner()

    def _fit_banner(self) -> None:
        self.banner.set_compact(False)
        low = self.banner.minimumHeight() > self.height() * _MOST_FOR_BANNER
        self.banner.set_compact(low or self.tabs.currentIndex() != SUMMARY)
        self.summary.show_reasons(low)

    def _build_tabs(self) -> QTabWidget:
        tabs = QTabWidget()
        tabs.setDocumentMode(True)
        for part in (tabs, tabs.tabBar()):
            part.setAccessibleName(text("result.tabs"))
        tabs.tabBar().setExpanding(False)
        names = ("summary", "compare", "files", "publisher", "technical")
        pages: tuple[QWidget, ...] = (self.summary, self.compare, self.files, self.publisher, self.technical)
        for number, (name, page) in enumerate(zip(names, pages, strict=True)):
            tabs.addTab(page, text(f"result.tab.{name}", count=0))
            shortcut = QShortcut(QKeySequence(f"Ctrl+{number + 1}"), self)
            shortcut.activated.connect(lambda number=number: self.show_tab(number))
        tabs.currentChanged.connect(self._fill)
        return tabs

    def _build_actions(self) -> None:
        self.save_button = Button(text("result.action.save"))
        self.save_button.clicked.connect(lambda: self.save_report.emit(self.report))
        self.download_button = Button(text("result.action.download"))
        self.download_button.clicked.connect(lambda: self.download_requested.emit(self.report))
        self.leave_button = Button(text("result.action.leave"), spoken=text("result.action.leave_spoken"))
        self.leave_button.clicked.connect(self.leave)
        for keys, action in (("F5", self.again), ("Ctrl+S", self.save_button)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(action.click)
        find = QShortcut(QKeySequence("Ctrl+F"), self)
        find.activated.connect(self._find)

    def _lay_out(self) -> None:
        top = QVBoxLayout()
        top.setContentsMargins(space(3), space(1.5), space(3), space(0.5))
        top.setSpacing(space(1))
        line = row((self.name, None, self.again))
        line.setStretch(0, 1)
        top.addLayout(line)
        top.addWidget(self.banner)
        top.addWidget(self.notice)
        actions = QFrame()
        actions.setObjectName("actions")
        bottom = QHBoxLayout(actions)
        bottom.setContentsMargins(space(3), space(1), space(3), space(1.5))
        bottom.addWidget(self.save_button)
        bottom.addStretch(1)
        bottom.addWidget(self.download_button)
        bottom.addWidget(self.leave_button)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(top)
        outer.addWidget(self.tabs, 1)
        outer.addWidget(actions)
        order = (self.banner, self.name, self.again, self.tabs)
        for before, after in itertools.pairwise(order):
            QWidget.setTabOrder(before, after)

    def _connect(self) -> None:
        self.compare.save_differences.connect(self.save_differences)
        self.summary.show_where.connect(self._show_where)
        self.summary.show_files.connect(self._show_files)
        self.summary.completed.connect(self.ready)
        self.compare.completed.connect(self.ready)
        self.publisher.completed.connect(self.ready)
        self.technical.completed.connect(self.ready)
        for tab in (self.compare, self.publisher):
            tab.forget_choice.connect(self.forget_choice)
        for tab in (self.compare, self.publisher):
            tab.compare_with.connect(self.compare_with)
        for slow in (self.compare, self.technical):
            slow.failed.connect(self.notice.explain)

    def _prepare(self, report: Report) -> None:
        task = Task.plain(prepare_files, report)
        task.succeeded.connect(lambda table: self._prepared(report, table))
        task.failed.connect(self.notice.explain)
        self._runner.start(task)

    def _prepared(self, report: Report, table: object) -> None:
        if self.report is report and isinstance(table, FileTable):
            self._table = table
            compared = report.comparison.inventory is not None
            words = text("result.tab.compare_count", count=sum(count_of(report, view) for view in View))
            self.tabs.setTabText(COMPARE, words if compared else text("result.tab.compare"))
            self._fill(self.tabs.currentIndex())

    def _fill(self, index: int) -> None:
        """Build a tab when it is first looked at."""
        self._fit_banner()
        report, table = self.report, self._table
        if report is None or table is None or index in self._filled:
            return
        self._filled.add(index)
        if index == SUMMARY:
            self.summary.show_report(report, table)
        elif index == FILES:
            self.files.show_report(report, table)
            self.ready.emit()
        elif index == COMPARE:
            self.compare.show_report(report)
        elif index == PUBLISHER:
            self.publisher.show_report(report)
        else:
            self.technical.show_report(report)

    def _show_where(self, finding: Finding) -> None:
        if finding.path is None:
            self.show_tab(COMPARE)
            return
        self.show_tab(FILES)
        self.files.select(finding.path)

    def _show_files(self, chosen: FileFilter) -> None:
        self.show_tab(FILES)
        self.files.set_filter(chosen)
        self.files.table.setFocus()

    def _find(self) -> None:
        self.show_tab(FILES)
        self.files.focus_filter()

    def spoken_title(self) -> str:
        """For the window's title bar: the repository's name, made harmless."""
        return display_name(self.report.snapshot.repository.name) if self.report else ""
