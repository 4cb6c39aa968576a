"""What a scanner gets and gives: a file-like object, its surroundings, and the findings it reports."""

import time
from dataclasses import dataclass, field, replace
from typing import Protocol

from core.byte_reader import ByteReader
from core.findings import LEVEL_ORDER, Evidence, FileState, Finding, Level, finding
from core.text import Message, Value

MAX_EVIDENCE = 20
"""Facts kept per finding; the rest is counted."""
MAX_FINDINGS = 200
"""Findings kept per file."""
MAX_VALUE = 400
"""Characters kept of a piece of repository text."""


class LimitReached(Exception):
    """A bound of time, size or number was reached; `reason` says which. The rest of the file stays unread."""

    def __init__(self, reason: str, **values: Value) -> None:
        super().__init__(reason)
        self.reason = Message.of(f"scan.{reason}", **values)


_SECONDS, _MOST_SECONDS, _BYTES_A_SECOND = 20.0, 120.0, 4 << 20
"""A small file has no honest reason to take long; a large one has, and sends bytes while it does."""


def seconds_for(size: int) -> float:
    """Seconds of work that a file of so many bytes may cost."""
    return min(_SECONDS + size / _BYTES_A_SECOND, _MOST_SECONDS)


@dataclass(slots=True)
class Budget:
    """What one top-level file may cost, members and all.

    Time is the processor's time of this thread: neither waiting for bytes counts nor what other files take.
    """

    seconds: float = _MOST_SECONDS
    expanded_bytes: int = 1 << 30
    """Bytes that may come out of compression."""
    members: int = 20_000
    depth: int = 10
    started: float = field(default_factory=time.thread_time)

    def check_time(self) -> None:
        """Raise `LimitReached` when the time is used up."""
        if time.thread_time() - self.started > self.seconds:
            raise LimitReached("too_slow")

    def expand(self, size: int) -> None:
        """Account for `size` bytes that came out of compression."""
        self.expanded_bytes -= size
        if self.expanded_bytes < 0:
            raise LimitReached("too_much_inside")
        self.check_time()

    def member(self) -> None:
        """Account for one more member of a container."""
        self.members -= 1
        if self.members < 0:
            raise LimitReached("too_many_members")
        self.check_time()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What lies beside the file: every path of the repository or folder."""

    paths: frozenset[str] = frozenset()
    modules: frozenset[str] = frozenset()
    """Names that `import` would find among the paths: `loader` for `loader.py`, folders with Python in them."""

    @classmethod
    def of(cls, paths: frozenset[str]) -> "Surroundings":
        """Work out the importable names once."""
        modules: set[str] = set()
        for path in paths:
            if path.lower().endswith((".py", ".pyd", ".so")):
                modules.update(part.partition(".")[0] for part in path.split("/"))
        return cls(paths, frozenset(modules))


class Router(Protocol):
    """Finds out what a file is and calls the scanner for it; see `core.scanning.routing`."""

    def __call__(self, inspection: "Inspection") -> None:
        """Fill `inspection`."""
        ...


@dataclass(slots=True)
class Inspection:
    """One file (or member of a container) under inspection. `path` is its name, also when it is a member."""

    file: ByteReader
    path: str
    route: Router
    budget: Budget
    surroundings: Surroundings = field(default_factory=Surroundings)
    members: tuple[str, ...] = ()
    """Names of the containers' members that lead here, outermost first."""
    kind: str = "unknown"
    state: FileState = FileState.CHECKED
    reason: Message | None = None
    findings: dict[tuple[str, tuple[tuple[str, Value], ...]], Finding] = field(default_factory=dict)

    @property
    def head(self) -> bytes:
        """The first 64 kB."""
        return self.read_at(0, 65536)

    def read_at(self, offset: int, size: int) -> bytes:
        """Exactly `size` bytes from `offset`, or up to the end."""
        self.file.seek(offset)
        return self.file.read(size)

    def report(self, rule: str, *evidence: Evidence, level: Level | None = None, **values: Value) -> None:
        """Note that a rule of the catalogue (`scanning.<rule>`) applies. The same rule and values are merged."""
        clipped = {key: clip(value) if isinstance(value, str) else value for key, value in values.items()}
        if self.members:
            evidence = (*evidence, Evidence("member", clip(" > ".join(self.members))))
        kept = tuple(replace(fact, value=clip(fact.value)) for fact in evidence)
        self.merge(finding(f"scanning.{rule}", None, kept, level, **clipped))

    def merge(self, new: Finding) -> None:
        """Add a finding, or its facts to the one that is there already."""
        key = (new.rule, new.values)
        old = self.findings.get(key)
        if old is None:
            if len(self.findings) >= MAX_FINDINGS and not self._make_room(new.level):
                return
            self.findings[key] = replace(new, evidence=new.evidence[:MAX_EVIDENCE])
            return
        facts = tuple(dict.fromkeys((*old.evidence, *new.evidence)))[:MAX_EVIDENCE]
        level = max(old.level, new.level, key=LEVEL_ORDER.index)
        self.findings[key] = replace(old, evidence=facts, level=level)

    def _make_room(self, level: Level) -> bool:
        """Drop the mildest finding for a worse one, so that a flood of small ones hides nothing; False if none is."""
        mildest = min(self.findings, key=lambda key: LEVEL_ORDER.index(self.findings[key].level))
        if LEVEL_ORDER.index(self.findings[mildest].level) >= LEVEL_ORDER.index(level):
            return False
        del self.findings[mildest]
        return True

    def partly(self, reason: str, **values: Value) -> None:
        """Say that something was left unread; the first reason is kept."""
        if self.state is FileState.CHECKED:
            self.state, self.reason = FileState.PARTLY_CHECKED, Message.of(f"scan.{reason}", **values)

    def unread(self, reason: str, **values: Value) -> None:
        """Say that nothing of substance could be read."""
        if self.state is not FileState.NOT_CHECKED:
            self.state, self.reason = FileState.NOT_CHECKED, Message.of(f"scan.{reason}", **values)

    def nested(self, name: str, file: ByteReader) -> "Inspection":
        """Inspect a member by its own content; findings and gaps become this file's.

        What lies too deep is told and left unread; what lies beside it is still looked at.
        """
        self.budget.member()
        inner = Inspection(
            file, name, self.route, self.budget, self.surroundings, (*self.members, name), findings=self.findings
        )
        if len(self.members) < self.budget.depth:
            self.route(inner)
        else:
            inner.report("archive-nested")
            inner.unread("too_deep")
        if inner.state is not FileState.CHECKED and self.state is FileState.CHECKED:
            self.state, self.reason = FileState.PARTLY_CHECKED, inner.reason
        return inner


def clip(text: str) -> str:
    """At most `MAX_VALUE` characters, without halves of characters, which no report could be written with."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= MAX_VALUE else text[: MAX_VALUE - 1] + "…"
