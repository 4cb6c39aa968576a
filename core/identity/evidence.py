"""What speaks for one candidate to be the original, and how sure that makes us. Popularity is never asked."""

import re
from dataclasses import dataclass
from functools import cached_property

from core.identity.lookalike import find
from core.identity.model_names import bears_name, extends, other_version
from core.identity.originals import Candidates, Origin, is_official, named_brands, younger
from core.identity.publishers import Directory
from core.identity.results import Confidence, Publisher
from core.identity.same_model import Contradiction, architecture, identical_weights, same_file
from core.repository import Snapshot
from core.text import Message

_COPIED = 0.5
"""Share of a candidate's card from which on the card here was taken from it."""
_SHINGLE = 6
_MAX_CARD = 200_000
_CONFIDENCES = (Confidence.SURE, Confidence.LIKELY, Confidence.GUESS)
Rank = tuple[int | bool | float, ...]


@dataclass(frozen=True)
class Claim:
    """One candidate beside the repository that is checked. Its card is None until it was asked for."""

    snapshot: Snapshot
    candidate: Snapshot
    origins: frozenset[Origin]
    directory: Directory
    names: tuple[str, ...]
    """Names by which the repository may call the model, its own first."""

    @classmethod
    def of(cls, snapshot: Snapshot, candidate: Snapshot, found: Candidates, directory: Directory) -> "Claim":
        """As `collect` found it."""
        origins = frozenset(found.origins.get(candidate.repository.name.lower(), ()))
        return cls(snapshot, candidate, origins, directory, found.names)

    @cached_property
    def publisher(self) -> Publisher | None:
        """The listed publisher of the candidate."""
        return self.directory.of_account(self.candidate.repository.owner)

    @cached_property
    def weights(self) -> tuple[tuple[str, ...], float]:
        """Paths of weight files here that the candidate has too, and their share of all bytes of weights here."""
        return identical_weights(self.snapshot, self.candidate)

    @cached_property
    def same_name(self) -> bool:
        """The repository's own name means the candidate's model."""
        return bears_name(self.names[0], self.candidate, self.directory)

    @cached_property
    def named_inside(self) -> bool:
        """The title or a weight file has the candidate's name."""
        return any(bears_name(name, self.candidate, self.directory) for name in self.names[1:])

    @cached_property
    def extends_name(self) -> bool:
        """The name here is the candidate's with more behind it."""
        return any(extends(name, self.candidate.repository.short_name, self.directory) for name in self.names)

    @cached_property
    def other_version(self) -> bool:
        """The repository's own name differs from the candidate's in numbers alone."""
        return other_version(self.names[0], self.candidate.repository.short_name, self.directory)

    @cached_property
    def declared(self) -> bool:
        """The uploader names the candidate as base model."""
        names = {name.lower() for name in self.snapshot.base_models}
        return bool(names & {self.candidate.repository.name.lower(), self.candidate.asked_for.name.lower()})

    @cached_property
    def brand_named(self) -> bool:
        """The card, title, tags or account speak of the candidate's publisher."""
        return self.publisher is not None and self.publisher in named_brands(self.snapshot, self.directory)

    @cached_property
    def account_imitated(self) -> bool:
        """The account here is spelt to look like the candidate's."""
        owner = self.candidate.repository.owner
        alike = find(self.snapshot.repository.owner, self.directory, (owner,))
        return alike is not None and alike.account == owner and alike.is_imitation

    @cached_property
    def card_share(self) -> float:
        """Share of the candidate's card that stands here, 0 if it was not asked for."""
        if same_file(self.snapshot, self.candidate, "README.md"):
            return 1.0
        return shared_text(self.candidate.card, self.snapshot.card)

    @cached_property
    def newer(self) -> bool:
        """The candidate is known to be younger than the repository."""
        return younger(self.candidate.created_at, self.snapshot.created_at)

    @cached_property
    def older(self) -> bool:
        """The candidate is known to be older."""
        return younger(self.snapshot.created_at, self.candidate.created_at)

    @cached_property
    def architecture(self) -> Contradiction | None:
        """Whether the Hub's facts about both models agree; None if too little is stated."""
        return architecture(self.snapshot.model, self.candidate.model)

    @property
    def claims_us(self) -> bool:
        """The candidate itself says that it was made from the repository here."""
        return self.snapshot.repository.name.lower() in {name.lower() for name in self.candidate.base_models}

    def confidence(self) -> Confidence | None:
        """None: no better claim to be the original than the repository itself."""
        if self.claims_us and not self.declared:
            return None
        found = self._official() if is_official(self.publisher) else self._unlisted()
        differs = self.architecture is Contradiction.YES and not self.weights[0]
        if found is not None and differs and not self.declared:
            return Confidence.GUESS if found in {Confidence.SURE, Confidence.LIKELY} else None
        return Confidence.LIKELY if differs and found is Confidence.SURE else found

    def _official(self) -> Confidence | None:
        paths, share = self.weights
        if share == 1 or (paths and self.same_name) or (self.same_name and self.declared):
            return Confidence.SURE
        if self.same_name and self.card_share >= _COPIED and not self.newer:
            return Confidence.SURE
        if self.declared or Origin.BASE_OF_BASE in self.origins or share > _COPIED:
            return Confidence.LIKELY
        pointed = self.origins & {Origin.LINKED, Origin.LICENSE} or self.brand_named or self.account_imitated
        if (self.same_name or self.named_inside) and (pointed or self._same_model):
            return Confidence.LIKELY
        if self.extends_name and (self._same_model or Origin.LINKED in self.origins):
            return Confidence.LIKELY if pointed else Confidence.GUESS
        if self.other_version and self.card_share >= _COPIED and not self.newer:
            return Confidence.LIKELY
        told = Origin.TOLD in self.origins or (self.extends_name and self.brand_named)
        return Confidence.GUESS if (self.same_name or self.named_inside or told) and not self.newer else None

    def _unlisted(self) -> Confidence | None:
        if self.newer:
            return Confidence.GUESS if self.declared else None
        if self.declared or (self.older and self.weights[1] == 1):
            return Confidence.LIKELY
        if self.older and self.extends_name and Origin.LINKED in self.origins and self._same_model:
            return Confidence.LIKELY
        if not self.older or not (self.same_name or self.named_inside):
            return Confidence.GUESS if self.older and Origin.TOLD in self.origins else None
        pointed = self.origins & {Origin.LINKED, Origin.LICENSE, Origin.ORGANIZATION} or self.account_imitated
        if pointed or self.weights[0] or self.card_share >= _COPIED:
            return Confidence.LIKELY
        return Confidence.GUESS if self.same_name and self._same_configuration else None

    @property
    def _same_model(self) -> bool:
        return self.architecture is Contradiction.NO or self._same_configuration

    @property
    def _same_configuration(self) -> bool:
        return same_file(self.snapshot, self.candidate, "config.json")

    def worth_reading(self) -> bool:
        """Its card may still decide: an older repository of the same name, or a listed maker's of another number."""
        named = self.same_name or (self.other_version and is_official(self.publisher))
        return named and not self.newer and not self.claims_us

    def rank(self) -> Rank:
        """For sorting, best first: how sure, then evidence by content, name, listing, declaration, age."""
        confidence = self.confidence()
        created = self.candidate.created_at
        bases = [name.lower() for name in self.snapshot.base_models]
        own = self.candidate.asked_for.name.lower()
        return (
            _CONFIDENCES.index(confidence) if confidence in _CONFIDENCES else len(_CONFIDENCES),
            not is_official(self.publisher),
            -self.weights[1],
            bases.index(own) if own in bases else len(bases),
            not self.same_name,
            -len(self.candidate.repository.short_name) if self.extends_name else 0,
            not self.older,
            created.timestamp() if created else float("inf"),
        )

    def reasons(self) -> tuple[Message, ...]:
        """What speaks for the candidate, the strongest first, and last what speaks against it."""
        found: list[Message] = []
        (paths, _), account, name = self.weights, self.candidate.repository.owner, self.candidate.repository.name
        if paths:
            found.append(Message.of("identity.reason.same_weights", path=paths[0], count=len(paths)))
        found += self._of_publisher()
        if self.card_share >= _COPIED:
            found.append(Message.of("identity.reason.same_card", percent=round(self.card_share * 100)))
        elif Origin.TOLD in self.origins:
            found.append(Message.of("identity.reason.told", original=name))
        elif Origin.LINKED in self.origins:
            found.append(Message.of("identity.reason.linked", original=name))
        if Origin.LICENSE in self.origins:
            found.append(Message.of("identity.reason.license", original=name))
        if Origin.ORGANIZATION in self.origins:
            found.append(Message.of("identity.reason.organization", account=account))
        if self.account_imitated:
            found.append(Message.of("identity.reason.imitated", account=account))
        if self.declared:
            found.append(Message.of("identity.reason.declared"))
        if Origin.BASE_OF_BASE in self.origins:
            found.append(Message.of("identity.reason.base_of_base"))
        found += self._of_model()
        return tuple(found)

    def _of_publisher(self) -> list[Message]:
        found: list[Message] = []
        account, publisher = self.candidate.repository.owner, self.publisher
        if publisher is not None and is_official(publisher):
            reason = "same_name_known" if self.same_name else "known_account"
            found.append(Message.of(f"identity.reason.{reason}", account=account, publisher=publisher.name))
            if self.brand_named:
                found.append(Message.of("identity.reason.brand_named", publisher=publisher.name))
        elif self.same_name:
            found.append(Message.of("identity.reason.same_name"))
        if not self.same_name and self.named_inside:
            found.append(Message.of("identity.reason.named_inside"))
        elif self.other_version:
            found.append(Message.of("identity.reason.other_version"))
        elif not self.same_name and self.extends_name:
            found.append(Message.of("identity.reason.extends_name"))
        return found

    def _of_model(self) -> list[Message]:
        found: list[Message] = []
        if self._same_configuration:
            found.append(Message.of("identity.reason.same_configuration"))
        elif self.architecture is Contradiction.NO:
            found.append(Message.of("identity.reason.same_architecture"))
        if self.older:
            found.append(Message.of("identity.reason.older"))
        if self.architecture is Contradiction.YES:
            found.append(Message.of("identity.reason.other_architecture"))
        return found


def shared_text(original: str | None, here: str | None) -> float:
    """Share of the original's runs of six words that stand here too, 0 to 1; front matter does not count."""
    there = _shingles(original)
    return len(there & _shingles(here)) / len(there) if there else 0.0


def _shingles(card: str | None) -> set[int]:
    body = re.sub(r"\A---\n.*?\n---\n", "", (card or "")[:_MAX_CARD], count=1, flags=re.DOTALL)
    words = re.findall(r"\w+", body.lower())
    return {hash(tuple(words[start : start + _SHINGLE])) for start in range(len(words) - _SHINGLE + 1)}
