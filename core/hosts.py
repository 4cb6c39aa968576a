"""Kinds of places on the web, and hosts that only look like well-known ones: `resources/hosts.toml`.

One knowledge for links of a card and for commands.
"""

import functools
import ipaddress
import re
import tomllib
from collections.abc import Iterable
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


_WELL_KNOWN = "well_known"
_ENDINGS = re.compile(r"\.(?:co|com|org|net|ac|gov|edu)\.[a-z]{2}$")
"""Endings of two parts, below which names are sold."""
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


def imitated_by(host: str, others: Iterable[str] = ()) -> str | None:
    """The well-known host, or one of `others`, that `host` only looks like; None for most."""
    own = registered_part(host)
    for known in dict.fromkeys((*others, *_well_known())):
        theirs = registered_part(known)
        if own == theirs or host.endswith(f".{known}"):
            return None
    for known in dict.fromkeys((*others, *_well_known())):
        theirs = registered_part(known)
        inside = f"{known}." in f"{host}." or (len(known) > 7 and known.replace(".", "-") in host)
        if inside or (len(theirs) > 7 and _alike(own, theirs)):
            return known
    return None


def registered_part(host: str) -> str:
    """`example.com` of `www.example.com`: what somebody registered, as far as that can be told without a list."""
    labels = host.split(".")
    return ".".join(labels[-3 if _ENDINGS.search(host) and len(labels) > 2 else -2 :])


def _alike(one: str, other: str) -> bool:
    name, _, ending = one.partition(".")
    known, _, known_ending = other.partition(".")
    if _skeleton(name) == _skeleton(known) and len(known) > 4:
        return name != known or (ending != known_ending and len(known) > 8)
    return ending == known_ending and len(known) > 5 and _one_change(name, known)


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
