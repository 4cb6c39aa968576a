"""What a person sees of a check: while it runs, when it fails, when it is stopped, and afterwards."""

import logging
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from gui.crash import CrashHook
from tests.e2e.keyboard import focused, press, settle, tab_to, type_text, wait_until
from tests.gui.reports import incident_report, quiet_report
from tests.gui.windows import answering, broken, endless, failing, main_window, words_of


def test_an_address_leads_to_the_verdict(qapp: QApplication, tmp_path: Path) -> None:
    with main_window(qapp, tmp_path) as (window, services):
        services.results = answering(incident_report())
        type_text("Open-OSS/privacy-filter")
        press(Qt.Key.Key_Return)
        wait_until(lambda: window.stack.currentWidget() is window.result, "the result is shown")
        assert services.asked == ["Open-OSS/privacy-filter"]
        banner = window.result.banner
        wait_until(lambda: "High risk" in banner.accessibleName() + words_of(banner), "the verdict stands there")


def test_what_is_no_address_is_said_at_the_field_and_nothing_starts(qapp: QApplication, tmp_path: Path) -> None:
    with main_window(qapp, tmp_path) as (window, services):
        type_text("https://huggingface.co.evil.example/a/b")
        press(Qt.Key.Key_Return)
        wait_until(window.start.notice.isVisible, "the reason stands at the field")
        assert "evil.example" in window.start.notice.told()
        assert window.stack.currentWidget() is window.start
        assert services.asked == []


def test_a_check_that_cannot_be_done_says_why_and_offers_another_try(qapp: QApplication, tmp_path: Path) -> None:
    with main_window(qapp, tmp_path) as (window, services):
        services.results = failing("hub.not_found")
        type_text("nobody/nothing")
        press(Qt.Key.Key_Return)
        wait_until(window.checking.notice.isVisible, "the failure is told")
        assert "nobody/nothing" in window.checking.notice.told()
        services.results = answering(quiet_report())
        window.checking.again_requested.emit()
        wait_until(lambda: window.stack.currentWidget() is window.result, "the second try succeeds")


@pytest.mark.qt_no_exception_capture
def test_a_bug_is_told_in_words_and_kept_for_those_who_can_mend_it(qapp: QApplication, tmp_path: Path) -> None:
    with main_window(qapp, tmp_path) as (window, services):
        log = logging.getLogger("sallyport.test")
        log.addHandler(logging.FileHandler(tmp_path / "test.log"))
        log.propagate = False
        hook = CrashHook(log, tmp_path, window)
        hook.install()
        services.results = broken
        type_text("a/b")
        press(Qt.Key.Key_Return)
        wait_until(lambda: hook.dialog is not None and hook.dialog.isVisible(), "the failure is told")
        hook.remove()
        assert hook.dialog is not None
        for told in (window.checking.notice.told(), words_of(hook.dialog)):
            assert told
            assert "Traceback" not in told
        assert "secret detail" in (tmp_path / "test.log").read_text()
        hook.dialog.accept()
        log.handlers.pop().close()


def test_escape_stops_a_check_and_says_so(qapp: QApplication, tmp_path: Path) -> None:
    started = threading.Event()
    with main_window(qapp, tmp_path) as (window, services):
        services.results = endless(started)
        type_text("a/b")
        press(Qt.Key.Key_Return)
        wait_until(started.is_set, "the check runs")
        press(Qt.Key.Key_Escape)
        wait_until(lambda: window.stack.currentWidget() is window.start, "back at the start")
        assert window.start.notice.isVisible()
        wait_until(lambda: not window.runner.active, "nothing goes on behind the page")


def test_closing_the_window_ends_a_running_check(qapp: QApplication, tmp_path: Path) -> None:
    started = threading.Event()
    with main_window(qapp, tmp_path) as (window, services):
        services.results = endless(started)
        type_text("a/b")
        press(Qt.Key.Key_Return)
        wait_until(started.is_set, "the check runs")
        window.close()
        wait_until(lambda: not window.runner.active, "the check has ended")


def test_a_result_that_comes_while_one_looks_elsewhere_is_announced(qapp: QApplication, tmp_path: Path) -> None:
    may_end = threading.Event()
    with main_window(qapp, tmp_path) as (window, services):

        def when_allowed(*_: object) -> object:
            may_end.wait(20)
            return quiet_report()

        services.results = when_allowed  # type: ignore[assignment]
        type_text("a/b")
        press(Qt.Key.Key_Return)
        settle(50)
        press(Qt.Key.Key_F1)
        assert window.stack.currentWidget() is window.about
        may_end.set()
        wait_until(window.notice.isVisible, "the result is announced")
        assert window.stack.currentWidget() is window.about


def test_keys_lead_to_the_places(qapp: QApplication, tmp_path: Path) -> None:
    with main_window(qapp, tmp_path) as (window, services):
        press(Qt.Key.Key_F1)
        assert window.stack.currentWidget() is window.about
        press(Qt.Key.Key_L, ctrl=True)
        assert window.stack.currentWidget() is window.start
        assert focused() is not window
        before = services.settings.analyst
        press(Qt.Key.Key_A, ctrl=True, shift=True)
        wait_until(lambda: services.settings.analyst is not before, "analyst mode is switched")


def test_a_forgotten_choice_is_looked_for_anew(qapp: QApplication, tmp_path: Path) -> None:
    with main_window(qapp, tmp_path) as (window, services):
        services.results = answering(incident_report())
        type_text("Open-OSS/privacy-filter")
        press(Qt.Key.Key_Return)
        wait_until(lambda: window.stack.currentWidget() is window.result, "the result is shown")
        window.result.forget_choice.emit()
        wait_until(lambda: len(services.asked) == 2, "it is checked again")
        wait_until(lambda: window.stack.currentWidget() is window.result, "the new result is shown")


def test_differences_are_copied_and_saved(qapp: QApplication, tmp_path: Path) -> None:
    with main_window(qapp, tmp_path) as (window, services):
        services.results = answering(incident_report())
        type_text("Open-OSS/privacy-filter")
        press(Qt.Key.Key_Return)
        wait_until(lambda: window.stack.currentWidget() is window.result, "the result is shown")
        press(Qt.Key.Key_2, ctrl=True)
        wait_until(window.result.compare.tools.copy.isVisible, "the comparison is shown")
        tab_to("^Copy differences$")
        press(Qt.Key.Key_Return)
        wait_until(lambda: "+ start.bat" in QApplication.clipboard().text(), "the differences are in the clipboard")
        tab_to("^Save differences…$")
        press(Qt.Key.Key_Return)
        wait_until(lambda: isinstance(QApplication.activeModalWidget(), QFileDialog), "the place is asked for")
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QFileDialog)
        field = dialog.findChild(QLineEdit)
        assert field is not None
        field.setText(str(tmp_path / "saved.diff"))
        dialog.accept()
        wait_until((tmp_path / "saved.diff").exists, "the file is written")
        wait_until(window.result.notice.isVisible, "the page says so")
        assert "saved.diff" in window.result.notice.told()
