"""Asks the Hub about the accounts of the list: are they still there, under that name, with the badge?"""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Protocol

from core.errors import UserFacingError
from core.identity.results import Publisher
from core.progress import CancelToken, Progress, ProgressCallback, Step
from core.repository import Account

MOST_REQUESTS = 480
"""The Hub answers anonymous visitors 500 times in five minutes; the rest is left for what the person does next."""
_MOST_FOR_ONE = 3
"""Requests: as an organisation, on to a new name, as a person."""
_WORKERS = 8


class AccountState(StrEnum):
    """What came of one account, the most telling first."""

    MISSING = "missing"
    """The Hub knows no such account: it was closed, or the list is wrong. Anybody may take the name."""
    RENAMED = "renamed"
    NOT_ANSWERED = "not_answered"
    NOT_ASKED = "not_asked"
    """The Hub's limit for anonymous visitors was nearly or really reached."""
    NO_BADGE = "no_badge"
    PERSON = "person"
    """Known; the Hub gives badges to organisations only."""
    BADGE = "badge"


@dataclass(frozen=True, slots=True)
class AccountCheck:
    """One account of the list, and what the Hub says of it now."""

    account: str
    publisher: str
    state: AccountState
    now: str = ""
    """The name of today, if it is another one."""
    why: str = ""
    """Why there was no answer, in words."""


class AccountSource(Protocol):
    """As much of the Hub as is needed here."""

    @property
    def requests(self) -> int:
        """Requests sent so far."""
        ...

    def account(self, name: str, cancel: CancelToken) -> Account | None:
        """An account by name, None if the Hub knows none."""
        ...


def check_accounts(
    asked: Sequence[tuple[str, Publisher]], hub: AccountSource, progress: ProgressCallback, cancel: CancelToken
) -> tuple[AccountCheck, ...]:
    """One result for each (account, publisher), in that order. Raises `Cancelled`.

    A Hub that does not answer is said per account. Once it says that it was asked too often, no more is asked.
    """
    asking = _Asking(hub, cancel)
    pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="publishers")
    try:
        futures = [pool.submit(asking.ask, account, publisher) for account, publisher in asked]
        for done, future in enumerate(as_completed(futures), 1):
            cancel.check()
            future.result()
            progress(Progress(Step.PUBLISHERS, done, len(futures), "requests"))
        return tuple(future.result() for future in futures)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


class _Asking:
    """Shared by the workers: how much may still be asked."""

    def __init__(self, hub: AccountSource, cancel: CancelToken) -> None:
        self._hub = hub
        self._cancel = cancel
        self._first = hub.requests
        self._refused = threading.Event()

    def ask(self, account: str, publisher: Publisher) -> AccountCheck:
        self._cancel.check()
        judged = partial(AccountCheck, account, publisher.name)
        under_way = self._hub.requests - self._first + _WORKERS * _MOST_FOR_ONE
        if self._refused.is_set() or under_way > MOST_REQUESTS:
            return judged(AccountState.NOT_ASKED)
        try:
            found = self._hub.account(account, self._cancel)
        except UserFacingError as error:
            if error.message_id != "hub.rate_limited":
                return judged(AccountState.NOT_ANSWERED, why=error.what)
            self._refused.set()
            return judged(AccountState.NOT_ASKED)
        if found is None:
            return judged(AccountState.MISSING)
        renamed = found.name.lower() != account.lower()
        return judged(AccountState.RENAMED, now=found.name) if renamed else judged(_known(found))


def _known(found: Account) -> AccountState:
    """What is not stated counts as no badge; that alone says little."""
    if not found.is_organization:
        return AccountState.PERSON
    return AccountState.BADGE if found.verified is True else AccountState.NO_BADGE
