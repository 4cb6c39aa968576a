"""What stands above every page: the bar with the places to go, and the banner of the demo."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from core.text import text
from gui.theme import space
from gui.widgets.buttons import Button
from gui.widgets.labels import PlainLabel

PLACES = ("start", "quarantine", "settings", "about")


class Header(QFrame):
    """The name of the program, and a button per place."""

    chosen = Signal(str)
    """One of `PLACES`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("header")
        bar = QHBoxLayout(self)
        bar.setContentsMargins(space(2), space(0.75), space(2), space(0.75))
        bar.setSpacing(space(0.5))
        bar.addWidget(PlainLabel(text("window.name"), role="heading", wrap=False))
        bar.addStretch(1)
        self.places: dict[str, Button] = {}
        for place in PLACES:
            button = Button(text(f"window.place.{place}"), "navigation")
            button.setCheckable(True)
            button.clicked.connect(lambda _on, place=place: self.chosen.emit(place))
            self.places[place] = button
            bar.addWidget(button)

    def show_place(self, place: str) -> None:
        """Mark where one is. Not a button group: Tab would skip all buttons of one but the checked."""
        for name, button in self.places.items():
            button.setChecked(name == place)

    def checked(self) -> Button:
        """The button of the place where one is."""
        return next(button for button in self.places.values() if button.isChecked())


class DemoBanner(QFrame):
    """That nothing is real, and the way out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("demo")
        line = QHBoxLayout(self)
        line.setContentsMargins(space(2), space(0.5), space(2), space(0.5))
        line.addWidget(PlainLabel(text("window.demo.banner")), 1)
        self.leave = Button(text("window.demo.leave"), "banner")
        line.addWidget(self.leave)
        self.hide()
