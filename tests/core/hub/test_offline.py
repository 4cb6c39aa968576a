"""What was read before is not asked for again, and can be shown without a connection, with its age."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest

from core.demo.exchange import Origin
from core.demo.server import DemoHub
from core.hub.disk_cache import DiskCache
from core.hub.kept_answers import KeptAnswers
from core.hub.session import HubSession
from core.repository import NetworkUse, RepositoryId, RepositoryKind, Snapshot
from tests.core.hub.asking import CONFIG, MODEL, WEIGHTS, Unhurried, refused, snapshot_of

WEIGHTS_FILE = "model.safetensors"


@pytest.fixture
def cache(tmp_path: Path) -> DiskCache:
    return DiskCache(tmp_path / "cache", 100_000_000)


@contextmanager
def session_of(hub: DemoHub, cache: DiskCache, *, offline: bool = False) -> Iterator[HubSession]:
    with HubSession(hub.endpoint, cache=cache, offline=offline) as session:
        yield session


def read_some(session: HubSession, snapshot: Snapshot) -> tuple[bytes, bytes]:
    with session.open(snapshot, WEIGHTS_FILE, Unhurried()) as weights:
        head = weights.read(10)
        weights.seek(700_000)
        middle = weights.read(100_000)
    with session.open(snapshot, "config.json", Unhurried()) as config:
        assert config.read() == CONFIG
    return head, middle


def test_a_second_look_at_a_commit_asks_only_what_changes(hub: DemoHub, cache: DiskCache) -> None:
    with session_of(hub, cache) as first:
        snapshot = snapshot_of(first)
        read_some(first, snapshot)
    before = len(hub.log)
    hub.log.clear()
    with session_of(hub, cache) as second:
        again = snapshot_of(second)
        assert read_some(second, again) == (WEIGHTS[:10], WEIGHTS[700_000:800_000])
    assert not [row for row in hub.log if row.origin is Origin.CDN or "resolve" in row.path or "/commits/" in row.path]
    assert len(hub.log) <= 4 < before, "the page, its figures, its account, its scan results"
    assert replace(again, retrieved_at=snapshot.retrieved_at) == snapshot
    assert second.network().from_cache == 5


def test_figures_are_asked_for_again(hub: DemoHub, cache: DiskCache) -> None:
    with session_of(hub, cache) as session:
        assert snapshot_of(session).figures.downloads_all_time != 99
        hub.knobs.fail("?expand=", 200, body=b'{"downloadsAllTime": 99}')
        assert snapshot_of(session).figures.downloads_all_time == 99


def test_offline_nothing_leaves_and_the_same_is_shown(hub: DemoHub, cache: DiskCache) -> None:
    with session_of(hub, cache) as online:
        snapshot = snapshot_of(online)
        read = read_some(online, snapshot)
        original = online.find(RepositoryId(RepositoryKind.MODEL, MODEL), Unhurried())
        missing = online.find(RepositoryId(RepositoryKind.MODEL, "lab/none"), Unhurried())
        hits = online.search("mod", Unhurried())
    hub.log.clear()
    with session_of(hub, cache, offline=True) as offline:
        kept = snapshot_of(offline)
        assert replace(kept, from_cache=False, retrieved_at=snapshot.retrieved_at) == snapshot
        assert kept.from_cache
        assert abs((kept.retrieved_at - snapshot.retrieved_at).total_seconds()) < 60
        assert read_some(offline, kept) == read
        found = offline.find(RepositoryId(RepositoryKind.MODEL, MODEL), Unhurried())
        assert found is not None
        assert original is not None
        assert found.files == original.files
        assert offline.find(RepositoryId(RepositoryKind.MODEL, "lab/none"), Unhurried()) is missing is None
        assert offline.search("mod", Unhurried()) == hits
        use = offline.network()
    assert hub.log == []
    assert (use.requests, use.bytes, use.offline) == (0, 0, True)
    assert use.read_on is not None
    assert use.read_on <= kept.retrieved_at


@pytest.mark.parametrize(
    ("ask", "error"),
    [
        (lambda session, _: snapshot_of(session, "lab/never-read"), "hub.not_kept"),
        (lambda session, _: session.search("something", Unhurried()), "hub.not_kept"),
        (lambda session, kept: session.open(kept, WEIGHTS_FILE, Unhurried()).read(1), "hub.file_not_kept"),
        (lambda session, kept: list(session.stream(kept, "config.json", 0, Unhurried())), "hub.file_not_kept"),
    ],
)
def test_offline_what_was_not_read_is_said(
    hub: DemoHub, cache: DiskCache, ask: Callable[[HubSession, Snapshot], object], error: str
) -> None:
    with session_of(hub, cache) as online:
        snapshot_of(online)
    hub.log.clear()
    with session_of(hub, cache, offline=True) as offline:
        kept = snapshot_of(offline)
        assert refused(lambda: ask(offline, kept)) == error
    assert hub.log == []


def test_an_answer_that_makes_no_sense_is_not_kept(hub: DemoHub, cache: DiskCache) -> None:
    with session_of(hub, cache) as session:
        hub.knobs.fail("/commits/", 200, body=b"<html>Please sign in</html>", times=1)
        assert [part.id for part in snapshot_of(session).not_read] == ["hub.not_read.history"]
        assert snapshot_of(session).not_read == ()


def test_a_server_in_trouble_is_not_an_answer_to_keep(hub: DemoHub, cache: DiskCache) -> None:
    with session_of(hub, cache) as session:
        hub.knobs.fail("/overview", 500, times=None)
        snapshot_of(session)
    with session_of(hub, cache, offline=True) as offline:
        assert [part.id for part in snapshot_of(offline).not_read] == ["hub.not_read.account"]


def test_another_hub_has_other_answers(hub: DemoHub, cache: DiskCache) -> None:
    with session_of(hub, cache) as online:
        snapshot_of(online)
    with HubSession("https://other.example", cache=cache, offline=True) as other:
        assert refused(lambda: snapshot_of(other)) == "hub.not_kept"


def test_what_a_token_was_shown_is_for_this_token_alone(session: HubSession, cache: DiskCache) -> None:
    hub_address = "https://huggingface.co"
    snapshot = snapshot_of(session)
    url = httpx2.URL(f"{hub_address}/api/models/lab/gated")
    answer = httpx2.Response(200, content=b'"secret"', headers={"Authorization": "x", "Set-Cookie": "y"})
    mine = KeptAnswers(cache, hub_address, "hf_mine")
    mine.keep_answer("GET", url, None, answer)
    mine.keep_span(snapshot, "config.json", 0, CONFIG)
    own = mine.answer("GET", url, None, fixed=True)
    assert own is not None
    assert own.content == b'"secret"'
    assert not {"authorization", "set-cookie"} & set(own.headers)
    for other in (None, "hf_other"):
        theirs = KeptAnswers(cache, hub_address, other)
        assert theirs.answer("GET", url, None, fixed=False) is None
        assert theirs.span(snapshot, "config.json", 0, len(CONFIG)) is None
    kept = [path for path in (cache._folder).rglob("*") if path.is_file()]
    assert len(kept) == 2
    assert not any(b"hf_mine" in path.read_bytes() or "hf_mine" in str(path) for path in kept)
    cache.clear_private()
    assert mine.answer("GET", url, None, fixed=True) is None


def test_bytes_never_meet_another_listing(hub: DemoHub, session: HubSession, cache: DiskCache) -> None:
    snapshot = snapshot_of(session)
    kept = KeptAnswers(cache, hub.endpoint, None)
    kept.keep_span(snapshot, "config.json", 0, CONFIG)
    assert kept.span(snapshot, "config.json", 0, len(CONFIG)) is not None
    file = snapshot.file("config.json")
    assert file is not None
    for changed in (
        replace(file, git_sha1="0" * 40),
        replace(file, size=file.size + 1),
        replace(file, sha256="0" * 64),
    ):
        assert kept.span(replace(snapshot, files=(changed,)), "config.json", 0, len(CONFIG)) is None
    assert kept.span(replace(snapshot, commit="0" * 40), "config.json", 0, len(CONFIG)) is None


def test_the_allowance_of_the_hub_is_noted(session: HubSession) -> None:
    before = session.network()
    snapshot = snapshot_of(session)
    session.open(snapshot, "config.json", Unhurried()).read()
    use = session.network(before)
    assert before == NetworkUse()
    assert use.requests == session.requests > 5
    assert use.bytes == session.bytes_read
    assert [(one.resource, one.remaining, one.limit) for one in use.allowances] == [
        ("api", 499, 500),
        ("files", 2999, 3000),
    ]
    assert session.network(use).requests == 0


@pytest.mark.parametrize(
    "stated", ["nonsense", '"api";r=-5;t=200', '"api";r=99999999999999999999;t=99999999999', '"<b>";r=1;t=1']
)
def test_an_allowance_that_makes_no_sense_is_not_repeated(hub: DemoHub, stated: str) -> None:
    with HubSession(hub.endpoint) as session:
        hub.knobs.fail("hub GET", 404, {"RateLimit": stated})
        refused(lambda: snapshot_of(session))
        assert session.network().allowances == ()
