"""Who should have published this repository: the original, if there is one, with reasons in words."""

from dataclasses import dataclass

from core.errors import UserFacingError
from core.identity import originals
from core.identity.lookalike import find
from core.identity.model_names import same_name
from core.identity.originals import Candidates, Origin, is_official, younger
from core.identity.publishers import Directory, directory_for
from core.identity.results import Confidence, Identity, Original, Publisher
from core.identity.signals import lookup_signal, signals
from core.progress import CancelToken, Progress, ProgressCallback, Step
from core.repository import Hub, RepositoryId, Snapshot
from core.text import Message

_CONFIDENCES = (Confidence.SURE, Confidence.LIKELY, Confidence.GUESS)
_MAX_OTHERS = 8
_WEIGHTS = (".safetensors", ".bin", ".gguf", ".pt", ".pth", ".ckpt", ".onnx", ".h5", ".keras", ".msgpack", ".pkl")
"""Names of files whose content makes the model; tokenizers are shared by whole families and prove nothing."""


def identify(
    snapshot: Snapshot,
    hub: Hub,
    progress: ProgressCallback,
    cancel: CancelToken,
    choice: RepositoryId | None = None,
    search: bool = True,
    directory: Directory | None = None,
) -> Identity:
    """Find the original. `choice`: the person named it. `search` False: compare with nothing, ask nothing.

    `directory`: the publishers that count; None: the shipped list.

    Raises `Cancelled`. A Hub that does not answer is said in the result, not raised.
    """
    directory = directory or directory_for(snapshot.endpoint)
    publisher = directory.of_account(snapshot.repository.owner)
    if choice is not None:
        return _chosen(snapshot, hub, choice, directory, progress, cancel)
    if publisher is not None and is_official(publisher):
        account = snapshot.repository.owner
        explanation = Message.of("identity.explanation.own", account=account, publisher=publisher.name)
        return Identity(None, publisher, explanation, signals(snapshot, None))
    if not search:
        return Identity(None, publisher, Message.of("identity.explanation.not_asked"), signals(snapshot, None))
    candidates = originals.collect(snapshot, hub, directory, progress, cancel)
    original = _best(snapshot, candidates, directory)
    return Identity(
        original,
        publisher,
        _explanation(original, candidates),
        (*signals(snapshot, original), *lookup_signal(candidates.asked, candidates.unanswered)),
    )


def _chosen(
    snapshot: Snapshot,
    hub: Hub,
    choice: RepositoryId,
    directory: Directory,
    progress: ProgressCallback,
    cancel: CancelToken,
) -> Identity:
    publisher = directory.of_account(snapshot.repository.owner)
    progress(Progress(Step.ORIGINAL, 0, 1, "requests"))
    problem = "identity.explanation.choice_missing"
    try:
        found = hub.find(choice, cancel)
    except UserFacingError:
        found = None
        problem = "identity.explanation.choice_failed"
    if found is None:
        return Identity(None, publisher, Message.of(problem, chosen=choice.name), signals(snapshot, None))
    if found.repository == snapshot.repository:
        own = Message.of("identity.explanation.choice_is_this", chosen=choice.name)
        return Identity(None, publisher, own, signals(snapshot, None))
    reasons = (Message.of("identity.reason.chosen"), *_Judged(snapshot, found, set(), directory).reasons())
    original = Original(found, directory.of_account(found.repository.owner), Confidence.CHOSEN, reasons)
    explanation = Message.of("identity.explanation.chosen", original=found.repository.name)
    return Identity(original, publisher, explanation, signals(snapshot, original))


def _explanation(original: Original | None, candidates: Candidates) -> Message:
    if original is not None:
        name = original.snapshot.repository.name
        return Message.of(f"identity.explanation.{original.confidence}", original=name)
    if candidates.unanswered:
        return Message.of("identity.explanation.none_incomplete", count=candidates.unanswered)
    return Message.of("identity.explanation.none")


def _best(snapshot: Snapshot, candidates: Candidates, directory: Directory) -> Original | None:
    """The candidate with the best claim, if any has a better claim than the repository itself."""
    judged = [
        _Judged(snapshot, found, candidates.origins[name], directory) for name, found in candidates.snapshots.items()
    ]
    claims = sorted((one for one in judged if one.confidence() is not None), key=_Judged.rank)
    if not claims:
        return None
    best = claims[0]
    confidence = best.confidence()
    assert confidence is not None  # noqa: S101  filtered above
    further = [one.candidate.repository for one in claims[1:]]
    further += [hit.repository for hit in candidates.same_named]
    others = tuple(one for one in dict.fromkeys(further) if one != best.candidate.repository)[:_MAX_OTHERS]
    return Original(best.candidate, best.publisher, confidence, best.reasons(), others)


@dataclass(frozen=True, slots=True)
class _Judged:
    """One candidate and what speaks for it. Downloads and likes are never asked."""

    snapshot: Snapshot
    candidate: Snapshot
    origins: set[Origin]
    directory: Directory

    @property
    def publisher(self) -> Publisher | None:
        return self.directory.of_account(self.candidate.repository.owner)

    @property
    def identical_weights(self) -> tuple[str, ...]:
        """Paths here whose content the candidate has too."""
        theirs = {file.sha256 for file in self.candidate.files if file.sha256}
        return tuple(
            file.path
            for file in self.snapshot.files
            if file.sha256 in theirs and file.size and file.path.lower().endswith(_WEIGHTS)
        )

    @property
    def same_name(self) -> bool:
        mine, theirs = self.snapshot.repository.short_name, self.candidate.repository.short_name
        return same_name(mine, theirs, self.directory)

    @property
    def declared(self) -> bool:
        names = {name.lower() for name in self.snapshot.base_models}
        asked = {self.candidate.repository.name.lower(), self.candidate.asked_for.name.lower()}
        return bool(names & asked)

    @property
    def brand_named(self) -> bool:
        return self.publisher is not None and self.publisher in originals.brands(self.snapshot, self.directory)

    @property
    def account_imitated(self) -> bool:
        owner = self.candidate.repository.owner
        alike = find(self.snapshot.repository.owner, self.directory, (owner,))
        return alike is not None and alike.account == owner and alike.is_imitation

    def confidence(self) -> Confidence | None:
        """None: no better claim to be the original than the repository itself."""
        linked = Origin.LINKED in self.origins
        newer = younger(self.candidate.created_at, self.snapshot.created_at)
        if is_official(self.publisher):
            return self._official_confidence(linked=linked, newer=newer)
        if newer:
            return Confidence.GUESS if self.declared else None
        known_age = self.candidate.created_at is not None and self.snapshot.created_at is not None
        if self.declared or (self.identical_weights and known_age):
            return Confidence.LIKELY
        if self.same_name and known_age and (linked or self.account_imitated):
            return Confidence.LIKELY
        return None

    def _official_confidence(self, *, linked: bool, newer: bool) -> Confidence | None:
        if self.identical_weights or (self.same_name and self.declared):
            return Confidence.SURE
        base = self.declared or Origin.BASE_OF_BASE in self.origins
        if base or (self.same_name and (linked or self.brand_named)):
            return Confidence.LIKELY
        return Confidence.GUESS if self.same_name and not newer else None

    def rank(self) -> tuple[int, bool, bool, bool, bool, float]:
        """For sorting, best first: how sure, then evidence by content, name, listing, declaration, age."""
        confidence = self.confidence()
        created = self.candidate.created_at
        return (
            _CONFIDENCES.index(confidence) if confidence in _CONFIDENCES else len(_CONFIDENCES),
            not is_official(self.publisher),
            not self.identical_weights,
            not self.same_name,
            not self.declared,
            created.timestamp() if created else float("inf"),
        )

    def reasons(self) -> tuple[Message, ...]:
        """What speaks for the candidate, the strongest first."""
        found: list[Message] = []
        identical = self.identical_weights
        if identical:
            found.append(Message.of("identity.reason.same_weights", path=identical[0], count=len(identical)))
        account, publisher = self.candidate.repository.owner, self.publisher
        if publisher is not None and is_official(publisher):
            name = "same_name_known" if self.same_name else "known_account"
            found.append(Message.of(f"identity.reason.{name}", account=account, publisher=publisher.name))
            if self.brand_named:
                found.append(Message.of("identity.reason.brand_named", publisher=publisher.name))
        elif self.same_name:
            found.append(Message.of("identity.reason.same_name"))
        if Origin.LINKED in self.origins:
            found.append(Message.of("identity.reason.linked", original=self.candidate.repository.name))
        if self.account_imitated:
            found.append(Message.of("identity.reason.imitated", account=account))
        if self.declared:
            found.append(Message.of("identity.reason.declared"))
        if younger(self.snapshot.created_at, self.candidate.created_at):
            found.append(Message.of("identity.reason.older"))
        return tuple(found)
