"""How far a task is: the steps, a bar, the amount in words, and a way to stop."""

from enum import StrEnum

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from core.progress import Progress, Step
from core.text import text
from gui.theme import space, tokens
from gui.widgets.buttons import Button
from gui.widgets.labels import NameLabel, PlainLabel
from gui.widgets.notice import announce
from gui.words import Pace, amount, step_name

_FULL = 1000


class StepState(StrEnum):
    """How a step stands."""

    WAITING = "waiting"
    NOW = "now"
    DONE = "done"
    COULD_NOT = "could_not"


class _Dot(QWidget):
    """Hollow: waiting. Dotted: now. Filled: over. Struck out: could not. Never a tick, for it judges nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.state = StepState.WAITING
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802  Qt's name
        side = self.fontMetrics().height()
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  Qt's name
        look = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        waiting = self.state is StepState.WAITING
        ink = QColor(look.strong_border if waiting else look.text if self.state is StepState.COULD_NOT else look.accent)
        line = self.height() / 9
        ring = QRectF(self.rect()).adjusted(line * 1.5, line * 1.5, -line * 1.5, -line * 1.5)
        painter.setPen(QPen(ink, line))
        if self.state is StepState.DONE:
            painter.setBrush(ink)
        painter.drawEllipse(ring)
        if self.state is StepState.NOW:
            painter.setBrush(ink)
            inner = ring.width() / 3.2
            painter.drawEllipse(ring.adjusted(inner, inner, -inner, -inner))
        elif self.state is StepState.COULD_NOT:
            painter.drawLine(ring.topLeft(), ring.bottomRight())


class StepList(QWidget):
    """Named steps, each with a word for how it stands."""

    def __init__(self, steps: tuple[Step, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps = steps
        self._dots = [_Dot() for _ in steps]
        self._words = [PlainLabel(role="caption", wrap=False) for _ in steps]
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(space(1.5))
        grid.setVerticalSpacing(space(1.25))
        grid.setColumnStretch(1, 1)
        for line, step in enumerate(steps):
            grid.addWidget(self._dots[line], line, 0)
            grid.addWidget(PlainLabel(text(f"window.step.{step}")), line, 1)
            grid.addWidget(self._words[line], line, 2, Qt.AlignmentFlag.AlignRight)
        self.reset()

    def reset(self) -> None:
        """Everything waits."""
        for step in self._steps:
            self.set_state(step, StepState.WAITING)

    def reach(self, step: Step) -> None:
        """This step goes on now; those before it are over."""
        at = self._steps.index(step)
        for line, other in enumerate(self._steps):
            self.set_state(other, StepState.DONE if line < at else StepState.NOW if line == at else StepState.WAITING)

    def set_state(self, step: Step, state: StepState) -> None:
        """How one step stands."""
        at = self._steps.index(step)
        self._dots[at].state = state
        self._dots[at].update()
        self._words[at].setText(text(f"window.step_state.{state}"))

    def state(self, step: Step) -> StepState:
        """How one step stands."""
        return self._dots[self._steps.index(step)].state


class ProgressPanel(QWidget):
    """Bar, amount, what it is about, and a button to stop. Tells a screen reader when another step begins."""

    stop = Signal()

    def __init__(self, steps: tuple[Step, ...], stop_words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps = steps
        self._step: Step | None = None
        self._pace = Pace()
        self.bar = QProgressBar()
        self.bar.setRange(0, _FULL)
        self.bar.setTextVisible(False)
        self.amount = PlainLabel()
        self.subject = NameLabel(role="caption")
        self.stop_button = Button(stop_words)
        self.stop_button.clicked.connect(self._stop)
        line = QHBoxLayout()
        line.setSpacing(space(2))
        words = QVBoxLayout()
        words.setSpacing(space(0.25))
        words.addWidget(self.amount)
        words.addWidget(self.subject)
        line.addLayout(words, 1)
        line.addWidget(self.stop_button, 0, Qt.AlignmentFlag.AlignTop)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(space(1))
        whole.addWidget(self.bar)
        whole.addLayout(line)
        self.reset()

    def reset(self, words: str = "") -> None:
        """Back to the start, with `words` until there is something to say."""
        self._step = None
        self._pace = Pace()
        self.bar.setValue(0)
        self.bar.setAccessibleName(words or text("window.progress.name"))
        self.amount.setText(words)
        self.subject.set_name("")
        self.stop_button.setEnabled(True)

    def show_progress(self, progress: Progress) -> None:
        """Draw one report."""
        name = step_name(progress)
        parts = (name, amount(progress))
        said = text("window.progress.step", step=name, amount=parts[1]) if parts[1] else name
        pace = self._pace.words(progress)
        self.amount.setText(text("window.progress.pace", amount=said, pace=pace) if pace else said)
        self.subject.set_name(progress.subject)
        self.bar.setValue(self._share(progress))
        self.bar.setAccessibleName(said)
        if progress.step is not self._step:
            self._step = progress.step
            announce(self, name)

    def _share(self, progress: Progress) -> int:
        """Every step is an equal part of the bar; the bar never runs backwards."""
        at = self._steps.index(progress.step) if progress.step in self._steps else 0
        part = min(1.0, progress.done / progress.total) if progress.total else 0.0
        return max(self.bar.value(), round(_FULL * (at + part) / len(self._steps)))

    def _stop(self) -> None:
        self.stop_button.setEnabled(False)
        self.amount.setText(text("window.progress.stopping"))
        self.stop.emit()
