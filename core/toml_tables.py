"""Long TOML files read table by table: a short command needs a few of hundreds of tables, and parsing is slow.

Only for files of our own, whose tables all begin with a header line; tests compare with the whole file parsed.
"""

import re
import tomllib
from collections.abc import Iterator
from typing import Any


def tables(source: str, header: re.Pattern[str]) -> Iterator[tuple[re.Match[str], str]]:
    """Each header line that `header` matches (use `re.MULTILINE`), with the unparsed text below it."""
    found = list(header.finditer(source))
    ends = [match.start() for match in found[1:]] + [len(source)]
    for match, end in zip(found, ends, strict=True):
        yield match, source[match.end() : end]


def parsed(body: str) -> dict[str, Any]:
    """The keys of one table. Raises `tomllib.TOMLDecodeError`."""
    return tomllib.loads(body)
