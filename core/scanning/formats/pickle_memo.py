"""The memo of the pickle machine: what PUT and MEMOIZE store and GET brings back, bounded in memory.

Entries are counted as CPython's unpickler does (Modules/_pickle.c: _Unpickler_MemoPut), since MEMOIZE stores under the
count: a reader that counts otherwise can be led to other names than the unpickler.
"""

from array import array

from core.scanning.formats.pickle_values import OPAQUE, Attribute, Call, Global, TextAt
from core.scanning.inspection import LimitReached

KEPT = 50_000
"""Entries kept as values; later ones only if they lead to imports or calls, and texts by their place in the file."""
_MOST_LATE = 2_000_000
_LENGTH_BITS = 12
LONGEST_TEXT = (1 << _LENGTH_BITS) - 1
"""Bytes of a text that can be kept by its place."""
_AS_VALUE = -1
_NOTHING = 0
_MISSING = object()


class Memo:
    """Index -> value. `size`: number of different indices."""

    def __init__(self) -> None:
        self.size = 0
        self._values: dict[int, object] = {}
        self._late = array("q")
        """For indices from `KEPT` on: `_AS_VALUE`, `_NOTHING`, or a text's offset and length in one number."""

    def put(self, index: int, value: object, place: int | None) -> object:
        """Store `value` and return what was there, or None. `place`: offset in the file if `value` is a text there."""
        old = self._values.get(index, _MISSING)
        if old is not _MISSING:
            self._values[index] = value
            return old
        if index < KEPT:
            self.size += 1
            self._values[index] = value
        else:
            self._put_late(index, value, place)
        return None

    def _put_late(self, index: int, value: object, place: int | None) -> None:
        late = index - KEPT
        if late >= len(self._late):
            self.size += 1
        code = _code(value, place)
        if late < len(self._late):
            self._late[late] = code
        elif late == len(self._late):
            self._late.append(code)
        else:
            code = _AS_VALUE
        if code == _AS_VALUE:
            if len(self._values) >= _MOST_LATE:
                raise LimitReached("too_complicated")
            self._values[index] = value

    def get(self, index: int) -> object:
        """The value. Raises `KeyError` if nothing was stored there."""
        value = self._values.get(index, _MISSING)
        if value is not _MISSING:
            return value
        late = index - KEPT
        if not 0 <= late < len(self._late):
            raise KeyError("asks for something it never stored")
        code = self._late[late]
        return OPAQUE if code == _NOTHING else TextAt(code >> _LENGTH_BITS, code & LONGEST_TEXT)


def _code(value: object, place: int | None) -> int:
    if isinstance(value, Global | Call | Attribute) or (isinstance(value, str) and place is None):
        return _AS_VALUE
    if place is None:
        return _NOTHING
    return place << _LENGTH_BITS | len(str(value).encode("utf-8", "surrogatepass"))
