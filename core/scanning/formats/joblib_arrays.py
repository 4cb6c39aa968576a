"""Arrays inside joblib files: raw bytes in the middle of the pickle stream (joblib/numpy_pickle.py)."""

import math
from collections.abc import Callable

from core.scanning.formats.pickle_machine import Machine
from core.scanning.formats.pickle_reading import BrokenPickle
from core.scanning.formats.pickle_state import State
from core.scanning.formats.pickle_values import Call, Global, Items

_WRAPPERS = {
    ("joblib.numpy_pickle", "NumpyArrayWrapper"),
    ("sklearn.externals.joblib.numpy_pickle", "NumpyArrayWrapper"),
}


def is_wrapper(call: Call) -> bool:
    """True once a `NumpyArrayWrapper` got its state, after which the array's bytes follow."""
    function = call.function
    return isinstance(function, Global) and (function.module, function.name) in _WRAPPERS and bool(call.attributes)


def step_over(machine: State, call: Call, take: Callable[[State], None]) -> None:
    """Move the machine behind the array, whose shape says how long it is. Raises `BrokenPickle`.

    An array of objects is a pickle of its own: `take` gets the machine that ran it, however far it came.
    """
    state = _as_dictionary(call.attributes[-1])
    shape, dtype = state.get("shape"), state.get("dtype")
    call.attributes.clear()
    if not isinstance(shape, tuple) or not all(isinstance(length, int) and length >= 0 for length in shape):
        raise BrokenPickle("an array without a shape", machine.offset)
    size = _item_size(dtype)
    if size is None:
        inner = Machine(machine.file, machine.offset, machine.budget)
        try:
            inner.run()
        finally:
            take(inner)
        machine.jump(inner.offset)
        return
    offset = machine.offset
    if isinstance(state.get("numpy_array_alignment_bytes"), int):
        machine.file.seek(offset)
        padding = machine.file.read(1)
        offset += 1 + (padding[0] if padding else 0)
    end = offset + math.prod(length for length in shape if isinstance(length, int)) * size
    if end > machine.file.size:
        raise BrokenPickle("an array longer than the file", machine.offset)
    machine.jump(end)


def _as_dictionary(value: object) -> dict[str, object]:
    members = value.members if isinstance(value, Items) else []
    return {key: item for key, item in zip(members[::2], members[1::2], strict=False) if isinstance(key, str)}


def _item_size(dtype: object) -> int | None:
    """Bytes per item; None for arrays that hold objects. Raises `BrokenPickle` if it cannot be told."""
    code = dtype.arguments[0] if isinstance(dtype, Call) and dtype.arguments else None
    if not isinstance(code, str):
        raise BrokenPickle("an array of unknown type", 0)
    letters = code.lstrip("<>|=")
    if letters.startswith("O"):
        return None
    digits = letters[1:].partition("[")[0]
    if letters.startswith("V") and isinstance(dtype, Call):
        fields = dtype.attributes[0] if dtype.attributes else None
        if isinstance(fields, tuple) and len(fields) > 5 and isinstance(fields[5], int):
            return fields[5]
    if not digits.isdigit():
        raise BrokenPickle("an array of unknown type", 0)
    return int(digits) * (4 if letters.startswith("U") else 1)
