"""What two safetensors files hold, by their headers (README of huggingface/safetensors)."""

import json
from collections import Counter
from collections.abc import Mapping

from core.comparison.results import ValueRow
from core.comparison.values import MAX_ROWS, compare_entries, value_row
from core.text import Message

MAX_HEADER = 1 << 20
"""Bytes; of a file with more than some 8,000 tensors the header is not compared."""
_MAX_TENSORS = 50_000
_MAX_TYPES = 5

Tensors = dict[str, tuple[str, str]]
"""Type and shape by name."""


def header_length(head: bytes) -> int | None:
    """Bytes of the JSON header that begins after the first eight; None if this cannot be one."""
    length = int.from_bytes(head[:8], "little")
    return length if len(head) >= 8 and 0 < length <= MAX_HEADER else None


def read_header(header: bytes) -> tuple[Tensors, dict[str, str]]:
    """The tensors, and the metadata as JSON texts. Raises `ValueError`."""
    try:
        document = json.loads(header)
    except RecursionError:
        raise ValueError("too deep") from None
    if not isinstance(document, dict) or len(document) > _MAX_TENSORS:
        raise ValueError("not a header")
    metadata = document.pop("__metadata__", None)
    tensors = {
        name: (str(entry.get("dtype")), json.dumps(entry.get("shape")))
        for name, entry in document.items()
        if isinstance(entry, dict)
    }
    given = metadata if isinstance(metadata, dict) else {}
    return tensors, {f"__metadata__.{key}": json.dumps(value, ensure_ascii=False) for key, value in given.items()}


def compare_headers(
    original: tuple[Tensors, dict[str, str]], here: tuple[Tensors, dict[str, str]]
) -> tuple[tuple[ValueRow, ...], int, tuple[Message, ...]]:
    """Rows, how many more there are, and the difference in words."""
    (there, metadata_there), (this, metadata_here) = original, here
    rows, left_out = compare_entries(
        {**metadata_there, **{name: " ".join(facts) for name, facts in there.items()}},
        {**metadata_here, **{name: " ".join(facts) for name, facts in this.items()}},
    )
    summary = []
    if len(there) != len(this):
        summary.append(value_row("tensors", f"{len(there):,}", f"{len(this):,}"))
    if _types(there) != _types(this):
        summary.append(value_row("dtype", _types(there), _types(this)))
    kept = rows[: MAX_ROWS - len(summary)]
    return (*summary, *kept), left_out + len(rows) - len(kept), tuple(_in_words(there, this))


def _in_words(there: Mapping[str, tuple[str, str]], this: Mapping[str, tuple[str, str]]) -> list[Message]:
    both = there.keys() & this.keys()
    counts = {
        "comparison.change.tensors_added": len(this.keys() - there.keys()),
        "comparison.change.tensors_missing": len(there.keys() - this.keys()),
        "comparison.change.tensor_shapes": sum(there[name][1] != this[name][1] for name in both),
    }
    words = [Message.of(name, count=count) for name, count in counts.items() if count]
    if _types(there) != _types(this):
        words.insert(0, Message.of("comparison.change.tensor_types", original=_types(there), here=_types(this)))
    return words or [Message.of("comparison.change.tensor_values")]


def _types(tensors: Mapping[str, tuple[str, str]]) -> str:
    """`BF16`, or `BF16 (290), F32 (1)`."""
    counted = Counter(kind for kind, _ in tensors.values()).most_common(_MAX_TYPES)
    return counted[0][0] if len(counted) == 1 else ", ".join(f"{kind} ({count})" for kind, count in counted)
