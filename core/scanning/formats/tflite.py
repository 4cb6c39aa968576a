"""TensorFlow Lite: operators that need code from elsewhere (schema.fbs: Model.operator_codes, custom_code).

The numbers of such a model are never run; only its table of operators is read, with a few lines of FlatBuffers.
"""

import struct

from core.findings import Evidence, Level
from core.scanning.formats.tensorflow import CODE_OPERATORS, FILE_OPERATORS
from core.scanning.inspection import Inspection

_OPERATOR_CODES, _CUSTOM_CODE = 1, 1
"""Numbers of the fields in their tables."""
_MOST_OPERATORS = 10_000
_LONGEST_NAME = 1000
_USUAL = frozenset(
    "TFLite_Detection_PostProcess Convolution2DTransposeBias MaxPoolingWithArgmax2D MaxUnpooling2D RoIAlign "
    "AudioSpectrogram Mfcc NumericVerify".split()
)
"""Custom operators that TensorFlow and MediaPipe bring along."""


class _Broken(Exception):
    """An offset leads out of the file."""


def scan(inspection: Inspection) -> None:
    """Name every operator that is not built in."""
    try:
        names = _custom_operators(inspection)
    except (_Broken, struct.error, UnicodeDecodeError):
        inspection.partly("structure_broken")
        return
    for name in dict.fromkeys(names):
        plain = name.removeprefix("Flex")
        if name.startswith("Flex") and plain in CODE_OPERATORS | FILE_OPERATORS:
            rule = "tensorflow-code" if plain in CODE_OPERATORS else "tensorflow-file"
            inspection.report(rule, Evidence("operator", name), name=plain)
        elif not name.startswith("Flex"):
            level = Level.NOTE if name in _USUAL else None
            inspection.report("tflite-custom-operator", Evidence("operator", name), level=level, name=name)


def _custom_operators(inspection: Inspection) -> list[str]:
    model = _number(inspection, 0, "<I")
    codes = _field(inspection, model, _OPERATOR_CODES)
    if codes is None:
        return []
    start = codes + _number(inspection, codes, "<I")
    count = _number(inspection, start, "<I")
    if count > _MOST_OPERATORS:
        raise _Broken
    found = []
    for index in range(count):
        inspection.budget.check_time()
        at = start + 4 + 4 * index
        name = _field(inspection, at + _number(inspection, at, "<I"), _CUSTOM_CODE)
        if name is not None:
            found.append(_text(inspection, name + _number(inspection, name, "<I")))
    return [name for name in found if name]


def _field(inspection: Inspection, table: int, number: int) -> int | None:
    """Where a field of a table lies, None if the table does not have it."""
    vtable = table - _number(inspection, table, "<i")
    if 4 + 2 * number >= _number(inspection, vtable, "<H"):
        return None
    offset = _number(inspection, vtable + 4 + 2 * number, "<H")
    return table + offset if offset else None


def _text(inspection: Inspection, at: int) -> str:
    length = _number(inspection, at, "<I")
    if length > _LONGEST_NAME or at + 4 + length > inspection.file.size:
        raise _Broken
    return inspection.read_at(at + 4, length).decode("utf-8")


def _number(inspection: Inspection, at: int, form: str) -> int:
    size = struct.calcsize(form)
    if at < 0 or at + size > inspection.file.size:
        raise _Broken
    value: int = struct.unpack(form, inspection.read_at(at, size))[0]
    return value
