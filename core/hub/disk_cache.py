"""What the Hub said before, on the disk: bounded, for several processes at once, and never believed unless whole.

One file an entry. Its name is a hash of the question, made by us; its content carries a hash over the question and all
of itself, so that a damaged, cut or exchanged entry is recognised, removed and counts as not there. Nothing here ever
raises because of the disk: a cache that cannot be used is an empty one.
"""

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from core.errors import UserFacingError
from core.paths import private_folder

_MAGIC = b"sallyport cache 1\n"
_DIGEST = 32
_BLOCK = 4096
"""Bytes a file system hands out at a time: a small entry costs one of these."""
_SHARE = 8
"""The largest entry is this part of the limit."""
_KEPT_WHEN_FULL = 0.8
_SHARED, _PRIVATE = "shared", "private"


@dataclass(frozen=True, slots=True)
class Entry:
    """One kept answer. `facts` are few and short: status and some headers."""

    content: bytes
    facts: dict[str, str]
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is kept: bytes on the disk, entries, and when the least recently used one was last used."""

    bytes: int = 0
    entries: int = 0
    oldest: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Place:
    path: Path
    used: float
    bytes: int


class DiskCache:
    """Entries below `folder`, together at most about `limit` bytes; the least recently used go first.

    `private` entries are answers to somebody with a token; they lie apart, so that they can be forgotten with it.
    """

    def __init__(self, folder: Path, limit: int) -> None:
        self._folder = folder
        self._limit = limit
        self._lock = threading.Lock()
        self._written = limit
        """Bytes put in since we last looked at the disk; at the limit to begin with, so that the first `put` looks."""

    def get(self, question: tuple[str, ...], *, private: bool = False) -> Entry | None:
        """The whole entry, or None."""
        key = _key(question)
        path = self._path(key, private)
        try:
            entry = _unpacked(key, _read(path, self._limit))
        except OSError:
            return None
        except (ValueError, KeyError, TypeError):
            with contextlib.suppress(OSError):
                path.unlink()
            return None
        with contextlib.suppress(OSError):
            os.utime(path)
        return entry

    def put(self, question: tuple[str, ...], content: bytes, facts: dict[str, str], *, private: bool = False) -> None:
        """Keep an answer of now, if it is small enough and the disk allows."""
        key = _key(question)
        packed = _packed(key, Entry(content, facts, datetime.now(UTC)))
        if _on_disk(len(packed)) > self._limit // _SHARE:
            return
        with contextlib.suppress(OSError, UserFacingError):
            _write(self._path(key, private), packed)
            self._count(_on_disk(len(packed)))

    def extent(self) -> Extent:
        """What is kept now, by all processes."""
        places = list(self._places())
        oldest = min((place.used for place in places), default=None)
        when = None if oldest is None else datetime.fromtimestamp(oldest, UTC)
        return Extent(sum(place.bytes for place in places), len(places), when)

    def clear(self) -> None:
        """Remove everything."""
        for part in (_SHARED, _PRIVATE):
            shutil.rmtree(self._folder / part, ignore_errors=True)

    def clear_private(self) -> None:
        """Remove what was answered to somebody with a token."""
        shutil.rmtree(self._folder / _PRIVATE, ignore_errors=True)

    def _path(self, key: bytes, private: bool) -> Path:
        name = key.hex()
        return self._folder / (_PRIVATE if private else _SHARED) / name[:2] / name[2:]

    def _count(self, written: int) -> None:
        """Look at the disk once in a while: other processes write there too."""
        with self._lock:
            self._written += written
            if self._written < self._limit // _SHARE:
                return
            self._written = 0
        self._make_room()

    def _make_room(self) -> None:
        places = sorted(self._places(), key=lambda place: place.used)
        total = sum(place.bytes for place in places)
        if total <= self._limit:
            return
        for place in places:
            with contextlib.suppress(OSError):
                place.path.unlink()
                total -= place.bytes
            if total <= self._limit * _KEPT_WHEN_FULL:
                return

    def _places(self) -> Iterator[_Place]:
        for part in (_SHARED, _PRIVATE):
            for folder in _entries(self._folder / part):
                for found in _entries(Path(folder.path)):
                    with contextlib.suppress(OSError):
                        facts = found.stat(follow_symlinks=False)
                        yield _Place(Path(found.path), facts.st_mtime, _on_disk(facts.st_size))


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except OSError:
        return []


def _on_disk(size: int) -> int:
    return -(-size // _BLOCK) * _BLOCK


def _key(question: tuple[str, ...]) -> bytes:
    return hashlib.sha256(json.dumps(question).encode()).digest()


def _packed(key: bytes, entry: Entry) -> bytes:
    facts = json.dumps({"read_at": entry.read_at.isoformat(), "facts": entry.facts}).encode()
    body = len(facts).to_bytes(4, "big") + facts + entry.content
    return _MAGIC + hashlib.sha256(key + body).digest() + body


def _unpacked(key: bytes, data: bytes) -> Entry:
    """Raises `ValueError`, `KeyError` or `TypeError` for anything but what `_packed` wrote for this key."""
    start = len(_MAGIC) + _DIGEST
    body = data[start:]
    if not data.startswith(_MAGIC) or hashlib.sha256(key + body).digest() != data[len(_MAGIC) : start]:
        raise ValueError("damaged")
    end = 4 + int.from_bytes(body[:4], "big")
    given = json.loads(body[4:end])
    return Entry(body[end:], dict(given["facts"]), datetime.fromisoformat(given["read_at"]))


def _read(path: Path, most: int) -> bytes:
    """What is there; nothing if it is larger than anything we write."""
    return path.read_bytes() if path.stat().st_size <= most else b""


def _write(path: Path, data: bytes) -> None:
    """Either the whole entry or none; not flushed to the disk, as a cut one would be recognised."""
    private_folder(path.parent)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix="new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise
