"""Calls that only name something: a module, an attribute or a path by a text, however that is written."""

import re

from core.scanning.code.python_names import attribute_name, called_name
from core.scanning.code.python_scopes import Class
from core.scanning.code.python_values import GAP, Value, constant, elements, joined, joined_marks, words

IMPORTERS = frozenset({"__import__", "importlib.import_module", "importlib.__import__"})
_LOCATORS = frozenset(
    "pydoc.locate pkgutil.resolve_name hydra.utils.get_method hydra.utils.get_object hydra.utils.get_class "
    "django.utils.module_loading.import_string werkzeug.utils.import_string zope.dottedname.resolve.resolve "
    "unittest.mock._importer".split()
)
"""Find a function by its whole dotted name."""
_GETTER = re.compile(r"^operator\.attrgetter\[([\w.]+)\]$")
_CALLER = re.compile(r"^operator\.methodcaller\[(\w+)\]$")
_ITEM = re.compile(r"^operator\.itemgetter\[([\w.]+)\]$")


_MAKES_GETTERS = frozenset({"operator.attrgetter", "operator.methodcaller", "operator.itemgetter"})


def method_called(name: str, function: Value, arguments: list[Value]) -> tuple[str, list[Value]]:
    """`methodcaller("system", "x")(os)` is `os.system("x")`; any other call is what it is."""
    caller = _CALLER.match(name)
    if caller is None or not arguments:
        return name, arguments
    return attribute_name(arguments[0].name, caller[1]), list(function.items)


def named_by(name: str, arguments: list[Value]) -> Value | None:
    """Calls that only name a module, a function or an attribute by a text."""
    if not arguments:
        return None
    return _module(name, arguments) or _attribute(name, arguments) or _path(name, arguments)


def _module(name: str, arguments: list[Value]) -> Value | None:
    named = arguments[0].constant
    if not isinstance(named, str):
        return None
    if name in _LOCATORS:
        return Value(name=called_name(named.replace(":", ".")), marks=joined_marks(arguments))
    if name not in IMPORTERS:
        return None
    whole = named if name == "importlib.import_module" else named.partition(".")[0]
    return Value(name=whole, marks=joined_marks(arguments))


def _attribute(name: str, arguments: list[Value]) -> Value | None:
    first, marks = arguments[0], joined_marks(arguments)
    text = arguments[1].constant if len(arguments) > 1 else None
    getter = _GETTER.match(name)
    if getter is not None:
        return Value(name=attribute_name(first.name, getter[1]), marks=marks)
    key = _ITEM.match(name)
    if key is not None:
        return Value(name=called_name(f"{first.name}[{key[1]}]"), marks=marks) if first.name else None
    if name in _MAKES_GETTERS and isinstance(first.constant, str):
        return Value(name=f"{name}[{first.constant}]", marks=marks, items=tuple(arguments[1:]))
    if name == "functools.reduce" and len(arguments) == 3 and first.name == "getattr":
        path = ".".join(words(part) for part in elements(arguments[1]) or ())
        return Value(name=attribute_name(arguments[2].name, path), marks=marks)
    if name == "getattr" and isinstance(text, str):
        if isinstance(first.function, Class) and text in first.function.attributes:
            found: Value = first.function.attributes[text]
            return found
        return Value(name=attribute_name(first.name, text), marks=marks)
    return _same_thing(name, arguments)


def _same_thing(name: str, arguments: list[Value]) -> Value | None:
    first, marks = arguments[0], joined_marks(arguments)
    if name == "vars" and len(arguments) == 1 and first.name:
        return Value(name=f"{first.name}.__dict__", marks=marks)
    return None


def _path(name: str, arguments: list[Value]) -> Value | None:
    if name != "os.path.join" or not any(words(one) for one in arguments):
        return None
    marks = joined_marks(arguments) - {"itself"}
    if all(isinstance(one.constant, str) for one in arguments):
        return constant(joined("/", (one.constant for one in arguments)), marks)
    return Value(text=joined("/", (words(one) or GAP for one in arguments)), marks=marks)
