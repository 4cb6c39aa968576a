"""The last checks, for the start page: a small JSON file in the data folder."""

import json
from collections.abc import Iterator
from pathlib import Path

from core.atomic_file import write_atomically
from core.plain_data import from_plain, to_plain
from core.report import Report
from core.services import HistoryEntry
from core.text import render

_KEPT = 50


class History:
    """Newest first, one entry per address and commit.

    A file that cannot be read counts as empty: no decision depends on it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def entries(self) -> tuple[HistoryEntry, ...]:
        """All of them."""
        return tuple(self._read())

    def add(self, report: Report) -> None:
        """Put a check at the top."""
        new = HistoryEntry(
            address=report.snapshot.repository.name,
            commit=report.snapshot.commit,
            level=report.verdict.level,
            headline=render(report.verdict.headline),
            checked_at=report.checked_at,
        )
        others = (old for old in self._read() if (old.address, old.commit) != (new.address, new.commit))
        rows = [to_plain(entry) for entry in (new, *others)][:_KEPT]
        write_atomically(self._path, json.dumps(rows, indent=1).encode("utf-8"))

    def clear(self) -> None:
        """Forget everything."""
        self._path.unlink(missing_ok=True)

    def _read(self) -> Iterator[HistoryEntry]:
        try:
            rows = json.loads(self._path.read_text(encoding="utf-8"))
            entries = [from_plain(HistoryEntry, row) for row in rows]
        except (OSError, ValueError, TypeError):
            return
        yield from entries
