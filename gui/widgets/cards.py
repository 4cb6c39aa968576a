"""A finding in words: what, why it is dangerous, what to do, how we know."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QWidget

from core.findings import Evidence, Finding, fact_in_words, in_words
from core.text import text
from gui.theme import space
from gui.widgets.badge import Badge, level_word
from gui.widgets.buttons import Button
from gui.widgets.labels import NameLabel, PlainLabel
from gui.widgets.layouts import Card
from gui.widgets.notice import announce

_MOST_EVIDENCE = 8


class FindingCard(Card):
    """One finding. What we know in detail is folded away behind "How we know"."""

    show_where = Signal(object)
    """The finding: the person wants to see the place it is about."""

    def __init__(self, finding: Finding, *, where: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.finding = finding
        words = in_words(finding)
        certainty = text(f"certainty.{finding.certainty}")
        self.setAccessibleName(f"{level_word(finding.level)}: {words.title}")
        top = QHBoxLayout()
        top.setSpacing(space(1))
        top.addWidget(Badge(finding.level))
        top.addWidget(PlainLabel(certainty, role="caption", wrap=False))
        top.addStretch(1)
        self.content.addLayout(top)
        self.content.addWidget(PlainLabel(words.title, role="heading"))
        for part in ("what", "why", "do"):
            self._add_part(part, getattr(words, part))
        self._how = QWidget()
        self._fill_how(words.how, finding.evidence)
        self._how.hide()
        self.content.addWidget(self._how)
        self.content.addLayout(self._buttons(words.title, where))

    def as_text(self) -> str:
        """Everything on the card as plain text, for the clipboard."""
        words = in_words(self.finding)
        head = f"{level_word(self.finding.level)}: {words.title} {text(f'certainty.{self.finding.certainty}')}"
        parts = (f"{text(f'window.finding.{part}')}: {getattr(words, part)}" for part in ("what", "why", "do", "how"))
        facts = (f"{_label(fact)}: {fact_in_words(fact)}" for fact in self.finding.evidence)
        return "\n".join((head, *parts, *facts))

    def _add_part(self, part: str, words: str) -> None:
        if words:
            self.content.addWidget(PlainLabel(text(f"window.finding.{part}"), role="caption"))
            self.content.addWidget(PlainLabel(words))
            self.content.addSpacing(space(0.5))

    def _fill_how(self, how: str, evidence: tuple[Evidence, ...]) -> None:
        grid = QGridLayout(self._how)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(space(2))
        grid.setColumnStretch(1, 1)
        grid.addWidget(PlainLabel(text("window.finding.how"), role="caption"), 0, 0, 1, 2)
        grid.addWidget(PlainLabel(how), 1, 0, 1, 2)
        for number, fact in enumerate(evidence[:_MOST_EVIDENCE], start=2):
            label = PlainLabel(_label(fact), role="caption", wrap=False)
            grid.addWidget(label, number, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(NameLabel(fact_in_words(fact)), number, 1)
        if len(evidence) > _MOST_EVIDENCE:
            more = text("window.finding.more", count=len(evidence) - _MOST_EVIDENCE)
            grid.addWidget(PlainLabel(more, role="caption"), _MOST_EVIDENCE + 2, 0, 1, 2)

    def _buttons(self, title: str, where: bool) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(space(1))
        if where:
            show = Button(text("window.finding.show"), spoken=text("window.finding.show_spoken", title=title))
            show.clicked.connect(lambda: self.show_where.emit(self.finding))
            line.addWidget(show)
        self._unfold = Button(
            text("window.finding.how"), "quiet", spoken=text("window.finding.how_spoken", title=title)
        )
        self._unfold.setCheckable(True)
        self._unfold.toggled.connect(self._how.setVisible)
        line.addWidget(self._unfold)
        copy = Button(text("window.copy"), "quiet", spoken=text("window.finding.copy_spoken", title=title))
        copy.clicked.connect(self._copy)
        line.addWidget(copy)
        line.addStretch(1)
        return line

    def _copy(self) -> None:
        QApplication.clipboard().setText(self.as_text())
        announce(self, text("window.copied"))


def _label(fact: Evidence) -> str:
    label = text(f"evidence.{fact.label}")
    if fact.line is not None:
        return text("window.evidence.line", label=label, line=fact.line)
    if fact.offset is not None:
        return text("window.evidence.offset", label=label, offset=fact.offset)
    return label
