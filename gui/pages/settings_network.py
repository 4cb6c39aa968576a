"""Working offline, and how much of the Hub's answers is kept."""

from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QLineEdit, QWidget

from core.services import CacheSize, Services
from core.settings import MOST_CACHE_MEGABYTES, Settings
from core.text import size_text, text
from gui.pages.settings_card import SettingsCard
from gui.tasks import TaskRunner
from gui.theme import space
from gui.widgets.buttons import Button, Mark
from gui.widgets.flow import Flow
from gui.widgets.labels import PlainLabel
from gui.widgets.notice import announce


class NetworkCard(SettingsCard):
    """The switch, the limit, and the button that clears."""

    def __init__(self, services: Services, runner: TaskRunner, parent: QWidget | None = None) -> None:
        super().__init__("window.settings.network", parent)
        self._services, self._runner = services, runner
        self.offline = Mark(text("window.settings.offline"))
        self.offline.toggled.connect(lambda on: self.want("offline", on))
        self.limit = QLineEdit()
        self.limit.setValidator(QIntValidator(0, MOST_CACHE_MEGABYTES, self.limit))
        self.limit.setAccessibleName(text("window.settings.cache_spoken"))
        self.limit.setMaximumWidth(space(12))
        self.limit.editingFinished.connect(self._set_limit)
        label = PlainLabel(text("window.settings.cache"), wrap=False)
        label.setBuddy(self.limit)
        self.kept = PlainLabel()
        self.clear_button = Button(text("window.settings.clear_cache"))
        self.clear_button.clicked.connect(self._clear)
        self.cleared = PlainLabel(role="caption")
        self.cleared.hide()
        self.content.addWidget(self.offline)
        self.content.addWidget(PlainLabel(text("window.settings.offline_means"), role="caption"))
        line = QWidget()
        unit = PlainLabel(text("window.settings.cache_unit"), wrap=False)
        line.setLayout(Flow((label, self.limit, unit)))
        self.content.addWidget(line)
        self.content.addWidget(PlainLabel(text("window.settings.cache_means"), role="caption"))
        self.content.addWidget(self.kept)
        buttons = QWidget()
        buttons.setLayout(Flow((self.clear_button,)))
        self.content.addWidget(buttons)
        self.content.addWidget(self.cleared)

    def draw(self, settings: Settings) -> None:
        """Both settings."""
        self.offline.set_checked(settings.offline)
        self.limit.setText(str(settings.cache_megabytes))

    def refresh(self) -> None:
        """How much is kept now."""
        self.cleared.hide()
        self._measure()

    def _set_limit(self) -> None:
        """Called only for a number in range: the field lets nothing else be finished."""
        self.want("cache_megabytes", int(self.limit.text()))

    def _measure(self) -> None:
        task = self._runner.ask(self._services.cache_size, then=self._show_size)
        task.failed.connect(self.failed)

    def _show_size(self, kept: CacheSize) -> None:
        some = text("window.settings.cache_size", size=size_text(kept.bytes), count=kept.entries)
        self.kept.setText(some if kept.entries else text("window.settings.cache_none"))
        self.clear_button.setEnabled(kept.entries > 0)

    def _clear(self) -> None:
        task = self._runner.ask(self._services.clear_cache, then=self._show_cleared)
        task.failed.connect(self.failed)

    def _show_cleared(self, _nothing: object) -> None:
        self.cleared.setText(text("window.settings.cache_cleared"))
        self.cleared.show()
        announce(self.cleared, self.cleared.plain_text())
        self._measure()
