"""A comparison as plain text, like a unified diff: to be copied, saved and read anywhere.

Every line of repository text is made harmless; nothing in it can be taken for a line of ours.
"""

from collections.abc import Iterable, Iterator

from core.comparison.results import (
    Block,
    CardComparison,
    Comparison,
    DifferenceSubject,
    FileDifference,
    FileGroup,
    FileRelation,
    Inventory,
    Row,
    RowKind,
    ValueRow,
)
from core.text import display_name, render, size_text, text

_BY_LINE = frozenset({DifferenceSubject.CHAT_TEMPLATE, DifferenceSubject.TEXT})
_CARD = "README.md"


def diff_text(comparison: Comparison) -> str:
    """All differences. Without an original: the sentence that there is nothing to compare with."""
    if comparison.original is None:
        return f"{text('export.diff.no_original')}\n"
    parts = [text("export.diff.head")]
    if comparison.cards is not None:
        parts += [*_header(comparison.cards), *_card(comparison.cards)]
    for difference in comparison.differences:
        parts += difference_lines(difference)
    if comparison.inventory is not None:
        parts += _files(comparison.inventory)
    if len(parts) == 1:
        parts.append(text("export.diff.none"))
    return "\n".join(parts) + "\n"


def difference_lines(difference: FileDifference) -> Iterator[str]:
    """One changed file."""
    yield from _title(difference.path)
    yield from (f"# {render(note)}" for note in difference.notes)
    for row in difference.rows:
        if difference.subject in _BY_LINE:
            yield f"@@ {display_name(row.key)} @@"
            yield from _two_sides(row.original, row.here)
        else:
            yield from _entry(row)
    yield from (f"# {render(limit)}" for limit in difference.limits)


def _header(cards: CardComparison) -> Iterator[str]:
    rows = [row for row in cards.front_matter if row.kind is not RowKind.SAME]
    if rows:
        yield from _title(f"{_CARD} (YAML)")
        for row in rows:
            yield from _entry(row)


def _card(cards: CardComparison) -> Iterator[str]:
    if all(row.kind is RowKind.SAME for row in cards.rows):
        return
    yield from _title(_CARD)
    before: Row | None = None
    for row in cards.rows:
        if row.kind is not RowKind.SAME:
            if before is None or before.kind is RowKind.SAME:
                yield "@@"
                yield from _context(before)
            if _words(row.original) != _words(row.here):
                yield from _two_sides(_words(row.original), _words(row.here))
            for there, here in row.changed_links:
                yield from _two_sides(f"[{there.text}]({there.target})", f"[{here.text}]({here.target})")
        before = row


def _context(row: Row | None) -> Iterator[str]:
    """The last line of what is the same, so that a reader finds the place."""
    words = _words(row.here) if row is not None else None
    if words:
        yield f"  {_shown(words.splitlines()[-1])}"


def _words(block: Block | None) -> str | None:
    return None if block is None else block.text


def _entry(row: ValueRow) -> Iterator[str]:
    sides = (None if value is None else f"{row.key}: {value}" for value in (row.original, row.here))
    return _two_sides(*sides)


def _two_sides(original: str | None, here: str | None) -> Iterator[str]:
    for sign, side in (("-", original), ("+", here)):
        yield from (f"{sign} {_shown(line)}" for line in (side or "").splitlines() or ([""] if side == "" else []))


def _files(inventory: Inventory) -> Iterator[str]:
    groups = [group for group in inventory.groups() if group.relation is not FileRelation.IDENTICAL]
    if groups:
        yield ""
        yield text("export.diff.files")
        yield from (line for group in groups for line in _group(group))


def _group(group: FileGroup) -> Iterable[str]:
    name = display_name(group.pattern)
    count = f" ({text('export.files', count=group.count)})" if group.count > 1 else ""
    yield f"{_SIGNS[group.relation]} {name}{count}, {size_text(group.size)}"
    yield from (f"    {render(change)}" for change in group.changes)


_SIGNS = {FileRelation.EXTRA: "+", FileRelation.MISSING: "-", FileRelation.CHANGED: "!"}


def _title(path: str) -> Iterator[str]:
    name = display_name(path)
    yield ""
    yield f"--- {name} ({text('export.diff.original')})"
    yield f"+++ {name} ({text('export.diff.here')})"


def _shown(line: str) -> str:
    return display_name(line.expandtabs(4))
