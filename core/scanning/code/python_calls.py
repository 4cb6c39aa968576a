"""Calls in a Python program that is followed without running it; see `python_interpreter`."""

import ast
from typing import TYPE_CHECKING

from core.scanning.code import python_operators
from core.scanning.code.python_names import attribute_name, called_name
from core.scanning.code.python_naming import IMPORTERS, method_called, named_by
from core.scanning.code.python_pure import ALSO_HONEST, DECODERS, MARKED_METHODS, METHODS, PURE, pure_call
from core.scanning.code.python_scopes import Bound, Class, Function, Scope, unbound
from core.scanning.code.python_tables import CALL_BACK, WRITERS
from core.scanning.code.python_values import (
    GAP,
    LONGEST,
    NOTHING,
    UNKNOWN,
    Value,
    collected,
    constant,
    elements,
    joined,
    joined_marks,
    marked,
    words,
)

if TYPE_CHECKING:
    from core.scanning.code.python_interpreter import Interpreter


_MOST_ARGUMENTS = 1000
"""Of one call, before more are taken out of lists and dicts."""


def member(base: Value, attribute: str) -> Value:
    """`base.attribute`."""
    if isinstance(base.function, Class):
        found = base.function.attributes.get(attribute)
        if found is not None:
            return found
        if "socketserver." in base.function.names and attribute in {"rfile", "request"}:
            return Value(name="socket.socket().makefile()", marks=frozenset({"received"}))
        if "http.server." in base.function.names and attribute in {"rfile", "path", "headers"}:
            return Value(name=f".{attribute}", marks=frozenset({"asked"}))
        if attribute == "spawn" and base.function.names.startswith(("setuptools.", "distutils.")):
            return Value(name="distutils.spawn.spawn")  # of a command of `setup.py`
    if attribute == "__doc__" and isinstance(base.function, Class | Function):
        return described(base.function.node)
    name = attribute_name(base.name, attribute)
    text = base.text if base.name.startswith(_FILES) else ""
    marks = base.marks | {"asked"} if name.startswith(_ASKED) else base.marks
    if attribute in _OTHER_PLACES:
        marks -= {"itself"}
    if attribute == "__file__" and base.name and not isinstance(base.function, Class):
        marks |= {"python_folder"}
    return Value(name=name, marks=marks, text="python" if name == "sys.executable" else text)


_OTHER_PLACES = frozenset({"parent", "parents", "name", "stem", "suffix", "parts"})
"""Attributes of a path that lead to another one."""
_ASKED = ("flask.request.", "bottle.request.", "quart.request.")
"""What somebody elsewhere sent to a server."""


_FILES = ("open()", "io.open()", "pathlib.Path()")
"""Names of values that carry their path as a text."""


def described(node: ast.AST) -> Value:
    """The description of a module, class or function: a text that is not meant to be run."""
    if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return NOTHING
    return constant(ast.get_docstring(node), frozenset({"description"}))


def call(reader: "Interpreter", node: ast.Call, scope: Scope) -> Value:
    """What a call gives; whoever watches is told of it."""
    arguments: list[Value] = []
    for part in node.args:
        found = reader.value(part.value if isinstance(part, ast.Starred) else part, scope)
        more = isinstance(part, ast.Starred) and len(arguments) < _MOST_ARGUMENTS
        arguments += (elements(found) or [found])[:_MOST_ARGUMENTS] if more else [found]
    keywords = _keywords(reader, node, scope)
    if isinstance(node.func, ast.Attribute):
        base = reader.value(node.func.value, scope)
        done = _method(reader, node, node.func.attr, base, arguments, keywords, scope)
        if done is not None:
            return done
        function = member(base, node.func.attr)
    else:
        function = reader.value(node.func, scope)
    function, arguments, keywords = unbound(function, arguments, keywords)
    name, arguments = method_called(called_name(function.name), function, arguments)
    special = _only_named(reader, name, arguments, keywords, node)
    if special is not None:
        return special
    if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name) and node.func.attr in WRITERS:
        _write_into(node.func.value.id, base, arguments, scope)
    known = reader.watcher.called(name, function, arguments, keywords, node)
    _handed_over(reader, node, name, [*arguments, *keywords.values()], scope)
    if known is not None:
        if {"fetched", "received", "socket"} & known.marks:
            _fill(reader, node, name, scope)
        return known
    return _result(reader, name, function, arguments, keywords)


def _only_named(
    reader: "Interpreter", name: str, arguments: list[Value], keywords: dict[str, Value], node: ast.Call
) -> Value | None:
    """Calls that give a function, a module or a path without doing anything."""
    if name in _BINDS and arguments:
        return _bound(arguments, keywords)
    special = named_by(name, arguments)
    if special is not None:
        if words(special):
            reader.watcher.text(special, node)
        if name in IMPORTERS:
            reader.watcher.imported(special.name, node)
    return special


_BINDS = frozenset({"functools.partial", "functools.partialmethod"})


def _bound(arguments: list[Value], keywords: dict[str, Value]) -> Value:
    first, *rest = arguments
    marks = joined_marks([*arguments, *keywords.values()])
    return Value(name=first.name, marks=marks, function=Bound(first, tuple(rest), tuple(keywords.items())))


def _keywords(reader: "Interpreter", node: ast.Call, scope: Scope) -> dict[str, Value]:
    """Arguments by name, also those of a known dict behind `**`."""
    found: dict[str, Value] = {}
    for one in node.keywords:
        value = reader.value(one.value, scope)
        if one.arg is None and len(found) >= _MOST_ARGUMENTS:
            continue
        if one.arg is None and isinstance(value.constant, dict):
            found |= {str(key): constant(part, value.marks) for key, part in value.constant.items()}
        elif one.arg is None and value.keys:
            found |= {str(key): part for key, part in zip(value.keys, value.items, strict=False)}
        else:
            found[one.arg or "**"] = value
    return found


def answer(reader: "Interpreter", handler: Value) -> None:
    """A function that is called with what comes from the network."""
    if isinstance(handler.function, Function):
        reader.enter(handler.function, [Value(marks=frozenset({"received"}))] * len(handler.function.parameters), {})


def _handed_over(reader: "Interpreter", node: ast.Call, name: str, given: list[Value], scope: Scope) -> None:
    """`WebSocketApp(on_message=…)` calls what it is given; `message.attach(key)` remembers the secrets put into it."""
    if name.startswith(CALL_BACK):
        for one in given:
            answer(reader, one)
    carried = {"secret", "environment", "token", "hub_token"} & joined_marks(given)
    if isinstance(node.func, ast.Attribute) and not _of_message(name):
        carried -= {"token", "hub_token"}
    if carried and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
        remember(node.func.value.id, frozenset(carried), scope)


def _of_message(name: str) -> bool:
    """Whether it is a method of something made to be sent or packed. Parsers and clients are given keys, too."""
    return name.startswith(("email.", "io.BytesIO", "io.StringIO", "zipfile.", "tarfile."))


def remember(name: str, marks: frozenset[str], scope: Scope) -> None:
    """Mark what a name stands for, if that is an object some call gave."""
    old = scope.find(name)
    if old is not None and old.name.endswith(")"):
        scope.bind(name, marked(old, *marks))


def _fill(reader: "Interpreter", node: ast.Call, name: str, scope: Scope) -> None:
    """Calls that put what they fetch into something they are given: `curl.setopt(WRITEDATA, buffer)`."""
    if name.rpartition(".")[2] in _FILLS:
        for given in node.args:
            part = given.value if isinstance(given, ast.Attribute) and given.attr in _TAKES_IN else given
            if isinstance(part, ast.Name):
                old = reader.value(part, scope)
                scope.bind(part.id, Value(old.constant, old.text, old.items, old.name, old.marks | {"fetched"}))


_FILLS = frozenset({"setopt", "recv_into", "readinto", "retrbinary", "retrlines"})
_TAKES_IN = frozenset({"write", "append", "extend"})


def _write_into(name: str, file: Value, arguments: list[Value], scope: Scope) -> None:
    """A file remembers that something fetched was written into it, whatever its name on the disk is."""
    if {"fetched", "received"} & joined_marks(arguments):
        scope.bind(name, Value(text=file.text, name=file.name, marks=file.marks | {"fetched_file"}))


def apply(reader: "Interpreter", function: Value, arguments: list[Value], node: ast.AST) -> Value:
    """What a function gives that is called without being written as a call."""
    function, arguments, keywords = unbound(function, arguments, {})
    name, arguments = method_called(called_name(function.name), function, arguments)
    known = reader.watcher.called(name, function, arguments, keywords, node)
    return known if known is not None else _result(reader, name, function, arguments, keywords)


def _result(
    reader: "Interpreter", name: str, function: Value, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    marks = joined_marks([*arguments, *keywords.values()]) | function.marks
    if name.rpartition(".")[2] not in _SAME_PLACE:
        marks -= {"itself"}
    if isinstance(function.function, Function):
        return reader.enter(function.function, arguments, keywords)
    if isinstance(function.function, Class):
        start = function.function.attributes.get("__init__")
        if start is not None and isinstance(start.function, Function):
            reader.enter(start.function, [function, *arguments], keywords)
        return Value(function=function.function, name=f"{function.function.node.name}()", marks=marks)
    if name == "map" and len(arguments) == 2:
        return _mapped(reader, arguments[0], arguments[1])
    if name == "functools.reduce" and len(arguments) > 1 and isinstance(arguments[0].function, Function):
        return _folded(reader, arguments[0].function, arguments[1:])
    decoded = _decoded(name, arguments, marks)
    result = _worked_out(reader, name, arguments, keywords)
    if result is not UNKNOWN and result is not None:
        unchanged = bool(arguments) and result == arguments[0].constant
        return constant(result, marks if unchanged else decoded)
    _enter_given(reader, name, [*arguments, *keywords.values()])
    if name.endswith(".decrypt"):
        decoded |= {"decrypted"}
    return Value(
        name=f"{name}()" if name else "",
        marks=marks if name in ALSO_HONEST else decoded,
        text=words(arguments[0]) if name in _PATHS and arguments else "",
    )


def _worked_out(reader: "Interpreter", name: str, arguments: list[Value], keywords: dict[str, Value]) -> object:
    work = DECODERS.get(name) or PURE.get(name)
    if work is None or not all(one.known for one in (*arguments, *keywords.values())):
        return UNKNOWN
    named = {key: one.constant for key, one in keywords.items()}
    return pure_call(work, [one.constant for one in arguments], named, reader.steps)


def _decoded(name: str, arguments: list[Value], marks: frozenset[str]) -> frozenset[str]:
    """The marks of what a decoder gives. What another program put into a store has travelled, and hides nothing."""
    decrypts = name.endswith(".decrypt") and any(isinstance(one.constant, str | bytes) for one in arguments)
    if name not in DECODERS:
        return marks | {"decoded"} if decrypts else marks
    travelled = "decoded" not in marks and not any(map(_lies_here, arguments))
    return marks | ({"decoded", "travelled"} if travelled else {"decoded"})


def _enter_given(reader: "Interpreter", name: str, given: list[Value]) -> None:
    """Functions of the file that are handed to another."""
    for value in (inner for one in given for inner in (one, *one.items)):
        one, bound, named = unbound(value, [], {})
        if isinstance(one.function, Function):
            asked = bound or ([Value(marks=frozenset({"asked"}))] * 3 if name.startswith(_PAGES) else [])
            reader.enter(one.function, asked, named)


def _lies_here(value: Value) -> bool:
    """Whether it stands in the program, or in a file it opens: nothing that another program put into a store."""
    return bool(words(value)) or value.known or value.name.startswith(_FILES)


_SAME_PLACE = frozenset("str fspath Path abspath realpath resolve absolute expanduser open".split())
"""Calls that give the path they are given."""
_PAGES = ("gradio.", "streamlit.")
"""Libraries that call a function with what a visitor of a page typed."""
_PATHS = frozenset(
    {
        "pathlib.Path",
        "str",
        "os.fspath",
        "os.path.abspath",
        "os.path.expanduser",
        "open",
        "io.open",
        "os.path.expandvars",
    }
)


def _mapped(reader: "Interpreter", function: Value, many: Value) -> Value:
    parts = elements(many)
    if parts is None:
        marks = many.marks | ({"decoded"} if function.name == "chr" else frozenset())
        if isinstance(function.function, Function):
            return Value(marks=marks | reader.enter(function.function, [Value(marks=many.marks)], {}).marks)
        return Value(marks=marks)
    return collected([_result(reader, function.name, function, [part], {}) for part in parts])


def _folded(reader: "Interpreter", function: Function, given: list[Value]) -> Value:
    """`reduce(function, many, first)`."""
    parts = elements(given[0])
    if parts is None or len(parts) > _LONGEST_FOLD:
        return Value(marks=reader.enter(function, [Value(marks=joined_marks(given))] * 2, {}).marks)
    parts = [*given[1:2], *parts]
    found = parts[0] if parts else NOTHING
    for part in parts[1:]:
        found = reader.enter(function, [found, part], {})
    return found


_LONGEST_FOLD = 2000


def _method(
    reader: "Interpreter",
    node: ast.Call,
    method: str,
    base: Value,
    arguments: list[Value],
    keywords: dict[str, Value],
    scope: Scope,
) -> Value | None:
    """A method of a value that is known, or of an instance of a class of the file."""
    marks = joined_marks([base, *arguments, *keywords.values()])
    if isinstance(base.function, Class):
        found = base.function.attributes.get(method)
        if found is not None and isinstance(found.function, Function):
            return reader.enter(found.function, [Value(function=base.function), *arguments], keywords)
    if method in {"append", "extend", "insert", "add"} and isinstance(node.func, ast.Attribute):
        return _appended(reader, node.func, method, base, arguments, scope)
    if isinstance(base.constant, str) and method == "format":
        return python_operators.formatted(base.constant, arguments, keywords)
    if base.known and method in METHODS and all(one.known for one in (*arguments, *keywords.values())):
        result = pure_call(
            METHODS[method],
            [base.constant, *(one.constant for one in arguments)],
            {k: v.constant for k, v in keywords.items()},
            reader.steps,
        )
        if result is not UNKNOWN:
            return constant(result, marks | {MARKED_METHODS[method]} if method in MARKED_METHODS else marks)
    if method == "join" and isinstance(base.constant, str) and arguments:
        parts = elements(arguments[0])
        text = joined(base.constant, (words(part) or GAP for part in parts[:1000])) if parts else ""
        return Value(text=text, marks=marks)
    if method in {"decode", "encode", "strip", "lower", "replace", "read"} and base.text:
        return Value(text=base.text, name=f"{base.name}.{method}()", marks=marks)
    return None


def _appended(
    reader: "Interpreter", target: ast.Attribute, method: str, base: Value, arguments: list[Value], scope: Scope
) -> Value | None:
    if not isinstance(target.value, ast.Name) or not arguments:
        return None
    new = (elements(arguments[-1]) or [arguments[-1]]) if method == "extend" else [arguments[-1]]
    marks = joined_marks([base, *new])
    if isinstance(base.constant, list) and len(base.constant) < LONGEST and all(one.known for one in new):
        made = constant([*base.constant, *(one.constant for one in new)], marks)
    elif base.known or base.items:
        made = collected([*(elements(base) or base.items), *new])
    else:
        made = Value(marks=marks)
    reader.steps.left -= len(made.items) + (len(made.constant) // 8 if made.known else 0)
    scope.bind(target.value.id, made)
    return constant(None)
