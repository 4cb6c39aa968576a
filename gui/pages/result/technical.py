"""The third depth: raw facts, rules, times, and the whole report as JSON."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QWidget

from core.network_words import allowance_sentence
from core.report import Report, to_json
from core.text import display_name, size_text, text
from gui.pages.result.gradual import Gradual
from gui.pages.result.words import facts, moment
from gui.tasks import Task, TaskRunner
from gui.theme import space
from gui.widgets.buttons import Button
from gui.widgets.labels import PlainLabel
from gui.widgets.layouts import Card, Column, clear, row
from gui.widgets.notice import announce
from gui.widgets.plain_text import PlainTextView, bounded

_LINES = 1500
_LONGEST_VALUE = 2000

Facts = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Json:
    """The report written out: all of it for the clipboard, the beginning for the eye."""

    whole: str
    shown: str
    cut: bool


class TechnicalTab(Column):
    """Everything that an analyst may want to see or copy."""

    completed = Signal()
    """The JSON is there."""
    failed = Signal(object)
    """The exception of a task."""

    def __init__(self, runner: TaskRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._report: Report | None = None
        self._json = ""
        self._gradual = Gradual(self)

    def show_report(self, report: Report) -> None:
        """Build the tab for `report`; the JSON follows from a task."""
        self._report = report
        self._json = ""
        clear(self.content)
        self.view = PlainTextView(text("result.technical.json"))
        self.view.setMinimumHeight(space(40))
        self.view.setPlainText(text("result.technical.json_busy"))
        self.cut = PlainLabel(role="caption")
        self.cut.hide()
        self.copy_json = Button(text("result.technical.copy_json"))
        self.copy_json.setEnabled(False)
        self.copy_json.clicked.connect(lambda: self._copy(self._json))
        sections = (
            ("repository", _repository(report)),
            ("figures", _figures(report)),
            ("header", list(report.comparison.here.front_matter)),
            ("rules", _rules(report)),
            ("timings", _timings(report)),
            ("network", _network(report)),
            ("tool", _tool(report)),
        )
        steps = [partial(self._add_section, name, lines) for name, lines in sections if lines]
        self._gradual.start((*steps, self._add_json))

    def _add_section(self, name: str, lines: Facts) -> None:
        card = Card()
        title = text(f"result.technical.{name}")
        card.content.addWidget(PlainLabel(title, role="heading"))
        shown = [(display_name(key, 80), value[:_LONGEST_VALUE]) for key, value in lines]
        card.content.addWidget(facts(shown))
        copied = "\n".join(f"{key}: {display_name(value)}" for key, value in shown)
        copy = Button(text("window.copy"), "quiet", spoken=f"{text('result.technical.copy_facts')}: {title}")
        copy.clicked.connect(lambda: self._copy(copied))
        card.content.addLayout(row((copy, None)))
        self.content.addWidget(card)

    def _add_json(self) -> None:
        card = Card()
        card.content.addWidget(PlainLabel(text("result.technical.json"), role="heading"))
        card.content.addWidget(self.view)
        card.content.addWidget(self.cut)
        card.content.addLayout(row((self.copy_json, None)))
        self.content.addWidget(card)
        report = self._report
        task = Task.plain(_written, report)
        task.succeeded.connect(lambda done: self._show_json(done) if self._report is report else None)
        task.failed.connect(self.failed)
        self._runner.start(task)

    def _show_json(self, done: object) -> None:
        if not isinstance(done, _Json):
            return
        self._json = done.whole
        self.view.setPlainText(done.shown)
        self.cut.setText(text("result.technical.json_cut", lines=_LINES))
        self.cut.setVisible(done.cut)
        self.copy_json.setEnabled(True)
        self.completed.emit()

    def _copy(self, words: str) -> None:
        QApplication.clipboard().setText(words)
        announce(self, text("window.copied"))


def _written(report: Report) -> _Json:
    """The report as JSON, in pieces: one long call in C would hold up the thread that draws."""
    chunks = json.JSONEncoder(indent=2).iterencode(to_json(report))
    whole = "".join("".join(some) for some in _batched(chunks, 4096))
    end = 0
    for _ in range(_LINES):
        end = whole.find("\n", end) + 1
        if end == 0:
            return _Json(whole, bounded(whole, _LINES), False)
    return _Json(whole, bounded(whole[:end], _LINES), True)


def _batched(chunks: Iterable[str], size: int) -> Iterator[list[str]]:
    """Lists of at most `size`; in the library from Python 3.12 on."""
    rest = iter(chunks)
    while some := list(islice(rest, size)):
        yield some


def _repository(report: Report) -> Facts:
    snapshot = report.snapshot
    unknown = text("result.unknown")
    gated = snapshot.gated
    lines = [
        ("name", snapshot.repository.name),
        ("asked_for", snapshot.asked_for.name),
        ("kind", snapshot.repository.kind.value),
        ("endpoint", snapshot.endpoint),
        ("commit", snapshot.commit),
        ("revision", snapshot.revision or text("result.technical.default_revision")),
        ("commits", f"{snapshot.commit_count:,}" if snapshot.commit_count is not None else unknown),
        ("created", moment(snapshot.created_at)),
        ("changed", moment(snapshot.last_modified)),
        ("retrieved", moment(snapshot.retrieved_at)),
        ("total_size", size_text(snapshot.total_size)),
        ("license", snapshot.license or unknown),
        ("library", snapshot.library or unknown),
        ("gated", text("result.technical.gated_value", word=gated) if gated else text("result.technical.open_access")),
        ("base_models", ", ".join(snapshot.base_models) or unknown),
        ("tags", ", ".join(snapshot.tags) or unknown),
    ]
    original = report.identity.original
    if original is not None:
        lines.append(("original", original.snapshot.repository.name))
        lines.append(("original_commit", original.snapshot.commit))
    return _named(lines)


def _network(report: Report) -> Facts:
    use = report.network
    lines = [
        ("requests", f"{use.requests:,}"),
        ("received", size_text(use.bytes)),
        ("from_cache", f"{use.from_cache:,}"),
    ]
    if use.read_on is not None:
        lines.append(("oldest_answer", moment(use.read_on)))
    lines += [("allowance", allowance_sentence(one)) for one in use.allowances]
    return _named(lines)


def _figures(report: Report) -> Facts:
    figures = report.snapshot.figures
    found = {
        "downloads": figures.downloads,
        "downloads_all_time": figures.downloads_all_time,
        "likes": figures.likes,
        "trending": figures.trending_score,
    }
    unknown = text("result.unknown")
    return _named([(name, f"{count:,}" if count is not None else unknown) for name, count in found.items()])


def _rules(report: Report) -> Facts:
    counts = Counter(found.rule for found in report.findings)
    return [(rule, text("result.technical.rule_count", count=count)) for rule, count in counts.most_common()]


def _timings(report: Report) -> Facts:
    return [
        (text(f"result.technical.step.{step}"), text("result.technical.seconds", seconds=f"{seconds:.2f}"))
        for step, seconds in report.timings
    ]


def _tool(report: Report) -> Facts:
    tool = report.tool
    made_by = text("result.technical.tool_value", name=tool.name, version=tool.version, rules=tool.rules)
    return _named([("tool", made_by), ("report", report.id)])


def _named(lines: list[tuple[str, str]]) -> Facts:
    return [(text(f"result.technical.{name}"), value) for name, value in lines]
