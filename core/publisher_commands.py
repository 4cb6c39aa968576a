"""`sallyport publishers`: look at the list of publishers, change one's own part of it, ask the Hub about it."""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from core.errors import UserFacingError
from core.identity import own_list
from core.identity.publisher_check import AccountCheck, AccountState
from core.identity.publishers import Directory, directory_for
from core.identity.results import Publisher, PublisherEvidence
from core.progress import CancelToken
from core.terminal import clear_line, progress_on
from core.text import display_name, text

if TYPE_CHECKING:
    from core.application import Application

WriteJson = Callable[[str, object], None]
_CHANGED, _NOT_ANSWERED = 10, 3
"""Exit status: an account is gone or renamed; the Hub was not asked about all of them."""


def run(options: argparse.Namespace, application: "Application", write_json: WriteJson, cancel: CancelToken) -> int:
    """Do what `options.action` says and return the exit status. Raises `UserFacingError`, `Cancelled`."""
    if options.action == "list":
        return _list(options, application.publishers(), write_json)
    if options.action == "check":
        return _check(options, application, write_json, cancel)
    if options.action == "add":
        return _add(options, application)
    return _remove(options.account[0], application)


def _list(options: argparse.Namespace, directory: Directory, write_json: WriteJson) -> int:
    chosen = _chosen(directory, options.account)
    if options.json:
        write_json(options.json, [asdict(one) for one in chosen])
        return 0
    rows = [
        (
            one.id,
            text(f"publishers.kind.{one.kind}"),
            one.name,
            ", ".join(one.accounts),
            one.website,
            f"{one.date}, {text(f'publishers.evidence.{one.evidence}')}",
        )
        for one in chosen
    ]
    _table([tuple(text(f"publishers.column.{name}") for name in _COLUMNS), *rows])
    print(f"\n{text('publishers.listed', count=len(chosen), accounts=sum(len(one.accounts) for one in chosen))}")
    return 0


_COLUMNS = ("id", "kind", "name", "accounts", "website", "evidence")


def _table(rows: Sequence[tuple[str, ...]]) -> None:
    shown = [tuple(map(display_name, row)) for row in rows]
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    for row in shown:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _chosen(directory: Directory, names: Sequence[str]) -> list[Publisher]:
    """All publishers, or those named by id or account. Raises `UserFacingError` for a name that is not listed."""
    if not names:
        return list(directory.publishers)
    return list(dict.fromkeys(_named(directory, name) for name in names))


def _named(directory: Directory, name: str) -> Publisher:
    found = directory.of_account(name) or next((one for one in directory.publishers if one.id == name), None)
    if found is None:
        raise UserFacingError("cli.no_such_account", account=name)
    return found


def _add(options: argparse.Namespace, application: "Application") -> int:
    account, directory = options.account[0], application.publishers()
    listed = directory.of_account(account)
    if listed is not None:
        raise UserFacingError("cli.account_listed", account=account, publisher=listed.name)
    try:
        entry = _with_account(_named(directory, options.publisher), account) if options.publisher else None
        given = {
            "name": options.name,
            "aliases": options.alias,
            "families": options.family,
            "website": options.website,
            "code_host": options.code_host,
            "kind": options.kind,
        }
        entry = entry or own_list.own_entry(account, **{key: value for key, value in given.items() if value})
    except ValueError as error:
        raise UserFacingError("cli.publisher_wrong", why=str(error)) from error
    place = application.publishers_file
    own_list.write(place, own_list.added(own_list.read(place), entry))
    print(text("publishers.added", account=account, publisher=entry.name, file=str(place)))
    return 0


def _with_account(known: Publisher, account: str) -> Publisher:
    checked = own_list.own_entry(account)
    today = datetime.now(UTC).date().isoformat()
    return replace(known, accounts=(*known.accounts, *checked.accounts), evidence=PublisherEvidence.OWN, date=today)


def _remove(account: str, application: "Application") -> int:
    if application.publishers().of_account(account) is None:
        raise UserFacingError("cli.no_such_account", account=account)
    shipped = directory_for(application.endpoint).of_account(account) is not None
    place = application.publishers_file
    own_list.write(place, own_list.removed(own_list.read(place), account, shipped=shipped))
    print(text("publishers.removed", account=account, file=str(place)))
    return 0


def _accounts(directory: Directory, names: Sequence[str]) -> list[tuple[str, Publisher]]:
    """All accounts, or those named; an id that is no account stands for all accounts of that publisher."""
    wanted = {name.lower() for name in names}
    return [
        (account, publisher)
        for publisher in _chosen(directory, names)
        for account in publisher.accounts
        if not names
        or account.lower() in wanted
        or (publisher.id in wanted and directory.of_account(publisher.id) is None)
    ]


def _check(options: argparse.Namespace, application: "Application", write_json: WriteJson, cancel: CancelToken) -> int:
    directory = application.publishers()
    asked = _accounts(directory, options.account)
    found, requests = application.check_publishers(asked, progress_on(sys.stderr), cancel)
    clear_line(sys.stderr)
    if options.json:
        write_json(options.json, {"requests": requests, "accounts": [asdict(one) for one in found]})
    if options.json != "-":
        _print_check(found, requests)
    states = {one.state for one in found}
    if states & {AccountState.MISSING, AccountState.RENAMED}:
        return _CHANGED
    return _NOT_ANSWERED if states & {AccountState.NOT_ANSWERED, AccountState.NOT_ASKED} else 0


def _print_check(found: Iterable[AccountCheck], requests: int) -> None:
    found = sorted(found, key=lambda one: tuple(AccountState).index(one.state))
    _table([(one.account, one.publisher, text(f"publishers.state.{one.state}"), one.now or one.why) for one in found])
    print()
    for state, count in Counter(one.state for one in found).items():
        print(f"{count:5}  {text(f'publishers.state.{state}')}: {text(f'publishers.means.{state}')}")
    print(text("publishers.requests", count=requests))
    left = [one.account for one in found if one.state is AccountState.NOT_ASKED]
    if left:
        print(text("publishers.go_on", accounts=" ".join(left)))
