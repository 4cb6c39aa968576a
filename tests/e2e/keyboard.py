"""A person who has only a keyboard, and who finds their way by what is read aloud to them."""

import re
from collections.abc import Callable

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

_MOST_TABS = 250
PATIENCE = 60_000
"""Milliseconds after which something that never happens is given up."""


def settle(milliseconds: int = 0) -> None:
    """Let the event loop run, without keeping other threads from theirs."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Run the event loop until `condition` holds."""
    loop = QEventLoop()
    timer = QTimer()
    timer.timeout.connect(lambda: loop.quit() if condition() else None)
    timer.start(20)
    limit = QTimer()
    limit.setSingleShot(True)
    limit.timeout.connect(loop.quit)
    limit.start(PATIENCE)
    if not condition():
        loop.exec()
    timer.stop()
    assert condition(), f"never happened: {what}"


def focused() -> QWidget:
    """The widget that gets the keys."""
    window = QApplication.activeModalWidget() or QApplication.activeWindow()
    if window is None:  # a bare display has no window manager that would go back to the window below a dialog
        window = next(widget for widget in QApplication.topLevelWidgets() if widget.isVisible() and widget.isWindow())
        window.activateWindow()
        wait_until(window.isActiveWindow, "the window below is active again")
    focus: QWidget | None = window.focusWidget()  # None is missing in the types
    return window if focus is None else focus


def spoken(widget: QWidget) -> str:
    """What a screen reader says first."""
    return widget.accessibleName()


def press(key: Qt.Key, *, ctrl: bool = False, shift: bool = False) -> None:
    """One key, to whatever has the focus."""
    modifiers = Qt.KeyboardModifier.NoModifier
    if ctrl:
        modifiers |= Qt.KeyboardModifier.ControlModifier
    if shift:
        modifiers |= Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(focused(), key, modifiers)
    settle()


def type_text(words: str) -> None:
    """Letter by letter."""
    QTest.keyClicks(focused(), words)
    settle()


def tab_to(pattern: str) -> QWidget:
    """Press Tab until something with this name has the focus."""
    heard = []
    for _ in range(_MOST_TABS):
        name = spoken(focused())
        if re.search(pattern, name):
            return focused()
        heard.append(name)
        press(Qt.Key.Key_Tab)
    raise AssertionError(f"Tab never reached {pattern!r}; heard: {list(dict.fromkeys(heard))}")
