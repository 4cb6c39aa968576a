"""Values and files side by side as lines for `CardView`: front matter, settings, chat templates, file lists.

All repository text is made harmless and escaped here; nothing of it is taken for markup.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape

from core.comparison.results import FileDifference, RowKind, ValueRow
from core.text import Message, display_name, render, text
from gui.widgets.card_document import LeftOutLine
from gui.widgets.sheet import Line, Sheet, anchor

_LONGEST = 1000
"""Letters of a value that are shown; the copy of the differences has all of them."""
_WORD = re.compile(r"\w+|\s+|[^\w\s]")
_MOST_WORDS = 400
"""Beyond it a value that differs is marked as a whole."""
_CODE = "font-family: monospace;"


@dataclass(frozen=True, slots=True)
class ValueLine:
    """One key with both values."""

    row: ValueRow
    number: int | None = None
    code: bool = False
    """Values are lines of a program, a template or a table of tensors."""

    def html(self) -> str:
        """Key and word for the kind of difference, the original's value, the value here."""
        row = self.row
        word = "" if row.kind is RowKind.SAME else f"<br><b>{escape(text(f'result.compare.value.{row.kind}'))}</b>"
        key = f"{anchor(self.number)}{escape(display_name(row.key, 200))}{word}"
        there, here = _both(row)
        look = "plain" if row.kind in {RowKind.SAME, RowKind.DIFFERS} else ""
        return (
            f'<tr><td width="26%" class="key">{key}</td>'
            f"{_value(there, look or 'original-block', self.code)}{_value(here, look or 'here-block', self.code)}</tr>"
        )


@dataclass(frozen=True, slots=True)
class TitleLine:
    """A heading over all columns; `path` is repository text, `words` are ours."""

    words: str
    path: str = ""
    means: str = ""
    number: int | None = None

    def html(self) -> str:
        """One row."""
        path = f"<b>{escape(display_name(self.path))}</b> · " if self.path else ""
        words = escape(self.words) if self.path else f"<b>{escape(self.words)}</b>"
        means = f'<br><span class="means">{escape(self.means)}</span>' if self.means else ""
        return f'<tr><td colspan="3" class="head">{path}{words}{means}</td></tr>'


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A sentence of ours over all columns."""

    message: Message
    telling: bool = False
    """True for what a reader should not miss."""
    number: int | None = None

    def html(self) -> str:
        """One row."""
        look = "changed-link" if self.telling else "left-out"
        return f'<tr><td colspan="3" class="{look}">{escape(render(self.message))}</td></tr>'


def values_sheet(rows: Iterable[ValueRow], only_differences: bool) -> Sheet:
    """One table of values, in the order given; with `only_differences` the equal ones are only counted."""
    rows = tuple(rows)
    lines: list[Line] = []
    number = same = 0
    for row in rows:
        if row.kind is RowKind.SAME:
            same += 1
            if not only_differences:
                lines.append(ValueLine(row))
            continue
        number += 1
        lines.append(ValueLine(row, number))
    if only_differences and same:
        lines.append(LeftOutLine("result.compare.values_left_out", same, 3))
    return Sheet(tuple(lines), three_columns())


def differences_sheet(differences: Sequence[FileDifference]) -> Sheet:
    """What differs inside of changed files, file by file."""
    lines: list[Line] = []
    number = 0
    for difference in differences:
        lines.append(TitleLine(text(f"result.compare.subject.{difference.subject}"), difference.path))
        lines += [NoteLine(note, telling=True) for note in difference.notes]
        code = difference.subject.value in {"chat_template", "tensors", "text"}
        for row in difference.rows:
            if row.kind is RowKind.SAME:
                lines.append(ValueLine(row, None, code))
            else:
                number += 1
                lines.append(ValueLine(row, number, code))
        lines += [NoteLine(limit) for limit in difference.limits]
    return Sheet(tuple(lines), three_columns())


def three_columns(first: str = "key", widths: tuple[int, int, int] = (26, 37, 37)) -> str:
    """The row of column heads; `widths` in hundredths."""
    names = (f"result.compare.column.{first}", "result.compare.column.original", "result.compare.column.here")
    cells = (
        f'<td width="{width}%" class="column">{escape(text(name))}</td>'
        for name, width in zip(names, widths, strict=True)
    )
    return f"<tr>{''.join(cells)}</tr>"


def _value(content: str | None, look: str, code: bool) -> str:
    style = f' style="{_CODE}"' if code else ""
    if content is None:
        return f'<td width="37%" class="nothing">{escape(text("result.compare.value.absent"))}</td>'
    return f'<td width="37%" class="{look}"{style}>{content}</td>'


def _both(row: ValueRow) -> tuple[str | None, str | None]:
    there = None if row.original is None else _shown(row.original)
    here = None if row.here is None else _shown(row.here)
    if row.kind is RowKind.DIFFERS and there is not None and here is not None:
        return _marked(there, here)
    return (None if there is None else _blanks(escape(there))), (None if here is None else _blanks(escape(here)))


def _shown(value: str) -> str:
    """One harmless line per line, shortened in the middle."""
    if len(value) > _LONGEST:
        value = f"{value[: _LONGEST // 2]} … {value[-_LONGEST // 2 :]}"
    shown = "\n".join(display_name(line.expandtabs(4)) for line in value.split("\n"))
    return shown or text("result.compare.value.empty")


def _marked(there: str, here: str) -> tuple[str, str]:
    """Both values with the words in spans that only they have."""
    words, here_words = _WORD.findall(there), _WORD.findall(here)
    if max(len(words), len(here_words)) > _MOST_WORDS:
        return _span(there, "original-words"), _span(here, "here-words")
    left = right = ""
    for tag, start, end, here_start, here_end in SequenceMatcher(None, words, here_words, autojunk=False).get_opcodes():
        one, other = "".join(words[start:end]), "".join(here_words[here_start:here_end])
        left += _blanks(escape(one)) if tag == "equal" else _span(one, "original-words")
        right += _blanks(escape(other)) if tag == "equal" else _span(other, "here-words")
    return left, right


def _span(words: str, look: str) -> str:
    return f'<span class="{look}">{_blanks(escape(words))}</span>' if words else ""


def _blanks(shown: str) -> str:
    """Indentation and line ends survive."""
    lines = shown.split("\n")
    return "<br>".join("&nbsp;" * (len(line) - len(line.lstrip(" "))) + line.lstrip(" ") for line in lines)
