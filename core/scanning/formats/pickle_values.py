"""What the pickle machine keeps on its stack instead of real objects, and how it is written out for people."""

from dataclasses import dataclass, field

KEPT = 64
"""Members kept of a list, tuple or dictionary."""
SHOWN_TEXT = 200
"""Characters shown of a text argument."""


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
        """Append, as far as there is room."""
        room = KEPT - len(self.members)
        if room > 0:
            self.members.extend(values[:room])


def show(value: object, depth: int = 0) -> str:  # noqa: C901, PLR0911  one line per kind of value
    """A value as readable pseudo-code, bounded in depth and length."""
    if depth > 5:
        return "…"
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, bytes):
        return "b" + _quoted(value.decode("latin-1"))
    if isinstance(value, Global):
        return value.dotted if value.module not in {"builtins", "__builtin__"} else value.name
    if isinstance(value, Call):
        return f"{show(value.function, depth + 1)}({_list(value.arguments, depth)})"
    if isinstance(value, Attribute):
        return f"{show(value.owner, depth + 1)}.{value.name}"
    if isinstance(value, tuple):
        return f"({_list(value, depth)}{',' if len(value) == 1 else ''})"
    if isinstance(value, Items):
        inner = _list(value.members, depth)
        return {"list": f"[{inner}]", "set": f"{{{inner}}}"}.get(value.kind, f"{{{_pairs(value.members, depth)}}}")
    if isinstance(value, Long):
        return f"<{value.size:,} {'characters' if value.text else 'bytes'}>"
    if value is None or isinstance(value, int | float):
        return repr(value)[:40]
    return "…"


def _list(values: tuple[object, ...] | list[object], depth: int) -> str:
    shown = [show(value, depth + 1) for value in values[:8]]
    return ", ".join([*shown, "…"] if len(values) > 8 else shown)


def _pairs(members: list[object], depth: int) -> str:
    shown = [
        f"{show(key, depth + 1)}: {show(value, depth + 1)}"
        for key, value in zip(members[:16:2], members[1:16:2], strict=False)
    ]
    return ", ".join([*shown, "…"] if len(members) > 16 else shown)


def _quoted(text: str) -> str:
    return '"' + (text if len(text) <= SHOWN_TEXT else text[: SHOWN_TEXT - 1] + "…") + '"'


def texts_in(value: object, depth: int = 0) -> list[str | bytes]:
    """All texts and bytes inside a value, a few levels deep."""
    if depth > 4:
        return []
    if isinstance(value, str | bytes):
        return [value]
    inner: list[object] = []
    if isinstance(value, tuple):
        inner = list(value)
    elif isinstance(value, Items):
        inner = value.members
    elif isinstance(value, Call):
        inner = list(value.arguments)
    return [text for member in inner for text in texts_in(member, depth + 1)]
