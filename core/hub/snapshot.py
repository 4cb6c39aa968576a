"""One repository, read from the Hub at one commit.

The first answer resolves the revision to a commit; every later request names it. What is not needed to go on (account,
history, figures, scanners, card) may fail: it is then named in `Snapshot.not_read` with its reason, never left out.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import quote

import httpx2

from core.address import is_name
from core.errors import UserFacingError
from core.hub import wire
from core.hub.failures import Subject
from core.hub.interruption import in_parallel
from core.hub.kept_answers import read_at
from core.hub.questions import account
from core.hub.remote_file import ReadLimits, RemoteFile, byte_source
from core.hub.transport import Transport
from core.progress import CancelToken, Progress, ProgressCallback, Step, ignore_progress
from core.repository import Account, Commit, RepoReference, RepositoryFile, RepositoryId, RepositoryKind, Snapshot
from core.text import Message

T = TypeVar("T")
CARD_LIMIT = 1 << 20
"""Bytes of the README that are read."""
_CARD = "README.md"
_BATCH = 100
"""Paths per request for the scanners' results; the Hub's own limit is not documented."""
_ALL_FILES = 300
"""Up to here the scanners are asked about every file, else about the risky ones first."""
_MOST_ASKED = 1000
_COMMITS = 100
_MOST_FILES = 200_000
_HARMLESS = re.compile(
    r"\.(arrow|bmp|csv|flac|gif|gitattributes|gitignore|jpe?g|jsonl?|license|md|mp[34]|parquet|png|rst|srt|svg|"
    r"tsv|txt|wav|webp|ya?ml)$",
    re.IGNORECASE,
)
"""Names whose scanner results are asked for last."""
_EXPANDED = {
    RepositoryKind.MODEL: ("downloadsAllTime", "trendingScore", "baseModels"),
    RepositoryKind.DATASET: ("downloadsAllTime", "trendingScore"),
    RepositoryKind.SPACE: ("trendingScore",),
}
_COMMIT = re.compile(r"[0-9a-f]{40}", re.ASCII)


def read_snapshot(
    transport: Transport, reference: RepoReference, progress: ProgressCallback, cancel: CancelToken
) -> Snapshot:
    """Everything the Hub offers about the repository. Raises `UserFacingError` if the listing cannot be had."""
    reader = _Reader(transport, progress, cancel)
    first = reader.first(reference)
    if not first.files:
        raise UserFacingError("hub.empty", name=first.repository.name)
    return reader.complete(reader.listed(first), first)


def find_snapshot(transport: Transport, repository: RepositoryId, cancel: CancelToken) -> Snapshot | None:
    """Listing, card, figures and account, without scanners and history; None if there is no such repository."""
    listed = list_snapshot(transport, repository, cancel)
    return None if listed is None else complete_snapshot(transport, listed, cancel)


def list_snapshot(transport: Transport, repository: RepositoryId, cancel: CancelToken) -> Snapshot | None:
    """What the first answer gives; None if there is no such repository."""
    reader = _Reader(transport, ignore_progress, cancel)
    try:
        return reader.listed(reader.first(RepoReference(repository)))
    except UserFacingError as error:
        if error.message_id in {"hub.not_found", "hub.private", "hub.empty", "hub.revision_not_found"}:
            return None
        raise


def complete_snapshot(transport: Transport, listed: Snapshot, cancel: CancelToken) -> Snapshot:
    """Card, figures and account of what `list_snapshot` gave."""
    return _Reader(transport, ignore_progress, cancel).complete(listed, None)


@dataclass(frozen=True, slots=True)
class _First:
    """What the first answer settles: who, which commit, which files."""

    repository: RepositoryId
    reference: RepoReference
    commit: str
    information: dict[str, Any]
    files: tuple[RepositoryFile, ...]
    read_at: datetime


@dataclass(frozen=True, slots=True)
class _History:
    count: int | None = None
    first: Commit | None = None
    last: Commit | None = None
    authors: tuple[tuple[str, int], ...] = ()


class _Reader:
    """The requests of one snapshot."""

    def __init__(self, transport: Transport, progress: ProgressCallback, cancel: CancelToken) -> None:
        self._transport = transport
        self._progress = progress
        self._cancel = cancel
        self._not_read: list[Message] = []

    # ------------------------------------------------------------------------------------------- the first answer

    def first(self, reference: RepoReference) -> _First:
        asked = reference.repository
        self._progress(Progress(Step.LISTING, 0, None, "requests"))
        params: dict[str, str | list[str]] = {"blobs": "true"}
        if asked.kind is RepositoryKind.MODEL:
            params["securityStatus"] = "true"
        subject = Subject(asked.name, reference.revision or "")
        revision = f"/revision/{quote(reference.revision, safe='')}" if reference.revision else ""
        with self._strictly():
            given, headers = self._transport.get_json(_api(asked) + revision, params, subject, self._cancel)
            return self._settled(reference, wire.mapping(given), read_at(headers))

    def _settled(self, reference: RepoReference, information: dict[str, Any], when: datetime) -> _First:
        asked = reference.repository
        name = information.get("id")
        if not isinstance(name, str) or not is_name(name):
            raise wire.Malformed("no name")
        if information.get("disabled") is True:
            raise UserFacingError("hub.disabled", name=name)
        if information.get("sha") is None:
            raise UserFacingError("hub.empty", name=name)
        commit = wire.hexadecimal(information["sha"], 40)
        wanted = reference.revision or ""
        if _COMMIT.fullmatch(wanted) and wanted != commit:
            raise UserFacingError("hub.other_commit", name=name)
        repository = RepositoryId(asked.kind, name)
        files = self._files(repository, commit, information)
        return _First(repository, reference, commit, information, files, when)

    def _files(self, repository: RepositoryId, commit: str, information: dict[str, Any]) -> tuple[RepositoryFile, ...]:
        siblings = information.get("siblings")
        if isinstance(siblings, list) and all(wire.optional_mapping(one).get("size") is not None for one in siblings):
            return wire.files(siblings)
        return wire.tree_files(self._tree(repository, commit))

    def _tree(self, repository: RepositoryId, commit: str) -> list[object]:
        """All pages of the tree; for listings that the first answer does not hold."""
        entries: list[object] = []
        url: str | None = f"{_api(repository)}/tree/{commit}"
        params: dict[str, str | list[str]] = {"recursive": "true", "expand": "false"}
        while url is not None:
            subject = Subject(repository.name, commit)
            page, headers = self._transport.get_json(url, params, subject, self._cancel, fixed=True)
            entries += wire.rows(page)
            if len(entries) > _MOST_FILES:
                raise UserFacingError("hub.too_many_files", name=repository.name, most=_MOST_FILES)
            url = self._next_page(headers) if wire.rows(page) else None
        return entries

    def _next_page(self, headers: httpx2.Headers) -> str | None:
        match = re.search(r'<([^<>]+)>;\s*rel="?next"?', headers.get("Link", ""))
        if match is None:
            return None
        if not self._transport.egress.is_endpoint(httpx2.URL(match[1])):
            raise wire.Malformed("the next page is elsewhere")
        return match[1]

    # ------------------------------------------------------------------------------------------------ all the rest

    def listed(self, first: _First) -> Snapshot:
        """All that the first answer says."""
        information = first.information
        return Snapshot(
            repository=first.repository,
            asked_for=first.reference.repository,
            commit=first.commit,
            revision=first.reference.revision,
            endpoint=self._transport.endpoint,
            files=first.files,
            card=None,
            retrieved_at=first.read_at,
            from_cache=self._transport.offline,
            created_at=wire.date(information.get("createdAt")),
            last_modified=wire.date(information.get("lastModified")),
            gated=wire.text(information.get("gated")) or None,
            tags=wire.texts(information.get("tags") or []),
            license=wire.license_name(information),
            library=wire.text(information.get("library_name")) or None,
            license_link=wire.license_link(information),
            base_models=wire.base_models(information, {}),
            base_relation=wire.base_relation(information, {}),
            model=wire.model_facts(information),
            figures=wire.figures(information),
        )

    def complete(self, snapshot: Snapshot, first: _First | None) -> Snapshot:
        """Add card, figures and account; with `first` also scanners and history."""
        author = wire.text(first.information.get("author")) if first else ""
        jobs: dict[str, Callable[[], Any]] = {
            "card": lambda: self._card(snapshot),
            "figures": lambda: self._expanded(snapshot),
            "account": lambda: self._account(snapshot.repository.owner or author),
        }
        batches: list[list[str]] = []
        if first is not None:
            jobs["scan"] = lambda: self._scan(first)
            jobs["history"] = lambda: self._history(snapshot)
            batches = self._scanner_batches(first)
        for index, batch in enumerate(batches):
            jobs[f"engines {index}"] = lambda batch=batch: self._engines(snapshot, batch)  # type: ignore[misc]
        results = dict(zip(jobs, self._run(jobs), strict=True))
        more = results["figures"] or {}
        history = results.get("history") or _History()
        engines: dict[str, RepositoryFile] = {}
        for index in range(len(batches)):
            engines.update(results[f"engines {index}"] or {})
        if first is not None:
            self._note_missing_engines(snapshot, engines, sum(map(len, batches)))
        return replace(
            snapshot,
            files=tuple(_with_engines(file, engines.get(file.path)) for file in snapshot.files),
            card=results["card"],
            base_models=tuple(dict.fromkeys((*snapshot.base_models, *wire.base_models({}, more)))),
            base_relation=snapshot.base_relation or wire.base_relation({}, more),
            figures=wire.further_figures(snapshot.figures, more),
            account=results["account"],
            commit_count=history.count,
            first_commit=history.first,
            last_commit=history.last,
            commit_authors=history.authors,
            hub_scan_done=results.get("scan"),
            not_read=tuple(sorted(self._not_read, key=lambda message: message.id)),
        )

    def _run(self, jobs: dict[str, Callable[[], Any]]) -> list[Any]:
        def optional(name: str, job: Callable[[], T]) -> Callable[[], T | None]:
            def work() -> T | None:
                try:
                    with self._strictly():
                        return job()
                except UserFacingError as error:
                    part = name.partition(" ")[0]
                    message = Message.of(f"hub.not_read.{part}", why=error.what)
                    if message not in self._not_read:
                        self._not_read.append(message)
                return None

            return work

        def report(done: int) -> None:
            self._progress(Progress(Step.LISTING, done + 1, len(jobs) + 1, "requests"))

        return in_parallel([optional(name, job) for name, job in jobs.items()], self._cancel, report)

    def _card(self, snapshot: Snapshot) -> str | None:
        listed = snapshot.file(_CARD)
        if listed is None:
            return None
        source = byte_source(self._transport, snapshot, _CARD, self._cancel)
        data = RemoteFile(source, ReadLimits(bytes=2 * CARD_LIMIT), self._cancel).read(CARD_LIMIT)
        if listed.size > CARD_LIMIT:
            self._not_read.append(Message.of("hub.not_read.card_cut", kilobytes=CARD_LIMIT >> 10))
        return data.decode("utf-8-sig", "replace")

    def _expanded(self, snapshot: Snapshot) -> dict[str, Any]:
        fields = list(_EXPANDED[snapshot.repository.kind])
        url = f"{_api(snapshot.repository)}/revision/{snapshot.commit}"
        given, _ = self._transport.get_json(url, {"expand": fields}, _subject(snapshot), self._cancel)
        return wire.mapping(given)

    def _account(self, name: str) -> Account | None:
        if not name or not is_name(name) or "/" in name:
            return None
        found = account(self._transport, name, self._cancel)
        if found is None:
            raise UserFacingError("hub.not_found", name=name)
        return found

    def _history(self, snapshot: Snapshot) -> _History:
        """Newest first; the oldest commit is on the last page."""
        page, headers = self._commits(snapshot, 0)
        last = page[0] if page else None
        authors = tuple(Counter(author for commit in page for author in commit.authors).most_common())
        total = headers.get("X-Total-Count", "")
        if not total.isascii() or not total.isdigit() or len(total) > 9:
            whole = self._next_page(headers) is None
            return _History(len(page) if whole else None, page[-1] if page and whole else None, last, authors)
        number = int(total)
        if number <= len(page):
            return _History(number, page[-1] if page else None, last, authors)
        oldest, headers = self._commits(snapshot, (number - 1) // _COMMITS)
        if not oldest or self._next_page(headers) is not None or oldest[0] == last:
            raise wire.Malformed("the last page of commits is not the last")
        return _History(number, oldest[-1], last, authors)

    def _commits(self, snapshot: Snapshot, page: int) -> tuple[list[Commit], httpx2.Headers]:
        params: dict[str, str | list[str]] = {"limit": str(_COMMITS), "p": str(page)}
        url = f"{_api(snapshot.repository)}/commits/{snapshot.commit}"
        given, headers = self._transport.get_json(url, params, _subject(snapshot), self._cancel, fixed=True)
        return [wire.commit(one) for one in wire.rows(given)], headers

    def _scan(self, first: _First) -> bool | None:
        status = first.information.get("securityRepoStatus")
        if status is None:
            url = f"{_api(first.repository)}/scan"
            status, _ = self._transport.get_json(url, {}, Subject(first.repository.name), self._cancel)
        done = wire.mapping(status).get("scansDone")
        return done if isinstance(done, bool) else None

    # ------------------------------------------------------------------------------------------ the Hub's scanners

    def _scanner_batches(self, first: _First) -> list[list[str]]:
        status = wire.optional_mapping(first.information.get("securityRepoStatus"))
        issues = status.get("filesWithIssues")
        named = (
            {wire.text(wire.optional_mapping(one).get("path")) for one in issues} if isinstance(issues, list) else set()
        )
        paths = sorted(
            (file.path for file in first.files), key=lambda path: (path not in named, bool(_HARMLESS.search(path)))
        )
        if len(paths) > _ALL_FILES:
            paths = [path for path in paths if path in named or not _HARMLESS.search(path)] or paths
        paths = paths[:_MOST_ASKED]
        return [paths[start : start + _BATCH] for start in range(0, len(paths), _BATCH)]

    def _engines(self, snapshot: Snapshot, paths: list[str]) -> dict[str, RepositoryFile]:
        """What the five scanners say of these files, and the last commit of each."""
        form: dict[str, str | list[str]] = {"paths": paths, "expand": "true"}
        url = f"{_api(snapshot.repository)}/paths-info/{snapshot.commit}"
        given, _ = self._transport.get_json(url, {}, _subject(snapshot), self._cancel, form)
        found: dict[str, RepositoryFile] = {}
        for entry in map(wire.optional_mapping, wire.rows(given)):
            (file,) = wire.tree_files([entry]) or (None,)
            if file is None:
                continue
            commit = wire.optional_mapping(entry.get("lastCommit"))
            found[file.path] = replace(
                file,
                engines=wire.engine_results(entry.get("securityFileStatus")),
                last_commit=last if _COMMIT.fullmatch(last := wire.text(commit.get("id"))) else None,
                changed_at=wire.date(commit.get("date")),
            )
        return found

    def _note_missing_engines(self, snapshot: Snapshot, engines: dict[str, RepositoryFile], asked: int) -> None:
        without = asked - sum(1 for file in engines.values() if file.engines)
        if without and not any(message.id == "hub.not_read.engines" for message in self._not_read):
            self._not_read.append(Message.of("hub.not_read.engines_of", count=without))
        left_out = len(snapshot.files) - asked
        if left_out:
            self._not_read.append(Message.of("hub.not_read.engines_asked", asked=asked, files=len(snapshot.files)))

    @contextmanager
    def _strictly(self) -> Iterator[None]:
        """An answer of the wrong shape, as a sentence."""
        try:
            yield
        except wire.Malformed as error:
            raise UserFacingError("hub.malformed", host=self._transport.host) from error


def _api(repository: RepositoryId) -> str:
    return f"/api/{repository.kind}s/{repository.name}"


def _subject(snapshot: Snapshot) -> Subject:
    return Subject(snapshot.repository.name, snapshot.commit)


def _with_engines(listed: RepositoryFile, scanned: RepositoryFile | None) -> RepositoryFile:
    """Only the scanners' words are taken from the second answer; sizes and hashes stay those of the listing."""
    if scanned is None or (scanned.size, scanned.git_sha1) != (listed.size, listed.git_sha1):
        return listed
    return replace(listed, engines=scanned.engines, last_commit=scanned.last_commit, changed_at=scanned.changed_at)
