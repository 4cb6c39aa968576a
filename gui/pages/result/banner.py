"""The verdict: shape, headline, reasons. The first thing seen, and the first thing read aloud."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from core.findings import Level
from core.network_words import age_sentence
from core.report import Report
from core.text import render, text
from gui.pages.result.words import moment
from gui.theme import space, tokens
from gui.widgets.badge import level_word, paint_shape
from gui.widgets.labels import PlainLabel
from gui.widgets.layouts import clear

_SHORT_COMMIT = 7


class LevelMark(QWidget):
    """The shape of a level, large, in its colours."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._level = Level.NOT_CHECKED
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_level(self, level: Level) -> None:
        """Show another level."""
        self._level = level
        self.setAccessibleName(level_word(level))
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """Two and a half lines high."""
        side = space(6)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  Qt's name
        """A rounded square with the shape in it."""
        colours = tokens().level(self._level)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = self.width()
        outline = QPen(QColor(colours.text), max(1.0, side / 40))
        if self._level is Level.NOT_CHECKED:
            outline.setStyle(Qt.PenStyle.DashLine)
        filled = self._level in {Level.KNOWN_BAD, Level.HIGH, Level.CAREFUL, Level.NOTE}
        painter.setPen(Qt.PenStyle.NoPen if filled else outline)
        painter.setBrush(QColor(colours.fill))
        edge = side / 40
        painter.drawRoundedRect(QRectF(edge, edge, side - 2 * edge, side - 2 * edge), side / 6, side / 6)
        font = self.font()
        font.setPixelSize(max(1, round(side * 0.6)))
        painter.setFont(font)
        room = QRectF(side * 0.25, side * 0.25, side * 0.5, side * 0.5)
        paint_shape(painter, room, self._level, QColor(colours.text), QColor(colours.fill))


class VerdictBanner(QFrame):
    """The verdict of one report. Small on the tabs that need the room: then only the headline is shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._level = Level.NOT_CHECKED
        self.mark = LevelMark()
        self.headline = PlainLabel(role="title")
        self.age = PlainLabel()
        self.age.setProperty("kind", "strong")
        self.line = PlainLabel(role="caption")
        self._reasons_box = QWidget()
        self._reasons = QVBoxLayout(self._reasons_box)
        self._reasons.setContentsMargins(0, 0, 0, 0)
        self._reasons.setSpacing(space(0.5))
        words = QVBoxLayout()
        words.setSpacing(space(0.75))
        for widget in (self.headline, self.age, self._reasons_box, self.line):
            words.addWidget(widget)
        across = QHBoxLayout(self)
        across.setContentsMargins(space(3), space(1.5), space(2.5), space(1.5))
        across.setSpacing(space(2))
        across.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignTop)
        across.addLayout(words, 1)

    def show_report(self, report: Report) -> None:
        """Say the verdict of `report`."""
        verdict = report.verdict
        self._level = verdict.level
        self.mark.set_level(verdict.level)
        headline, reasons = render(verdict.headline), [render(reason) for reason in verdict.reasons]
        self.headline.setText(headline)
        clear(self._reasons)
        for reason in reasons:
            self._reasons.addWidget(PlainLabel(reason))
        self._reasons_box.setVisible(bool(reasons))
        line, age = _line(report), age_sentence(report)
        self.line.setText(line)
        self.age.setText(age)
        self.age.setVisible(bool(age))
        told = " ".join((age, *reasons)).strip()
        self.setAccessibleName(text("result.banner.spoken", headline=headline, reasons=told, line=line))
        self._keep_whole()
        self.update()

    def set_compact(self, compact: bool) -> None:
        """Only the headline, or everything."""
        self._reasons_box.setVisible(not compact and self._reasons.count() > 0)
        self.line.setVisible(not compact)
        side = space(3.5 if compact else 6)
        self.mark.setFixedSize(side, side)
        self._keep_whole()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Narrower means more lines."""
        super().resizeEvent(event)
        self._keep_whole()

    def _keep_whole(self) -> None:
        """No line of the verdict is ever cut off: the rest of the page has to make room."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.setMinimumHeight(layout.totalHeightForWidth(self.width()))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  Qt's name
        """The card, an edge in the colour of the level, and the focus ring."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens().level(self._level).fill))
        edge = space(0.75)
        painter.drawRoundedRect(QRectF(0, 0, edge, self.height()), edge / 2, edge / 2)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            width = max(2.0, space(0.25))
            painter.setPen(QPen(QColor(tokens().accent), width))
            room = QRectF(self.rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2)
            painter.drawRoundedRect(room, space(1), space(1))


def _line(report: Report) -> str:
    verdict = report.verdict
    unread = verdict.files_listed - verdict.files_checked
    return text(
        "result.banner.unread" if unread else "result.banner.line",
        commit=report.snapshot.commit[:_SHORT_COMMIT],
        checked=verdict.files_checked,
        listed=verdict.files_listed,
        count=unread,
        time=moment(report.checked_at),
    )
