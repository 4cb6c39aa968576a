"""A report as one HTML page that opens offline: no script, no picture, no address that could be loaded."""

import functools

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from core.comparison.results import AdditionKind, FileRelation, RowKind, grouped
from core.extra_files import extras_by_ability
from core.findings import FileState, in_words
from core.network_words import age_sentence, network_sentences
from core.paths import RESOURCES
from core.report import Report
from core.text import display_name, render, size_text, text

_ROWS_SHOWN = 50
"""Of each difference; a page is for people."""


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(RESOURCES / "export"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters.update(shown=display_name, words=in_words, render=render, size=size_text)
    environment.globals.update(text=text)
    return environment


def to_html(report: Report) -> str:
    """The page. Repository text is shown through `display_name` and escaped; cards are not included."""
    comparison = report.comparison
    cards, inventory = comparison.cards, comparison.inventory
    additions = cards.additions if cards else ()
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            report=report,
            age=age_sentence(report),
            network=network_sentences(report.network),
            snapshot=report.snapshot,
            verdict=report.verdict,
            original=report.identity.original,
            additions={kind: [a for a in additions if a.kind is kind] for kind in AdditionKind},
            front_matter=[row for row in cards.front_matter if row.kind is not RowKind.SAME] if cards else [],
            inventory=inventory,
            extras=extras_by_ability(report),
            changed=grouped(inventory.of(FileRelation.CHANGED)) if inventory else (),
            differences=comparison.differences,
            rows_shown=_ROWS_SHOWN,
            unread=[result for result in report.files if result.state is not FileState.CHECKED],
            sizes={file.path: file.size for file in report.snapshot.files},
        )
    )
