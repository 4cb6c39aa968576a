"""Which facts about a publisher are looked for: every one can be switched off, and says what it asks of the Hub."""

from PySide6.QtWidgets import QWidget

from core.identity.signal_kinds import KINDS, SignalKind
from core.settings import Settings
from core.text import text
from gui.pages.settings_card import SettingsCard
from gui.theme import space
from gui.widgets.buttons import Mark
from gui.widgets.labels import PlainLabel


class SignalKindsCard(SettingsCard):
    """Those that ask the Hub more stand first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("window.settings.signals", parent)
        self._off: tuple[str, ...] = ()
        self.marks: dict[str, Mark] = {}
        self.content.addWidget(PlainLabel(text("window.settings.signals_means")))
        asking = [kind for kind in KINDS if kind.requests]
        for title, kinds in (("asking", asking), ("reading", [kind for kind in KINDS if not kind.requests])):
            self.content.addSpacing(space(0.5))
            self.content.addWidget(PlainLabel(text(f"window.settings.signals_{title}"), role="caption"))
            for kind in kinds:
                self._add(kind)

    def draw(self, settings: Settings) -> None:
        """What is off is not ticked."""
        self._off = settings.signals_off
        for kind, mark in self.marks.items():
            mark.set_checked(kind not in settings.signals_off)

    def _add(self, kind: SignalKind) -> None:
        name = text(f"identity.kind.{kind.id}")
        cost = text("window.settings.signal_cost", name=name, count=kind.requests) if kind.requests else name
        mark = Mark(cost)
        mark.set_checked(True)
        mark.toggled.connect(lambda on, kind=kind.id: self._switch(kind, on))
        self.marks[kind.id] = mark
        self.content.addWidget(mark)

    def _switch(self, kind: str, on: bool) -> None:
        if on == (kind not in self._off):
            return
        self._off = tuple(one for one in self._off if one != kind) if on else (*self._off, kind)
        self.want("signals_off", self._off)
