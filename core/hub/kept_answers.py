"""What may be answered without asking the Hub: which answers are kept, under which question, and for whom.

At one commit nothing changes but figures, results of scanners and discussions. So listings of trees, histories and the
bytes of files are asked for once; all other answers are kept for working offline, and asked for again when online.
A question holds the endpoint and, behind a hash, the token: nobody gets what somebody else was allowed to see.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime

import httpx2

from core.hub.disk_cache import DiskCache, Entry
from core.repository import Snapshot

READ_AT = "X-Read-At"
"""Ours, on kept answers alone: when the Hub gave them."""
_WORTH_KEEPING = frozenset({200, 401, 403, 404, 410})
"""Also that there is no such thing is an answer; that the server is out of order is not."""
_HEADERS = ("Link", "X-Total-Count", "X-Error-Code", "X-Error-Message", "X-Repo-Commit")


class KeptAnswers:
    """The cache of one session. `cache` None: nothing is kept and nothing is found."""

    def __init__(self, cache: DiskCache | None, endpoint: str, token: str | None) -> None:
        self._cache = cache
        self._private = token is not None
        self._whose = (endpoint, hashlib.sha256(f"sallyport {token}".encode()).hexdigest() if token else "")

    def answer(
        self, method: str, url: httpx2.URL, form: Mapping[str, str | list[str]] | None, *, fixed: bool
    ) -> httpx2.Response | None:
        """What the Hub said to exactly this; with `fixed` only what cannot have changed since."""
        entry = self._get(self._question(method, url, form))
        status = int(entry.facts.get("status", "0")) if entry else 0
        if entry is None or status not in _WORTH_KEEPING or (fixed and status != 200):
            return None
        headers = {name: value for name, value in entry.facts.items() if name in _HEADERS}
        headers[READ_AT] = entry.read_at.isoformat()
        return httpx2.Response(status, headers=headers, content=entry.content, request=httpx2.Request(method, url))

    def keep_answer(
        self, method: str, url: httpx2.URL, form: Mapping[str, str | list[str]] | None, answer: httpx2.Response
    ) -> None:
        """Keep it, if it says something."""
        if answer.status_code in _WORTH_KEEPING:
            facts = {name: answer.headers[name] for name in _HEADERS if name in answer.headers}
            facts["status"] = str(answer.status_code)
            self._put(self._question(method, url, form), answer.content, facts)

    def span(self, snapshot: Snapshot, path: str, start: int, end: int) -> Entry | None:
        """The bytes from `start` up to but without `end` of a file, if exactly these were read before."""
        entry = self._get(self._span(snapshot, path, start, end))
        return entry if entry is not None and len(entry.content) == end - start else None

    def keep_span(self, snapshot: Snapshot, path: str, start: int, data: bytes) -> None:
        """Keep bytes that passed all checks of the reader."""
        self._put(self._span(snapshot, path, start, start + len(data)), data, {})

    def _question(self, method: str, url: httpx2.URL, form: Mapping[str, str | list[str]] | None) -> tuple[str, ...]:
        return ("answer", method, str(url), json.dumps(form, sort_keys=True))

    def _span(self, snapshot: Snapshot, path: str, start: int, end: int) -> tuple[str, ...]:
        """Bound to all that the listing says of the file, so that bytes never meet another listing."""
        file = snapshot.file(path)
        if file is None:
            raise KeyError(path)
        repository = snapshot.repository
        listed = (path, str(file.size), file.git_sha1, file.sha256 or "")
        return ("bytes", repository.kind, repository.name, snapshot.commit, *listed, str(start), str(end))

    def _get(self, question: tuple[str, ...]) -> Entry | None:
        return None if self._cache is None else self._cache.get((*self._whose, *question), private=self._private)

    def _put(self, question: tuple[str, ...], content: bytes, facts: dict[str, str]) -> None:
        if self._cache is not None:
            self._cache.put((*self._whose, *question), content, facts, private=self._private)


def read_at(headers: httpx2.Headers) -> datetime:
    """When the Hub gave an answer: now, unless it was kept."""
    stated = headers.get(READ_AT)
    return datetime.fromisoformat(stated) if stated else datetime.now(UTC)
