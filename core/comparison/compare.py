"""One repository beside the original: cards, file lists, and the files that both have."""

from core.comparison.card import parse_card
from core.comparison.cards import compare_cards
from core.comparison.differences import differences
from core.comparison.inventory import compare_files
from core.comparison.results import Card, Comparison
from core.progress import CancelToken, Progress, ProgressCallback, Step
from core.repository import Hub, Snapshot

_README = "README.md"


def compare(
    here: Snapshot, original: Snapshot | None, hub: Hub, progress: ProgressCallback, cancel: CancelToken
) -> Comparison:
    """Compare two snapshots. Cards and lists are already there; of changed files small ones and headers are read.

    Cards are compared unless the original has one that the Hub does not give us, as where terms must be accepted:
    nothing of the card here is known to be new then. Raises `Cancelled`.
    """
    progress(Progress(Step.COMPARING))
    card = _card(here)
    if original is None:
        return Comparison(card)
    cancel.check()
    original_card = _card(original)
    cancel.check()
    cards = None
    if original.card is not None or original.file(_README) is None:
        cards = compare_cards(original_card, card, (file.path for file in here.files))
    cancel.check()
    inventory = compare_files(original.files, here.files)

    def finished(done: int, total: int) -> None:
        progress(Progress(Step.COMPARING, done, total))

    inventory, found = differences(original, here, inventory, hub, finished, cancel)
    return Comparison(card, original_card, cards, inventory, found)


def _card(snapshot: Snapshot) -> Card:
    return parse_card(snapshot.card) if snapshot.card is not None else Card(())
