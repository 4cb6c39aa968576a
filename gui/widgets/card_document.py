"""Cards and their comparison as one HTML document for `CardView`. Pure text work: run it in a task.

The blocks come sanitised from `core.comparison.card`. They are written anew here, tag by tag, with nothing
but a link's address and a cell's width let through: whatever slips past the first door stops at the second.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser

from core.comparison.results import Block, Link, Row, RowKind, Span
from core.text import display_name, text

ROWS_AT_ONCE = 300
"""Measured: 500 blocks take 0.9 s to lay out, so a long card comes in parts."""

_TAGS = frozenset(
    {"a", "b", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em", "i", "hr", "p", "pre", "s", "span"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "kbd", "li", "samp", "ol", "ul", "strike", "strong", "sub", "sup", "tt", "u"}
    | {"table", "tbody", "td", "tfoot", "th", "thead", "tr"}
)
_UNSHOWN = frozenset({"head", "iframe", "object", "script", "style", "svg", "template", "title"})
_PIECE = 6000
"""Letters of HTML laid out in one go. Measured: some 10 ms, so the window never stalls while a card appears."""
_CELL_PADDING = 7
_EMPTY = frozenset({"br", "hr"})
_WIDEST_CELL = 20


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row to draw; `number` counts the differences from 1, None for a row that is the same on both sides."""

    row: Row | None
    number: int | None = None
    left_out: int = 0
    """In place of a row: how many equal ones are hidden here."""


def numbered(rows: Iterable[Row], only_differences: bool) -> tuple[ShownRow, ...]:
    """Rows in order, differences numbered; with `only_differences` stretches of equal rows become one line."""
    shown: list[ShownRow] = []
    number = left_out = 0
    for row in rows:
        if row.kind is RowKind.SAME and only_differences:
            left_out += 1
            continue
        if left_out:
            shown.append(ShownRow(None, None, left_out))
            left_out = 0
        if row.kind is not RowKind.SAME:
            number += 1
        shown.append(ShownRow(row, number if row.kind is not RowKind.SAME else None))
    if left_out:
        shown.append(ShownRow(None, None, left_out))
    return tuple(shown)


def anchor(number: int) -> str:
    """Where a difference starts in the document."""
    return f"difference-{number}"


def compare_pieces(rows: Sequence[ShownRow], start: int = 0, count: int = ROWS_AT_ONCE) -> tuple[str, ...]:
    """Two columns, a line per pair, from row `start` on, in pieces that are quick to lay out one by one."""
    lines = [_row_html(shown) for shown in rows[start : start + count]]
    if start == 0:
        heads = (escape(text(f"result.compare.column.{side}")) for side in ("original", "here"))
        lines.insert(0, "<tr>" + "".join(f'<td width="50%" class="column">{head}</td>' for head in heads) + "</tr>")
    return tuple(
        f'<table width="100%" cellspacing="0" cellpadding="{_CELL_PADDING}">{piece}</table>' for piece in _pieces(lines)
    )


def block_pieces(blocks: Sequence[Block], start: int = 0, count: int = ROWS_AT_ONCE) -> tuple[str, ...]:
    """One card, from block `start` on, in pieces."""
    return _pieces([rewritten(block) for block in blocks[start : start + count]])


def _pieces(lines: Iterable[str]) -> tuple[str, ...]:
    pieces: list[str] = []
    piece = ""
    for line in lines:
        piece += line
        if len(piece) >= _PIECE:
            pieces.append(piece)
            piece = ""
    return (*pieces, piece) if piece else tuple(pieces)


def rewritten(block: Block, spans: Sequence[Span] = (), mark: str = "") -> str:
    """A block's HTML with the changed words (`spans` of `block.text`) in spans of class `mark`.

    If HTML and text disagree, so that the spans cannot be placed, the whole block is marked.
    """
    writer = _Writer(block.text, spans, mark)
    writer.feed(block.html)
    writer.close()
    if spans and writer.lost:
        writer = _Writer("", (), mark, everything=True)
        writer.feed(block.html)
        writer.close()
    return writer.finished()


def _row_html(shown: ShownRow) -> str:
    row = shown.row
    if row is None:
        words = escape(text("result.compare.left_out", count=shown.left_out))
        return f'<tr><td colspan="2" class="left-out" align="center">{words}</td></tr>'
    left = rewritten(row.original, row.original_spans, "original-words") if row.original else ""
    right = rewritten(row.here, row.here_spans, "here-words") if row.here else ""
    if row.kind is RowKind.SAME:
        return f"<tr>{_cell(left, 'plain')}{_cell(right, 'plain')}</tr>"
    word = escape(text(f"result.compare.row.{row.kind}"))
    head = (
        f'<tr><td colspan="2" class="{row.kind.value}-head"><a name="{anchor(shown.number or 0)}"></a>{word}</td></tr>'
    )
    classes = {
        RowKind.DIFFERS: ("plain", "plain"),
        RowKind.ONLY_HERE: ("nothing", "here-block"),
        RowKind.ONLY_ORIGINAL: ("original-block", "nothing"),
    }[row.kind]
    links = "".join(_changed_link(there, here) for there, here in row.changed_links)
    return f"{head}<tr>{_cell(left, classes[0])}{_cell(right, classes[1])}</tr>{links}"


def _cell(content: str, look: str) -> str:
    return f'<td width="50%" class="{look}">{content}</td>'


def _changed_link(there: Link, here: Link) -> str:
    line = text("result.compare.changed_link", words=here.text, original=there.target, here=here.target)
    return f'<tr><td colspan="2" class="changed-link">{escape(line)}</td></tr>'


class _Writer(HTMLParser):
    """Writes the allowed tags again and marks stretches of the visible text."""

    def __init__(self, visible: str, spans: Sequence[Span], mark: str, everything: bool = False) -> None:
        super().__init__(convert_charrefs=True)
        self.lost = False
        self._out: list[str] = []
        self._open: list[str] = []
        self._visible = visible
        self._place = 0
        # Flat and sorted: a place lies inside a span if an odd number of borders is at or before it.
        self._borders = [border for span in sorted(spans) for border in span]
        self._mark = mark
        self._everything = everything
        self._unshown = 0

    def finished(self) -> str:
        """The document so far, every tag closed."""
        closing = "".join(f"</{tag}>" for tag in reversed(self._open))
        return "".join(self._out) + closing

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSHOWN:
            self._unshown += 1
        if tag not in _TAGS or self._unshown:
            return
        self._out.append(f"<{tag}{self._attributes(tag, dict(attrs))}>")
        if tag not in _EMPTY:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSHOWN:
            self._unshown = max(0, self._unshown - 1)
        if tag not in self._open or self._unshown:
            return
        while self._open:
            closed = self._open.pop()
            self._out.append(f"</{closed}>")
            if closed == tag:
                return

    def handle_data(self, data: str) -> None:
        if self._unshown:
            return
        if not self._mark or not (self._borders or self._everything):
            self._out.append(escape(data))
            return
        start = 0
        marked = self._marked(data[0])
        for place in range(1, len(data)):
            now = self._marked(data[place])
            if now != marked:
                self._write(data[start:place], marked)
                start, marked = place, now
        self._write(data[start:], marked)

    def _marked(self, character: str) -> bool:
        """True if this character of the HTML lies in a span of the visible text; blanks count for nothing."""
        if self._everything:
            return True
        if character.isspace():
            return self._inside(self._place) and self._inside(self._place - 1)
        while self._place < len(self._visible) and self._between(self._visible[self._place], character):
            self._place += 1
        if self._place >= len(self._visible) or self._visible[self._place] != character:
            self.lost = True
            return False
        inside = self._inside(self._place)
        self._place += 1
        return inside

    @staticmethod
    def _between(visible: str, wanted: str) -> bool:
        """True for what only the text has: blanks, and the signs before list items and between table cells."""
        return visible.isspace() or (visible in "•|" and visible != wanted)

    def _inside(self, place: int) -> bool:
        return bisect_right(self._borders, place) % 2 == 1

    def _write(self, data: str, marked: bool) -> None:
        if marked and data.strip():
            self._out.append(f'<span class="{self._mark}">{escape(data)}</span>')
        else:
            self._out.append(escape(data))

    @staticmethod
    def _attributes(tag: str, given: dict[str, str | None]) -> str:
        if tag == "a":
            target = given.get("href") or ""
            allowed = target.startswith(("https://", "http://"))
            return f' href="{escape(target)}"' if allowed else ""
        kept = []
        if tag in {"td", "th"}:
            for name in ("colspan", "rowspan"):
                value = given.get(name) or ""
                if value.isdecimal() and 1 < int(value[:4]) <= _WIDEST_CELL:
                    kept.append(f' {name}="{int(value)}"')
        if tag == "ol" and (given.get("start") or "").isdecimal():
            kept.append(f' start="{int((given["start"] or "1")[:6])}"')
        if tag == "table":
            kept.append(' border="1" cellspacing="0" cellpadding="4"')
        return "".join(kept)


def front_matter_html(entries: Sequence[tuple[str, str]]) -> str:
    """The card's YAML header as a small table of its own."""
    lines = "".join(
        f"<tr><td>{escape(display_name(key))}</td><td>{escape(display_name(value, 400))}</td></tr>"
        for key, value in entries
    )
    return f'<table border="1" cellspacing="0" cellpadding="4">{lines}</table>' if lines else ""
