"""The pure functions of Python that are worked out on constants, within bounds. Nothing here runs code of the file."""

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
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.scanning.code.python_values import MOST, UNKNOWN, Value, size

_ELEMENT = 16
"""Characters that are handed on in the time that one element of a list takes."""


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
