"""Reading a part of a file from afar: exactly what was asked for, or an error that cannot be overlooked.

Three ways in which a scanner could see nothing in a malicious file are closed, each with a test here: short reads,
swallowed errors, and a target that moves.
"""

import io
import random
from collections.abc import Callable, Iterator
from dataclasses import replace

import picklescan.scanner
import pytest

from core.demo.exchange import Origin
from core.demo.server import DemoHub
from core.errors import UserFacingError
from core.hub.remote_file import ReadLimits, RemoteFile
from core.hub.session import HubSession
from core.progress import Cancelled, CancelToken
from core.repository import Snapshot
from tests.core.hub.asking import CONFIG, MODEL, ONCE, WEIGHTS, Unhurried, refused, snapshot_of

WEIGHTS_FILE = "model.safetensors"


@pytest.fixture
def listed(session: HubSession) -> Snapshot:
    return snapshot_of(session)


@pytest.fixture
def remote(session: HubSession, listed: Snapshot) -> Iterator[RemoteFile]:
    with session.open(listed, WEIGHTS_FILE, Unhurried()) as reader:
        yield reader


class Memory:
    """Bytes in memory in place of the Hub."""

    def __init__(self, content: bytes) -> None:
        self.size = len(content)
        self._content = content
        self.before: Callable[[], None] = lambda: None

    def fetch(self, start: int, end: int) -> bytes:
        self.before()
        return self._content[start:end]


def reader_of(source: Memory, limits: ReadLimits | None = None, cancel: CancelToken | None = None) -> RemoteFile:
    return RemoteFile(source, limits or ReadLimits(), cancel or CancelToken())


# --- three ways to see nothing ---------------------------------------------------------------------------------------

HIDDEN = b"(" + b"B" + (300_000).to_bytes(4, "little") + b"x" * 300_000 + b"0" + b"cposix\nsystem\n" + b"0N."
"""A pickle that names `posix.system` after 300 kB of other bytes. It calls nothing."""


def globals_seen(stream: RemoteFile) -> set[str]:
    """What another scanner, which knows nothing of networks, sees in it."""
    found = picklescan.scanner.scan_pickle_bytes(stream, "model.pkl")
    return {f"{one.module}.{one.name}" for one in found.globals}


def test_first_way_a_short_read_does_not_look_like_the_end(session: HubSession, hub: DemoHub) -> None:
    hub.push(MODEL, {"model.bin": HIDDEN})
    reader = session.open(snapshot_of(session), "model.bin", Unhurried())
    assert globals_seen(reader) == {"posix.system"}
    assert reader.error is None
    assert reader.requests > 1


def test_second_way_an_error_that_was_swallowed_is_still_there(hub: DemoHub) -> None:
    hub.push(MODEL, {"model.bin": HIDDEN})
    with HubSession(hub.endpoint, patience=ONCE) as session:
        reader = session.open(snapshot_of(session), "model.bin", Unhurried())
        reader.read(1)
        reader.seek(0)
        hub.knobs.fail("cdn GET", 500, times=1)
        # picklescan swallows the error itself, and goes on: only the next read can stop it.
        assert refused(lambda: globals_seen(reader)) == "hub.server_error"
        assert isinstance(reader.error, UserFacingError)
        assert reader.error.message_id == "hub.server_error"
        assert refused(lambda: reader.read(1)) == "hub.server_error"


def test_third_way_a_branch_that_moves_does_not_change_what_is_read(
    session: HubSession, hub: DemoHub, listed: Snapshot
) -> None:
    hub.push(MODEL, {WEIGHTS_FILE: b"other" * 1000, "config.json": b"{}"})
    assert session.open(listed, "config.json", Unhurried()).read() == CONFIG
    assert session.open(listed, WEIGHTS_FILE, Unhurried()).read(1000) == WEIGHTS[:1000]


def test_third_way_a_branch_that_moves_between_two_reads(hub: DemoHub, remote: RemoteFile) -> None:
    assert remote.read(10) == WEIGHTS[:10]
    hub.push(MODEL, {WEIGHTS_FILE: b"other" * 1000})
    remote.seek(500_000)
    assert remote.read(10) == WEIGHTS[500_000:500_010]


@pytest.mark.parametrize("path", ["config.json", WEIGHTS_FILE])
def test_third_way_a_server_that_answers_from_another_commit_is_refused(
    session: HubSession, hub: DemoHub, listed: Snapshot, path: str
) -> None:
    server = "cdn GET" if path == WEIGHTS_FILE else "resolve-cache"
    size = len(WEIGHTS if path == WEIGHTS_FILE else CONFIG)
    end = min(size, 64 << 10)
    stated = {"X-Repo-Commit": "f" * 40, "Content-Range": f"bytes 0-{end - 1}/{size}"}
    hub.knobs.fail(server, 206, stated, body=bytes(end))
    assert refused(lambda: session.open(listed, path, Unhurried()).read(1)) == "hub.commit_changed"


# --- exact reads -----------------------------------------------------------------------------------------------------


def test_any_sequence_of_reads_and_seeks_is_like_a_file(remote: RemoteFile) -> None:
    ordinary = io.BytesIO(WEIGHTS)
    chance = random.Random(7)  # noqa: S311  a repeatable walk through the file
    for _ in range(60):
        offset = chance.randrange(len(WEIGHTS) + 100)
        count = chance.choice([0, 1, 7, 1000, 16 << 10, 70_000])
        assert remote.seek(offset) == ordinary.seek(offset)
        assert remote.read(count) == ordinary.read(count)
        assert remote.tell() == ordinary.tell()
    assert remote.requests < 50


def test_the_end_of_the_file(remote: RemoteFile) -> None:
    remote.seek(-5, io.SEEK_END)
    assert remote.read(100) == WEIGHTS[-5:]
    assert remote.read(100) == b""
    remote.seek(-2, io.SEEK_CUR)
    assert remote.read() == WEIGHTS[-2:]
    remote.seek(10_000_000)
    assert remote.read(1) == b""
    with pytest.raises(ValueError, match="before the start"):
        remote.seek(-1)


def test_lines_and_buffers(session: HubSession, hub: DemoHub) -> None:
    text = b"one\n\n" + b"long " * 200 + b"\nlast"
    hub.push(MODEL, {"notes.txt": text})
    reader = session.open(snapshot_of(session), "notes.txt", Unhurried())
    assert list(iter(reader.readline, b"")) == text.splitlines(keepends=True)
    reader.seek(0)
    assert (reader.readline(2), reader.readline(2), reader.tell()) == (b"on", b"e\n", 4)
    buffer = bytearray(9)
    reader.seek(0)
    assert reader.readinto(buffer) == 9
    assert buffer == text[:9]
    assert reader.readall() == text[9:]
    assert reader.readable()
    assert reader.seekable()


def test_a_small_part_of_a_large_file_costs_little(hub: DemoHub, remote: RemoteFile) -> None:
    remote.read(8)
    remote.seek(-22, io.SEEK_END)
    remote.read()
    assert hub.bytes_sent(Origin.CDN) == remote.bytes_read < 150_000
    assert remote.requests == 2


def test_nothing_is_asked_before_the_first_read(hub: DemoHub, session: HubSession, listed: Snapshot) -> None:
    hub.log.clear()
    session.open(listed, WEIGHTS_FILE, Unhurried())
    assert hub.log == []


def test_the_signed_address_is_used_again_and_renewed(hub: DemoHub, remote: RemoteFile) -> None:
    hub.knobs.cdn_expires_after = 2
    hub.log.clear()
    for offset in range(0, 900_000, 300_000):
        remote.seek(offset)
        assert remote.read(10) == WEIGHTS[offset : offset + 10]
    statuses = [row.status for row in hub.log if row.origin is Origin.CDN]
    assert statuses == [206, 206, 403, 206]
    assert sum("/resolve/" in row.path for row in hub.log) == 2


# --- lies ------------------------------------------------------------------------------------------------------------


def lies() -> dict[str, Callable[[DemoHub], None]]:
    size, part = len(WEIGHTS), bytes(64 << 10)
    right = f"bytes 0-{len(part) - 1}/{size}"

    def say(body: bytes, stated: str | None = None, status: int = 206, **more: str) -> Callable[[DemoHub], None]:
        headers = ({"Content-Range": stated} if stated else {}) | more
        return lambda hub: hub.knobs.fail("cdn GET", status, headers, body)

    return {
        "another total": lambda hub: hub.knobs.state_total("cdn GET", size + 1),
        "the whole file": lambda hub: hub.knobs.ignore_range("cdn GET"),
        "too short": say(part[:-1], right),
        "too long": say(part + b"x", right),
        "nothing": say(b"", right),
        "another place": say(part, f"bytes 1-{len(part)}/{size}"),
        "no range": say(part),
        "an unknown total": say(part, f"bytes 0-{len(part) - 1}/*"),
        "not a range": say(part, "bytes"),
        "a success with less": say(part, None, 200),
    }


@pytest.mark.parametrize("lie", lies())
def test_an_answer_that_is_not_what_was_asked_for_is_refused(hub: DemoHub, remote: RemoteFile, lie: str) -> None:
    lies()[lie](hub)
    assert refused(lambda: remote.read(10)) in {"hub.wrong_length", "hub.malformed"}
    hub.knobs.clear()
    assert refused(lambda: remote.read(10)) in {"hub.wrong_length", "hub.malformed"}, "the error stays"


def test_a_file_whose_listed_size_is_a_lie_is_refused(session: HubSession, listed: Snapshot) -> None:
    config = listed.file("config.json")
    assert config is not None
    for size in (config.size - 1, config.size + 1):
        lying = replace(listed, files=(replace(config, size=size),))
        assert refused(lambda lying=lying: session.open(lying, "config.json", Unhurried()).read()) == "hub.wrong_length"  # type: ignore[misc]


@pytest.mark.parametrize("path", ["../../etc/passwd", "a/../b", "./a", "a//b", "/a", "a\\b"])
def test_a_path_that_would_leave_the_commit_is_never_asked_for(
    hub: DemoHub, session: HubSession, listed: Snapshot, path: str
) -> None:
    config = listed.file("config.json")
    assert config is not None
    lying = replace(listed, files=(replace(config, path=path),))
    hub.log.clear()
    assert refused(lambda: session.open(lying, path, Unhurried())) == "hub.unreadable_path"
    assert refused(lambda: list(session.stream(lying, path, 0, Unhurried()))) == "hub.unreadable_path"
    assert hub.log == []


@pytest.mark.parametrize("path", ["a b.txt", "100%.txt", "a?b#c.txt", "ünï.txt", "%2e%2e/x.txt"])
def test_unusual_names_are_read_as_they_are(session: HubSession, hub: DemoHub, path: str) -> None:
    hub.push(MODEL, {path: b"here"})
    assert session.open(snapshot_of(session), path, Unhurried()).read() == b"here"


def test_a_snapshot_of_another_hub_is_not_read_here(session: HubSession, listed: Snapshot) -> None:
    elsewhere = replace(listed, endpoint="https://mirror.example")
    with pytest.raises(ValueError, match="cannot be read from"):
        session.open(elsewhere, "config.json", Unhurried())


# --- what a reader may cost ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limits", "message_id"),
    [
        (ReadLimits(bytes=200_000), "hub.budget_bytes"),
        (ReadLimits(requests=2), "hub.budget_requests"),
    ],
)
def test_beyond_its_budget_a_reader_stops_and_stays_stopped(hub: DemoHub, limits: ReadLimits, message_id: str) -> None:
    with HubSession(hub.endpoint, limits=limits) as session:
        reader = session.open(snapshot_of(session), WEIGHTS_FILE, Unhurried())
        assert refused(lambda: [reader.read(1000) for _ in range(900)] and None) == message_id
        reader.seek(0)
        assert refused(lambda: reader.read(1)) == message_id
        assert hub.bytes_sent(Origin.CDN) <= limits.bytes


def test_a_hub_that_is_too_slow_is_given_up() -> None:
    source, now = Memory(WEIGHTS), [0.0]

    def slow() -> None:
        now[0] += 70

    source.before = slow
    reader = RemoteFile(source, ReadLimits(seconds=120), CancelToken(), lambda: now[0])
    reader.read(1)
    reader.seek(300_000)
    reader.read(1)
    reader.seek(600_000)
    assert refused(lambda: reader.read(1)) == "hub.budget_seconds"


def test_what_is_in_memory_costs_nothing_again() -> None:
    reader = reader_of(Memory(WEIGHTS), ReadLimits(requests=1))
    assert [reader.read(100), reader.seek(0), reader.read(100)] == [WEIGHTS[:100], 0, WEIGHTS[:100]]
    assert reader.requests == 1


def test_a_cancelled_reader_stays_cancelled() -> None:
    cancel = CancelToken()
    reader = reader_of(Memory(WEIGHTS), cancel=cancel)
    reader.read(1)
    cancel.cancel()
    reader.seek(500_000)
    for _ in range(2):
        with pytest.raises(Cancelled):
            reader.read(1)


def test_a_closed_reader_reads_no_more(remote: RemoteFile) -> None:
    remote.read(1)
    remote.close()
    assert remote.closed
