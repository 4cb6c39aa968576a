"""One approved file comes in whole and as approved, or not at all; what has arrived is never fetched twice."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.approval import ApprovedFile
from core.demo.exchange import Origin
from core.demo.server import DemoHub
from core.errors import UserFacingError
from core.hub.download import MOST_CUTS, OpenStream, download
from core.hub.session import HubSession
from core.progress import Cancelled, CancelToken, Progress, Step, ignore_progress
from tests.core.hub.asking import CONFIG, HASTY, MODEL, WEIGHTS, Impatient, Unhurried, refused, snapshot_of

WEIGHTS_FILE, CONFIG_FILE = "model.safetensors", "config.json"
CONTENTS = {WEIGHTS_FILE: WEIGHTS, CONFIG_FILE: CONFIG}


class Bringer:
    """Downloads files of the demo hub's model into one folder."""

    def __init__(self, session: HubSession, folder: Path) -> None:
        self._session = session
        self.snapshot = snapshot_of(session)
        self.target = folder / "000001.inert"
        self.part = folder / "000001.inert.part"
        self.seen: list[Progress] = []
        self.person = Unhurried()

    def approved(self, path: str) -> ApprovedFile:
        file = self.snapshot.file(path)
        assert file is not None
        return ApprovedFile(file.path, file.size, file.git_sha1, file.sha256)

    def bring(self, path: str = WEIGHTS_FILE, cancel: CancelToken | None = None) -> None:
        token = cancel or self.person
        download(
            lambda offset: self._session.stream(self.snapshot, path, offset, token),
            self.approved(path),
            self.target,
            self.seen.append,
            token,
        )


@pytest.fixture
def bringer(session: HubSession, tmp_path: Path) -> Bringer:
    return Bringer(session, tmp_path)


@pytest.mark.parametrize("path", [WEIGHTS_FILE, CONFIG_FILE])
def test_a_file_arrives_whole(bringer: Bringer, path: str) -> None:
    bringer.bring(path)
    assert bringer.target.read_bytes() == CONTENTS[path]
    assert not bringer.part.exists()
    assert bringer.seen[-1] == Progress(Step.DOWNLOADING, len(CONTENTS[path]), len(CONTENTS[path]), "bytes", path)


def test_an_empty_file_arrives_too(tmp_path: Path) -> None:
    nothing = ApprovedFile("empty.txt", 0, hashlib.sha1(b"blob 0\0", usedforsecurity=False).hexdigest(), None)
    download(lambda _offset: iter(()), nothing, tmp_path / "empty", ignore_progress, CancelToken())
    assert (tmp_path / "empty").read_bytes() == b""


@pytest.mark.parametrize("there", [1, 300_000, len(WEIGHTS)])
def test_only_what_is_missing_is_fetched(hub: DemoHub, bringer: Bringer, there: int) -> None:
    bringer.part.write_bytes(WEIGHTS[:there])
    bringer.bring()
    assert bringer.target.read_bytes() == WEIGHTS
    assert hub.bytes_sent(Origin.CDN) == len(WEIGHTS) - there


def test_a_partial_file_that_is_too_long_is_begun_again(hub: DemoHub, bringer: Bringer) -> None:
    bringer.part.write_bytes(WEIGHTS + b"more")
    bringer.bring()
    assert bringer.target.read_bytes() == WEIGHTS
    assert hub.bytes_sent(Origin.CDN) == len(WEIGHTS)


def test_a_cut_connection_goes_on_where_it_broke(hub: DemoHub, bringer: Bringer) -> None:
    hub.knobs.cut("cdn GET", after=300_000, times=2)
    bringer.bring()
    assert bringer.target.read_bytes() == WEIGHTS
    assert hub.bytes_sent(Origin.CDN) == len(WEIGHTS)
    assert [row.range for row in hub.log if row.origin is Origin.CDN] == [None, "bytes=300000-", "bytes=600000-"]
    assert bringer.person.waits == [0.5, 1.0]


def test_a_connection_that_keeps_breaking_is_said_and_what_arrived_is_kept(hub: DemoHub, bringer: Bringer) -> None:
    hub.knobs.cut("cdn GET", after=1000, times=None)
    assert refused(bringer.bring) == "hub.connection_cut"
    arrived = 1000 * (MOST_CUTS + 1)
    assert bringer.part.read_bytes() == WEIGHTS[:arrived]
    assert not bringer.target.exists()
    hub.knobs.clear()
    bringer.bring()
    assert bringer.target.read_bytes() == WEIGHTS


@pytest.mark.parametrize(("path", "offset"), [(WEIGHTS_FILE, 0), (WEIGHTS_FILE, len(WEIGHTS) - 1), (CONFIG_FILE, 3)])
def test_a_byte_changed_on_the_way_is_caught_and_deleted(
    hub: DemoHub, bringer: Bringer, path: str, offset: int
) -> None:
    hub.knobs.tamper(path, offset)
    assert refused(lambda: bringer.bring(path)) == "download.mismatch"
    assert not bringer.target.exists()
    assert not bringer.part.exists()


def test_a_byte_changed_on_the_disk_before_going_on_is_caught(bringer: Bringer) -> None:
    bringer.part.write_bytes(b"X" + WEIGHTS[1:1000])
    assert refused(bringer.bring) == "download.mismatch"
    assert not bringer.part.exists()
    bringer.bring()
    assert bringer.target.read_bytes() == WEIGHTS


def endless(written: Path) -> OpenStream:
    """A stream that never ends, and looks how much of it is on the disk."""

    def stream(offset: int) -> Iterator[bytes]:
        assert offset == 0
        for _ in range(10):
            yield CONFIG
            assert written.stat().st_size <= len(CONFIG)
        raise AssertionError("nobody may read on for ever")

    return stream


def test_more_than_approved_is_never_written(bringer: Bringer) -> None:
    approved = bringer.approved(CONFIG_FILE)
    with pytest.raises(UserFacingError) as error:
        download(endless(bringer.part), approved, bringer.target, ignore_progress, CancelToken())
    assert error.value.message_id == "download.mismatch"
    assert not bringer.part.exists()
    assert not bringer.target.exists()


def test_less_than_approved_is_not_accepted(bringer: Bringer) -> None:
    approved = bringer.approved(CONFIG_FILE)
    with pytest.raises(UserFacingError) as error:
        download(lambda _offset: iter([CONFIG[:-1]]), approved, bringer.target, ignore_progress, CancelToken())
    assert error.value.message_id == "download.mismatch"
    assert not bringer.target.exists()


def test_a_server_that_states_another_length_is_not_believed(hub: DemoHub, bringer: Bringer) -> None:
    bringer.part.write_bytes(WEIGHTS[:100])
    hub.knobs.state_total("cdn GET", len(WEIGHTS) + 1)
    assert refused(bringer.bring) == "hub.wrong_length"
    assert bringer.part.read_bytes() == WEIGHTS[:100]


def test_a_server_that_begins_again_is_not_appended(hub: DemoHub, bringer: Bringer) -> None:
    bringer.part.write_bytes(WEIGHTS[:100])
    hub.knobs.ignore_range("cdn GET")
    assert refused(bringer.bring) == "hub.wrong_length"
    assert bringer.part.read_bytes() == WEIGHTS[:100]


def test_a_packed_body_is_not_taken_for_the_file(hub: DemoHub, bringer: Bringer) -> None:
    hub.knobs.fail("cdn GET", 200, {"Content-Encoding": "gzip"}, body=WEIGHTS)
    assert refused(bringer.bring) == "hub.wrong_length"
    assert bringer.part.read_bytes() == b""


def test_another_refusal_is_not_tried_again(hub: DemoHub, bringer: Bringer) -> None:
    hub.knobs.fail(f"hub GET /{MODEL}/resolve", 404, {"X-Error-Code": "EntryNotFound"}, times=None)
    hub.log.clear()
    assert refused(bringer.bring) == "hub.file_not_found"
    assert len(hub.log) == 1


def test_a_cancelled_download_keeps_what_arrived(hub: DemoHub, bringer: Bringer) -> None:
    hub.knobs.stall("cdn GET", after=300_000)
    with pytest.raises(Cancelled):
        bringer.bring(cancel=Impatient(looks=8))
    kept = bringer.part.read_bytes()
    assert kept == WEIGHTS[: len(kept)]
    bringer.bring()
    assert bringer.target.read_bytes() == WEIGHTS
    assert [row.range for row in hub.log if row.origin is Origin.CDN][-1] == (f"bytes={len(kept)}-" if kept else None)


def test_a_download_can_be_cancelled_while_old_bytes_are_hashed(hub: DemoHub, bringer: Bringer) -> None:
    bringer.part.write_bytes(WEIGHTS)
    hub.log.clear()
    cancelled = CancelToken()
    cancelled.cancel()
    with pytest.raises(Cancelled):
        bringer.bring(cancel=cancelled)
    assert bringer.part.read_bytes() == WEIGHTS
    assert hub.log == []


def test_a_server_that_falls_silent_is_left(hub: DemoHub, tmp_path: Path) -> None:
    with HubSession(hub.endpoint, patience=HASTY) as session:
        bringer = Bringer(session, tmp_path)
        hub.knobs.stall("cdn GET", after=300_000)
        bringer.bring()
    assert bringer.target.read_bytes() == WEIGHTS
