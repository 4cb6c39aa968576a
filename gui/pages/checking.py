"""While a check runs: the five steps, how far they are, and a way to stop. No part of a result is shown early."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.progress import Progress, Step
from core.repository import RepoReference
from core.text import render, text
from gui.theme import space
from gui.widgets.buttons import Button
from gui.widgets.labels import NameLabel, PlainLabel
from gui.widgets.layouts import Card, Column
from gui.widgets.notice import NoticePanel
from gui.widgets.progress import ProgressPanel, StepList, StepState

STEPS = (Step.LISTING, Step.ORIGINAL, Step.COMPARING, Step.SCANNING, Step.REPORT)


class CheckingPage(Column):
    """Shows one running check, or why it could not be finished."""

    stop_requested = Signal()
    again_requested = Signal()
    leave_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reached = Step.LISTING
        self.content.addWidget(PlainLabel(text("window.checking.title"), role="title"))
        self._name = NameLabel(role="heading")
        self.content.addWidget(self._name)
        self._notes = PlainLabel(role="caption")
        self.content.addWidget(self._notes)
        card = Card()
        self.steps = StepList(STEPS)
        self.panel = ProgressPanel(STEPS, text("window.checking.stop"))
        self.panel.stop.connect(self.stop_requested)
        card.content.addWidget(self.steps)
        card.content.addSpacing(space(1.5))
        card.content.addWidget(self.panel)
        self.content.addWidget(card)
        self.notice = NoticePanel()
        again = Button(text("window.checking.again"), "primary")
        again.clicked.connect(self.again_requested)
        leave = Button(text("window.checking.leave"))
        leave.clicked.connect(self.leave_requested)
        self.notice.add_buttons(again, leave)
        self.content.addWidget(self.notice)
        self.content.addWidget(PlainLabel(text("window.checking.promise"), role="caption"))
        self.content.addStretch(1)

    def begin(self, reference: RepoReference) -> None:
        """Start over for this repository."""
        self._name.set_name(reference.repository.name)
        notes = " ".join(render(note) for note in reference.notes)
        self._notes.setText(notes)
        self._notes.setVisible(bool(notes))
        self.notice.clear()
        self.panel.show()
        self.panel.reset(text("window.checking.starting"))
        self.steps.reset()
        self._reach(Step.LISTING)
        self.panel.stop_button.setFocus()

    def show_progress(self, progress: Progress) -> None:
        """Draw one report."""
        if progress.step in STEPS:
            self._reach(progress.step)
        self.panel.show_progress(progress)

    def show_failure(self, error: object) -> None:
        """The check could not be finished; the step it was at says so, too."""
        self.steps.set_state(self._reached, StepState.COULD_NOT)
        self.panel.hide()
        self.notice.explain(error)
        self.notice.setFocus()

    def _reach(self, step: Step) -> None:
        self._reached = step
        self.steps.reach(step)
