"""What the cards of the settings page have in common."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.settings import Settings
from core.text import text
from gui.widgets.labels import PlainLabel
from gui.widgets.layouts import Card


class SettingsCard(Card):
    """A titled card. It asks for changes and is told what is in force; it saves nothing itself."""

    wanted = Signal(str, object)
    """The name of a setting and its new value."""
    failed = Signal(object)
    """The exception of a task."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.content.addWidget(PlainLabel(text(title), role="heading"))

    def draw(self, settings: Settings) -> None:
        """Show `settings` without asking for anything."""

    def refresh(self) -> None:
        """Look again at what does not stand in the settings."""

    def want(self, name: str, value: Any) -> None:  # noqa: ANN401  whatever the setting is
        """Ask for a change."""
        self.wanted.emit(name, value)
