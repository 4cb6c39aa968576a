"""Follows a Python program without running it: values where the text gives them away, and where they come from.

Functions of the file are followed where they are called, within bounds; loops over known values are worked out, so that
text put together piece by piece is seen as what it becomes. Whoever watches is told of every call and every text.
"""

import ast
from collections.abc import Sequence
from typing import Protocol

from core.scanning.code import python_calls, python_expressions
from core.scanning.code.python_pure import Steps
from core.scanning.code.python_scopes import Class, Function, Scope, answers_people
from core.scanning.code.python_tables import CALL_BACK
from core.scanning.code.python_values import NOTHING, Value, any_of, constant, elements, joined_marks, marked, with_item

_LONGEST_LOOP = 20_000
_DEEPEST_CALL = 12
_MOST_INLINED = 3_000


class Watcher(Protocol):
    """Is told what happens."""

    def called(
        self, name: str, function: Value, arguments: Sequence[Value], keywords: dict[str, Value], node: ast.AST
    ) -> Value | None:
        """A call; the result, if the watcher knows better."""
        ...

    def assigned(self, name: str, value: Value, node: ast.AST) -> None:
        """An assignment to `a.b` or `a[b]`."""
        ...

    def text(self, value: Value, node: ast.AST) -> None:
        """A text, as written or as it was worked out."""
        ...

    def knows(self, name: str) -> bool:
        """Whether a call of this function means something."""
        ...

    def again(self, once_more: bool) -> None:
        """What follows was already followed with the arguments that it is called with, now it is without."""
        ...

    def imported(self, name: str, node: ast.AST) -> None:
        """An import."""
        ...

    def tick(self) -> None:
        """Raise if the time is used up."""
        ...


_GIVE_PATHS = frozenset(f"pathlib.Path().{way}()" for way in ("glob", "rglob", "iterdir"))


class Interpreter:
    """One file, or all cells of one notebook."""

    def __init__(self, watcher: Watcher) -> None:
        self.watcher = watcher
        self.steps = Steps()
        self.module = Scope()
        self.module.names["__name__"] = constant("__main__")
        self._functions: list[Function] = []
        self._seen: set[int] = set()
        self._followed: set[int] = set()
        self._left_out: dict[int, tuple[Sequence[ast.stmt], Scope]] = {}

    def run(self, tree: ast.Module) -> None:
        """Follow a module from top to bottom, then every function of it by itself."""
        first = len(self._functions)
        self.module.names["__doc__"] = python_calls.described(tree)
        self.block(tree.body, self.module)
        done = first
        while done < len(self._functions) or self._take_up():
            if done == len(self._functions):
                continue
            function = self._functions[done]
            done += 1
            if function.entered and isinstance(function.node, ast.Lambda):
                continue
            self.watcher.again(function.entered)
            self.enter(function, [], {}, alone=True)
            self.watcher.again(False)

    def _take_up(self) -> bool:
        """Follow what no condition led to: what a condition asks for may change in ways that are not seen here.

        Whether there was anything.
        """
        left_out, self._left_out = self._left_out, {}
        for place, (body, scope) in left_out.items():
            if place not in self._followed:
                self._followed.add(place)
                self.block(body, scope)
        return bool(left_out)

    # -- statements --

    def block(self, body: Sequence[ast.stmt], scope: Scope) -> str:
        """Follow statements; "break", "continue" or "return" if they end early, else ""."""
        for statement in body:
            if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
                self.define(statement, scope)
        for index, statement in enumerate(body):
            if index == 0 and isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                continue
            self.watcher.tick()
            ended = self._statement(statement, scope)
            if ended:
                return ended
        return ""

    def define(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope, owner: Class | None = None) -> Value:
        """Bind a function to its name."""
        old = scope.names.get(node.name)
        if old is not None and isinstance(old.function, Function) and old.function.node is node:
            return old
        function = Function(node, scope, owner)
        self.remember(function)
        value = Value(function=function)
        scope.names[node.name] = value
        return value

    def remember(self, function: Function) -> None:
        """Follow this function in the end even if nothing calls it."""
        if id(function.node) not in self._seen:
            self._seen.add(id(function.node))
            self._functions.append(function)

    def _statement(self, node: ast.stmt, scope: Scope) -> str:
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        if method is not None:
            return method(node, scope) or ""
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.value(child, scope)
        return ""

    def value(self, node: ast.expr | None, scope: Scope) -> Value:
        """The value of an expression."""
        return NOTHING if node is None else python_expressions.value(self, node, scope)

    def _functiondef(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> None:
        for expression in (*node.args.defaults, *node.args.kw_defaults):
            self.value(expression, scope)
        self._decorate(node, scope)

    _asyncfunctiondef = _functiondef

    def _decorate(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, scope: Scope) -> None:
        """A decorator is a call: `@exec` above a class runs what the decorator below it gives."""
        given = NOTHING
        for decorator in reversed(node.decorator_list):
            given = python_calls.apply(self, self.value(decorator, scope), [given], node)

    def _classdef(self, node: ast.ClassDef, scope: Scope) -> None:
        names = " ".join(self.value(base, scope).name for base in node.bases)
        made = Class(node, names)
        inner = Scope(scope)
        for statement in node.body:
            if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
                made.attributes[statement.name] = self.define(statement, inner, made)
        self.block(node.body, inner)
        for name, value in inner.names.items():
            made.attributes.setdefault(name, value)
        scope.bind(node.name, Value(function=made))
        self._decorate(node, scope)

    def _return(self, node: ast.Return, scope: Scope) -> str:
        scope.returns.append(self.value(node.value, scope))
        return "return"

    def _break(self, _node: ast.Break, _scope: Scope) -> str:
        return "break"

    def _continue(self, _node: ast.Continue, _scope: Scope) -> str:
        return "continue"

    def _assign(self, node: ast.Assign, scope: Scope) -> None:
        value = self.value(node.value, scope)
        for target in node.targets:
            self.assign(target, value, scope)

    def _annassign(self, node: ast.AnnAssign, scope: Scope) -> None:
        if node.value is not None:
            self.assign(node.target, self.value(node.value, scope), scope)

    def _augassign(self, node: ast.AugAssign, scope: Scope) -> None:
        new = python_expressions.binary(
            self, node.op, self.value(node.target, scope), self.value(node.value, scope), node
        )
        self.assign(node.target, new, scope)

    def assign(self, target: ast.expr, value: Value, scope: Scope) -> None:
        """Bind a name, the parts of a tuple, an attribute or an element."""
        if isinstance(target, ast.Name):
            scope.bind(target.id, value)
        elif isinstance(target, ast.Tuple | ast.List):
            parts = elements(value, len(target.elts))
            for index, part in enumerate(target.elts):
                self.assign(part, parts[index] if parts else Value(marks=value.marks), scope)
        elif isinstance(target, ast.Starred):
            self.assign(target.value, Value(marks=value.marks), scope)
        elif isinstance(target, ast.Attribute):
            base = self.value(target.value, scope)
            if isinstance(base.function, Class):
                base.function.keep(target.attr, value)
            self.watcher.assigned(f"{base.name}.{target.attr}", value, target)
            self._replaced(base, value)
            if base.name.startswith(CALL_BACK):
                python_calls.answer(self, value)
        elif isinstance(target, ast.Subscript):
            self._assign_element(target, value, scope)

    def _replaced(self, base: Value, value: Value) -> None:
        """A function of the file in the place of a library's (`builtins.input = ask`) hears what that is given."""
        if base.name and "(" not in base.name and isinstance(value.function, Function) and base.function is None:
            heard = [Value(marks=frozenset({"overheard"}))] * max(2, len(value.function.parameters))
            self.enter(value.function, heard, {})

    def _assign_element(self, target: ast.Subscript, value: Value, scope: Scope) -> None:
        """An element, or a header of a connection: `session.headers["x"] = key`."""
        place = self.value(target, scope)
        self.watcher.assigned(place.name, value, target)
        carried = {"secret", "environment"} & value.marks
        if carried and isinstance(target.value, ast.Attribute) and isinstance(target.value.value, ast.Name):
            python_calls.remember(target.value.value.id, frozenset(carried), scope)
        if isinstance(target.value, ast.Name):
            old = scope.find(target.value.id) or NOTHING
            key = self.value(target.slice, scope)
            scope.bind(target.value.id, with_item(old, key, value))

    def _import(self, node: ast.Import, scope: Scope) -> None:
        for alias in node.names:
            self.watcher.imported(alias.name, node)
            whole = alias.name if alias.asname else alias.name.partition(".")[0]
            scope.bind(alias.asname or whole, Value(name=whole))

    def _importfrom(self, node: ast.ImportFrom, scope: Scope) -> None:
        module = "." * node.level + (node.module or "")
        self.watcher.imported(node.module or "", node)
        for alias in node.names:
            if alias.name == "*":
                scope.stars.append(module)
            else:
                scope.bind(alias.asname or alias.name, Value(name=f"{module}.{alias.name}"))

    def _global(self, node: ast.Global | ast.Nonlocal, scope: Scope) -> None:
        for name in node.names:
            outer = scope.outer
            if isinstance(node, ast.Nonlocal):
                while outer is not None and name not in outer.names:
                    outer = outer.outer
            scope.elsewhere[name] = outer or scope.module if isinstance(node, ast.Nonlocal) else scope.module

    _nonlocal = _global

    def _if(self, node: ast.If, scope: Scope) -> str:
        test = self.value(node.test, scope)
        if test.known and self.steps.left > 0 and not isinstance(node.test, ast.Constant):
            taken, other = (node.body, node.orelse) if test.constant else (node.orelse, node.body)
            self._followed.update(id(one) for one in taken[:1])
            if other:
                self._left_out.setdefault(id(other[0]), (other, scope))
            return self.block(taken, scope)
        return self._branches([node.body, node.orelse], scope)

    def _branches(self, bodies: Sequence[Sequence[ast.stmt]], scope: Scope) -> str:
        """Each from the same beginning; afterwards a name may be what any of them made it."""
        before = dict(scope.names)
        after: list[dict[str, Value]] = []
        endings = set()
        for body in bodies:
            scope.names = dict(before)
            ending = self.block(body, scope)
            endings.add(ending)
            after.append(scope.names)
        scope.names = after[-1]
        for names in after[:-1]:
            scope.join(names)
        return endings.pop() if len(endings) == 1 else ""

    def _for(self, node: ast.For | ast.AsyncFor, scope: Scope) -> str:
        many = self.value(node.iter, scope)
        parts = elements(many) if self.steps.left > 0 else None
        if parts is None or len(parts) > _LONGEST_LOOP:
            name = "pathlib.Path()" if many.name in _GIVE_PATHS else ""
            self.assign(node.target, Value(name=name, marks=joined_marks((many,))), scope)
            self._branches([node.body, []], scope)
            return self.block(node.orelse, scope)
        for part in parts:
            self.steps.left -= 1
            self.assign(node.target, part, scope)
            ended = self.block(node.body, scope)
            if ended == "return":
                return ended
            if ended == "break" or self.steps.left <= 0:
                break
        if not parts:
            self.assign(node.target, NOTHING, scope)
            self._branches([node.body, []], scope)
        return self.block(node.orelse, scope)

    _asyncfor = _for

    def _while(self, node: ast.While, scope: Scope) -> str:
        for _ in range(_LONGEST_LOOP):
            test = self.value(node.test, scope)
            if not test.known or isinstance(node.test, ast.Constant) or self.steps.left <= 0:
                break
            if not test.constant:
                return ""
            ended = self.block(node.body, scope)
            if ended:
                return ended if ended == "return" else ""
        self._branches([node.body, []], scope)
        return self.block(node.orelse, scope)

    def _with(self, node: ast.With | ast.AsyncWith, scope: Scope) -> str:
        for item in node.items:
            value = self.value(item.context_expr, scope)
            if item.optional_vars is not None:
                self.assign(item.optional_vars, value, scope)
        return self.block(node.body, scope)

    _asyncwith = _with

    def _try(self, node: ast.Try, scope: Scope) -> str:
        before = dict(scope.names)
        ended = self.block(node.body, scope) or self.block(node.orelse, scope)
        scope.join(before)
        for handler in node.handlers:
            self._branches([handler.body, []], scope)
        last = self.block(node.finalbody, scope)
        return last or (ended if not node.handlers else "")

    _trystar = _try

    def _match(self, node: ast.Match, scope: Scope) -> str:
        self.value(node.subject, scope)
        return self._branches([*(case.body for case in node.cases), []], scope)

    # -- calls --

    def enter(
        self, function: Function, arguments: Sequence[Value], keywords: dict[str, Value], *, alone: bool = False
    ) -> Value:
        """Follow a function of the file with these arguments; what it returns. `alone`: nobody is known to call it."""
        bound = function.running >= 2 or self.steps.depth >= _DEEPEST_CALL or self.steps.inlined >= _MOST_INLINED
        if bound and not alone and (function.running or function.entered or arguments or keywords):
            return Value(marks=joined_marks([*arguments, *keywords.values()]))
        self.steps.inlined += 1
        function.entered = True
        scope = Scope(function.scope)
        self._bind_arguments(function, arguments, keywords, scope)
        if alone:
            for name, value in scope.names.items():
                scope.names[name] = marked(value, "default", *({"asked"} if answers_people(function) else ()))
        function.running += 1
        self.steps.depth += 1
        try:
            if isinstance(function.node, ast.Lambda):
                return self.value(function.node.body, scope)
            self.block(function.node.body, scope)
        finally:
            function.running -= 1
            self.steps.depth -= 1
        returned = scope.returns[0] if len(scope.returns) == 1 else any_of(scope.returns)
        if function.node.name.startswith("__reduce") and returned.items:
            # What a pickle of this object would call.
            what, *given = returned.items
            self.watcher.called(what.name, what, elements(given[0]) or [] if given else [], {}, function.node)
        return returned

    def _bind_arguments(
        self, function: Function, arguments: Sequence[Value], keywords: dict[str, Value], scope: Scope
    ) -> None:
        node, parameters = function.node, function.parameters
        positional = [*node.args.posonlyargs, *node.args.args]
        for parameter, default in zip(reversed(positional), reversed(node.args.defaults), strict=False):
            scope.names[parameter.arg] = self.value(default, function.scope)
        for parameter, preset in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=False):
            scope.names[parameter.arg] = self.value(preset, function.scope)
        taken = {parameter.arg: value for parameter, value in zip(positional, arguments, strict=False)}
        taken |= {name: value for name, value in keywords.items() if any(name == one.arg for one in parameters)}
        for parameter in parameters:
            scope.names[parameter.arg] = taken.get(parameter.arg) or scope.names.get(parameter.arg, NOTHING)
        rest = tuple(arguments[len(positional) :])
        if node.args.vararg is not None:
            scope.names[node.args.vararg.arg] = Value(items=rest, marks=joined_marks(rest))
        if node.args.kwarg is not None:
            more = [value for name, value in keywords.items() if name not in taken]
            scope.names[node.args.kwarg.arg] = Value(items=tuple(more), marks=joined_marks(more))
        if function.owner is not None and positional and not arguments:
            scope.names[positional[0].arg] = Value(function=function.owner)
