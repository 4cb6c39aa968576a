"""Calls of Python that are written as data: settings that name a function, tags of YAML, queries, sealed source."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from core.scanning.code.python_names import called_name
from core.scanning.code.python_pure import DECODERS, PURE
from core.scanning.code.python_values import NOTHING, Value, constant, words

_MOST = 500
"""Parts of a setting that are looked at."""
_NAMED_BY = {
    "logging.config.dictConfig": ("()", "class"),
    "hydra.utils.instantiate": ("_target_",),
    "hydra.utils.call": ("_target_",),
    "hydra._internal.instantiate._instantiate2.instantiate": ("_target_",),
}
"""Functions that call what their argument names under a key: with the rest of that part (logging.config, Hydra)."""
_YAML_LOADERS = frozenset("yaml.unsafe_load yaml.unsafe_load_all yaml.load yaml.load_all".split())
_YAML_TAG = re.compile(
    r"!!python/(?:object/apply|object/new|object|name|module):([\w.]{1,200})([^\n]{0,400}(?:\n[^\n]{0,200})?)"
)
_QUERY = re.compile(r"@(?=[A-Za-z_])")
_SEALED = 200
"""Bytes; a key or an icon is handed over as well, but not together with the name of the program."""
_OF_THE_PROGRAM = frozenset({"__name__", "__file__", "globals()", "__builtins__"})


def named_in_data(
    name: str, arguments: Sequence[Value], keywords: dict[str, Value]
) -> Iterator[tuple[str, list[Value]]]:
    """Names of functions that this call would call, with their arguments as far as known."""
    if name in _YAML_LOADERS:
        for match in _YAML_TAG.finditer("\n".join(words(one)[:65536] for one in arguments[:1])):
            yield called_name(match[1]), [constant(match[2].strip(" \n-[]\"'"))]
    keys = _NAMED_BY.get(name, ())
    if keys and arguments:
        for part in _parts(arguments[0]):
            target = next((words(part[key]) for key in keys if key in part), "")
            if target:
                rest = [value for key, value in part.items() if key not in keys]
                yield called_name(target.removeprefix("ext://").replace(":", ".")), rest + list(keywords.values())


def _parts(value: Value) -> Iterator[dict[Any, Value]]:
    """All dicts in a setting."""
    waiting, left = [value], _MOST
    while waiting and left > 0:
        left -= 1
        one = waiting.pop()
        found = _as_dict(one)
        if found:
            yield found
            waiting += found.values()
        elif isinstance(one.constant, list | tuple):
            waiting += [constant(inner) for inner in one.constant[:_MOST]]
        else:
            waiting += one.items


def _as_dict(value: Value) -> dict[Any, Value]:
    if isinstance(value.constant, dict):
        return {key: constant(inner) for key, inner in list(value.constant.items())[:_MOST]}
    return dict(zip(value.keys, value.items, strict=False)) if value.keys else {}


def query(name: str, arguments: Sequence[Value]) -> str:
    """The Python in a query of a table: pandas calls what stands behind `@` (DataFrame.query, DataFrame.eval)."""
    if name.rpartition(".")[2] not in {"query", "eval"} or "." not in name or not arguments:
        return ""
    text = arguments[0].constant
    return _QUERY.sub("", text) if isinstance(text, str) and _QUERY.search(text) and "(" in text else ""


def is_sealed(name: str, arguments: Sequence[Value]) -> bool:
    """Whether the program hands itself and bytes that nobody can read to a function: PyArmor and its like run them."""
    if name in DECODERS or name in PURE or not any(one.name in _OF_THE_PROGRAM for one in arguments):
        return False
    return any(_unreadable(one.constant) for one in arguments)


def _unreadable(data: object) -> bool:
    if not isinstance(data, bytes) or len(data) < _SEALED:
        return False
    odd = sum(byte > 126 or byte < 9 for byte in data[:4096])
    return odd > min(len(data), 4096) // 4


def unpickles(name: str, keywords: dict[str, Value]) -> bool:
    """Readers of tables and arrays that load pickles if they are asked to, or always."""
    allowed = keywords.get("allow_pickle", NOTHING).constant is True
    return name in {"pandas.read_pickle", "pandas.io.pickle.read_pickle"} or (name == "numpy.load" and allowed)
