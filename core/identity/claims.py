"""What a page claims about who made it, beside who published it: brand, name, weights, account, base model."""

import re
from collections.abc import Iterator

from core.identity.lookalike import find
from core.identity.model_names import same_name
from core.identity.originals import named_brands
from core.identity.publishers import Directory
from core.identity.results import Original, Publisher, Signal
from core.identity.same_model import identical_weights
from core.repository import Snapshot
from core.text import Message, Value

_FIRST_WORDS = 6000
"""Characters of the card in which a maker is usually named."""
_CARD = "README.md"


def signals(snapshot: Snapshot, original: Original | None, directory: Directory) -> Iterator[Signal]:
    """Facts from the card, the listing and the list of publishers; nothing is asked for them."""
    own = snapshot.repository
    maker = named_maker(snapshot, directory)
    if maker is not None and own.owner not in maker.accounts:
        yield _signal("claimed_brand", _CARD, publisher=maker.name, account=own.owner)
    alike = find(own.owner, directory, (original.snapshot.repository.owner,) if original else ())
    if alike is not None:
        yield _signal("look_alike", own.name, account=own.owner, other=alike.account)
    for base in snapshot.base_models[:1]:
        yield _signal("declared_base", _CARD, base=base)
    if original is None:
        return
    there = original.snapshot
    if same_name(own.short_name, there.repository.short_name, directory):
        yield _signal("same_name", f"/api/{own.kind}s?search=…", original=there.repository.name)
    paths, _ = identical_weights(snapshot, there)
    if paths:
        source = f"/api/{own.kind}s/{own.name}, /api/{own.kind}s/{there.repository.name}"
        yield _signal("same_weights", source, count=len(paths), path=paths[0], original=there.repository.name)
    if original.publisher is not None and original.publisher.website:
        yield _signal("official_site", original.publisher.website, website=original.publisher.website)


def named_maker(snapshot: Snapshot, directory: Directory) -> Publisher | None:
    """The listed publisher that the beginning of the card names as the maker."""
    text = (snapshot.card or "")[:_FIRST_WORDS]
    for publisher in named_brands(snapshot, directory):
        aliases = "|".join(re.escape(alias) for alias in publisher.aliases)
        made = r"(?i:developed|created|made|built|trained|released|published|introduced|provided|maintained)\s+by"
        presents = r"(?i:releases|released|presents|introduces)"
        says = rf"\b{made}[\s:*_\[]+(?:the\s+)?(?:{aliases})\b|\b(?:{aliases})\b[\]*_]*\s+{presents}\b"
        if aliases and re.search(says, text):
            return publisher
    return None


def declares(snapshot: Snapshot, original: Original) -> bool:
    """True if the uploader names the original as base model."""
    names = {name.lower() for name in snapshot.base_models}
    return bool(names & {original.snapshot.repository.name.lower(), original.snapshot.asked_for.name.lower()})


def _signal(name: str, source: str, **values: Value) -> Signal:
    value = Message.of(f"identity.signal.{name}", **values)
    return Signal(name, value, Message.of(f"identity.meaning.{name}"), source)
