"""R data (.rds, .RData): values, and the code that hides among them (R Internals 1.8; R source: src/main/serialize.c).

A promise is code that runs as soon as somebody looks at the value it stands for; a promise in a file that was never
kept runs its code in the reader's session (CVE-2024-27322). Functions run when they are called.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from core.findings import Evidence, Level
from core.scanning.formats.r_code import Code, worst_of
from core.scanning.formats.r_numbers import BrokenData, Numbers
from core.scanning.inspection import Inspection, LimitReached

_DEEPEST = 150
_MOST_ITEMS = 3_000_000
_MOST_NAMES = 20_000

_SYMBOL, _PAIRS, _CLOSURE, _ENVIRONMENT, _PROMISE, _LANGUAGE = 1, 2, 3, 4, 5, 6
_SPECIAL, _BUILTIN, _CHARACTERS, _LOGICAL, _INTEGER, _REAL, _COMPLEX = 7, 8, 9, 10, 13, 14, 15
_TEXTS, _DOTS, _LIST, _EXPRESSION, _BYTECODE, _POINTER, _WEAK, _RAW, _OBJECT = 16, 17, 19, 20, 21, 22, 23, 24, 25
_PERSISTENT, _PACKAGE, _NAMESPACE, _REFERENCE = 247, 248, 249, 255
_ALTERNATIVE, _ATTRIBUTE_PAIRS, _ATTRIBUTE_LANGUAGE, _REPEATED, _REPEAT = 238, 239, 240, 244, 243
_CONSTANTS = frozenset({0, 241, 242, 250, 251, 252, 253, 254})
"""NULL, environments that always exist, the missing argument, the unbound value."""
_UNBOUND = 252
_WIDTHS = {_LOGICAL: 4, _INTEGER: 4, _REAL: 8, _COMPLEX: 16, _RAW: 1}
_CHAINS = frozenset({_PAIRS, _LANGUAGE, _CLOSURE, _PROMISE, _DOTS, _ATTRIBUTE_PAIRS, _ATTRIBUTE_LANGUAGE})
_HAS_ATTRIBUTES, _HAS_TAG = 0x200, 0x400


@dataclass(slots=True)
class _Seen:
    """What the file holds."""

    code: Code = field(default_factory=Code)
    names: list[str] = field(default_factory=list)
    """Symbols in the order in which they are first written; later ones refer to them."""
    items: int = 0


class _Reader:
    """Reads one value after another and keeps only names and texts of code."""

    def __init__(self, inspection: Inspection, numbers: Numbers, seen: _Seen) -> None:
        self._inspection, self._numbers, self._seen = inspection, numbers, seen
        self._in_environment = 0
        self._others: dict[int, Callable[[int, int], None]] = {
            _ENVIRONMENT: self._environment, _BYTECODE: self._bytecode, _ALTERNATIVE: self._alternative,
        }  # fmt: skip

    def item(self, depth: int, in_code: bool = False, called: bool = False) -> int:
        """One value; its type. `called`: it is, or leads to, the function of a call."""
        if depth > _DEEPEST:
            raise LimitReached("too_deep")
        self._count()
        flags = self._numbers.integer()
        return self._item(flags, depth, in_code, called)

    def _count(self) -> None:
        self._seen.items += 1
        if self._seen.items > _MOST_ITEMS:
            raise LimitReached("too_complicated")
        if not self._seen.items % 4096:
            self._inspection.budget.check_time()

    def _item(self, flags: int, depth: int, in_code: bool, called: bool = False) -> int:
        kind = flags & 0xFF
        if kind in _CHAINS:
            self._chain(flags, depth, in_code, called)
        elif kind == _SYMBOL:
            self._symbol(depth, called)
        elif kind == _REFERENCE:
            self._reference(flags, called)
        elif kind in self._others:
            self._others[kind](flags, depth)
        elif kind not in _CONSTANTS:
            self._plain(kind, flags, depth, in_code)
        return kind

    def _plain(self, kind: int, flags: int, depth: int, in_code: bool) -> None:
        """Vectors, texts and the few that hold others."""
        numbers = self._numbers
        if kind == _CHARACTERS:
            text = numbers.text()
            if in_code:
                self._seen.code.text(text)
        elif kind in _WIDTHS:
            numbers.skip(numbers.length(), _WIDTHS[kind], 2 if kind == _COMPLEX else 1)
        elif kind in {_TEXTS, _LIST, _EXPRESSION}:
            for _ in range(numbers.length()):
                self.item(depth + 1, in_code or kind == _EXPRESSION)
        else:
            self._rare(kind, depth)
        if flags & _HAS_ATTRIBUTES:
            self.item(depth + 1)

    def _rare(self, kind: int, depth: int) -> None:
        """Functions of R itself, packages, pointers, weak references; an object has nothing but attributes."""
        if kind in {_SPECIAL, _BUILTIN}:
            self._seen.code.name(self._numbers.text())
        elif kind in {_PERSISTENT, _PACKAGE, _NAMESPACE}:
            self._strings(depth)
            self._remember("")
        elif kind in {_POINTER, _WEAK}:
            self._remember("")
            for _ in range(2 if kind == _POINTER else 0):
                self.item(depth + 1)
        elif kind != _OBJECT:
            raise BrokenData

    def _strings(self, depth: int) -> None:
        """Texts of a namespace or package: a zero, how many, and the texts."""
        self._numbers.integer()
        count = self._numbers.integer()
        if not 0 <= count < 1000:
            raise BrokenData
        for _ in range(count):
            self.item(depth + 1)

    def _chain(self, flags: int, depth: int, in_code: bool, called: bool) -> None:
        """Cells with a tag, a value and a rest; written one behind the other, so the rest is a loop and no depth."""
        while True:
            kind = flags & 0xFF
            if kind not in _CHAINS:
                self._item(flags, depth, in_code, called)
                return
            in_code = in_code or kind in {_LANGUAGE, _ATTRIBUTE_LANGUAGE}
            if kind == _PROMISE:
                self._promise(flags, depth)
                return
            if flags & _HAS_ATTRIBUTES or kind in {_ATTRIBUTE_PAIRS, _ATTRIBUTE_LANGUAGE}:
                self.item(depth + 1)
            if flags & _HAS_TAG:
                self.item(depth + 1)
            if kind == _CLOSURE:
                self._seen.code.functions += 1
                in_code = True
            self.item(depth + 1, in_code, called or kind in {_LANGUAGE, _ATTRIBUTE_LANGUAGE})
            self._count()
            flags = self._numbers.integer()

    def _promise(self, flags: int, depth: int) -> None:
        """Environment, value, expression. The expression runs when the value is needed and there is none yet."""
        if flags & _HAS_ATTRIBUTES:
            self.item(depth + 1)
        if flags & _HAS_TAG:
            self.item(depth + 1)
        value = self.item(depth + 1)
        inner = Code()
        outer, self._seen.code = self._seen.code, inner
        try:
            expression = self.item(depth + 1, in_code=True, called=True)
        finally:
            self._seen.code = outer
            outer.add(inner)
        if value == _UNBOUND:
            runs = expression in {_LANGUAGE, _ATTRIBUTE_LANGUAGE, _BYTECODE, _SYMBOL, _REFERENCE}
            outer.promises += runs
            outer.waiting += runs and not self._in_environment
            outer.promised.add(inner)

    def _symbol(self, depth: int, called: bool) -> None:
        flags = self._numbers.integer()
        if flags & 0xFF != _CHARACTERS:
            raise BrokenData
        name = self._numbers.text()
        if flags & _HAS_ATTRIBUTES:
            self.item(depth + 1)
        self._remember(name)
        self._seen.code.symbol(name, called)

    def _remember(self, name: str) -> None:
        if len(self._seen.names) < _MOST_NAMES:
            self._seen.names.append(name)

    def _reference(self, flags: int, called: bool) -> None:
        index = flags >> 8 or self._numbers.integer()
        if 0 < index <= len(self._seen.names):
            self._seen.code.symbol(self._seen.names[index - 1], called)

    def _environment(self, _: int, depth: int) -> None:
        """Locked or not, then what surrounds it, its frame, its hash table and its attributes."""
        self._remember("")
        self._numbers.integer()
        self._in_environment += 1
        for _ in range(4):
            self.item(depth + 1)
        self._in_environment -= 1

    def _alternative(self, _: int, depth: int) -> None:
        """A vector written another way: its class, its state, its attributes."""
        for _ in range(3):
            self.item(depth + 1)

    def _bytecode(self, flags: int, depth: int) -> None:
        """Compiled code: how many shared parts, then code and constants."""
        self._numbers.integer()
        self._compiled(depth + 1)
        if flags & _HAS_ATTRIBUTES:
            self.item(depth + 1)

    def _compiled(self, depth: int) -> None:
        if depth > _DEEPEST:
            raise LimitReached("too_deep")
        self.item(depth + 1)
        for _ in range(self._numbers.length()):
            kind = self._numbers.integer()
            if kind == _BYTECODE:
                self._compiled(depth + 1)
            elif kind in {_LANGUAGE, _PAIRS, _REPEATED, _REPEAT, _ATTRIBUTE_LANGUAGE, _ATTRIBUTE_PAIRS}:
                self._constant(kind, depth + 1)
            else:
                self.item(depth + 1, in_code=True)

    def _constant(self, kind: int, depth: int) -> None:
        """Code among the constants of compiled code (serialize.c: ReadBCLang)."""
        if depth > _DEEPEST:
            raise LimitReached("too_deep")
        while True:
            self._count()
            if kind == _REPEAT:
                self._numbers.integer()
                return
            if kind == _REPEATED:
                self._numbers.integer()
                kind = self._numbers.integer()
            if kind not in {_LANGUAGE, _PAIRS, _ATTRIBUTE_LANGUAGE, _ATTRIBUTE_PAIRS}:
                self.item(depth + 1, in_code=True)
                return
            if kind in {_ATTRIBUTE_LANGUAGE, _ATTRIBUTE_PAIRS}:
                self.item(depth + 1)
            self.item(depth + 1)
            self._constant(self._numbers.integer(), depth + 1)
            kind = self._numbers.integer()


def scan(inspection: Inspection) -> None:
    """One value (.rds), or a list of named ones (.RData)."""
    seen = _Seen()
    try:
        _read(inspection, seen)
    except BrokenData:
        inspection.partly("structure_broken")
    finally:
        _report(inspection, seen.code)


def _read(inspection: Inspection, seen: _Seen) -> None:
    start = 5 if inspection.head[:2] == b"RD" else 0
    numbers = Numbers(inspection, start)
    version = numbers.integer()
    numbers.integer()
    numbers.integer()
    if version not in {2, 3}:
        raise BrokenData
    if version == 3:
        numbers.text()
    _Reader(inspection, numbers, seen).item(0)
    if not numbers.ended:
        inspection.partly("structure_broken")


def _report(inspection: Inspection, code: Code) -> None:
    if code.promises:
        shown = worst_of(code.promised)
        facts = (Evidence("count", str(code.promises)), *(Evidence("call", name) for name in shown))
        calculates = Level.CAREFUL if not shown and not code.waiting else None
        inspection.report("r-promise", *facts, level=calculates)
    shown = worst_of(code)
    starting = sorted(code.starting)
    if shown or starting:
        level = Level.HIGH if starting or code.runs_commands else None
        inspection.report("r-code", *(Evidence("call", name) for name in (*starting, *shown)), level=level)
    elif not code.promises:
        inspection.report("r-data", Evidence("count", str(code.functions)))
