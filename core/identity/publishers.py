"""Brands and the accounts that we take for theirs: `resources/publishers.toml`, written by hand, dated."""

import functools
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from core.identity.results import Publisher, PublisherKind
from core.paths import RESOURCES

_FILE = RESOURCES / "publishers.toml"
_DEMO_FILE = RESOURCES / "demo" / "publishers.toml"
_TEXTS = ("id", "name", "kind", "website", "source", "date")
_LISTS = ("accounts", "aliases", "families")
_MAX_TEXT = 200_000
"""Characters of a card searched for brand names."""


class Directory:
    """All listed publishers. Account names are looked up as the Hub does: case does not count."""

    def __init__(self, publishers: Iterable[Publisher]) -> None:
        self.publishers = tuple(publishers)
        self._by_account = {account.lower(): one for one in self.publishers for account in one.accounts}
        self._by_alias = {alias: one for one in self.publishers for alias in one.aliases}
        longest_first = sorted(self._by_alias, key=len, reverse=True)
        words = "|".join(re.escape(alias) for alias in longest_first) or r"(?!)"
        self._aliases = re.compile(rf"(?<![\w.-])(?:{words})(?![\w])")

    def of_account(self, account: str) -> Publisher | None:
        """The publisher this account belongs to."""
        return self._by_account.get(account.lower())

    def named_in(self, text: str) -> tuple[Publisher, ...]:
        """Publishers whose names stand in `text` as whole words, the first one named first."""
        found = dict.fromkeys(match.group() for match in self._aliases.finditer(text[:_MAX_TEXT]))
        return tuple(dict.fromkeys(self._by_alias[alias] for alias in found))


def load(*paths: Path) -> Directory:
    """Read publisher files. Raises `ValueError` on an unknown, missing or wrong key, and on an account listed twice."""
    publishers = tuple(_publisher(entry, path.name) for path in paths for entry in _entries(path))
    _refuse_duplicates("id", (one.id for one in publishers))
    _refuse_duplicates("account", (account.lower() for one in publishers for account in one.accounts))
    _refuse_duplicates("alias", (alias for one in publishers for alias in one.aliases))
    return Directory(publishers)


def directory_for(endpoint: str) -> Directory:
    """The publishers that count on this Hub. Made-up demo brands count only on this computer's own demo hub."""
    return _known(demo=urlsplit(endpoint).hostname in {"127.0.0.1", "localhost", "::1"})


@functools.cache
def _known(*, demo: bool) -> Directory:
    return load(_FILE, _DEMO_FILE) if demo and _DEMO_FILE.exists() else load(_FILE)


def _entries(path: Path) -> list[dict[str, Any]]:
    loaded = tomllib.loads(path.read_text(encoding="utf-8"))
    if loaded.keys() != {"publisher"}:
        raise ValueError(f"{path.name}: only [[publisher]] tables are expected, found {sorted(loaded)}")
    entries: list[dict[str, Any]] = loaded["publisher"]
    return entries


def _publisher(entry: dict[str, Any], file: str) -> Publisher:
    name = entry.get("id", "?")
    wrong = entry.keys() ^ {*_TEXTS, *_LISTS}
    if wrong:
        raise ValueError(f"{file}: publisher {name}: unknown or missing {sorted(wrong)}")
    for key in _TEXTS:
        if not isinstance(entry[key], str):
            raise ValueError(f"{file}: publisher {name}: {key} must be a text")  # noqa: TRY004  a wrong file, not a wrong call
    for key in _LISTS:
        if not isinstance(entry[key], list) or not all(isinstance(item, str) and item for item in entry[key]):
            raise ValueError(f"{file}: publisher {name}: {key} must be a list of texts")
    if not entry["accounts"]:
        raise ValueError(f"{file}: publisher {name}: no accounts")
    return Publisher(
        id=entry["id"],
        name=entry["name"],
        accounts=tuple(entry["accounts"]),
        aliases=tuple(entry["aliases"]),
        source=entry["source"],
        date=entry["date"],
        families=tuple(entry["families"]),
        kind=PublisherKind(entry["kind"]),
        website=entry["website"],
    )


def _refuse_duplicates(what: str, values: Iterable[str]) -> None:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise ValueError(f"publisher {what} listed twice: {value}")
        seen.add(value)
