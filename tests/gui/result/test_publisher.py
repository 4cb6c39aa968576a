"""What the Publisher tab says of an account, of the original, and of what rests on what."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QAbstractButton, QLabel

from core.identity.results import Signal
from core.report import Report
from gui.pages.result.page import COMPARE, PUBLISHER, ResultPage
from gui.tasks import TaskRunner
from tests.e2e.keyboard import settle
from tests.gui.reports import hostile_report, incident_report, quiet_report, said
from tests.gui.result.pages import open_tab, result_page
from tests.gui.windows import words_of


def publisher_tab(report: Report, runner: TaskRunner) -> tuple[ResultPage, str]:
    """The page, and all words on the tab."""
    page = result_page(report, runner)
    open_tab(page, PUBLISHER)
    settle(30)
    return page, words_of(page.publisher).replace("\u200b", "")


def press_button(page: ResultPage, name: str) -> None:
    """The button that a screen reader calls so, on whichever tab is shown."""
    found = [one for one in page.findChildren(QAbstractButton) if one.accessibleName() == name and one.isVisible()]
    QTest.mouseClick(found[0], Qt.MouseButton.LeftButton)


def test_the_relation_is_told_with_what_it_rests_on(runner: TaskRunner) -> None:
    reasons = (said("Both weight files have the same SHA-256."), said("It declares no base model."))
    _, words = publisher_tab(replace(incident_report(), relation_reasons=reasons), runner)
    sentence = words.index("The weights of both are identical")
    assert sentence < words.index("Both weight files have the same SHA-256.") < words.index("It declares no base")
    assert words.index("We are sure that it is the original.") < words.index("67 days older")


def test_every_signal_has_value_meaning_source_and_cost(runner: TaskRunner) -> None:
    report = incident_report()
    asked = Signal("fixture.asked", said("Nobody else likes it."), said("That says little."), "likers", requests=7)
    identity = replace(report.identity, signals=(*report.identity.signals, asked))
    _, words = publisher_tab(replace(report, identity=identity), runner)
    for signal in identity.signals:
        value = words.index(str(dict(signal.value.values)["words"]))
        meaning = words.index(str(dict(signal.meaning.values)["words"]))
        assert value < meaning < words.index(signal.source, meaning)
    assert "Seen in: likers · cost 7 requests" in words
    assert "cost nothing extra" in words


def test_a_signature_stands_apart_and_says_what_it_does_not_prove(runner: TaskRunner) -> None:
    report = incident_report()
    signed = Signal("signature", said("Signed by someone@mail.example."), said("Sigstore confirmed it."), "model.sig")
    identity = replace(report.identity, signals=(signed, *report.identity.signals))
    _, words = publisher_tab(replace(report, identity=identity), runner)
    assert words.index("Model signature") < words.index("someone@mail.example") < words.index("What speaks for")
    assert "nothing about what the files do" in words


def test_questions_name_the_two_accounts(runner: TaskRunner) -> None:
    _, words = publisher_tab(incident_report(), runner)
    assert "Is there a reason why Open-OSS should publish this, and not openai?" in words
    _, words = publisher_tab(quiet_report(), runner)
    assert "Do you know who example is" in words


@pytest.mark.parametrize("tab", [PUBLISHER, COMPARE])
def test_a_remembered_choice_is_told_and_can_be_forgotten(runner: TaskRunner, tab: int) -> None:
    report = incident_report()
    chosen = replace(report.identity, remembered=True, explanation=said("In an earlier check you chose this."))
    page = result_page(replace(report, identity=chosen), runner)
    open_tab(page, tab)
    settle(30)
    assert "In an earlier check you chose this." in words_of(page.tabs.currentWidget()).replace("\u200b", "")
    forgotten = QSignalSpy(page.forget_choice)
    press_button(page, "Forget this choice, and check again")
    assert forgotten.count() == 1


def test_another_original_is_chosen_by_address(runner: TaskRunner) -> None:
    page, words = publisher_tab(incident_report(), runner)
    assert "remembers your choice" in words
    chosen = QSignalSpy(page.compare_with)
    press_button(page, "Compare with mirror-lab/privacy-filter")
    assert chosen.at(0)[0].name == "mirror-lab/privacy-filter"


def test_hostile_names_stay_text(runner: TaskRunner) -> None:
    page, words = publisher_tab(hostile_report(), runner)
    assert "\u202e" not in words
    assert "⟦U+202E⟧" in words
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in page.publisher.findChildren(QLabel))
