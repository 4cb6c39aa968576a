"""TorchScript: the program inside of a model, as text (torch/csrc/jit/serialization: `code/*.py`).

It is no Python, although it looks so: it can use the operators of PyTorch and of loaded libraries and nothing else.
Some operators of PyTorch read and write files.
"""

import re

from core.byte_reader import ByteReader
from core.findings import Evidence, Level
from core.scanning.content import decode
from core.scanning.inspection import Inspection

_LONGEST = 16 << 20
_CODE = re.compile(r"(?:.*/)?code/.*\.py")
_FILES = re.compile(r"\b(?:torch|ops\.aten)\.(save|from_file|load|_save_parameters)\s*\(")
_OPERATOR = re.compile(r"\bops\.(\w+)\.(\w+)|\b(?:__torch__\.)?torch\.classes\.(\w+)\.(\w+)")
_KNOWN = frozenset(
    "aten prim prims quantized quantized_decomposed torchvision torchaudio torchtext mkldnn mkldnn_prepacked prepacked "
    "xnnpack sparse _quantized _caffe2 static_runtime rnnt tensorexpr inductor_prims detectron2 torch_sparse "
    "torch_scatter torch_cluster torch_spline_conv fb fbgemm metal metal_prepack vulkan vulkan_prepack onnx".split()
)
"""Name spaces of PyTorch and of the libraries of its makers, which calculate."""


def is_code(name: str) -> bool:
    """True for a member that holds a part of the program."""
    return _CODE.fullmatch(name) is not None


def scan_code(inspection: Inspection, name: str, file: ByteReader) -> None:
    """Operators that reach files, or that come from a library that PyTorch does not bring along."""
    if file.size > _LONGEST:
        inspection.partly("too_large")
    source = decode(file.read(_LONGEST)) or ""
    file.seek(0)
    for found in _FILES.finditer(source):
        operator = f"torch.{found[1]}"
        facts = Evidence("operator", operator, line=source.count("\n", 0, found.start()) + 1), Evidence("member", name)
        inspection.report("torch-script-operator", *facts, level=Level.HIGH, name=operator)
    for space, operator in {(found[1] or found[3], found[2] or found[4]) for found in _OPERATOR.finditer(source)}:
        if space not in _KNOWN:
            shown = f"{space}::{operator}"
            inspection.report(
                "torch-script-operator", Evidence("operator", shown), Evidence("member", name), name=shown
            )
