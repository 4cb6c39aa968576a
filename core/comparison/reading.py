"""Small files of both repositories, read for the comparison: at most so many, so large, and eight at a time."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import IntEnum

from core.errors import UserFacingError
from core.progress import CancelToken
from core.repository import Hub, Snapshot
from core.text import Message

MAX_FILES = 64
"""Files of both sides together."""
MAX_BYTES = 12 << 20
"""Of all of them together."""
WORKERS = 8


class Side(IntEnum):
    """Whose file."""

    ORIGINAL = 0
    HERE = 1


@dataclass(frozen=True, slots=True)
class Request:
    """The first `length` bytes of a file, all of it if it is no longer."""

    side: Side
    path: str
    length: int


Answer = bytes | Message
"""What was read, or why it was not."""


class Reading:
    """Reads files of two snapshots, each once, within one budget."""

    def __init__(self, original: Snapshot, here: Snapshot, hub: Hub, cancel: CancelToken) -> None:
        self._snapshots = (original, here)
        self._hub, self._cancel = hub, cancel
        self._known: dict[Request, Answer] = {}
        self._files, self._bytes = MAX_FILES, MAX_BYTES

    def allows(self, requests: Sequence[Request]) -> bool:
        """True, and set aside for them, if all of these may still be read."""
        new = [one for one in requests if one not in self._known]
        size = sum(one.length for one in new)
        if len(new) > self._files or size > self._bytes:
            return False
        self._files -= len(new)
        self._bytes -= size
        self._known.update(dict.fromkeys(new, Message.of("comparison.change.budget")))
        return True

    def read(self, requests: Sequence[Request], finished: Callable[[int], None]) -> None:
        """Read what was allowed. Raises `Cancelled`."""
        new = list(dict.fromkeys(requests))
        with ThreadPoolExecutor(max(1, min(WORKERS, len(new))), "comparison") as pool:
            try:
                for done, (request, answer) in enumerate(zip(new, pool.map(self._one, new), strict=True), 1):
                    self._known[request] = answer
                    finished(done)
            finally:
                pool.shutdown(wait=True, cancel_futures=True)

    def answer(self, request: Request) -> Answer:
        """What came of a request."""
        return self._known[request]

    def _one(self, request: Request) -> Answer:
        self._cancel.check()
        try:
            file = self._hub.open(self._snapshots[request.side], request.path, self._cancel)
            try:
                return file.read(request.length)
            finally:
                file.close()
        except UserFacingError as error:
            return Message.of("comparison.change.not_read", why=error.what)
