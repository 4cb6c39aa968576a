"""The file table as Qt sees it: a model over prepared rows, and a filter in front of it.

With 20,000 files nothing here may work through all rows in Qt's own per-row callbacks: rows are prepared
in a task (`prepare_files`), sorting permutes one list, and the filter looks rows up in a set.
Words are written out only for the rows on screen.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel, Qt

from core.findings import LEVEL_ORDER, FileResult, FileState, Level, in_words
from core.report import Report
from core.repository import EngineState, RepositoryFile
from core.text import display_name, render, size_text, text
from gui.widgets.badge import level_word

Index = QModelIndex | QPersistentModelIndex

ROW_ROLE = Qt.ItemDataRole.UserRole + 1
"""Gives the `FileRow` itself."""

_SHOWN_LETTERS = 160
"""A longer path is shortened in the cell; the pane beside the table shows all of it."""


class Column(IntEnum):
    """The columns of the table, left to right."""

    LEVEL = 0
    PATH = 1
    KIND = 2
    SIZE = 3
    CHECKED_BY = 4
    RESULT = 5


class FileFilter(StrEnum):
    """What the chips above the table let through."""

    ALL = "all"
    HIGH = "high"
    CAREFUL = "careful"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file: our result, what the Hub lists, and what sorting and filtering look at."""

    result: FileResult
    listed: RepositoryFile | None
    level: Level
    """`result.level`, worked out once."""
    key: str
    """The path in small letters."""

    @property
    def size(self) -> int | None:
        """In bytes; None if the listing does not have the file."""
        return self.listed.size if self.listed else None


@dataclass(frozen=True, slots=True)
class FileTable:
    """Rows worst first, and how many each chip would show."""

    rows: tuple[FileRow, ...]
    counts: Mapping[FileFilter, int]
    quiet: int
    """Read completely, and nothing found."""
    unread: tuple[FileRow, ...]
    """Not, or only partly, read."""


def matches(row: FileRow, chosen: FileFilter) -> bool:
    """True if the chip lets this row through. A file can be risky and unread at once: then it is under both."""
    if chosen is FileFilter.HIGH:
        return row.level in {Level.HIGH, Level.KNOWN_BAD}
    if chosen is FileFilter.CAREFUL:
        return row.level is Level.CAREFUL
    if chosen is FileFilter.NOT_CHECKED:
        return row.result.state is not FileState.CHECKED
    return True


def prepare_files(report: Report) -> FileTable:
    """All rows of a report, worst first and then by path. Takes a while for many files: run it in a task."""
    listed = {file.path: file for file in report.snapshot.files}
    rows = [FileRow(result, listed.get(result.path), result.level, result.path.casefold()) for result in report.files]
    rows.sort(key=lambda row: (-LEVEL_ORDER.index(row.level), row.key))
    counts = Counter(chosen for row in rows for chosen in FileFilter if matches(row, chosen))
    return FileTable(
        rows=tuple(rows),
        counts={chosen: counts[chosen] for chosen in FileFilter},
        quiet=sum(row.level is Level.NONE for row in rows),
        unread=tuple(row for row in rows if row.result.state is not FileState.CHECKED),
    )


def checked_by(row: FileRow) -> str:
    """Who looked at the file: this program, the Hub's engines, or nobody yet."""
    answered = {EngineState.FINDING, EngineState.NOTHING_FOUND}
    engines = sum(engine.state in answered for engine in row.listed.engines) if row.listed else 0
    ours = row.result.state is not FileState.NOT_CHECKED
    if ours and engines:
        return text("result.files.by_both", count=engines)
    if engines:
        return text("result.files.by_hub", count=engines)
    return text("result.files.by_us") if ours else text("result.files.by_nobody")


def result_words(row: FileRow) -> str:
    """The worst finding in one line, else why it was not checked, else that nothing was found."""
    if row.result.findings:
        leading = max(row.result.findings, key=lambda found: LEVEL_ORDER.index(found.level))
        return in_words(leading).title
    if row.result.reason:
        return render(row.result.reason)
    return level_word(row.level)


_WORDS: dict[Column, Callable[[FileRow], str]] = {
    Column.LEVEL: lambda row: level_word(row.level),
    Column.PATH: lambda row: display_name(row.result.path, _SHOWN_LETTERS),
    Column.KIND: lambda row: text(f"kind.{row.result.kind}"),
    Column.SIZE: lambda row: size_text(row.size),
    Column.CHECKED_BY: checked_by,
    Column.RESULT: result_words,
}
_SORT_KEYS: dict[Column, Callable[[FileRow], Any]] = {
    Column.LEVEL: lambda row: (-LEVEL_ORDER.index(row.level), row.key),
    Column.PATH: lambda row: row.key,
    Column.KIND: lambda row: (row.result.kind, row.key),
    Column.SIZE: lambda row: (-1 if row.size is None else row.size, row.key),
    Column.CHECKED_BY: lambda row: (row.result.state, row.key),
    Column.RESULT: lambda row: (-LEVEL_ORDER.index(row.level), row.key),
}


class FilesModel(QAbstractTableModel):
    """The files of one report. `set_table` replaces everything at once."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[FileRow] = []

    @property
    def rows(self) -> Sequence[FileRow]:
        """In the order shown."""
        return self._rows

    def set_table(self, table: FileTable) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._rows = list(table.rows)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008  Qt's signature
        """All files."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008  Qt's signature
        """As `Column`."""
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Words for people and screen readers; `ROW_ROLE` gives the row."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row, column = self._rows[index.row()], Column(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return _WORDS[column](row)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._read_aloud(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole and column is Column.SIZE:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return row if role == ROW_ROLE else None

    def headerData(  # noqa: N802  Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Column titles; rows have none."""
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return text(f"result.files.column.{Column(section).name.lower()}")

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Put the rows in the order of a column. The first click on "level" shows the worst first."""
        if column < 0:
            return
        self.layoutAboutToBeChanged.emit()
        kept = self.persistentIndexList()
        rows = [self._rows[index.row()] for index in kept]
        self._rows.sort(key=_SORT_KEYS[Column(column)], reverse=order == Qt.SortOrder.DescendingOrder)
        if kept:
            places = {id(row): place for place, row in enumerate(self._rows)}
            moved = [self.index(places[id(row)], index.column()) for row, index in zip(rows, kept, strict=True)]
            self.changePersistentIndexList(kept, moved)
        self.layoutChanged.emit()

    @staticmethod
    def _read_aloud(row: FileRow, column: Column) -> str:
        if column is Column.LEVEL:
            return text(
                "result.files.read_aloud",
                level=_WORDS[Column.LEVEL](row),
                path=row.result.path,
                kind=_WORDS[Column.KIND](row),
                size=_WORDS[Column.SIZE](row),
                result=_WORDS[Column.RESULT](row),
            )
        return f"{text(f'result.files.column.{column.name.lower()}')}: {_WORDS[column](row)}"


class FilesFilterModel(QSortFilterProxyModel):
    """Lets through what a chip and a piece of the path ask for; leaves the order to the model behind it."""

    def __init__(self, source: FilesModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._chosen = FileFilter.ALL
        self._name = ""
        self._accepted: frozenset[int] | None = None
        self._source = source
        # Connected before the proxy's own slots, so that the set is fresh when Qt asks row by row.
        source.modelReset.connect(self._look)
        source.layoutChanged.connect(self._look)
        self.setDynamicSortFilter(False)
        self.setSourceModel(source)

    def set_filter(self, chosen: FileFilter | None = None, name: str | None = None) -> None:
        """Change the chip, the piece of the path, or both."""
        self.beginFilterChange()
        self._chosen = self._chosen if chosen is None else chosen
        self._name = self._name if name is None else name.strip().casefold()
        self._look()
        self.endFilterChange(QSortFilterProxyModel.Direction.Rows)

    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:  # noqa: N802, ARG002  Qt's signature
        """A look-up; the work is in `_look`."""
        return self._accepted is None or source_row in self._accepted

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sorted by the model: 20,000 comparisons called back from C++ would stall the window."""
        self._source.sort(column, order)

    def _look(self) -> None:
        if self._chosen is FileFilter.ALL and not self._name:
            self._accepted = None
            return
        self._accepted = frozenset(
            place for place, row in enumerate(self._source.rows) if self._name in row.key and matches(row, self._chosen)
        )
