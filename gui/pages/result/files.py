"""All files: a table to sort and filter, and beside it what we know of the chosen one."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHeaderView,
    QLineEdit,
    QScrollArea,
    QSplitter,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from core.findings import Level
from core.report import Report
from core.text import text
from gui.models import ROW_ROLE, Column, FileFilter, FileRow, FilesFilterModel, FilesModel, FileTable
from gui.pages.result.file_detail import FileDetail
from gui.theme import space
from gui.widgets.badge import badge_size, paint_badge
from gui.widgets.buttons import Button
from gui.widgets.labels import PlainLabel
from gui.widgets.layouts import row

_SHARES = {Column.PATH: 34, Column.KIND: 19, Column.SIZE: 13, Column.CHECKED_BY: 24, Column.RESULT: 34}
"""Widths in average letters, below which columns are hidden, from the right-hand end of `_FIRST_TO_GO`."""
_FIRST_TO_GO = (Column.CHECKED_BY, Column.KIND, Column.RESULT)


class LevelDelegate(QStyledItemDelegate):
    """Draws the level as a badge: shape and word."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The selected row's background, then the badge."""
        found = index.data(ROW_ROLE)
        plain = QStyleOptionViewItem(option)
        self.initStyleOption(plain, index)
        plain.text = ""
        plain.widget.style().drawControl(
            plain.widget.style().ControlElement.CE_ItemViewItem, plain, painter, plain.widget
        )
        if isinstance(found, FileRow):
            size = badge_size(found.level, plain.font)
            top = plain.rect.center().y() - size.height() / 2 + 0.5
            left = plain.rect.left() + space(1)
            paint_badge(painter, QRectF(left, top, size.width(), size.height()), found.level, plain.font)

    def sizeHint(self, option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: N802
        """The widest badge: no column of levels that jumps."""
        return widest_badge(option)


def widest_badge(option: QStyleOptionViewItem) -> QSize:
    """Room for any level."""
    sizes = [badge_size(level, option.font) for level in Level]
    return QSize(max(size.width() for size in sizes) + space(2), max(size.height() for size in sizes) + space(1))


class FilesTable(QTableView):
    """Rows to choose with the arrow keys; Enter goes on to the explanation, Tab leaves the table."""

    opened = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(text("result.files.table"))
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setSortingEnabled(True)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.setItemDelegateForColumn(Column.LEVEL, LevelDelegate(self))
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setStretchLastSection(False)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """Enter asks for the explanation of the row."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Hide what does not fit; the pane beside the table says all of it."""
        super().resizeEvent(event)
        self.fit_columns()

    def fit_columns(self) -> None:
        """Widths from the font, the path takes what is left."""
        if self.model() is None:
            return
        option = QStyleOptionViewItem()
        option.font = self.font()
        badge = widest_badge(option)
        self.verticalHeader().setDefaultSectionSize(badge.height())
        letter = self.fontMetrics().averageCharWidth()
        widths = {Column.LEVEL: badge.width(), **{column: share * letter for column, share in _SHARES.items()}}
        shown = set(Column)
        for column in _FIRST_TO_GO:
            if sum(widths[one] for one in shown) > self.viewport().width():
                shown.discard(column)
        header = self.horizontalHeader()
        for column in Column:
            self.setColumnHidden(column, column not in shown)
            stretch = column is Column.PATH
            header.setSectionResizeMode(
                column, QHeaderView.ResizeMode.Stretch if stretch else QHeaderView.ResizeMode.Interactive
            )
            if not stretch:
                self.setColumnWidth(column, widths[column])


class FilesTab(QWidget):
    """Chips and a name filter, the table, the explanation."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = FilesModel(self)
        self.filtered = FilesFilterModel(self.model, self)
        self.table = FilesTable()
        self.table.setModel(self.filtered)
        self.table.horizontalHeader().setSortIndicator(Column.LEVEL, Qt.SortOrder.AscendingOrder)
        self.table.selectionModel().currentRowChanged.connect(self._choose)
        self.table.opened.connect(self._go_to_detail)
        self.field = QLineEdit()
        self.field.setAccessibleName(text("result.files.filter"))
        self.field.setPlaceholderText(text("result.files.filter_hint"))
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(self._filter_name)
        self.chips = {chosen: self._chip(chosen) for chosen in FileFilter}
        self._group = QButtonGroup(self)
        for chip in self.chips.values():
            self._group.addButton(chip)
        self.shown = PlainLabel(role="caption")
        self.detail = FileDetail()
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(space(3), space(1.5), space(1), space(1.5))
        column.setSpacing(space(1))
        column.addLayout(row((*self.chips.values(), None), spacing=0.5))
        column.addWidget(self.field)
        column.addWidget(self.table, 1)
        column.addWidget(self.shown)
        self.splitter = QSplitter()
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(left)
        self.splitter.addWidget(self.detail)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 2)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        # In a low window the tab scrolls, rather than showing half a row of the table.
        self.table.setMinimumHeight(space(22))
        self.detail.setMinimumHeight(space(22))
        low = QScrollArea()
        low.setWidgetResizable(True)
        low.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        low.setWidget(self.splitter)
        outer.addWidget(low)

    def show_report(self, report: Report, table: FileTable) -> None:
        """Show the files of a report, the worst one chosen."""
        self.detail.set_report(report)
        self.model.set_table(table)
        for chosen, chip in self.chips.items():
            chip.set_words(text(f"result.files.chip.{chosen}", count=table.counts[chosen]))
        self.field.clear()
        self.set_filter(FileFilter.ALL)
        self.table.fit_columns()

    def set_filter(self, chosen: FileFilter) -> None:
        """Press a chip."""
        self.chips[chosen].setChecked(True)
        self._filter(chosen)

    def select(self, path: str) -> None:
        """Choose the file of this path, whatever is filtered now."""
        self.field.clear()
        self.set_filter(FileFilter.ALL)
        for place, found in enumerate(self.model.rows):
            if found.result.path == path:
                index = self.filtered.mapFromSource(self.model.index(place, 0))
                self.table.setCurrentIndex(index)
                self.table.scrollTo(index, QTableView.ScrollHint.PositionAtCenter)
                self.table.setFocus()
                return

    def focus_filter(self) -> None:
        """Ctrl+F."""
        self.field.setFocus()
        self.field.selectAll()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Side by side if there is room for both, else one below the other."""
        super().resizeEvent(event)
        wide = event.size().width() >= space(105)
        wanted = Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical
        if self.splitter.orientation() is not wanted:
            self.splitter.setOrientation(wanted)
        whole = event.size().width() if wide else event.size().height()
        self.splitter.setSizes([whole * 3 // 5, whole * 2 // 5])

    def _chip(self, chosen: FileFilter) -> Button:
        chip = Button(text(f"result.files.chip.{chosen}", count=0), "navigation")
        chip.setCheckable(True)
        chip.setChecked(chosen is FileFilter.ALL)
        chip.clicked.connect(lambda: self._filter(chosen))
        return chip

    def _filter(self, chosen: FileFilter) -> None:
        self.filtered.set_filter(chosen)
        self._after_filter()

    def _filter_name(self, name: str) -> None:
        self.filtered.set_filter(name=name)
        self._after_filter()

    def _after_filter(self) -> None:
        count = self.filtered.rowCount()
        self.shown.setText(text("result.files.shown", count=count) if count else text("result.files.nothing"))
        if count and not self.table.currentIndex().isValid():
            self.table.setCurrentIndex(self.filtered.index(0, 0))
        elif not count:
            self.detail.show_row(None)

    def _choose(self, current: QModelIndex, _before: QModelIndex) -> None:
        found = current.data(ROW_ROLE)
        self.detail.show_row(found if isinstance(found, FileRow) else None)

    def _go_to_detail(self) -> None:
        self.detail.path.setFocus()
