"""What changed files say that a person should know: rules of `resources/rules/comparison.toml`.

Only the comparison is known here: whether a change is ordinary for a relation is decided in `core.joint_findings`.
"""

import re
from collections.abc import Iterator

from core.comparison.card_text import shortened
from core.comparison.results import Comparison, DifferenceSubject, FileDifference, RowKind
from core.findings import Evidence, Finding, Level, finding
from core.text import render

_MAX_SHOWN = 160
_MAX_EVIDENCE = 8
_NEW_WORDS = frozenset({"comparison.difference.new_address", "comparison.difference.new_condition"})
_REQUIREMENTS = re.compile(r"(?:^|/)[^/]*requirements[^/]*\.(?:txt|in|pip)$", re.IGNORECASE)
_PACKAGE = re.compile(r"\s*([^#\s-][^#\s]*)")


def file_findings(comparison: Comparison) -> Iterator[Finding]:
    """Findings about files that the original has in another form."""
    for difference in comparison.differences:
        if difference.subject is DifferenceSubject.CHAT_TEMPLATE:
            yield _template(difference)
        elif difference.notes:
            evidence = tuple(Evidence("change", render(note)) for note in difference.notes[:_MAX_EVIDENCE])
            entry = str(dict(difference.notes[0].values)["entry"])
            yield finding("comparison.code-entry", difference.path, evidence, entry=entry)
        elif difference.subject is DifferenceSubject.TEXT:
            yield from _text(difference)


def _template(difference: FileDifference) -> Finding:
    """A template is more than a setting when it looks for words, or puts its own into the conversation."""
    if any(note.id in _NEW_WORDS for note in difference.notes):
        level = Level.HIGH
    else:
        level = Level.CAREFUL if difference.notes else Level.NOTE
    evidence = [Evidence("change", render(note)) for note in difference.notes]
    shown = difference.rows[: _MAX_EVIDENCE - len(evidence)]
    evidence += (Evidence("template_part", row.here, line=int(row.key)) for row in shown if row.here is not None)
    return finding("comparison.chat-template", difference.path, evidence, level, count=len(difference.rows))


def _text(difference: FileDifference) -> Iterator[Finding]:
    new = [row for row in difference.rows if row.kind is not RowKind.ONLY_ORIGINAL and (row.here or "").strip()]
    if difference.path.endswith(".py"):
        evidence = tuple(Evidence("text", row.here or "", line=int(row.key)) for row in new[:_MAX_EVIDENCE])
        yield finding("comparison.python-file", difference.path, evidence, count=len(difference.rows))
    elif _REQUIREMENTS.search(difference.path):
        packages = [match[1] for row in new if (match := _PACKAGE.match(row.here or ""))]
        evidence = tuple(Evidence("entry", package) for package in packages[:_MAX_EVIDENCE])
        if packages:
            names = shortened(", ".join(packages), _MAX_SHOWN)
            yield finding("comparison.requirements", difference.path, evidence, names=names)
