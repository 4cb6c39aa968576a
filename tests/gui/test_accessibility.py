"""Everybody can use the window: names for a screen reader, colours that can be told apart, text that is not cut off."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QApplication, QLabel, QScrollArea, QWidget

from core.findings import Level
from gui.main_window import MainWindow
from gui.theme import DARK, LIGHT, Tokens
from tests.e2e.keyboard import press, settle, type_text, wait_until
from tests.gui.reports import hostile_report, incident_report
from tests.gui.windows import answering, main_window


def ready(window: MainWindow) -> None:
    """Until everything that was begun has ended and is drawn."""
    wait_until(lambda: not window.runner.active, "nothing goes on behind the page")
    settle(100)


def visit(window: MainWindow) -> Iterator[tuple[str, QWidget]]:
    """Every place of the window, one after the other, with a result of which every tab is filled."""
    type_text("Open-OSS/privacy-filter")
    press(Qt.Key.Key_Return)
    wait_until(lambda: window.stack.currentWidget() is window.result, "the result is shown")
    for index in range(5):
        window.result.show_tab(index)
        ready(window)
        yield f"tab {index}", window
    for place in ("start", "quarantine", "settings", "about"):
        window.go_to(place)
        ready(window)
        yield place, window
    window.result.download_requested.emit(incident_report())
    wait_until(lambda: window.dialog is not None and window.dialog.isVisible(), "the approval is shown")
    ready(window)
    assert window.dialog is not None
    yield "approval", window.dialog
    window.dialog.reject()


def shown(root: QWidget) -> list[QWidget]:
    return [widget for widget in root.findChildren(QWidget) if widget.isVisible()]


@pytest.mark.parametrize("report", [incident_report, hostile_report])
def test_whatever_takes_the_focus_has_a_name(qapp: QApplication, tmp_path: Path, report: object) -> None:
    with main_window(qapp, tmp_path) as (window, services):
        services.results = answering(report())  # type: ignore[operator]
        for place, root in visit(window):
            for widget in shown(root):
                if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isEnabled():
                    named = widget.accessibleName() or (isinstance(widget, QAbstractButton) and widget.text())
                    assert named, (place, widget.metaObject().className(), widget.objectName())


def test_tab_goes_everywhere_and_comes_back(qapp: QApplication, tmp_path: Path) -> None:
    with main_window(qapp, tmp_path) as (window, services):
        services.results = answering(incident_report())
        for place, root in visit(window):
            first = QApplication.focusWidget()
            seen: set[int] = set()
            for _ in range(200):
                press(Qt.Key.Key_Tab)
                now = QApplication.focusWidget()
                assert now is not None, place
                assert now.isVisible(), place
                seen.add(id(now))
                if now is first:
                    break
            assert len(seen) > 2, place
            buttons = [one for one in shown(root) if isinstance(one, QAbstractButton) and one.isEnabled()]
            reachable = [one for one in buttons if one.focusPolicy() & Qt.FocusPolicy.TabFocus]
            assert reachable, place


def test_text_of_twice_the_size_is_not_cut_off(qapp: QApplication, tmp_path: Path) -> None:
    with main_window(qapp, tmp_path, scale=2) as (window, services):
        window.resize(1280, 800)
        services.results = answering(incident_report())
        for place, root in visit(window):
            # A page that is still being filled is laid out once more.
            wait_until(partial(is_whole, root), f"{place} is whole: {list(cut_off(root))[:3]}")


def is_whole(root: QWidget) -> bool:
    return not list(cut_off(root))


def cut_off(root: QWidget) -> Iterator[tuple[str, int, int]]:
    """Words that have less room than they need."""
    for widget in shown(root):
        if not isinstance(widget, QLabel | QAbstractButton) or not widget.text():
            continue
        needed = widget.heightForWidth(widget.width()) if widget.hasHeightForWidth() else widget.sizeHint().height()
        if widget.height() < needed - 2:
            yield widget.text()[:60], widget.height(), needed
        if isinstance(widget, QAbstractButton) and widget.width() < widget.minimumSizeHint().width() - 2:
            yield widget.text()[:60], widget.width(), widget.minimumSizeHint().width()


def test_no_page_is_wider_than_the_window(qapp: QApplication, tmp_path: Path) -> None:
    with main_window(qapp, tmp_path, scale=2) as (window, services):
        window.resize(1280, 800)
        services.results = answering(incident_report())
        for place, root in visit(window):
            for widget in shown(root):
                if isinstance(widget, QScrollArea) and isinstance(widget, QAbstractScrollArea):
                    bar = widget.horizontalScrollBar()
                    assert not bar.isVisible() or bar.maximum() == 0, (place, widget.metaObject().className())


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, relative luminance of both, lighter over darker."""

    def luminance(colour: str) -> float:
        parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_words_can_be_read_on_what_they_stand_on(tokens: Tokens) -> None:
    for behind in (tokens.window, tokens.surface, tokens.raised, tokens.notice, tokens.only_here, tokens.only_original):
        assert contrast(tokens.text, behind) >= 4.5, behind
    for behind in (tokens.window, tokens.surface):
        assert contrast(tokens.muted, behind) >= 4.5
        assert contrast(tokens.accent, behind) >= 4.5
        assert contrast(tokens.strong_border, behind) >= 3
    for words, behind in (
        (tokens.on_accent, tokens.accent),
        (tokens.on_accent, tokens.accent_hover),
        (tokens.on_selection, tokens.selection),
        (tokens.on_demo, tokens.demo),
    ):
        assert contrast(words, behind) >= 4.5, (words, behind)
    for level in Level:
        colours = tokens.level(level)
        assert contrast(colours.text, colours.fill) >= 4.5, level
