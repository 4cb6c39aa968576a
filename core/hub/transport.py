"""HTTP for one session: allow-list on every hop, time-outs, retries, token rule, and a prompt end after a cancel.

Why not `HfApi`: its calls go through one client for the whole process (we have the demo hub and the real one side by
side), pass `timeout=None`, cannot be cancelled, retry with an uninterruptible sleep, and drop three of the five
scanners' results. What huggingface_hub knows better than we do is used: headers and user agent, the classes of errors,
the rate-limit headers, offline mode. Its own client is fenced in to this computer, so that no stray call leaves it.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import httpx2
import huggingface_hub
from huggingface_hub.constants import is_offline_mode
from huggingface_hub.errors import OfflineModeIsEnabled
from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]  # documented, but no __all__

from core import __version__
from core.errors import UserFacingError
from core.hub.disk_cache import DiskCache
from core.hub.egress import Egress, LeftTheHub, is_loopback
from core.hub.failures import TROUBLES, Subject, from_answer, from_exception, seconds_until_allowed
from core.hub.interruption import Attempt, DeadlinePassed, interruptible
from core.hub.kept_answers import READ_AT, KeptAnswers, read_at
from core.hub.meter import Meter
from core.progress import CancelToken

T = TypeVar("T")
JSON_LIMIT = 64 << 20
"""Bytes of a JSON answer, unpacked: 200,000 files fit in."""
_REDIRECTS = 5
_SMALL_BODY = 64 << 10
_RETRY = frozenset({408, 429, 500, 502, 503, 504})
_DROPPED = ("content-encoding", "content-length", "transfer-encoding", "x-hf-warning", READ_AT.lower())
_REFUSALS = frozenset({401, 403, 404, 410})
Params = Mapping[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long we wait, in seconds. A silent Hub costs at most `request`."""

    connect: float = 10.0
    read: float = 30.0
    request: float = 90.0
    """One question with all its attempts and pauses."""
    first_pause: float = 0.5
    """Before the second attempt; doubles each time."""
    longest_pause: float = 30.0
    """If the Hub asks for more, the person is told instead."""
    attempts: int = 5


class TooMuch(httpx2.StreamError):
    """More bytes came than asked for or allowed."""


class Transport:
    """Requests to one endpoint. Safe to share between threads."""

    def __init__(
        self,
        endpoint: str,
        token: str | None,
        patience: Patience,
        cache: DiskCache | None = None,
        *,
        offline: bool = False,
    ) -> None:
        self.egress = Egress.of(endpoint)
        self.endpoint = endpoint.rstrip("/")
        self.patience = patience
        self._headers = build_hf_headers(token=False, library_name="sallyport", library_version=__version__)
        self._token = _usable(token) if token and self.egress.takes_token else None
        self._client = httpx2.Client(
            event_hooks={"request": [self._fence]},
            follow_redirects=False,
            timeout=httpx2.Timeout(patience.read, connect=patience.connect),
            mounts={f"all://{self.egress.host}": None} if self.egress.loopback else None,
        )
        self.offline = offline
        """Nothing is sent: only kept answers are given."""
        self.kept = KeptAnswers(cache, self.endpoint, self._token)
        self.meter = Meter(offline=offline)

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    @property
    def host(self) -> str:
        """The Hub's host, for sentences."""
        return self.egress.host

    def get_json(
        self,
        path: str,
        params: Params,
        subject: Subject,
        cancel: CancelToken,
        form: Mapping[str, str | list[str]] | None = None,
        *,
        fixed: bool = False,
    ) -> tuple[object, httpx2.Headers]:
        """The parsed answer and its headers; with `form` it is a POST. Raises `UserFacingError`, `Cancelled`.

        `fixed`: at this commit the answer will always be the same, so an earlier one will do.
        """
        url = httpx2.URL(path) if "://" in path else httpx2.URL(self.endpoint + path, params=params)
        method = "GET" if form is None else "POST"
        answer = self.kept.answer(method, url, form, fixed=fixed) if fixed or self.offline else None
        if answer is None:
            answer = self.answer(method, url, {}, subject, cancel, JSON_LIMIT, form, _REFUSALS)
            content = self._parsed(answer)
            self.kept.keep_answer(method, url, form, answer)
        else:
            content = self._parsed(answer)
            self.meter.from_cache(read_at(answer.headers))
        failure = from_answer(answer, subject)
        if failure is not None:
            raise failure
        return content, answer.headers

    def _parsed(self, answer: httpx2.Response) -> object:
        """The JSON of an answer; what a refusal says stands in its headers."""
        if answer.status_code in _REFUSALS:
            return None
        try:
            return json.loads(answer.content)
        except (ValueError, RecursionError) as error:
            raise UserFacingError("hub.malformed", host=self.host) from error

    def answer(
        self,
        method: str,
        url: httpx2.URL,
        headers: Mapping[str, str],
        subject: Subject,
        cancel: CancelToken,
        limit: int,
        form: Mapping[str, str | list[str]] | None = None,
        passes: frozenset[int] = frozenset(),
    ) -> httpx2.Response:
        """A complete answer with at most `limit` body bytes; statuses in `passes` are returned, not raised."""

        def work(attempt: Attempt) -> httpx2.Response:
            response = self._exchange(method, url, headers, form, attempt)
            try:
                return self._read_all(response, limit if response.status_code < 400 else _SMALL_BODY, attempt)
            finally:
                response.close()

        self._online(subject)
        answer = self._patiently(work, cancel)
        failure = None if answer.status_code in passes else from_answer(answer, subject)
        if failure is not None:
            raise failure
        return answer

    def stream(
        self, url: httpx2.URL, headers: Mapping[str, str], subject: Subject, cancel: CancelToken
    ) -> httpx2.Response:
        """An answer whose body has not been read yet; read it with `pieces`, and close it."""

        def work(attempt: Attempt) -> httpx2.Response:
            response = self._exchange("GET", url, headers, None, attempt)
            if attempt.left:
                response.close()
            if response.status_code < 400:
                return response
            try:
                return self._read_all(response, _SMALL_BODY, attempt)
            finally:
                response.close()

        self._online(subject)
        response = self._patiently(work, cancel)
        failure = from_answer(response, subject) if response.status_code >= 400 else None
        if failure is not None:
            raise failure
        return response

    def once(self, work: Callable[[Attempt], T], cancel: CancelToken, seconds: float) -> T:
        """Run `work` interruptibly, its troubles as `UserFacingError`."""
        try:
            return interruptible(work, cancel, seconds)
        except TROUBLES as error:
            raise from_exception(error, self.host) from error

    def _online(self, subject: Subject) -> None:
        if self.offline:
            what = "hub.file_not_kept" if subject.path else "hub.not_kept"
            raise UserFacingError(what, name=subject.name, path=subject.path)

    def _patiently(self, work: Callable[[Attempt], httpx2.Response], cancel: CancelToken) -> httpx2.Response:
        """Try again after failures that may be over in a moment, as long as patience lasts."""
        patience = self.patience
        deadline = time.monotonic() + patience.request
        pause = patience.first_pause
        timeouts = 0
        for number in range(1, patience.attempts + 1):
            asked: int | None = None
            failure: BaseException | None = None
            answer: httpx2.Response | None = None
            try:
                answer = interruptible(work, cancel, deadline - time.monotonic())
                if answer.status_code not in _RETRY:
                    return answer
                asked = seconds_until_allowed(answer.headers)
            except TROUBLES as error:
                failure = error
                timeouts += isinstance(error, (httpx2.TimeoutException, DeadlinePassed))
            wait = pause if asked is None else float(asked)
            gives_up = number == patience.attempts or timeouts > 1 or not _may_pass(failure)
            if gives_up or wait > patience.longest_pause or time.monotonic() + wait >= deadline:
                break
            cancel.wait(wait)
            pause *= 2
        if answer is None:
            assert failure is not None  # noqa: S101  one of the two is set by every round
            raise from_exception(failure, self.host) from failure
        return answer

    def _exchange(
        self,
        method: str,
        url: httpx2.URL,
        headers: Mapping[str, str],
        form: Mapping[str, str | list[str]] | None,
        attempt: Attempt,
    ) -> httpx2.Response:
        """Send, and follow redirects by hand: every hop is checked, and the token stays with the Hub."""
        for _ in range(_REDIRECTS + 1):
            self.egress.check(url)
            request = self._client.build_request(method, url, headers={**self._headers, **headers}, data=form)
            if self._token is not None and self.egress.is_endpoint(url):
                request.headers["Authorization"] = f"Bearer {self._token}"
            self.meter.sent()
            response = self._client.send(request, stream=True)
            if self.egress.is_endpoint(url):
                self.meter.allowance(response.headers)
            stream = response.extensions.get("network_stream")
            if stream is not None:
                attempt.reads_from(stream.get_extra_info("socket"))
            if not response.has_redirect_location:
                return response
            target = url.join(response.headers["Location"])
            self._read_all(response, _SMALL_BODY, attempt)
            response.close()
            if url.scheme == "https" and target.scheme != "https":
                raise LeftTheHub(target.host)
            url = target
            if response.status_code == 303:
                method, form = "GET", None
        raise httpx2.TooManyRedirects("too many redirects", request=request)

    def _read_all(self, response: httpx2.Response, limit: int, attempt: Attempt) -> httpx2.Response:
        """The answer with its body, at most `limit` bytes of it; longer error pages and redirects are cut."""
        body = bytearray()
        for piece in response.iter_bytes():
            body += piece
            if attempt.left:
                raise DeadlinePassed
            if len(body) > limit:
                if response.status_code >= 300:
                    break
                raise TooMuch("the answer is longer than allowed")
        self.meter.received(len(body))
        kept = [(key, value) for key, value in response.headers.multi_items() if key.lower() not in _DROPPED]
        return httpx2.Response(response.status_code, headers=kept, content=bytes(body), request=response.request)

    def _fence(self, request: httpx2.Request) -> None:
        if self.offline or is_offline_mode():
            raise OfflineModeIsEnabled("HF_HUB_OFFLINE is set")
        self.egress.check(request.url)


def _may_pass(failure: BaseException | None) -> bool:
    """False for what will be the same the next time."""
    if failure is None:
        return True
    message = from_exception(failure, "").message_id
    return message in {"hub.connection_cut", "hub.timed_out", "hub.no_connection"}


def _usable(token: str) -> str:
    if not token.isascii() or not token.isprintable() or " " in token:
        raise UserFacingError("hub.bad_token")
    return token


def _fenced_client() -> httpx2.Client:
    """What huggingface_hub's own functions get, should anything ever call them: this computer and nothing else."""

    def refuse(request: httpx2.Request) -> None:
        if not is_loopback(request.url.host):
            raise LeftTheHub(request.url.host)

    return httpx2.Client(event_hooks={"request": [refuse]}, follow_redirects=True, timeout=30.0)


huggingface_hub.set_client_factory(_fenced_client)
