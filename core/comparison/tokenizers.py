"""Two `tokenizer.json` files (huggingface/tokenizers): settings entry by entry, the vocabulary by number.

They are up to tens of megabytes long, nearly all of it vocabulary. What stands before the model is parsed value by
value, each within a bound; the model is only cut into pieces and counted.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from core.comparison.lines import pieces_differ
from core.comparison.results import ValueRow
from core.comparison.values import compare_entries, entries
from core.text import Message

MAX_VALUE = 1 << 20
"""Characters of one value that is parsed."""
_BLANKS = re.compile(r"[\s,]*")
_KEY = re.compile(r'"([^"\\]{1,100})"\s*:\s*')
_MODEL, _TOKENS = "model", "added_tokens"


def compare_tokenizers(
    original: bytes, here: bytes, *, whole: bool
) -> tuple[tuple[ValueRow, ...], int, tuple[Message, ...]]:
    """Rows, how many more there are, and the difference in words. `whole` False: only the beginnings are given.

    Raises:
        ValueError: one of them is not such a file, or not written in its usual order.
    """
    there, model_there = _settings(original)
    this, model_here = _settings(here)
    rows, left_out = compare_entries(there, this)
    words = _tokens_in_words(there, this)
    if rows and not words:
        words.append(Message.of("comparison.change.entries", count=len(rows) + left_out))
    if not whole:
        words.append(Message.of("comparison.change.vocabulary_not_read"))
    elif any(counts := pieces_differ(model_there, model_here)):
        words.append(Message.of("comparison.change.vocabulary", here=counts[0], original=counts[1]))
    return rows, left_out, tuple(words)


def _tokens_in_words(there: dict[str, str], this: dict[str, str]) -> list[Message]:
    before, now = ({key for key in side if key.startswith(f"{_TOKENS}.")} for side in (there, this))
    counts = {
        "comparison.change.tokens_added": len(now - before),
        "comparison.change.tokens_missing": len(before - now),
    }
    return [Message.of(name, count=count) for name, count in counts.items() if count]


def _settings(source: bytes) -> tuple[dict[str, str], bytes]:
    """Everything before the model as entries, an added token as one of them; and the model as it is written."""
    text = source.decode("utf-8-sig", "replace")
    found: dict[str, str] = {}
    for key, value, place in _members(text):
        if key == _MODEL:
            return found, text[place:].encode()
        if key == _TOKENS and isinstance(value, list):
            listed = (one for one in value if isinstance(one, dict))
            found |= {f"{key}.{one.get('content')}": json.dumps(one, ensure_ascii=False) for one in listed}
        else:
            found |= entries({key: value})
    raise ValueError("no model")


def _members(text: str) -> Iterator[tuple[str, Any, int]]:
    """Keys and values of the outermost object, in order, and where each value begins. Ends with the model (None)."""
    decoder = json.JSONDecoder()
    place = text.find("{") + 1
    if not place or text[: place - 1].strip():
        raise ValueError("no object")
    while True:
        place = _BLANKS.match(text, place).end()  # type: ignore[union-attr]  # matches everywhere
        key = _KEY.match(text, place)
        if key is None:
            return
        if key[1] == _MODEL:
            yield key[1], None, key.end()
            return
        try:
            value, length = decoder.raw_decode(text[key.end() : key.end() + MAX_VALUE])
        except RecursionError:
            raise ValueError("too deep") from None
        yield key[1], value, key.end()
        place = key.end() + length
