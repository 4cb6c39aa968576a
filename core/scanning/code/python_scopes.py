"""Names of a Python program and what is bound to them, where they are bound."""

import ast
from dataclasses import dataclass, field

from core.scanning.code.python_values import NOTHING, Value, either, same

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


class Scope:
    """The names of a module, a class body or one call of a function."""

    def __init__(self, outer: "Scope | None" = None) -> None:
        self.names: dict[str, Value] = {}
        self.outer = outer
        self.stars: list[str] = [] if outer is None else outer.stars
        self.elsewhere: dict[str, Scope] = {}
        self.returns: list[Value] = []

    @property
    def module(self) -> "Scope":
        """The outermost."""
        return self if self.outer is None else self.outer.module

    def find(self, name: str) -> Value | None:
        """What is bound to a name, here or outside."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        return None

    def bind(self, name: str, value: Value) -> None:
        """Assign."""
        self.elsewhere.get(name, self).names[name] = value

    def join(self, other: dict[str, Value]) -> None:
        """Take in what the names would be, had another branch been taken."""
        for name, value in other.items():
            mine = self.names.get(name)
            if mine is None:
                self.names[name] = value
            elif mine is not value and not same(mine, value):
                self.names[name] = either(value, mine)


@dataclass(frozen=True, slots=True)
class Bound:
    """A function with its first arguments, `functools.partial`."""

    function: Value
    arguments: tuple[Value, ...]
    keywords: tuple[tuple[str, Value], ...]


def unbound(
    function: Value, arguments: list[Value], keywords: dict[str, Value]
) -> tuple[Value, list[Value], dict[str, Value]]:
    """A call of what `functools.partial` gave is a call of the function in it, with all arguments."""
    while isinstance(function.function, Bound):
        bound = function.function
        arguments, keywords = [*bound.arguments, *arguments], dict(bound.keywords) | keywords
        function = bound.function
        if isinstance(function.function, Function) and function.function.running:
            return Value(name=function.name, marks=function.marks), arguments, keywords  # calls itself: once is enough
    return function, arguments, keywords


@dataclass(eq=False, slots=True)
class Function:
    """A function, method or lambda of the file."""

    node: FunctionNode
    scope: Scope
    owner: "Class | None" = None
    running: int = 0
    entered: bool = False
    """Whether it was followed where it is called."""

    @property
    def parameters(self) -> list[ast.arg]:
        """Those that take one argument each, in order."""
        arguments = self.node.args
        return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]


_ANSWERS = frozenset("route get post put websocket message_handler on_message event command callback".split())


_SERVED = frozenset({("EndpointHandler", "__call__"), ("TritonPythonModel", "execute")})
"""Classes and methods that servers of models look for by these names (Inference Endpoints; Triton, python_backend)."""


def answers_people(function: Function) -> bool:
    """Whether a server or a bot calls a function with what somebody elsewhere sent, by its name or its decorators."""
    node = function.node
    if isinstance(node, ast.Lambda):
        return False
    if function.owner is not None and (function.owner.node.name, node.name) in _SERVED:
        return True
    called = [one.func if isinstance(one, ast.Call) else one for one in node.decorator_list]
    answers = [one for one in called if isinstance(one, ast.Attribute) and one.attr in _ANSWERS]
    if answers and all(one.attr == "command" for one in answers):
        return not _of_a_command_line(node.decorator_list, called)
    return bool(answers)


def _of_a_command_line(decorators: list[ast.expr], called: list[ast.expr]) -> bool:
    """Whether the person at the keyboard calls it (`click`, `typer`) and not somebody in a chat.

    Commands of chats that are made by an `app` have a name with a slash (Slack).
    """
    names = {part.id for one in called for part in ast.walk(one) if isinstance(part, ast.Name)}
    texts = [part.value for one in decorators for part in ast.walk(one) if isinstance(part, ast.Constant)]
    of_an_app = any(name.endswith("app") for name in names) and not any(str(one).startswith("/") for one in texts)
    return of_an_app or bool(names & {"click", "typer"}) or any(name.endswith("cli") for name in names)


@dataclass(eq=False, slots=True)
class Class:
    """A class of the file; all its instances are taken for one."""

    node: ast.ClassDef
    names: str = ""
    """Dotted names of its bases, with blanks between."""
    attributes: dict[str, Value] = field(default_factory=dict)

    def keep(self, name: str, value: Value) -> None:
        """Assign an attribute, in whatever instance."""
        old = self.attributes.get(name, NOTHING)
        self.attributes[name] = value if same(old, NOTHING) or same(old, value) else either(old, value)
