"""What lies between the two doors."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from core.approval import Approval
from core.quarantine.items import ItemState, QuarantinedItem
from core.services import Services
from core.text import text
from gui.pages.quarantine_card import ItemCard
from gui.release_dialog import ReleaseDialog
from gui.tasks import Task, TaskRunner, Work
from gui.theme import space
from gui.widgets.buttons import Button
from gui.widgets.labels import PlainLabel
from gui.widgets.layouts import Column, clear, row
from gui.widgets.notice import NoticePanel

UNDO_SECONDS = 30


class QuarantinePage(Column):
    """A card per item, newest first, each with what can be done with it."""

    download_page_requested = Signal()
    """To the page that shows the running download."""

    def __init__(self, services: Services, runner: TaskRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._runner = runner
        self._tasks: dict[str, Task] = {}
        self.cards: dict[str, ItemCard] = {}
        self._running: Approval | None = None
        self._purge = QTimer(self)
        self._purge.setSingleShot(True)
        self._purge.setInterval(UNDO_SECONDS * 1000)
        self._purge.timeout.connect(self._purge_deleted)
        title = PlainLabel(text("window.quarantine.title"), role="title")
        folder = Button(text("window.quarantine.action.folder"), spoken=text("window.quarantine.folder_spoken"))
        folder.clicked.connect(self.show_folder)
        head = row((title, folder))
        head.setStretch(0, 1)
        self.content.addLayout(head)
        self.content.addWidget(PlainLabel(text("window.quarantine.what")))
        self.notice = NoticePanel(closable=True)
        self.content.addWidget(self.notice)
        self.empty = PlainLabel(text("window.quarantine.empty"))
        self.empty.hide()
        self.content.addWidget(self.empty)
        self._list = QVBoxLayout()
        self._list.setSpacing(space(2))
        self.content.addLayout(self._list)
        self.content.addStretch(1)

    def refresh(self, running: Approval | None = None) -> None:
        """Read the ledger again. `running`: what another page is downloading now."""
        self._running = running
        for item_id, card in self.cards.items():
            if item_id not in self._tasks:
                card.notice.clear()
        self._reload()

    def show_folder(self) -> None:
        """Open the quarantine folder in the system's file window; nothing in it is opened."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._services.quarantine_folder())))

    def stop(self) -> None:
        """The window closes: whatever is deleted stays undoable until the next start."""
        self._purge.stop()

    def _reload(self) -> None:
        self._runner.ask(self._services.quarantine_items, then=self._show_items, failed=self.notice.explain)

    def _show_items(self, items: tuple[QuarantinedItem, ...]) -> None:
        told = {item_id: card.notice.parts for item_id, card in self.cards.items()}
        focused = self._focused_item()
        clear(self._list)
        self.cards = {}
        for item in items:
            elsewhere = item.state is ItemState.DOWNLOADING and item.approval == self._running
            card = ItemCard(item, elsewhere=elsewhere)
            card.action.connect(self._act)
            card.stop.connect(self._stop_task)
            if item.state is not ItemState.FAILED and told.get(item.id):
                card.notice.say(*told[item.id], aloud=False)
            self._list.addWidget(card)
            self.cards[item.id] = card
            if item.id in self._tasks:
                self._tasks[item.id].progressed.connect(card.show_progress)
                card.set_busy(True)
        self.empty.setVisible(not items)
        self._return_focus(focused)
        if any(item.state is ItemState.DELETED for item in items) and not self._purge.isActive():
            self._purge.start()

    def _focused_item(self) -> str | None:
        focused = QApplication.focusWidget()
        held = (item_id for item_id, card in self.cards.items() if focused is not None and card.isAncestorOf(focused))
        return next(held, None)

    def _return_focus(self, item_id: str | None) -> None:
        """The keyboard stays where it was when the cards were drawn anew."""
        card = self.cards.get(item_id or "")
        if card is not None and self.isVisible() and card.buttons:
            next(iter(card.buttons.values())).setFocus()

    def _act(self, name: str, item: QuarantinedItem) -> None:
        match name:
            case "resume":
                self._run(item, partial(self._services.resume, item.id))
            case "verify":
                self._run(item, partial(self._services.verify, item.id))
            case "release":
                self._ask_release(item)
            case "folder":
                self.show_folder()
            case "delete":
                self._purge.start()
                self._ask_ledger(self._services.delete, item.id)
            case "undo":
                self._ask_ledger(self._services.undo_delete, item.id)
            case "progress":
                self.download_page_requested.emit()

    def _ask_ledger(self, function: Callable[[str], None], item_id: str) -> None:
        self._runner.ask(function, item_id, then=self._changed, failed=self._could_not)

    def _changed(self, _nothing: object) -> None:
        self._reload()

    def _could_not(self, error: object) -> None:
        self.notice.explain(error)
        self._reload()

    def _ask_release(self, item: QuarantinedItem) -> None:
        dialog = ReleaseDialog(item, self)
        dialog.setObjectName("release")
        dialog.chosen.connect(lambda folder: self._run(item, partial(self._services.release, item.id, folder)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _run(self, item: QuarantinedItem, work: Work) -> None:
        task = Task(work)
        card = self.cards[item.id]
        task.progressed.connect(card.show_progress)
        task.succeeded.connect(lambda _result: self._end(item.id, ""))
        task.failed.connect(lambda error: self._end(item.id, error))
        task.cancelled.connect(lambda: self._end(item.id, text("window.quarantine.stopped")))
        self._tasks[item.id] = task
        card.notice.clear()
        card.set_busy(True)
        card.panel.stop_button.setFocus()
        self._runner.start(task)

    def _stop_task(self, item: QuarantinedItem) -> None:
        if item.id in self._tasks:
            self._tasks[item.id].cancel()

    def _end(self, item_id: str, outcome: object) -> None:
        self._tasks.pop(item_id, None)
        card = self.cards.get(item_id)
        if card is not None:
            card.set_busy(False)
            if isinstance(outcome, str) and outcome:
                card.notice.say(outcome)
            elif outcome:
                card.notice.explain(outcome)
        self._reload()

    def _purge_deleted(self) -> None:
        self._runner.ask(self._services.purge_deleted, then=self._changed, failed=self._could_not)
