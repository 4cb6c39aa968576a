"""The last checks, for the start page: a small JSON file in the data folder."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from core.atomic_file import write_atomically
from core.findings import Level
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
        rows = [_to_json(entry) for entry in (new, *others)][:_KEPT]
        write_atomically(self._path, json.dumps(rows, indent=1).encode("utf-8"))

    def clear(self) -> None:
        """Forget everything."""
        self._path.unlink(missing_ok=True)

    def _read(self) -> Iterator[HistoryEntry]:
        try:
            rows = json.loads(self._path.read_text(encoding="utf-8"))
            entries = [_from_json(row) for row in rows]
        except (OSError, ValueError, KeyError, TypeError):
            return
        yield from entries


def _to_json(entry: HistoryEntry) -> dict[str, str]:
    return {
        "address": entry.address,
        "commit": entry.commit,
        "level": entry.level.value,
        "headline": entry.headline,
        "checked_at": entry.checked_at.isoformat(),
    }


def _from_json(row: dict[str, Any]) -> HistoryEntry:
    return HistoryEntry(
        address=str(row["address"]),
        commit=str(row["commit"]),
        level=Level(row["level"]),
        headline=str(row["headline"]),
        checked_at=datetime.fromisoformat(row["checked_at"]),
    )
