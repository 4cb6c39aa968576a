"""Other repositories that a card speaks of: of the same name, as what this was made from, as where its license is."""

import itertools
import re

from core.identity.model_names import extends, same_name
from core.identity.publishers import Directory
from core.repository import Snapshot

_ADDRESS_IN_CARD = re.compile(
    r"(?<![\w./-])(?:https?://(?:www\.)?(?:huggingface\.co|hf\.co)/)?([A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95})"
)
_ON_THE_HUB = re.compile(r"https?://(?:www\.)?(?:huggingface\.co|hf\.co)/([\w.-]{1,96}/[\w.-]{1,96})")
_TOLD = re.compile(
    r"\b(?:(?:version|variant|copy|fork|port|conversion|quanti[sz]ation|distillation|student|translation"
    r"|fine-?tune|adaptation)\s+(?:of|from)"
    r"|(?:based|built|trained|tuned|fine-?tuned|distilled|derived|adapted|merged|made|converted|initiali[sz]ed)\s+(?:up)?(?:on|from)|fine-?tuned)"
    r"\s+(?:the\s+)?(?:\w+\s+){0,3}?[`*\[(]*(?:https?://(?:www\.)?(?:huggingface\.co|hf\.co)/(?:datasets/)?)?"
    r"([A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95})",
    re.IGNORECASE,
)
"""A sentence that says what a model was made from, with an address of the Hub."""
_MAX_CARD = 200_000
_MAX_ADDRESSES = 500
_FIRST_WORDS = 6000


def linked_addresses(snapshot: Snapshot, directory: Directory) -> tuple[str, ...]:
    """Other repositories with the same name, or a part of it, that the card speaks of: addresses, `owner/name`."""
    own = snapshot.repository
    found = _ADDRESS_IN_CARD.finditer((snapshot.card or "")[:_MAX_CARD])
    names = dict.fromkeys(match.group(1).rstrip(".") for match in itertools.islice(found, _MAX_ADDRESSES))
    others = [name for name in names if name.lower() != own.name.lower()]
    same = [name for name in others if same_name(name.partition("/")[2], own.short_name, directory)]
    return (*same, *(name for name in others if extends(own.short_name, name.partition("/")[2], directory)))


def told_address(snapshot: Snapshot) -> str | None:
    """The first address that a sentence of the card names as what this was made from."""
    match = _TOLD.search((snapshot.card or "")[:_FIRST_WORDS])
    name = match[1].rstrip(".") if match else ""
    return name if name and name.lower() != snapshot.repository.name.lower() else None


def license_address(snapshot: Snapshot) -> str | None:
    """The other repository that the license link leads to."""
    match = _ON_THE_HUB.match(snapshot.license_link or "")
    name = match[1] if match else ""
    return name if name and name.lower() != snapshot.repository.name.lower() else None
