"""What we know of one file: its whole name, what it can do, the findings, the Hub's scanners, the fingerprints."""

from PySide6.QtWidgets import QApplication, QWidget

from core.findings import FileState
from core.report import Report
from core.repository import EngineResult, EngineState
from core.text import display_name, render, size_text, text
from gui.models import FileRow
from gui.pages.result.words import facts
from gui.theme import space
from gui.widgets.badge import Badge
from gui.widgets.buttons import Button
from gui.widgets.cards import FindingCard
from gui.widgets.labels import PlainLabel
from gui.widgets.layouts import Card, Column, clear, row
from gui.widgets.notice import announce
from gui.widgets.plain_text import PlainTextView, bounded

_MOST_FINDINGS = 5


class FileDetail(Column):
    """The right-hand side of the file list."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._report: Report | None = None
        self.row: FileRow | None = None
        self.path = PlainTextView(text("result.files.path"))
        self.show_row(None)

    def set_report(self, report: Report) -> None:
        """Whose files these are."""
        self._report = report
        self.show_row(None)

    def show_row(self, shown: FileRow | None) -> None:
        """Explain one file, or ask to choose one."""
        self.row = shown
        clear(self.content)
        if shown is None:
            self.content.addWidget(PlainLabel(text("result.files.choose"), role="caption"))
            self.content.addStretch(1)
            return
        self.content.addWidget(self._head(shown))
        findings = shown.result.findings
        for found in findings[:_MOST_FINDINGS]:
            self.content.addWidget(FindingCard(found, where=False))
        if len(findings) > _MOST_FINDINGS:
            more = text("result.files.more_findings", count=len(findings) - _MOST_FINDINGS)
            self.content.addWidget(PlainLabel(more))
        self.content.addWidget(self._engines(shown))
        self.content.addWidget(self._digests(shown))
        self.content.addStretch(1)
        self.verticalScrollBar().setValue(0)

    def _head(self, shown: FileRow) -> Card:
        result = shown.result
        card = Card()
        card.content.addLayout(row((Badge(shown.level), None)))
        self.path = PlainTextView(text("result.files.path"))
        self.path.setPlainText(bounded(display_name(result.path)))
        self.path.setFixedHeight(round(self.path.fontMetrics().lineSpacing() * 2.2) + space(2))
        card.content.addWidget(self.path)
        kind = text("result.files.facts", kind=text(f"kind.{result.kind}"), size=size_text(shown.size))
        card.content.addWidget(PlainLabel(kind))
        card.content.addWidget(PlainLabel(text(f"result.files.ability.{result.ability}")))
        card.content.addWidget(PlainLabel(text(f"result.files.state.{result.state}")))
        if result.reason is not None:
            card.content.addWidget(PlainLabel(render(result.reason)))
        elif result.state is FileState.CHECKED and not result.findings:
            card.content.addWidget(PlainLabel(text("result.files.quiet")))
        return card

    def _engines(self, shown: FileRow) -> Card:
        card = Card()
        card.content.addWidget(PlainLabel(text("result.files.hub_title"), role="heading"))
        engines = shown.listed.engines if shown.listed else ()
        if engines:
            card.content.addWidget(facts((text(f"engine.{engine.engine}"), engine_words(engine)) for engine in engines))
        else:
            card.content.addWidget(PlainLabel(text("result.files.hub_none")))
        return card

    def _digests(self, shown: FileRow) -> Card:
        card = Card()
        card.content.addWidget(PlainLabel(text("result.files.digests"), role="heading"))
        digests = []
        if shown.listed is not None and shown.listed.sha256:
            digests.append((text("result.files.sha256"), shown.listed.sha256))
        if shown.listed is not None:
            digests.append((text("result.files.git_sha1"), shown.listed.git_sha1))
        card.content.addWidget(facts(digests))
        copy = Button(text("result.files.copy_digests"), "quiet")
        copy.clicked.connect(lambda: _copy(copy, "\n".join(f"{name}: {value}" for name, value in digests)))
        card.content.addLayout(row((copy, None)))
        return card


def engine_words(engine: EngineResult) -> str:
    """What one of the Hub's engines says, in our words, with its own word in it only if it found something."""
    if engine.state is EngineState.FINDING and engine.message:
        return text("result.files.engine.finding_said", raw=engine.raw, message=engine.message)
    return text(f"result.files.engine.{engine.state}", raw=engine.raw)


def _copy(source: QWidget, words: str) -> None:
    QApplication.clipboard().setText(words)
    announce(source, text("window.copied"))
