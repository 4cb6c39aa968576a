"""Brands and the accounts that we take for theirs: `resources/publishers.toml`, written by hand, dated."""

import functools
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from core.address import is_name
from core.identity.results import Publisher, PublisherEvidence, PublisherKind, Signer
from core.paths import RESOURCES

_FILE = RESOURCES / "publishers.toml"
_DEMO_FILE = RESOURCES / "demo" / "publishers.toml"
_TEXTS = ("id", "name", "kind", "website", "code_host", "evidence", "date")
_LISTS = ("accounts", "aliases", "families")
_OPTIONAL = ("ordinary_words",)
_MAX_TEXT = 200_000
"""Characters of a card searched for brand names."""
_ID = re.compile(r"[a-z0-9][a-z0-9._-]*", re.ASCII)
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}", re.ASCII)
_CODE_HOST = re.compile(rf"{_HOST.pattern}/[\w.-]+", re.ASCII)


class Directory:
    """All listed publishers. Account names are looked up as the Hub does: case does not count."""

    def __init__(self, publishers: Iterable[Publisher]) -> None:
        self.publishers = tuple(publishers)
        self.websites = tuple(dict.fromkeys(one.website for one in self.publishers if one.website))
        """Hosts."""
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


@dataclass(frozen=True, slots=True)
class OwnList:
    """What a person added to the shipped list and took out of it; see `core/identity/own_list.py`."""

    added: tuple[Publisher, ...] = ()
    removed: tuple[str, ...] = ()
    """Accounts, lower case."""


NOTHING_OWN = OwnList()


def load(*paths: Path) -> Directory:
    """Read publisher files. Raises `ValueError` on an unknown, missing or wrong key, and on an account listed twice."""
    publishers = tuple(publisher(entry, path.name) for path in paths for entry in _entries(path))
    refuse_duplicates(publishers)
    return Directory(publishers)


def directory_for(endpoint: str, own: OwnList = NOTHING_OWN) -> Directory:
    """The publishers that count on this Hub. Made-up demo brands count only on this computer's own demo hub."""
    return _known(own, demo=urlsplit(endpoint).hostname in {"127.0.0.1", "localhost", "::1"})


@functools.lru_cache(maxsize=8)
def _known(own: OwnList, *, demo: bool) -> Directory:
    shipped = load(_FILE, _DEMO_FILE) if demo and _DEMO_FILE.exists() else load(_FILE)
    return with_own(shipped, own) if own != NOTHING_OWN else shipped


def with_own(shipped: Directory, own: OwnList) -> Directory:
    """`shipped` with a person's changes, which win: an id, account or alias of theirs is nobody else's."""
    ids = {one.id for one in own.added}
    accounts = {account.lower() for one in own.added for account in one.accounts}
    taken = accounts | set(own.removed)
    aliases = {alias for one in own.added for alias in one.aliases}
    kept = (
        replace(
            one,
            accounts=tuple(account for account in one.accounts if account.lower() not in taken),
            aliases=tuple(alias for alias in one.aliases if alias not in aliases),
        )
        for one in shipped.publishers
        if one.id not in ids
    )
    return Directory((*own.added, *(one for one in kept if one.accounts)))


def publisher(entry: Mapping[str, Any], file: str) -> Publisher:
    """One table of a publisher file. Raises `ValueError` that names file, publisher and what is wrong."""
    where = f"{file}: publisher {entry.get('id', '?')}"
    wrong = (entry.keys() - {*_OPTIONAL, "signers"}) ^ {*_TEXTS, *_LISTS}
    if wrong:
        raise ValueError(f"{where}: unknown or missing {sorted(wrong)}")
    _check_lists(entry, where)
    _check_texts(entry, where)
    return Publisher(
        id=entry["id"],
        name=entry["name"],
        accounts=tuple(entry["accounts"]),
        aliases=tuple(entry["aliases"]),
        evidence=PublisherEvidence(entry["evidence"]),
        date=entry["date"],
        families=tuple(entry["families"]),
        kind=PublisherKind(entry["kind"]),
        website=entry["website"],
        code_host=entry["code_host"],
        ordinary_words=tuple(entry.get("ordinary_words", ())),
        signers=tuple(_signer(one, where) for one in entry.get("signers", ())),
    )


def _check_texts(entry: Mapping[str, Any], where: str) -> None:
    for key in _TEXTS:
        if not isinstance(entry[key], str):
            raise ValueError(f"{where}: {key} must be a text")  # noqa: TRY004  a wrong file, not a wrong call
    if not _ID.fullmatch(entry["id"]) or not entry["name"].strip():
        raise ValueError(f"{where}: id or name is wrong")
    for key, form in (("website", _HOST), ("code_host", _CODE_HOST)):
        if entry[key] and not form.fullmatch(entry[key]):
            raise ValueError(f"{where}: {key} is wrong: {entry[key]!r}")
    if not _is_date(entry["date"]):
        raise ValueError(f"{where}: date must be like 2026-01-31")
    for key, known in (("kind", PublisherKind), ("evidence", PublisherEvidence)):
        if entry[key] not in tuple(known):
            raise ValueError(f"{where}: {key} must be one of {[str(one) for one in known]}, not {entry[key]!r}")


def _check_lists(entry: Mapping[str, Any], where: str) -> None:
    for key in (*_LISTS, *_OPTIONAL):
        value = entry.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise ValueError(f"{where}: {key} must be a list of texts")
    if not entry["accounts"]:
        raise ValueError(f"{where}: no accounts")
    for account in entry["accounts"]:
        if "/" in account or not is_name(account):
            raise ValueError(f"{where}: not a name of an account: {account!r}")
    foreign = {*entry.get("ordinary_words", ())} - {name for key in _LISTS for name in entry[key]}
    if foreign:
        raise ValueError(f"{where}: ordinary_words that are none of its names: {sorted(foreign)}")


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def refuse_duplicates(publishers: Iterable[Publisher]) -> None:
    """Raises `ValueError` if two publishers share an id, account or alias."""
    publishers = tuple(publishers)
    _refuse_twice("id", (one.id for one in publishers))
    _refuse_twice("account", (account.lower() for one in publishers for account in one.accounts))
    _refuse_twice("alias", (alias for one in publishers for alias in one.aliases))


def _refuse_twice(what: str, values: Iterable[str]) -> None:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise ValueError(f"publisher {what} listed twice: {value}")
        seen.add(value)


def _entries(path: Path) -> list[dict[str, Any]]:
    loaded = tomllib.loads(path.read_text(encoding="utf-8"))
    if loaded.keys() != {"publisher"}:
        raise ValueError(f"{path.name}: only [[publisher]] tables are expected, found {sorted(loaded)}")
    return tables(loaded, "publisher", path.name)


def tables(loaded: Mapping[str, Any], key: str, file: str) -> list[dict[str, Any]]:
    """The `[[key]]` tables of a loaded file, none if there are none."""
    found = loaded.get(key, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise ValueError(f"{file}: {key} must be [[{key}]] tables")
    return found


def _signer(entry: object, where: str) -> Signer:
    """Who signs: `{identity, issuer}` as Sigstore's certificates state them, or `{public_key}` in PEM."""
    texts = entry if isinstance(entry, dict) and all(isinstance(one, str) and one for one in entry.values()) else {}
    if texts.keys() not in ({"identity", "issuer"}, {"public_key"}):
        raise ValueError(f"{where}: a signer is identity and issuer, or public_key")
    return Signer(**texts)
