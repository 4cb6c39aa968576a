"""Both file lists as one document: what is only here first, by what it can do; many alike are one line."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

from core.comparison.results import FileGroup, FilePair, FileRelation, Inventory, grouped
from core.findings import LEVEL_ORDER, Ability, FileResult, Level
from core.report import Report
from core.text import Message, display_name, render, size_text, text
from gui.widgets.badge import level_word
from gui.widgets.card_document import LeftOutLine
from gui.widgets.sheet import Line, Sheet, anchor
from gui.widgets.value_document import NoteLine, TitleLine, three_columns

_ORDER = (FileRelation.EXTRA, FileRelation.CHANGED, FileRelation.MISSING, FileRelation.IDENTICAL)
_ABILITIES = (Ability.PROGRAM, Ability.SCRIPT, Ability.CODE_ON_LOAD, Ability.UNKNOWN, Ability.DATA)


@dataclass(frozen=True, slots=True)
class FilesLine:
    """One file, or several that differ only in the numbers of their names."""

    group: FileGroup
    result: FileResult | None
    """What we know of the first one."""
    number: int | None = None

    def html(self) -> str:
        """Path and what it can do, the size there, the size here; then how it was changed."""
        group, first = self.group, self.group.pairs[0]
        name = f"<b>{escape(display_name(group.pattern))}</b>"
        if first.original_path is not None and first.original_path != first.path:
            name += f"<br>{escape(text('result.compare.files.moved', path=first.original_path))}"
        said = "".join(f"<br>{escape(words)}" for words in self._said())
        looks = {FileRelation.EXTRA: ("nothing", "here-block"), FileRelation.MISSING: ("original-block", "nothing")}
        there, here = looks.get(group.relation, ("plain", "plain"))
        sizes = (
            self._size((pair.original_size for pair in group.pairs), group.relation is FileRelation.EXTRA),
            self._size((pair.size for pair in group.pairs), group.relation is FileRelation.MISSING),
        )
        return (
            f'<tr><td width="50%" class="plain">{anchor(self.number)}{name}{said}</td>'
            f'<td width="25%" class="{there}">{sizes[0]}</td><td width="25%" class="{here}">{sizes[1]}</td></tr>'
        )

    def _said(self) -> Iterator[str]:
        relation = self.group.relation
        if self.result is not None and relation in {FileRelation.EXTRA, FileRelation.CHANGED}:
            if self.result.level in {Level.CAREFUL, Level.HIGH, Level.KNOWN_BAD}:
                yield level_word(self.result.level)
            if relation is FileRelation.EXTRA:
                yield text(f"result.files.ability.{self.result.ability}")
        for change in self.group.changes:
            yield render(change)

    def _size(self, sizes: Iterable[int | None], absent: bool) -> str:
        if absent:
            return escape(text("result.compare.value.absent"))
        known = [size for size in sizes if size is not None]
        total = size_text(sum(known) if known else None)
        return escape(text("result.compare.files.size", count=self.group.count, size=total))


def files_sheet(report: Report, only_differences: bool) -> Sheet:
    """All pairs of the inventory, those that deserve attention first. For many files: in a task."""
    inventory = report.comparison.inventory
    if inventory is None:
        return Sheet((), three_columns("file", (50, 25, 25)))
    results = {result.path: result for result in report.files}
    detailed = {difference.path for difference in report.comparison.differences}
    lines: list[Line] = []
    number = 0
    for relation in _ORDER:
        pairs = inventory.of(relation)
        if not pairs:
            continue
        if relation is FileRelation.IDENTICAL and only_differences:
            lines.append(LeftOutLine("result.compare.files.left_out", len(pairs), 3))
            continue
        means = text(f"result.compare.files.{relation}_means")
        lines.append(TitleLine(text(f"result.compare.files.{relation}", count=len(pairs)), means=means))
        for group in _groups(pairs, results):
            if relation is not FileRelation.IDENTICAL:
                number += 1
            shown = number if relation is not FileRelation.IDENTICAL else None
            lines.append(FilesLine(group, results.get(group.pairs[0].path), shown))
            if relation is FileRelation.CHANGED:
                lines += _detail(group, detailed)
    return Sheet(tuple(lines), three_columns("file", (50, 25, 25)))


def weights_sentence(inventory: Inventory) -> str:
    """How much of the weights is the original's."""
    if not inventory.weights_total:
        return text("result.compare.weights.none")
    if inventory.weights_identical == inventory.weights_total:
        return text("result.compare.weights.all", count=inventory.weights_total)
    return text("result.compare.weights.some", count=inventory.weights_identical, total=inventory.weights_total)


def _detail(group: FileGroup, detailed: set[str]) -> Iterator[Line]:
    if any(pair.path in detailed for pair in group.pairs):
        yield NoteLine(Message.of("result.compare.files.see_settings"))
    elif not group.changes:
        yield NoteLine(Message.of("result.compare.files.not_read"))


def _groups(pairs: Iterable[FilePair], results: dict[str, FileResult]) -> list[FileGroup]:
    """Many alike as one, the worst and the most able first. What is worse than its neighbours is never among them."""
    parts: dict[object, list[FilePair]] = {}
    for pair in pairs:
        result = results.get(pair.path)
        moved = pair.original_path is not None and pair.original_path != pair.path
        parts.setdefault((result and (result.ability, result.level), moved), []).append(pair)
    found = [group for part in parts.values() for group in grouped(part)]
    found.sort(key=lambda group: _attention(results.get(group.pairs[0].path), group.pattern))
    return found


def _attention(result: FileResult | None, path: str) -> tuple[int, int, str]:
    if result is None:
        return 0, len(_ABILITIES), path
    return -LEVEL_ORDER.index(result.level), _ABILITIES.index(result.ability), path
