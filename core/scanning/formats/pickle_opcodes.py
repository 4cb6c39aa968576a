"""What each opcode of protocols 0 to 5 does to the state (Lib/pickletools.py, PEP 307, 3154 and 574)."""

from collections.abc import Callable

from core.scanning.formats.pickle_reading import BrokenPickle
from core.scanning.formats.pickle_state import LONG_ENOUGH_TO_HIDE, State
from core.scanning.formats.pickle_tensors import storage
from core.scanning.formats.pickle_values import KEPT, OPAQUE, Global, Items, Long

Operation = Callable[[State], None]
_NEWEST_PROTOCOL = 5


class Stop(Exception):
    """The STOP opcode."""


# -- numbers and constants


def _constant(value: object) -> Operation:
    return lambda state: state.stack.append(value)


def _skip(size: int) -> Operation:
    def push(state: State) -> None:
        end = state.at + size
        if end <= len(state.buffer):
            state.at = end
        else:
            state.take(size)
        state.stack.append(OPAQUE)

    return push


def _int1(state: State) -> None:
    state.stack.append(state.buffer[state.at])
    state.at += 1


def _int2(state: State) -> None:
    state.stack.append(state.number(2))


def _int4(state: State) -> None:
    state.stack.append(int.from_bytes(state.take(4), "little", signed=True))


def _int_line(state: State) -> None:
    line = state.line().strip()
    if line in {b"00", b"01"}:
        state.stack.append(line == b"01")
    else:
        state.stack.append(int(line.rstrip(b"L")[:40] or b"x", 0 if line[:2].lower() == b"0x" else 10))


def _float_line(state: State) -> None:
    state.stack.append(float(state.line()))


def _long1(state: State) -> None:
    state.stack.append(int.from_bytes(state.take(state.number(1)), "little", signed=True))


def _length(state: State, width: int, signed: bool) -> int:
    size = int.from_bytes(state.take(width), "little", signed=signed)
    if size < 0:
        raise BrokenPickle("a negative length", state.offset)
    return size


def _long4(state: State) -> None:
    state.content(_length(state, 4, signed=True), text=False)
    state.stack.append(OPAQUE)


# -- texts and bytes


def _string_line(state: State) -> None:
    line = state.line().strip()
    if len(line) < 2 or line[:1] != line[-1:] or line[:1] not in {b"'", b'"'}:
        raise BrokenPickle("a text without quotes", state.offset)
    text = line[1:-1].decode("latin-1")
    if "\\" in text:
        text = line[1:-1].decode("unicode_escape", "replace")
    state.push_text(text.encode("utf-8", "surrogatepass"))


def _unicode_line(state: State) -> None:
    state.push_text(state.line().decode("raw_unicode_escape", "replace").encode("utf-8", "surrogatepass"))


def _short_text(state: State) -> None:
    size = state.buffer[state.at]
    state.at += 1
    end = state.at + size
    if end <= len(state.buffer):
        data = state.buffer[state.at : end]
        state.at = end
    else:
        data = state.take(size)
    if size >= LONG_ENOUGH_TO_HIDE:
        state.push_text(data)
    else:
        state.stack.append(data.decode("utf-8", "surrogatepass"))


def _text(width: int) -> Operation:
    def push(state: State) -> None:
        start = state.at + width
        size = int.from_bytes(state.buffer[state.at : start], "little")
        if size < LONG_ENOUGH_TO_HIDE and start + size <= len(state.buffer):  # nearly all are
            state.at = start + size
            state.stack.append(state.buffer[start : state.at].decode("utf-8", "surrogatepass"))
        else:
            state.push_text(state.content(_length(state, width, signed=False), text=True))

    return push


def _old_string(width: int) -> Operation:
    """STRING of Python 2; its bytes become the characters of the same number."""

    def push(state: State) -> None:
        data = state.content(_length(state, width, signed=width == 4), text=True)
        state.push_text(data if isinstance(data, Long) else data.decode("latin-1").encode())

    return push


def _bytes(width: int) -> Operation:
    def push(state: State) -> None:
        state.push_bytes(state.content(_length(state, width, signed=False), text=False))

    return push


# -- containers


def _empty(kind: str) -> Operation:
    return lambda state: state.stack.append(Items(kind))


def _from_mark(kind: str) -> Operation:
    def build(state: State) -> None:
        items = Items(kind)
        items.add(state.pop_mark())
        state.stack.append(items)

    return build


def _tuple_from_mark(state: State) -> None:
    values = tuple(state.pop_mark()[:KEPT])
    state.stack.append(values)


def _tuple(count: int) -> Operation:
    def build(state: State) -> None:
        values = tuple(state.stack[-count:])
        if len(values) < count:
            raise IndexError
        state.stack[-count:] = [values]

    return build


def _append(state: State) -> None:
    value = state.stack.pop()
    state.add(state.stack[-1], [value])


def _add_from_mark(state: State) -> None:
    values = state.pop_mark()
    state.add(state.stack[-1], values)


def _set_item(state: State) -> None:
    value, key = state.stack.pop(), state.stack.pop()
    state.add(state.stack[-1], [key, value])


# -- stack and memo


def _pop(state: State) -> None:
    if state.stack:
        state.stack.pop()
    else:
        state.pop_mark()


def _pop_mark(state: State) -> None:
    state.pop_mark()


def _duplicate(state: State) -> None:
    state.stack.append(state.stack[-1])


def _put_line(state: State) -> None:
    line = state.line()
    state.store(int(line), len(line) + 2)


def _put1(state: State) -> None:
    index = state.buffer[state.at]
    state.at += 1
    state.store(index, 2)


def _put4(state: State) -> None:
    state.store(state.number(4), 5)


def _memoize(state: State) -> None:
    state.store(state.memo.size, 1)


def _get_line(state: State) -> None:
    state.recall(int(state.line()))


def _get1(state: State) -> None:
    index = state.buffer[state.at]
    state.at += 1
    state.recall(index)


def _get4(state: State) -> None:
    state.recall(state.number(4))


# -- importing and calling by name


def _global_line(state: State) -> None:
    module = state.line().decode("utf-8", "replace")
    state.import_object(module, state.line().decode("utf-8", "replace"))


def _stack_global(state: State) -> None:
    name, module = state.stack.pop(), state.stack.pop()
    state.import_object(module, name)


def _instance(state: State) -> None:
    _global_line(state)
    function = state.stack.pop()
    state.call(function, tuple(state.pop_mark()[:KEPT]))


def _object(state: State) -> None:
    items = state.pop_mark()
    state.call(items[0], tuple(items[1:KEPT]))


def _extension(width: int) -> Operation:
    def push(state: State) -> None:
        state.stack.append(state.found("copyreg", f"extension {state.number(width)}"))

    return push


def _reduce(state: State) -> None:
    arguments, function = state.stack.pop(), state.stack.pop()
    state.reduce(function, arguments)


def _new_object(state: State) -> None:
    arguments, function = state.stack.pop(), state.stack.pop()
    state.call(function, arguments, runs=False)


def _new_object_named(state: State) -> None:
    named, arguments, function = state.stack.pop(), state.stack.pop(), state.stack.pop()
    state.call(function, (*arguments, named) if isinstance(arguments, tuple) else (arguments, named), runs=False)


def _build(state: State) -> None:
    state.build(state.stack.pop())


def _persistent_line(state: State) -> None:
    state.line()
    state.persistent_ids += 1
    state.stack.append(OPAQUE)


def _persistent(state: State) -> None:
    """BINPERSID. Of `("module", Class, path, source)` PyTorch before 1.6 makes the class (torch/serialization.py)."""
    named = state.stack.pop()
    state.persistent_ids += 1
    state.stack.append(_class_of(named) or storage(named))


def _class_of(named: object) -> Global | None:
    if isinstance(named, tuple) and len(named) > 1 and named[0] == "module" and isinstance(named[1], Global):
        return named[1]
    return None


# -- frame of the stream


def _protocol(state: State) -> None:
    version = state.number(1)
    if version > _NEWEST_PROTOCOL:
        raise BrokenPickle(f"protocol {version} does not exist", state.offset)


def _frame(state: State) -> None:
    state.take(8)


def _read_only(state: State) -> None:
    state.stack.append(state.stack.pop())


def _stop(state: State) -> None:
    state.stack.pop()
    raise Stop


def _unknown(state: State) -> None:
    state.at -= 1
    raise BrokenPickle("an unknown instruction", state.offset)


_OPERATIONS: dict[bytes, Operation] = {
    b"(": State.mark, b".": _stop, b"0": _pop, b"1": _pop_mark, b"2": _duplicate,
    b"F": _float_line, b"G": _skip(8), b"I": _int_line, b"J": _int4, b"K": _int1, b"L": _int_line, b"M": _int2,
    b"N": _constant(None), b"\x88": _constant(True), b"\x89": _constant(False), b"\x8a": _long1, b"\x8b": _long4,
    b"S": _string_line, b"T": _old_string(4), b"U": _old_string(1),
    b"V": _unicode_line, b"X": _text(4), b"\x8c": _short_text, b"\x8d": _text(8),
    b"B": _bytes(4), b"C": _bytes(1), b"\x8e": _bytes(8), b"\x96": _bytes(8),
    b"\x97": _constant(OPAQUE), b"\x98": _read_only,
    b"]": _empty("list"), b"l": _from_mark("list"), b"a": _append, b"e": _add_from_mark,
    b"}": _empty("dict"), b"d": _from_mark("dict"), b"s": _set_item, b"u": _add_from_mark,
    b"\x8f": _empty("set"), b"\x90": _add_from_mark, b"\x91": _from_mark("set"),
    b")": _constant(()), b"t": _tuple_from_mark, b"\x85": _tuple(1), b"\x86": _tuple(2), b"\x87": _tuple(3),
    b"p": _put_line, b"q": _put1, b"r": _put4, b"\x94": _memoize, b"g": _get_line, b"h": _get1, b"j": _get4,
    b"c": _global_line, b"\x93": _stack_global,
    b"\x82": _extension(1), b"\x83": _extension(2), b"\x84": _extension(4),
    b"i": _instance, b"o": _object, b"R": _reduce, b"\x81": _new_object, b"\x92": _new_object_named, b"b": _build,
    b"P": _persistent_line, b"Q": _persistent,
    b"\x80": _protocol, b"\x95": _frame,
}  # fmt: skip
TABLE: list[Operation] = [_OPERATIONS.get(bytes([code]), _unknown) for code in range(256)]
"""By opcode byte."""
