"""Times, names and small pieces of text that several tabs write in the same way."""

from collections.abc import Iterable
from datetime import datetime
from difflib import SequenceMatcher

from PySide6.QtWidgets import QGridLayout, QWidget

from core.identity.results import Publisher
from core.repository import RepositoryId, Snapshot
from core.text import text
from gui.theme import space
from gui.widgets.labels import NameLabel, PlainLabel

_ALIKE = 0.7
"""Likeness from which on single letters are worth marking; below it the names are simply different."""

_MONTHS_FROM, _YEARS_FROM = 75, 730
"""Days from which on an age is told in months, and in years."""
_FAMILIES = 3


def moment(when: datetime | None) -> str:
    """Date and time of day in the person's own time zone."""
    return when.astimezone().strftime("%Y-%m-%d %H:%M") if when else text("result.unknown")


def day(when: datetime | None) -> str:
    """The date."""
    return when.date().isoformat() if when else text("result.unknown")


def age(when: datetime | None, now: datetime) -> str:
    """The date, and how long before `now` that was."""
    if when is None:
        return text("result.unknown")
    days = (now - when).days
    if days < _MONTHS_FROM:
        return text("result.age.days", date=day(when), count=max(0, days))
    if days < _YEARS_FROM:
        return text("result.age.months", date=day(when), count=round(days / 30.4))
    return text("result.age.years", date=day(when), count=round(days / 365.25))


def known_for(publisher: Publisher | None, snapshot: Snapshot) -> str:
    """What our list knows of the account, else how much it publishes."""
    if publisher is not None:
        families = ", ".join(publisher.families[:_FAMILIES])
        kind = f"result.known_for.{publisher.kind}" + (".families" if families else "")
        return text(kind, publisher=publisher.name, families=families)
    models = snapshot.account.models if snapshot.account else None
    if models is None:
        return text("result.known_for.unlisted")
    return text("result.known_for.unlisted_models", count=models)


def alike(one: str, other: str) -> bool:
    """True for two different names that a hurried reader could take for each other."""
    return one != other and SequenceMatcher(None, one.casefold(), other.casefold()).ratio() >= _ALIKE


def marked(name: str, other: str) -> str:
    """`name` with the letters that `other` does not have in brackets: `examp[1]e`. Repository text, as it was."""
    if not alike(name, other):
        return name
    pieces = []
    for tag, start, end, _, _ in SequenceMatcher(None, name, other, autojunk=False).get_opcodes():
        if end > start:
            pieces.append(name[start:end] if tag == "equal" else f"[{name[start:end]}]")
    return "".join(pieces)


def marked_repository(repository: RepositoryId, other: RepositoryId) -> str:
    """Owner and name, each with its differing letters marked. What is no name of the Hub's form stays as it is."""
    if repository.name.count("/") > 1:
        return repository.name
    short = marked(repository.short_name, other.short_name)
    return f"{marked(repository.owner, other.owner)}/{short}" if repository.owner else short


def facts(pairs: Iterable[tuple[str, str]]) -> QWidget:
    """Names of facts left, their values right. Values may be repository text."""
    box = QWidget()
    grid = QGridLayout(box)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(space(3))
    grid.setVerticalSpacing(space(0.75))
    grid.setColumnStretch(1, 1)
    for line, (name, value) in enumerate(pairs):
        grid.addWidget(PlainLabel(name, role="caption", wrap=False), line, 0)
        grid.addWidget(NameLabel(value), line, 1)
    return box
