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
from core.text import text
from gui.widgets.sheet import Sheet, anchor

_TAGS = frozenset(
    {"a", "b", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em", "i", "hr", "p", "pre", "s", "span"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "kbd", "li", "samp", "ol", "ul", "strike", "strong", "sub", "sup", "tt", "u"}
    | {"table", "tbody", "td", "tfoot", "th", "thead", "tr"}
)
_UNSHOWN = frozenset({"head", "iframe", "object", "script", "style", "svg", "template", "title"})
_EMPTY = frozenset({"br", "hr"})
_WIDEST_CELL = 20


@dataclass(frozen=True, slots=True)
class BlockLine:
    """A block of one card alone."""

    block: Block
    number: int | None = None

    def html(self) -> str:
        """The block, written anew."""
        return rewritten(self.block)


@dataclass(frozen=True, slots=True)
class RowLine:
    """A pair of blocks; `number` counts the differences from 1, None for a row that is the same on both sides."""

    row: Row
    number: int | None = None
    alike: int = 1
    """How many rows of this kind follow one another from here; 0: the one before has said it."""

    def html(self) -> str:
        """A word for the kind of difference, the pair, and the links that lead elsewhere."""
        return _row_html(self)


@dataclass(frozen=True, slots=True)
class LeftOutLine:
    """In place of rows that are the same on both sides."""

    message_id: str
    count: int
    columns: int = 2
    number: int | None = None

    def html(self) -> str:
        """How many were left out."""
        words = escape(text(self.message_id, count=self.count))
        return f'<tr><td colspan="{self.columns}" class="left-out" align="center">{words}</td></tr>'


def card_sheet(blocks: Iterable[Block]) -> Sheet:
    """One card alone."""
    return Sheet(tuple(BlockLine(block) for block in blocks))


def cards_sheet(rows: Sequence[Row], only_differences: bool) -> Sheet:
    """Two columns, differences numbered; with `only_differences` stretches of equal rows become one line."""
    lines: list[RowLine | LeftOutLine] = []
    number = left_out = 0
    for place, row in enumerate(rows):
        if row.kind is RowKind.SAME and only_differences:
            left_out += 1
            continue
        if left_out:
            lines.append(LeftOutLine("result.compare.left_out", left_out))
            left_out = 0
        number += row.kind is not RowKind.SAME
        lines.append(RowLine(row, number if row.kind is not RowKind.SAME else None, _alike(rows, place)))
    if left_out:
        lines.append(LeftOutLine("result.compare.left_out", left_out))
    heads = (escape(text(f"result.compare.column.{side}")) for side in ("original", "here"))
    head = "".join(f'<td width="50%" class="column">{words}</td>' for words in heads)
    return Sheet(tuple(lines), f"<tr>{head}</tr>")


def _alike(rows: Sequence[Row], place: int) -> int:
    kind = rows[place].kind
    if kind not in {RowKind.ONLY_HERE, RowKind.ONLY_ORIGINAL}:
        return 1
    if place and rows[place - 1].kind is kind:
        return 0
    end = place
    while end < len(rows) and rows[end].kind is kind:
        end += 1
    return end - place


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


def _row_html(line: RowLine) -> str:
    row = line.row
    left = rewritten(row.original, row.original_spans, "original-words") if row.original else ""
    right = rewritten(row.here, row.here_spans, "here-words") if row.here else ""
    if row.kind is RowKind.SAME:
        return f"<tr>{_cell(left, 'plain')}{_cell(right, 'plain')}</tr>"
    mark = anchor(line.number)
    classes = {
        RowKind.DIFFERS: ("plain", "plain"),
        RowKind.ONLY_HERE: ("nothing", "here-block"),
        RowKind.ONLY_ORIGINAL: ("original-block", "nothing"),
    }[row.kind]
    links = "".join(_changed_link(there, here) for there, here in row.changed_links)
    head = _head(row.kind, line.alike, mark) if line.alike else ""
    left = left if line.alike else f"{mark}{left}"
    return f"{head}<tr>{_cell(left, classes[0])}{_cell(right, classes[1])}</tr>{links}"


def _head(kind: RowKind, alike: int, mark: str) -> str:
    """The word stands above the side that it is about."""
    word = text(f"result.compare.row.{kind}")
    word = escape(text("result.compare.row_run", kind=word, count=alike) if alike > 1 else word)
    if kind is RowKind.DIFFERS:
        return f'<tr><td colspan="2" class="head">{mark}{word}</td></tr>'
    left, right = (word, "") if kind is RowKind.ONLY_ORIGINAL else ("", word)
    return f"<tr>{_cell(mark + left, 'head')}{_cell(right, 'head')}</tr>"


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
