"""The worker process: `python -I -m core.scanning.worker`. Parses untrusted bytes it is handed over a pipe.

It opens no file, no socket and starts no program; `core.scanning.confinement` sees to that as far as the system allows.
"""

import contextlib
import json
import queue
import sys
import threading
from collections import OrderedDict
from collections.abc import Iterator
from typing import BinaryIO

from core.scanning import confinement, tensor_headers
from core.scanning.inspection import Surroundings
from core.scanning.own_rules import OwnRules, import_engine
from core.scanning.protocol import MAX_READ, MAX_RESULT, READ_REQUEST, Frame, ProtocolError, read_frame, write_frame
from core.scanning.results import to_wire
from core.scanning.routing import examine

THREADS = 8
_BLOCK = 16384
_KEPT_BLOCKS = 512
_BATCH_SECONDS = 10
_STACK = 64 << 20
"""Bytes of stack per thread: Python's own parser recurses deeply on hostile sources."""


class PipeFile:
    """The file of one job: a `ByteReader` whose bytes come from the parent in blocks of 16 kB."""

    def __init__(self, job: int, size: int, head: bytes, link: "Link") -> None:
        self.size = size
        self.error: Exception | None = None
        self.bytes_asked = len(head)
        self._job, self._head, self._link = job, head, link
        self._blocks: OrderedDict[int, bytes] = OrderedDict()
        self._position = 0

    def read(self, size: int | None = -1, /) -> bytes:
        """Exactly `size` bytes, or up to the end. Raises the sticky error."""
        if self.error is not None:
            raise self.error
        left = self.size - self._position
        size = left if size is None or size < 0 else min(size, left)
        if size <= 0:
            return b""
        start, end = self._position, self._position + size
        data = self._head[start:end] if end <= len(self._head) else self._stretch(start, end)
        self._position = end
        return data

    def readline(self, size: int | None = -1, /) -> bytes:
        """One line, or at most `size` bytes of it."""
        start = self._position
        most = self.size if size is None or size < 0 else size
        data = b""
        while b"\n" not in data and len(data) < most:
            more = self.read(min(4096, most - len(data)))
            if not more:
                break
            data += more
        line = data[: data.find(b"\n") + 1] or data
        self._position = start + len(line)
        return line

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """As `io.IOBase.seek`."""
        position = (0, self._position, self.size)[whence] + offset
        if position < 0:
            raise ValueError("negative seek")
        self._position = position
        return position

    def tell(self) -> int:
        """Current position."""
        return self._position

    def seekable(self) -> bool:
        """Yes."""
        return True

    def readable(self) -> bool:
        """Yes."""
        return True

    def close(self) -> None:
        """Forget the blocks."""
        self._blocks.clear()

    def _stretch(self, start: int, end: int) -> bytes:
        if end - start > 4 * _BLOCK:  # long stretches pass through without being kept
            return b"".join(self._ask(offset, min(MAX_READ, end - offset)) for offset in range(start, end, MAX_READ))
        first, last = start // _BLOCK, (end - 1) // _BLOCK
        missing = [index for index in range(first, last + 1) if index not in self._blocks]
        if missing:
            base = missing[0] * _BLOCK
            data = self._ask(base, min((missing[-1] + 1) * _BLOCK, self.size) - base)
            for index in range(missing[0], missing[-1] + 1):
                self._blocks[index] = data[index * _BLOCK - base :][:_BLOCK]
        joined = b"".join(self._blocks[index] for index in range(first, last + 1))
        while len(self._blocks) > _KEPT_BLOCKS:
            self._blocks.popitem(last=False)
        return joined[start - first * _BLOCK :][: end - start]

    def _ask(self, offset: int, size: int) -> bytes:
        try:
            data = self._link.ask(self._job, offset, size)
        except OSError as problem:
            self.error = problem
            raise
        self.bytes_asked += size
        return data


class Link:
    """The pipe to the parent, shared by all jobs."""

    def __init__(self, incoming: BinaryIO, outgoing: BinaryIO) -> None:
        self._incoming, self._outgoing = incoming, outgoing
        self._write_lock = threading.Lock()
        self._answers: dict[int, queue.SimpleQueue[bytes | None]] = {}
        self.jobs: queue.SimpleQueue[tuple[Frame, int, bytes] | None] = queue.SimpleQueue()
        self.batches = threading.Lock()
        """Held by who works on one: it waits for no bytes, so two at once would only be in each other's way."""
        self.surroundings = Surroundings()
        self.own_rules: OwnRules | None = None

    def ask(self, job: int, offset: int, size: int) -> bytes:
        """Bytes of the job's file. Raises OSError if the parent could not read them."""
        self.send(Frame.READ, job, READ_REQUEST.pack(offset, size))
        data = self._answers[job].get()
        if data is None or len(data) != size:
            raise OSError("the parent could not read the file")
        return data

    def send(self, kind: Frame, job: int, payload: bytes) -> None:
        """Write one frame."""
        with self._write_lock:
            write_frame(self._outgoing, kind, job, payload)

    def receive(self) -> None:
        """Hand incoming frames to their jobs until the parent closes the pipe."""
        while True:
            kind, job, payload = read_frame(self._incoming, 1 << 30)
            if kind in {Frame.JOB, Frame.BATCH, Frame.HEADERS}:
                self._answers[job] = queue.SimpleQueue()
                self.jobs.put((kind, job, payload))
            elif kind is Frame.SETUP:
                told = json.loads(payload)
                self.surroundings = Surroundings.of(frozenset(told["paths"]))
                self.own_rules = OwnRules(told["own_rules"], told["own_bytes"]) if told["own_rules"] else None
            elif kind is Frame.DATA:
                self._answers[job].put(payload)
            else:
                self._answers[job].put(None)

    def done(self, job: int, result: bytes) -> None:
        """Send the result of a job."""
        del self._answers[job]
        self.send(Frame.RESULT, job, result)


def _work(link: Link) -> None:
    while (task := link.jobs.get()) is not None:
        kind, job, payload = task
        header, _, head = payload.partition(b"\n")
        if kind is Frame.BATCH:
            with link.batches:
                answers = b",".join(_batch(link, job, json.loads(header), head))
            link.done(job, b"[" + answers + b"]")
            continue
        facts = json.loads(header)
        if kind is Frame.HEADERS:
            link.done(job, _headers(PipeFile(job, facts["size"], head, link)))
            continue
        link.done(job, _one(link, PipeFile(job, facts["size"], head, link), facts["path"]))


def _one(link: Link, file: PipeFile, path: str) -> bytes:
    inspection = examine(file, path, link.surroundings)
    if link.own_rules is not None:
        link.own_rules.report(inspection)
    return json.dumps(to_wire(inspection, file.bytes_asked)).encode()


def _headers(file: PipeFile) -> bytes:
    try:
        return tensor_headers.to_wire(file)
    except Exception:  # noqa: BLE001  a bug here must not leave the parent waiting
        return b"null"


def _batch(link: Link, job: int, listed: list[tuple[str, int]], contents: bytes) -> Iterator[bytes]:
    """Results of small files one after the other, as far as time and the size of an answer allow."""
    started, offset, sent = confinement.monotonic(), 0, 0
    for path, size in listed:
        result = _one(link, PipeFile(job, size, contents[offset : offset + size], link), path)
        offset, sent = offset + size, sent + len(result) + 1
        if sent > MAX_RESULT - 2:
            return
        yield result
        if confinement.monotonic() - started > _BATCH_SECONDS:
            return


def main() -> None:
    """Serve jobs from standard input until it closes."""
    link = Link(sys.stdin.buffer, sys.stdout.buffer)
    sys.stdout = sys.stderr
    if "--own-rules" in sys.argv:
        import_engine()  # its library lies where nothing may be read later
    layers = confinement.before_threads()
    threading.stack_size(_STACK)
    for _ in range(THREADS):
        threading.Thread(target=_work, args=(link,), daemon=True).start()
    layers += confinement.after_threads()
    link.send(Frame.HELLO, 0, json.dumps(layers).encode())
    with contextlib.suppress(ProtocolError):
        link.receive()
    confinement.leave()


if __name__ == "__main__":
    main()
