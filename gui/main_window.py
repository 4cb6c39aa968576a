"""The window: a bar with places to go, the demo's banner, and the pages one after the other."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from core.approval import Approval
from core.errors import UserFacingError
from core.report import Report
from core.repository import RepoReference, RepositoryId
from core.services import OriginalChoice, Services
from core.text import text
from gui import theme
from gui.approval_dialog import ApprovalDialog
from gui.header import PLACES, DemoBanner, Header
from gui.pages.about import AboutPage
from gui.pages.checking import CheckingPage
from gui.pages.download import DownloadPage
from gui.pages.quarantine import QuarantinePage
from gui.pages.result.page import ResultPage
from gui.pages.settings import SettingsPage
from gui.pages.start import StartPage
from gui.regions import go_to_next
from gui.saving import ask_where
from gui.tasks import Task, TaskRunner
from gui.theme import space
from gui.widgets.notice import NoticePanel, announce


class MainWindow(QMainWindow):
    """Brings pages and services together; decides nothing itself."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self.runner = TaskRunner(self)
        self._task: Task | None = None
        self._reference: RepoReference | None = None
        self._choice = OriginalChoice()
        self._after_switch: tuple[str | None, bool] = (None, False)
        """The address to show once the demo is on or off, and whether to check it."""
        self.dialog: ApprovalDialog | None = None
        self.start = StartPage(services, self.runner)
        self.checking = CheckingPage()
        self.result = ResultPage(services, self.runner)
        self.download = DownloadPage(services, self.runner)
        self.quarantine = QuarantinePage(services, self.runner)
        self.settings = SettingsPage(services, self.runner)
        self.about = AboutPage()
        self.stack = QStackedWidget()
        for page in self._pages():
            self.stack.addWidget(page)
        self.notice = NoticePanel(closable=True)
        self._build()
        self._connect()
        self._shortcuts()
        self.resize(space(140), space(96))
        self._show(self.start)

    def begin(self, address: str | None, *, demo: bool = False) -> None:
        """After the window is on the screen: what a person should hear, the demo, the address filled in."""
        self.runner.ask(self._services.startup_notices, then=self._show_notices, failed=self.notice.explain)
        if demo:
            self._switch_demo(True, address)
        elif address:
            self.open_address(address)

    def open_address(self, address: str) -> None:
        """Bring the window forward; fill the field if there is something to fill it with. Checks nothing."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.raise_()
        self.activateWindow()
        if address:
            self._show(self.start)
            self.start.set_address(address)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802  Qt's name
        """Stop what runs. A download can be continued at the next start."""
        self.hide()
        self.quarantine.stop()
        self.runner.stop()
        self._services.close()
        event.accept()
        QApplication.quit()

    # -- building

    def _pages(self) -> tuple[QWidget, ...]:
        return (
            self.start, self.checking, self.result, self.download, self.quarantine, self.settings, self.about,
        )  # fmt: skip

    def _build(self) -> None:
        self.setWindowTitle(text("window.title"))
        self.setMinimumSize(space(60), space(50))
        self.header = Header()
        self.header.chosen.connect(self.go_to)
        self.banner = DemoBanner()
        self.banner.leave.clicked.connect(lambda: self._switch_demo(False))
        whole = QWidget()
        layout = QVBoxLayout(whole)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for widget in (self.header, self.banner, self.notice):
            layout.addWidget(widget)
        layout.addWidget(self.stack, 1)
        self.setCentralWidget(whole)

    def _connect(self) -> None:
        self.start.check_requested.connect(self.check)
        self.start.example_requested.connect(self._open_example)
        self.start.quarantine_requested.connect(partial(self.go_to, "quarantine"))
        self.checking.stop_requested.connect(self._stop_check)
        self.checking.again_requested.connect(self._check_again)
        self.checking.leave_requested.connect(partial(self.go_to, "start"))
        self.result.check_again.connect(self._check_again)
        self.result.leave.connect(partial(self.go_to, "start"))
        self.result.download_requested.connect(self._ask_approval)
        self.result.compare_with.connect(self._compare_with)
        self.result.forget_choice.connect(self._forget_choice)
        self.result.save_report.connect(self._ask_where_to_save)
        self.result.save_differences.connect(self._ask_where_to_save_differences)
        self.download.quarantine_requested.connect(partial(self.go_to, "quarantine"))
        self.download.leave_requested.connect(partial(self.go_to, "start"))
        self.download.ended.connect(self._download_ended)
        self.quarantine.download_page_requested.connect(partial(self._show, self.download))
        self.settings.appearance_changed.connect(self._dress)
        self.settings.history_cleared.connect(self.start.refresh)

    def _shortcuts(self) -> None:
        for keys, action in (
            ("Ctrl+L", self._type_address),
            ("Ctrl+Shift+A", self._toggle_analyst),
            ("F1", partial(self.go_to, "about")),
            ("F6", partial(self._next_region, 1)),
            ("Shift+F6", partial(self._next_region, -1)),
            ("Esc", self._escape),
            ("Ctrl+Q", self.close),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(action)

    # -- going from place to place

    def go_to(self, place: str) -> None:
        """Show one of the places of the bar. A check or download that runs goes on."""
        page: QWidget = {
            "start": self.checking if self._task is not None else self.start,
            "quarantine": self.quarantine,
            "settings": self.settings,
            "about": self.about,
        }[place]
        self._show(page)

    def _show(self, page: QWidget) -> None:
        self.stack.setCurrentWidget(page)
        place = next((name for name in PLACES[1:] if getattr(self, name) is page), "start")
        self.header.show_place(place)
        if page is self.start:
            self.start.refresh()
            self.start.focus_address()
        elif page is self.quarantine:
            self.quarantine.refresh(self.download.running)
            self.header.places[place].setFocus()
        elif page is self.settings:
            self.settings.refresh()
            self.header.places[place].setFocus()
        elif page is self.about:
            self.header.places[place].setFocus()

    def _type_address(self) -> None:
        self.go_to("start")
        if self.stack.currentWidget() is self.start:
            self.start.focus_address()

    def _escape(self) -> None:
        """Stop the check that is shown; elsewhere nothing, so that the key never loses anything."""
        if self.stack.currentWidget() is self.checking and self._task is not None:
            self._stop_check()

    def _next_region(self, step: int) -> None:
        page = next(page for page in self._pages() if page is self.stack.currentWidget())
        go_to_next(self, self.header, self.banner, page, step)

    def _toggle_analyst(self) -> None:
        analyst = not self._services.settings.analyst
        self.settings.refresh()
        self.settings.set_analyst(analyst)
        announce(self, text("window.analyst.on" if analyst else "window.analyst.off"))

    def _dress(self, appearance: str) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, appearance)

    def _show_notices(self, notices: tuple[str, ...]) -> None:
        if notices:
            self.notice.say("\n".join(notices))

    # -- the check

    def check(self, reference: RepoReference) -> None:
        """Check a repository, beside the original that we find."""
        self._run_check(reference, OriginalChoice())

    def _run_check(self, reference: RepoReference, choice: OriginalChoice) -> None:
        if self._task is not None:
            self._task.cancel()
        self._reference, self._choice = reference, choice
        self.notice.clear()
        task = Task(partial(self._services.check, reference, choice))
        task.progressed.connect(self._check_progressed)
        task.succeeded.connect(self._check_succeeded)
        task.failed.connect(self._check_failed)
        task.cancelled.connect(self._check_cancelled)
        self._task = task
        self._show(self.checking)
        self.checking.begin(reference)
        self.runner.start(task)

    def _is_current(self) -> bool:
        """True if the signal being handled comes from the newest check; an older one has nothing to say any more."""
        return self.sender() is self._task

    def _check_progressed(self, progress: object) -> None:
        if self._is_current():
            self.checking.show_progress(progress)  # type: ignore[arg-type]  # a `Progress`, see Task

    def _check_succeeded(self, report: Report) -> None:
        if not self._is_current():
            return
        self._task = None
        shown = self.stack.currentWidget() is self.checking
        self.result.show_report(report)
        if shown:
            self._show(self.result)
            self.result.banner.setFocus()
        else:
            self.notice.say(text("window.checking.done", name=report.snapshot.repository.name))

    def _check_failed(self, error: object) -> None:
        if self._is_current():
            self._task = None
            self.checking.show_failure(error)

    def _check_cancelled(self) -> None:
        if self._is_current():
            self._task = None
            self._show(self.start)
            self.start.notice.say(text("window.checking.stopped"))

    def _stop_check(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _check_again(self) -> None:
        if self._reference is not None:
            self._run_check(self._reference, self._choice)

    def _compare_with(self, original: RepositoryId | None) -> None:
        if self._reference is not None:
            self._run_check(self._reference, OriginalChoice(original, none=original is None, keep=True))

    def _forget_choice(self) -> None:
        if self._reference is not None:
            self.runner.ask(
                self._services.forget_original,
                self._reference.repository,
                then=self._choice_forgotten,
                failed=self.result.notice.explain,
            )

    def _choice_forgotten(self, _nothing: object) -> None:
        if self._reference is not None:
            self._run_check(self._reference, OriginalChoice())

    # -- the demo

    def _open_example(self, address: str) -> None:
        if self._services.demo:
            self._check_address(address)
        else:
            self._switch_demo(True, address, check=True)

    def _switch_demo(self, on: bool, address: str | None = None, *, check: bool = False) -> None:
        self._stop_check()
        self._after_switch = (address, check)
        self.runner.ask(self._services.switch_demo, on, then=self._demo_switched, failed=self.notice.explain)

    def _demo_switched(self, _nothing: object) -> None:
        address, check = self._after_switch
        self.banner.setVisible(self._services.demo)
        title = "window.title_demo" if self._services.demo else "window.title"
        self.setWindowTitle(text(title))
        self._task = None
        self._show(self.start)
        if address:
            self.start.set_address(address)
        if address and check:
            self._check_address(address)

    def _check_address(self, address: str) -> None:
        try:
            self.check(self._services.parse(address))
        except UserFacingError as error:
            self.notice.explain(error)

    # -- both doors

    def _ask_approval(self, report: Report) -> None:
        if self.download.running is not None:
            self.notice.say(text("window.download.one_at_a_time"))
            return
        self.dialog = ApprovalDialog(self._services, self.runner, report, self)
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.dialog.approved.connect(partial(self._download, report))
        self.dialog.open()

    def _download(self, report: Report, approval: Approval) -> None:
        self._show(self.download)
        self.download.begin(approval, report)

    def _download_ended(self) -> None:
        page = self.stack.currentWidget()
        if page is self.quarantine:
            self.quarantine.refresh()
        elif page is not self.download:
            self.notice.say(text("window.download.ended_elsewhere"))

    # -- keeping a report

    def _ask_where_to_save(self, report: Report) -> None:
        ask_where(self, report, "report", ("html", "json"), partial(self._save, report))

    def _save(self, report: Report, file: str) -> None:
        self.runner.ask(
            self._services.save_report, report, Path(file), then=self._saved, failed=self.result.notice.explain
        )

    def _ask_where_to_save_differences(self, report: Report) -> None:
        ask_where(self, report, "differences", ("diff",), partial(self._save_differences, report))

    def _save_differences(self, report: Report, file: str) -> None:
        self.runner.ask(
            self._services.save_differences,
            report,
            Path(file),
            then=self._differences_saved,
            failed=self.result.notice.explain,
        )

    def _differences_saved(self, file: Path) -> None:
        self.result.notice.say(text("window.save.differences_done", file=str(file)))

    def _saved(self, file: Path) -> None:
        self.result.notice.say(text("window.save.done", file=str(file)))
