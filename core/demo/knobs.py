"""What tests and the demo can do to the traffic: slow it, cut it, falsify it, and read what went over it."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import unquote

from core.demo.exchange import Content, Origin, Request, Response


@dataclass(frozen=True, slots=True)
class LogRow:
    """One answered request. `path` is decoded; `bytes_sent` counts the body, as far as it was sent."""

    method: str
    path: str
    query: str
    range: str | None
    status: int
    bytes_sent: int
    had_authorization: bool
    origin: Origin


@dataclass(frozen=True, slots=True)
class Transmission:
    """An answer and how to send it. Byte counts are of the body; None: not at all."""

    response: Response
    cut_after: int | None = None
    stall_after: int | None = None
    flip_at: int | None = None
    """Offset in the body of the byte that is sent with all its bits turned."""
    afterwards: Callable[[], object] | None = None
    """Called after the answer was sent and logged."""


_Effect = Callable[[Transmission], Transmission | None]
"""Changes an answer, or returns None if there is nothing in it to change."""


@dataclass(slots=True)
class _Rule:
    match: str
    effect: _Effect | None
    """None: the request loses its Range."""
    remaining: int | None


class Knobs:
    """All switches. They may be turned at any time, from any thread.

    `match` is a part of the text `<origin> <METHOD> <decoded path>?<query>`, such as `"hub GET /api/models/a/b"`;
    the path of a file stands in the addresses of both servers. `times` None means "from now on".
    """

    def __init__(self) -> None:
        self.latency = 0.0
        """Seconds before every answer."""
        self.connect_latency = 0.0
        """Seconds more before the first answer on a connection."""
        self.bytes_per_second: int | None = None
        """Body bytes per second, over all connections together."""
        self.cut_after: int | None = None
        """Body bytes after which every connection breaks."""
        self.cdn_expires_after: int | None = None
        """Uses after which a signed CDN address answers 403."""
        self._rules: list[_Rule] = []
        self._lock = threading.Lock()
        self._free_at = 0.0

    def fail(
        self,
        match: str,
        status: int,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        times: int | None = 1,
    ) -> None:
        """Answer with this status instead."""
        response = Response(status, body, tuple((headers or {}).items()))
        self._add(match, lambda sent: replace(sent, response=response), times)

    def redirect(self, match: str, location: str, status: int = 302, times: int | None = None) -> None:
        """Send the client elsewhere."""
        self.fail(match, status, {"Location": location}, times=times)

    def cut(self, match: str, after: int, times: int | None = 1) -> None:
        """Break the connection after so many bytes of a file."""
        self._add(match, lambda sent: replace(sent, cut_after=after) if _holds_file(sent) else None, times)

    def stall(self, match: str, after: int = 0, times: int | None = 1) -> None:
        """Send the headers and so many body bytes, then nothing more until the server stops."""
        self._add(match, lambda sent: replace(sent, stall_after=after), times)

    def tamper(self, match: str, offset: int = 0, times: int | None = None) -> None:
        """Turn the bits of one byte of a file on the wire; `offset` counts from the start of the file."""
        self._add(match, lambda sent: _tampered(sent, offset), times)

    def state_total(self, match: str, total: int, times: int | None = None) -> None:
        """Lie about the length of a file in `Content-Range`."""
        self._add(match, lambda sent: _with_total(sent, total), times)

    def ignore_range(self, match: str, times: int | None = None) -> None:
        """Answer range requests with 200 and the whole file."""
        self._add(match, None, times)

    def after(self, match: str, action: Callable[[], object], times: int | None = 1) -> None:
        """Do something right after a request was answered, for example push a commit."""
        self._add(match, lambda sent: replace(sent, afterwards=action), times)

    def clear(self) -> None:
        """Forget everything set by the methods above; the numbers stay."""
        with self._lock:
            self._rules.clear()

    def before(self, request: Request) -> Request:
        """The request as the dispatch core shall see it."""
        if "range" not in request.headers:
            return request
        line = _line(request)
        with self._lock:
            rule = next((rule for rule in self._rules if rule.effect is None and rule.match in line), None)
            if rule is None:
                return request
            self._use(rule)
        return replace(request, headers={key: value for key, value in request.headers.items() if key != "range"})

    def transmission(self, request: Request, response: Response) -> Transmission:
        """How to send the answer."""
        sent = Transmission(response, cut_after=self.cut_after)
        line = _line(request)
        with self._lock:
            for rule in tuple(self._rules):
                changed = rule.effect(sent) if rule.effect and rule.match in line else None
                if changed is not None:
                    sent = changed
                    self._use(rule)
        return sent

    def seconds_until_free(self, count: int) -> float:
        """Reserve room for `count` bytes on the shared line; returns how long to wait before sending them."""
        rate = self.bytes_per_second
        if not rate:
            return 0.0
        with self._lock:
            now = time.monotonic()
            self._free_at = max(self._free_at, now) + count / rate
            return self._free_at - now

    def _add(self, match: str, effect: _Effect | None, times: int | None) -> None:
        with self._lock:
            self._rules.append(_Rule(match, effect, times))

    def _use(self, rule: _Rule) -> None:
        if rule.remaining is not None:
            rule.remaining -= 1
            if rule.remaining == 0:
                self._rules.remove(rule)


def _line(request: Request) -> str:
    query = "&".join(f"{key}={value}" for key, value in request.query)
    return f"{request.origin} {request.method} {unquote(request.path)}?{query}"


def _holds_file(sent: Transmission) -> bool:
    return isinstance(sent.response.body, Content)


def _tampered(sent: Transmission, offset: int) -> Transmission | None:
    if not _holds_file(sent):
        return None
    stated = sent.response.header("Content-Range")
    start = int(stated.removeprefix("bytes ").partition("-")[0]) if stated else 0
    if not start <= offset < start + sent.response.length:
        return None
    return replace(sent, flip_at=offset - start)


def _with_total(sent: Transmission, total: int) -> Transmission | None:
    stated = sent.response.header("Content-Range")
    if stated is None:
        return None
    lie = f"{stated.partition('/')[0]}/{total}"
    headers = tuple((key, lie if key.lower() == "content-range" else value) for key, value in sent.response.headers)
    return replace(sent, response=replace(sent.response, headers=headers))
