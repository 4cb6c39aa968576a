"""The parent's side of the worker process: starts it, feeds it bytes of the files it asks for, kills it in time."""

import functools
import json
import queue
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO, cast

from core.byte_reader import ByteReader
from core.progress import CancelToken
from core.scanning import windows_job, worker_process
from core.scanning.protocol import (
    HEAD,
    MAX_READ,
    MAX_RESULT,
    READ_REQUEST,
    Frame,
    ProtocolError,
    read_frame,
    write_frame,
)
from core.scanning.results import Answer, answer_of, answers_of

SILENCE_SECONDS = 60.0
"""A worker that says nothing for so long, about any of its files, is stuck: its own budget for a small file ends
earlier, and for a large one it asks for bytes."""
_START_SECONDS = 60.0


class WorkerLost(Exception):
    """The worker died, fell silent or broke the protocol. `reason` is a text id `scan.<reason>`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Setup:
    """What a worker is told before its first file."""

    paths: frozenset[str] = frozenset()
    own_rules: Mapping[str, str] = field(default_factory=dict)
    """Sources by file name, see `core.scanning.own_rules`."""
    own_bytes: int = 0
    """Of each file that they are applied to."""

    def to_wire(self) -> bytes:
        """As the worker reads it."""
        told = {"paths": sorted(self.paths), "own_rules": dict(self.own_rules), "own_bytes": self.own_bytes}
        return json.dumps(told).encode()


class Sandbox:
    """One worker process. `inspect` may be called from several threads at once."""

    def __init__(self, setup: "Setup", silence: float = SILENCE_SECONDS) -> None:
        self._silence = silence
        self._process = worker_process.take(own_rules=bool(setup.own_rules))
        self._job_object = windows_job.kill_with_us(self._process)
        self._input = cast("BinaryIO", self._process.stdin)
        self._output = cast("BinaryIO", self._process.stdout)
        self._lock = threading.Lock()
        self._answers: dict[int, queue.SimpleQueue[tuple[Frame, bytes] | None]] = {}
        self._hello: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._next_job = 0
        self._dead = False
        self._heard = time.monotonic()
        self._reason = "worker_died"
        self._send(Frame.SETUP, 0, setup.to_wire())
        self._receiver = threading.Thread(target=self._receive, name="scanning-worker-pipe", daemon=True)
        self._receiver.start()

    @property
    def dead(self) -> bool:
        """True once the worker can do nothing more."""
        return self._dead

    def layers(self) -> tuple[str, ...]:
        """Layers of protection that are active in this worker. Raises `WorkerLost`."""
        try:
            hello = self._hello.get(timeout=_START_SECONDS)
        except queue.Empty:
            hello = None
        if hello is None:
            raise WorkerLost(self._reason)
        names = tuple(str(name) for name in json.loads(hello))
        return (*names, "job_object") if self._job_object is not None else names

    def inspect(self, path: str, file: ByteReader, cancel: CancelToken) -> Answer:
        """Have one file inspected. Raises `WorkerLost` or `Cancelled`; a reader's failure shows in `file.error`."""
        payload = self._about(Frame.JOB, path, file, cancel)
        try:
            return answer_of(payload, path)
        except ProtocolError:
            self.kill("worker_nonsense")
            raise WorkerLost("worker_nonsense") from None

    def headers(self, path: str, file: ByteReader, cancel: CancelToken) -> bytes:
        """Have the worker say which tensors the head of a file lists; the answer is not checked here."""
        return self._about(Frame.HEADERS, path, file, cancel)

    def _about(self, kind: Frame, path: str, file: ByteReader, cancel: CancelToken) -> bytes:
        """The worker's answer about one file."""
        with self._job() as (job, answers):
            head = file.read(min(HEAD, file.size))
            facts = json.dumps({"path": path, "size": file.size}).encode()
            self._send(kind, job, facts + b"\n" + head)
            return self._serve(job, file, answers, cancel)

    def inspect_small(self, files: Sequence[tuple[str, bytes]], cancel: CancelToken) -> list[Answer]:
        """Answers for the first of several small files, at least one; the rest is to be asked for again."""
        with self._job() as (job, answers):
            listed = json.dumps([(path, len(content)) for path, content in files]).encode()
            self._send(Frame.BATCH, job, listed + b"\n" + b"".join(content for _, content in files))
            kind, payload = self._next(answers, cancel)
            try:
                return answers_of(payload, [path for path, _ in files] if kind is Frame.RESULT else [])
            except ProtocolError:
                self.kill("worker_nonsense")
                raise WorkerLost("worker_nonsense") from None

    @contextmanager
    def _job(self) -> "Iterator[tuple[int, queue.SimpleQueue[tuple[Frame, bytes] | None]]]":
        """A number for a job, and where its frames arrive."""
        answers: queue.SimpleQueue[tuple[Frame, bytes] | None] = queue.SimpleQueue()
        with self._lock:
            if self._dead:
                raise WorkerLost(self._reason)
            self._next_job += 1
            job = self._next_job
            self._answers[job] = answers
        try:
            yield job, answers
        finally:
            with self._lock:
                self._answers.pop(job, None)

    def kill(self, reason: str = "worker_died") -> None:
        """End the worker now; everybody who waits for it gets `WorkerLost`."""
        with self._lock:
            if not self._dead:
                self._reason = reason
        self._process.kill()

    def close(self) -> None:
        """End the worker and wait until it is gone."""
        self._process.kill()
        self._process.wait()
        self._receiver.join()
        for stream in (self._input, self._output):
            try:
                stream.close()
            except OSError:  # bytes left in the buffer for a worker that is gone
                continue
        windows_job.release(self._job_object)

    def _serve(
        self,
        job: int,
        file: ByteReader,
        answers: "queue.SimpleQueue[tuple[Frame, bytes] | None]",
        cancel: CancelToken,
    ) -> bytes:
        while True:
            message = self._next(answers, cancel)
            kind, payload = message
            if kind is Frame.RESULT:
                return payload
            self._answer_read(job, payload, file)

    def _next(
        self, answers: "queue.SimpleQueue[tuple[Frame, bytes] | None]", cancel: CancelToken
    ) -> tuple[Frame, bytes]:
        """The next frame of a job. Looks at `cancel` five times a second: the worker may be deep in a parser."""
        asked = time.monotonic()
        while True:
            cancel.check()
            try:
                message = answers.get(timeout=0.2)
            except queue.Empty:
                if time.monotonic() - max(asked, self._heard) > self._silence:
                    self.kill("worker_stuck")
                    raise WorkerLost("worker_stuck") from None
                continue
            if message is None:
                raise WorkerLost(self._reason)
            return message

    def _answer_read(self, job: int, payload: bytes, file: ByteReader) -> None:
        if len(payload) != READ_REQUEST.size:
            self.kill("worker_nonsense")
            raise WorkerLost("worker_nonsense")
        offset, size = READ_REQUEST.unpack(payload)
        if size > MAX_READ or offset + size > file.size:
            self.kill("worker_nonsense")
            raise WorkerLost("worker_nonsense")
        if _failed(file):
            self._send(Frame.READ_FAILED, job, b"")
            return
        try:
            file.seek(offset)
            data = file.read(size)
        except Exception:
            self._send(Frame.READ_FAILED, job, b"")
            if _failed(file):
                return
            raise  # not a failure of the source: a bug, or the person's cancel
        self._send(Frame.DATA if len(data) == size else Frame.READ_FAILED, job, data if len(data) == size else b"")

    def _send(self, kind: Frame, job: int, payload: bytes) -> None:
        with self._lock:
            try:
                write_frame(self._input, kind, job, payload)
            except (OSError, ValueError):
                raise WorkerLost(self._reason) from None

    def _receive(self) -> None:
        try:
            while True:
                kind, job, payload = read_frame(self._output, MAX_RESULT)
                self._heard = time.monotonic()
                if kind is Frame.HELLO:
                    self._hello.put(payload)
                elif kind in {Frame.READ, Frame.RESULT}:
                    answers = self._answers.get(job)
                    if answers is not None:
                        answers.put((kind, payload))
                else:  # a frame that only the parent sends
                    self._end("worker_nonsense")
                    return
        except ProtocolError as problem:
            ended = str(problem) == "end of stream"
            self._end("worker_died" if ended else "worker_nonsense")

    def _end(self, reason: str) -> None:
        self._process.kill()
        with self._lock:
            if self._reason == "worker_died":
                self._reason = reason
            self._dead = True
            waiting = list(self._answers.values())
        self._hello.put(None)
        for answers in waiting:
            answers.put(None)


@functools.cache
def layers() -> tuple[str, ...]:
    """Layers of protection that a worker has on this computer; starts one to find out. Raises `WorkerLost`."""
    sandbox = Sandbox(Setup())
    try:
        return sandbox.layers()
    finally:
        sandbox.close()


def _failed(file: ByteReader) -> bool:
    """True once a read failed; asked again after each read, because the error is set there."""
    return file.error is not None
