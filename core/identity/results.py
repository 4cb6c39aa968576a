"""What identity finds out: which repository is the original, how sure we are, and what speaks for or against."""

from dataclasses import dataclass, field
from enum import StrEnum

from core.repository import Discussion, RepositoryId, SearchHit, Snapshot
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


class SignatureState(StrEnum):
    """What a signature is by itself, whoever made it."""

    FITS = "fits"
    """It belongs to the key that the bundle names, and to this list of files."""
    WRONG = "wrong"
    """It does not."""
    KEY_UNKNOWN = "key_unknown"
    """Made with a key that is neither in the bundle nor on our list."""
    NOT_READ = "not_read"
    """Not a bundle that we understand, too long, or the Hub did not give it; `problem` says which."""


class Proof(StrEnum):
    """Who vouches for the name on a signature."""

    LOG = "log"
    """Sigstore issued the certificate, and its public log holds the signature."""
    AUTHORITY = "authority"
    """Sigstore issued the certificate; the log was not looked up."""
    KEY = "key"
    """The key is on our list of publishers."""
    NOT_IN_LOG = "not_in_log"
    """Sigstore issued the certificate, but the entry of the log does not hold."""
    OUT_OF_TIME = "out_of_time"
    """Sigstore issued the certificate, but it was not valid when the bundle says that it was used."""
    FORGED = "forged"
    """The certificate says that Sigstore issued it, and it did not."""
    NONE = "none"
    """Nobody that we know: the name is a mere claim."""


PROVEN = frozenset({Proof.LOG, Proof.AUTHORITY, Proof.KEY})


class Expected(StrEnum):
    """Whether the signer is whom `publishers.toml` expects for the brand."""

    YES = "yes"
    NO = "no"
    NOBODY_LISTED = "nobody_listed"


@dataclass(frozen=True, slots=True)
class Signer:
    """Whom we expect to sign for a publisher: an identity and who vouches for it, or a key.

    `identity` may begin with `*@`: everybody of that mail domain.
    """

    identity: str = ""
    issuer: str = ""
    public_key: str = ""
    """PEM."""


@dataclass(frozen=True, slots=True)
class Signature:
    """What the model signature of a repository shows. Paths are those of the listing."""

    state: SignatureState
    signer: str = ""
    """Mail or web address in the certificate, or the fingerprint of the key: a claim unless `proof` is in `PROVEN`."""
    issuer: str = ""
    proof: Proof = Proof.NONE
    expected: Expected = Expected.NOBODY_LISTED
    brand: str = ""
    """The publisher that `expected` is about."""
    problem: Message | None = None
    """Why it was not read or not checked."""
    matching: int = 0
    """Signed files that are here unchanged."""
    changed: tuple[str, ...] = ()
    """Signed, but with another content here."""
    missing: tuple[str, ...] = ()
    """Signed, but not here."""
    unsigned: tuple[str, ...] = ()
    """Here, but not signed. Card, housekeeping of git, and what the signer left out on purpose are not counted."""
    not_compared: tuple[str, ...] = ()
    """Signed and here, but the hashes could not be compared."""
    left_out: tuple[str, ...] = ()
    """Here, and left out by the signer on purpose."""
    copied_from: str = ""
    """The original that has the very same signature file, if it is another repository."""


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
    signers: tuple[Signer, ...] = ()
    """Who signs its models; empty if we do not know."""


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
    """One fact about the publisher. `meaning` says what it proves and what not.

    `id` is one of `core.identity.signal_kinds.KINDS`, or "lookup".
    """

    id: str
    value: Message
    meaning: Message
    source: str
    requests: int = 0
    """What was asked of the Hub for it, beyond what the check needs anyway."""


@dataclass(slots=True)
class Visitors:
    """Answers; None: not asked, or not answered (see `unanswered`). Built up by `core.identity.visitors.ask` only."""

    models: tuple[SearchHit, ...] | None = None
    """Of the account, newest first; at most a hundred."""
    likers: tuple[str, ...] | None = None
    discussions: tuple[Discussion, ...] | None = None
    members: tuple[str, ...] | None = None
    built_on: tuple[SearchHit, ...] | None = None
    """Models that declare this repository as their base."""
    others: list[Snapshot] = field(default_factory=list)
    """Listings of some of the account's other models."""
    requests: dict[str, int] = field(default_factory=dict)
    """What was asked for each signal."""
    unanswered: list[str] = field(default_factory=list)


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
    remembered: bool = False
    """The person chose the original, or none, in an earlier check."""
    visitors: Visitors = field(default_factory=Visitors)
    """What the Hub answered about the publisher: what the signals and findings were made of."""
    signature: Signature | None = None
    """None if the repository has no model signature."""
