"""Rules and publishers of the person's own: where they lie, how many there are, and what keeps them from being used."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QWidget

from core.own_files import OwnFiles
from core.services import Services
from core.text import text
from gui.pages.settings_card import SettingsCard
from gui.tasks import TaskRunner
from gui.theme import space
from gui.widgets.buttons import Button
from gui.widgets.flow import Flow
from gui.widgets.labels import NameLabel, PlainLabel
from gui.widgets.notice import announce


class OwnFilesCard(SettingsCard):
    """Nothing is changed here: a person edits the files with a program of their own."""

    def __init__(self, services: Services, runner: TaskRunner, parent: QWidget | None = None) -> None:
        super().__init__("window.settings.own", parent)
        self._services, self._runner = services, runner
        self.rules_folder, self.rules = NameLabel(), PlainLabel()
        self.rules_problem = PlainLabel(role="caption")
        self.publishers_file, self.publishers = NameLabel(), PlainLabel()
        self.publishers_problem = PlainLabel(role="caption")
        self.open_rules = Button(text("window.settings.open_folder"), spoken=text("window.settings.open_rules_spoken"))
        self.open_rules.clicked.connect(self._open)
        self.copy_rules = self._copier("window.settings.copy_rules_spoken", self.rules_folder.full_text)
        self.copy_publishers = self._copier("window.settings.copy_publishers_spoken", self.publishers_file.full_text)
        self._add("rules", (self.rules_folder, self.rules, self.rules_problem), (self.open_rules, self.copy_rules))
        self.content.addSpacing(space(1))
        self._add(
            "publishers", (self.publishers_file, self.publishers, self.publishers_problem), (self.copy_publishers,)
        )

    def refresh(self) -> None:
        """Look at the disk again."""
        task = self._runner.ask(self._services.own_files, then=self._show)
        task.failed.connect(self.failed)

    def _add(self, what: str, lines: tuple[QWidget, ...], buttons: tuple[QWidget, ...]) -> None:
        self.content.addWidget(PlainLabel(text(f"window.settings.{what}"), role="caption"))
        self.content.addWidget(PlainLabel(text(f"window.settings.{what}_means")))
        for line in lines:
            self.content.addWidget(line)
        box = QWidget()
        box.setLayout(Flow(buttons))
        self.content.addWidget(box)

    def _show(self, found: OwnFiles) -> None:
        self.rules_folder.set_name(str(found.rules_folder))
        engine = "there" if found.rules_engine else "missing"
        count = text("window.settings.rules_count", count=found.rules)
        count = count if found.rules else text("window.settings.rules_none")
        self.rules.setText(f"{count} {text(f'window.settings.engine_{engine}')}")
        self.publishers_file.set_name(str(found.publishers_file))
        changed = text(
            "window.settings.publishers_count", added=found.publishers_added, removed=found.publishers_removed
        )
        some = found.publishers_added or found.publishers_removed or found.publishers_problem
        self.publishers.setText(changed if some else text("window.settings.publishers_none"))
        for label, problem in (
            (self.rules_problem, found.rules_problem),
            (self.publishers_problem, found.publishers_problem),
        ):
            label.setText(problem)
            label.setVisible(bool(problem))

    def _copier(self, spoken: str, path: Callable[[], str]) -> Button:
        button = Button(text("window.settings.copy_path"), spoken=text(spoken))
        button.clicked.connect(lambda: self._copy(path()))
        return button

    def _copy(self, path: str) -> None:
        QApplication.clipboard().setText(path)
        announce(self, text("window.copied"))

    def _open(self) -> None:
        task = self._runner.ask(self._services.create_rules_folder, then=self._opened)
        task.failed.connect(self.failed)

    def _opened(self, folder: Path) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
        self.refresh()
