"""One item of the quarantine: what it is, how it stands, and what can be done with it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from core.progress import Progress, Step
from core.quarantine.items import ItemState, QuarantinedItem
from core.text import size_text, text
from gui.theme import space
from gui.widgets.badge import Badge
from gui.widgets.buttons import Button
from gui.widgets.labels import NameLabel, PlainLabel
from gui.widgets.layouts import Card
from gui.widgets.notice import NoticePanel
from gui.widgets.progress import ProgressPanel

_ACTIONS = {
    ItemState.DOWNLOADING: ("resume", "delete"),
    ItemState.CHECKED: ("release", "verify", "folder", "delete"),
    ItemState.RELEASED: ("release", "verify", "folder", "delete"),
    ItemState.FAILED: ("resume", "folder", "delete"),
    ItemState.DELETED: ("undo",),
}
"""Names of buttons; texts `window.quarantine.action.<name>`."""

_STEPS = (Step.DOWNLOADING, Step.VERIFYING, Step.SCANNING, Step.RELEASING)
_MOST_FILES = 5


class ItemCard(Card):
    """Draws an item. What a button does is the page's business."""

    action = Signal(str, object)
    """Name of the action, and the item."""
    stop = Signal(object)

    def __init__(self, item: QuarantinedItem, *, elsewhere: bool = False, parent: QWidget | None = None) -> None:
        """`elsewhere`: a download that another page is showing."""
        super().__init__(parent)
        self.item = item
        self.buttons: dict[str, Button] = {}
        name = item.approval.repository.name
        state = text("window.quarantine.state.running" if elsewhere else f"window.quarantine.state.{item.state}")
        self.setAccessibleName(text("window.quarantine.card_spoken", name=name, state=state))
        top = QHBoxLayout()
        top.setSpacing(space(1))
        top.addWidget(NameLabel(name, role="heading"), 1)
        top.addWidget(Badge(item.level))
        self.content.addLayout(top)
        self._state = PlainLabel(state)
        self.content.addWidget(self._state)
        for words in self._facts():
            self.content.addWidget(PlainLabel(words, role="caption"))
        for stored in item.files[:_MOST_FILES]:
            self.content.addWidget(NameLabel(stored.file.path, role="caption"))
        if len(item.files) > _MOST_FILES:
            more = text("window.quarantine.more_files", count=len(item.files) - _MOST_FILES)
            self.content.addWidget(PlainLabel(more, role="caption"))
        self.notice = NoticePanel()
        self.content.addWidget(self.notice)
        if item.problem and item.state is ItemState.FAILED:
            self.notice.say(item.problem)
        self.panel = ProgressPanel(_STEPS, text("window.quarantine.action.stop"))
        self.panel.stop.connect(lambda: self.stop.emit(self.item))
        self.panel.hide()
        self.content.addWidget(self.panel)
        self._actions = QWidget()
        self._fill_actions(("progress",) if elsewhere else _ACTIONS[item.state])
        self.content.addWidget(self._actions)

    def set_busy(self, busy: bool) -> None:
        """While something runs, progress takes the place of the buttons."""
        if busy and self.panel.isHidden():
            self.panel.reset(text("window.quarantine.starting"))
        self.panel.setVisible(busy)
        self._actions.setVisible(not busy)

    def show_progress(self, progress: Progress) -> None:
        """Draw one report of what runs."""
        self.panel.show_progress(progress)

    def _facts(self) -> tuple[str, ...]:
        item = self.item
        when = item.created_at.astimezone().strftime("%Y-%m-%d %H:%M")
        size = size_text(item.total_size)
        facts = [text("window.quarantine.facts", count=len(item.files), size=size, when=when)]
        facts.append(text("window.quarantine.revision", commit=item.approval.commit[:7]))
        if item.approval.reason:
            facts.append(text("window.quarantine.reason", reason=text(f"approval.reason.{item.approval.reason}")))
        if item.state is ItemState.DOWNLOADING:
            facts.append(text("window.quarantine.done", done=size_text(item.done), total=size))
        if item.released_to:
            facts.append(text("window.quarantine.released_to", folder=item.released_to))
        if item.demo:
            facts.append(text("window.demo.banner"))
        return tuple(facts)

    def _fill_actions(self, names: tuple[str, ...]) -> None:
        line = QHBoxLayout(self._actions)
        line.setContentsMargins(0, space(0.5), 0, 0)
        line.setSpacing(space(1))
        for name in names:
            words = text(f"window.quarantine.action.{name}")
            spoken = text("window.quarantine.action_spoken", action=words, name=self.item.approval.repository.name)
            button = Button(words, "quiet" if name in ("folder", "delete") else "", spoken=spoken)
            button.clicked.connect(lambda _=False, name=name: self.action.emit(name, self.item))
            self.buttons[name] = button
            line.addWidget(button)
        line.addStretch(1)
