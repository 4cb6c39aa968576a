"""What a person can set. Every change is saved at once, in a task."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QWidget

from core.services import Services
from core.settings import Settings
from core.text import text
from gui.approval_steps import TypedLine
from gui.pages.settings_card import SettingsCard
from gui.pages.settings_network import NetworkCard
from gui.pages.settings_own_files import OwnFilesCard
from gui.pages.settings_signals import SignalKindsCard
from gui.tasks import TaskRunner
from gui.widgets.buttons import Button, Mark
from gui.widgets.labels import PlainLabel
from gui.widgets.layouts import Card, Column, row
from gui.widgets.notice import NoticePanel, announce

APPEARANCES = ("system", "light", "dark")


class SettingsPage(Column):
    """Appearance, depth, history, connection, access token, folders, rules and publishers of one's own."""

    appearance_changed = Signal(str)
    history_cleared = Signal()

    def __init__(self, services: Services, runner: TaskRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._runner = runner
        self._settings = services.settings
        self.content.addWidget(PlainLabel(text("window.settings.title"), role="title"))
        self.notice = NoticePanel(closable=True)
        self.content.addWidget(self.notice)
        self.content.addWidget(self._appearance_card())
        self.content.addWidget(self._depth_card())
        self.content.addWidget(self._history_card())
        self.network = NetworkCard(services, runner)
        self.own_files = OwnFilesCard(services, runner)
        self.signal_kinds = SignalKindsCard()
        self._cards: tuple[SettingsCard, ...] = (self.network, self.signal_kinds, self.own_files)
        self.content.addWidget(self.network)
        self.content.addWidget(self._token_card())
        self.content.addWidget(self._folder_card())
        self.content.addWidget(self.own_files)
        self.content.addWidget(self.signal_kinds)
        for card in self._cards:
            card.wanted.connect(self._change)
            card.failed.connect(self.notice.explain)
        self.content.addStretch(1)

    def refresh(self) -> None:
        """Read settings and token state again."""
        self._draw(self._services.settings)
        self.folder.setText(str(self._services.quarantine_folder()))
        self._runner.ask(self._services.token_state, then=self._show_token_state, failed=self.notice.explain)
        for card in self._cards:
            card.refresh()

    def set_analyst(self, analyst: bool) -> None:
        """As if the box had been ticked."""
        self.analyst.set_checked(analyst)

    def _appearance_card(self) -> Card:
        card = _titled("window.settings.appearance")
        self._group = QButtonGroup(self)
        self.appearance: dict[str, Mark] = {}
        for name in APPEARANCES:
            mark = Mark(text(f"window.settings.appearance.{name}"), choice=True)
            mark.set_checked(self._settings.appearance == name)
            mark.toggled.connect(lambda on, name=name: self._set_appearance(name, on))
            self._group.addButton(mark.button)
            self.appearance[name] = mark
            card.content.addWidget(mark)
        return card

    def _depth_card(self) -> Card:
        card = _titled("window.settings.depth")
        self.analyst = Mark(text("window.settings.analyst"))
        self.analyst.set_checked(self._settings.analyst)
        self.analyst.toggled.connect(lambda on: self._save(replace(self._settings, analyst=on)))
        card.content.addWidget(self.analyst)
        card.content.addWidget(PlainLabel(text("window.settings.analyst_means"), role="caption"))
        return card

    def _history_card(self) -> Card:
        card = _titled("window.settings.history")
        self.keep_history = Mark(text("window.settings.keep_history"))
        self.keep_history.set_checked(self._settings.keep_history)
        self.keep_history.toggled.connect(lambda on: self._save(replace(self._settings, keep_history=on)))
        card.content.addWidget(self.keep_history)
        self.clear_button = Button(text("window.settings.clear_history"))
        self.clear_button.clicked.connect(self._clear_history)
        self._cleared = PlainLabel(role="caption", wrap=False)
        card.content.addLayout(row((self.clear_button, self._cleared, None)))
        return card

    def _token_card(self) -> Card:
        card = _titled("window.settings.token")
        card.content.addWidget(PlainLabel(text("window.settings.token_means")))
        self.token_state = PlainLabel()
        card.content.addWidget(self.token_state)
        self.token = TypedLine()
        self.token.setEchoMode(QLineEdit.EchoMode.Password)
        self.token.setAccessibleName(text("window.settings.token_field"))
        self.token.setPlaceholderText(text("window.settings.token_field"))
        self.store_button = Button(text("window.settings.token_store"))
        self.store_button.clicked.connect(self._store_token)
        self.forget_button = Button(text("window.settings.token_forget"), "quiet")
        self.forget_button.clicked.connect(self._forget_token)
        line = row((self.token, self.store_button, self.forget_button))
        line.setStretch(0, 1)
        card.content.addLayout(line)
        return card

    def _folder_card(self) -> Card:
        card = _titled("window.settings.folder")
        self.folder = PlainLabel()
        card.content.addWidget(self.folder)
        card.content.addWidget(PlainLabel(text("window.settings.folder_means"), role="caption"))
        return card

    def _draw(self, settings: Settings) -> None:
        """Show `settings` without saving them again."""
        self._settings = settings
        self.appearance[settings.appearance].set_checked(True)
        self.analyst.set_checked(settings.analyst)
        self.keep_history.set_checked(settings.keep_history)
        for card in self._cards:
            card.draw(settings)

    def _change(self, name: str, value: object) -> None:
        self._save(replace(self._settings, **{name: value}))  # type: ignore[arg-type]  # the card knows the type

    def _set_appearance(self, name: str, chosen: bool) -> None:
        if chosen and name != self._settings.appearance:
            self._save(replace(self._settings, appearance=name))
            self.appearance_changed.emit(name)

    def _save(self, settings: Settings) -> None:
        if settings == self._settings:
            return
        self._settings = settings
        self._runner.ask(self._services.save_settings, settings, failed=self._not_saved)

    def _not_saved(self, error: object) -> None:
        self.notice.explain(error)

    def _clear_history(self) -> None:
        self._runner.ask(self._services.clear_history, then=self._show_cleared, failed=self.notice.explain)

    def _show_cleared(self, _nothing: object) -> None:
        self._cleared.setText(text("window.settings.cleared"))
        announce(self._cleared, self._cleared.text())
        self.history_cleared.emit()

    def _store_token(self) -> None:
        token = self.token.text().strip()
        if not token:
            self.notice.say(text("window.settings.token_empty"))
            self.token.setFocus()
            return
        self.notice.clear()
        self._runner.ask(self._services.store_token, token, then=self._token_changed, failed=self.notice.explain)

    def _forget_token(self) -> None:
        self.notice.clear()
        self._runner.ask(self._services.store_token, None, then=self._token_changed, failed=self.notice.explain)

    def _token_changed(self, _nothing: object) -> None:
        self.token.clear()
        self._runner.ask(self._services.token_state, then=self._show_token_state, failed=self.notice.explain)

    def _show_token_state(self, state: str) -> None:
        self.token_state.setText(text(state))
        announce(self.token_state, text(state))


def _titled(message_id: str) -> Card:
    card = Card()
    card.content.addWidget(PlainLabel(text(message_id), role="heading"))
    return card
