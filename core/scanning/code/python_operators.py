"""Operators of Python on values that are partly known."""

import ast
import operator
import re
from collections.abc import Callable
from typing import Any

from core.scanning.code.python_values import GAP, LONGEST, MOST, UNKNOWN, Value, constant, joined_marks, words

_NUMBERS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Sub: operator.sub,
    ast.Mod: operator.mod,
    ast.FloorDiv: operator.floordiv,
    ast.Div: operator.truediv,
    ast.BitXor: operator.xor,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.RShift: operator.rshift,
}
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda one, many: one in many,
    ast.NotIn: lambda one, many: one not in many,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
}
_SIGNS: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.USub: operator.neg,
    ast.Invert: operator.invert,
    ast.Not: operator.not_,
}
_WIDE = re.compile(r"\d{5,}|%[-+ #0\d.]*\*")
_PERCENT = re.compile(r"%(?:\(\w+\))?[-+ #0]*\d*(?:\.\d+)?[a-zA-Z%]")
_BRACES = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")


def binary(sort: ast.operator, left: Value, right: Value) -> Value:
    """`left <sort> right`."""
    marks = joined_marks((left, right)) - {"itself"}
    if left.known and right.known:
        result = _of_constants(sort, left.constant, right.constant)
        if result is not UNKNOWN:
            pieced = {"pieced"} if isinstance(result, str | bytes) and isinstance(sort, ast.Add) else set()
            return constant(result, marks | pieced)
    if isinstance(sort, ast.Add | ast.Div) and (words(left) or words(right)):
        if isinstance(sort, ast.Add) and (left.items or right.items) and not (left.text or right.text):
            return Value(items=(_elements(left) + _elements(right))[:LONGEST], marks=marks)
        listed = right.items or isinstance(right.constant, list | tuple)
        between = "/" if isinstance(sort, ast.Div) else " " if listed else ""
        return Value(
            text=((words(left) or GAP) + between + (words(right) or GAP))[:MOST], name=_path_name(left), marks=marks
        )
    if isinstance(sort, ast.Mod) and isinstance(left.constant, str):
        return Value(text=_percent(left.constant, right), marks=marks)
    return Value(marks=marks | ({"decoded"} if isinstance(sort, ast.BitXor) else frozenset()))


def _path_name(value: Value) -> str:
    return "pathlib.Path()" if value.name.startswith("pathlib.") else ""


def _elements(value: Value) -> tuple[Value, ...]:
    if value.items:
        return value.items
    if isinstance(value.constant, list | tuple):
        return tuple(constant(item) for item in value.constant[:1000])
    return (value,)


def _of_constants(sort: ast.operator, left: Any, right: Any) -> object:  # noqa: ANN401  whatever Python adds
    try:
        if isinstance(sort, ast.Add):
            return (
                left + right
                if not isinstance(left, list | tuple | str | bytes) or len(left) + len(right) <= MOST
                else UNKNOWN
            )
        if isinstance(sort, ast.Mult):
            return _repeated(left, right)
        if isinstance(sort, ast.Pow):
            return left**right if abs(left) < 1 << 32 and 0 <= right < 64 else UNKNOWN
        if isinstance(sort, ast.LShift):
            return left << right if 0 <= right < 256 and abs(left) < 1 << 256 else UNKNOWN
        if isinstance(sort, ast.Mod) and isinstance(left, str | bytes) and _grows(str(left), right):
            return UNKNOWN
        if isinstance(sort, ast.Mod) and isinstance(left, str | bytes) and isinstance(right, list):
            right = tuple(right)  # our constants have lists for tuples
        work = _NUMBERS.get(type(sort))
        return UNKNOWN if work is None else work(left, right)
    except Exception:  # noqa: BLE001  the operands are the file's
        return UNKNOWN


def _grows(pattern: str, right: object) -> bool:
    """Whether a pattern with these values would be much longer than both: wide fields, one name put in many times."""
    return bool(_WIDE.search(pattern)) or pattern.count("%(") * len(str(right)) > MOST


def _repeated(left: Any, right: Any) -> object:  # noqa: ANN401
    many, times = (left, right) if isinstance(right, int) else (right, left)
    if isinstance(many, str | bytes | list | tuple):
        return many * times if len(many) * max(0, times) <= MOST else UNKNOWN
    return many * times if isinstance(many, float) or abs(many) < 1 << 256 else UNKNOWN


def compare(sort: ast.cmpop, left: Value, right: Value) -> object:
    """Of two constants; else `UNKNOWN`."""
    work = _COMPARISONS.get(type(sort))
    if work is None or not (left.known and right.known):
        return UNKNOWN
    try:
        return bool(work(left.constant, right.constant))
    except Exception:  # noqa: BLE001
        return UNKNOWN


def unary(sort: ast.unaryop, value: Value) -> Value:
    """`-x`, `~x`, `not x`."""
    if not value.known:
        return Value(marks=value.marks)
    try:
        work = _SIGNS.get(type(sort), operator.pos)
        return constant(work(value.constant), value.marks)
    except Exception:  # noqa: BLE001
        return Value(marks=value.marks)


def item(value: Value, index: Value) -> Value:
    """`value[index]`, also with a slice as a constant `slice`."""
    marks = value.marks
    if value.known and index.known:
        try:
            taken = value.constant[index.constant]
        except Exception:  # noqa: BLE001
            return Value(marks=marks)
        turned = isinstance(index.constant, slice) and isinstance(taken, str | bytes) and index.constant.step == -1
        return constant(taken, marks | ({"decoded"} if turned else set()))
    if value.keys and index.known:
        for key, inner in zip(value.keys, value.items, strict=False):
            if key == index.constant:
                return inner
    if value.items and isinstance(index.constant, int) and not value.keys:
        try:
            return value.items[index.constant]
        except IndexError:
            return Value(marks=marks)
    name = f"{value.name}[]" if value.name else ""
    if value.name and isinstance(index.constant, str):
        name = f"{value.name}[{index.constant}]"
    return Value(name=name, marks=joined_marks((value,)))


def _percent(pattern: str, right: Value) -> str:
    parts = iter(right.items or (right,))

    def fill(match: re.Match[str]) -> str:
        if match[0] == "%%":
            return "%"
        part = next(parts, None)
        return GAP if part is None else words(part) or GAP

    return _filled(_PERCENT, fill, pattern)


def formatted(pattern: str, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    """`pattern.format(…)` with what is known put in."""
    numbers = iter(arguments)
    known = True

    def fill(match: re.Match[str]) -> str:
        nonlocal known
        if match[0] in {"{{", "}}"}:
            return match[0][0]
        field = re.split(r"[!:.\[]", match[1], maxsplit=1)[0]
        if field.isdigit():
            part = arguments[int(field)] if int(field) < len(arguments) else None
        else:
            part = keywords.get(field) if field else next(numbers, None)
        text = "" if part is None else str(part.constant) if part.known else words(part)
        known = known and part is not None and part.known
        return text or GAP

    text = _filled(_BRACES, fill, pattern)
    marks = joined_marks([*arguments, *keywords.values()])
    return constant(text, marks | {"pieced"}) if known else Value(text=text, marks=marks)


def _filled(places: re.Pattern[str], fill: Callable[[re.Match[str]], str], pattern: str) -> str:
    """`places.sub(fill, pattern)`, which stops at `MOST` characters."""
    pieces, length, end = [], 0, 0
    for match in places.finditer(pattern):
        pieces += [pattern[end : match.start()], fill(match)]
        length += len(pieces[-2]) + len(pieces[-1])
        end = match.end()
        if length > MOST:
            break
    return "".join([*pieces, pattern[end:]])[:MOST]
