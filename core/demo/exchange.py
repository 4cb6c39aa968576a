"""One request and one response of the demo hub, without sockets, and the bytes a file is made of."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

_STEP = 64 << 10
HOLE = -1
"""Offset of an extent that is not on disk and reads as zeros."""


class Origin(StrEnum):
    """Which of the two servers was asked: they differ in port, so clients must treat them as strangers."""

    HUB = "hub"
    CDN = "cdn"


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came: `path` still percent-encoded, header names in lower case."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    origin: Origin = Origin.HUB

    def value(self, name: str, default: str = "") -> str:
        """The first value of a query parameter."""
        return next((value for key, value in self.query if key == name), default)

    def values(self, name: str) -> tuple[str, ...]:
        """All values of a query parameter; `name[]` counts as `name`."""
        return tuple(value for key, value in self.query if key.removesuffix("[]") == name)

    def flag(self, name: str) -> bool:
        """True for `name=true`, `name=True`, `name=1`."""
        return self.value(name).lower() in {"true", "1"}


@dataclass(frozen=True, slots=True)
class Content:
    """A run of bytes in a pack file. `extents` are (offset, length); offset `HOLE` stands for zeros."""

    pack: Path
    extents: tuple[tuple[int, int], ...]

    @property
    def size(self) -> int:
        """Length in bytes."""
        return sum(length for _, length in self.extents)

    def part(self, start: int, length: int) -> "Content":
        """The bytes from `start` on, `length` of them."""
        kept: list[tuple[int, int]] = []
        for offset, size in self.extents:
            first, last = min(start, size), min(start + length, size)
            if last > first:
                kept.append((offset if offset == HOLE else offset + first, last - first))
            length -= last - first
            start -= first
        return Content(self.pack, tuple(kept))

    def chunks(self) -> Iterator[bytes]:
        """The bytes, in pieces of at most 64 KB."""
        with self.pack.open("rb") as pack:
            for offset, size in self.extents:
                if offset != HOLE:
                    pack.seek(offset)
                for done in range(0, size, _STEP):
                    step = min(_STEP, size - done)
                    yield bytes(step) if offset == HOLE else pack.read(step)

    def read(self) -> bytes:
        """All bytes at once."""
        return b"".join(self.chunks())


@dataclass(frozen=True, slots=True)
class Response:
    """An answer. The server adds `Content-Length` from the body; for HEAD it sends the length only."""

    status: int
    body: bytes | Content = b""
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def length(self) -> int:
        """Bytes of the body."""
        return len(self.body) if isinstance(self.body, bytes) else self.body.size

    def header(self, name: str) -> str | None:
        """The first header of that name."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def json(self) -> Any:  # noqa: ANN401  JSON has no better type
        """The body, decoded; for tests of the dispatch core."""
        return json.loads(self.body if isinstance(self.body, bytes) else self.body.read())


def json_response(value: object, status: int = 200, *headers: tuple[str, str]) -> Response:
    """An answer in JSON."""
    body = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
    return Response(status, body, (("Content-Type", "application/json; charset=utf-8"), *headers))


def error_response(status: int, message: str, code: str | None = None, *headers: tuple[str, str]) -> Response:
    """An answer as the Hub gives errors: text in the body and in two headers."""
    coded = (("X-Error-Code", code),) if code else ()
    # The message may quote the request: nothing of it may end the header line.
    line = "".join(letter if letter.isascii() and letter.isprintable() else "?" for letter in message)
    return json_response({"error": message}, status, *coded, ("X-Error-Message", line), *headers)
