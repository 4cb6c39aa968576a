"""The two rows of buttons of the Compare tab: which document, and how to go through it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QWidget

from core.report import Report
from core.text import text
from gui.pages.result.compare_views import View, count_of
from gui.widgets.buttons import Button
from gui.widgets.flow import Flow
from gui.widgets.labels import PlainLabel


class ViewSwitch(QWidget):
    """One button per document, with the number of its differences."""

    chosen = Signal(object)
    """A `View`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(text("result.compare.switch"))
        self.buttons: dict[View, Button] = {}
        self._group = QButtonGroup(self)
        for view in View:
            button = Button(kind="navigation")
            button.setCheckable(True)
            button.clicked.connect(lambda _on, view=view: self.chosen.emit(view))
            self._group.addButton(button)
            self.buttons[view] = button
        self.setLayout(Flow(self.buttons.values(), spacing=0.5))

    def show_report(self, report: Report) -> None:
        """Count anew, and go back to the card."""
        for view, button in self.buttons.items():
            name, count = text(f"result.compare.view.{view}"), count_of(report, view)
            button.set_words(
                text("result.compare.view_count", name=name, count=count),
                text("result.compare.view_spoken", name=name, count=count),
            )
        self.buttons[View.CARD].setChecked(True)
        self.updateGeometry()


class CompareTools(QWidget):
    """Only differences, the source, from difference to difference, and taking the differences along."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.only_differences = self._toggle("result.compare.only_differences")
        self.show_source = self._toggle("result.compare.show_source")
        self.previous = Button(text("result.compare.previous"))
        self.next = Button(text("result.compare.next"))
        self.counter = PlainLabel(role="caption", wrap=False)
        self.copy = Button(text("result.compare.copy"), "quiet")
        self.save = Button(text("result.compare.save"), "quiet")
        self.setLayout(
            Flow(
                (self.only_differences, self.show_source, self.previous, self.next, self.counter, self.copy, self.save)
            )
        )

    def offer(self, view: View, *, compared: bool, listed: bool) -> None:
        """Only what means something: `compared` if there are two cards, `listed` if there are two file lists."""
        both = compared or (listed and view is not View.CARD)
        self.show_source.setVisible(view is View.CARD)
        self.only_differences.setVisible(both and view is not View.SETTINGS)
        for widget in (self.previous, self.next, self.counter):
            widget.setVisible(both)
        for widget in (self.copy, self.save):
            widget.setVisible(listed)

    def count(self, number: int, total: int) -> None:
        """Where one is: `number` 0 before the first jump."""
        if not total:
            words = spoken = text("result.compare.no_differences")
        elif not number:
            words = spoken = text("result.compare.total", count=total)
        else:
            words = text("result.compare.counter", number=number, total=total)
            spoken = text("result.compare.counter_spoken", number=number, total=total)
        self.counter.setText(words)
        self.counter.setAccessibleName(spoken)
        self.previous.setEnabled(total > 0)
        self.next.setEnabled(total > 0)

    @staticmethod
    def _toggle(words: str) -> Button:
        button = Button(text(words))
        button.setCheckable(True)
        return button
