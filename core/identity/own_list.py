"""A person's own additions to the list of publishers, and what they took out of it: a second file, which wins."""

import json
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.atomic_file import write_atomically
from core.errors import UserFacingError
from core.identity.publishers import NOTHING_OWN, OwnList, publisher, refuse_duplicates, tables
from core.identity.results import Publisher, PublisherEvidence, PublisherKind
from core.paths import private_folder

_LARGEST = 1 << 20
_HEAD = """\
# Your own list of publishers; it wins over the shipped one. `sallyport publishers add` and `remove` write this file
# anew and keep no comments. In a [[publisher]] only `accounts` is needed.
"""


def read(path: Path) -> OwnList:
    """The own list in `path`, empty if there is no such file.

    Raises `UserFacingError("publishers.own_broken")`: without it, an account that the person took out would count.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return NOTHING_OWN
    except OSError as error:
        raise _broken(path, error.strerror or str(error)) from error
    try:
        if len(content) > _LARGEST:
            raise ValueError(f"> {_LARGEST:,}")  # noqa: TRY301  one sentence for all that is wrong with the file
        return _understood(tomllib.loads(content.decode("utf-8-sig")), path.name)
    except (ValueError, RecursionError) as error:
        raise _broken(path, str(error)) from error


def write(path: Path, own: OwnList) -> None:
    """Replace the file. Raises `UserFacingError` if the disk refuses."""
    private_folder(path.parent)
    try:
        write_atomically(path, (_HEAD + "".join(_lines(own))).encode("utf-8"))
    except OSError as error:
        raise UserFacingError(
            "publishers.own_not_saved", file=str(path), why=error.strerror or type(error).__name__
        ) from error


def added(own: OwnList, entry: Publisher) -> OwnList:
    """`own` with an entry. It takes the place of one with the same id; its accounts are not taken out any more."""
    accounts = {account.lower() for account in entry.accounts}
    kept = _without(own.added, accounts, entry.id)
    return OwnList((*kept, entry), tuple(account for account in own.removed if account not in accounts))


def removed(own: OwnList, account: str, *, shipped: bool) -> OwnList:
    """`own` without `account`; `shipped`: the shipped list has it, so that has to be said."""
    rest = _without(own.added, {account.lower()}, "")
    taken_out = dict.fromkeys((*own.removed, account.lower()) if shipped else own.removed)
    return OwnList(rest, tuple(taken_out))


def own_entry(account: str, **given: Any) -> Publisher:  # noqa: ANN401  the keys of a table in a file
    """An entry of a person's own. Raises `ValueError` if a value is wrong."""
    return _own_publisher({"accounts": [account], **given}, "publishers")


def _without(entries: tuple[Publisher, ...], accounts: set[str], replaced: str) -> tuple[Publisher, ...]:
    left = (
        replace(one, accounts=tuple(name for name in one.accounts if name.lower() not in accounts))
        for one in entries
        if one.id != replaced
    )
    return tuple(one for one in left if one.accounts)


def _understood(loaded: dict[str, Any], file: str) -> OwnList:
    unknown = loaded.keys() - {"publisher", "removed"}
    if unknown:
        raise ValueError(f"{file}: unknown {sorted(unknown)}")
    entries = tuple(_own_publisher(entry, file) for entry in tables(loaded, "publisher", file))
    refuse_duplicates(entries)
    gone = tables(loaded, "removed", file)
    for entry in gone:
        if entry.keys() != {"account"} or not isinstance(entry["account"], str) or not entry["account"]:
            raise ValueError(f"{file}: in [[removed]] only account is expected, as a text")
    return OwnList(entries, tuple(dict.fromkeys(entry["account"].lower() for entry in gone)))


def _own_publisher(entry: dict[str, Any], file: str) -> Publisher:
    accounts = entry.get("accounts")
    first = accounts[0] if isinstance(accounts, list) and accounts and isinstance(accounts[0], str) else "?"
    usual = {
        "id": f"own-{first.lower()}",
        "name": first,
        "kind": str(PublisherKind.PUBLISHER),
        "website": "",
        "code_host": "",
        "evidence": str(PublisherEvidence.OWN),
        "date": datetime.now(UTC).date().isoformat(),
        "aliases": [],
        "families": [],
    }
    return publisher(usual | entry, file)


def _lines(own: OwnList) -> Iterator[str]:
    for one in own.added:
        yield "\n[[publisher]]\n"
        for key in ("id", "name", "kind", "website", "code_host", "evidence", "date"):
            yield f"{key} = {_text(getattr(one, key))}\n"
        for key in ("accounts", "aliases", "families", "ordinary_words"):
            yield f"{key} = [{', '.join(map(_text, getattr(one, key)))}]\n"
    for account in own.removed:
        yield f"\n[[removed]]\naccount = {_text(account)}\n"


def _text(value: str) -> str:
    """A basic string of TOML 1.0: what JSON escapes is escaped there too, and DEL besides."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")


def _broken(path: Path, why: str) -> UserFacingError:
    return UserFacingError("publishers.own_broken", file=str(path), why=why)
