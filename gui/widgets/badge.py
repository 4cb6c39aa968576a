"""The level of a finding as shape and word, never as colour alone."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.findings import Level
from core.text import text
from gui.theme import tokens


class Badge(QWidget):
    """A filled pill with the shape and the word of a level. The accessible name is the word."""

    def __init__(self, level: Level, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._level = level
        self.set_level(level)

    @property
    def level(self) -> Level:
        """The level shown."""
        return self._level

    def set_level(self, level: Level) -> None:
        """Show another level."""
        self._level = level
        self.setAccessibleName(level_word(level))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """As large as shape, word and padding need."""
        return badge_size(self._level, self.font())

    def minimumSizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """Never smaller: a clipped level is a wrong level."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  Qt's name
        """Draw with the tokens in force."""
        painter = QPainter(self)
        paint_badge(painter, QRectF(self.rect()), self._level, self.font())


def level_word(level: Level) -> str:
    """The word for a level, as shown and as read aloud."""
    return text(f"level.{level}")


def badge_size(level: Level, font: QFont) -> QSize:
    """Room that `paint_badge` needs; for delegates in tables, too."""
    metrics = QFontMetrics(_bold(font))
    height = round(metrics.height() * 1.5)
    return QSize(metrics.horizontalAdvance(level_word(level)) + metrics.height() + round(height * 1.0) + 2, height)


def paint_badge(painter: QPainter, room: QRectF, level: Level, font: QFont) -> None:
    """Draw the badge of `level` into `room`."""
    colours = tokens().level(level)
    fill, ink = QColor(colours.fill), QColor(colours.text)
    font = _bold(font)
    line = QFontMetrics(font).height()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    outline = QPen(ink, max(1.0, line / 16))
    dashed = level is Level.NOT_CHECKED
    if dashed:
        outline.setStyle(Qt.PenStyle.DashLine)
    painter.setPen(outline if dashed else QPen(QColor(tokens().border), outline.widthF()))
    painter.setBrush(fill)
    half = outline.widthF() / 2
    pill = room.adjusted(half, half, -half, -half)
    painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
    side = line * 0.74
    left = pill.left() + pill.height() * 0.42
    paint_shape(painter, QRectF(left, pill.center().y() - side / 2, side, side), level, ink, fill)
    painter.setFont(font)
    painter.setPen(ink)
    words = QRectF(left + side + line * 0.35, room.top(), room.width(), room.height())
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, level_word(level))
    painter.restore()


def paint_shape(painter: QPainter, room: QRectF, level: Level, ink: QColor, ground: QColor) -> None:
    """Draw only the shape of `level`. Drawn, not a glyph: fonts on Windows lack some of these signs."""
    line = max(1.2, room.width() / 7)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    if level is Level.KNOWN_BAD:
        painter.drawPolygon(
            _corners(room, ((0.3, 0), (0.7, 0), (1, 0.3), (1, 0.7), (0.7, 1), (0.3, 1), (0, 0.7), (0, 0.3)))
        )
        painter.setPen(QPen(ground, line, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        inner = room.adjusted(room.width() * 0.3, room.height() * 0.3, -room.width() * 0.3, -room.height() * 0.3)
        painter.drawLine(inner.topLeft(), inner.bottomRight())
        painter.drawLine(inner.topRight(), inner.bottomLeft())
    elif level is Level.HIGH:
        painter.drawPolygon(_corners(room, ((0.5, 0.03), (1, 0.95), (0, 0.95))))
    elif level is Level.CAREFUL:
        painter.drawPolygon(_corners(room, ((0.5, 0), (1, 0.5), (0.5, 1), (0, 0.5))))
    elif level is Level.NOTE:
        painter.drawEllipse(room.adjusted(line / 2, line / 2, -line / 2, -line / 2))
    elif level is Level.NONE:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(ink, line))
        painter.drawEllipse(room.adjusted(line, line, -line, -line))
    else:
        font = QFont(painter.font())
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(ink)
        painter.drawText(
            room.adjusted(-room.width(), -room.height(), room.width(), room.height()), Qt.AlignmentFlag.AlignCenter, "?"
        )


def _corners(room: QRectF, shares: tuple[tuple[float, float], ...]) -> QPolygonF:
    return QPolygonF([QPointF(room.left() + x * room.width(), room.top() + y * room.height()) for x, y in shares])


def _bold(font: QFont) -> QFont:
    bold = QFont(font)
    bold.setWeight(QFont.Weight.DemiBold)
    return bold
