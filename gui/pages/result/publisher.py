"""Who published this, what we hold for the original and why, and what speaks for or against the account."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.identity.results import Identity, Original
from core.report import Report
from core.repository import Snapshot
from core.services import Services
from core.text import Message, render, text
from gui.pages.result.choose_original import ChooseOriginal
from gui.pages.result.gradual import Gradual
from gui.pages.result.signals_card import SignalsCard, of_signature
from gui.pages.result.words import age, facts, marked_repository
from gui.theme import space
from gui.widgets.buttons import Button
from gui.widgets.labels import NameLabel, PlainLabel
from gui.widgets.layouts import Card, Column, clear, row


class PublisherTab(Column):
    """Facts about accounts, each with what it proves and what not."""

    compare_with = Signal(object)
    forget_choice = Signal()
    """What was chosen in an earlier check is to be forgotten."""
    completed = Signal()

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._gradual = Gradual(self)
        self._gradual.finished.connect(self.completed)

    def show_report(self, report: Report) -> None:
        """Build the tab for `report`, card by card."""
        clear(self.content)
        self._gradual.start(self._steps(report))
        self.verticalScrollBar().setValue(0)

    def _steps(self, report: Report) -> Iterator[Callable[[], object]]:
        identity = report.identity
        original = identity.original
        yield lambda: self.content.addWidget(_here(report))
        if identity.remembered:
            yield lambda: self.content.addWidget(self._remembered(identity))
        yield lambda: self.content.addWidget(_original(report, original) if original else _no_original(report))
        signature, others = of_signature(identity.signals)
        for kind, signals in (("signature", signature), ("signals", others)):
            if signals:
                card = SignalsCard(f"result.publisher.{kind}_title", f"result.publisher.{kind}_means")
                yield partial(self.content.addWidget, card)
                yield from card.steps(signals)
        yield lambda: self.content.addWidget(_questions(report))
        yield lambda: self.content.addWidget(self._choose(original))
        yield lambda: self.content.addStretch(1)

    def _remembered(self, identity: Identity) -> Card:
        card = Card()
        card.content.addWidget(PlainLabel(text("result.publisher.remembered_title"), role="caption"))
        card.content.addWidget(PlainLabel(render(identity.explanation)))
        forget = Button(text("result.publisher.forget"))
        forget.clicked.connect(self.forget_choice)
        card.content.addLayout(row((forget, None)))
        return card

    def _choose(self, original: Original | None) -> ChooseOriginal:
        title = text("result.publisher.not_mine" if original else "result.choose.title")
        choose = ChooseOriginal(self._services, original.others if original else (), title)
        choose.chosen.connect(self.compare_with)
        return choose


def _here(report: Report) -> Card:
    snapshot, identity = report.snapshot, report.identity
    card = Card()
    card.content.addWidget(PlainLabel(text("result.publisher.here_title"), role="caption"))
    original = identity.original
    other = original.snapshot.repository if original else snapshot.repository
    name = marked_repository(snapshot.repository, other)
    card.content.addWidget(NameLabel(name, role="heading"))
    if name != snapshot.repository.name:
        card.content.addWidget(PlainLabel(text("result.compare.letters"), role="caption"))
    if not identity.remembered:
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
    card.content.addWidget(_account(report, snapshot))
    return card


def _original(report: Report, original: Original) -> Card:
    card = Card()
    name = marked_repository(original.snapshot.repository, report.snapshot.repository)
    card.content.addWidget(PlainLabel(text("result.publisher.original_title"), role="caption"))
    card.content.addWidget(NameLabel(name, role="heading"))
    _add_reasons(card, "result.publisher.why_title", text(f"confidence.{original.confidence}"), original.reasons)
    if report.relation is not None:
        sentence = text(f"result.publisher.relation.{report.relation}")
        _add_reasons(card, "result.publisher.relation_title", sentence, report.relation_reasons)
    card.content.addSpacing(space(0.5))
    card.content.addWidget(_account(report, original.snapshot))
    return card


def _no_original(report: Report) -> Card:
    card = Card()
    relation = "result.publisher.no_original"
    if report.relation is not None:
        relation = f"result.publisher.relation.{report.relation}"
    card.content.addWidget(PlainLabel(text("result.publisher.original_title"), role="caption"))
    _add_reasons(card, "", text(relation), report.relation_reasons)
    return card


def _add_reasons(card: Card, title: str, sentence: str, reasons: Sequence[Message]) -> None:
    """A sentence, and below it what it rests on."""
    if title:
        card.content.addSpacing(space(0.5))
        card.content.addWidget(PlainLabel(text(title), role="caption"))
    card.content.addWidget(PlainLabel(sentence))
    for reason in reasons:
        card.content.addWidget(PlainLabel(text("result.publisher.reason", reason=render(reason))))


def _account(report: Report, snapshot: Snapshot) -> QWidget:
    account = snapshot.account
    if account is None:
        return PlainLabel(text("result.publisher.account_missing"))
    now = report.checked_at
    kind = "organization" if account.is_organization else "person"
    badge = "unknown" if account.verified is None else "yes" if account.verified else "no"
    lines = [("name", account.name)]
    if account.full_name:
        lines.append(("full_name", account.full_name))
    lines.append(("kind", text(f"result.publisher.kind.{kind}")))
    lines.append(("badge", text(f"result.publisher.badge.{badge}")))
    lines.append(("created", age(account.created_at, now)))
    lines.append(("repository_created", age(snapshot.created_at, now)))
    if account.models is not None:
        counts = {"models": account.models, "datasets": account.datasets or 0, "spaces": account.spaces or 0}
        lines.append(("repositories", text("result.publisher.repositories", **counts)))
    if account.followers is not None:
        lines.append(("followers", text("result.publisher.followers", count=account.followers)))
    return facts((text(f"result.publisher.fact.{name}"), value) for name, value in lines)


def _questions(report: Report) -> Card:
    """What no program can answer, in words that fit this repository."""
    card = Card()
    card.content.addWidget(PlainLabel(text("result.questions.title"), role="heading"))
    card.content.addWidget(PlainLabel(text("result.questions.means")))
    original = report.identity.original
    if original is not None:
        values = {"here": report.snapshot.repository.owner, "original": original.snapshot.repository.owner}
        asked = [text("result.questions.why_not", **values), text("result.questions.need", **values)]
    else:
        asked = [text("result.questions.whose", here=report.snapshot.repository.owner)]
    website = original.publisher.website if original and original.publisher else ""
    site = text("result.questions.website", site=website) if website else text("result.questions.own_website")
    for question in (text("result.questions.told"), *asked, site, text("result.questions.hurry")):
        card.content.addWidget(PlainLabel(text("result.publisher.reason", reason=question)))
    return card
