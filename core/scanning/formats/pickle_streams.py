"""All pickle streams of one file: one after another, and those that lie behind a broken or finished one."""

import re
from dataclasses import dataclass, field

from core.byte_reader import ByteReader
from core.scanning.content import looks_like_pickle
from core.scanning.formats import joblib_arrays
from core.scanning.formats.pickle_globals import Verdict, judge
from core.scanning.formats.pickle_machine import Machine
from core.scanning.formats.pickle_reading import BrokenPickle
from core.scanning.formats.pickle_state import State
from core.scanning.formats.pickle_values import Call, Global
from core.scanning.inspection import Budget

MAX_STREAMS = 10_000
_MAX_CARVED = 200
_SEARCHED_BEHIND = 1 << 20
_SEARCHED_AT_END = 1 << 16
_MAX_TEXTS, _MAX_ANOMALIES = 2000, 100
_STREAM_START = re.compile(rb"\x80[\x02-\x05][\x95c(}\]\x8c]")
_MODULE = re.compile(r"[A-Za-z_][\w.]*")


@dataclass(slots=True)
class Seen:
    """What all streams of one file did."""

    imports: list[Global] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    patches: list[tuple[Global, object, int]] = field(default_factory=list)
    texts: list[tuple[bytes | str, int, int]] = field(default_factory=list)
    fetches: list[tuple[Global, str, int]] = field(default_factory=list)
    anomalies: list[tuple[str, int]] = field(default_factory=list)
    broken: BrokenPickle | None = None
    streams: int = 0
    behind: int | None = None
    """Offset behind the last stream, once all were run."""
    too_many: bool = False
    """More streams, or more starts of streams behind the last one, than are followed."""
    joblib: bool = False

    def take(self, machine: State) -> None:
        """Add what one machine saw."""
        self.imports += machine.imports
        self.calls += machine.calls
        self.patches += machine.patches
        self.fetches += machine.fetches
        self.texts += machine.texts[: _MAX_TEXTS - len(self.texts)]
        self.anomalies += machine.anomalies[: _MAX_ANOMALIES - len(self.anomalies)]


def run_streams(file: ByteReader, budget: Budget, seen: Seen, start: int = 0, most: int = MAX_STREAMS) -> None:
    """Run every stream from `start` to the end of the file, and what looks like one behind the last.

    `most`: streams that the format has; what follows them is data. Fills `seen` also when it raises `LimitReached`
    or what the reader raises.
    """
    offset = start
    while offset < file.size and seen.streams < most:
        budget.check_time()
        machine = _machine(file, offset, budget, seen)
        try:
            machine.run()
        except BrokenPickle as problem:
            if seen.streams and not machine.imports and not looks_like_pickle(_peek(file, offset, 16)):
                break  # no stream at all: something else follows the last one
            seen.broken = problem
            offset = min(max(problem.offset, offset + 1), file.size)
            break
        finally:
            seen.take(machine)
        seen.streams += 1
        offset = machine.offset
    seen.behind = offset
    if seen.streams == MAX_STREAMS and offset < file.size:
        seen.too_many = True
    if seen.streams < most or most == MAX_STREAMS:
        _carve(file, budget, seen, offset)
    else:
        _look_at_end(file, budget, seen, offset)


def _machine(file: ByteReader, offset: int, budget: Budget, seen: Seen) -> Machine:
    machine = Machine(file, offset, budget)

    def look_for_arrays(running: State, call: Call) -> None:
        if joblib_arrays.is_wrapper(call):
            seen.joblib = True
            joblib_arrays.step_over(running, call, seen.take)

    machine.on_call = look_for_arrays
    return machine


def _carve(file: ByteReader, budget: Budget, seen: Seen, offset: int) -> None:
    """Look for further streams behind a broken or finished one: loaders can be told to start there."""
    behind = _peek(file, offset, _SEARCHED_BEHIND) if offset < file.size else b""
    for number, match in enumerate(_STREAM_START.finditer(behind)):
        if number >= _MAX_CARVED:
            seen.too_many = True
            return
        budget.check_time()
        machine = Machine(file, offset + match.start(), budget)
        try:
            machine.run()
        except BrokenPickle:
            if not machine.imports:
                continue
        finally:
            if machine.imports and all(_MODULE.fullmatch(found.module) for found in machine.imports):
                seen.take(machine)
                seen.anomalies.append(("stream_behind", machine.start))


def find_inside(file: ByteReader, budget: Budget, seen: Seen) -> None:
    """Streams near the start or the end of a file of unknown format, if they import something that exists.

    Programs with a format of their own often put a header in front of a pickle.
    """
    for start in sorted({0, max(0, file.size - _SEARCHED_AT_END)}):
        for match in [*_STREAM_START.finditer(_peek(file, start, _SEARCHED_AT_END))][:_MAX_CARVED]:
            budget.check_time()
            machine = Machine(file, start + match.start(), budget)
            try:
                machine.run()
            except BrokenPickle:
                complete = False
            else:
                complete = True
            proper = bool(machine.imports) and all(_MODULE.fullmatch(found.module) for found in machine.imports)
            if proper and (complete or any(_exists(found) for found in machine.imports)):
                seen.take(machine)
                return


def _exists(found: Global) -> bool:
    return judge(found.module, found.name).verdict is not Verdict.UNKNOWN


def _look_at_end(file: ByteReader, budget: Budget, seen: Seen, offset: int) -> None:
    """A stream that ends with the file, behind numbers that no reader takes for one: raw storages do not end so."""
    start = max(offset, file.size - _SEARCHED_AT_END)
    tail = _peek(file, start, _SEARCHED_AT_END)
    if not tail.endswith(b"."):
        return
    for match in [*_STREAM_START.finditer(tail)][:_MAX_CARVED]:
        budget.check_time()
        machine = Machine(file, start + match.start(), budget)
        try:
            machine.run()
        except BrokenPickle:
            continue
        if machine.offset == file.size and machine.imports:
            seen.take(machine)
            seen.anomalies.append(("stream_behind", machine.start))
            return


def _peek(file: ByteReader, offset: int, size: int) -> bytes:
    file.seek(offset)
    return file.read(size)
