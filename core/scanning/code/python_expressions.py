"""Expressions of a Python program that is followed without running it; see `python_interpreter`."""

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from core.scanning.code import python_operators
from core.scanning.code.python_calls import call, member
from core.scanning.code.python_keys import service_of
from core.scanning.code.python_names import called_name, is_key_of_the_hub
from core.scanning.code.python_scopes import Function, Scope
from core.scanning.code.python_values import (
    GAP,
    MOST,
    NOTHING,
    UNKNOWN,
    Value,
    any_of,
    collected,
    constant,
    either,
    elements,
    joined_marks,
    words,
)

if TYPE_CHECKING:
    from core.scanning.code.python_interpreter import Interpreter

_KEY_OF_ENVIRONMENT = re.compile(
    r"(?i)(?:os\.environ|streamlit\.secrets)\[.*(?:token|secret|passw|credential|api_?key|private_?key)"
)
_TELLING = frozenset({"decoded", "pieced"})


def value(reader: "Interpreter", node: ast.expr, scope: Scope) -> Value:
    """The value of an expression; whoever watches is told of texts that were worked out."""
    reader.steps.left -= 1
    work = _EXPRESSIONS.get(type(node))
    if work is None:
        return _parts(reader, node, scope)
    found: Value = work(reader, node, scope)
    if not isinstance(node, _AT_HAND) and not reader.steps.affords(found):
        return Value(name=found.name, marks=found.marks, function=found.function)
    if found.known and isinstance(found.constant, str | bytes) and _TELLING & found.marks and len(found.constant) > 3:
        reader.watcher.text(found, node)
    return found


def binary(reader: "Interpreter", sort: ast.operator, left: Value, right: Value, node: ast.AST) -> Value:
    """An operator, and word of the text it makes."""
    if not reader.steps.affords(left, right):
        return Value(marks=joined_marks((left, right)))
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
    return member(value(reader, node.value, scope), node.attr)


def _subscript(reader: "Interpreter", node: ast.Subscript, scope: Scope) -> Value:
    base, index = value(reader, node.value, scope), value(reader, node.slice, scope)
    if base.name in {"globals()", "locals()"} and isinstance(index.constant, str):
        return scope.module.names.get(index.constant) or Value(name=index.constant, marks=index.marks)
    if isinstance(index.constant, slice) and not reader.steps.affords(base):
        return Value(marks=joined_marks((base, index)))
    found = python_operators.item(base, index)
    if found.name:
        name = called_name(found.name)
        key = {"token"} if _KEY_OF_ENVIRONMENT.match(name) else set()
        key |= {"hub_setting"} if key and is_key_of_the_hub(index.constant) else set()
        key |= {f"of:{service_of(index.constant)}"} if key and service_of(index.constant) else set()
        marks = found.marks | index.marks | key
        return Value(found.constant, found.text, found.items, name, marks, found.function)
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
        right = value(reader, link.right, scope)
        if reader.steps.affords(found, right):
            found = python_operators.binary(link.op, found, right)
        else:
            found = Value(marks=joined_marks((found, right)))
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
    if len(rights) == 1 and reader.steps.affords(left, rights[0]):
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
    return collected(items)


def _dict(reader: "Interpreter", node: ast.Dict, scope: Scope) -> Value:
    keys = [NOTHING if key is None else value(reader, key, scope) for key in node.keys]
    values = [value(reader, part, scope) for part in node.values]
    if all(part.known for part in (*keys, *values)) and all(
        isinstance(key.constant, str | int | bytes) for key in keys
    ):
        return constant({key.constant: part.constant for key, part in zip(keys, values, strict=True)})
    return Value(items=tuple(values), keys=tuple(key.constant for key in keys), marks=joined_marks([*values, *keys]))


def _joined(reader: "Interpreter", node: ast.JoinedStr, scope: Scope) -> Value:
    pieces, known, marks, length = [], True, frozenset({"pieced"}), 0
    for part in node.values:
        inner = part.value if isinstance(part, ast.FormattedValue) else part
        found = constant(inner.value) if isinstance(inner, ast.Constant) else value(reader, inner, scope)
        plain = found.known and not (isinstance(part, ast.FormattedValue) and (part.format_spec or part.conversion > 0))
        known = known and plain
        marks |= found.marks
        pieces.append(str(found.constant) if plain else words(found) or GAP)
        length += len(pieces[-1])
        if length > MOST:
            return Value(marks=marks)
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


def _lambda(reader: "Interpreter", node: ast.Lambda, scope: Scope) -> Value:
    function = Function(node, scope)
    reader.remember(function)
    return Value(function=function)


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
    parts = elements(many) if reader.steps.left > 0 else None
    if parts is None:
        reader.assign(first.target, Value(marks=joined_marks((many,))), scope)
        for test in first.ifs:
            value(reader, test, scope)
        for inner, _ in _rounds(reader, rest, scope):
            yield inner, False
        return
    for part in parts:
        reader.steps.left -= 1
        reader.assign(first.target, part, scope)
        tests = [value(reader, test, scope) for test in first.ifs]
        if any(test.known and not test.constant for test in tests):
            continue
        for inner, sure in _rounds(reader, rest, scope):
            yield inner, sure and all(test.known for test in tests)
        if reader.steps.left <= 0:
            return


_AT_HAND = (ast.Constant, ast.Name, ast.Attribute)
"""What makes no new value."""
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
    ast.Call: call,
}
