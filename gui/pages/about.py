"""What Sallyport protects from and what not, how untrusted files are read, and whose work it uses."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from core import __version__
from core.text import text
from gui.theme import space
from gui.widgets.labels import PlainLabel
from gui.widgets.layouts import Card, Column

THIRD_PARTY = (
    ("Qt and PySide6", "LGPL-3.0"),
    ("huggingface_hub", "Apache-2.0"),
    ("picklescan", "MIT"),
    ("markdown-it-py, mdit-py-plugins, linkify-it-py", "MIT"),
    ("nh3", "MIT"),
    ("Jinja", "BSD-3-Clause"),
    ("PyYAML", "MIT"),
    ("keyring", "MIT"),
    ("platformdirs", "MIT"),
)
"""Name and licence of what is shipped along."""

_LISTS = (("protects", 4), ("does_not", 5), ("privacy", 3))
"""Cards of points: texts `window.about.<name>` and `window.about.<name>.<number>`."""


class AboutPage(Column):
    """Plain words, no links that open by themselves. `sandbox` says how well untrusted files are locked in here."""

    def __init__(self, sandbox: Callable[[], str] | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.content.addWidget(PlainLabel(text("window.about.title"), role="title"))
        self.content.addWidget(PlainLabel(text("window.about.version", version=__version__), role="caption"))
        self.content.addWidget(PlainLabel(text("window.about.what")))
        for name, count in _LISTS:
            card = self._card(name)
            for number in range(1, count + 1):
                card.content.addWidget(PlainLabel(text(f"window.about.{name}.{number}")))
        card = self._card("sandbox")
        card.content.addWidget(PlainLabel(sandbox() if sandbox else text("window.about.sandbox.text")))
        card = self._card("shortcuts")
        for name in ("address", "again", "analyst", "regions", "stop", "help"):
            card.content.addWidget(PlainLabel(text(f"window.about.shortcuts.{name}")))
        card = self._card("licences")
        card.content.addWidget(PlainLabel(text("window.about.licence")))
        for name, licence in THIRD_PARTY:
            card.content.addWidget(PlainLabel(text("window.about.third_party", name=name, licence=licence)))
        self.content.addStretch(1)

    def _card(self, name: str) -> Card:
        card = Card()
        card.content.addWidget(PlainLabel(text(f"window.about.{name}"), role="heading"))
        card.content.setSpacing(space(1))
        self.content.addWidget(card)
        return card
