"""What the pickle machine keeps on its stack instead of real objects, and how it is written out for people."""

from dataclasses import dataclass, field

KEPT = 64
"""Members kept of a list, tuple or dictionary."""
TELLING = frozenset({"_parse_arg_template"})
"""Keys that are kept, with what they stand for, however many others there are: their values are run."""
SHOWN_TEXT = 200
"""Characters shown of a text argument."""
MAX_DEPTH = 5
"""Levels looked into of values inside values."""
MAX_PARTS = 200
"""Values written out of one call: shared members would otherwise multiply."""
MAX_SEARCHED = 5000
"""Values looked at in the arguments of one call."""


class Opaque:
    """A value of no further interest."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "…"


OPAQUE = Opaque()


@dataclass(slots=True)
class TextAt:
    """A text too many to keep: only where it stands in the file, and its length in bytes."""

    offset: int
    size: int


@dataclass(slots=True, eq=False)
class Global:
    """Something that is imported: `module` and dotted `name`."""

    module: str
    name: str
    offset: int
    watched: bool = True
    """False if the allow-list knows it: calls of it are not kept."""

    @property
    def dotted(self) -> str:
        """As written in source."""
        return f"{self.module}.{self.name}"


@dataclass(slots=True, eq=False)
class Call:
    """The result of calling `function` with `arguments`; `attributes`: states set on it and members added to it."""

    function: object
    arguments: tuple[object, ...]
    offset: int
    attributes: list[object] = field(default_factory=list)
    runs: bool = True
    """False if an empty instance of a class is made and nothing else: its `__init__` does not run."""


@dataclass(slots=True, eq=False)
class Attribute:
    """An attribute of a value that is not itself an import: `getattr(<call result>, "name")`."""

    owner: object
    name: str
    offset: int


@dataclass(slots=True, eq=False)
class Long:
    """Bytes or text that were stepped over: length and offset of the content in the file."""

    size: int
    offset: int
    text: bool


@dataclass(slots=True, eq=False)
class Items:
    """A list, dictionary (keys and values in turn) or set; only the first members are kept."""

    kind: str
    members: list[object] = field(default_factory=list)

    def add(self, values: list[object]) -> None:
        """Append, as far as there is room, and what must not be missed."""
        room = KEPT - len(self.members)
        if room >= len(values):
            self.members.extend(values)
            return
        if room > 0:
            self.members.extend(values[:room])
        if self.kind == "dict" and len(self.members) < 2 * KEPT:
            for place in range(max(room, 0), len(values)):
                if type(values[place]) is str and values[place] in TELLING:
                    self.members.extend(values[place : place + 2])


def show(value: object) -> str:
    """A value as readable pseudo-code, bounded in depth, width and number of parts."""
    return _Writer().write(value, 0)


class _Writer:
    """One text; `left` counts down the values that may still be written out."""

    def __init__(self) -> None:
        self.left = MAX_PARTS

    def write(self, value: object, depth: int) -> str:
        self.left -= 1
        if depth > MAX_DEPTH or self.left < 0:
            return "…"
        if isinstance(value, Call | Attribute | Items | tuple):
            return self._write_group(value, depth + 1)
        if isinstance(value, Global):
            return value.dotted if value.module not in {"builtins", "__builtin__"} else value.name
        return _simple(value)

    def _write_group(self, value: "Call | Attribute | Items | tuple[object, ...]", depth: int) -> str:
        if isinstance(value, Call):
            return f"{self.write(value.function, depth)}({self._list(value.arguments, depth)})"
        if isinstance(value, Attribute):
            return f"{self.write(value.owner, depth)}.{value.name}"
        if isinstance(value, tuple):
            return f"({self._list(value, depth)}{',' if len(value) == 1 else ''})"
        if value.kind == "dict":
            return f"{{{self._pairs(value.members, depth)}}}"
        opening, closing = "[]" if value.kind == "list" else "{}"
        return f"{opening}{self._list(value.members, depth)}{closing}"

    def _list(self, values: tuple[object, ...] | list[object], depth: int) -> str:
        shown = [self.write(value, depth) for value in values[:8]]
        return ", ".join([*shown, "…"] if len(values) > 8 else shown)

    def _pairs(self, members: list[object], depth: int) -> str:
        shown = [
            f"{self.write(key, depth)}: {self.write(value, depth)}"
            for key, value in zip(members[:16:2], members[1:16:2], strict=False)
        ]
        return ", ".join([*shown, "…"] if len(members) > 16 else shown)


def _simple(value: object) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, bytes):
        return "b" + _quoted(value.decode("latin-1"))
    if isinstance(value, Long):
        return f"<{value.size:,} {'characters' if value.text else 'bytes'}>"
    if value is None or isinstance(value, int | float):
        return repr(value)[:40]
    return "…"


def _quoted(text: str) -> str:
    return '"' + (text if len(text) <= SHOWN_TEXT else text[: SHOWN_TEXT - 1] + "…") + '"'


def texts_in(value: object, seen: set[int]) -> list[str | bytes]:
    """Texts and bytes inside a value, a few levels deep, as far as `MAX_SEARCHED` values allow.

    `seen`: ids of values that were searched before, which are left out: what many calls share is looked at once.
    """
    found: list[str | bytes] = []
    waiting: list[tuple[object, int]] = [(value, 0)]
    for _ in range(MAX_SEARCHED):
        if not waiting:
            break
        part, depth = waiting.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        if isinstance(part, str | bytes):
            found.append(part)
        elif depth < MAX_DEPTH:
            waiting.extend((member, depth + 1) for member in _members(part))
    return found


def _members(value: object) -> tuple[object, ...]:
    if isinstance(value, tuple):
        return value
    if isinstance(value, Items):
        return tuple(value.members)
    return value.arguments if isinstance(value, Call) else ()
