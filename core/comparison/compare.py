"""One repository beside the original: cards and file lists."""

from core.comparison.card import parse_card
from core.comparison.cards import compare_cards
from core.comparison.inventory import compare_files
from core.comparison.results import Card, Comparison
from core.progress import CancelToken, Progress, ProgressCallback, Step
from core.repository import Snapshot


def compare(here: Snapshot, original: Snapshot | None, progress: ProgressCallback, cancel: CancelToken) -> Comparison:
    """Compare two snapshots that are already there; asks the Hub nothing. Raises `Cancelled`."""
    progress(Progress(Step.COMPARING, 0, 3, "steps"))
    card = _card(here)
    if original is None:
        return Comparison(card)
    cancel.check()
    progress(Progress(Step.COMPARING, 1, 3, "steps"))
    original_card = _card(original)
    cancel.check()
    progress(Progress(Step.COMPARING, 2, 3, "steps"))
    cards = compare_cards(original_card, card, (file.path for file in here.files))
    cancel.check()
    inventory = compare_files(original.files, here.files)
    progress(Progress(Step.COMPARING, 3, 3, "steps"))
    return Comparison(card, original_card, cards, inventory)


def _card(snapshot: Snapshot) -> Card:
    return parse_card(snapshot.card) if snapshot.card is not None else Card(())
