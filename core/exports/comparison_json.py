"""A comparison in the versioned JSON form (`resources/schema/check-1.json`). Repository text is left as it is."""

from collections.abc import Iterable
from typing import Any

from core.comparison.results import (
    Addition,
    AdditionKind,
    Comparison,
    FileDifference,
    FilePair,
    FileRelation,
    ValueRow,
)
from core.text import render


def comparison_json(comparison: Comparison) -> dict[str, Any] | None:
    """None without an original to compare with."""
    if comparison.original is None or comparison.inventory is None:
        return None
    cards, inventory = comparison.cards, comparison.inventory
    return {
        "card_similarity": round(cards.similarity, 4) if cards else None,
        "new_in_this_copy": {
            kind.value: [_addition(one) for one in (cards.additions if cards else ()) if one.kind is kind]
            for kind in AdditionKind
        },
        "new_left_out": cards.additions_left_out if cards else 0,
        "front_matter": _rows(cards.front_matter if cards else ()),
        "weights": {"identical": inventory.weights_identical, "total": inventory.weights_total},
        "files": {relation.value: [_pair(pair) for pair in inventory.of(relation)] for relation in FileRelation},
        "file_groups": [
            {"relation": group.relation, "pattern": group.pattern, "count": group.count, "size": group.size}
            for group in inventory.groups()
        ],
        "differences": [_difference(one) for one in comparison.differences],
    }


def _addition(addition: Addition) -> dict[str, Any]:
    notes = [render(note) for note in addition.notes]
    return {"value": addition.value, "runs": list(addition.runs), "notes": notes}


def _pair(pair: FilePair) -> dict[str, Any]:
    changes = [render(change) for change in pair.changes]
    return {"path": pair.path, "original_path": pair.original_path, "changes": changes}


def _difference(difference: FileDifference) -> dict[str, Any]:
    return {
        "path": difference.path,
        "subject": difference.subject,
        "notes": [render(note) for note in difference.notes],
        "rows": _rows(difference.rows),
        "limits": [render(limit) for limit in difference.limits],
    }


def _rows(rows: Iterable[ValueRow]) -> list[dict[str, Any]]:
    return [{"kind": row.kind, "key": row.key, "original": row.original, "here": row.here} for row in rows]
