"""One file of one commit, read through byte ranges, so that a scan costs kilobytes.

Three ways in which a remote reader can make a scanner see nothing in a malicious file are closed here: short reads
(`read` is exact), swallowed errors (`error` is sticky), and a moving target (the commit is in the address, and the
length and commit the server states are compared with the listing).
"""

import io
import re
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

import httpx2

from core.errors import UserFacingError
from core.hub.failures import Subject
from core.hub.transport import Transport
from core.progress import CancelToken
from core.repository import RepositoryFile, Snapshot

_CONTENT_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})", re.ASCII)
_EXPIRED = frozenset({401, 403, 410})
"""What a signed address answers when its time is over."""


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """What one reader may cost. Beyond it the file counts as not checked."""

    bytes: int = 64 << 20
    requests: int = 50
    seconds: float = 120.0
    """Of waiting for the Hub."""


def file_url(snapshot: Snapshot, path: str) -> httpx2.URL:
    """Where the Hub serves a file of this commit. Raises `UserFacingError` for a path that would leave the commit."""
    parts = path.split("/")
    if any(part in {"", ".", ".."} for part in parts) or "\\" in path:
        raise UserFacingError("hub.unreadable_path", path=path)
    kind = "" if snapshot.repository.kind == "model" else f"{snapshot.repository.kind}s/"
    where = f"{snapshot.endpoint}/{kind}{snapshot.repository.name}/resolve/{snapshot.commit}/"
    return httpx2.URL(where + quote(path, safe="/"))


def listed(snapshot: Snapshot, path: str) -> RepositoryFile:
    """The file as listed; a path that is not in the listing is a bug of the caller."""
    file = snapshot.file(path)
    if file is None:
        raise KeyError(path)
    return file


class ByteSource(Protocol):
    """Where `RemoteFile` gets its bytes: exactly `end - start` of them, or an exception."""

    size: int

    def fetch(self, start: int, end: int) -> bytes:
        """The bytes from `start` up to but without `end`."""
        ...


class HubSource:
    """Verified range requests for one file. Remembers the signed address the Hub sent it to."""

    def __init__(self, transport: Transport, snapshot: Snapshot, path: str, cancel: CancelToken) -> None:
        self.size = listed(snapshot, path).size
        self._transport = transport
        self._cancel = cancel
        self._resolve = file_url(snapshot, path)
        self._target: httpx2.URL | None = None
        self._commit = snapshot.commit
        self._subject = Subject(snapshot.repository.name, snapshot.commit, path)

    def fetch(self, start: int, end: int) -> bytes:
        """One request (two the first time). Raises `UserFacingError` or `Cancelled`."""
        headers = {"Range": f"bytes={start}-{end - 1}", "Accept-Encoding": "identity"}
        answer = None
        if self._target is not None:
            answer = self._ask(self._target, headers, end - start, _EXPIRED)
        if answer is None or answer.status_code in _EXPIRED:
            answer = self._ask(self._resolve, headers, end - start, frozenset())
            self._target = answer.request.url
        check_answer(answer, self._subject, self._commit, (start, end), self.size)
        return answer.content

    def _ask(self, url: httpx2.URL, headers: dict[str, str], length: int, passes: frozenset[int]) -> httpx2.Response:
        # One byte more than asked for is enough to know that the server does not keep to the range.
        return self._transport.answer("GET", url, headers, self._subject, self._cancel, length + 1, passes=passes)


class KeptSource:
    """As another source, but bytes that were read before come from the disk, and new ones are kept there."""

    def __init__(self, source: HubSource, transport: Transport, snapshot: Snapshot, path: str) -> None:
        self.size = source.size
        self._source = source
        self._transport = transport
        self._snapshot = snapshot
        self._path = path

    def fetch(self, start: int, end: int) -> bytes:
        """From the disk if exactly these bytes are there. Raises `UserFacingError` or `Cancelled`."""
        kept = self._transport.kept.span(self._snapshot, self._path, start, end)
        if kept is not None:
            self._transport.meter.from_cache(kept.read_at)
            return kept.content
        data = self._source.fetch(start, end)
        self._transport.kept.keep_span(self._snapshot, self._path, start, data)
        return data


def byte_source(transport: Transport, snapshot: Snapshot, path: str, cancel: CancelToken) -> ByteSource:
    """The bytes of one file of this commit, for `RemoteFile`."""
    return KeptSource(HubSource(transport, snapshot, path, cancel), transport, snapshot, path)


def check_answer(
    answer: httpx2.Response, subject: Subject, commit: str, span: tuple[int, int], size: int, *, body: bool = True
) -> None:
    """Refuse an answer that is not exactly the asked range of the listed file at the pinned commit."""
    start, end = span
    stated_commit = answer.headers.get("X-Repo-Commit", commit)
    if stated_commit != commit:
        raise UserFacingError("hub.commit_changed", path=subject.path)
    if answer.status_code == 206:
        match = _CONTENT_RANGE.fullmatch(answer.headers.get("Content-Range", ""))
        stated = tuple(int(number) for number in match.groups()) if match else None
        fits = stated == (start, end - 1, size)
    else:
        length = answer.headers.get("Content-Length", str(size))
        fits = answer.status_code == 200 and (start, end) == (0, size) and length == str(size)
    encoded = answer.headers.get("Content-Encoding", "identity") != "identity"
    if not fits or encoded or (body and len(answer.content) != end - start):
        raise UserFacingError("hub.wrong_length", path=subject.path)


class RemoteFile(io.RawIOBase):
    """A seekable file over a `ByteSource`: see `core.repository.ByteReader`. For one thread at a time.

    Reads blocks of 16 KiB: 64 KiB at first, more when reading on, and near the end the whole tail, because a zip
    archive has its directory there.
    """

    _BLOCK = 16 << 10
    _FIRST = 4
    """Blocks of the first request at a new place."""
    _MOST = 256
    """Blocks of the largest request: 4 MiB."""
    _KEEP = 1024
    """Blocks kept in memory: 16 MiB."""

    def __init__(
        self, source: ByteSource, limits: ReadLimits, cancel: CancelToken, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__()
        self.size = source.size
        self.error: Exception | None = None
        self.bytes_read = 0
        """Fetched so far."""
        self.requests = 0
        """Ranges fetched so far."""
        self._source = source
        self._limits = limits
        self._cancel = cancel
        self._clock = clock
        self._waited = 0.0
        self._position = 0
        self._blocks: OrderedDict[int, bytes] = OrderedDict()
        self._run = self._FIRST
        self._next: int | None = None

    def read(self, size: int | None = -1, /) -> bytes:
        """Exactly `size` bytes, or all up to the end. Raises the first error again on every later call."""
        if self.error is not None:
            raise self.error
        left = max(self.size - self._position, 0)
        count = left if size is None or size < 0 else min(size, left)
        if count == 0:
            return b""
        first = self._position // self._BLOCK
        last = (self._position + count - 1) // self._BLOCK
        data = bytearray()
        for block in range(first, last + 1):
            if block not in self._blocks:
                self._load(block, last)
            data += self._blocks[block]
        offset = self._position - first * self._BLOCK
        self._position += count
        return bytes(data[offset : offset + count])

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]  # what io passes
        """As `read`, into `buffer`."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def readall(self) -> bytes:
        """Everything up to the end."""
        return self.read(-1)

    def readline(self, size: int | None = -1, /) -> bytes:
        """Up to and with the next line feed; never a byte more is consumed."""
        limit = self.size if size is None or size < 0 else size
        line = bytearray()
        while len(line) < limit:
            piece = self.read(min(256, limit - len(line)))
            end = piece.find(b"\n") + 1
            if end:
                self._position -= len(piece) - end
                return bytes(line + piece[:end])
            if not piece:
                break
            line += piece
        return bytes(line)

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """As `io.IOBase.seek`; sends no request."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.size}[whence]
        if base + offset < 0:
            raise ValueError("seek before the start")
        self._position = base + offset
        return self._position

    def tell(self) -> int:
        """Current position in bytes."""
        return self._position

    def readable(self) -> bool:
        """True."""
        return True

    def seekable(self) -> bool:
        """True."""
        return True

    def close(self) -> None:
        """Forget the blocks."""
        self._blocks.clear()
        super().close()

    def _load(self, block: int, wanted: int) -> None:
        """Fetch from `block` on: at least the part of `wanted` that fits a request, as much as reading on suggests."""
        if self._next == block:
            # Reading on: twice as much each time, up to 1 MiB, later up to a quarter of what was read already.
            most = max(1 << 20, self.bytes_read // 4) // self._BLOCK
            self._run = min(self._run * 2, most)
        else:
            self._run = self._FIRST
        end_block = (self.size - 1) // self._BLOCK
        if block + self._run > end_block:
            tail = max(end_block - self._FIRST + 1, 0)
            while block > tail and block - 1 not in self._blocks:
                block -= 1
        last = min(max(wanted, block + self._run - 1), end_block, block + self._MOST - 1)
        while last > block and last in self._blocks:
            last -= 1
        self._store(block, self._fetch(block * self._BLOCK, min((last + 1) * self._BLOCK, self.size)))
        self._next = last + 1

    def _store(self, block: int, data: bytes) -> None:
        for offset in range(0, len(data), self._BLOCK):
            self._blocks[block + offset // self._BLOCK] = data[offset : offset + self._BLOCK]
        while len(self._blocks) > self._KEEP:
            self._blocks.popitem(last=False)

    def _fetch(self, start: int, end: int) -> bytes:
        began = self._clock()
        try:
            self._cancel.check()
            self._spend(end - start)
            return self._exactly(start, end)
        except Exception as error:
            self.error = error
            raise
        finally:
            self._waited += self._clock() - began

    def _exactly(self, start: int, end: int) -> bytes:
        data = self._source.fetch(start, end)
        if len(data) != end - start:
            raise AssertionError("a source must give exactly what was asked for")
        return data

    def _spend(self, count: int) -> None:
        limits = self._limits
        if self.bytes_read + count > limits.bytes:
            raise UserFacingError("hub.budget_bytes", megabytes=limits.bytes >> 20)
        if self.requests >= limits.requests:
            raise UserFacingError("hub.budget_requests", requests=limits.requests)
        if self._waited > limits.seconds:
            raise UserFacingError("hub.budget_seconds", seconds=int(limits.seconds))
        self.bytes_read += count
        self.requests += 1
