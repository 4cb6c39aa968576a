"""Both repositories next to each other, with the letters in which their names differ."""

from PySide6.QtWidgets import QGridLayout, QWidget

from core.comparison.results import CardComparison
from core.repository import Snapshot
from core.text import text
from gui.pages.result.words import alike, day, marked_repository
from gui.theme import space
from gui.widgets.labels import NameLabel, PlainLabel
from gui.widgets.layouts import Card


class Identities(Card):
    """The original left, this one right, as in the comparison below; then the sentence about their accounts."""

    def __init__(
        self, here: Snapshot, original: Snapshot, cards: CardComparison | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        grid = QGridLayout()
        grid.setHorizontalSpacing(space(3))
        grid.setVerticalSpacing(space(0.5))
        self.names: list[NameLabel] = []
        for column, (side, snapshot, other) in enumerate((("original", original, here), ("here", here, original))):
            name = NameLabel(marked_repository(snapshot.repository, other.repository), role="heading")
            self.names.append(name)
            created_at = snapshot.account.created_at if snapshot.account else None
            if created_at is not None:
                account = text("result.compare.account_since", date=day(created_at))
            else:
                account = text("result.compare.account_unknown")
            made = text("result.compare.created", created=day(snapshot.created_at), changed=day(snapshot.last_modified))
            grid.addWidget(PlainLabel(text(f"result.compare.side.{side}"), role="caption"), 0, column)
            grid.addWidget(name, 1, column)
            grid.addWidget(PlainLabel(account), 2, column)
            grid.addWidget(PlainLabel(made), 3, column)
            grid.setColumnStretch(column, 1)
        self.content.addLayout(grid)
        for sentence in _sentences(here, original, cards):
            self.content.addWidget(PlainLabel(sentence))


def _sentences(here: Snapshot, original: Snapshot, cards: CardComparison | None) -> list[str]:
    owner, other = here.repository.owner, original.repository.owner
    found = []
    if owner != other:
        found.append(text("result.compare.other_account", here=owner, original=other))
    if alike(owner, other) or alike(here.repository.short_name, original.repository.short_name):
        found.append(text("result.compare.letters"))
    if cards is not None:
        found.append(text("result.compare.similar", percent=round(cards.similarity * 100)))
    return found
