"""F6: from region to region of the window, as Windows programs do."""

from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from gui.header import DemoBanner, Header

_MOST = 2000
"""Widgets of a page that are looked at."""


def go_to_next(window: QWidget, header: Header, banner: DemoBanner, page: QWidget, step: int) -> None:
    """From the bar to the page and back, and to the demo's banner between them if it is there."""
    regions: list[QWidget] = [header.checked()]
    if banner.isVisible():
        regions.append(banner.leave)
    # The stubs do not know that both may be None.
    first = cast("QWidget | None", page.focusWidget()) or _first_to_focus(page)
    if first is not None:
        regions.append(first)
    now = cast("QWidget | None", window.focusWidget())
    inside = len(regions) - 1 if now is not None and page.isAncestorOf(now) else 0
    place = next((number for number, region in enumerate(regions) if region is now), inside)
    regions[(place + step) % len(regions)].setFocus(Qt.FocusReason.ShortcutFocusReason)


def _first_to_focus(page: QWidget) -> QWidget | None:
    """The first widget of a page that Tab would reach."""
    found = page
    for _ in range(_MOST):
        following = found.nextInFocusChain()
        if following is None or following is page:
            return None
        found = following
        tab = found.focusPolicy() & Qt.FocusPolicy.TabFocus
        if tab and found.isVisible() and found.isEnabled() and page.isAncestorOf(found):
            return found
    return None
