"""Pickles of every protocol: what they import and call when they are loaded, stream after stream."""

import base64
import binascii
import re
from dataclasses import dataclass, field

from core.findings import Evidence, Level
from core.repository import ByteReader
from core.scanning.byte_sources import BytesFile, Window
from core.scanning.content import looks_like_pickle
from core.scanning.formats import joblib_arrays, second_opinion
from core.scanning.formats.pickle_globals import Verdict, judge
from core.scanning.formats.pickle_machine import BrokenPickle, Machine
from core.scanning.formats.pickle_values import Attribute, Call, Global, show, texts_in
from core.scanning.inspection import Budget, Inspection, LimitReached

TORCH_MAGIC = b"\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."
"""The long that starts a PyTorch file of before version 1.6 (torch/serialization.py: MAGIC_NUMBER)."""

_MAX_STREAMS = 10_000
_MAX_CARVED = 16
_SEARCHED_BEHIND = 1 << 20
_MAX_HIDDEN = 64
_CODE_LIKE = re.compile(
    r"[;|&`$<>]|\b(import|exec|eval|lambda|print|curl|wget|powershell|cmd|bash|sh|python|nc|rm|chmod|echo|touch)\b|"
    r"https?://|[/\\][\w.-]+|\w+\(.*\)"
)
_IDENTIFIER = re.compile(r"[A-Za-z_][\w.]*")


@dataclass(slots=True)
class Seen:
    """What all streams of one file did."""

    imports: list[Global] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    patches: list[tuple[Global, object, int]] = field(default_factory=list)
    texts: list[tuple[bytes | str, int, int]] = field(default_factory=list)
    anomalies: list[tuple[str, int]] = field(default_factory=list)
    broken: BrokenPickle | None = None
    streams: int = 0
    unread: int = 0
    """Bytes after the last stream that are no pickle."""
    joblib: bool = False

    def take(self, machine: Machine) -> None:
        """Add what one machine saw."""
        self.streams += 1
        self.imports += machine.imports
        self.calls += machine.calls
        self.patches += machine.patches
        self.texts += machine.texts[: 2000 - len(self.texts)]
        self.anomalies += machine.anomalies[: 100 - len(self.anomalies)]


def scan(inspection: Inspection) -> None:
    """A plain pickle, a joblib file, or a PyTorch file of before 1.6."""
    legacy = TORCH_MAGIC in inspection.head[:32]
    if legacy:
        inspection.kind = "torch_legacy"
    seen = run_streams(inspection.file, inspection.budget, most=5 if legacy else _MAX_STREAMS)
    if seen.joblib:
        inspection.kind = "joblib"
    report(inspection, seen, trailing_expected=legacy)


def scan_member(inspection: Inspection, start: int, raw_behind: bool) -> None:
    """A pickle at an offset of a file with a header of its own, for example an array of objects."""
    report(inspection, run_streams(inspection.file, inspection.budget, start=start), trailing_expected=raw_behind)


def run_streams(file: ByteReader, budget: Budget, start: int = 0, most: int = _MAX_STREAMS) -> Seen:
    """Run every stream from `start` to the end of the file, and what looks like one behind the last."""
    seen = Seen()
    offset = start
    while offset < file.size and seen.streams < most:
        machine = _machine(file, offset, budget, seen)
        try:
            machine.run()
        except BrokenPickle as problem:
            if seen.streams and not machine.imports and not looks_like_pickle(_peek(file, offset, 16)):
                break  # no stream at all: something else follows the last one
            seen.take(machine)
            seen.broken = problem
            offset = min(max(problem.offset, offset + 1), file.size)
            break
        except LimitReached:
            seen.take(machine)
            raise
        seen.take(machine)
        offset = machine.offset
    if seen.streams < most or most > 5:
        seen.unread = file.size - offset
        _carve(file, budget, seen, offset)
    return seen


def _machine(file: ByteReader, offset: int, budget: Budget, seen: Seen) -> Machine:
    machine = Machine(file, offset, budget)

    def look_for_arrays(running: Machine, call: Call) -> None:
        if joblib_arrays.is_wrapper(call):
            seen.joblib = True
            inner = joblib_arrays.step_over(running, call)
            if inner is not None:
                seen.take(inner)

    machine.on_call = look_for_arrays
    return machine


def _carve(file: ByteReader, budget: Budget, seen: Seen, offset: int) -> None:
    """Look for further streams behind a broken or finished one: loaders can be told to start there."""
    behind = _peek(file, offset, _SEARCHED_BEHIND) if offset < file.size else b""
    for number, match in enumerate(re.finditer(rb"\x80[\x02-\x05][\x95c(}\]\x8c]", behind)):
        if number >= _MAX_CARVED:
            return
        machine = Machine(file, offset + match.start(), budget)
        try:
            machine.run()
        except BrokenPickle:
            if not machine.imports:
                continue
        if machine.imports and all(_IDENTIFIER.fullmatch(found.module) for found in machine.imports):
            seen.take(machine)
            seen.anomalies.append(("stream_behind", machine.start))


def _peek(file: ByteReader, offset: int, size: int) -> bytes:
    file.seek(offset)
    return file.read(size)


def is_old_pickle(head: bytes, size: int) -> bool:
    """Protocols 0 and 1 have no mark: true if the start runs as a pickle that imports something by a proper name."""
    if head[:1] not in _OLD_STARTS:
        return False
    machine = Machine(BytesFile(head), 0, Budget(seconds=2.0))
    complete = True
    try:
        machine.run()
    except (BrokenPickle, LimitReached):
        complete = False
    if not machine.imports:
        return complete and machine.offset == size and size > 8 and head[:1] in b"(]})"
    proper = all(
        _IDENTIFIER.fullmatch(found.module) and _IDENTIFIER.fullmatch(found.name) for found in machine.imports
    )
    known = any(judge(found.module, found.name).verdict is not Verdict.UNKNOWN for found in machine.imports)
    return proper and (complete or bool(machine.calls) or known)


_OLD_STARTS = frozenset(bytes([code]) for code in b"(]})cliNFGIJKLMSTUVX")


# -- findings


def report(inspection: Inspection, seen: Seen, trailing_expected: bool = False) -> None:
    """Turn what the streams did into findings of the file."""
    before = len(inspection.findings)
    levels = _report_imports(inspection, seen)
    _report_calls(inspection, seen)
    for target, state, offset in seen.patches:
        if judge(target.module, target.name).verdict is not Verdict.FRAMEWORK:
            call = f"{target.dotted}.__setstate__({show(state)})"
            inspection.report("pickle-patch", Evidence("call", call, offset), name=target.dotted)
    for problem, offset in seen.anomalies:
        inspection.report("pickle-odd", Evidence("oddity", problem, offset))
    _report_hidden(inspection, seen)
    if seen.broken is not None:
        level = Level.HIGH if levels & {Verdict.DANGEROUS, Verdict.UNKNOWN} else Level.CAREFUL
        where = Evidence("broken", str(seen.broken), seen.broken.offset)
        inspection.report("pickle-broken", where, level=level)
        inspection.partly("pickle_broken")
    elif seen.unread > 0 and not trailing_expected and seen.unread > 16:
        inspection.report("pickle-odd", Evidence("oddity", "data_behind", inspection.file.size - seen.unread))
    _report_second_opinion(inspection, seen)
    if len(inspection.findings) == before:
        names = sorted({found.dotted for found in seen.imports})
        inspection.report("pickle", *(Evidence("import", name) for name in names[:10]))


def _report_imports(inspection: Inspection, seen: Seen) -> set[Verdict]:
    """Findings for what is imported; the set of verdicts met."""
    met = set()
    called = {id(call.function): call for call in seen.calls}
    for found in seen.imports:
        judgement = judge(found.module, found.name)
        met.add(judgement.verdict)
        call = called.get(id(found))
        shown = Evidence("call", show(call), call.offset) if call else Evidence("import", found.dotted, found.offset)
        if judgement.verdict is Verdict.DANGEROUS:
            inspection.report("pickle-dangerous", shown, name=found.dotted, reason=judgement.reason)
        elif judgement.verdict is Verdict.UNKNOWN:
            _report_unknown(inspection, found, call, shown)
    return met


def _report_unknown(inspection: Inspection, found: Global, call: Call | None, shown: Evidence) -> None:
    plain_function = call is not None and not _is_class_name(found.name)
    if found.module.partition(".")[0] in inspection.surroundings.modules:
        level = Level.HIGH if plain_function else Level.CAREFUL
        inspection.report("pickle-local-code", shown, level=level, name=found.dotted)
        return
    runs = plain_function and call is not None and _looks_like_an_order(found, call)
    inspection.report("pickle-unknown", shown, level=Level.HIGH if runs else Level.CAREFUL, name=found.dotted)


def _is_class_name(name: str) -> bool:
    return name.rpartition(".")[2].lstrip("_")[:1].isupper()


def _looks_like_an_order(found: Global, call: Call) -> bool:
    """An unknown function is called: with something like a command, code, path or address, or from Python itself."""
    if judge(found.module, found.name).reason.startswith("part of Python"):
        return True
    return any(isinstance(text, str) and _CODE_LIKE.search(text) for text in texts_in(call.arguments))


def _report_calls(inspection: Inspection, seen: Seen) -> None:
    """Calls of something that is not a plain import: of a result, or of an attribute reached by name."""
    for call in seen.calls:
        function = call.function
        shown = Evidence("call", show(call), call.offset)
        if isinstance(function, Attribute):
            inner = function.name.startswith("__") and function.name not in {"__new__", "__init__"}
            inspection.report("pickle-computed", shown, level=Level.HIGH if inner else Level.CAREFUL)
        elif isinstance(function, Call):
            maker = function.function
            known = isinstance(maker, Global) and judge(maker.module, maker.name).verdict in {
                Verdict.HARMLESS,
                Verdict.FRAMEWORK,
            }
            inspection.report("pickle-computed", shown, level=Level.CAREFUL if known else Level.HIGH)
        elif isinstance(function, Global):
            _report_arguments(inspection, function, call, shown)


def _report_arguments(inspection: Inspection, function: Global, call: Call, shown: Evidence) -> None:
    """`methodcaller("system", …)` and `attrgetter("__globals__")`: names that lead to more."""
    if judge(function.module, function.name).verdict is not Verdict.ARGUMENTS:
        return
    names = [text for text in texts_in(call.arguments) if isinstance(text, str)]
    leads_on = any(
        part.startswith("__") or judge("os", part).verdict is Verdict.DANGEROUS and part in _ORDERS
        for name in names
        for part in name.split(".")
    )
    plain = not leads_on and function.name in {"partial", "reduce", "lru_cache", "count", "cycle", "chain", "repeat"}
    if not plain:
        inspection.report("pickle-computed", shown, level=Level.HIGH if leads_on else Level.CAREFUL)


_ORDERS = frozenset({"system", "popen", "eval", "exec", "execve", "spawn", "spawnl", "run", "call", "Popen", "check_output", "remove", "unlink"})


def _report_hidden(inspection: Inspection, seen: Seen) -> None:
    """Texts and bytes inside that are themselves pickles, archives or compressed."""
    followed = 0
    for data, offset, size in seen.texts:
        inner = _unwrap(data)
        if inner is None:
            continue
        followed += 1
        if followed > _MAX_HIDDEN:
            inspection.partly("too_many_members")
            return
        file: ByteReader = BytesFile(inner)
        if isinstance(data, bytes) and inner is data and size > len(data):
            file = Window(inspection.file, offset, size)
        inspection.nested(f"bytes at {offset}", file)


def _unwrap(data: bytes | str) -> bytes | None:
    """The bytes to look into, or None if they are ordinary."""
    if isinstance(data, bytes):
        compressed = data.startswith((b"\x78\x9c", b"\x78\xda", b"\x1f\x8b\x08", b"BZh9", b"\xfd7zXZ\x00", b"PK\x03\x04"))
        if compressed or (looks_like_pickle(data) and data.rstrip(b"\x00")[-1:] == b".") or is_old_pickle(data, len(data)):
            return data
        if not re.fullmatch(rb"[A-Za-z0-9+/=\s]{24,}", data):
            return None
        text = data.decode("ascii")
    else:
        text = data
    if not re.fullmatch(r"[A-Za-z0-9+/\s]{24,}={0,2}\s*", text):
        return None
    try:
        decoded = base64.b64decode(text, validate=False)
    except (binascii.Error, ValueError):
        return None
    return decoded if _unwrap_bytes(decoded) else None


def _unwrap_bytes(decoded: bytes) -> bool:
    return looks_like_pickle(decoded) or decoded.startswith((b"\x78\x9c", b"\x1f\x8b\x08", b"PK\x03\x04", b"MZ", b"\x7fELF"))


def _report_second_opinion(inspection: Inspection, seen: Seen) -> None:
    """Where picklescan sees a danger that we do not."""
    if not seen.imports:
        return
    ours = {found.dotted for found in seen.imports}
    bad = {found.dotted for found in seen.imports if judge(found.module, found.name).verdict is Verdict.DANGEROUS}
    theirs = set(second_opinion.dangerous((found.module, found.name) for found in seen.imports))
    theirs |= {name for name in second_opinion.own_reading(inspection.file, inspection.file.size) if "unknown" not in name}
    softer = {"builtins.getattr", "__builtin__.getattr", "functools.partial", "_operator.attrgetter", "operator.attrgetter"}
    for name in sorted(theirs - bad - softer)[:10]:
        level = Level.NOTE if name in ours else Level.CAREFUL
        inspection.report("pickle-second-opinion", Evidence("import", name), level=level, name=name)
