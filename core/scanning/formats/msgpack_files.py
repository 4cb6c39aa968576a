"""MessagePack as flax and others write weights: walked value by value, byte strings stepped over (msgpack/spec.md).

flax makes arrays of extension 1, complex numbers of 2 and scalars of 3 (flax/serialization.py): numbers, no code. Other
readers unpickle byte strings (msgpack-numpy, for arrays of objects), so those that are pickles are looked at as such.
"""

from core.byte_reader import ByteReader
from core.findings import Evidence
from core.scanning.byte_sources import Window
from core.scanning.formats.pickle_hidden import is_loadable
from core.scanning.inspection import Inspection, LimitReached

_FLAX = frozenset({1, 2, 3, 0xFF})
"""Extensions of flax; 255 (-1) is the time stamp of the format itself."""
_MOST_VALUES = 20_000_000
_MOST_NESTED = 100
_DEEPEST = 512
_LOOKED_AT = 4096
_STEP = 1 << 16
_WIDTHS = {0xCA: 4, 0xCB: 8, 0xCC: 1, 0xCD: 2, 0xCE: 4, 0xCF: 8, 0xD0: 1, 0xD1: 2, 0xD2: 4, 0xD3: 8}
"""Bytes of numbers."""
_TEXTS = {0xD9: 1, 0xDA: 2, 0xDB: 4}
_BYTES = {0xC4: 1, 0xC5: 2, 0xC6: 4}
_EXTENSIONS = {0xC7: 1, 0xC8: 2, 0xC9: 4}
_FIXED_EXTENSIONS = {0xD4: 1, 0xD5: 2, 0xD6: 4, 0xD7: 8, 0xD8: 16}
_ARRAYS = {0xDC: 2, 0xDD: 4}
_MAPS = {0xDE: 2, 0xDF: 4}


class _Broken(Exception):
    """The file ends inside of a value, or a value has a form that does not exist."""


class _Walk:
    """A place in the file, read forwards through a buffer; byte strings are skipped."""

    def __init__(self, inspection: Inspection) -> None:
        self._inspection, self._file = inspection, inspection.file
        self._buffer, self._base, self._at = b"", 0, 0
        self._nested = 0

    @property
    def offset(self) -> int:
        return self._base + self._at

    @property
    def ended(self) -> bool:
        return self.offset >= self._file.size

    def number(self, width: int) -> int:
        if self._at + width > len(self._buffer):
            self._base, self._at = self.offset, 0
            self._file.seek(self._base)
            self._buffer = self._file.read(_STEP)
            if len(self._buffer) < width:
                raise _Broken
        value = int.from_bytes(self._buffer[self._at : self._at + width], "big")
        self._at += width
        return value

    def skip(self, length: int) -> None:
        if self.offset + length > self._file.size:
            raise _Broken
        self._at += length
        if self._at > len(self._buffer):
            self._base, self._at, self._buffer = self.offset, 0, b""

    def content(self, length: int) -> None:
        """A byte string or text: looked into if a loader would take it for a pickle or an archive."""
        start = self.offset
        self.skip(length)
        if length < 16 or self._nested >= _MOST_NESTED:
            return
        if is_loadable(_peek(self._file, start, min(length, _LOOKED_AT))):
            self._nested += 1
            self._inspection.nested(f"bytes at {start}", Window(self._file, start, length))

    def extension(self, length: int) -> None:
        kind = self.number(1)
        if kind not in _FLAX:
            self._inspection.report("msgpack-extension", Evidence("count", str(kind), self.offset), number=kind)
            self.content(length)
        else:
            self.skip(length)


def _peek(file: ByteReader, start: int, size: int) -> bytes:
    file.seek(start)
    return file.read(size)


def scan(inspection: Inspection) -> None:
    """Walk every value to the end of the file."""
    walk = _Walk(inspection)
    try:
        while not walk.ended:
            _value(walk, inspection)
    except _Broken:
        inspection.partly("structure_broken")


def _value(walk: _Walk, inspection: Inspection) -> None:
    """One value with everything in it. `open_values` counts what is still to come of each array and map around it."""
    open_values = [1]
    for count in range(_MOST_VALUES):
        if not count % 4096:
            inspection.budget.check_time()
        while open_values and open_values[-1] == 0:
            open_values.pop()
        if not open_values:
            return
        open_values[-1] -= 1
        inner = _step(walk)
        if inner:
            if len(open_values) >= _DEEPEST:
                raise LimitReached("too_deep")
            open_values.append(inner)
    raise LimitReached("too_complicated")


def _step(walk: _Walk) -> int:
    """Read one value; the number of values inside of it."""
    code = walk.number(1)
    if code < 0x80 or code >= 0xE0 or code in {0xC0, 0xC2, 0xC3}:
        return 0
    if code < 0x90:
        return 2 * (code & 15)
    if code < 0xA0:
        return code & 15
    if code < 0xC0:
        walk.skip(code & 31)
    elif code in _WIDTHS:
        walk.skip(_WIDTHS[code])
    elif code in _ARRAYS:
        return walk.number(_ARRAYS[code])
    elif code in _MAPS:
        return 2 * walk.number(_MAPS[code])
    else:
        _long_value(walk, code)
    return 0


def _long_value(walk: _Walk, code: int) -> None:
    if code in _TEXTS:
        walk.content(walk.number(_TEXTS[code]))
    elif code in _BYTES:
        walk.content(walk.number(_BYTES[code]))
    elif code in _FIXED_EXTENSIONS:
        walk.extension(_FIXED_EXTENSIONS[code])
    elif code in _EXTENSIONS:
        length = walk.number(_EXTENSIONS[code])
        walk.extension(length)
    else:
        raise _Broken
