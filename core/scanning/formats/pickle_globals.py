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
    below: bool


_HEADER = re.compile(r"^\[\[entry\]\]$", re.MULTILINE)
_MODULE = re.compile(r'^module = "([^"\n]+)"$', re.MULTILINE)
_KEYS = {"class", "module", "names", "below", "source", "reason"}
_CLASS_NAME = re.compile(r"_?[A-Z]\w*")
_MODULE_ALIASES = frozenset(
    {"os", "sys", "subprocess", "builtins", "__builtins__", "shutil", "socket", "importlib", "ctypes"}
)
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
def _entries(module: str) -> tuple[_Entry, ...]:
    """What the list says of one module. Raises `ValueError` on an unknown or missing key."""
    return tuple(_entry(parsed(body)) for body in _sources().get(module, ()))


def _entry(raw: dict[str, Any]) -> _Entry:
    if (raw.keys() ^ _KEYS) - {"below"}:
        raise ValueError(f"pickle_globals.toml: {raw.get('module')}: {sorted(raw.keys() ^ _KEYS)}")
    judgement = Judgement(Verdict(raw["class"]), raw["reason"], raw["source"])
    return _Entry(judgement, frozenset(raw["names"]), raw.get("below", False))


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


def _judge(module: str, name: str) -> Judgement:
    """Most specific module first; the worst verdict wins within a module."""
    segments = name.split(".")
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


def _reaches_inside(segments: list[str]) -> bool:
    """`Class.__subclasses__`, `function.__globals__` and the like; constructors and copies are ordinary."""
    last = segments[-1]
    ordinary = {"__new__", "__init__", "__newobj__", "__newobj_ex__", "__main__", "__bit_generator_ctor", "__class__"}
    return len(segments) > 1 and last.startswith("__") and last.endswith("__") and last not in ordinary


def _fits(entry: _Entry, name: str, segments: list[str]) -> bool:
    """What lies inside a dangerous name is dangerous; of any other, only classes inside a class are the same."""
    names, inside = entry.names, len(segments) > 1
    if name in names:
        return True
    if entry.judgement.verdict in {Verdict.DANGEROUS, Verdict.UNKNOWN}:
        return "*" in names or segments[0] in names
    if "*" in names and not inside:
        return True
    if inside and segments[0] in names and not segments[0].islower():
        return _CLASS_NAME.fullmatch(segments[-1]) is not None
    if "Classes" not in names:
        return False
    return all(_CLASS_NAME.fullmatch(part) for part in segments) or name.startswith("__pyx_unpickle_")
