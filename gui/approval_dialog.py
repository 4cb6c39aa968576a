"""The first door: which files, what to know, and one button that says what it does.

Draws what `services.ladder` asks for and decides nothing. Enter never approves; leaving is one key.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from core.approval import Approval, Ladder
from core.report import Report
from core.services import Services
from core.text import render, size_text, text
from gui.approval_files import FileChoice, FileChoiceView
from gui.approval_steps import StepsPanel
from gui.tasks import Task, TaskRunner
from gui.theme import column_width, space
from gui.widgets.badge import Badge
from gui.widgets.buttons import Button
from gui.widgets.labels import NameLabel, PlainLabel
from gui.widgets.layouts import Card, Column, row
from gui.widgets.notice import NoticePanel

_MOST_REFUSED = 5


class ApprovalDialog(QDialog):
    """Ends in `approved`, or in nothing at all."""

    approved = Signal(object)
    """The `Approval`."""

    def __init__(self, services: Services, runner: TaskRunner, report: Report, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._report = report
        self._analyst = services.settings.analyst
        self._free: int | None = None
        self._model = FileChoice(self)
        self.files = FileChoiceView(self._model)
        self.steps = StepsPanel()
        self._runner = runner
        self._build()
        self._ladder: Ladder | None = None
        """The answer for the present choice; None while it is being worked out."""
        self._question: Task | None = None
        self._show_title(0)
        self._answers_changed()
        self._model.changed.connect(self._choice_changed)
        self.steps.changed.connect(self._answers_changed)
        self.files.setFocus()
        runner.ask(services.ladder, report, (), self._analyst, then=self._offer, failed=self.notice.explain)
        runner.ask(_free_space, services.quarantine_folder, then=self._show_free)

    def sizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """Large enough to read, never larger than the screen."""
        room = self.screen().availableSize()
        return QSize(min(column_width(), room.width()), min(space(92), round(room.height() * 0.92)))

    @property
    def approval(self) -> Approval | None:
        """What was approved, if anything."""
        return self._approval

    def _build(self) -> None:
        self._approval: Approval | None = None
        self.title = PlainLabel(role="title")
        page = Column()
        page.content.addWidget(self.title)
        page.content.addWidget(NameLabel(self._report.snapshot.repository.name, role="heading"))
        page.content.addWidget(self._verdict())
        page.content.addWidget(PlainLabel(text("window.approval.what_happens")))
        page.content.addWidget(PlainLabel(text("window.approval.files"), role="heading"))
        page.content.addWidget(self.files)
        self.sum = PlainLabel(role="caption")
        page.content.addWidget(self.sum)
        self._refused = PlainLabel()
        self._refused.hide()
        page.content.addWidget(self._refused)
        self._before = PlainLabel(text("window.approval.before"), role="heading")
        self._before.hide()
        page.content.addWidget(self._before)
        page.content.addWidget(self.steps)
        page.content.addStretch(1)
        self.notice = NoticePanel()
        page.content.addWidget(self.notice)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(page, 1)
        whole.addWidget(self._foot())

    def _verdict(self) -> Card:
        card = Card()
        card.content.addLayout(row((Badge(self._report.verdict.level), None)))
        card.content.addWidget(PlainLabel(render(self._report.verdict.headline)))
        return card

    def _foot(self) -> QWidget:
        foot = QWidget()
        foot.setObjectName("header")
        foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.missing = PlainLabel()
        # A person who cannot see it change can come here and read it.
        self.missing.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.approve_button = Button(text("window.approval.approve"), enter=False)
        self.approve_button.clicked.connect(self._approve)
        self.cancel_button = Button(text("window.approval.cancel"))
        self.cancel_button.clicked.connect(self.reject)
        lines = QVBoxLayout(foot)
        lines.setContentsMargins(space(3), space(1.5), space(3), space(1.5))
        lines.setSpacing(space(1))
        lines.addWidget(self.missing)
        lines.addLayout(row((None, self.approve_button, self.cancel_button)))
        return foot

    def _offer(self, proposed: Ladder) -> None:
        self._model.open_with(proposed.files)
        self._choice_changed()

    def _choice_changed(self) -> None:
        """Ask anew what must be done. With 20,000 files that takes a moment, so not in this thread."""
        chosen = self._model.chosen
        self._ladder = None
        self._show_title(len(chosen))
        self._show_sum()
        self._answers_changed()
        self._question = self._runner.ask(
            self._services.ladder, self._report, chosen, self._analyst, then=self._asked, failed=self.notice.explain
        )

    def _asked(self, answer: Ladder) -> None:
        if self.sender() is not self._question:
            return  # the choice has changed since
        self._ladder = answer
        self._model.update(answer.files)
        refused = [render(file.refused) for file in answer.files if file.refused is not None]
        more = len(refused) - _MOST_REFUSED
        told = refused[:_MOST_REFUSED] + ([text("window.approval.more_refused", count=more)] if more > 0 else [])
        self._refused.setText("\n".join(told))
        self._refused.setVisible(bool(told))
        self._before.setVisible(bool(answer.steps))
        self.steps.show_steps(answer.steps)
        self.cancel_button.setDefault(answer.cancel_is_default)
        self.cancel_button.set_kind("primary" if answer.cancel_is_default else "")
        self._answers_changed()

    def _show_title(self, count: int) -> None:
        title = text("window.approval.title", count=count)
        self.title.setText(title)
        self.setWindowTitle(title)

    def _answers_changed(self) -> None:
        if self._ladder is None:
            left: tuple[str, ...] = (text("window.approval.working_out"),)
        else:
            left = self._services.missing(self._ladder, self.steps.answers)
        self.missing.setText("\n".join(left) if left else text("window.approval.ready"))
        self.approve_button.setEnabled(not left)
        self.approve_button.setAccessibleDescription("\n".join(left))

    def _show_sum(self) -> None:
        size = size_text(self._model.chosen_size)
        count = len(self._model.chosen)
        words = text("window.approval.sum", count=count, size=size)
        if self._free is not None:
            words = text("window.approval.sum_free", sum=words, free=size_text(self._free))
        self.sum.setText(words)

    def _show_free(self, free: int) -> None:
        self._free = free
        self._show_sum()

    def _approve(self) -> None:
        self.approve_button.setEnabled(False)
        self._runner.ask(
            self._services.approve,
            self._report,
            self._model.chosen,
            self.steps.answers,
            self._analyst,
            then=self._consented,
            failed=self._refuse,
        )

    def _consented(self, approval: Approval) -> None:
        self._approval = approval
        self.accept()
        self.approved.emit(approval)

    def _refuse(self, error: object) -> None:
        self._answers_changed()
        self.notice.explain(error)
        self.notice.setFocus()


def _free_space(folder: Callable[[], Path]) -> int:
    """Free bytes where the quarantine lies or will lie."""
    path = folder()
    while not path.exists() and path.parent != path:
        path = path.parent
    return shutil.disk_usage(path).free
