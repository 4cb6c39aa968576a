import http.client
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from core.demo.exchange import Origin
from core.demo.server import DemoHub
from core.errors import UserFacingError
from tests.demo_hub import NewFile, make_repository, running_demo_hub

WEIGHTS = bytes(range(256)) * 40
INFO = "/api/models/lab/model"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[DemoHub]:
    make_repository(tmp_path, "model", "lab/model", {"model.bin": WEIGHTS, "notes.txt": b"hello"})
    with running_demo_hub(tmp_path) as running:
        yield running


class Answer:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()


def get(address: str, method: str = "GET", **headers: str) -> Answer:
    parts = urlsplit(address)
    assert parts.hostname is not None
    with closing(http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)) as connection:
        connection.request(method, f"{parts.path}?{parts.query}", headers=headers)
        return Answer(connection.getresponse())


def cdn_address(hub: DemoHub) -> str:
    return str(get(f"{hub.endpoint}/lab/model/resolve/main/model.bin").headers["Location"])


def test_two_origins_serve_one_file(hub: DemoHub) -> None:
    address = cdn_address(hub)
    assert address.startswith(hub.cdn_endpoint)
    assert hub.cdn_endpoint != hub.endpoint
    assert get(address).body == WEIGHTS


def test_the_log_is_written_before_the_client_has_the_answer(hub: DemoHub) -> None:
    address = cdn_address(hub)
    get(address, Range="bytes=10-19", Authorization="Bearer demo-visitor")
    row = hub.log[-1]
    assert (row.method, row.status, row.bytes_sent, row.range) == ("GET", 206, 10, "bytes=10-19")
    assert row.had_authorization
    assert row.origin is Origin.CDN
    assert not hub.log[0].had_authorization
    assert hub.log[0].path == "/lab/model/resolve/main/model.bin"
    assert hub.bytes_sent(Origin.CDN) == 10


def test_head_sends_the_length_and_no_body(hub: DemoHub) -> None:
    answer = get(cdn_address(hub), "HEAD")
    assert answer.headers["Content-Length"] == str(len(WEIGHTS))
    assert answer.body == b""
    assert hub.log[-1].bytes_sent == 0


def test_one_connection_serves_many_requests(hub: DemoHub) -> None:
    parts = urlsplit(hub.endpoint)
    with closing(http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=10)) as connection:
        for _ in range(3):
            connection.request("GET", INFO)
            assert connection.getresponse().read().startswith(b"{")
        connection.request("DELETE", INFO)
        assert connection.getresponse().read().startswith(b"{")


def test_requests_can_be_made_to_fail_a_number_of_times(hub: DemoHub) -> None:
    hub.knobs.fail(f"GET {INFO}", 429, {"Retry-After": "1"}, b"slow down", times=2)
    answers = [get(f"{hub.endpoint}{INFO}") for _ in range(3)]
    assert [answer.status for answer in answers] == [429, 429, 200]
    assert (answers[0].headers["Retry-After"], answers[0].body) == ("1", b"slow down")


def test_a_request_can_be_sent_elsewhere(hub: DemoHub) -> None:
    hub.knobs.redirect("notes.txt", "http://elsewhere.invalid/notes.txt")
    answer = get(f"{hub.endpoint}/lab/model/resolve/main/notes.txt")
    assert (answer.status, answer.headers["Location"]) == (302, "http://elsewhere.invalid/notes.txt")
    hub.knobs.clear()
    assert get(f"{hub.endpoint}/lab/model/resolve/main/notes.txt").status == 307


def test_a_cut_connection_gives_only_the_first_bytes(hub: DemoHub) -> None:
    hub.knobs.cut("model.bin", after=1000)
    address = cdn_address(hub)
    with pytest.raises(http.client.IncompleteRead) as caught:
        get(address)
    assert caught.value.partial == WEIGHTS[:1000]
    assert hub.log[-1].bytes_sent == 1000
    assert get(address).body == WEIGHTS


def test_every_connection_can_be_cut(hub: DemoHub) -> None:
    address = cdn_address(hub)
    hub.knobs.cut_after = 7
    for _ in range(2):
        with pytest.raises(http.client.IncompleteRead):
            get(address)
    hub.knobs.cut_after = None
    assert get(address).body == WEIGHTS


def test_a_byte_can_be_falsified_on_the_wire(hub: DemoHub) -> None:
    hub.knobs.tamper("model.bin", offset=300)
    address = cdn_address(hub)
    wrong = bytearray(WEIGHTS)
    wrong[300] ^= 0xFF
    assert get(address).body == bytes(wrong)
    assert get(address, Range="bytes=300-301").body == bytes(wrong[300:302])
    assert get(address, Range="bytes=0-299").body == WEIGHTS[:300]


def test_the_stated_total_can_be_a_lie(hub: DemoHub) -> None:
    hub.knobs.state_total("model.bin", 999_999)
    answer = get(cdn_address(hub), Range="bytes=0-9")
    assert answer.headers["Content-Range"] == "bytes 0-9/999999"
    assert answer.body == WEIGHTS[:10]


def test_ranges_can_be_ignored(hub: DemoHub) -> None:
    hub.knobs.ignore_range("cdn GET", times=1)
    address = cdn_address(hub)
    assert [get(address, Range="bytes=0-9").status for _ in range(2)] == [200, 206]


def test_a_branch_can_move_between_two_requests(hub: DemoHub) -> None:
    hub.knobs.after(INFO, lambda: hub.push("lab/model", {"other.txt": b"new"}))
    address = f"{hub.endpoint}{INFO}"
    with closing(http.client.HTTPConnection(str(urlsplit(address).hostname), urlsplit(address).port)) as connection:
        bodies = []
        # One connection: the second request is read only after the action.
        for _ in range(2):
            connection.request("GET", INFO)
            bodies.append(connection.getresponse().read())
    assert b"notes.txt" in bodies[0]
    assert b"other.txt" in bodies[1]


def test_rate_counts_all_connections_together(hub: DemoHub) -> None:
    hub.knobs.bytes_per_second = 1000
    waits = [hub.knobs.seconds_until_free(500) for _ in range(4)]
    assert waits == sorted(waits)
    assert waits[-1] > waits[0] + 1.4


def test_a_slow_line_delivers_everything(hub: DemoHub) -> None:
    hub.knobs.bytes_per_second = 1_000_000
    hub.knobs.latency = hub.knobs.connect_latency = 0.001
    assert get(cdn_address(hub)).body == WEIGHTS


def test_stopping_frees_clients_that_were_kept_waiting(tmp_path: Path) -> None:
    make_repository(tmp_path, "model", "lab/model", {"model.bin": WEIGHTS})
    with running_demo_hub(tmp_path) as hub:
        parts = urlsplit(cdn_address(hub))
        hub.knobs.stall("cdn GET", after=100)
        client = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=10)
        client.request("GET", f"{parts.path}?{parts.query}")
        response = client.getresponse()
        assert response.read(100) == WEIGHTS[:100]
    with pytest.raises(http.client.IncompleteRead):
        response.read()
    client.close()


def test_stopping_ends_all_threads_and_idle_connections(tmp_path: Path) -> None:
    make_repository(tmp_path, "model", "lab/model", {})
    before = set(threading.enumerate())
    with running_demo_hub(tmp_path) as hub:
        parts = urlsplit(hub.endpoint)
        idle = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=10)
        idle.request("GET", INFO)
        idle.getresponse().read()
        assert set(threading.enumerate()) > before
    assert set(threading.enumerate()) == before
    idle.close()


def test_a_taken_port_is_said_in_words(hub: DemoHub, tmp_path: Path) -> None:
    port = urlsplit(hub.endpoint).port
    assert port is not None
    with pytest.raises(UserFacingError) as caught:
        DemoHub(tmp_path, port).start()
    assert str(port) in caught.value.what


def test_a_body_of_unknown_or_absurd_length_is_refused(hub: DemoHub) -> None:
    assert get(f"{hub.endpoint}{INFO}", "POST", **{"Content-Length": "99999999999"}).status == 413
    assert get(f"{hub.endpoint}{INFO}", "POST", **{"Transfer-Encoding": "chunked"}).status == 413


def test_a_gigabyte_of_zeros_costs_nothing_on_disk(tmp_path: Path) -> None:
    size = 1 << 30
    head = b"head"
    make_repository(tmp_path, "model", "lab/huge", {"huge.bin": NewFile((head, size, b"tail"), sha256="a" * 64)})
    with running_demo_hub(tmp_path) as hub:
        address = str(get(f"{hub.endpoint}/lab/huge/resolve/main/huge.bin").headers["Location"])
        assert get(address, "HEAD").headers["Content-Length"] == str(size + 8)
        assert get(address, Range="bytes=0-7").body == b"head\0\0\0\0"
        assert get(address, Range="bytes=-8").body == b"\0\0\0\0tail"
        assert get(address, Range=f"bytes={size // 2}-{size // 2 + 9}").body == bytes(10)
    assert sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()) < 10_000
