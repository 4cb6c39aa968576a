"""In what relation a repository stands to its original."""

from core.identity.model_names import same_name
from core.identity.originals import is_official
from core.identity.publishers import Directory, directory_for
from core.identity.results import Confidence, Identity, Relation
from core.repository import Snapshot

COPIED_CARD = 0.6
"""Share of the original's card from which on a card is a copy."""


def relation(
    snapshot: Snapshot,
    identity: Identity,
    weights_identical: int,
    weights_total: int,
    card_similarity: float,
    directory: Directory | None = None,
) -> Relation | None:
    """The relation, None if there is no original or nothing in common with a chosen one.

    `IDENTICAL_WEIGHTS` needs all weight files here to be the original's: one exchanged file makes another model.
    """
    if identity.original is None:
        return Relation.IS_ORIGINAL if is_official(identity.publisher) else None
    original = identity.original
    if weights_total and weights_identical == weights_total:
        return Relation.IDENTICAL_WEIGHTS
    declared = {name.lower() for name in snapshot.base_models}
    if declared & {original.snapshot.repository.name.lower(), original.snapshot.asked_for.name.lower()}:
        return Relation.DERIVED
    directory = directory or directory_for(snapshot.endpoint)
    alike = same_name(snapshot.repository.short_name, original.snapshot.repository.short_name, directory)
    if card_similarity >= COPIED_CARD or weights_identical or (alike and original.confidence is not Confidence.GUESS):
        return Relation.CLAIMS_TO_BE
    return Relation.NAMED_ALIKE if alike else None
