"""What a person sees, hears and reaches on the Compare tab."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from core.comparison.results import FilePair, FileRelation, Inventory
from core.report import Report
from gui.pages.result.compare import CompareTab
from gui.pages.result.compare_views import View
from gui.pages.result.page import COMPARE, ResultPage
from gui.tasks import TaskRunner
from tests.e2e.keyboard import settle, wait_until
from tests.gui.reports import hostile_report, incident_report, large_report, quiet_report
from tests.gui.result.pages import open_tab, result_page
from tests.gui.windows import words_of


def compare_tab(report: Report, runner: TaskRunner) -> tuple[ResultPage, CompareTab]:
    page = result_page(report, runner)
    open_tab(page, COMPARE)
    settle(20)
    return page, page.compare


def look_at(tab: CompareTab, view: View, runner: TaskRunner) -> str:
    """Choose a document; what stands in it."""
    QTest.mouseClick(tab.switch.buttons[view], Qt.MouseButton.LeftButton)
    laid_out(tab, runner)
    return shown_in(tab)


def laid_out(tab: CompareTab, runner: TaskRunner) -> None:
    wait_until(lambda: not runner.active and not tab.frame.view.busy, "the document is laid out")
    settle(20)


def shown_in(tab: CompareTab) -> str:
    return tab.frame.view.toPlainText().replace("\u00a0", " ")


def visible_text(tab: CompareTab) -> str:
    """What of the document is inside the scrolled area, from its first to its last line."""
    view, port = tab.frame.view, tab.column.viewport()
    first, last = (view.mapFrom(port, QPoint(20, y)) for y in (0, port.height() - 1))
    cursor = view.cursorForPosition(first)
    cursor.setPosition(view.cursorForPosition(QPoint(view.width() - 20, last.y())).position(), KEEP)
    return cursor.selectedText()


KEEP = QTextCursor.MoveMode.KeepAnchor


def press_f8(tab: CompareTab, times: int = 1) -> None:
    for _ in range(times):
        QTest.keyClick(tab, Qt.Key.Key_F8)
        settle(30)


def test_both_identities_stand_on_top_with_what_tells_them_apart(runner: TaskRunner) -> None:
    _, tab = compare_tab(incident_report(), runner)
    words = words_of(tab).replace("\u200b", "")
    assert "openai/privacy-filter" in words
    assert "https://huggingface.co/Open-OSS/privacy-filter" in words
    assert "one day before this check" in words
    assert "6 years ago" in words
    assert "We list it as an account of OpenAI" in words
    assert "Not in our list of known publishers" in words
    assert "alone does not make it the company" in words, "the badge is not taken for proof"
    assert "weights of both are identical" in words


def test_letters_in_which_names_differ_are_marked(runner: TaskRunner) -> None:
    report = incident_report()
    imitated = replace(report.snapshot.repository, name="0penai/privacy-filter")
    _, tab = compare_tab(replace(report, snapshot=replace(report.snapshot, repository=imitated)), runner)
    words = words_of(tab)
    assert "[0]penai" in words
    assert "[o]penai" in words


def test_what_is_new_says_what_it_would_do(runner: TaskRunner) -> None:
    _, tab = compare_tab(incident_report(), runner)
    words = words_of(tab).replace("\u200b", "")
    assert words.index("start.bat") < words.index("https://0pen-ai.invalid/privacy"), "commands come first"
    assert "Runs a file of this repository: start.bat." in words
    assert "This runs loader.py" in words
    assert "Same words, different address" in words


def test_many_additions_come_in_parts(runner: TaskRunner) -> None:
    _, tab = compare_tab(large_report(60, 20), runner)
    before = words_of(tab).count("Mentions the file")
    more = next(button for button in tab.findChildren(QWidget) if button.accessibleName() == "Show 20 more of 50")
    QTest.mouseClick(more, Qt.MouseButton.LeftButton)
    settle(20)
    assert words_of(tab).count("Mentions the file") == before + 20


def test_front_matter_is_compared_entry_by_entry_in_words(runner: TaskRunner) -> None:
    _, tab = compare_tab(incident_report(), runner)
    shown = look_at(tab, View.FRONT_MATTER, runner)
    assert "base_model\n+ only here" in shown.replace("\u2028", "\n")
    assert "extra_gated_prompt\n− only in the original" in shown.replace("\u2028", "\n")
    assert "library_name" in shown
    QTest.mouseClick(tab.tools.only_differences, Qt.MouseButton.LeftButton)
    laid_out(tab, runner)
    assert "library_name" not in shown_in(tab)
    assert "2 entries are the same" in shown_in(tab)


def test_files_that_are_only_here_come_first_and_say_what_they_can_do(runner: TaskRunner) -> None:
    _, tab = compare_tab(incident_report(), runner)
    shown = look_at(tab, View.FILES, runner)
    places = [shown.index(part) for part in ("start.bat", "loader.py", "samples.7z", "Differs", "LICENSE", "the same")]
    assert places == sorted(places)
    assert "Windows can run this file on a double click." in shown
    assert "It is 34 bytes larger." in shown
    assert "What differs in it is shown under" in shown
    assert "How it differs was not read." in shown
    assert "All 2 weight files here are the original's" in tab.frame.heading.plain_text()


def test_two_thousand_shards_are_one_line(runner: TaskRunner) -> None:
    report = incident_report()
    names = [f"model-{number:05d}-of-02000.safetensors" for number in range(1, 2001)]
    pairs = tuple(FilePair(FileRelation.MISSING, name, name, None, 1_000_000) for name in names)
    changed = replace(report.comparison, inventory=Inventory(pairs, 0, 0))
    _, tab = compare_tab(replace(report, comparison=changed), runner)
    shown = look_at(tab, View.FILES, runner)
    assert "model-*-of-02000.safetensors" in shown
    assert "2.0 GB in 2,000 files" in shown
    assert tab.frame.view.document().blockCount() < 30


def test_a_program_among_many_alike_is_not_hidden_in_their_line(runner: TaskRunner) -> None:
    report = incident_report()
    names = ["loader.py", *(f"loader{number}.py" for number in range(9))]
    pairs = tuple(FilePair(FileRelation.EXTRA, name, None, 1_000, None) for name in names)
    changed = replace(report.comparison, inventory=Inventory(pairs, 0, 0))
    _, tab = compare_tab(replace(report, comparison=changed), runner)
    shown = look_at(tab, View.FILES, runner)
    assert "High risk" in shown
    assert shown.index("loader.py") < shown.index("loader*.py")


def test_settings_and_chat_template_are_compared_line_by_line(runner: TaskRunner) -> None:
    _, tab = compare_tab(incident_report(), runner)
    shown = look_at(tab, View.SETTINGS, runner)
    for part in ("config.json", "auto_map.AutoModel", "loader.PrivacyModel", "chat template", "0pen-ai.invalid/bill"):
        assert part in shown
    assert "Only the first 200 lines were compared." in shown
    assert shown.index("auto_map names a program") < shown.index("loader.PrivacyModel"), "what is telling comes first"


def test_nothing_compared_in_detail_is_not_told_as_nothing_found(runner: TaskRunner) -> None:
    report = incident_report()
    bare = replace(report.comparison, differences=())
    _, tab = compare_tab(replace(report, comparison=bare), runner)
    look_at(tab, View.SETTINGS, runner)
    assert "did not compare them line by line" in tab.frame.heading.plain_text()


@pytest.mark.parametrize("view", list(View))
def test_keys_go_from_difference_to_difference(runner: TaskRunner, view: View) -> None:
    _, tab = compare_tab(incident_report(), runner)
    look_at(tab, view, runner)
    wanted = {
        View.CARD: "Made by the team",
        View.FRONT_MATTER: "tags",
        View.FILES: "start.bat",
        View.SETTINGS: "auto_map",
    }
    press_f8(tab)
    assert wanted[view] in visible_text(tab)
    assert tab.tools.counter.plain_text().startswith("1 of ")
    QTest.keyClick(tab, Qt.Key.Key_F7)
    settle(30)
    total = tab.differences
    assert tab.tools.counter.accessibleName() == f"Difference {total} of {total}"


def test_the_last_of_a_thousand_differences_is_reached(runner: TaskRunner) -> None:
    _, tab = compare_tab(large_report(10, 1_000), runner)
    look_at(tab, View.SETTINGS, runner)
    assert "word 999" not in shown_in(tab), "a long document comes in parts"
    QTest.keyClick(tab, Qt.Key.Key_F7)
    laid_out(tab, runner)
    assert "word 999" in visible_text(tab)


def test_the_switch_answers_to_arrow_keys(runner: TaskRunner) -> None:
    _, tab = compare_tab(incident_report(), runner)
    tab.switch.buttons[View.CARD].setFocus()
    QTest.keyClick(QApplication.focusWidget() or tab, Qt.Key.Key_Right)
    laid_out(tab, runner)
    assert "library_name" in shown_in(tab)
    assert "differences: 3" in tab.switch.buttons[View.FRONT_MATTER].accessibleName()


def test_hostile_text_stays_text_in_every_view(runner: TaskRunner) -> None:
    _, tab = compare_tab(hostile_report(), runner)
    for view in View:
        shown = look_at(tab, view, runner)
        assert "attacker.invalid" in shown
        assert "\u202e" not in shown
        assert all(label.textFormat() is Qt.TextFormat.PlainText for label in tab.findChildren(QLabel))
    assert tab.frame.view.requested == []


def test_without_an_original_there_is_the_card_and_a_question(runner: TaskRunner) -> None:
    _, tab = compare_tab(quiet_report(), runner)
    assert not tab.switch.isVisible()
    assert "A model." in shown_in(tab)
    assert "Choose what to compare with" in words_of(tab)


def test_one_place_scrolls(runner: TaskRunner) -> None:
    _, tab = compare_tab(incident_report(), runner)
    assert tab.frame.view.verticalScrollBar().maximum() == 0
    bar = tab.column.verticalScrollBar()
    tab.frame.view.setFocus()
    QTest.keyClick(tab.frame.view, Qt.Key.Key_PageDown)
    assert bar.value() > 0


def test_buttons_stay_in_reach_in_a_low_window(runner: TaskRunner) -> None:
    page, tab = compare_tab(incident_report(), runner)
    assert tab.tools.parentWidget() is not tab.column.widget()
    page.resize(700, 420)
    settle(50)
    assert tab.column.isAncestorOf(tab.tools)
    tab.tools.next.setFocus()
    press_f8(tab)
    assert "Made by the team" in visible_text(tab)
