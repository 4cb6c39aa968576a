"""Trouble that may be over in a moment is waited out, a person's cancel is not waited for, and silence has an end."""

import threading
from collections.abc import Callable

import huggingface_hub.constants
import pytest

from core.demo.server import DemoHub
from core.errors import UserFacingError
from core.hub.interruption import Attempt, DeadlinePassed, in_parallel, interruptible
from core.hub.session import HubSession
from core.hub.transport import Patience
from core.progress import Cancelled, CancelToken
from tests.core.hub.asking import (
    CONFIG,
    HASTY,
    MODEL,
    ONCE,
    Impatient,
    Unhurried,
    refused,
    snapshot_of,
)

INFO = f"hub GET /api/models/{MODEL}?"
USED_UP = {"RateLimit": '"api";r=0;t=12', "RateLimit-Policy": '"fixed window";"api";q=500;w=300'}


@pytest.mark.parametrize(
    ("status", "headers", "times", "waits"),
    [
        (500, {}, 1, [0.5]),
        (502, {}, 3, [0.5, 1.0, 2.0]),
        (503, {"Retry-After": "7"}, 1, [7.0]),
        (429, {"Retry-After": "2"}, 2, [2.0, 2.0]),
        (429, USED_UP, 1, [13.0]),
        (429, {"RateLimit": '"api";r=100;t=12'}, 1, [0.5]),
        (504, {"Retry-After": "soon"}, 1, [0.5]),
        (408, {}, 1, [0.5]),
    ],
)
def test_a_passing_trouble_is_waited_out_as_the_hub_asks(
    hub: DemoHub, session: HubSession, status: int, headers: dict[str, str], times: int, waits: list[float]
) -> None:
    person = Unhurried()
    hub.knobs.fail(INFO, status, headers, times=times)
    snapshot = snapshot_of(session, cancel=person)
    assert person.waits == waits
    assert snapshot.not_read == ()


@pytest.mark.parametrize(
    ("status", "message_id"), [(500, "hub.server_error"), (503, "hub.server_error"), (429, "hub.rate_limited")]
)
def test_a_trouble_that_lasts_is_said_after_five_attempts(
    hub: DemoHub, session: HubSession, status: int, message_id: str
) -> None:
    person = Unhurried()
    hub.knobs.fail(INFO, status, times=None)
    assert refused(lambda: snapshot_of(session, cancel=person)) == message_id
    assert person.waits == [0.5, 1.0, 2.0, 4.0]
    assert len(hub.log) == 5


def test_a_long_wait_is_the_persons_to_decide(hub: DemoHub, session: HubSession) -> None:
    person = Unhurried()
    hub.knobs.fail(INFO, 429, {"Retry-After": "280"}, times=None)
    with pytest.raises(UserFacingError) as error:
        snapshot_of(session, cancel=person)
    assert (error.value.message_id, person.waits, len(hub.log)) == ("hub.rate_limited", [], 1)
    assert "280 seconds" in error.value.do


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 501])
def test_an_answer_that_will_stay_the_same_is_not_asked_for_again(
    hub: DemoHub, session: HubSession, status: int
) -> None:
    hub.knobs.fail(INFO, status, times=None)
    refused(lambda: snapshot_of(session))
    assert len(hub.log) == 1


def test_a_range_whose_connection_breaks_is_read_again(hub: DemoHub, session: HubSession) -> None:
    snapshot = snapshot_of(session)
    person = Unhurried()
    hub.knobs.cut("resolve-cache", after=3)
    assert session.open(snapshot, "config.json", person).read() == CONFIG
    assert person.waits == [0.5]


def test_a_hub_that_is_not_there_is_said(hub: DemoHub) -> None:
    with HubSession(hub.endpoint) as session:
        hub.stop()
        person = Unhurried()
        assert refused(lambda: snapshot_of(session, cancel=person)) == "hub.no_connection"
        assert len(person.waits) == 4


def test_offline_mode_sends_nothing(hub: DemoHub, session: HubSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    assert refused(lambda: snapshot_of(session)) == "hub.offline"
    assert hub.log == []


# --- silence ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("match", [INFO, "resolve-cache"])
def test_a_server_that_falls_silent_is_left(hub: DemoHub, match: str) -> None:
    with HubSession(hub.endpoint, patience=HASTY) as session, HubSession(hub.endpoint) as patient:
        snapshot = snapshot_of(patient)
        hub.knobs.stall(match, after=3, times=None)
        asked: dict[str, Callable[[], object]] = {
            INFO: lambda: snapshot_of(session),
            "resolve-cache": lambda: session.open(snapshot, "config.json", Unhurried()).read(),
        }
        assert refused(asked[match]) == "hub.timed_out"


def test_a_server_that_only_drips_is_left_too(hub: DemoHub) -> None:
    """Every byte comes in time, the whole never does."""
    with HubSession(hub.endpoint, patience=Patience(read=5, request=0.3, attempts=1)) as session:
        hub.knobs.bytes_per_second = 10
        assert refused(lambda: snapshot_of(session)) == "hub.timed_out"


# --- cancel ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("match", [INFO, "paths-info", "resolve-cache"])
def test_a_person_who_cancels_does_not_wait_for_the_hub(hub: DemoHub, session: HubSession, match: str) -> None:
    hub.knobs.stall(match, times=None)
    with pytest.raises(Cancelled):
        snapshot_of(session, cancel=Impatient(looks=10))


def test_a_pause_can_be_cancelled(hub: DemoHub, session: HubSession) -> None:
    class Leaves(CancelToken):
        def wait(self, seconds: float) -> None:
            assert seconds == 20
            self.cancel()
            super().wait(seconds)

    hub.knobs.fail(INFO, 503, {"Retry-After": "20"}, times=None)
    with pytest.raises(Cancelled):
        snapshot_of(session, cancel=Leaves())
    assert len(hub.log) == 1


def test_after_a_cancel_nothing_is_sent(hub: DemoHub, session: HubSession) -> None:
    cancelled = CancelToken()
    cancelled.cancel()
    with pytest.raises(Cancelled):
        snapshot_of(session, cancel=cancelled)
    assert hub.log == []


def test_a_session_goes_on_after_a_cancel(hub: DemoHub, session: HubSession) -> None:
    hub.knobs.stall(INFO)
    with pytest.raises(Cancelled):
        snapshot_of(session, cancel=Impatient(looks=3))
    assert snapshot_of(session).not_read == ()


def test_work_that_is_left_learns_of_it() -> None:
    learned = threading.Event()

    def work(attempt: Attempt) -> None:
        while not attempt.left:
            pass
        learned.set()

    with pytest.raises(DeadlinePassed):
        interruptible(work, CancelToken(), 0.01)
    assert learned.wait(5)


def test_jobs_side_by_side_keep_their_order_and_pass_on_the_first_error() -> None:
    done: list[int] = []
    jobs = [lambda number=number: number * number for number in range(20)]
    assert in_parallel(jobs, CancelToken(), done.append, workers=3) == [number * number for number in range(20)]
    assert done == list(range(1, 21))
    with pytest.raises(ZeroDivisionError):
        in_parallel([lambda: 1, lambda: 1 // 0], CancelToken(), done.append)
    assert in_parallel([], CancelToken(), done.append) == []


def test_what_was_asked_and_received_is_counted(hub: DemoHub) -> None:
    with HubSession(hub.endpoint, patience=ONCE) as session:
        snapshot = snapshot_of(session)
        list(session.stream(snapshot, "model.safetensors", 0, Unhurried()))
        assert session.requests == len(hub.log)
        assert session.bytes_read == hub.bytes_sent()
