"""The first page: one field, what was copied, what was checked before, and examples to learn from."""

from datetime import UTC, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from core.errors import UserFacingError
from core.quarantine.items import ItemState, QuarantinedItem
from core.services import HistoryEntry, Services
from core.text import display_name, size_text, text
from gui.tasks import TaskRunner
from gui.theme import space
from gui.widgets.badge import Badge, level_word
from gui.widgets.buttons import Button, RowButton
from gui.widgets.labels import NameLabel, PlainLabel
from gui.widgets.layouts import Card, Column, clear, row
from gui.widgets.notice import NoticePanel
from gui.words import ago

_LONGEST_COPIED = 2_000
"""Characters; what is longer than any address or command is not looked at."""
_RECENT = 5


class StartPage(Column):
    """Asks for an address. Nothing is checked before somebody presses a button."""

    check_requested = Signal(object)
    """A `RepoReference`."""
    example_requested = Signal(str)
    """The address of an example: start the demo, then check it."""
    quarantine_requested = Signal()

    def __init__(self, services: Services, runner: TaskRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._runner = runner
        self._copied = ""
        self.content.addWidget(PlainLabel(text("window.start.title"), role="title"))
        self.content.addWidget(PlainLabel(text("window.start.what_it_does")))
        self.content.addWidget(self._ask_card())
        self.notice = NoticePanel()
        self.content.addWidget(self.notice)
        self._quarantine = self._quarantine_line()
        self.content.addWidget(self._quarantine)
        self._recent = _Section(text("window.start.recent"))
        self.content.addWidget(self._recent)
        self.examples_button = Button(text("window.start.show_examples"))
        self.examples_button.clicked.connect(self.show_examples)
        self._newcomer = QWidget()
        newcomer = row((PlainLabel(text("window.start.new_here")), self.examples_button))
        newcomer.setStretch(0, 1)
        self._newcomer.setLayout(newcomer)
        self.content.addWidget(self._newcomer)
        self._examples = _Section(text("window.start.examples"))
        self.content.addWidget(self._examples)
        self.content.addStretch(1)
        paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self)
        paste.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        paste.activated.connect(self._paste)
        QApplication.clipboard().dataChanged.connect(self._look_at_clipboard)

    def set_address(self, address: str) -> None:
        """Fill the field; checks nothing."""
        self.field.setText(" ".join(address.split()))
        self.field.setFocus()
        self.notice.clear()

    def focus_address(self) -> None:
        """Ready to type over."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def refresh(self) -> None:
        """Read history, quarantine and examples again."""
        demo = self._services.demo
        self._recent.setVisible(False)
        self._newcomer.setVisible(not demo)
        self._examples.setVisible(False)
        if demo:
            self.show_examples()
        else:
            self._runner.ask(self._services.history, then=self._show_history, failed=self.notice.explain)
        self._runner.ask(self._services.quarantine_items, then=self._show_quarantine, failed=self.notice.explain)

    def show_examples(self) -> None:
        """List the built-in example repositories."""
        self._newcomer.setVisible(False)
        self._runner.ask(self._services.examples, then=self._list_examples, failed=self.notice.explain)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  Qt's name
        """Look at the clipboard, locally."""
        super().showEvent(event)
        self._look_at_clipboard()

    def check(self) -> None:
        """Understand what is in the field and ask for a check, or say why not, in place."""
        self.notice.clear()
        try:
            reference = self._services.parse(self.field.text())
        except UserFacingError as error:
            self.notice.explain(error)
            self.field.setFocus()
            self.field.selectAll()
            return
        self.check_requested.emit(reference)

    def _ask_card(self) -> Card:
        card = Card()
        self.field = QLineEdit()
        self.field.setPlaceholderText(text("window.start.placeholder"))
        self.field.setAccessibleName(text("window.start.address"))
        self.field.setClearButtonEnabled(False)
        self.field.returnPressed.connect(self.check)
        self.check_button = Button(text("window.start.check"), "primary", spoken=text("window.start.check_spoken"))
        self.check_button.clicked.connect(self.check)
        label = PlainLabel(text("window.start.address"), role="heading")
        label.setBuddy(self.field)
        line = QHBoxLayout()
        line.setSpacing(space(1))
        line.addWidget(self.field, 1)
        line.addWidget(self.check_button)
        self._offer = QWidget()
        offer = QHBoxLayout(self._offer)
        offer.setContentsMargins(0, 0, 0, 0)
        offer.setSpacing(space(1))
        offer.addWidget(PlainLabel(text("window.start.copied"), wrap=False))
        self._copied_name = NameLabel()
        offer.addWidget(self._copied_name, 1)
        self.use_button = Button(text("window.start.use"))
        self.use_button.clicked.connect(self._use_copied)
        offer.addWidget(self.use_button)
        self._offer.hide()
        card.content.addWidget(label)
        card.content.addLayout(line)
        card.content.addWidget(self._offer)
        card.content.addWidget(PlainLabel(text("window.start.promise"), role="caption"))
        return card

    def _quarantine_line(self) -> Card:
        card = Card()
        self._quarantine_words = PlainLabel()
        show = Button(text("window.start.open_quarantine"))
        show.clicked.connect(self.quarantine_requested)
        line = row((self._quarantine_words, show))
        line.setStretch(0, 1)
        card.content.addLayout(line)
        card.hide()
        return card

    def _look_at_clipboard(self) -> None:
        if not self.isVisible():
            return
        copied = QApplication.clipboard().text()
        self._copied = ""
        if copied.strip() and len(copied) <= _LONGEST_COPIED and copied.strip() != self.field.text().strip():
            try:
                reference = self._services.parse(copied)
            except UserFacingError:
                reference = None
            if reference is not None:
                self._copied = copied
                self._copied_name.set_name(reference.repository.name)
                spoken = text("window.start.use_spoken", name=reference.repository.name)
                self.use_button.set_words(text("window.start.use"), spoken)
        self._offer.setVisible(bool(self._copied))

    def _use_copied(self) -> None:
        self.set_address(self._copied)
        self._offer.hide()

    def _paste(self) -> None:
        copied = QApplication.clipboard().text()
        if copied.strip():
            self.set_address(copied[:_LONGEST_COPIED])

    def _show_history(self, entries: tuple[HistoryEntry, ...]) -> None:
        now = datetime.now(UTC)
        self._recent.fill([self._recent_row(entry, now) for entry in entries[:_RECENT]])

    def _recent_row(self, entry: HistoryEntry, now: datetime) -> QWidget:
        when = ago(entry.checked_at, now)
        word = level_word(entry.level)
        spoken = text("window.start.recent_spoken", address=entry.address, level=word, when=when)
        button = RowButton(spoken)
        line = QHBoxLayout(button)
        line.setContentsMargins(space(2), space(1.25), space(2), space(1.25))
        line.setSpacing(space(2))
        line.addWidget(NameLabel(entry.address, interactive=False), 1)
        line.addWidget(PlainLabel(when, role="caption", wrap=False))
        line.addWidget(Badge(entry.level))
        button.clicked.connect(lambda: self._check_address(entry.address))
        return button

    def _check_address(self, address: str) -> None:
        self.set_address(address)
        self.check()

    def _show_quarantine(self, items: tuple[QuarantinedItem, ...]) -> None:
        kept = [item for item in items if item.state is not ItemState.DELETED]
        files = sum(len(item.files) for item in kept)
        size = size_text(sum(item.done for item in kept))
        self._quarantine_words.setText(text("window.start.quarantine", count=files, size=size))
        self._quarantine.setVisible(bool(kept))

    def _list_examples(self, examples: tuple[tuple[str, str, str], ...]) -> None:
        self._examples.fill([self._example_row(*example) for example in examples])
        if self._examples.first is not None and self.focusWidget() is self.examples_button:
            self._examples.first.setFocus()

    def _example_row(self, address: str, title: str, story: str) -> QWidget:
        button = RowButton(text("window.start.example_spoken", title=title, address=display_name(address)))
        lines = QVBoxLayout(button)
        lines.setContentsMargins(space(2), space(1.5), space(2), space(1.5))
        lines.setSpacing(space(0.5))
        for widget in (
            PlainLabel(title, role="heading"),
            PlainLabel(story),
            NameLabel(address, role="caption", interactive=False),
        ):
            widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            lines.addWidget(widget)
        button.clicked.connect(lambda: self.example_requested.emit(address))
        return button


class _Section(QWidget):
    """A heading and rows below it; hidden while there are none."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.first: QWidget | None = None
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, space(1), 0, 0)
        whole.setSpacing(space(1))
        whole.addWidget(PlainLabel(title, role="heading"))
        self._rows = QVBoxLayout()
        self._rows.setSpacing(space(1))
        whole.addLayout(self._rows)
        self.hide()

    def fill(self, rows: list[QWidget]) -> None:
        """Show these rows in place of the ones before."""
        clear(self._rows)
        for widget in rows:
            self._rows.addWidget(widget)
        self.first = rows[0] if rows else None
        self.setVisible(bool(rows))
