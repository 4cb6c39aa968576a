"""The YAML header of a card, in words. Hugging Face model cards: a block between two lines of `---`."""

import re
from collections.abc import Iterator, Sequence

import yaml

from core.comparison.card_text import shortened, visible
from core.comparison.results import RowKind, ValueRow
from core.comparison.values import in_both_orders
from core.text import Message

_HEADER = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_BRACKETS = re.compile(r"[\[\]{}]")
_MAX_HEADER = 64 * 1024
"""Characters. The pure Python parser needs about 10 ms per KiB; longer headers are benchmark tables."""
_MAX_ENTRIES = 200
_MAX_VALUE = 500
_MAX_DEPTH = 8
_MAX_FLOW = 30
"""Brackets in brackets; the parser takes time with the square of their depth: 5 s for 10 kB."""


def split(source: str) -> tuple[str, str]:
    """(header without its fences, rest). The header is "" if there is none."""
    match = _HEADER.match(source)
    return (match.group(1), source[match.end() :]) if match else ("", source)


def read(header: str) -> tuple[tuple[tuple[str, str], ...], tuple[Message, ...]]:
    """The header as (key, value) pairs, nested keys joined with dots, and what could not be read.

    Every scalar is taken as text: nothing of YAML is interpreted. Aliases are refused (they can
    expand without bound).
    """
    if not header.strip():
        return (), ()
    if len(header) > _MAX_HEADER or _flow_depth(header) > _MAX_FLOW:
        return (), (Message.of("comparison.limit.front_matter"),)
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(header, Loader=yaml.BaseLoader)):
            return (), (Message.of("comparison.limit.front_matter"),)
        # BaseLoader builds only str, list and dict.
        loaded: object = yaml.load(header, Loader=yaml.BaseLoader)  # noqa: S506  safer than SafeLoader: no types at all
    except (yaml.YAMLError, RecursionError):
        return (), (Message.of("comparison.limit.front_matter"),)
    pairs = tuple(_pairs("", loaded, 0))
    shown = tuple((visible(shortened(key, _MAX_VALUE)), visible(shortened(value, _MAX_VALUE))) for key, value in pairs)
    limits = (Message.of("comparison.limit.front_matter_entries", count=_MAX_ENTRIES),)
    return shown[:_MAX_ENTRIES], limits if len(shown) > _MAX_ENTRIES else ()


def _flow_depth(header: str) -> int:
    """How deep brackets are nested at most, whether YAML takes them for brackets or not."""
    depth = deepest = 0
    for bracket in _BRACKETS.findall(header):
        depth = depth + 1 if bracket in "[{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest


def compare(original: Sequence[tuple[str, str]], here: Sequence[tuple[str, str]]) -> tuple[ValueRow, ...]:
    """Every key of both headers, in the order of `here`; what only the original has stands where it stood there."""
    there, this = dict(original), dict(here)
    order = in_both_orders([key for key, _ in original], [key for key, _ in here])
    pairs = ((key, there.get(key), this.get(key)) for key in order)
    return tuple(ValueRow(_relation(there_value, value), key, there_value, value) for key, there_value, value in pairs)


def _relation(original: str | None, here: str | None) -> RowKind:
    if original is None or here is None:
        return RowKind.ONLY_HERE if original is None else RowKind.ONLY_ORIGINAL
    same = original == here or sorted(original.split(", ")) == sorted(here.split(", "))
    return RowKind.SAME if same else RowKind.DIFFERS


def _pairs(key: str, value: object, depth: int) -> Iterator[tuple[str, str]]:
    if depth == _MAX_DEPTH:
        yield key, "…"
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _pairs(f"{key}.{name}" if key else str(name), inner, depth + 1)
    elif isinstance(value, list):
        if all(isinstance(item, str) for item in value):
            yield key, ", ".join(value)
        else:
            for number, item in enumerate(value, 1):
                yield from _pairs(f"{key}.{number}", item, depth + 1)
    else:
        yield key, str(value)
