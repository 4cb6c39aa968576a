"""Expressions of a Python program that is followed without running it; see `python_interpreter`."""

import ast
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from core.scanning.code import python_operators
from core.scanning.code.python_names import attribute_name, called_name
from core.scanning.code.python_scopes import Class, Function, Scope
from core.scanning.code.python_values import (
    DECODERS,
    GAP,
    METHODS,
    NOTHING,
    PURE,
    UNKNOWN,
    Value,
    constant,
    either,
    joined_marks,
    pure_call,
    words,
)

if TYPE_CHECKING:
    from core.scanning.code.python_interpreter import Interpreter

_LONGEST = 20_000
_TELLING = frozenset({"decoded", "pieced"})


def value(reader: "Interpreter", node: ast.expr, scope: Scope) -> Value:
    """The value of an expression; whoever watches is told of texts that were worked out."""
    reader.steps.left -= 1
    work = _EXPRESSIONS.get(type(node))
    if work is None:
        return _parts(reader, node, scope)
    found: Value = work(reader, node, scope)
    if found.known and isinstance(found.constant, str | bytes) and _TELLING & found.marks and len(found.constant) > 3:
        reader.watcher.text(found, node)
    return found


def elements(many: Value, count: int | None = None) -> list[Value] | None:
    """The elements of a known list, text, bytes or dict, None if they are not known, or are not `count`."""
    parts: list[Value] | None = None
    if many.known and isinstance(many.constant, str | bytes | list | tuple | dict) and len(many.constant) <= _LONGEST:
        parts = [constant(item, many.marks) for item in many.constant]
    elif many.items and not many.keys:
        parts = list(many.items)
    return None if parts is None or (count is not None and len(parts) != count) else parts


def any_of(values: Sequence[Value]) -> Value:
    """One of several."""
    found = NOTHING
    for one in values:
        found = either(found, one)
    return found


def binary(reader: "Interpreter", sort: ast.operator, left: Value, right: Value, node: ast.AST) -> Value:
    """An operator, and word of the text it makes."""
    found = python_operators.binary(sort, left, right)
    if found.text and (left.known or right.known):
        reader.watcher.text(found, node)
    return found


def _parts(reader: "Interpreter", node: ast.expr, scope: Scope) -> Value:
    """Of an expression that is not worked out: only where its parts come from."""
    found = [value(reader, child, scope) for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
    return Value(marks=joined_marks(found))


def _constant(reader: "Interpreter", node: ast.Constant, _scope: Scope) -> Value:
    found = constant(node.value)
    if isinstance(node.value, str | bytes) and len(node.value) > 3:
        reader.watcher.text(found, node)
    return found


def _name(reader: "Interpreter", node: ast.Name, scope: Scope) -> Value:
    found = scope.find(node.id)
    if found is not None:
        return found
    for module in scope.stars:
        if reader.watcher.knows(f"{module}.{node.id}"):
            return Value(name=f"{module}.{node.id}")
    return Value(name=node.id)


def _attribute(reader: "Interpreter", node: ast.Attribute, scope: Scope) -> Value:
    return _member(value(reader, node.value, scope), node.attr)


def _member(base: Value, attribute: str) -> Value:
    if isinstance(base.function, Class):
        found = base.function.attributes.get(attribute)
        if found is not None:
            return found
    name = attribute_name(base.name, attribute)
    return Value(name=name, marks=base.marks, text="python" if name == "sys.executable" else "")


def _subscript(reader: "Interpreter", node: ast.Subscript, scope: Scope) -> Value:
    base, index = value(reader, node.value, scope), value(reader, node.slice, scope)
    if base.name in {"globals()", "locals()"} and isinstance(index.constant, str):
        return scope.module.names.get(index.constant) or Value(name=index.constant, marks=index.marks)
    found = python_operators.item(base, index)
    if found.name:
        return Value(
            found.constant, found.text, found.items, called_name(found.name), found.marks | index.marks, found.function
        )
    return found


def _slice(reader: "Interpreter", node: ast.Slice, scope: Scope) -> Value:
    bounds = [
        value(reader, part, scope) if part is not None else constant(None)
        for part in (node.lower, node.upper, node.step)
    ]
    if all(bound.known and isinstance(bound.constant, int | None) for bound in bounds):
        return Value(slice(*(bound.constant for bound in bounds)))
    return NOTHING


def _binop(reader: "Interpreter", node: ast.BinOp, scope: Scope) -> Value:
    chain: list[ast.BinOp] = []
    left: ast.expr = node
    while isinstance(left, ast.BinOp):
        chain.append(left)
        left = left.left
    found = value(reader, left, scope)
    for link in reversed(chain):
        found = python_operators.binary(link.op, found, value(reader, link.right, scope))
    if found.text:
        reader.watcher.text(found, node)
    return found


def _unary(reader: "Interpreter", node: ast.UnaryOp, scope: Scope) -> Value:
    return python_operators.unary(node.op, value(reader, node.operand, scope))


def _boolop(reader: "Interpreter", node: ast.BoolOp, scope: Scope) -> Value:
    return any_of([value(reader, part, scope) for part in node.values])


def _compare(reader: "Interpreter", node: ast.Compare, scope: Scope) -> Value:
    left = value(reader, node.left, scope)
    rights = [value(reader, part, scope) for part in node.comparators]
    if len(rights) == 1:
        result = python_operators.compare(node.ops[0], left, rights[0])
        if result is not UNKNOWN:
            return constant(result)
    return NOTHING


def _ifexp(reader: "Interpreter", node: ast.IfExp, scope: Scope) -> Value:
    test = value(reader, node.test, scope)
    one, other = value(reader, node.body, scope), value(reader, node.orelse, scope)
    if test.known:
        return one if test.constant else other
    return either(one, other)


def _sequence(reader: "Interpreter", node: ast.List | ast.Tuple | ast.Set, scope: Scope) -> Value:
    items: list[Value] = []
    for part in node.elts:
        found = value(reader, part.value if isinstance(part, ast.Starred) else part, scope)
        items += (elements(found) or [found]) if isinstance(part, ast.Starred) else [found]
    return _collected(items)


def _collected(items: list[Value]) -> Value:
    marks = joined_marks(items)
    if all(item.known for item in items):
        return constant([item.constant for item in items], marks)
    return Value(items=tuple(items[:_LONGEST]), marks=marks)


def _dict(reader: "Interpreter", node: ast.Dict, scope: Scope) -> Value:
    keys = [NOTHING if key is None else value(reader, key, scope) for key in node.keys]
    values = [value(reader, part, scope) for part in node.values]
    if all(part.known for part in (*keys, *values)) and all(
        isinstance(key.constant, str | int | bytes) for key in keys
    ):
        return constant({key.constant: part.constant for key, part in zip(keys, values, strict=True)})
    return Value(items=tuple(values), keys=tuple(key.constant for key in keys), marks=joined_marks([*values, *keys]))


def _joined(reader: "Interpreter", node: ast.JoinedStr, scope: Scope) -> Value:
    pieces, known, marks = [], True, frozenset({"pieced"})
    for part in node.values:
        inner = part.value if isinstance(part, ast.FormattedValue) else part
        found = constant(inner.value) if isinstance(inner, ast.Constant) else value(reader, inner, scope)
        plain = found.known and not (isinstance(part, ast.FormattedValue) and (part.format_spec or part.conversion > 0))
        known = known and plain
        marks |= found.marks
        pieces.append(str(found.constant) if plain else words(found) or GAP)
    text = "".join(pieces)
    if known:
        return constant(text, marks)
    made = Value(text=text, marks=marks)
    if text.strip(GAP):
        reader.watcher.text(made, node)
    return made


def _named(reader: "Interpreter", node: ast.NamedExpr, scope: Scope) -> Value:
    found = value(reader, node.value, scope)
    reader.assign(node.target, found, scope)
    return found


def _lambda(_reader: "Interpreter", node: ast.Lambda, scope: Scope) -> Value:
    return Value(function=Function(node, scope))


def _wrapped(reader: "Interpreter", node: ast.Await | ast.Starred | ast.Yield | ast.YieldFrom, scope: Scope) -> Value:
    found = NOTHING if node.value is None else value(reader, node.value, scope)
    if isinstance(node, ast.Yield | ast.YieldFrom):
        scope.returns.append(found)
        return NOTHING
    return found


# --- comprehensions --------------------------------------------------------------------------------------------------


def _comprehension(reader: "Interpreter", node: ast.ListComp | ast.GeneratorExp | ast.SetComp, scope: Scope) -> Value:
    items: list[Value] = []
    known = True
    for inner, sure in _rounds(reader, node.generators, Scope(scope)):
        items.append(value(reader, node.elt, inner))
        known = known and sure
    if known and all(item.known for item in items):
        return constant([item.constant for item in items], joined_marks(items))
    return Value(items=() if known else tuple(items), marks=joined_marks(items))


def _dictcomp(reader: "Interpreter", node: ast.DictComp, scope: Scope) -> Value:
    made: dict[Any, Any] = {}
    marks: frozenset[str] = frozenset()
    known = True
    for inner, sure in _rounds(reader, node.generators, Scope(scope)):
        key, part = value(reader, node.key, inner), value(reader, node.value, inner)
        marks |= key.marks | part.marks
        known = known and sure and key.known and part.known and isinstance(key.constant, str | int | bytes)
        if known:
            made[key.constant] = part.constant
    return constant(made, marks) if known else Value(marks=marks)


def _rounds(reader: "Interpreter", generators: list[ast.comprehension], scope: Scope) -> Iterator[tuple[Scope, bool]]:
    """The scope of every round, and whether it is sure to take place."""
    if not generators:
        yield scope, True
        return
    first, *rest = generators
    many = value(reader, first.iter, scope)
    parts = elements(many)
    if parts is None or reader.steps.left <= 0:
        reader.assign(first.target, Value(marks=joined_marks((many,))), scope)
        for test in first.ifs:
            value(reader, test, scope)
        for inner, _ in _rounds(reader, rest, scope):
            yield inner, False
        return
    for part in parts:
        reader.assign(first.target, part, scope)
        tests = [value(reader, test, scope) for test in first.ifs]
        if any(test.known and not test.constant for test in tests):
            continue
        for inner, sure in _rounds(reader, rest, scope):
            yield inner, sure and all(test.known for test in tests)
        if reader.steps.left <= 0:
            return


# --- calls -----------------------------------------------------------------------------------------------------------


def _call(reader: "Interpreter", node: ast.Call, scope: Scope) -> Value:
    arguments: list[Value] = []
    for part in node.args:
        found = value(reader, part.value if isinstance(part, ast.Starred) else part, scope)
        arguments += (elements(found) or [found]) if isinstance(part, ast.Starred) else [found]
    keywords = {one.arg or "**": value(reader, one.value, scope) for one in node.keywords}
    if isinstance(node.func, ast.Attribute):
        base = value(reader, node.func.value, scope)
        done = _method(reader, node, node.func.attr, base, arguments, keywords, scope)
        if done is not None:
            return done
        function = _member(base, node.func.attr)
    else:
        function = value(reader, node.func, scope)
    name = called_name(function.name)
    special = _names_something(reader, name, arguments, scope)
    if special is not None:
        return special
    known = reader.watcher.called(name, function, arguments, keywords, node)
    if known is not None:
        return known
    return _result(reader, name, function, arguments, keywords)


def _result(
    reader: "Interpreter", name: str, function: Value, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    marks = joined_marks([*arguments, *keywords.values()]) | function.marks
    if isinstance(function.function, Function):
        return reader.enter(function.function, arguments, keywords)
    if isinstance(function.function, Class):
        start = function.function.attributes.get("__init__")
        if start is not None and isinstance(start.function, Function):
            reader.enter(start.function, [function, *arguments], keywords)
        return Value(function=function.function, name=f"{function.function.node.name}()", marks=marks)
    work = DECODERS.get(name) or PURE.get(name)
    if name == "map" and len(arguments) == 2:
        return _mapped(reader, arguments[0], arguments[1])
    decoded = marks | {"decoded"} if name in DECODERS and name not in {"bytes", "bytearray"} else marks
    if work is not None and all(one.known for one in (*arguments, *keywords.values())):
        result = pure_call(
            work, [one.constant for one in arguments], {key: one.constant for key, one in keywords.items()}
        )
        if result is not UNKNOWN and result is not None:
            return constant(result, decoded)
    for one in arguments:
        if isinstance(one.function, Function):
            reader.enter(one.function, [], {})
    return Value(
        name=f"{name}()" if name else "",
        marks=decoded,
        text=words(arguments[0]) if name in _PATHS and arguments else "",
    )


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
    return _collected([_result(reader, function.name, function, [part], {}) for part in parts])


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
        return _appended(node.func, method, base, arguments, scope)
    if isinstance(base.constant, str) and method == "format":
        return python_operators.formatted(base.constant, arguments, keywords)
    if base.known and method in METHODS and all(one.known for one in (*arguments, *keywords.values())):
        result = pure_call(
            METHODS[method],
            [base.constant, *(one.constant for one in arguments)],
            {k: v.constant for k, v in keywords.items()},
        )
        if result is not UNKNOWN:
            return constant(result, marks | ({"pieced"} if method == "join" else set()))
    if method == "join" and isinstance(base.constant, str) and arguments:
        parts = elements(arguments[0])
        text = base.constant.join(words(part) or GAP for part in parts[:1000]) if parts else ""
        return Value(text=text, marks=marks)
    if method in {"decode", "encode", "strip", "lower", "replace", "read"} and base.text:
        return Value(text=base.text, name=f"{base.name}.{method}()", marks=marks)
    return None


def _appended(target: ast.Attribute, method: str, base: Value, arguments: list[Value], scope: Scope) -> Value | None:
    if not isinstance(target.value, ast.Name) or not arguments:
        return None
    old = elements(base)
    if old is None:
        old = [] if not base.items else list(base.items)
    new = (elements(arguments[-1]) or [arguments[-1]]) if method == "extend" else [arguments[-1]]
    if len(old) < _LONGEST:
        scope.bind(
            target.value.id,
            _collected([*old, *new]) if base.known or base.items else Value(marks=joined_marks([base, *new])),
        )
    return constant(None)


def _names_something(reader: "Interpreter", name: str, arguments: list[Value], scope: Scope) -> Value | None:
    """Calls that only name a module, a function or an attribute by a text."""
    texts = [one.constant for one in arguments]
    marks = joined_marks(arguments)
    if (
        name in {"__import__", "importlib.import_module", "importlib.__import__"}
        and texts
        and isinstance(texts[0], str)
    ):
        reader.watcher.called("import", Value(name=texts[0], marks=marks), (), {}, ast.Pass(lineno=1))
        whole = texts[0] if name == "importlib.import_module" else texts[0].partition(".")[0]
        return Value(name=whole, marks=marks)
    if name == "getattr" and len(arguments) >= 2 and isinstance(texts[1], str):
        base = arguments[0]
        if isinstance(base.function, Class) and texts[1] in base.function.attributes:
            return base.function.attributes[texts[1]]
        return Value(name=attribute_name(base.name, texts[1]), marks=marks)
    if name in {"vars", "dict"} and len(arguments) == 1 and arguments[0].name:
        return Value(name=f"{arguments[0].name}.__dict__", marks=marks)
    if name == "functools.partial" and arguments and arguments[0].name:
        return Value(name=arguments[0].name, marks=marks, function=arguments[0].function)
    if name == "os.path.join" and any(words(one) for one in arguments):
        if all(isinstance(text, str) for text in texts):
            return constant("/".join(texts), marks)
        return Value(text="/".join(words(one) or GAP for one in arguments), marks=marks)
    return None


_EXPRESSIONS: dict[type[ast.expr], Any] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.Slice: _slice,
    ast.BinOp: _binop,
    ast.UnaryOp: _unary,
    ast.BoolOp: _boolop,
    ast.Compare: _compare,
    ast.IfExp: _ifexp,
    ast.List: _sequence,
    ast.Tuple: _sequence,
    ast.Set: _sequence,
    ast.Dict: _dict,
    ast.JoinedStr: _joined,
    ast.NamedExpr: _named,
    ast.Lambda: _lambda,
    ast.Await: _wrapped,
    ast.Starred: _wrapped,
    ast.Yield: _wrapped,
    ast.YieldFrom: _wrapped,
    ast.ListComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.SetComp: _comprehension,
    ast.DictComp: _dictcomp,
    ast.Call: _call,
}
