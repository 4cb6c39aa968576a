"""Which hosts a session may speak to. Asked before every request and every redirect; everything else is refused."""

from dataclasses import dataclass
from ipaddress import ip_address

import httpx2

from core.address import PUBLIC_ENDPOINT
from core.errors import UserFacingError

_HUB_DOMAINS = ("huggingface.co", "hf.co")
"""The Hub and its content servers (`*.cdn.hf.co`, `cdn-lfs*.hf.co`, `cas-bridge.xethub.hf.co`)."""
_PORTS = {"http": 80, "https": 443}


class LeftTheHub(ConnectionError):
    """Somebody wanted to send a request to a host that is not allowed. `host` says which."""

    def __init__(self, host: str) -> None:
        super().__init__(host)
        self.host = host


@dataclass(frozen=True, slots=True)
class Egress:
    """The rule for one endpoint."""

    scheme: str
    host: str
    port: int
    loopback: bool

    @classmethod
    def of(cls, endpoint: str) -> "Egress":
        """Raises `UserFacingError` unless the endpoint is https, or http on this very computer."""
        try:
            url = httpx2.URL(endpoint)
        except httpx2.InvalidURL as error:
            raise UserFacingError("hub.bad_endpoint", endpoint=endpoint) from error
        loopback = is_loopback(url.host)
        if not url.host or url.userinfo or not (url.scheme == "https" or (url.scheme == "http" and loopback)):
            raise UserFacingError("hub.bad_endpoint", endpoint=endpoint)
        return cls(url.scheme, url.host, url.port or _PORTS[url.scheme], loopback)

    @property
    def takes_token(self) -> bool:
        """A token belongs to the public Hub alone."""
        return self == Egress.of(PUBLIC_ENDPOINT)

    def is_endpoint(self, url: httpx2.URL) -> bool:
        """Same origin as the endpoint: scheme, host and port."""
        return (url.scheme, url.host, url.port or _PORTS.get(url.scheme)) == (self.scheme, self.host, self.port)

    def check(self, url: httpx2.URL) -> None:
        """Raises `LeftTheHub` if the address is not one this session may use."""
        if url.userinfo or not self._allows(url):
            raise LeftTheHub(url.host or str(url)[:100])

    def _allows(self, url: httpx2.URL) -> bool:
        if self.loopback:
            # The demo hub answers on two ports.
            return url.scheme == "http" and url.host == self.host
        if self.is_endpoint(url):
            return True
        named = any(url.host == domain or url.host.endswith(f".{domain}") for domain in _HUB_DOMAINS)
        return url.scheme == "https" and url.port in {None, 443} and named


def is_loopback(host: str) -> bool:
    """True for `localhost` and the loopback addresses."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
