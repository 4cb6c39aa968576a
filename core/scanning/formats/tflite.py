"""TensorFlow Lite: operators that need code from elsewhere (schema.fbs: Model.operator_codes, custom_code).

The numbers of such a model are never run; only its table of operators is read, with a few lines of FlatBuffers.
"""

from core.findings import Evidence, Level
from core.scanning.formats import flatbuffers
from core.scanning.formats.tensorflow import CODE_OPERATORS, FILE_OPERATORS
from core.scanning.inspection import Inspection

_OPERATOR_CODES, _CUSTOM_CODE = 1, 1
"""Numbers of the fields in their tables."""
_USUAL = frozenset(
    "TFLite_Detection_PostProcess Convolution2DTransposeBias MaxPoolingWithArgmax2D MaxUnpooling2D RoIAlign "
    "AudioSpectrogram Mfcc NumericVerify".split()
)
"""Custom operators that TensorFlow and MediaPipe bring along."""


def scan(inspection: Inspection) -> None:
    """Name every operator that is not built in."""
    try:
        codes = flatbuffers.tables(inspection, flatbuffers.root(inspection), _OPERATOR_CODES)
        names = [name for name in (flatbuffers.text(inspection, code, _CUSTOM_CODE) for code in codes) if name]
    except flatbuffers.BrokenBuffer:
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
