"""Every way in which the Hub or the way to it can fail, as a sentence for people."""

import ssl
from dataclasses import dataclass

import httpx2
from huggingface_hub.errors import (
    DisabledRepoError,
    GatedRepoError,
    HfHubHTTPError,
    OfflineModeIsEnabled,
    RemoteEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.utils import (  # type: ignore[attr-defined]  # documented, but the package has no __all__
    hf_raise_for_status,
    parse_ratelimit_headers,
)

from core.errors import UserFacingError
from core.hub.egress import LeftTheHub
from core.hub.interruption import DeadlinePassed

TRANSIENT = frozenset(
    {"hub.connection_cut", "hub.timed_out", "hub.no_connection", "hub.server_error", "hub.rate_limited"}
)
"""Failures that may be over in a moment: the downloader tries again after these."""

TROUBLES = (
    httpx2.HTTPError,
    httpx2.InvalidURL,
    httpx2.StreamError,
    ssl.SSLError,
    LeftTheHub,
    OfflineModeIsEnabled,
    DeadlinePassed,
)
"""What `from_exception` understands. Everything else is a bug."""

_BAD_TOKEN = "Invalid credentials in Authorization header"  # noqa: S105  the Hub's words
_RATE_WINDOW = 300
"""Seconds; the Hub counts requests in windows of five minutes."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a request was about, for the sentence: the repository or account, the revision, the file."""

    name: str
    revision: str = ""
    path: str = ""


def seconds_until_allowed(headers: httpx2.Headers) -> int | None:
    """How long a 429 or 503 asks us to wait, in seconds: `RateLimit` (when it is used up) or `Retry-After`."""
    limit = parse_ratelimit_headers(headers)
    if limit is not None and limit.remaining == 0:
        return limit.reset_in_seconds + 1
    asked = headers.get("Retry-After", "").strip()
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 8 else None


def from_answer(answer: httpx2.Response, subject: Subject) -> UserFacingError | None:
    """The sentence for an answer of 400 and above; None for any other. The classes are huggingface_hub's own."""
    try:
        hf_raise_for_status(answer)
    except GatedRepoError:
        return UserFacingError("hub.gated", name=subject.name)
    except DisabledRepoError:
        return UserFacingError("hub.disabled", name=subject.name)
    except RevisionNotFoundError:
        return UserFacingError("hub.revision_not_found", name=subject.name, revision=subject.revision)
    except RemoteEntryNotFoundError:
        return UserFacingError("hub.file_not_found", name=subject.name, path=subject.path)
    except HfHubHTTPError as error:
        return _other(answer, isinstance(error, RepositoryNotFoundError), subject)
    return None


def _other(answer: httpx2.Response, no_repository: bool, subject: Subject) -> UserFacingError:
    status = answer.status_code
    if status == 401:
        # To anonymous callers the Hub says the same of private and of missing repositories.
        bad_token = answer.headers.get("X-Error-Message") == _BAD_TOKEN
        return UserFacingError("hub.bad_token") if bad_token else UserFacingError("hub.private", name=subject.name)
    if no_repository or status in {404, 410}:
        return UserFacingError("hub.not_found", name=subject.name)
    if status == 403:
        return UserFacingError("hub.forbidden", name=subject.name)
    if status == 429:
        seconds = seconds_until_allowed(answer.headers)
        return UserFacingError("hub.rate_limited", count=_RATE_WINDOW if seconds is None else seconds)
    return UserFacingError("hub.server_error" if status >= 500 else "hub.refused", status=str(status))


_REASONS: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], str], ...] = (
    (OfflineModeIsEnabled, "offline"),
    ((httpx2.TimeoutException, DeadlinePassed), "timed_out"),
    (httpx2.ProxyError, "proxy"),
    (httpx2.ConnectError, "no_connection"),
    (httpx2.TooManyRedirects, "redirect_loop"),
    ((httpx2.NetworkError, httpx2.RemoteProtocolError), "connection_cut"),
)


def from_exception(error: BaseException, host: str) -> UserFacingError:
    """The sentence for a request that got no answer. `error` is one of `TROUBLES`."""
    if isinstance(error, LeftTheHub):
        return UserFacingError("hub.redirected_elsewhere", host=error.host, hub=host)
    if _has_tls_cause(error):
        return UserFacingError("hub.tls", host=host)
    reason = next((reason for classes, reason in _REASONS if isinstance(error, classes)), "malformed")
    return UserFacingError(f"hub.{reason}", host=host)


def _has_tls_cause(error: BaseException | None) -> bool:
    """A failed handshake: a certificate that is not valid for the host, or somebody in between."""
    while error is not None:
        if isinstance(error, ssl.SSLError) and not isinstance(error, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
            return True
        error = error.__cause__ or error.__context__
    return False
