"""From what the streams of a pickle did to findings in words."""

import re
from collections import Counter

from core.findings import Evidence, Level
from core.scanning.formats import pickle_carried_code, pickle_hidden, pickle_libraries, second_opinion
from core.scanning.formats.pickle_globals import STANDARD_LIBRARY, Judgement, Verdict, acts, judge
from core.scanning.formats.pickle_streams import Seen
from core.scanning.formats.pickle_values import Attribute, Call, Global, Items, Opaque, show, texts_in
from core.scanning.inspection import MAX_EVIDENCE, Inspection

_KNOWN = {Verdict.HARMLESS, Verdict.FRAMEWORK}
_CODE_LIKE = re.compile(
    r"[;|&`$<>]|\b(import|exec|eval|lambda|print|curl|wget|powershell|cmd|bash|sh|python|nc|rm|chmod|echo|touch)\b|"
    r"https?://|[/\\][\w.-]|\w\("
)
_DOTTED_NAME = re.compile(r"[A-Za-z_]\w*(?:[.:][A-Za-z_]\w*){1,8}")
_SHELLS_BY_NAME = frozenset({"wscript.shell", "shell.application", "mmc20.application", "scripting.filesystemobject"})
"""Objects of Windows that start programs, by the names that COM knows them by."""
_ORDERS = frozenset(
    {
        "system", "popen", "eval", "exec", "execve", "execv", "spawn", "spawnl", "run", "call", "Popen",
        "check_output", "check_call", "getoutput", "remove", "unlink", "write_text",
        "write_bytes", "chmod", "symlink_to", "hardlink_to", "touch", "rmdir", "rmtree", "load_module", "import_module",
    }
)  # fmt: skip
_FUNCTION_MAKERS = frozenset({"_make_function", "_make_skel_func", "_create_function"})
_ATTRIBUTE_HELPERS = frozenset({"getattr", "hasattr", "setattr", "delattr"})
_PLAIN_ATTRIBUTES = frozenset({"__qualname__", "__module__", "__doc__", "__name__", "__dict__", "__annotations__"})
_PLAIN_HELPERS = frozenset(
    {"partial", "reduce", "lru_cache", "count", "cycle", "chain", "repeat", "itemgetter", "getitem", "attrgetter"}
)
_SOFTER = {
    "builtins.getattr",
    "__builtin__.getattr",
    "functools.partial",
    "_operator.attrgetter",
    "operator.attrgetter",
}
"""picklescan calls these dangerous as such; we look at what they are called with."""
_TRAILING = 16
"""Bytes behind the last stream that are not worth a word."""


def report(inspection: Inspection, seen: Seen, trailing_expected: bool, complete: bool = True) -> None:
    """Findings of the file. `trailing_expected`: other data belongs behind the streams. Raises `LimitReached`.

    `complete`: False when reading was given up, so that nothing is said about what comes after.
    """
    before = len(inspection.findings)
    met = _report_imports(inspection, seen)
    _report_oddities(inspection, seen)
    _report_fetches(inspection, seen)
    if seen.broken is not None:
        level = Level.HIGH if met & {Verdict.DANGEROUS, Verdict.UNKNOWN} else Level.CAREFUL
        inspection.report("pickle-broken", Evidence("broken", str(seen.broken), seen.broken.offset), level=level)
        inspection.partly("pickle_broken")
    elif seen.behind is not None and not trailing_expected and inspection.file.size - seen.behind > _TRAILING:
        inspection.report("pickle-odd", Evidence("oddity", "data_behind", seen.behind))
    if seen.too_many:
        inspection.partly("too_many_members")
    _report_calls(inspection, seen)
    if not complete:
        return
    _report_second_opinion(inspection, seen)
    pickle_hidden.report(inspection, seen.texts)
    if len(inspection.findings) == before:
        names = sorted({found.dotted for found in seen.imports})
        inspection.report("pickle", *(Evidence("import", name) for name in names[:10]))


def _report_oddities(inspection: Inspection, seen: Seen) -> None:
    for target, state, offset in seen.patches:
        if judge(target.module, target.name).verdict is not Verdict.FRAMEWORK:
            shown = f"{target.dotted}.__setstate__({show(state)})"
            inspection.report("pickle-patch", Evidence("call", shown, offset), name=target.dotted)
    for problem, offset in seen.anomalies:
        if problem == "computed_import":
            inspection.report("pickle-computed", Evidence("oddity", problem, offset), level=Level.HIGH)
        else:
            inspection.report("pickle-odd", Evidence("oddity", problem, offset))


def _report_fetches(inspection: Inspection, seen: Seen) -> None:
    """Objects of known libraries that load a file or an address when they are made."""
    for maker, target, offset in seen.fetches:
        if judge(maker.module, maker.name).verdict is Verdict.FRAMEWORK:
            level = Level.HIGH if "://" in target and not target.startswith("file:") else None
            shown = Evidence("call", f'{maker.dotted}("{target}")', offset)
            inspection.report("pickle-loads-more", shown, level=level, name=maker.dotted, target=target)


def _report_imports(inspection: Inspection, seen: Seen) -> set[Verdict]:
    """Findings for what is imported; the set of verdicts met."""
    met = set()
    calls: dict[int, list[Call]] = {}
    for call in seen.calls:
        calls.setdefault(id(call.function), []).append(call)
    judged = [(found, judge(found.module, found.name)) for found in seen.imports]
    for found, judgement in sorted(judged, key=lambda pair: pair[1].verdict is not Verdict.DANGEROUS):
        inspection.budget.check_time()
        if judgement.verdict is Verdict.UNKNOWN and not _report_unknown(
            inspection, found, judgement, calls.get(id(found), [])
        ):
            continue
        met.add(judgement.verdict)
        if judgement.verdict is Verdict.DANGEROUS:
            shown = _evidence(found, calls.get(id(found), []))
            inspection.report("pickle-dangerous", shown, name=found.dotted, reason=judgement.reason)
    makers = [found for found, judgement in judged if judgement.verdict is Verdict.CODE]
    alone = met <= _KNOWN | {Verdict.CODE}
    if makers and all(maker.dotted in pickle_carried_code.MADE_OF_SOURCE for maker in makers):
        level = Level.NOTE if pickle_hidden.sources_are_quiet(inspection, seen.texts) and alone else None
        inspection.report("pickle-carries-code", _evidence(makers[0], calls.get(id(makers[0]), [])), level=level)
    else:
        _report_carried(inspection, makers, calls, alone)
    return met


def _report_carried(inspection: Inspection, makers: list[Global], calls: dict[int, list[Call]], alone: bool) -> None:
    """Functions and classes that are made of code in the file. `alone`: with nothing but what the list knows."""
    if not makers:
        return
    made = [call for maker in makers for call in calls.get(id(maker), [])]
    mentioned = pickle_carried_code.mentions(made)
    shown = _evidence(makers[0], made)
    if mentioned is None:
        level = Level.NOTE if alone and pickle_carried_code.reaches_nothing(makers, made) else None
        inspection.report("pickle-carries-code", shown, level=level)
    else:
        inspection.report("pickle-carries-code", shown, Evidence("text", mentioned), level=Level.HIGH)


def _evidence(found: Global, calls: list[Call]) -> Evidence:
    """The first call of an import, or the import itself."""
    if calls:
        return Evidence("call", show(calls[0]), calls[0].offset)
    return Evidence("import", found.dotted, found.offset)


def _report_unknown(inspection: Inspection, found: Global, judgement: Judgement, calls: list[Call]) -> bool:
    """Whether there was something to report."""
    searched: set[int] = set()
    if _is_class_name(found.name):
        orders = calls[:1] if acts(found.name) else [call for call in calls if _hands_over_danger(call, searched)][:1]
    elif judgement.reason == STANDARD_LIBRARY:
        orders = calls
    elif acts(found.name):
        orders = calls[:1]
    else:
        orders = [call for call in calls if _looks_like_an_order(inspection, call, searched)][:1]
    if found.module.partition(".")[0] in inspection.surroundings.modules:
        level = Level.HIGH if calls and not _is_class_name(found.name) else Level.CAREFUL
        inspection.report("pickle-local-code", _evidence(found, calls), level=level, name=found.dotted)
        return True
    if not orders and pickle_libraries.only_makes_objects(found, calls):
        return False
    level = Level.HIGH if orders else Level.CAREFUL
    inspection.report("pickle-unknown", _evidence(found, orders or calls), level=level, name=found.dotted)
    return True


def _is_class_name(name: str) -> bool:
    return name.rpartition(".")[2].lstrip("_")[:1].isupper()


def _looks_like_an_order(inspection: Inspection, call: Call, searched: set[int]) -> bool:
    """An unknown function is called with something like a command, code, path or address, or with a name of danger."""
    inspection.budget.check_time()
    texts = [text for text in texts_in(call.arguments, searched) if isinstance(text, str)]
    return any(_CODE_LIKE.search(text) or _names_danger(text) for text in texts)


def _hands_over_danger(call: Call, searched: set[int]) -> bool:
    """An object is made of the name of something dangerous, which it looks up: `Dispatch("WScript.Shell")`."""
    return any(isinstance(text, str) and _names_danger(text) for text in texts_in(call.arguments, searched))


def _names_danger(text: str) -> bool:
    """`os.system`, `os:system`: what resolvers of names and entry points are given (importlib.metadata)."""
    if not _DOTTED_NAME.fullmatch(text):
        return False
    module, _, name = text.replace(":", ".").rpartition(".")
    return text.lower() in _SHELLS_BY_NAME or judge(module, name).verdict is Verdict.DANGEROUS


def _report_calls(inspection: Inspection, seen: Seen) -> None:
    """Calls of something that is not a plain import: of a result, or of an attribute reached by name."""
    told: Counter[Level] = Counter()
    searched: set[int] = set()
    for call in seen.calls:
        inspection.budget.check_time()
        function = call.function
        level = None
        if isinstance(function, Global):
            level = _level_of_helper(function, call, searched)
        elif _is_carried(function):
            level = Level.HIGH if _is_carried_function(function) else None
        elif isinstance(function, Attribute):
            special = function.name.startswith("__") and function.name not in {"__new__", "__init__"}
            orders = special or function.name in _ORDERS
            level = Level.HIGH if orders or not _is_known(function.owner) else Level.CAREFUL
        elif isinstance(function, Call):
            level = Level.CAREFUL if _is_known(function) else Level.HIGH
        elif isinstance(function, Opaque):
            level = Level.CAREFUL
        if level is not None and told[level] < MAX_EVIDENCE:
            told[level] += 1
            inspection.report("pickle-computed", Evidence("call", show(call), call.offset), level=level)


def _is_known(value: object) -> bool:
    """True for the result of a call that the allow-list knows."""
    maker = value.function if isinstance(value, Call) else value
    if not isinstance(maker, Global):
        return False
    return maker.module.startswith("scipy.stats") or judge(maker.module, maker.name).verdict in _KNOWN


def _level_of_helper(function: Global, call: Call, searched: set[int]) -> Level | None:
    """`methodcaller("system", …)` and `attrgetter("__globals__")`: names that lead to more."""
    if judge(function.module, function.name).verdict is not Verdict.ARGUMENTS:
        return None
    if function.name in _ATTRIBUTE_HELPERS and len(call.arguments) >= 2:
        return _level_of_attribute(call.arguments[0], call.arguments[1])
    if function.module.startswith("scipy.stats"):
        return Level.HIGH if pickle_carried_code.runs_its_state(call) else None
    names = [text for text in texts_in(call.arguments, searched) if isinstance(text, str)]
    parts = {part for name in names for part in name.split(".")}
    if any(part.startswith("__") or part in _ORDERS for part in parts):
        return Level.HIGH
    return None if function.name in _PLAIN_HELPERS else Level.CAREFUL


def _level_of_attribute(owner: object, name: object) -> Level | None:
    """`getattr(owner, name)`. What is reached from an import counts as an import of its own."""
    if not isinstance(name, str) or (name.startswith("__") and name not in _PLAIN_ATTRIBUTES):
        return Level.HIGH
    if isinstance(owner, Items | tuple | str):
        return None  # a method of a list or text, not of something that was imported
    if name in _ORDERS:
        return Level.HIGH
    return None if isinstance(owner, Global) or _is_known(owner) or _is_carried(owner) else Level.CAREFUL


def _is_carried(value: object) -> bool:
    """True for a function or class made of code in the file, which is told by itself."""
    while isinstance(value, Call):
        value = value.function
    return isinstance(value, Global) and judge(value.module, value.name).verdict is Verdict.CODE


def _is_carried_function(value: object) -> bool:
    """True for such a function, which nothing ordinary calls while it is loaded; classes are called to make objects."""
    maker = value.function if isinstance(value, Call) else value
    return isinstance(maker, Global) and maker.name in _FUNCTION_MAKERS


def _report_second_opinion(inspection: Inspection, seen: Seen) -> None:
    """Where picklescan sees a danger that we do not."""
    if not seen.imports:
        return
    ours = {found.dotted for found in seen.imports}
    bad = {found.dotted for found in seen.imports if judge(found.module, found.name).verdict is Verdict.DANGEROUS}
    theirs = set(second_opinion.dangerous((found.module, found.name) for found in seen.imports))
    own = second_opinion.own_reading(inspection.file, inspection.file.size)
    theirs.update(name for name in own if "unknown" not in name)
    for name in sorted(theirs - bad - _SOFTER)[:10]:
        level = Level.NOTE if name in ours else Level.CAREFUL
        inspection.report("pickle-second-opinion", Evidence("import", name), level=level, name=name)
