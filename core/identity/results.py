"""What identity finds out: which repository is the original, how sure we are, and what speaks for or against."""

from dataclasses import dataclass
from enum import StrEnum

from core.repository import RepositoryId, Snapshot
from core.text import Message


class Confidence(StrEnum):
    """How sure we are that a candidate is the original."""

    SURE = "sure"
    LIKELY = "likely"
    GUESS = "guess"
    CHOSEN = "chosen"
    """The person said so."""


class Relation(StrEnum):
    """In what relation the checked repository stands to the original."""

    IS_ORIGINAL = "is_original"
    IDENTICAL_WEIGHTS = "identical_weights"
    CLAIMS_TO_BE = "claims_to_be"
    """Same name or copied card under another account, without the same weights."""
    CONVERTED = "converted"
    """Quantised or converted from the original: other files, the same model."""
    DERIVED = "derived"
    """Made further from the original: fine-tune, adapter, merge."""
    NAMED_ALIKE = "named_alike"


class PublisherKind(StrEnum):
    """What a listed account does."""

    PUBLISHER = "publisher"
    """Makes models."""
    REPACKAGER = "repackager"
    """Converts or quantises other people's models."""


class PublisherEvidence(StrEnum):
    """What an entry of the list of publishers rests on."""

    GENERAL_KNOWLEDGE = "general_knowledge"
    """Written down by somebody who knows the field, and not confirmed."""
    WEBSITE = "website"
    """The publisher's own website was seen to link to the account."""
    HUB_BADGE = "hub_badge"
    """The Hub was seen to show its badge for the domain of the publisher."""
    MADE_UP = "made_up"
    """A brand of the demo."""
    OWN = "own"
    """The person's own list."""


@dataclass(frozen=True, slots=True)
class Publisher:
    """An entry of `resources/publishers.toml`."""

    id: str
    name: str
    accounts: tuple[str, ...]
    aliases: tuple[str, ...]
    evidence: PublisherEvidence
    date: str
    """When it was last looked at, ISO 8601."""
    families: tuple[str, ...] = ()
    """Names of its models."""
    kind: PublisherKind = PublisherKind.PUBLISHER
    website: str = ""
    """Host of its own website, "" if it has none that we know."""
    code_host: str = ""
    """Where its programs are, such as `github.com/openai`; "" if not known."""
    ordinary_words: tuple[str, ...] = ()
    """Which of its accounts, aliases and families are words or names that others use too, such as `apple`."""


@dataclass(frozen=True, slots=True)
class Original:
    """The repository that should be the official one, with its reasons in words."""

    snapshot: Snapshot
    publisher: Publisher | None
    confidence: Confidence
    reasons: tuple[Message, ...]
    others: tuple[RepositoryId, ...] = ()
    """Further candidates, best first; a person may choose one."""


@dataclass(frozen=True, slots=True)
class Signal:
    """One fact about the publisher. `meaning` says what it proves and what not."""

    id: str
    value: Message
    meaning: Message
    source: str


@dataclass(frozen=True, slots=True)
class Identity:
    """The answer of the stage.

    `original` is None if no official publisher is known, or if the repository is itself the original.
    """

    original: Original | None
    publisher: Publisher | None
    """The known publisher this repository's own account belongs to."""
    explanation: Message
    signals: tuple[Signal, ...] = ()
