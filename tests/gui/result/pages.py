"""A result page with stand-ins around it, filled and laid out."""

from typing import cast

from PySide6.QtCore import QEventLoop, QTimer

from core.errors import UserFacingError
from core.report import Report
from core.repository import RepoReference, RepositoryId, RepositoryKind
from core.services import Services
from core.settings import Settings
from gui.pages.result.page import ResultPage
from gui.tasks import TaskRunner


class FakeServices:
    """Only what the result page asks for."""

    def __init__(self) -> None:
        self.settings = Settings()

    def address(self, repository: RepositoryId) -> str:
        return f"https://huggingface.co/{repository.name}"

    def parse(self, pasted: str) -> RepoReference:
        if "/" not in pasted:
            raise UserFacingError("fixture.refused")
        return RepoReference(RepositoryId(RepositoryKind.MODEL, pasted))

    def as_services(self) -> Services:
        return cast("Services", self)


def result_page(report: Report, runner: TaskRunner, services: FakeServices | None = None) -> ResultPage:
    """A page that shows `report`, its first tab filled."""
    page = ResultPage((services or FakeServices()).as_services(), runner)
    page.resize(1040, 760)
    page.show()
    wait_ready(page, lambda: page.show_report(report))
    return page


def open_tab(page: ResultPage, index: int) -> None:
    """Look at a tab and wait until it is filled."""
    wait_ready(page, lambda: page.show_tab(index))


def wait_ready(page: ResultPage, action: object) -> None:
    """Do something and wait for the page to say that it is filled; fails after ten seconds."""
    loop = QEventLoop()
    page.ready.connect(loop.quit)
    watchdog = QTimer()
    watchdog.setSingleShot(True)
    watchdog.timeout.connect(lambda: loop.exit(1))
    watchdog.start(10_000)
    already: list[bool] = []
    page.ready.connect(lambda: already.append(True))
    if callable(action):
        action()
    ended = 0 if already else loop.exec()
    watchdog.stop()
    page.ready.disconnect(loop.quit)
    assert not ended, "the page was never filled"
