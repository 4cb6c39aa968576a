"""Who should have published this repository: the original, if there is one, with reasons in words."""

from collections.abc import Collection, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

from core.errors import UserFacingError
from core.identity import originals, visitors
from core.identity.evidence import Claim
from core.identity.inquiry import Inquiry
from core.identity.model_names import bears_name
from core.identity.originals import COMPLETION, Candidates, is_official
from core.identity.publishers import Directory, directory_for
from core.identity.results import Confidence, Identity, Original, Signal, Visitors
from core.identity.signals import lookup_signal, signals
from core.progress import CancelToken, Progress, ProgressCallback, Step
from core.repository import Hub, RepositoryId, Snapshot
from core.text import Message

_MAX_OTHERS = 8


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person wants: find the original, compare with a chosen one, or with nothing."""

    choice: RepositoryId | None = None
    search: bool = True
    """False: compare with nothing."""
    remembered: bool = False
    """The choice is from an earlier check."""
    signals_off: Collection[str] = ()
    """Ids of `core.identity.signal_kinds.KINDS` that are not to be shown, nor asked for."""


def identify(
    snapshot: Snapshot,
    hub: Hub,
    progress: ProgressCallback,
    cancel: CancelToken,
    wish: Wish = Wish(),
    directory: Directory | None = None,
) -> Identity:
    """Find the original and ask about the publisher. `directory`: the publishers that count; None: the shipped list.

    Raises `Cancelled`. A Hub that does not answer is said in the result, not raised.
    """
    directory = directory or directory_for(snapshot.endpoint)
    with ThreadPoolExecutor(1, thread_name_prefix="publisher") as pool:
        asked = pool.submit(visitors.ask, snapshot, hub, wish.signals_off, cancel)
        identity = _Search(snapshot, hub, directory, wish, progress, cancel).identity()
        return _with_signals(identity, snapshot, asked, directory, wish)


def _with_signals(
    identity: Identity, snapshot: Snapshot, asked: "Future[Visitors]", directory: Directory, wish: Wish
) -> Identity:
    answered = asked.result()
    found = signals(snapshot, identity.original, answered, directory, wish.signals_off)
    return replace(identity, signals=(*found, *identity.signals), visitors=answered, remembered=wish.remembered)


class _Search:
    """One way to the answer: the publisher itself, a choice of the person, or the candidate with the best claim."""

    def __init__(
        self,
        snapshot: Snapshot,
        hub: Hub,
        directory: Directory,
        wish: Wish,
        progress: ProgressCallback,
        cancel: CancelToken,
    ) -> None:
        self._snapshot, self._hub, self._directory, self._wish = snapshot, hub, directory, wish
        self._progress, self._cancel = progress, cancel
        self._publisher = directory.of_account(snapshot.repository.owner)

    def identity(self) -> Identity:
        """Without the signals about the publisher."""
        wish = self._wish
        if wish.choice is not None:
            return self._chosen(wish.choice)
        if not wish.search:
            name = "not_asked_remembered" if wish.remembered else "not_asked"
            return self._nothing(Message.of(f"identity.explanation.{name}"))
        if self._publisher is not None and is_official(self._publisher) and not self._bears_anothers_name():
            return self._own()
        candidates, inquiry = originals.collect(
            self._snapshot, self._hub, self._directory, self._progress, self._cancel
        )
        original = self._best(candidates, inquiry)
        if is_official(self._publisher) and not (original and self._is_a_copy_of(original)):
            return self._own()
        lookup: tuple[Signal, ...] = lookup_signal(inquiry.asked, inquiry.unanswered)
        return Identity(original, self._publisher, _explanation(original, inquiry), lookup)

    def _own(self) -> Identity:
        assert self._publisher is not None  # noqa: S101  only asked for listed accounts
        account = self._snapshot.repository.owner
        return self._nothing(Message.of("identity.explanation.own", account=account, publisher=self._publisher.name))

    def _bears_anothers_name(self) -> bool:
        """A listed maker's page whose name is of a family of another listed maker: perhaps only a mirror."""
        names = (self._snapshot.repository.short_name,)
        families = originals.named_families(self._snapshot, names, self._directory)
        return bool(families) and self._publisher not in families

    def _is_a_copy_of(self, original: Original) -> bool:
        short_name = self._snapshot.repository.short_name
        return is_official(original.publisher) and bears_name(short_name, original.snapshot, self._directory)

    def _nothing(self, explanation: Message) -> Identity:
        return Identity(None, self._publisher, explanation)

    def _chosen(self, choice: RepositoryId) -> Identity:
        self._progress(Progress(Step.ORIGINAL, 0, 1, "requests"))
        problem = "identity.explanation.choice_missing"
        try:
            found = self._hub.find(choice, self._cancel)
        except UserFacingError:
            found = None
            problem = "identity.explanation.choice_failed"
        if found is None:
            return self._nothing(Message.of(problem, chosen=choice.name))
        if found.repository == self._snapshot.repository:
            return self._nothing(Message.of("identity.explanation.choice_is_this", chosen=choice.name))
        own_names = Candidates((self._snapshot.repository.short_name,))
        claim = Claim.of(self._snapshot, found, own_names, self._directory)
        name = "chosen_remembered" if self._wish.remembered else "chosen"
        reasons = (Message.of(f"identity.reason.{name}"), *claim.reasons())
        original = Original(found, claim.publisher, Confidence.CHOSEN, reasons)
        explanation = Message.of(f"identity.explanation.{name}", original=found.repository.name)
        return Identity(original, self._publisher, explanation)

    def _best(self, candidates: Candidates, inquiry: Inquiry) -> Original | None:
        """The candidate with the best claim, if any has a better claim than the repository itself.

        Its card is asked for last, and may decide: a copied card beside an equal name.
        """
        claims = [
            Claim.of(self._snapshot, found, candidates, self._directory) for found in candidates.snapshots.values()
        ]
        inquiry.allow(COMPLETION)
        read: set[str] = set()
        while (best := _first(claims, read)) is not None and best.candidate.repository.name not in read:
            read.add(best.candidate.repository.name)
            whole = self._completed(best.candidate, inquiry)
            if whole is None:
                break
            better = Claim.of(self._snapshot, whole, candidates, self._directory)
            claims = [better if one is best else one for one in claims]
        ranked = sorted((one for one in claims if one.confidence() is not None), key=Claim.rank)
        if not ranked:
            return None
        return _original(ranked, candidates)

    def _completed(self, listed: Snapshot, inquiry: Inquiry) -> Snapshot | None:
        """With card, figures and account; None if the budget is used up or the Hub does not answer."""
        found: list[Snapshot] = []
        inquiry.ask([lambda: found.append(self._hub.complete(listed, self._cancel))], COMPLETION)
        return found[0] if found else None


def _first(claims: Iterable[Claim], read: Collection[str]) -> Claim | None:
    """The one whose card matters most: the best claim, else the best that only the card could make one."""
    claims = sorted(claims, key=Claim.rank)
    best = next((one for one in claims if one.confidence() is not None), None)
    if best is not None:
        return best
    return next((one for one in claims if one.worth_reading() and one.candidate.repository.name not in read), None)


def _original(ranked: list[Claim], candidates: Candidates) -> Original:
    best = ranked[0]
    confidence = best.confidence()
    assert confidence is not None  # noqa: S101  the caller left the others out
    further = [one.candidate.repository for one in ranked[1:]]
    further += [hit.repository for hit in candidates.same_named]
    others = tuple(one for one in dict.fromkeys(further) if one != best.candidate.repository)[:_MAX_OTHERS]
    return Original(best.candidate, best.publisher, confidence, best.reasons(), others)


def _explanation(original: Original | None, inquiry: Inquiry) -> Message:
    if original is not None:
        name = original.snapshot.repository.name
        return Message.of(f"identity.explanation.{original.confidence}", original=name)
    if inquiry.unanswered:
        return Message.of("identity.explanation.none_incomplete", count=inquiry.unanswered)
    return Message.of("identity.explanation.none")
