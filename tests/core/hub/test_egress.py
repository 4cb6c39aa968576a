"""A session speaks to its Hub and the Hub's content servers, and to nobody else; a token goes to the Hub alone."""

from collections.abc import Callable

import httpx2
import pytest

from core.address import PUBLIC_ENDPOINT
from core.demo.server import DemoHub
from core.hub.egress import Egress, LeftTheHub, is_loopback
from core.hub.session import HubSession
from tests.core.hub.asking import CONFIG, MODEL, ONCE, Unhurried, reference, refused, snapshot_of
from tests.core.snapshots import snapshot

TOKEN = "hf_" + "x" * 34
CDN = "https://us.aws.cdn.hf.co"


@pytest.mark.parametrize(
    "address",
    [
        "https://huggingface.co/api/models",
        "https://huggingface.co:443/api/models",
        "https://hf.co/lab/model",
        f"{CDN}/file?Signature=1",
        "https://cdn-lfs-us-1.hf.co/file",
        "https://cas-bridge.xethub.hf.co/file",
    ],
)
def test_the_hub_and_its_content_servers_are_allowed(address: str) -> None:
    Egress.of(PUBLIC_ENDPOINT).check(httpx2.URL(address))


@pytest.mark.parametrize(
    "address",
    [
        "http://huggingface.co/",
        "https://huggingface.co:8443/",
        "https://huggingface.co.evil.example/",
        "https://evil-hf.co/",
        "https://xhf.co/",
        "https://evil.example/huggingface.co",
        "https://huggingface.co@evil.example/",
        "https://user:password@huggingface.co/",
        "http://127.0.0.1/",
        "https://localhost/",
        "https://169.254.169.254/latest/meta-data",
        "ftp://huggingface.co/",
        "file:///etc/passwd",
        "/relative",
    ],
)
def test_everything_else_is_refused(address: str) -> None:
    with pytest.raises(LeftTheHub):
        Egress.of(PUBLIC_ENDPOINT).check(httpx2.URL(address))


@pytest.mark.parametrize("address", ["https://huggingface.co/", "http://127.0.0.2:80/", "https://127.0.0.1/"])
def test_the_demo_hub_leads_nowhere_but_to_its_own_computer(address: str) -> None:
    with pytest.raises(LeftTheHub):
        Egress.of("http://127.0.0.1:8000").check(httpx2.URL(address))


def test_a_mirror_is_allowed_for_itself_and_the_hubs_content_servers() -> None:
    mirror = Egress.of("https://mirror.example:8443")
    mirror.check(httpx2.URL("https://mirror.example:8443/api/models"))
    mirror.check(httpx2.URL(f"{CDN}/file"))
    with pytest.raises(LeftTheHub):
        mirror.check(httpx2.URL("https://mirror.example/api/models"))


@pytest.mark.parametrize(
    "endpoint",
    ["http://hub.example", "ftp://127.0.0.1", "https://user@hub.example", "https://", "huggingface.co", "http://[::1"],
)
def test_an_endpoint_that_others_could_listen_to_is_refused(endpoint: str) -> None:
    assert refused(lambda: Egress.of(endpoint)) == "hub.bad_endpoint"


@pytest.mark.parametrize(
    ("endpoint", "takes"),
    [
        (PUBLIC_ENDPOINT, True),
        ("https://huggingface.co:443", True),
        ("https://mirror.example", False),
        ("http://127.0.0.1:8000", False),
    ],
)
def test_only_the_public_hub_takes_a_token(endpoint: str, takes: bool) -> None:
    assert Egress.of(endpoint).takes_token is takes


@pytest.mark.parametrize(("host", "loopback"), [("localhost", True), ("::1", True), ("127.9.9.9", True), ("a", False)])
def test_loopback(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


# --- on the wire -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/model.bin", "http://127.0.0.2/model.bin", "//evil.example/x", "https://huggingface.co/x"],
)
@pytest.mark.parametrize("match", ["hub GET /api/models/lab/model", f"hub GET /{MODEL}/resolve", "cdn GET"])
def test_a_redirect_to_somewhere_else_is_not_followed(
    hub: DemoHub, session: HubSession, match: str, elsewhere: str
) -> None:
    listed = snapshot_of(session)
    hub.knobs.redirect(match, elsewhere)
    asked = {
        "hub GET /api/models/lab/model": lambda: snapshot_of(session),
        f"hub GET /{MODEL}/resolve": lambda: session.open(listed, "config.json", Unhurried()).read(1),
        "cdn GET": lambda: session.open(listed, "model.safetensors", Unhurried()).read(1),
    }
    assert refused(asked[match]) == "hub.redirected_elsewhere"


def test_a_download_is_not_led_elsewhere_either(hub: DemoHub, session: HubSession) -> None:
    listed = snapshot_of(session)
    hub.knobs.redirect("cdn GET", "https://evil.example/model.bin")
    stream = session.stream(listed, "model.safetensors", 0, Unhurried())
    assert refused(lambda: list(stream)) == "hub.redirected_elsewhere"


def test_redirects_without_an_end_are_said(hub: DemoHub, session: HubSession) -> None:
    hub.knobs.redirect("hub GET /api/models/lab/model", "/api/models/lab/model")
    assert refused(lambda: snapshot_of(session)) == "hub.redirect_loop"


def test_the_demo_hub_never_sees_a_token(hub: DemoHub) -> None:
    with HubSession(hub.endpoint, token=TOKEN) as session:
        listed = snapshot_of(session)
        session.open(listed, "model.safetensors", Unhurried()).read(10)
    assert hub.log
    assert not any(row.had_authorization for row in hub.log)


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[httpx2.Request], httpx2.Response]]:
    """In place of the network: answers by the beginning of the address. What is not there fails the test."""
    answers: dict[str, Callable[[httpx2.Request], httpx2.Response]] = {}

    def answer(_: httpx2.HTTPTransport, request: httpx2.Request) -> httpx2.Response:
        for start, respond in answers.items():
            if str(request.url).startswith(start):
                return respond(request)
        raise AssertionError(f"nobody may ask {request.url}")

    monkeypatch.setattr(httpx2.HTTPTransport, "handle_request", answer)
    return answers


def test_the_token_goes_to_the_hub_and_not_to_the_content_server(
    wire: dict[str, Callable[[httpx2.Request], httpx2.Response]],
) -> None:
    seen: list[tuple[str, str | None]] = []

    def note(request: httpx2.Request) -> None:
        seen.append((request.url.host, request.headers.get("Authorization")))

    def hub(request: httpx2.Request) -> httpx2.Response:
        note(request)
        return httpx2.Response(302, headers={"Location": f"{CDN}/config.json?Signature=1"})

    def content(request: httpx2.Request) -> httpx2.Response:
        note(request)
        stated = {"Content-Range": f"bytes 0-{len(CONFIG) - 1}/{len(CONFIG)}"}
        return httpx2.Response(206, headers=stated, content=CONFIG)

    wire[PUBLIC_ENDPOINT], wire[CDN] = hub, content
    with HubSession(PUBLIC_ENDPOINT, TOKEN) as session:
        listed = snapshot(MODEL, {"config.json": CONFIG})
        assert session.open(listed, "config.json", Unhurried()).read() == CONFIG
    assert seen == [("huggingface.co", f"Bearer {TOKEN}"), ("us.aws.cdn.hf.co", None)]


def test_a_way_from_https_to_http_is_not_taken(
    wire: dict[str, Callable[[httpx2.Request], httpx2.Response]],
) -> None:
    wire[PUBLIC_ENDPOINT] = lambda _: httpx2.Response(307, headers={"Location": "http://huggingface.co/api/models/x"})
    with HubSession(PUBLIC_ENDPOINT, TOKEN, patience=ONCE) as session:
        assert refused(lambda: session.find(reference().repository, Unhurried())) == "hub.redirected_elsewhere"


@pytest.mark.parametrize("token", ["hf_x\r\nX-Injected: 1", "hf_ä", "hf_a b"])
def test_a_token_that_cannot_be_one_is_refused_before_it_is_sent(token: str) -> None:
    assert refused(lambda: HubSession(PUBLIC_ENDPOINT, token)) == "hub.bad_token"
