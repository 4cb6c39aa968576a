"""The verdict says so when the Hub was not asked."""

from dataclasses import replace

from gui.pages.result.page import COMPARE, TECHNICAL
from gui.tasks import TaskRunner
from tests.gui.reports import incident_report
from tests.gui.result.pages import open_tab, result_page
from tests.gui.windows import words_of


def test_a_report_from_what_was_kept_says_so_on_every_tab(runner: TaskRunner) -> None:
    report = incident_report()
    page = result_page(replace(report, snapshot=replace(report.snapshot, from_cache=True)), runner)
    for tab in (COMPARE, TECHNICAL):
        open_tab(page, tab)
        assert "From what was read on 2026-05-0" in words_of(page.banner).replace("\u200b", "")
    assert "The Hub was not asked now" in page.banner.accessibleName()


def test_an_ordinary_report_says_nothing_of_the_kind(runner: TaskRunner) -> None:
    page = result_page(incident_report(), runner)
    assert "From what was read" not in words_of(page.banner) + page.banner.accessibleName()
