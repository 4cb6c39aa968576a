"""One repository at one commit, as plain data, and what the rest of Sallyport may ask of the Hub.

Nothing here opens a socket: `core/hub` fills these in.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from core.byte_reader import ByteReader
from core.progress import CancelToken, ProgressCallback
from core.text import Message


class RepositoryKind(StrEnum):
    """The three kinds of repository the Hub serves."""

    MODEL = "model"
    DATASET = "dataset"
    SPACE = "space"


@dataclass(frozen=True, slots=True)
class RepositoryId:
    """A kind and a name: `owner/name`, or only `name` for a legacy model such as `gpt2`."""

    kind: RepositoryKind
    name: str

    @property
    def owner(self) -> str:
        """The account, or "" for a legacy name."""
        return self.name.partition("/")[0] if "/" in self.name else ""

    @property
    def short_name(self) -> str:
        """The part after the account."""
        return self.name.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class RepoReference:
    """What a pasted text was understood as. Built only by `core.reference.parse`."""

    repository: RepositoryId
    revision: str | None = None
    """Branch, tag, `refs/pr/N` or 40-hex commit; None: the default branch."""
    path: str | None = None
    """A file or folder the text pointed at: "start here"."""
    quantization: str | None = None
    """The tag of an `ollama`-style address, for example `Q4_K_M`."""
    notes: tuple[Message, ...] = ()
    """What we changed in order to understand it ("`www.` left out")."""


class EngineState(StrEnum):
    """What one engine says of one file. Unknown is never "nothing found"."""

    FINDING = "finding"
    NOTHING_FOUND = "nothing_found"
    NOT_SUPPORTED = "not_supported"
    NOT_READ = "not_read"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class EngineResult:
    """One engine's word on one file. `raw` is the Hub's own status word, `message` its own text (untrusted)."""

    engine: str
    state: EngineState
    raw: str = ""
    message: str = ""
    imports: tuple[tuple[str, str, str], ...] = ()
    """Pickle imports the Hub lists: (module, name, safety)."""


@dataclass(frozen=True, slots=True)
class RepositoryFile:
    """A file as the listing of one commit describes it. `size` in bytes."""

    path: str
    size: int
    git_sha1: str
    """Of the git blob; for a file in LFS that is the pointer text."""
    sha256: str | None = None
    """Of the content; only files in LFS have one."""
    engines: tuple[EngineResult, ...] = ()
    last_commit: str | None = None
    changed_at: datetime | None = None
    """When `last_commit` was made."""


@dataclass(frozen=True, slots=True)
class Account:
    """What the Hub says about a publisher. None means "not stated"."""

    name: str
    is_organization: bool
    full_name: str = ""
    verified: bool | None = None
    created_at: datetime | None = None
    followers: int | None = None
    models: int | None = None
    datasets: int | None = None
    spaces: int | None = None
    members: int | None = None
    plan: str | None = None


@dataclass(frozen=True, slots=True)
class Commit:
    """One entry of the history."""

    id: str
    title: str
    date: datetime | None
    authors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Discussion:
    """A thread of the repository's community page. `title` is a stranger's text."""

    number: int
    title: str
    author: str
    created_at: datetime | None = None
    is_pull_request: bool = False


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What the Hub itself read out of the configuration and the weights' headers; empty or None: not stated."""

    architectures: tuple[str, ...] = ()
    """Classes named in `config.json`."""
    model_type: str | None = None
    quantization: str | None = None
    """The configuration's `quant_method`, for example "gptq"."""
    auto_map: tuple[tuple[str, str], ...] = ()
    """Python of the repository that loading it would run: (class it stands for, `module.Class`)."""
    parameters: int | None = None
    """Numbers in all safetensors files."""
    chat_template: str | None = None
    gguf_architecture: str | None = None
    gguf_parameters: int | None = None
    """Of one GGUF file; in a repository with several the Hub does not say which."""
    gguf_chat_template: str | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """Counted by the Hub, and easy to fake: they never raise trust."""

    downloads: int | None = None
    downloads_all_time: int | None = None
    likes: int | None = None
    trending_score: float | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One repository at one 40-hex commit. All later requests name that commit."""

    repository: RepositoryId
    asked_for: RepositoryId
    """Differs from `repository` when the Hub sent us on: renamed, or another capitalisation."""
    commit: str
    revision: str | None
    """As asked; None means the default branch."""
    endpoint: str
    files: tuple[RepositoryFile, ...]
    card: str | None
    """The README as text, None if there is none or it could not be read (see `not_read`)."""
    retrieved_at: datetime
    created_at: datetime | None = None
    last_modified: datetime | None = None
    gated: str | None = None
    """None, or the Hub's word: "auto" or "manual"."""
    tags: tuple[str, ...] = ()
    license: str | None = None
    library: str | None = None
    license_link: str | None = None
    base_models: tuple[str, ...] = ()
    """Declared by the uploader, in front matter and tags."""
    base_relation: str | None = None
    """What the uploader declares to have made of them: "quantized", "finetune", "adapter" or "merge"."""
    model: ModelFacts = ModelFacts()
    figures: Figures = Figures()
    account: Account | None = None
    commit_count: int | None = None
    first_commit: Commit | None = None
    last_commit: Commit | None = None
    commit_authors: tuple[tuple[str, int], ...] = ()
    """Who made the newest hundred commits, and how many each, the busiest first."""
    hub_scan_done: bool | None = None
    from_cache: bool = False
    """True if the Hub was not asked: all of this is what it said at `retrieved_at`."""
    not_read: tuple[Message, ...] = ()
    """Parts the Hub did not give us, each with its reason. Never silently empty."""

    def file(self, path: str) -> RepositoryFile | None:
        """The file listed under exactly this path."""
        return next((file for file in self.files if file.path == path), None)

    @property
    def total_size(self) -> int:
        """Sum of all listed sizes, in bytes."""
        return sum(file.size for file in self.files)


@dataclass(frozen=True, slots=True)
class Allowance:
    """What the Hub still allows this computer, or this token, as its last answer said."""

    resource: str
    """"api" (questions), "files" or "pages": the Hub counts them apart."""
    remaining: int
    limit: int | None
    resets_at: datetime


@dataclass(frozen=True, slots=True)
class NetworkUse:
    """What a check cost: requests with redirects, body bytes, and answers that were kept from earlier."""

    requests: int = 0
    bytes: int = 0
    from_cache: int = 0
    read_on: datetime | None = None
    """When the oldest of the kept answers was given; None if none was used."""
    offline: bool = False
    """True if no Hub was to be asked: all of it is as old as `read_on`."""
    allowances: tuple[Allowance, ...] = ()


NOTHING_USED = NetworkUse()


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One model of a search, with the figures the Hub sends along."""

    repository: RepositoryId
    created_at: datetime | None = None
    downloads: int | None = None
    likes: int | None = None
    base_models: tuple[str, ...] = ()


class Hub(Protocol):
    """What the stages may ask. `core.hub.session.HubSession` answers from the network."""

    @property
    def endpoint(self) -> str:
        """Base address, without a trailing slash."""
        ...

    def network(self, before: NetworkUse = NOTHING_USED) -> NetworkUse:
        """What was used on top of an earlier total; without one, the total so far."""
        ...

    def snapshot(self, reference: RepoReference, progress: ProgressCallback, cancel: CancelToken) -> Snapshot:
        """Resolve to a commit and read everything the listing offers. Raises `UserFacingError`."""
        ...

    def find(self, repository: RepositoryId, cancel: CancelToken) -> Snapshot | None:
        """As `snapshot` of the default branch, but None if there is no such repository. Up to six requests."""
        ...

    def listing(self, repository: RepositoryId, cancel: CancelToken) -> Snapshot | None:
        """What one request gives of the default branch: files, dates, tags; no card, no account. None as above."""
        ...

    def complete(self, listed: Snapshot, cancel: CancelToken) -> Snapshot:
        """A listing with its card, figures and account, as `find` would have given it. Up to five requests."""
        ...

    def search(
        self, query: str, cancel: CancelToken, sort: str = "downloads", limit: int = 20
    ) -> tuple[SearchHit, ...]:
        """Models whose id contains `query`. This and each of the questions below is one request."""
        ...

    def organizations(self, query: str, cancel: CancelToken) -> tuple[Account, ...]:
        """Organisations whose name contains `query`: only `name` and `full_name` are stated."""
        ...

    def models_by(self, account: str, cancel: CancelToken, limit: int = 100) -> tuple[SearchHit, ...]:
        """Models of an account, newest first."""
        ...

    def built_on(self, repository: RepositoryId, cancel: CancelToken, limit: int = 100) -> tuple[SearchHit, ...]:
        """Models that declare `repository` as their base, newest first."""
        ...

    def likers(self, repository: RepositoryId, cancel: CancelToken) -> tuple[str, ...]:
        """Names of accounts that liked it: the first page, which need not be all."""
        ...

    def discussions(self, repository: RepositoryId, cancel: CancelToken) -> tuple[Discussion, ...]:
        """Open discussions and pull requests: the first page."""
        ...

    def members(self, organization: str, cancel: CancelToken) -> tuple[str, ...]:
        """Account names of an organisation's public members: the first page."""
        ...

    def open(self, snapshot: Snapshot, path: str, cancel: CancelToken) -> ByteReader:
        """A range reader over one file of the snapshot's commit. No request is sent before the first read."""
        ...

    def stream(self, snapshot: Snapshot, path: str, offset: int, cancel: CancelToken) -> Iterable[bytes]:
        """The bytes of one file from `offset` on, for the downloader; checked for length, not for hash."""
        ...
