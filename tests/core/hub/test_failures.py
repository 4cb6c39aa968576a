"""Each way in which the Hub can fail has its own sentence, in words for people."""

import ast
import ssl
from pathlib import Path

import httpx2
import pytest
from huggingface_hub.errors import OfflineModeIsEnabled

import core.hub
from core.errors import UserFacingError
from core.hub.egress import LeftTheHub
from core.hub.failures import Subject, from_answer, from_exception, seconds_until_allowed
from core.hub.interruption import DeadlinePassed
from core.text import Message, catalogue, render

SUBJECT = Subject("lab/model", "main", "model.bin")
ADDRESS = "https://hub.example/api/models/lab/model"

ANSWERS = [
    (401, {"X-Error-Code": "GatedRepo"}, "hub.gated"),
    (403, {"X-Error-Code": "GatedRepo"}, "hub.gated"),
    (403, {"X-Error-Message": "Access to this resource is disabled."}, "hub.disabled"),
    (403, {}, "hub.forbidden"),
    (404, {"X-Error-Code": "RevisionNotFound"}, "hub.revision_not_found"),
    (404, {"X-Error-Code": "EntryNotFound"}, "hub.file_not_found"),
    (404, {"X-Error-Code": "RepoNotFound"}, "hub.not_found"),
    (404, {}, "hub.not_found"),
    (410, {}, "hub.not_found"),
    (401, {}, "hub.private"),
    (401, {"X-Error-Code": "RepoNotFound"}, "hub.private"),
    (401, {"X-Error-Message": "Invalid credentials in Authorization header"}, "hub.bad_token"),
    (429, {}, "hub.rate_limited"),
    (400, {}, "hub.refused"),
    (418, {}, "hub.refused"),
    (500, {}, "hub.server_error"),
    (503, {}, "hub.server_error"),
]
EXCEPTIONS: list[tuple[BaseException, str]] = [
    (LeftTheHub("evil.example"), "hub.redirected_elsewhere"),
    (OfflineModeIsEnabled("offline"), "hub.offline"),
    (httpx2.ReadTimeout("slow"), "hub.timed_out"),
    (httpx2.ConnectTimeout("slow"), "hub.timed_out"),
    (DeadlinePassed(), "hub.timed_out"),
    (httpx2.ProxyError("no"), "hub.proxy"),
    (httpx2.ConnectError("refused"), "hub.no_connection"),
    (httpx2.TooManyRedirects("round"), "hub.redirect_loop"),
    (httpx2.ReadError("reset"), "hub.connection_cut"),
    (httpx2.RemoteProtocolError("half an answer"), "hub.connection_cut"),
    (httpx2.DecodingError("not gzip"), "hub.malformed"),
    (httpx2.InvalidURL("what"), "hub.malformed"),
    (ssl.SSLCertVerificationError("expired"), "hub.tls"),
]


def sentences(error: UserFacingError) -> tuple[str, str, str]:
    assert error.what
    assert error.means
    assert error.do
    return error.what, error.means, error.do


@pytest.mark.parametrize(("status", "headers", "message_id"), ANSWERS)
def test_an_answer_becomes_a_sentence(status: int, headers: dict[str, str], message_id: str) -> None:
    request = httpx2.Request("GET", ADDRESS)
    error = from_answer(httpx2.Response(status, headers=headers, request=request), SUBJECT)
    assert error is not None
    assert error.message_id == message_id
    sentences(error)


def test_a_good_answer_is_no_failure() -> None:
    assert from_answer(httpx2.Response(200, request=httpx2.Request("GET", ADDRESS)), SUBJECT) is None


@pytest.mark.parametrize(("exception", "message_id"), EXCEPTIONS)
def test_a_request_without_an_answer_becomes_a_sentence(exception: BaseException, message_id: str) -> None:
    error = from_exception(exception, "hub.example")
    assert error.message_id == message_id
    assert any("hub.example" in part for part in sentences(error))


def test_a_wrong_certificate_is_not_taken_for_a_missing_connection() -> None:
    wrapped = httpx2.ConnectError("handshake")
    wrapped.__cause__ = ssl.SSLCertVerificationError("another host")
    assert from_exception(wrapped, "hub.example").message_id == "hub.tls"


def test_a_handshake_that_breaks_off_is_no_forgery() -> None:
    wrapped = httpx2.ConnectError("handshake")
    wrapped.__cause__ = ssl.SSLEOFError("gone")
    assert from_exception(wrapped, "hub.example").message_id == "hub.no_connection"


def test_no_two_failures_read_the_same() -> None:
    ids = {message_id for _, _, message_id in ANSWERS} | {message_id for _, message_id in EXCEPTIONS}
    what = {str(catalogue()[f"{message_id}.what"]) for message_id in ids}
    assert len(what) == len(ids)


def thrown() -> list[tuple[str, tuple[str, ...]]]:
    """Every `UserFacingError("…", name=…)` in the code of the hub: its id and the names of its values."""
    found = []
    for module in Path(core.hub.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "UserFacingError":
                constants = [part.value for part in ast.walk(node.args[0]) if isinstance(part, ast.Constant)]
                names = tuple(keyword.arg or "" for keyword in node.keywords)
                ids = [text for text in constants if isinstance(text, str) and "." in text.strip(".")]
                found += [(message_id, names) for message_id in ids]
    assert len(found) > 25
    return found


@pytest.mark.parametrize(("message_id", "names"), thrown())
def test_whatever_the_hub_throws_can_be_read(message_id: str, names: tuple[str, ...]) -> None:
    for part in ("what", "means", "do"):
        assert render(Message.of(f"{message_id}.{part}", **dict.fromkeys(names, 7)))


@pytest.mark.parametrize("part", ["card", "figures", "account", "history", "scan", "engines"])
def test_each_part_that_may_be_missing_has_a_sentence_with_its_reason(part: str) -> None:
    assert "because" in render(Message.of(f"hub.not_read.{part}", why="because"))


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"RateLimit": '"api";r=0;t=42', "RateLimit-Policy": '"fixed window";"api";q=500;w=300'}, 43),
        ({"RateLimit": '"api";r=7;t=42', "Retry-After": "9"}, 9),
        ({"Retry-After": "120"}, 120),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, None),
        ({"Retry-After": "-3"}, None),
        ({"Retry-After": "٣"}, None),
        ({"Retry-After": "9" * 40}, None),
        ({}, None),
    ],
)
def test_how_long_the_hub_asks_us_to_wait(headers: dict[str, str], seconds: int | None) -> None:
    encoded = [(key.encode(), value.encode()) for key, value in headers.items()]
    assert seconds_until_allowed(httpx2.Headers(encoded)) == seconds
