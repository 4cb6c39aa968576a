"""An abstract unpickler: runs every opcode of protocols 0 to 5 on symbols, imports nothing, calls nothing.

It follows CPython's unpickler (Modules/_pickle.c) in stack, marks and memo, keeps only what can become a name or an
argument, and steps over long arguments without reading them. Opcodes: Lib/pickletools.py, PEP 307, 3154 and 574.
"""

import struct
from array import array
from collections.abc import Callable

from core.repository import ByteReader
from core.scanning.formats.pickle_values import KEPT, OPAQUE, Attribute, Call, Global, Items, Long, TextAt
from core.scanning.inspection import Budget, LimitReached

_FIRST_READ, _LARGEST_READ = 1 << 14, 1 << 19
_STEP_OVER = 1 << 15
"""Arguments longer than this are stepped over."""
_KEPT_TEXT = 4096
_LINE_LIMIT = 1 << 16
_KEPT_MEMO = 50_000
"""Memo entries kept as values; later ones only as file offsets, later still not at all."""
_MAX_MARKS = 100_000
_CHECK_EVERY = 1 << 18
"""Opcodes between looks at the clock and the size of the stack."""


class BrokenPickle(Exception):
    """The stream is not what an unpickler accepts; `offset` says where."""

    def __init__(self, problem: str, offset: int) -> None:
        super().__init__(problem)
        self.offset = offset


class _Stop(Exception):
    """The STOP opcode."""


class Machine:
    """One stream. `run` works to its STOP; what was seen stays in `imports`, `calls` and `builds` whatever happens."""

    def __init__(self, file: ByteReader, start: int, budget: Budget) -> None:
        self.file, self.start, self.budget = file, start, budget
        self.imports: list[Global] = []
        self.calls: list[Call] = []
        self.patches: list[tuple[Global, object, int]] = []
        """States set on an imported object itself, not on an instance of it."""
        self.texts: list[tuple[bytes | str, int, int]] = []
        """Texts and bytes that may be hidden code (long ones: their start), with offset and length; bounded."""
        self.anomalies: list[tuple[str, int]] = []
        self.opcodes = 0
        self.stepped_over = 0
        self.persistent_ids = 0
        self.on_call: Callable[[Machine, Call], None] | None = None
        """Called for each call as it happens, so that a format can step over raw data in the stream."""
        self._buffer, self._base, self._at, self._limit = b"", start, 0, -1
        self._read_size = _FIRST_READ
        self._stack: list[object] = []
        self._marks: list[list[object]] = []
        self._memo: dict[int, object] = {}
        self._memo_size = 0
        self._late_memo = array("q")
        self._seen_imports: dict[tuple[str, str], Global] = {}
        self._table = _table(self)

    @property
    def offset(self) -> int:
        """Where in the file the machine is."""
        return self._base + self._at

    def jump(self, offset: int) -> None:
        """Go on at another offset of the file: a format's raw data was stepped over."""
        inside = offset - self._base
        if 0 <= inside <= len(self._buffer):
            self._at = inside
        else:
            self._base, self._at, self._buffer, self._limit = offset, 0, b"", -1
            self._read_size = _FIRST_READ

    def run(self) -> None:
        """Run to STOP. Raises `BrokenPickle`, `LimitReached`, or what the reader raises."""
        table = self._table
        count = 0
        try:
            while True:
                if self._at > self._limit:
                    self._refill()
                code = self._buffer[self._at]
                self._at += 1
                count += 1
                table[code]()
                if not count % _CHECK_EVERY:
                    self._check()
        except _Stop:
            return
        except IndexError:
            problem = "ends early" if self._at_end() else "takes from an empty stack"
            raise BrokenPickle(problem, self.offset) from None
        except (struct.error, ValueError, KeyError, TypeError, AttributeError) as problem:
            raise BrokenPickle(str(problem)[:80], self.offset) from None
        finally:
            self.opcodes += count

    # -- bytes

    def _refill(self, need: int = 9) -> None:
        """Have at least `need` bytes from the current place on, if the file has them."""
        rest = self._buffer[self._at :]
        start = self._base + self._at
        if start + len(rest) < self.file.size:
            self.file.seek(start + len(rest))
            self._buffer = rest + self.file.read(max(self._read_size, need - len(rest)))
            self._read_size = min(self._read_size * 2, _LARGEST_READ)
        else:
            self._buffer = rest
        self._base, self._at = start, 0
        ended = start + len(self._buffer) >= self.file.size
        self._limit = len(self._buffer) - (1 if ended else 9)
        if not self._buffer:
            raise BrokenPickle("ends early", start)

    def _at_end(self) -> bool:
        return self._base + self._at >= self.file.size

    def _check(self) -> None:
        self.budget.check_time()
        if len(self._stack) > 4_000_000:  # only the first members of anything are kept, and the last are at work
            del self._stack[KEPT:-1000]

    def _take(self, size: int) -> bytes:
        end = self._at + size
        if end > len(self._buffer):
            self._refill(size)
            end = size
            if end > len(self._buffer):
                self._at = len(self._buffer)
                raise BrokenPickle("ends early", self._base + len(self._buffer))
        data = self._buffer[self._at : end]
        self._at = end
        return data

    def _line(self) -> bytes:
        end = self._buffer.find(b"\n", self._at)
        while end < 0:
            have = len(self._buffer) - self._at
            if have > _LINE_LIMIT:
                raise BrokenPickle("a line without end", self.offset)
            self._refill(have + 256)
            end = self._buffer.find(b"\n", self._at)
            if end < 0 and len(self._buffer) - self._at == have:
                raise BrokenPickle("ends early", self.offset)
        data = self._buffer[self._at : end]
        self._at = end + 1
        return data

    def _content(self, size: int, text: bool) -> object:
        """An argument of stated length: read if short, else stepped over."""
        if size <= _STEP_OVER:
            return self._take(size)
        offset = self.offset
        if offset + size > self.file.size:
            raise BrokenPickle("ends early", offset)
        if not text and self._at + 16 <= len(self._buffer):
            self._note(self._buffer[self._at : self._at + 4096], offset, size)
        self.jump(offset + size)
        self.stepped_over += size
        return Long(size, offset, text)

    def _note(self, data: bytes | str, offset: int, size: int) -> None:
        if len(self.texts) < 2000 and len(data) >= 16:
            self.texts.append((data, offset, size))

    # -- stack

    def _push_text(self, data: object) -> None:
        if isinstance(data, bytes):
            text = data.decode("utf-8", "surrogatepass")
            self._stack.append(text if len(text) <= _KEPT_TEXT else text[:_KEPT_TEXT])
            if len(text) >= 40:
                self._note(text, self.offset - len(data), len(data))
        else:
            self._stack.append(data)

    def _push_bytes(self, data: object) -> None:
        if isinstance(data, bytes) and len(data) >= 16:
            self._note(data, self.offset - len(data), len(data))
        self._stack.append(data[:_KEPT_TEXT] if isinstance(data, bytes) else data)

    def _pop_mark(self) -> list[object]:
        items = self._stack
        self._stack = self._marks.pop()
        return items

    def _mark(self) -> None:
        if len(self._marks) >= _MAX_MARKS:
            raise LimitReached("too_deep")
        self._marks.append(self._stack)
        self._stack = []

    def _opaque(self) -> None:
        self._stack.append(OPAQUE)

    # -- opcodes without a value of interest

    def _skip(self, size: int) -> Callable[[], None]:
        def push() -> None:
            self._take(size)
            self._stack.append(OPAQUE)

        return push

    def _int1(self) -> None:
        self._stack.append(self._buffer[self._at])
        self._at += 1

    def _int2(self) -> None:
        self._stack.append(int.from_bytes(self._take(2), "little"))

    def _int4(self) -> None:
        self._stack.append(int.from_bytes(self._take(4), "little", signed=True))

    def _int_line(self) -> None:
        line = self._line().strip()
        if line in {b"00", b"01"}:
            self._stack.append(line == b"01")
        else:
            self._stack.append(int(line.rstrip(b"L")[:40] or b"x", 0 if line[:2].lower() == b"0x" else 10))

    def _float_line(self) -> None:
        self._stack.append(float(self._line()))

    def _long1(self) -> None:
        self._stack.append(int.from_bytes(self._take(self._take(1)[0]), "little", signed=True))

    def _long4(self) -> None:
        size = int.from_bytes(self._take(4), "little", signed=True)
        if size < 0:
            raise BrokenPickle("a negative length", self.offset)
        self._content(size, text=False)
        self._stack.append(OPAQUE)

    # -- texts

    def _string_line(self) -> None:
        line = self._line().strip()
        if len(line) < 2 or line[:1] != line[-1:] or line[:1] not in {b"'", b'"'}:
            raise BrokenPickle("a text without quotes", self.offset)
        text = line[1:-1].decode("latin-1")
        if "\\" in text:
            text = line[1:-1].decode("unicode_escape", "replace")
        self._push_text(text.encode("utf-8", "surrogatepass"))

    def _unicode_line(self) -> None:
        self._push_text(self._line().decode("raw_unicode_escape", "replace").encode("utf-8", "surrogatepass"))

    def _sized(self, width: int, push: Callable[[object], None], text: bool, signed: bool = False) -> Callable[[], None]:
        def operation() -> None:
            size = int.from_bytes(self._take(width), "little", signed=signed)
            if size < 0:
                raise BrokenPickle("a negative length", self.offset)
            push(self._content(size, text))

        return operation

    def _short_text(self) -> None:
        size = self._buffer[self._at]
        self._at += 1
        end = self._at + size
        if end <= len(self._buffer):
            data = self._buffer[self._at : end]
            self._at = end
        else:
            data = self._take(size)
        if size >= 40:
            self._push_text(data)
        else:
            self._stack.append(data.decode("utf-8", "surrogatepass"))

    def _old_string(self, data: object) -> None:
        self._push_text(data.decode("latin-1").encode() if isinstance(data, bytes) else data)

    # -- containers

    def _empty(self, kind: str) -> Callable[[], None]:
        def push() -> None:
            self._stack.append(Items(kind))

        return push

    def _from_mark(self, kind: str) -> Callable[[], None]:
        def build() -> None:
            items = Items(kind)
            items.add(self._pop_mark())
            self._stack.append(items)

        return build

    def _tuple_from_mark(self) -> None:
        self._stack.append(tuple(self._pop_mark()[:KEPT]))

    def _tuple(self, count: int) -> Callable[[], None]:
        def build() -> None:
            values = tuple(self._stack[-count:])
            if len(values) < count:
                raise IndexError
            self._stack[-count:] = [values]

        return build

    def _append(self) -> None:
        value = self._stack.pop()
        self._add(self._stack[-1], [value])

    def _add_from_mark(self) -> None:
        values = self._pop_mark()
        self._add(self._stack[-1], values)

    def _set_item(self) -> None:
        value, key = self._stack.pop(), self._stack.pop()
        self._add(self._stack[-1], [key, value])

    def _add(self, target: object, values: list[object]) -> None:
        if isinstance(target, Items):
            target.add(values)
        elif isinstance(target, Global):
            self.patches.append((target, Items("list", values[:KEPT]), self.offset))
        elif isinstance(target, Call) and len(target.attributes) < KEPT:
            target.attributes.extend(values[:8])

    # -- stack and memo

    def _pop(self) -> None:
        if self._stack:
            self._stack.pop()
        else:
            self._stack = self._marks.pop()

    def _duplicate(self) -> None:
        self._stack.append(self._stack[-1])

    def _put(self, index: int) -> None:
        value = self._stack[-1]
        if index < 0:
            raise BrokenPickle("a negative memo index", self.offset)
        if index in self._memo and self._memo[index] is not value:
            old = self._memo[index]
            if isinstance(old, str | Global) and isinstance(value, str | Global) and old != value:
                self.anomalies.append(("memo_overwritten", self.offset))
        elif index >= self._memo_size:
            self._memo_size += 1
        if len(self._memo) < _KEPT_MEMO or isinstance(value, Global | Call | Attribute) or index in self._memo:
            if len(self._memo) > 40 * _KEPT_MEMO:
                raise LimitReached("too_complicated")
            self._memo[index] = value
        else:
            self._put_late(index, value)

    def _put_late(self, index: int, value: object) -> None:
        place = index - _KEPT_MEMO
        text_start = self._text_start(value)
        if place == len(self._late_memo):
            self._late_memo.append(text_start)
        elif 0 <= place < len(self._late_memo):
            self._late_memo[place] = text_start
        elif len(self._memo) <= 40 * _KEPT_MEMO:
            self._memo[index] = value
        else:
            raise LimitReached("too_complicated")

    def _text_start(self, value: object) -> int:
        """Offset of the opcode of a text that was pushed just now, found from its length; -1 for anything else."""
        if not isinstance(value, str) or len(value) >= _KEPT_TEXT:
            return -1
        return self._last_opcode_end - len(value.encode("utf-8", "surrogatepass"))

    @property
    def _last_opcode_end(self) -> int:
        return self.offset - self._put_width

    _put_width = 1

    def _put_line(self) -> None:
        line = self._line()
        self._put_width = len(line) + 2
        self._put(int(line))

    def _put1(self) -> None:
        self._put_width = 2
        self._put(self._take(1)[0])

    def _put4(self) -> None:
        self._put_width = 5
        self._put(int.from_bytes(self._take(4), "little"))

    def _memoize(self) -> None:
        self._put_width = 1
        self._put(self._memo_size)

    def _get(self, index: int) -> None:
        value = self._memo.get(index)
        if value is None and index not in self._memo:
            place = index - _KEPT_MEMO
            if not 0 <= place < len(self._late_memo):
                raise BrokenPickle("asks for something it never stored", self.offset)
            at = self._late_memo[place]
            value = OPAQUE if at < 0 else TextAt(at)
        self._stack.append(value)

    def _get_line(self) -> None:
        self._get(int(self._line()))

    def _get1(self) -> None:
        self._get(self._take(1)[0])

    def _get4(self) -> None:
        self._get(int.from_bytes(self._take(4), "little"))

    # -- imports and calls

    def _import(self, module: object, name: object) -> None:
        offset = self.offset
        module_text, name_text = self._resolve(module), self._resolve(name)
        if module_text is None or name_text is None:
            self.anomalies.append(("computed_import", offset))
            self._stack.append(self._found(module_text or "?", name_text or "?", offset))
        else:
            self._stack.append(self._found(module_text, name_text, offset))

    def _found(self, module: str, name: str, offset: int) -> Global:
        known = self._seen_imports.get((module, name))
        if known is None:
            known = Global(module, name, offset)
            if len(self._seen_imports) >= _KEPT_MEMO:
                raise LimitReached("too_complicated")
            self._seen_imports[module, name] = known
            self.imports.append(known)
        return known

    def _resolve(self, value: object) -> str | None:
        if isinstance(value, str):
            return value
        if isinstance(value, bytes):
            return value.decode("utf-8", "replace")
        if isinstance(value, TextAt):
            self.file.seek(value.offset)
            data = self.file.read(_KEPT_TEXT)
            return _text_before(self, value.offset, data)
        return None

    def _global_line(self) -> None:
        module = self._line().decode("utf-8", "replace")
        self._import(module, self._line().decode("utf-8", "replace"))

    def _stack_global(self) -> None:
        name, module = self._stack.pop(), self._stack.pop()
        self._import(module, name)

    def _instance(self) -> None:
        self._global_line()
        function = self._stack.pop()
        self._called(function, tuple(self._pop_mark()[:KEPT]))

    def _object(self) -> None:
        items = self._pop_mark()
        self._called(items[0], tuple(items[1:KEPT]))

    def _extension(self, width: int) -> Callable[[], None]:
        def push() -> None:
            code = int.from_bytes(self._take(width), "little")
            self._stack.append(self._found("copyreg", f"extension {code}", self.offset))

        return push

    def _reduce(self) -> None:
        arguments, function = self._stack.pop(), self._stack.pop()
        self._called(function, arguments if isinstance(arguments, tuple) else (arguments,))

    def _new_object(self) -> None:
        arguments, function = self._stack.pop(), self._stack.pop()
        self._called(function, arguments if isinstance(arguments, tuple) else (arguments,))

    def _new_object_named(self) -> None:
        self._stack.pop()
        self._new_object()

    def _called(self, function: object, arguments: tuple[object, ...]) -> None:
        call = Call(function, arguments, self.offset - 1)
        result = evaluate(self, call)
        self._stack.append(result)
        if len(self.calls) < 200_000:
            self.calls.append(call)
        if self.on_call is not None:
            self.on_call(self, call)

    def note_import(self, module: str, name: str) -> Global:
        """An import that a call amounts to, for example `getattr(os, "system")`."""
        return self._found(module, name, self.offset)

    def _build(self) -> None:
        state, target = self._stack.pop(), self._stack[-1]
        if isinstance(target, Global):
            self.patches.append((target, state, self.offset))
        elif isinstance(target, Call) and len(target.attributes) < KEPT:
            target.attributes.append(state)
            if self.on_call is not None:
                self.on_call(self, target)

    def _persistent_line(self) -> None:
        self._line()
        self.persistent_ids += 1
        self._stack.append(OPAQUE)

    def _persistent(self) -> None:
        self._stack.pop()
        self.persistent_ids += 1
        self._stack.append(OPAQUE)

    # -- frame of the stream

    def _protocol(self) -> None:
        version = self._take(1)[0]
        if version > 5:
            raise BrokenPickle(f"protocol {version} does not exist", self.offset)

    def _frame(self) -> None:
        self._take(8)

    def _read_only(self) -> None:
        self._stack[-1]  # noqa: B018  an empty stack is an error

    def _stop(self) -> None:
        self._stack.pop()
        raise _Stop

    def _unknown(self) -> None:
        self._at -= 1
        raise BrokenPickle("an unknown instruction", self.offset)


def _text_before(machine: Machine, offset: int, data: bytes) -> str | None:
    """The text whose content starts at `offset`: its stated length stands in front of it."""
    for width, opcodes in ((1, b"\x8cU"), (4, b"XT"), (8, b"\x8d")):
        if offset < width + 1:
            continue
        machine.file.seek(offset - width - 1)
        before = machine.file.read(width + 1)
        size = int.from_bytes(before[1:], "little")
        if before[0] in opcodes and size <= len(data):
            return data[:size].decode("utf-8", "replace")
    return None


_ATTRIBUTE_GETTERS = {("builtins", "getattr"), ("__builtin__", "getattr")}
_METHOD_MAKERS = {("operator", "attrgetter"), ("_operator", "attrgetter")}
_PARTIAL = {("functools", "partial"), ("_functools", "partial")}
_APPLY = {("__builtin__", "apply")}
_IMPORTERS = {("builtins", "__import__"), ("__builtin__", "__import__"), ("importlib", "import_module")}


def evaluate(machine: Machine, call: Call) -> object:
    """What a call amounts to, when it only names something else; else the call itself."""
    function, arguments = call.function, call.arguments
    if not isinstance(function, Global):
        return call
    key = (function.module, function.name)
    first = arguments[0] if arguments else None
    if key in _ATTRIBUTE_GETTERS and len(arguments) >= 2 and isinstance(arguments[1], str):
        if isinstance(first, Global):
            return machine.note_import(first.module, f"{first.name}.{arguments[1]}")
        if isinstance(first, Call) and _imported(first) is not None:
            return machine.note_import(str(_imported(first)), arguments[1])
        return Attribute(first, arguments[1], call.offset)
    if key in _PARTIAL and isinstance(first, Global):
        return first
    return call


def _imported(call: Call) -> str | None:
    """The module that `__import__("x")` or the like gives."""
    function = call.function
    if isinstance(function, Global) and (function.module, function.name) in _IMPORTERS and call.arguments:
        name = call.arguments[0]
        return name if isinstance(name, str) else None
    return None


def _table(m: Machine) -> list[Callable[[], None]]:
    """Opcode byte -> operation."""
    def pop_mark() -> None:
        m._pop_mark()

    def constant(value: object) -> Callable[[], None]:
        return lambda: m._stack.append(value)

    operations: dict[bytes, Callable[[], None]] = {
        b"(": m._mark, b".": m._stop, b"0": m._pop, b"1": pop_mark, b"2": m._duplicate,
        b"F": m._float_line, b"I": m._int_line, b"J": m._int4, b"K": m._int1, b"L": m._int_line, b"M": m._int2,
        b"N": constant(None), b"P": m._persistent_line, b"Q": m._persistent, b"R": m._reduce,
        b"S": m._string_line, b"T": m._sized(4, m._old_string, True, signed=True), b"U": m._sized(1, m._old_string, True),
        b"V": m._unicode_line, b"X": m._sized(4, m._push_text, True), b"a": m._append, b"b": m._build,
        b"c": m._global_line, b"d": m._from_mark("dict"), b"}": m._empty("dict"), b"e": m._add_from_mark,
        b"g": m._get_line, b"h": m._get1, b"i": m._instance, b"j": m._get4, b"l": m._from_mark("list"),
        b"]": m._empty("list"), b"o": m._object, b"p": m._put_line, b"q": m._put1, b"r": m._put4, b"s": m._set_item,
        b"t": m._tuple_from_mark, b")": constant(()), b"u": m._add_from_mark, b"G": m._skip(8),
        b"\x80": m._protocol, b"\x81": m._new_object, b"\x82": m._extension(1), b"\x83": m._extension(2),
        b"\x84": m._extension(4), b"\x85": m._tuple(1), b"\x86": m._tuple(2), b"\x87": m._tuple(3),
        b"\x88": constant(True), b"\x89": constant(False), b"\x8a": m._long1, b"\x8b": m._long4,
        b"B": m._sized(4, m._push_bytes, False), b"C": m._sized(1, m._push_bytes, False), b"\x8c": m._short_text,
        b"\x8d": m._sized(8, m._push_text, True), b"\x8e": m._sized(8, m._push_bytes, False),
        b"\x8f": m._empty("set"), b"\x90": m._add_from_mark, b"\x91": m._from_mark("set"),
        b"\x92": m._new_object_named, b"\x93": m._stack_global, b"\x94": m._memoize, b"\x95": m._frame,
        b"\x96": m._sized(8, m._push_bytes, False), b"\x97": m._opaque, b"\x98": m._read_only,
    }  # fmt: skip
    return [operations.get(bytes([code]), m._unknown) for code in range(256)]
