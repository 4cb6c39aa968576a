"""Both repositories next to each other, with the letters in which their names differ."""

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from core.identity.results import Publisher
from core.report import Report
from core.repository import Snapshot
from core.services import Services
from core.text import text
from gui.pages.result.words import age, alike, day, known_for, marked_repository
from gui.theme import space
from gui.widgets.labels import NameLabel, PlainLabel
from gui.widgets.layouts import Card


class Identities(Card):
    """The original left, this one right, as in the comparison below; then what that means."""

    def __init__(self, report: Report, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        original = report.identity.original
        if original is None:
            raise ValueError("there is nothing to put beside this repository")
        here, there = report.snapshot, original.snapshot
        self.names: list[NameLabel] = []
        grid = QGridLayout()
        grid.setHorizontalSpacing(space(3))
        grid.setVerticalSpacing(space(0.5))
        sides = (("original", there, here, original.publisher), ("here", here, there, report.identity.publisher))
        for column, (side, snapshot, other, publisher) in enumerate(sides):
            name = NameLabel(marked_repository(snapshot.repository, other.repository), role="heading")
            self.names.append(name)
            grid.addWidget(PlainLabel(text(f"result.compare.side.{side}"), role="caption"), 0, column)
            grid.addWidget(name, 1, column)
            if not report.demo:  # an example has no address that a person could use
                grid.addWidget(NameLabel(services.address(snapshot.repository), role="caption"), 2, column)
            for line, words in enumerate(_facts(snapshot, publisher, report.checked_at), start=3):
                grid.addWidget(PlainLabel(words), line, column, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(column, 1)
        self.content.addLayout(grid)
        self.content.addSpacing(space(0.5))
        self.content.addWidget(PlainLabel(" ".join(_sentences(report, there))))


def _facts(snapshot: Snapshot, publisher: Publisher | None, now: datetime) -> list[str]:
    account = snapshot.account
    made = account.created_at if account else None
    since = text("result.compare.account_since", age=age(made, now)) if made else text("result.compare.account_unknown")
    badge = "unknown" if account is None or account.verified is None else "yes" if account.verified else "no"
    return [
        known_for(publisher, snapshot),
        since,
        text("result.compare.created", age=age(snapshot.created_at, now), changed=day(snapshot.last_modified)),
        text(f"result.compare.badge.{badge}"),
    ]


def _sentences(report: Report, original: Snapshot) -> list[str]:
    here = report.snapshot
    owner, other = here.repository.owner, original.repository.owner
    found = []
    if alike(owner, other) or alike(here.repository.short_name, original.repository.short_name):
        found.append(text("result.compare.letters"))
    if report.relation is not None:
        found.append(text(f"result.publisher.relation.{report.relation}"))
    if owner != other:
        found.append(text("result.compare.other_account", here=owner, original=other))
    cards = report.comparison.cards
    if cards is not None:
        found.append(text("result.compare.similar", percent=round(cards.similarity * 100)))
    return found
