"""Values of Python expressions as far as the text gives them away, and the pure functions that make new ones of them.

Nothing here runs code of the file: only the listed functions, on constants, within bounds.
"""

import base64
import binascii
import bz2
import codecs
import gzip
import html
import lzma
import struct
import urllib.parse
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

MOST = 1 << 20
"""Characters, bytes or elements of a value; larger ones are not worked out."""
LONGEST = 20_000
"""Elements of a list that are followed one by one."""
_ELEMENT = 16
"""Characters that are handed on in the time that one element of a list takes."""
_WIDEST = 1 << 17
"""Bits of a number: a program of 16 kB is hidden in no larger one, and working with longer ones takes long."""
_LONGEST_NAME = 1000
_MOST_COMPARED = 2000
"""Parts of two values that are looked at to see whether they are the same."""
GAP: Final = "…"
"""Stands for a part of a text that is not known."""


class _Unknown:
    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = _Unknown()


@dataclass(frozen=True, slots=True)
class Value:
    """What is known of a value. All fields may be empty."""

    constant: Any = UNKNOWN
    """str, bytes, int, float, bool, None, or a list, tuple or dict of such."""
    text: str = ""
    """A text with `GAP`s, where only parts are known."""
    items: tuple["Value", ...] = ()
    """Of a list, tuple, set, or the values of a dict."""
    name: str = ""
    """Dotted name of a module, a function, or `function()` for what a call gave."""
    marks: frozenset[str] = frozenset()
    """Where it comes from: decoded, pieced, fetched, received, hub, secret, environment, token, socket, file, …"""
    function: Any = None
    """A function, lambda or class of the file itself."""
    keys: tuple[Any, ...] = ()
    """Keys of a dict, one for each item."""

    def __post_init__(self) -> None:
        if len(self.text) > MOST:
            object.__setattr__(self, "text", self.text[:MOST])
        if len(self.name) > _LONGEST_NAME:  # what is called stands at its end
            object.__setattr__(self, "name", self.name[-_LONGEST_NAME:])

    @property
    def known(self) -> bool:
        """Whether it is a constant."""
        return self.constant is not UNKNOWN


NOTHING = Value()


def constant(value: object, marks: frozenset[str] = frozenset()) -> Value:
    """A known value; one that is too large, or of another type, is unknown."""
    if size(value, {}) > MOST or (isinstance(value, int) and value.bit_length() > _WIDEST):
        return Value(marks=marks)
    if isinstance(value, bytearray):
        value = bytes(value)
    if isinstance(value, str | bytes | int | float | bool | list | tuple | dict | None):
        return Value(value, marks=marks)
    return Value(marks=marks)


def size(value: object, sizes: dict[int, int]) -> int:
    """Characters and elements of a constant when written out; `sizes` are those of lists seen before, by identity.

    A list that holds one list twice, which holds another twice, and so on, is small in memory and endless on paper.
    """
    if isinstance(value, str | bytes | bytearray):
        return len(value) + 1
    if not isinstance(value, list | tuple | dict | set):
        return 1
    if 2 * len(value) > MOST:
        return MOST + 1
    if id(value) not in sizes:
        parts = value.values() if isinstance(value, dict) else value
        sizes[id(value)] = len(value) + sum(size(part, sizes) for part in parts)
    return sizes[id(value)]


def words(value: Value) -> str:
    """A value as text: a constant, a text with gaps, or the elements of a list with blanks between; else empty."""
    if isinstance(value.constant, str):
        return value.constant
    if isinstance(value.constant, bytes):
        return value.constant.decode("utf-8", "replace")
    if value.text:
        return value.text
    if isinstance(value.constant, list | tuple):
        return joined(" ", (str(item) for item in value.constant[:200]))
    return joined(" ", _words_of_items(value))


def joined(between: str, parts: Iterable[str]) -> str:
    """`between.join(parts)`, which stops at `MOST` characters."""
    pieces: list[str] = []
    length = 0
    for part in parts:
        pieces.append(part)
        length += len(part) + len(between)
        if length > MOST:
            break
    return between.join(pieces)[:MOST]


def _words_of_items(value: Value) -> Iterator[str]:
    """The words of the first elements; of lists in lists too, as far as the steps reach: they may hold one another."""
    waiting = list(value.items[:200][::-1])
    for _ in range(400):
        if not waiting:
            return
        item = waiting.pop()
        if item.items and not (item.known or item.text):
            waiting += item.items[:200][::-1]
        else:
            yield words(item) or GAP


def joined_marks(values: Sequence[Value]) -> frozenset[str]:
    """All marks of all values; those of a list are also those of what is in it."""
    return frozenset().union(*(value.marks for value in values))


def same(one: Value, other: Value) -> bool:
    """Whether two values are equal, as far as a few steps show: values may hold one another many times over."""
    waiting = [(one, other)]
    for _ in range(_MOST_COMPARED):
        if not waiting:
            return True
        left, right = waiting.pop()
        if left is right:
            continue
        if len(left.items) != len(right.items) or _with(left, left.marks, ()) != _with(right, right.marks, ()):
            return False
        waiting += zip(left.items, right.items, strict=True)
    return False


def either(one: Value, other: Value) -> Value:
    """A value that is one of two: what is known of both, and where both may come from."""
    marks = one.marks | other.marks
    if one == NOTHING or one.constant is None:
        return _with(other, marks)
    if other == NOTHING or other.constant is None or one.constant == other.constant:
        return _with(one, marks)
    return Value(
        text=other.text or words(other)[:4096], name=other.name or one.name, marks=marks, function=other.function
    )


def _with(value: Value, marks: frozenset[str], items: tuple[Value, ...] | None = None) -> Value:
    kept = value.items if items is None else items
    return Value(value.constant, value.text, kept, value.name, marks, value.function, value.keys)


def with_item(old: Value, key: Value, new: Value) -> Value:
    """A dict, list or object after `old[key] = new`. Of a dict it stays known what lies under which key."""
    marks = joined_marks((old, new))
    of_dict = isinstance(old.constant, dict) or (old.keys and len(old.keys) == len(old.items))
    size = len(old.constant) if isinstance(old.constant, dict) else len(old.keys)
    if not of_dict or not isinstance(key.constant, str | int | bytes) or size > _LONGEST_DICT:
        return Value(name=old.name, items=(*old.items[:200], new), marks=marks)
    if isinstance(old.constant, dict):
        if new.known:
            return constant(old.constant | {key.constant: new.constant}, marks)
        old = Value(items=tuple(map(constant, old.constant.values())), keys=tuple(old.constant))
    kept = [pair for pair in zip(old.keys, old.items, strict=True) if pair[0] != key.constant]
    keys, items = zip(*kept, (key.constant, new), strict=True)
    return Value(name=old.name, items=items, keys=keys, marks=marks)


_LONGEST_DICT = 200


def marked(value: Value, *marks: str) -> Value:
    """The value with more marks."""
    return _with(value, value.marks | set(marks))


def elements(many: Value, count: int | None = None) -> list[Value] | None:
    """The elements of a known list, text, bytes or dict, None if they are not known, or are not `count`."""
    parts: list[Value] | None = None
    if many.known and isinstance(many.constant, str | bytes | list | tuple | dict) and len(many.constant) <= LONGEST:
        parts = [constant(item, many.marks) for item in many.constant]
    elif many.items and not many.keys:
        parts = list(many.items)
    return None if parts is None or (count is not None and len(parts) != count) else parts


def any_of(values: Sequence[Value]) -> Value:
    """One of several."""
    found = NOTHING
    for one in values:
        found = either(found, one)
    return found


def collected(items: list[Value]) -> Value:
    """A list of these."""
    marks = joined_marks(items)
    if all(item.known for item in items):
        return constant([item.constant for item in items], marks)
    return Value(items=tuple(items[:LONGEST]), marks=marks)


# --- functions on constants ------------------------------------------------------------------------------------------


def _inflate(data: bytes, window: int = 15, _size: int = 0) -> bytes:
    return zlib.decompressobj(window).decompress(data, MOST)


def _text_codec(encoding: str) -> str:
    name = codecs.lookup(encoding).name
    if name not in _SAFE_CODECS:
        raise LookupError(encoding)
    return name


_MEMORY = 256 << 20
"""Bytes that a stream may ask for to be expanded."""
_SAFE_CODECS = frozenset(
    "utf-8 utf-8-sig ascii iso8859-1 latin-1 cp1252 utf-16 utf-16-le utf-16-be utf-32 utf-7 rot13 rot-13 hex base64 "
    "unicode-escape unicode_escape raw-unicode-escape raw_unicode_escape zlib bz2 uu quopri punycode idna cp437".split()
)


def _decode(data: bytes | str, encoding: str = "utf-8", errors: str = "replace") -> object:
    name = _text_codec(encoding)
    if name in {"punycode", "idna"} and len(data) > 4096:
        raise ValueError("their time grows with the square of the length")
    if name == "zlib":
        return _inflate(data if isinstance(data, bytes) else data.encode())
    if name == "bz2":
        return bz2.BZ2Decompressor().decompress(data, MOST)  # type: ignore[arg-type]
    decode = codecs.getdecoder(name)
    return decode(data, errors if isinstance(data, bytes) else "strict")[0]  # type: ignore[arg-type]


def _encode(text: str, encoding: str = "utf-8", errors: str = "replace") -> object:
    return codecs.encode(text, _text_codec(encoding), errors)


def _packed(pattern: str, *values: object) -> bytes:
    if struct.calcsize(pattern) > MOST:
        raise ValueError("large")
    return struct.pack(pattern, *values)


def _array(kind: str, values: Sequence[Any] = ()) -> bytes:
    if kind not in {"b", "B"}:
        raise ValueError("not of bytes")
    return bytes(value & 255 for value in values)


def _range(*numbers: int) -> list[int]:
    found = range(*numbers)
    if len(found) > MOST // 4:
        raise ValueError("long")
    return list(found)


def _bytes(value: object = b"", encoding: str = "utf-8") -> bytes:
    if isinstance(value, str):
        return value.encode(encoding)
    if isinstance(value, int):
        raise TypeError("a length")
    return bytes(value)  # type: ignore[call-overload,no-any-return]


def _small_int(value: object, base: int | None = None) -> int:
    return int(value) if base is None else int(value, base)  # type: ignore[call-overload,no-any-return]


def _join(text: Any, parts: Any) -> object:  # noqa: ANN401  str or bytes
    return UNKNOWN if len(text) * len(parts) > MOST else text.join(parts)


def _translate(text: str, table: dict[int, Any]) -> object:
    longest = max((len(to) for to in table.values() if isinstance(to, str)), default=1)
    return UNKNOWN if len(text) * longest > 4 * MOST else text.translate(table)


Pure = Callable[..., object]
DECODERS: dict[str, Pure] = {
    "base64.b64decode": lambda data, *_: base64.b64decode(data),
    "base64.standard_b64decode": base64.standard_b64decode,
    "base64.urlsafe_b64decode": base64.urlsafe_b64decode,
    "base64.decodebytes": base64.decodebytes,
    "base64.b32decode": lambda data, *_: base64.b32decode(data),
    "base64.b16decode": lambda data, *_: base64.b16decode(data, casefold=True),
    "base64.b85decode": base64.b85decode,
    "base64.a85decode": lambda data, *_: base64.a85decode(data),
    "binascii.unhexlify": binascii.unhexlify,
    "binascii.a2b_hex": binascii.a2b_hex,
    "binascii.a2b_base64": binascii.a2b_base64,
    "bytes.fromhex": bytes.fromhex,
    "bytearray.fromhex": bytes.fromhex,
    "codecs.decode": _decode,
    "zlib.decompress": _inflate,
    "gzip.decompress": lambda data: _inflate(data, 31),
    "bz2.decompress": lambda data: bz2.BZ2Decompressor().decompress(data, MOST),
    "lzma.decompress": lambda data, *_: lzma.LZMADecompressor(memlimit=_MEMORY).decompress(data, MOST),
    "marshal.loads": lambda _data: None,
    "html.unescape": html.unescape,
    "urllib.parse.unquote": urllib.parse.unquote,
    "urllib.parse.unquote_plus": urllib.parse.unquote_plus,
    "chr": chr,
    "bytes": _bytes,
    "bytearray": _bytes,
    "struct.pack": _packed,
    "array.array": _array,
}
"""What makes readable what was not."""
ALSO_HONEST = frozenset(
    "bytes bytearray struct.pack array.array html.unescape urllib.parse.unquote urllib.parse.unquote_plus".split()
)
"""Decoders that say nothing about a result unless it is known."""

PURE: dict[str, Pure] = {
    "str": lambda value="", *_: value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value),
    "int": _small_int,
    "ord": ord,
    "len": len,
    "hex": hex,
    "abs": abs,
    "list": list,
    "tuple": tuple,
    "reversed": lambda value: list(reversed(value)),
    "sorted": sorted,
    "range": _range,
    "enumerate": lambda value, start=0: [list(pair) for pair in enumerate(value, start)],
    "zip": lambda *values: [list(row) for row in zip(*values, strict=False)],
    "min": min,
    "max": max,
    "sum": lambda values: sum(values) if all(isinstance(value, int | float) for value in values) else UNKNOWN,
    "bool": bool,
    "dict": lambda value=(): dict(value),
    "codecs.encode": _encode,
    "base64.b64encode": base64.b64encode,
    "zlib.compress": zlib.compress,
    "gzip.compress": gzip.compress,
    "str.maketrans": str.maketrans,
    "int.from_bytes": lambda data, order="big": int.from_bytes(data, order),
    "operator.xor": lambda one, other: one ^ other,
}

METHODS: dict[str, Pure] = {
    "decode": _decode,
    "encode": _encode,
    "replace": lambda text, *parts: text.replace(*parts) if len(parts[1]) <= 4 * max(1, len(parts[0])) else UNKNOWN,
    "join": _join,
    "split": lambda text, *parts: text.split(*parts),
    "rsplit": lambda text, *parts: text.rsplit(*parts),
    "partition": lambda text, part: list(text.partition(part)),
    "rpartition": lambda text, part: list(text.rpartition(part)),
    "casefold": lambda text: text.casefold(),
    "capitalize": lambda text: text.capitalize(),
    "startswith": lambda text, part: text.startswith(part),
    "endswith": lambda text, part: text.endswith(part),
    "count": lambda value, part: value.count(part),
    "splitlines": lambda text: text.splitlines(),
    "strip": lambda text, *parts: text.strip(*parts),
    "lstrip": lambda text, *parts: text.lstrip(*parts),
    "rstrip": lambda text, *parts: text.rstrip(*parts),
    "lower": lambda text: text.lower(),
    "upper": lambda text: text.upper(),
    "swapcase": lambda text: text.swapcase(),
    "title": lambda text: text.title(),
    "translate": _translate,
    "removeprefix": lambda text, part: text.removeprefix(part),
    "removesuffix": lambda text, part: text.removesuffix(part),
    "hex": lambda data: data.hex(),
    "index": lambda value, part: value.index(part),
    "find": lambda value, part: value.find(part),
    "get": lambda mapping, key, other=None: mapping.get(key, other),
    "keys": list,
    "values": lambda mapping: list(mapping.values()),
    "items": lambda mapping: [list(pair) for pair in mapping.items()],
    "to_bytes": lambda number, length=1, order="big": number.to_bytes(min(length, 4096), order),
    "bit_length": lambda number: number.bit_length(),
    "copy": lambda value: value,
    "tobytes": lambda value: value if isinstance(value, bytes) else UNKNOWN,
    "tolist": list,
}

MARKED_METHODS = {"join": "pieced", "to_bytes": "decoded"}
"""What the result of a method is marked with."""


@dataclass(slots=True)
class Steps:
    """How much working out is left for a file."""

    left: int = 250_000
    characters: int = 128 << 20
    """That functions may still be handed; copying them counts for a quarter."""
    depth: int = 0
    inlined: int = field(default=0)

    def affords(self, *values: Value) -> bool:
        """Account for copying these values; False once too much was done."""
        if self.characters < 0:
            return False
        for value in values:
            known = value.constant
            if isinstance(known, int):
                self.characters -= known.bit_length()
            elif isinstance(known, str | bytes):
                self.characters -= len(known) >> 2
            elif isinstance(known, list | tuple | dict):
                self.characters -= len(known) * _ELEMENT
            self.characters -= len(value.text) >> 2
        return self.characters >= 0


def pure_call(function: Pure, arguments: Sequence[Any], keywords: dict[str, Any], steps: Steps) -> object:
    """The result, `UNKNOWN` if there is none. `keywords` are given only where the function takes them."""
    steps.characters -= sum(size(one, {}) * (1 if isinstance(one, str | bytes) else _ELEMENT) for one in arguments)
    if steps.characters < 0:
        return UNKNOWN
    try:
        found = function(*arguments, **keywords)
    except Exception:  # noqa: BLE001  the arguments are the file's; whatever they break is "not known"
        return UNKNOWN
    if isinstance(found, list | tuple | dict):
        steps.characters -= len(found) * _ELEMENT
    return found
