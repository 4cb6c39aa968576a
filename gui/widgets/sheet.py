"""A document of lines for `CardView`, written out in parts. Pure text work: run it in a task."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

ROWS_AT_ONCE = 300
"""Measured: 500 blocks take 0.9 s to lay out, so a long document comes in parts."""
_PIECE = 6000
"""Letters of HTML laid out in one go. Measured: some 10 ms, so the window never stalls while a document appears."""
_CELL_PADDING = 7


class Line(Protocol):
    """One line of a document."""

    @property
    def number(self) -> int | None:
        """Counts the differences from 1; None for a line that is none."""
        ...

    def html(self) -> str:
        """Table rows, or for a sheet without columns any blocks."""
        ...


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document of which nothing is written yet. `head` is the row of column heads, "" for one without columns."""

    lines: Sequence[Line]
    head: str = ""

    @property
    def differences(self) -> int:
        """How many of the lines differ."""
        return max((line.number or 0 for line in self.lines), default=0)

    def pieces(self, start: int = 0, count: int = ROWS_AT_ONCE) -> tuple[str, ...]:
        """Lines from `start` on, in pieces of HTML that are quick to lay out one by one."""
        written = [line.html() for line in self.lines[start : start + count]]
        if not self.head:
            return _pieces(written)
        if start == 0:
            written.insert(0, self.head)
        return tuple(
            f'<table width="100%" cellspacing="0" cellpadding="{_CELL_PADDING}">{piece}</table>'
            for piece in _pieces(written)
        )

    def line_of(self, number: int) -> int:
        """Where the difference of this number is."""
        return next((place for place, line in enumerate(self.lines) if line.number == number), 0)


def anchor(number: int | None) -> str:
    """What marks the place of a difference in the document: nothing if there is none."""
    return f'<a name="difference-{number}"></a>' if number is not None else ""


def _pieces(lines: Iterable[str]) -> tuple[str, ...]:
    pieces: list[str] = []
    piece = ""
    for line in lines:
        piece += line
        if len(piece) >= _PIECE:
            pieces.append(piece)
            piece = ""
    return (*pieces, piece) if piece else tuple(pieces)
