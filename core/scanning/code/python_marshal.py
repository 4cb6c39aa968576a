"""The objects of Python's marshal format, read without making any code object: names, texts, numbers, nested code.

Format: CPython, Python/marshal.c (`w_object`, `r_object`). Lib/importlib/_bootstrap_external.py lists the magic numbers
of the versions, Objects/codeobject.c the fields of code objects.
"""

from dataclasses import dataclass

_DEEPEST = 80
_MOST_OBJECTS = 500_000
_REFERENCE = 0x80
"""Flag of a type byte: the object is kept for later references."""
_SINGLE = {"N": None, "T": True, "F": False, ".": ..., "S": StopIteration, "0": None}
_SIZES = {"i": 4, "I": 8, "g": 8, "y": 16}
_LONG_TEXTS, _SHORT_TEXTS = "saAtu", "zZ"
_LISTS = {"(": 4, "[": 4, "<": 4, ">": 4, ")": 1}


class BrokenMarshal(ValueError):
    """Not what marshal writes, or larger than what is read."""


@dataclass(frozen=True, slots=True)
class CodeObject:
    """What a code object says of itself in words."""

    names: tuple[str, ...]
    """Of everything it looks up outside: globals, attributes, modules."""
    constants: tuple[object, ...]
    """None, bool, int, str, bytes, tuples of such, and the code objects inside it."""


@dataclass(frozen=True, slots=True)
class _Layout:
    numbers: int
    """Of four bytes each, before the bytecode."""
    before_file_name: int
    """Objects between the names and the name of the source file."""
    after_name: int
    """Objects between the file's name and the first line: the name, and since 3.11 the qualified one."""
    after_line: int


def layout_of(magic: int) -> _Layout | None:
    """By the number at the head of a compiled file; None for versions before 3.8."""
    if magic < 3400:
        return None
    return _Layout(6, 3, 1, 1) if magic < 3450 else _Layout(5, 2, 2, 2)


class MarshalReader:
    """Reads one object. Raises `BrokenMarshal`."""

    def __init__(self, data: bytes, layout: _Layout) -> None:
        self._data = data
        self._at = 0
        self._layout = layout
        self._kept: list[object] = []
        self._left = _MOST_OBJECTS

    def read(self, depth: int = 0) -> object:
        """The object at this place."""
        self._left -= 1
        if depth > _DEEPEST or self._left < 0:
            raise BrokenMarshal("too deep or too much")
        byte = self._take(1)[0]
        place = -1
        if byte & _REFERENCE:
            place = len(self._kept)
            self._kept.append(None)
        found = self._object(chr(byte & ~_REFERENCE), depth)
        if place >= 0:
            self._kept[place] = found
        return found

    def _object(self, sort: str, depth: int) -> object:
        if sort in _SINGLE:
            return _SINGLE[sort]
        if sort in _SIZES:
            taken = self._take(_SIZES[sort])
            return int.from_bytes(taken, "little", signed=True) if sort in "iI" else None
        if sort in _LONG_TEXTS:
            taken = self._take(self._number(4))
            return taken if sort == "s" else taken.decode("utf-8", "replace")
        if sort in _SHORT_TEXTS:
            return self._take(self._number(1)).decode("latin-1")
        if sort == "r":
            index = self._number(4)
            return self._kept[index] if index < len(self._kept) else None
        if sort in _LISTS:
            return tuple(self.read(depth + 1) for _ in range(self._count(_LISTS[sort])))
        return self._rare(sort, depth)

    def _rare(self, sort: str, depth: int) -> object:
        if sort == "c":
            return self._code(depth)
        if sort == "l":  # digits of 15 bits
            self._take(2 * abs(int.from_bytes(self._take(4), "little", signed=True)))
            return None
        if sort in "fx":
            for _ in range(1 if sort == "f" else 2):
                self._take(self._number(1))
            return None
        if sort == "{":
            while self._data[self._at : self._at + 1] not in {b"0", b""}:
                self.read(depth + 1)
                self.read(depth + 1)
            self._take(1)
            return None
        if sort == ":":  # a slice, since 3.14
            return tuple(self.read(depth + 1) for _ in range(3))
        raise BrokenMarshal(f"no such type: {sort!r}")

    def _code(self, depth: int) -> CodeObject:
        self._take(4 * self._layout.numbers)
        self.read(depth + 1)
        constants, names = self.read(depth + 1), self.read(depth + 1)
        for _ in range(self._layout.before_file_name + 1 + self._layout.after_name):
            self.read(depth + 1)
        self._take(4)
        for _ in range(self._layout.after_line):
            self.read(depth + 1)
        return CodeObject(
            tuple(one for one in names if isinstance(one, str)) if isinstance(names, tuple) else (),
            constants if isinstance(constants, tuple) else (),
        )

    def _count(self, width: int) -> int:
        count = self._number(width)
        if count > self._left:
            raise BrokenMarshal("too many")
        return count

    def _number(self, width: int) -> int:
        return int.from_bytes(self._take(width), "little")

    def _take(self, size: int) -> bytes:
        found = self._data[self._at : self._at + size]
        if len(found) < size:
            raise BrokenMarshal("ends early")
        self._at += size
        return found
