"""Why to look at a link that the original's card does not have."""

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from core.comparison.card_html import host_of, host_shown
from core.comparison.command_notes import in_order
from core.comparison.results import Link
from core.hosts import Imitated, imitated_by, is_number, kind_of, looks_foreign, makes_programs, registered_part
from core.text import Message

_SAME_SITE = {"youtu.be": "youtube.com", "hf.co": "huggingface.co", "twitter.com": "x.com", "discord.gg": "discord.com"}
_HUB = "huggingface.co"
"""Where the person is already."""
_PROGRAM = re.compile(
    r"\.(?:exe|msi|msix|bat|cmd|ps1|vbs|js|jar|scr|hta|lnk|iso|img|dmg|pkg|apk|deb|rpm|appimage|sh|command|zip|rar|7z"
    r"|tar|gz|tgz|whl|py|dll)$",
    re.IGNORECASE,
)
_LONGEST = 200
"""Characters of a link's text that are looked at."""
_CODE_HOSTS = frozenset({"github.com", "gitlab.com", "codeberg.org", "bitbucket.org", "gitee.com"})
_TELLING = 4
"""Letters of an account from which on it stands in another by intent."""
_STARTED = re.compile(
    r"\.(?:exe|msi|msix|msixbundle|appx|appxbundle|bat|cmd|ps1|vbs|scr|hta|lnk|iso|img|dmg|pkg|apk|deb|rpm|appimage)$",
    re.IGNORECASE,
)
"""What is downloaded in order to be started or installed."""
_OFFERS = re.compile(
    r"\b(?:downloads?|get|install(?:er)?|setup)\b[^\n]{0,40}\b(?:windows|win(?:10|11|32|64)|mac(?:os)?|linux|android|pc)\b"
    r"|\b(?:windows|mac(?:os)?|linux|android)\s+(?:installer|setup|download)\b",
    re.IGNORECASE,
)


def offers_program(link: Link) -> bool:
    """True if a link leads to a program or an installer, by its address or its words, and not to a known maker's."""
    host = host_of(link.target)
    if not host:
        return False
    path = urlsplit(link.target).path
    offered = _STARTED.search(path) or _OFFERS.search(link.text[:_LONGEST])
    return offered is not None and not makes_programs(host, path)


def borrows_account(original: Link, here: Link) -> bool:
    """True if both lead to accounts of a code host, and one name is made from the other: `maker`, `maker-official`."""
    if host_of(original.target) not in _CODE_HOSTS or host_of(here.target) not in _CODE_HOSTS:
        return False
    one, other = (_account(link) for link in (original, here))
    return one != other and min(len(one), len(other)) >= _TELLING and (one in other or other in one)


def _account(link: Link) -> str:
    return re.sub(r"[\W_]+", "", urlsplit(link.target).path.strip("/").partition("/")[0]).lower()


def same_site(one: str, other: str) -> bool:
    """True if two hosts belong together as far as their names tell."""
    one, other = _SAME_SITE.get(one, one), _SAME_SITE.get(other, other)
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def imitates(link: Link, known: Imitated | None = None) -> Message | None:
    """What is odd about the spelling of the host behind a link."""
    host = host_of(link.target)
    if looks_foreign(host):
        return Message.of("comparison.note.foreign_letters", host=host)
    other = known.by(host) if known is not None else imitated_by(host)
    return Message.of("comparison.note.imitates", host=host, known=other) if other else None


class OriginalLinks:
    """Where the links of the original's card lead."""

    def __init__(self, links: Iterable[Link]) -> None:
        links = tuple(links)
        self._targets = dict.fromkeys(link.target.rstrip("/") for link in links)
        self._by_words: dict[str, Link] = {}
        for link in links:
            self._by_words.setdefault(link.text.casefold(), link)

    @functools.cached_property
    def _hosts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(host_of(target) for target in self._targets))

    @functools.cached_property
    def _known(self) -> Imitated:
        return Imitated(self._hosts)

    @functools.cached_property
    def _sites(self) -> set[str]:
        return {registered_part(_SAME_SITE.get(host, host)) for host in (*self._hosts, _HUB)}

    def has(self, target: str) -> bool:
        """True if a link of the original leads there."""
        return target.rstrip("/") in self._targets

    def notes(self, links: Sequence[Link]) -> tuple[Message, ...]:
        """Notes on one new address, to which `links` of this card lead."""
        return in_order(note for link in links for note in (*self._about_words(link), *self._about_address(link)))

    def _about_words(self, link: Link) -> Iterator[Message]:
        there = self._by_words.get(link.text.casefold()) if link.text else None
        if there is not None:
            yield Message.of("comparison.note.same_words", words=link.text, original=there.target)
        shown, host = host_shown(link.text), host_of(link.target)
        if shown and not same_site(shown, host):
            yield Message.of("comparison.note.shows_other", shown=shown, host=host)

    def _about_address(self, link: Link) -> Iterator[Message]:
        host, parts = host_of(link.target), urlsplit(link.target)
        odd = imitates(link, self._known)
        if odd is not None:
            yield odd
        if is_number(host):
            yield Message.of("comparison.note.number", host=host)
        if "@" in parts.netloc:
            yield Message.of("comparison.note.credentials", host=host)
        if _PROGRAM.search(parts.path):
            yield Message.of("comparison.note.downloads_program", name=parts.path.rpartition("/")[2])
        kind = kind_of(host)
        if kind is not None:
            yield Message.of(f"comparison.note.{kind}", host=host)
        if parts.scheme == "http":
            yield Message.of("comparison.note.plain_http")
        if registered_part(_SAME_SITE.get(host, host)) not in self._sites:
            yield Message.of("comparison.note.new_host", host=host)
