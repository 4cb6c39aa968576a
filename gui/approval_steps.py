"""The rungs of the approval ladder as things to tick, choose and type."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QVBoxLayout, QWidget

from core.approval import REASONS, Answers, RequiredStep, StepKind
from core.text import render, text
from gui.theme import space
from gui.widgets.buttons import Mark
from gui.widgets.labels import PlainLabel
from gui.widgets.layouts import clear


class TypedLine(QLineEdit):
    """A line to type into. Enter goes on to the next thing: it neither approves nor leaves."""

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """Enter moves on."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.focusNextChild()
            return
        super().keyPressEvent(event)


class StepsPanel(QWidget):
    """All rungs, and what the person did about them so far. Answers stay while the rungs change around them."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: tuple[RequiredStep, ...] = ()
        self._ticked: set[str] = set()
        self._typed: dict[str, str] = {}
        self._reason = ""
        self._reasons = QButtonGroup(self)
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(space(1.25))

    @property
    def answers(self) -> Answers:
        """What was ticked, chosen and typed."""
        return Answers(frozenset(self._ticked), self._reason, dict(self._typed))

    def show_steps(self, steps: tuple[RequiredStep, ...]) -> None:
        """Draw these rungs; the same ones are left as they stand."""
        if steps == self._steps:
            return
        self._steps = steps
        clear(self._lines)
        for step in steps:
            match step.kind:
                case StepKind.READ:
                    self._lines.addWidget(self._tick(step))
                case StepKind.REASON:
                    self._add_reasons(step)
                case StepKind.ACCOUNT | StepKind.DIGEST:
                    self._add_line(step)
        self.setVisible(bool(steps))

    def _tick(self, step: RequiredStep) -> Mark:
        mark = Mark(render(step.prompt))
        mark.set_checked(step.id in self._ticked)
        mark.toggled.connect(lambda on: self._set_ticked(step.id, on))
        return mark

    def _set_ticked(self, step_id: str, ticked: bool) -> None:
        (self._ticked.add if ticked else self._ticked.discard)(step_id)
        self.changed.emit()

    def _add_reasons(self, step: RequiredStep) -> None:
        prompt = render(step.prompt)
        self._lines.addWidget(PlainLabel(prompt))
        self._reasons = QButtonGroup(self)
        for reason in REASONS:
            words = text(f"approval.reason.{reason}")
            mark = Mark(words, choice=True)
            mark.button.setAccessibleDescription(prompt)
            mark.set_checked(reason == self._reason)
            mark.toggled.connect(lambda on, reason=reason: self._set_reason(reason, on))
            self._reasons.addButton(mark.button)
            self._lines.addWidget(mark)

    def _set_reason(self, reason: str, chosen: bool) -> None:
        if chosen:
            self._reason = reason
            self.changed.emit()

    def _add_line(self, step: RequiredStep) -> None:
        label = PlainLabel(render(step.prompt))
        line = TypedLine(self._typed.get(step.id, ""))
        line.setAccessibleName(label.plain_text())
        label.setBuddy(line)
        line.textChanged.connect(lambda typed: self._set_typed(step.id, typed))
        self._lines.addWidget(label)
        self._lines.addWidget(line)

    def _set_typed(self, step_id: str, typed: str) -> None:
        self._typed[step_id] = typed
        self.changed.emit()
