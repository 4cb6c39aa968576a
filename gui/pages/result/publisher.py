"""Who published this, what we hold for the original and why, and what speaks for or against the account."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from core.identity.results import Identity, Original
from core.identity.results import Signal as Fact
from core.report import Report
from core.repository import Snapshot
from core.services import Services
from core.text import render, text
from gui.pages.result.choose_original import ChooseOriginal
from gui.pages.result.words import day, facts, marked_repository
from gui.theme import space
from gui.widgets.labels import NameLabel, PlainLabel
from gui.widgets.layouts import Card, Column, clear


class PublisherTab(Column):
    """Facts about accounts, each with what it proves and what not."""

    compare_with = Signal(object)

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services

    def show_report(self, report: Report) -> None:
        """Build the tab for `report`."""
        clear(self.content)
        identity = report.identity
        original = identity.original
        self.content.addWidget(_here(report.snapshot, identity))
        self.content.addWidget(_original(report, original) if original else _no_original(report))
        if identity.signals:
            self.content.addWidget(_signals(identity.signals))
        title = text("result.publisher.not_mine" if original else "result.choose.title")
        choose = ChooseOriginal(self._services, original.others if original else (), title)
        choose.chosen.connect(self.compare_with)
        self.content.addWidget(choose)
        self.content.addStretch(1)


def _here(snapshot: Snapshot, identity: Identity) -> Card:
    card = Card()
    card.content.addWidget(PlainLabel(text("result.publisher.here_title"), role="caption"))
    original = identity.original
    other = original.snapshot.repository if original else snapshot.repository
    card.content.addWidget(NameLabel(marked_repository(snapshot.repository, other), role="heading"))
    card.content.addWidget(PlainLabel(render(identity.explanation)))
    publisher = identity.publisher
    if publisher is None:
        card.content.addWidget(PlainLabel(text("result.publisher.not_known")))
    else:
        known = text(
            "result.publisher.known",
            account=snapshot.repository.owner,
            publisher=publisher.name,
            evidence=text(f"publishers.evidence.{publisher.evidence}"),
            date=publisher.date,
        )
        card.content.addWidget(PlainLabel(known))
    card.content.addWidget(_account(snapshot))
    return card


def _original(report: Report, original: Original) -> Card:
    card = Card()
    name = marked_repository(original.snapshot.repository, report.snapshot.repository)
    card.content.addWidget(PlainLabel(text("result.publisher.original_title"), role="caption"))
    card.content.addWidget(NameLabel(name, role="heading"))
    card.content.addWidget(PlainLabel(text(f"confidence.{original.confidence}")))
    if report.relation is not None:
        card.content.addWidget(PlainLabel(text(f"result.publisher.relation.{report.relation}")))
    if original.reasons:
        card.content.addSpacing(space(0.5))
        card.content.addWidget(PlainLabel(text("result.publisher.why_title"), role="caption"))
        for reason in original.reasons:
            card.content.addWidget(PlainLabel(render(reason)))
    card.content.addSpacing(space(0.5))
    card.content.addWidget(_account(original.snapshot))
    return card


def _no_original(report: Report) -> Card:
    card = Card()
    relation = "result.publisher.no_original"
    if report.relation is not None:
        relation = f"result.publisher.relation.{report.relation}"
    card.content.addWidget(PlainLabel(text("result.publisher.original_title"), role="caption"))
    card.content.addWidget(PlainLabel(text(relation)))
    return card


def _account(snapshot: Snapshot) -> QWidget:
    account = snapshot.account
    if account is None:
        return PlainLabel(text("result.publisher.account_missing"))
    kind = "organization" if account.is_organization else "person"
    lines = [("name", account.name)]
    if account.full_name:
        lines.append(("full_name", account.full_name))
    lines.append(("kind", text(f"result.publisher.kind.{kind}")))
    lines.append(("created", day(account.created_at)))
    lines.append(("repository_created", day(snapshot.created_at)))
    if account.models is not None:
        counts = {"models": account.models, "datasets": account.datasets or 0, "spaces": account.spaces or 0}
        lines.append(("repositories", text("result.publisher.repositories", **counts)))
    if account.followers is not None:
        lines.append(("followers", text("result.publisher.followers", count=account.followers)))
    return facts((text(f"result.publisher.fact.{name}"), value) for name, value in lines)


def _signals(signals: Sequence[Fact]) -> Card:
    card = Card()
    card.content.addWidget(PlainLabel(text("result.publisher.signals_title"), role="heading"))
    grid = QGridLayout()
    grid.setHorizontalSpacing(space(3))
    grid.setVerticalSpacing(space(1.5))
    for column, (part, stretch) in enumerate((("value", 3), ("meaning", 4), ("source", 2))):
        grid.addWidget(PlainLabel(text(f"result.publisher.signal.{part}"), role="caption"), 0, column)
        grid.setColumnStretch(column, stretch)
    for line, signal in enumerate(signals, start=1):
        words = (render(signal.value), render(signal.meaning))
        for column, said in enumerate(words):
            grid.addWidget(PlainLabel(said), line, column, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(NameLabel(signal.source), line, 2, Qt.AlignmentFlag.AlignTop)
    card.content.addLayout(grid)
    return card
