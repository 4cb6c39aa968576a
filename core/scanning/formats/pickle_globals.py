"""What a pickle may import: the allow-list, and the verdict on one import."""

import _compat_pickle
import functools
import re
import sys
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.paths import RESOURCES
from core.toml_tables import parsed, tables


class Verdict(StrEnum):
    """What an import means, mildest first."""

    HARMLESS = "harmless"
    FRAMEWORK = "framework"
    ARGUMENTS = "arguments"
    UNKNOWN = "unknown"
    CODE = "code"
    DANGEROUS = "dangerous"


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict with its reason (a phrase of the list) and its source."""

    verdict: Verdict
    reason: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class _Entry:
    judgement: Judgement
    names: frozenset[str]
    starts: tuple[str, ...]
    """Beginnings of names: those that end in `*`."""
    below: bool


_HEADER = re.compile(r"^\[\[entry\]\]$", re.MULTILINE)
_MODULE = re.compile(r'^module = "([^"\n]+)"$', re.MULTILINE)
_KEYS = {"class", "module", "names", "below", "source", "reason"}
_CLASS_NAME = re.compile(r"_?[A-Z]\w*")
_ACTS = re.compile(
    r"(?:^|_)(?:run|main|cli|eval|exec|execute|loads?|open|cmd|command|launch|start|install|fetch|download|script|delete|"
    r"remove|unlink|rmtree|write|request|compile|imports?|system|serve|listen|connect|source|interact|input)(?:_|\d|$)|"
    r"exec(?!ut)|popen|spawn|subprocess|subimport|shell|runstring|runcode|check_output|check_call|getoutput|getstatusoutput|urlopen|urlretrieve|from_(?:file|url|pretrained)"
)
_ACTING_CLASS = re.compile(
    r"(?:Popen|Shell|Command|Executor|Interpreter|Launcher|Downloader|CLI|Runner|Importer|Unpickler|Repository|Server|"
    r"Compiler|FileIO|Agent|Exec|ExecuteEx|Execute|CreateProcess[AW]?)$|Subprocess|FileSystem(?:Reader|Writer|Base)?$"
)
_MODULE_ALIASES = frozenset(
    {"os", "sys", "subprocess", "builtins", "__builtins__", "shutil", "socket", "importlib", "ctypes"}
)
_COPIES = ".cloudpickle.cloudpickle"
"""Libraries bring copies of cloudpickle along: `joblib.externals`, `numba`, `srsly`, `ray`."""
_BUNDLED = re.compile(r"[A-Za-z]\w*\.(?:[\w.]+\.)?(?:externals|_vendor|vendored|extern)\.([\w.]+)")
"""Copies of other libraries: `sklearn.externals.joblib` is what scikit-learn of before 0.23 wrote its models with."""
_UNKNOWN = Judgement(Verdict.UNKNOWN)
_DOTTED = Judgement(
    Verdict.DANGEROUS, "reaches through a class or module to something else", "Lib/pickle.py: _getattribute"
)
STANDARD_LIBRARY = "part of Python that ordinary model files do not use"
"""The reason for anything of the standard library that the list does not name."""
_STANDARD = Judgement(Verdict.UNKNOWN, STANDARD_LIBRARY, "sys.stdlib_module_names")


@functools.cache
def _sources() -> dict[str, list[str]]:
    """Unparsed entries by module. Raises `ValueError` for one without a module."""
    found: dict[str, list[str]] = {}
    for _, body in tables((RESOURCES / "pickle_globals.toml").read_text(encoding="utf-8"), _HEADER):
        module = _MODULE.search(body)
        if module is None:
            raise ValueError(f"pickle_globals.toml: no module in {body!r:.200}")
        found.setdefault(module.group(1), []).append(body)
    return found


@functools.cache
def packages() -> frozenset[str]:
    """Names of libraries of which the list knows ordinary objects."""
    entries = _sources().items()
    known = {module.partition(".")[0] for module, bodies in entries if any(_FRAMEWORK in body for body in bodies)}
    return frozenset(known - {"__torch__", "models"})


_FRAMEWORK = 'class = "framework"'


@functools.cache
def _entries(module: str) -> tuple[_Entry, ...]:
    """What the list says of one module. Raises `ValueError` on an unknown or missing key."""
    return tuple(_entry(parsed(body)) for body in _sources().get(module, ()))


def _entry(raw: dict[str, Any]) -> _Entry:
    if (raw.keys() ^ _KEYS) - {"below"}:
        raise ValueError(f"pickle_globals.toml: {raw.get('module')}: {sorted(raw.keys() ^ _KEYS)}")
    judgement = Judgement(Verdict(raw["class"]), raw["reason"], raw["source"])
    starts = tuple(name[:-1] for name in raw["names"] if name.endswith("*") and "." not in name and len(name) > 1)
    return _Entry(judgement, frozenset(raw["names"]), starts, raw.get("below", False))


@functools.lru_cache(maxsize=20_000)
def judge(module: str, name: str) -> Judgement:
    """The verdict on `module.name`, as it is written and as Python 3 reads a name of Python 2 (fix_imports)."""
    found = _judge(module, name)
    renamed = _compat_pickle.NAME_MAPPING.get((module, name))
    if renamed is None and module in _compat_pickle.IMPORT_MAPPING:
        renamed = _compat_pickle.IMPORT_MAPPING[module], name
    if renamed is None:
        return found
    other = _judge(*renamed)
    return other if found.verdict is Verdict.UNKNOWN or other.verdict is Verdict.DANGEROUS else found


_MOST_SEGMENTS = 20
"""Parts of a dotted name. No honest one has as many, and each could be where a module ends."""


def _judge(module: str, name: str) -> Judgement:
    """Most specific module first; the worst verdict wins within a module."""
    if module.endswith(_COPIES):
        module = "cloudpickle.cloudpickle"
    bundled = _BUNDLED.fullmatch(module)
    if bundled is not None:
        original = _judge(bundled[1], name)
        if original.verdict is not Verdict.UNKNOWN:
            return original
    segments = name.split(".")
    if len(segments) > _MOST_SEGMENTS or (len(segments) > 1 and _leads_to_danger(module, segments)):
        return _DOTTED
    if any(part in _MODULE_ALIASES or part.lstrip("_") in _MODULE_ALIASES for part in segments):
        return _DOTTED
    if any(part.startswith("__") and part.endswith("__") for part in segments[:-1]) or _reaches_inside(segments):
        return _DOTTED
    parts = module.split(".")
    for length in range(len(parts), 0, -1):
        prefix = ".".join(parts[:length])
        exact = length == len(parts)
        fitting = [
            entry.judgement for entry in _entries(prefix) if (exact or entry.below) and _fits(entry, name, segments)
        ]
        if fitting:
            return max(fitting, key=lambda judgement: list(Verdict).index(judgement.verdict))
    return _STANDARD if parts[0] in sys.stdlib_module_names else _UNKNOWN


def _leads_to_danger(module: str, segments: list[str]) -> bool:
    """`utils.collect_env.run` of `torch` is `run` of a submodule; `urllib.request.urlopen` is that of any module."""
    for cut in range(1, len(segments)):
        start, rest = segments[:cut], ".".join(segments[cut:])
        if start[0].islower() and any(
            judge(".".join(path), rest).verdict is Verdict.DANGEROUS for path in ([module, *start], start)
        ):
            return True
    return False


def acts(name: str) -> bool:
    """True for the name of what does something instead of making an object: `run_setup`, `Popen`."""
    last = name.rpartition(".")[2]
    if _CLASS_NAME.fullmatch(last):
        return _ACTING_CLASS.search(last) is not None
    return _ACTS.search(last.lower()) is not None


def _reaches_inside(segments: list[str]) -> bool:
    """`Class.__subclasses__`, `function.__globals__` and the like; constructors and copies are ordinary."""
    last = segments[-1]
    ordinary = {"__new__", "__init__", "__newobj__", "__newobj_ex__", "__main__", "__bit_generator_ctor", "__class__"}
    return len(segments) > 1 and last.startswith("__") and last.endswith("__") and last not in ordinary


def _fits(entry: _Entry, name: str, segments: list[str]) -> bool:
    """What lies inside a dangerous name is dangerous; of any other, only classes inside a class are the same.

    Names may be patterns: `*` any name, `Classes` any that starts with a capital, `_new_*` any that begins so,
    `Classes._new` such a function of any class, `Class.*` any of one class. What acts by its name fits no pattern.
    """
    names, inside = entry.names, len(segments) > 1
    if name in names:
        return True
    if entry.judgement.verdict in {Verdict.DANGEROUS, Verdict.CODE, Verdict.UNKNOWN}:
        return "*" in names or segments[0] in names
    if acts(name):
        return False
    if inside:
        return _fits_inside(names, segments)
    is_class = _CLASS_NAME.fullmatch(name) is not None or name.startswith("__pyx_unpickle_")
    return "*" in names or (is_class and "Classes" in names) or any(name.startswith(start) for start in entry.starts)


def _fits_inside(names: frozenset[str], segments: list[str]) -> bool:
    *outer, last = segments
    classes = all(_CLASS_NAME.fullmatch(part) for part in outer)
    if classes and "Classes" in names and (_CLASS_NAME.fullmatch(last) or f"Classes.{last}" in names):
        return True
    if last.startswith("__"):
        return False
    if f"{segments[0]}.*" in names and len(segments) == 2:
        return True
    return segments[0] in names and not segments[0].islower() and _CLASS_NAME.fullmatch(last) is not None
