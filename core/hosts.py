"""Kinds of places on the web, and hosts that only look like well-known ones: `resources/hosts.toml`.

One knowledge for links of a card and for commands.
"""

import functools
import ipaddress
import re
import tomllib
from collections.abc import Iterable, Iterator
from enum import StrEnum

from core.paths import RESOURCES
from core.text import has_hidden_characters


class HostKind(StrEnum):
    """What a place is for. Hosts of no kind are just hosts."""

    SHORTENER = "shortener"
    PASTE = "paste"
    FILE_HOST = "file_host"
    STORAGE = "storage"
    RECEIVER = "receiver"
    TUNNEL = "tunnel"
    MESSENGER = "messenger"


NOBODY_ANSWERS = re.compile(r"http://(?!localhost|127\.)|https?://(?:\d{1,3}\.){3}\d{1,3}\b", re.IGNORECASE)
"""Addresses without protection, or of a bare number: nobody answers for what is fetched from there."""
_WELL_KNOWN = "well_known"
_NAMED_BY_ACCOUNT = frozenset(
    {
        "github.io",
        "gitlab.io",
        "readthedocs.io",
        "hf.space",
        "huggingface.co",
        "gitbook.io",
        "medium.com",
        "notion.site",
    }
)
"""Sites where the first part of a host is the name of an account."""
_ENDINGS = re.compile(r"\.(?:co|com|org|net|ac|gov|edu)\.[a-z]{2}$")
"""Endings of two parts, below which names are sold."""
_SHORT, _MOST_LABELS = 8, 12
_LOOK_THE_SAME = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("0", "o"), ("1", "l"), ("i", "l"), ("5", "s"), ("-", ""))


@functools.cache
def _listed() -> dict[str, str]:
    """Kind by host; `name.*` stays as it is."""
    loaded = tomllib.loads((RESOURCES / "hosts.toml").read_text(encoding="utf-8"))
    return {host: kind for kind, entry in loaded.items() for host in entry["hosts"] if kind != _WELL_KNOWN}


@functools.cache
def _well_known() -> tuple[str, ...]:
    loaded = tomllib.loads((RESOURCES / "hosts.toml").read_text(encoding="utf-8"))
    return tuple(loaded[_WELL_KNOWN]["hosts"])


@functools.cache
def _program_makers() -> tuple[str, ...]:
    loaded = tomllib.loads((RESOURCES / "program_makers.toml").read_text(encoding="utf-8"))
    return tuple(loaded["places"])


def kind_of(host: str) -> HostKind | None:
    """What `host` (lower case) is for, by itself or by what it lies below."""
    labels = host.rstrip(".").split(".")
    for start in range(len(labels)):
        for name in (".".join(labels[start:]), ".".join((*labels[start:-1], "*"))):
            if name in _listed():
                return HostKind(_listed()[name])
    return None


@functools.cache
def odd_hosts_expression() -> str:
    """A regular expression for all hosts from which it is odd to fetch anything, without what lies below them."""
    loaded = tomllib.loads((RESOURCES / "hosts.toml").read_text(encoding="utf-8"))
    odd = [host for entry in loaded.values() if entry["odd"] for host in entry["hosts"]]
    return "|".join(re.escape(host).replace(r"\.\*", r"\.\w+") for host in odd)


def is_number(host: str) -> bool:
    """True for an address in numbers that leads out of this computer and its network, in any spelling browsers take."""
    plain = host.strip("[]")
    try:
        # Browsers also take 0x7f000001, 2130706433 and 0177.0.0.1.
        address = ipaddress.ip_address(int(plain, 0) if re.fullmatch(r"0x[0-9a-f]{1,8}|\d{8,10}", plain) else plain)
    except ValueError:
        return re.fullmatch(r"(?:0x[0-9a-f]+|\d+)(?:\.(?:0x[0-9a-f]+|\d+)){1,3}", plain) is not None
    return not (address.is_private or address.is_loopback or address.is_link_local or address.is_unspecified)


def looks_foreign(host: str) -> bool:
    """True if letters of other alphabets stand in the host: in punycode, or mixed with Latin ones."""
    return any(label.startswith("xn--") for label in host.split(".")) or has_hidden_characters(host)


class Imitated:
    """Well-known hosts, and `others`, ready to be compared with many hosts that may only look like them."""

    def __init__(self, others: Iterable[str] = ()) -> None:
        self._names = dict.fromkeys((*others, *_well_known()))
        self._parts = {registered_part(known) for known in self._names}
        self._hyphened = {known.replace(".", "-"): known for known in self._names if len(known) > _SHORT}
        self._by_skeleton: dict[str, list[str]] = {}
        self._by_length: dict[tuple[str, int], list[str]] = {}
        for known in self._names:
            name, _, ending = registered_part(known).partition(".")
            if len(name) > 4 and len(name) + len(ending) >= _SHORT:
                self._by_skeleton.setdefault(_skeleton(name), []).append(known)
            if len(name) > 5:
                self._by_length.setdefault((ending, len(name)), []).append(known)

    def by(self, host: str) -> str | None:
        """The known host that `host` only looks like; None for most."""
        if registered_part(host) in self._parts or any(run in self._names for run in _endings_of(host)):
            return None
        return next(self._inside(host), None) or next(self._alike(host), None)

    def _inside(self, host: str) -> Iterator[str]:
        labels = host.split(".")[:_MOST_LABELS]
        runs = (".".join(labels[start:end]) for start in range(len(labels)) for end in range(start + 2, len(labels)))
        yield from (run for run in runs if run in self._names)
        if "-" in host:
            yield from (known for hyphened, known in self._hyphened.items() if hyphened in host)

    def _alike(self, host: str) -> Iterator[str]:
        name, _, ending = registered_part(host).partition(".")
        for known in self._by_skeleton.get(_skeleton(name), ()):
            theirs, _, known_ending = registered_part(known).partition(".")
            # The same name with another ending is somebody else's only where the name is a rare one.
            if name != theirs or (ending != known_ending and len(theirs) > _SHORT):
                yield known
        for length in (len(name) - 1, len(name), len(name) + 1):
            for known in self._by_length.get((ending, length), ()):
                if _one_change(name, registered_part(known).partition(".")[0]):
                    yield known


@functools.cache
def _without_others() -> Imitated:
    return Imitated()


def imitated_by(host: str) -> str | None:
    """The well-known host that `host` (lower case) only looks like; None for most."""
    return _without_others().by(host)


def _endings_of(host: str) -> Iterator[str]:
    labels = host.split(".")[-_MOST_LABELS:]
    return (".".join(labels[start:]) for start in range(len(labels)))


@functools.lru_cache(maxsize=4096)
def bears_name_of(host: str, sites: tuple[str, ...]) -> str | None:
    """The one of `sites` whose whole name stands in a host of somebody else, as in `ai-example-com.net`."""
    own = registered_part(host)
    if own in _NAMED_BY_ACCOUNT or own in _registered(sites):
        return None
    found = _within(sites).search(host)
    return found.lastgroup and sites[int(found.lastgroup[1:])] if found else None


_TELLING = 7
"""Characters of a site from which on its name stands nowhere by chance."""


@functools.lru_cache(maxsize=8)
def _registered(sites: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(registered_part, sites))


@functools.lru_cache(maxsize=8)
def _within(sites: tuple[str, ...]) -> re.Pattern[str]:
    spelt = {place: re.escape(site).replace(r"\.", "[.-]") for place, site in enumerate(sites) if len(site) >= _TELLING}
    names = "|".join(f"(?P<s{place}>{name})" for place, name in spelt.items()) or "(?!)"
    return re.compile(rf"(?<![a-z0-9])(?:{names})(?![a-z0-9])")


def makes_programs(host: str, path: str) -> bool:
    """True if programs that run models, or what those need, are given out there by who makes them."""
    place = f"{host}{path}".lower()
    return any(
        host == maker or host.endswith(f".{maker}") or place.startswith(f"{maker}/") for maker in _program_makers()
    )


def registered_part(host: str) -> str:
    """`example.com` of `www.example.com`: what somebody registered, as far as that can be told without a list."""
    labels = host.split(".")
    return ".".join(labels[-3 if _ENDINGS.search(host) and len(labels) > 2 else -2 :])


def _skeleton(name: str) -> str:
    for signs, sign in _LOOK_THE_SAME:
        name = name.replace(signs, sign)
    return name


def _one_change(one: str, other: str) -> bool:
    """One letter more, less or another, or two neighbours exchanged."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = next((place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
    if start is None:
        return True
    rest, other_rest = one[start:], other[start:]
    return (
        rest[1:] == other_rest
        or rest == other_rest[1:]
        or rest[1:] == other_rest[1:]
        or (rest[:2] == other_rest[1::-1] and rest[2:] == other_rest[2:])
    )
