"""The list of files in the approval dialog: a tick for each, and none for what stays outside."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from core.approval import OfferedFile
from core.text import display_name, render, size_text, text
from gui.theme import space
from gui.widgets.badge import level_word

Index = QModelIndex | QPersistentModelIndex

_SHOWN_LETTERS = 120
_MOST_ROWS = 9
"""Rows shown before the list scrolls."""


class FileChoice(QAbstractTableModel):
    """Files of a ladder and which of them are ticked."""

    changed = Signal()
    """A tick was set or removed."""

    COLUMNS = ("path", "size", "level")

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._files: tuple[OfferedFile, ...] = ()
        self._chosen: set[str] = set()

    @property
    def chosen(self) -> frozenset[str]:
        """Paths with a tick."""
        return frozenset(self._chosen)

    @property
    def chosen_size(self) -> int:
        """Bytes of the files with a tick."""
        return sum(file.size for file in self._files if file.path in self._chosen)

    def open_with(self, files: Sequence[OfferedFile]) -> None:
        """Show these files, ticked as the ladder proposes."""
        self.beginResetModel()
        self._files = tuple(files)
        self._chosen = {file.path for file in files if file.selected and file.refused is None}
        self.endResetModel()

    def update(self, files: Sequence[OfferedFile]) -> None:
        """The same files after the choice changed: what is refused may have changed with it."""
        if self._files == tuple(files):
            return
        self._files = tuple(files)
        self.dataChanged.emit(self.index(0, 0), self.index(len(self._files) - 1, len(self.COLUMNS) - 1))

    def toggle(self, index: Index) -> None:
        """Tick or untick a row; a refused file only loses its tick."""
        file = self._files[index.row()]
        if file.path in self._chosen:
            self._chosen.discard(file.path)
        elif file.refused is None:
            self._chosen.add(file.path)
        else:
            return
        self.dataChanged.emit(self.index(index.row(), 0), self.index(index.row(), len(self.COLUMNS) - 1))
        self.changed.emit()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008  Qt's name and default
        """One row per file."""
        return 0 if parent.isValid() else len(self._files)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008  Qt's name and default
        """Name, size, result."""
        return 0 if parent.isValid() else len(self.COLUMNS)

    def headerData(  # noqa: N802  Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Column titles."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return text(f"window.approval.column.{self.COLUMNS[section]}")
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Words, ticks, and the whole row as one sentence for a screen reader."""
        if not index.isValid():
            return None
        file = self._files[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words(file)[index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._sentence(file)
        if role == Qt.ItemDataRole.CheckStateRole and index.column() == 0 and not self._closed(file):
            return Qt.CheckState.Checked if file.path in self._chosen else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == 1:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def setData(self, index: Index, _value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802
        """A click on the tick."""
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        self.toggle(index)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Refused files can be read, not ticked."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.isValid() and index.column() == 0 and not self._closed(self._files[index.row()]):
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def _closed(self, file: OfferedFile) -> bool:
        return file.refused is not None and file.path not in self._chosen

    def _words(self, file: OfferedFile) -> tuple[str, str, str]:
        outcome = text("window.approval.outside") if self._closed(file) else level_word(file.level)
        return display_name(file.path, _SHOWN_LETTERS), size_text(file.size), outcome

    def _sentence(self, file: OfferedFile) -> str:
        if file.refused is not None:
            return render(file.refused)
        state = text("window.approval.ticked" if file.path in self._chosen else "window.approval.not_ticked")
        size, level = size_text(file.size), level_word(file.level)
        return text("window.approval.row_spoken", path=file.path, size=size, level=level, state=state)


class FileChoiceView(QTableView):
    """The list itself. Arrow keys move, Space ticks, Tab leaves."""

    def __init__(self, model: FileChoice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.setModel(model)
        self.setAccessibleName(text("window.approval.files"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(space(3.5))
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        # Only the rows on screen are measured: there may be 20,000.
        header.setResizeContentsPrecision(0)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.setStyleSheet("QTableView::item { padding: 0px 0.6em; }")
        model.modelReset.connect(self._opened)

    def sizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """High enough for all rows, up to a limit."""
        rows = max(2, min(_MOST_ROWS, self._model.rowCount()))
        height = self.horizontalHeader().sizeHint().height() + rows * space(3.5) + 2 * self.frameWidth()
        return QSize(super().sizeHint().width(), height + space(0.5))

    def minimumSizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """The list itself scrolls; the dialog does not squeeze it."""
        return QSize(space(30), self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """Space ticks the row, whichever column is current. Enter does nothing here."""
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self._model.toggle(self.currentIndex())
        elif event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)

    def _opened(self) -> None:
        if self._model.rowCount():
            self.setCurrentIndex(self._model.index(0, 0))
        self.updateGeometry()
