"""What two repositories can be compared by: the texts of their cards, front matter, files, settings of the model."""

from enum import StrEnum

from core.comparison.results import FileRelation, RowKind
from core.report import Report
from core.text import text
from gui.pages.result.inventory import files_sheet, weights_sentence
from gui.widgets.card_document import card_sheet, cards_sheet
from gui.widgets.sheet import Sheet
from gui.widgets.value_document import differences_sheet, values_sheet

_CARD = "README.md"


class View(StrEnum):
    """One of the documents of the Compare tab."""

    CARD = "card"
    FRONT_MATTER = "front_matter"
    FILES = "files"
    SETTINGS = "settings"


def sheet_of(report: Report, view: View, only_differences: bool) -> Sheet:
    """The document of a view; without an original the card alone. Much text: run it in a task."""
    comparison = report.comparison
    cards = comparison.cards
    if view is View.FILES:
        return files_sheet(report, only_differences)
    if view is View.SETTINGS:
        return differences_sheet(comparison.differences)
    if view is View.FRONT_MATTER:
        return values_sheet(cards.front_matter if cards else (), only_differences)
    return cards_sheet(cards.rows, only_differences) if cards else card_sheet(comparison.here.blocks)


def count_of(report: Report, view: View) -> int:
    """How much differs: paragraphs, entries, files, values."""
    comparison = report.comparison
    cards, inventory = comparison.cards, comparison.inventory
    if view is View.FILES:
        return sum(pair.relation is not FileRelation.IDENTICAL for pair in inventory.pairs) if inventory else 0
    if view is View.SETTINGS:
        return sum(row.kind is not RowKind.SAME for one in comparison.differences for row in one.rows)
    rows = (cards.front_matter if view is View.FRONT_MATTER else cards.rows) if cards else ()
    return sum(row.kind is not RowKind.SAME for row in rows)


def heading_of(report: Report, view: View) -> str:
    """The sentence above the document: whose words these are, and what stands in it."""
    comparison = report.comparison
    uploader = text("result.card.heading")
    if view is View.CARD:
        return uploader
    if view is View.FILES:
        compared = text("result.compare.files.means")
        return f"{compared} {weights_sentence(comparison.inventory)}" if comparison.inventory else compared
    if view is View.FRONT_MATTER:
        some = comparison.cards is not None and comparison.cards.front_matter
        return f"{uploader} {text('result.compare.front_matter.means' if some else 'result.compare.front_matter.none')}"
    if comparison.differences:
        return f"{uploader} {text('result.compare.settings.means')}"
    inventory = comparison.inventory
    pairs = inventory.of(FileRelation.CHANGED) if inventory else ()
    changed = sum(pair.path != _CARD for pair in pairs)
    return text("result.compare.settings.unread", count=changed) if changed else text("result.compare.settings.none")
