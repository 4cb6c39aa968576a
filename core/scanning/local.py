"""Folders and files on disk through the same engine: every file found, none skipped by its name."""

import io
import os
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from core import __version__
from core.findings import FileResult, FileState, Finding, in_words
from core.progress import CancelToken, ProgressCallback
from core.scanning.content import KINDS
from core.scanning.engine import NO_RULES, Target, scan
from core.scanning.own_rules import LOCAL_BYTES
from core.text import Message, render

_SMALL = 16384
"""Bytes of files that are handed to the worker together."""
SCHEMA = "sallyport.scan/1"
"""Name and version of the JSON form."""


class LocalReader(io.FileIO):
    """A regular file as a `ByteReader`: exact reads, sticky error. Nothing is mapped into memory.

    On Windows and elsewhere the file may change while it is read; a file that became shorter is an error.
    """

    def __init__(self, path: Path) -> None:
        flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        super().__init__(os.open(path, flags), "rb")
        self.error: Exception | None = None
        self.size = os.fstat(self.fileno()).st_size
        if not stat.S_ISREG(os.fstat(self.fileno()).st_mode):
            self.close()
            raise OSError("not a regular file")

    def read(self, size: int | None = -1, /) -> bytes:
        """Exactly `size` bytes, or up to the end."""
        if self.error is not None:
            raise self.error
        left = self.size - self.tell()
        wanted = left if size is None or size < 0 else min(size, left)
        parts = []
        try:
            while wanted > 0:
                part = super().read(wanted)
                if not part:
                    raise OSError("the file became shorter while it was read")  # noqa: TRY301  made sticky below
                parts.append(part)
                wanted -= len(part)
        except OSError as problem:
            self.error = problem
            raise
        return b"".join(parts)


@dataclass(frozen=True, slots=True)
class LocalReport:
    """What a scan of paths on disk found. Paths are relative to the folder given, with forward slashes."""

    files: tuple[FileResult, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Findings of all files."""
        return tuple(found for file in self.files for found in file.findings)


@dataclass(frozen=True, slots=True)
class _Found:
    """An entry on disk: `skipped` says why it is not opened."""

    path: str
    place: str
    size: int = 0
    skipped: Message | None = None


def scan_paths(
    paths: Sequence[Path],
    progress: ProgressCallback,
    cancel: CancelToken,
    own_rules: Mapping[str, str] = NO_RULES,
) -> LocalReport:
    """Scan folders and files. A path that is not there raises `FileNotFoundError`."""
    entries = sorted(_all_entries(paths, cancel), key=lambda entry: entry.path)
    places = {entry.path: entry.place for entry in entries}
    targets = [Target(entry.path, entry.size) for entry in entries if entry.skipped is None]
    processes = min(os.cpu_count() or 1, 4) if len(targets) > 64 else 1
    results = scan(
        targets,
        lambda path: LocalReader(Path(places[path])),
        progress,
        cancel,
        2 * processes,
        processes,
        together_up_to=_SMALL,
        own_rules=own_rules,
        own_bytes=LOCAL_BYTES,
    )
    skipped = [_skipped(entry, entry.skipped) for entry in entries if entry.skipped is not None]
    return LocalReport(tuple(sorted((*results, *skipped), key=lambda result: result.path)))


def _all_entries(paths: Sequence[Path], cancel: CancelToken) -> Iterator[_Found]:
    seen: set[str] = set()
    for path in paths:
        if not path.exists() and not path.is_symlink():
            raise FileNotFoundError(path)
        folder = path.is_dir() and not path.is_symlink()
        for entry in _walk(str(path), "", cancel) if folder else (_entry(str(path), path.name, path.lstat),):
            name = entry.path
            if name in seen:  # two folders given, both with a file of this name
                name = f"{path.name}/{entry.path}"
            while name in seen:
                name = f"{path.parent.name}/{name}"
            seen.add(name)
            yield _Found(name, entry.place, entry.size, entry.skipped)


def _walk(folder: str, prefix: str, cancel: CancelToken) -> Iterator[_Found]:
    cancel.check()
    try:
        children = sorted(os.scandir(folder), key=lambda child: child.name)
    except OSError as problem:
        reason = Message.of("scan.unreadable", problem=problem.strerror or str(problem))
        yield _Found(prefix.rstrip("/") or ".", folder, skipped=reason)
        return
    for child in children:
        name = prefix + _printable(child.name)
        if child.is_dir(follow_symlinks=False):
            yield from _walk(child.path, f"{name}/", cancel)
        else:
            yield _entry(child.path, name, partial(child.stat, follow_symlinks=False))


def _printable(name: str) -> str:
    """A name that is not valid text keeps its bytes visible."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _entry(place: str, name: str, look: Callable[[], os.stat_result]) -> _Found:
    try:
        facts = look()
    except OSError as problem:
        return _Found(name, place, skipped=Message.of("scan.unreadable", problem=problem.strerror or str(problem)))
    if stat.S_ISLNK(facts.st_mode):
        return _Found(name, place, skipped=Message.of("scan.link", target=_target(place)))
    if not stat.S_ISREG(facts.st_mode):
        return _Found(name, place, skipped=Message.of("scan.special"))
    return _Found(name, place, facts.st_size)


def _target(place: str) -> str:
    try:
        return str(Path(place).readlink())
    except OSError:
        return ""


def _skipped(entry: _Found, reason: Message) -> FileResult:
    return FileResult(entry.path, "unknown", KINDS["unknown"].ability, FileState.NOT_CHECKED, reason)


def to_json(report: LocalReport) -> dict[str, Any]:
    """The report as JSON values, schema `SCHEMA`."""
    return {
        "schema": SCHEMA,
        "tool": {"name": "sallyport", "version": __version__},
        "files": [_file_to_json(file) for file in report.files],
        "findings": [_finding_to_json(found) for found in report.findings],
    }


def _file_to_json(file: FileResult) -> dict[str, Any]:
    reason = {"reason": render(file.reason)} if file.reason else {}
    return {
        "path": file.path,
        "content": file.kind,
        "level": file.level.value,
        "state": file.state.value,
        **reason,
        "findings": [_finding_to_json(found) for found in file.findings],
    }


def _finding_to_json(found: Finding) -> dict[str, Any]:
    words = in_words(found)
    return {
        "rule": found.rule,
        "level": found.level.value,
        "certainty": found.certainty.value,
        "path": found.path,
        "title": words.title,
        "what": words.what,
        "why": words.why,
        "do": words.do,
        "how": words.how,
        "evidence": [
            {
                "label": fact.label,
                "value": fact.value,
                **({"offset": fact.offset} if fact.offset is not None else {}),
                **({"line": fact.line} if fact.line is not None else {}),
            }
            for fact in found.evidence
        ],
    }
