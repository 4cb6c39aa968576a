"""A download on its way into the quarantine, and how it ended."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.approval import Approval
from core.findings import LEVEL_ORDER, Level
from core.progress import Step
from core.quarantine.items import ItemState, QuarantinedItem
from core.report import Report
from core.services import Services
from core.text import size_text, text
from gui.tasks import Task, TaskRunner
from gui.widgets.badge import Badge
from gui.widgets.buttons import Button
from gui.widgets.cards import FindingCard
from gui.widgets.labels import NameLabel, PlainLabel
from gui.widgets.layouts import Card, Column, clear, row
from gui.widgets.notice import NoticePanel
from gui.widgets.progress import ProgressPanel

STEPS = (Step.DOWNLOADING, Step.VERIFYING)


class DownloadPage(Column):
    """Runs one approved download at a time."""

    quarantine_requested = Signal()
    leave_requested = Signal()
    ended = Signal()
    """The quarantine holds something else than before."""

    def __init__(self, services: Services, runner: TaskRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._runner = runner
        self._task: Task | None = None
        self._approval: Approval | None = None
        self.title = PlainLabel(role="title")
        self.content.addWidget(self.title)
        self._name = NameLabel(role="heading")
        self.content.addWidget(self._name)
        self._running = Card()
        self.panel = ProgressPanel(STEPS, text("window.download.stop"))
        self.panel.stop.connect(self._stop)
        self._running.content.addWidget(self.panel)
        self.content.addWidget(self._running)
        self.notice = NoticePanel()
        self.content.addWidget(self.notice)
        self._outcome = Card()
        self.content.addWidget(self._outcome)
        self._findings = QVBoxLayout()
        self.content.addLayout(self._findings)
        self.quarantine_button = Button(text("window.download.show_quarantine"), "primary")
        self.quarantine_button.clicked.connect(self.quarantine_requested)
        self.leave_button = Button(text("window.download.leave"))
        self.leave_button.clicked.connect(self.leave_requested)
        self.content.addLayout(row((self.quarantine_button, self.leave_button, None)))
        self.content.addStretch(1)

    @property
    def running(self) -> Approval | None:
        """The approval that is being downloaded now."""
        return self._approval if self._task is not None else None

    def begin(self, approval: Approval, report: Report) -> None:
        """Download what was approved."""
        self._approval = approval
        self.title.setText(text("window.download.title", count=len(approval.files)))
        self._name.set_name(approval.repository.name)
        self.notice.clear()
        self._outcome.hide()
        clear(self._findings)
        self._running.show()
        self.panel.reset(text("window.download.starting"))
        self._set_leaving(False)
        task = Task(partial(self._services.download, approval, report))
        task.progressed.connect(self.panel.show_progress)
        task.succeeded.connect(self._show_outcome)
        task.failed.connect(self._show_failure)
        task.cancelled.connect(self._show_stopped)
        self._task = task
        self._runner.start(task)
        self.panel.stop_button.setFocus()

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _end(self, title: str) -> None:
        self._task = None
        self._running.hide()
        self.title.setText(title)
        self._set_leaving(True)
        self.quarantine_button.setFocus()
        self.ended.emit()

    def _set_leaving(self, visible: bool) -> None:
        self.quarantine_button.setVisible(visible)
        self.leave_button.setVisible(visible)

    def _show_outcome(self, item: QuarantinedItem) -> None:
        if item.state is ItemState.FAILED:
            self._end(text("window.download.failed"))
            self.notice.say(item.problem, text("window.download.failed_means"), text("window.download.failed_do"))
            return
        self._end(text("window.download.stored"))
        content = self._outcome.content
        clear(content)
        content.addLayout(row((Badge(item.level), None)))
        size = size_text(item.total_size)
        for words in (
            text("window.download.nothing_opened", count=len(item.files), size=size),
            text("window.download.where", folder=str(self._services.quarantine_folder())),
            text("window.download.next"),
            text("window.download.get_rid"),
        ):
            content.addWidget(PlainLabel(words))
        self._outcome.show()
        worth_reading = LEVEL_ORDER.index(Level.NOTE)
        for finding in item.findings:
            if LEVEL_ORDER.index(finding.level) > worth_reading:
                self._findings.addWidget(FindingCard(finding, where=False))

    def _show_failure(self, error: object) -> None:
        self._end(text("window.download.failed"))
        self.notice.explain(error)

    def _show_stopped(self) -> None:
        self._end(text("window.download.stopped"))
        self.notice.say(text("window.download.stopped_what"), text("window.download.stopped_means"))
