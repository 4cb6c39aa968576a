"""Repositories of the demo hub on disk: one JSON file and one pack of bytes each.

So no name from a repository ever becomes a file name, and 20,000 files cost two:
`<root>/<kind>s/<owner>/<name>.json` (facts, commits, listings), `….pack` (contents), `<root>/accounts/<name>.json`.
"""

import hashlib
import json
import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from core.demo.exchange import HOLE, Content
from core.repository import RepositoryKind

POINTER_SIZE = 134
"""What the Hub states as the size of every LFS pointer."""

_LFS_SUFFIXES = frozenset(
    {".bin", ".ckpt", ".ftz", ".gguf", ".h5", ".joblib", ".keras", ".mlmodel", ".model", ".msgpack", ".nemo", ".npy"}
    | {".npz", ".onnx", ".ot", ".parquet", ".arrow", ".pb", ".pickle", ".pkl", ".pt", ".pth", ".safetensors", ".tflite"}
    | {".7z", ".bz2", ".gz", ".rar", ".tar", ".tgz", ".xz", ".zip", ".zst", ".exe", ".wasm", ".png"}
)
_LARGE = 10_000_000
"""Above this many bytes a file goes to LFS, whatever its name."""


@dataclass(frozen=True, slots=True)
class NewFile:
    """Content to be stored: bytes as they are, a number for that many zero bytes (they cost nothing on disk).

    Hashes are computed unless given; giving them makes gigabytes of zeros, and lies, cheap.
    """

    pieces: tuple[bytes | int, ...]
    git_sha1: str | None = None
    sha256: str | None = None
    lfs: bool | None = None
    """None: decided by name and size, as the Hub's usual `.gitattributes` does."""
    stated_size: int | None = None
    """A lie about the length, for the listing; the bytes that are served stay the same."""

    @property
    def size(self) -> int:
        """Length in bytes, as the listing states it."""
        if self.stated_size is not None:
            return self.stated_size
        return sum(piece if isinstance(piece, int) else len(piece) for piece in self.pieces)


Files = Mapping[str, bytes | NewFile]


@dataclass(frozen=True, slots=True)
class NewCommit:
    """A commit to be stored, with every file it lists."""

    title: str
    files: Files
    date: datetime
    author: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of a listing. `git_sha1` of a file in LFS is that of its pointer."""

    path: str
    size: int
    git_sha1: str
    sha256: str | None
    content: Content


@dataclass(frozen=True, slots=True)
class StoredCommit:
    """A commit with its whole listing, by path."""

    id: str
    title: str
    message: str
    date: str
    author: str
    files: Mapping[str, StoredFile]


@dataclass(frozen=True, slots=True)
class StoredRepository:
    """A repository as loaded. `facts` are in the Hub's own words (`downloads`, `likes`, `gated`, …)."""

    kind: RepositoryKind
    name: str
    facts: Mapping[str, Any]
    branches: Mapping[str, tuple[StoredCommit, ...]]
    """Name ("main", "refs/pr/1", a tag) -> commits, newest first."""

    @property
    def owner(self) -> str:
        """The account, or "" for a legacy name."""
        return self.name.partition("/")[0] if "/" in self.name else ""

    @property
    def head(self) -> StoredCommit:
        """The newest commit of the default branch."""
        return self.branches["main"][0]

    def history(self, revision: str) -> tuple[StoredCommit, ...]:
        """Commits from `revision` (a branch, a tag or a commit id) back to the first; empty if there is none."""
        for name in (revision, f"refs/tags/{revision}"):
            if name in self.branches:
                return self.branches[name]
        for commits in self.branches.values():
            for index, commit in enumerate(commits):
                if commit.id == revision:
                    return commits[index:]
        return ()


def write_repository(
    root: Path,
    kind: RepositoryKind,
    name: str,
    branches: Mapping[str, Sequence[NewCommit]],
    facts: Mapping[str, Any],
) -> str:
    """Store a repository and return the id of its newest commit. `branches`: oldest commit first, one is "main"."""
    base = _base(root, kind, name)
    base.parent.mkdir(parents=True, exist_ok=True)
    with _beside(base, ".pack").open("wb") as pack:
        writer = _PackWriter(pack)
        stored = {branch: list(_commit_rows(kind, name, commits, writer, "")) for branch, commits in branches.items()}
    _write_json(_beside(base, ".json"), {"name": name, "facts": dict(facts), "branches": stored})
    return str(stored["main"][-1]["id"])


def append_commit(root: Path, kind: RepositoryKind, name: str, commit: NewCommit, branch: str = "main") -> None:
    """Put a commit on top of a stored branch: the branch moves, older commits stay readable."""
    base = _base(root, kind, name)
    stored = json.loads(_beside(base, ".json").read_text(encoding="utf-8"))
    rows = stored["branches"].setdefault(branch, [])
    with _beside(base, ".pack").open("ab") as pack:
        parent = rows[-1]["id"] if rows else ""
        rows.extend(_commit_rows(kind, name, (commit,), _PackWriter(pack), parent))
    _write_json(_beside(base, ".json"), stored)


def write_account(root: Path, name: str, facts: Mapping[str, Any]) -> None:
    """Store what the Hub says of an account; `facts["organization"]` True makes it an organisation."""
    target = root / "accounts" / f"{name}.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    _write_json(target, {"name": name, **facts})


def load_accounts(root: Path) -> dict[str, dict[str, Any]]:
    """All stored accounts, by lower-case name."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted((root / "accounts").glob("*.json")):
        account: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        found[account["name"].lower()] = account
    return found


def load_repositories(root: Path) -> Iterator[StoredRepository]:
    """All stored repositories."""
    for kind in RepositoryKind:
        for path in sorted((root / f"{kind}s").rglob("*.json")):
            yield _load(kind, path)


def load_repository(root: Path, kind: RepositoryKind, name: str) -> StoredRepository:
    """One stored repository, read again from disk."""
    return _load(kind, _beside(_base(root, kind, name), ".json"))


def wire_date(moment: datetime) -> str:
    """A date as the Hub writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def git_sha1(size: int, pieces: Sequence[bytes | int]) -> str:
    """The id git gives a blob: SHA-1 over the word "blob", the size, a zero byte and the content."""
    digest = hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
    for block in _blocks(pieces):
        digest.update(block)
    return digest.hexdigest()


def content_sha256(pieces: Sequence[bytes | int]) -> str:
    """SHA-256 of a content."""
    digest = hashlib.sha256()
    for block in _blocks(pieces):
        digest.update(block)
    return digest.hexdigest()


def lfs_pointer(sha256: str, size: int) -> bytes:
    """The text git keeps in place of a file in LFS (Git LFS specification, version 1)."""
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{sha256}\nsize {size}\n".encode()


class _PackWriter:
    """Writes contents one after the other; the same content only once."""

    def __init__(self, pack: IO[bytes]) -> None:
        self._pack = pack
        self._end: int = pack.tell()
        self._known: dict[str, dict[str, Any]] = {}

    def add(self, path: str, source: bytes | NewFile) -> dict[str, Any]:
        file = source if isinstance(source, NewFile) else NewFile((source,))
        in_lfs = file.lfs if file.lfs is not None else _belongs_in_lfs(path, file.size)
        sha256 = (file.sha256 or content_sha256(file.pieces)) if in_lfs else None
        blob = file.git_sha1
        if blob is None and sha256 is not None:
            pointer = lfs_pointer(sha256, file.size)
            blob = git_sha1(len(pointer), (pointer,))
        blob = blob or git_sha1(file.size, file.pieces)
        if blob not in self._known:
            row = {"size": file.size, "git_sha1": blob, "sha256": sha256, "extents": self._store(file.pieces)}
            self._known[blob] = row
        return {"path": path, **self._known[blob]}

    def _store(self, pieces: Sequence[bytes | int]) -> list[tuple[int, int]]:
        extents: list[tuple[int, int]] = []
        for piece in pieces:
            if isinstance(piece, int):
                extents.append((HOLE, piece))
            elif piece:
                self._pack.write(piece)
                extents.append((self._end, len(piece)))
                self._end += len(piece)
        return extents


def _commit_rows(
    kind: RepositoryKind, name: str, commits: Sequence[NewCommit], writer: _PackWriter, parent: str
) -> Iterator[dict[str, Any]]:
    for commit in commits:
        files = [writer.add(path, source) for path, source in sorted(commit.files.items())]
        listing = [(row["path"], row["git_sha1"]) for row in files]
        # Not the date: demo dates follow the clock, commit ids must not.
        named = json.dumps([kind, name, parent, commit.title, commit.author, listing])
        parent = hashlib.sha1(named.encode(), usedforsecurity=False).hexdigest()
        yield {
            "id": parent,
            "title": commit.title,
            "message": commit.message,
            "date": wire_date(commit.date),
            "author": commit.author,
            "files": files,
        }


def _load(kind: RepositoryKind, path: Path) -> StoredRepository:
    stored = json.loads(path.read_text(encoding="utf-8"))
    pack = path.with_suffix(".pack")
    branches = {branch: _load_commits(rows, pack) for branch, rows in stored["branches"].items()}
    return StoredRepository(kind, stored["name"], stored["facts"], branches)


def _load_commits(rows: Sequence[Mapping[str, Any]], pack: Path) -> tuple[StoredCommit, ...]:
    return tuple(
        StoredCommit(
            row["id"],
            row["title"],
            row["message"],
            row["date"],
            row["author"],
            {file["path"]: _load_file(file, pack) for file in row["files"]},
        )
        for row in reversed(rows)
    )


def _load_file(row: Mapping[str, Any], pack: Path) -> StoredFile:
    extents = tuple((offset, length) for offset, length in row["extents"])
    return StoredFile(row["path"], row["size"], row["git_sha1"], row["sha256"], Content(pack, extents))


def _belongs_in_lfs(path: str, size: int) -> bool:
    return size > _LARGE or posixpath.splitext(path)[1].lower() in _LFS_SUFFIXES


def _blocks(pieces: Sequence[bytes | int]) -> Iterator[bytes]:
    zeros = bytes(1 << 20)
    for piece in pieces:
        if isinstance(piece, bytes):
            yield piece
        else:
            yield from (zeros for _ in range(piece >> 20))
            yield zeros[: piece & 0xFFFFF]


def _base(root: Path, kind: RepositoryKind, name: str) -> Path:
    return root / f"{kind}s" / name


def _beside(base: Path, suffix: str) -> Path:
    return base.with_name(base.name + suffix)


def _write_json(path: Path, value: object) -> None:
    # Explicit line ends: the folder must be the same on every system.
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8", newline="\n")
