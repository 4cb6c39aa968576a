"""What a session has cost so far, and how much of the Hub's allowance is left."""

import threading
from datetime import UTC, datetime, timedelta

import httpx2
from huggingface_hub.utils import parse_ratelimit_headers  # type: ignore[attr-defined]  # documented, but no __all__

from core.repository import NOTHING_USED, Allowance, NetworkUse

_NAMES = {"api": "api", "resolvers": "files", "resolve": "files", "pages": "pages"}
"""The Hub counts questions, files and pages apart; what else a server names is not repeated."""
_MOST = 10**9


class Meter:
    """Safe to share between threads."""

    def __init__(self, *, offline: bool) -> None:
        self.requests = 0
        self.bytes_read = 0
        self._offline = offline
        self._kept: list[datetime] = []
        self._allowances: dict[str, Allowance] = {}
        self._lock = threading.Lock()

    def sent(self) -> None:
        """A request left, be it a redirect."""
        with self._lock:
            self.requests += 1

    def received(self, count: int) -> None:
        """So many bytes of a body came."""
        with self._lock:
            self.bytes_read += count

    def from_cache(self, read_at: datetime) -> None:
        """An answer of then was used instead of a request."""
        with self._lock:
            self._kept.append(read_at)

    def allowance(self, headers: httpx2.Headers) -> None:
        """Note `RateLimit` and `RateLimit-Policy`, if the server sends them in the Hub's form."""
        try:
            found = parse_ratelimit_headers(headers)
        except (ValueError, OverflowError):
            return
        if found is None or found.resource_type not in _NAMES:
            return
        numbers = (found.remaining, found.reset_in_seconds, found.limit or 0)
        if not all(0 <= number < _MOST for number in numbers):
            return
        until = datetime.now(UTC) + timedelta(seconds=found.reset_in_seconds)
        name = _NAMES[found.resource_type]
        with self._lock:
            self._allowances[name] = Allowance(name, found.remaining, found.limit, until)

    def use(self, before: NetworkUse = NOTHING_USED) -> NetworkUse:
        """What came on top of an earlier total; without one, the total."""
        with self._lock:
            kept = self._kept[before.from_cache :]
            return NetworkUse(
                requests=self.requests - before.requests,
                bytes=self.bytes_read - before.bytes,
                from_cache=len(kept),
                read_on=min(kept, default=None),
                offline=self._offline,
                allowances=tuple(self._allowances[name] for name in sorted(self._allowances)),
            )
