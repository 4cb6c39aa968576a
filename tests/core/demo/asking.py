"""Ask the dispatch core as a client would, without sockets."""

from urllib.parse import parse_qsl, urlsplit

from core.demo.exchange import Origin, Request, Response
from core.demo.routes import Hub

BASE, CDN = "http://hub.test", "http://cdn.test"


def ask(hub: Hub, address: str, method: str = "GET", body: bytes = b"", **headers: str) -> Response:
    """`address` may be a path or an absolute address of one of the two servers."""
    origin = Origin.CDN if address.startswith(CDN) else Origin.HUB
    parts = urlsplit(address)
    lowered = {key.lower().replace("_", "-"): value for key, value in headers.items()}
    query = tuple(parse_qsl(parts.query, keep_blank_values=True))
    return hub.dispatch(Request(method, parts.path, query, lowered, body, origin))


def fetch(hub: Hub, address: str, **headers: str) -> Response:
    """As `ask`, following redirects."""
    response = ask(hub, address, "GET", b"", **headers)
    while (location := response.header("Location")) is not None:
        response = ask(hub, location, "GET", b"", **headers)
    return response


def content(response: Response) -> bytes:
    return response.body if isinstance(response.body, bytes) else response.body.read()
