"""ExecuTorch programs: who computes which part, and operators that need code from elsewhere (schema/program.fbs).

A program holds instructions for a fixed set of operators, and parts that are handed as opaque bytes to a delegate, the
driver of a processor. Neither can reach files; what an unknown delegate does with its bytes we cannot say.
"""

import re

from core.findings import Evidence, Level
from core.scanning.formats import flatbuffers
from core.scanning.inspection import Inspection

_EXECUTION_PLANS = 1
_OPERATORS, _DELEGATES = 6, 7
_NAME = 0
_KNOWN_DELEGATES = re.compile(
    r"(?:Xnnpack|CoreML|Qnn|Vulkan|MPS|Metal|Cuda|AotInductor|EthosU|Arm\w*|TOSA|Vgf|Neuropilot|MediaTek|OpenVINO|Openvino|Enn|NXP|"
    r"Neutron|Samsung|Cadence)\w*Backend|\w*Partitioner"
)
_KNOWN_OPERATORS = re.compile(
    r"(?:aten|prim|dim_order_ops|quantized_decomposed|quantized|executorch_prim|et_vk|llama|cadence|cortex_m|torchao|"
    r"xnnpack|qaisw|tosa|neuron|etensor)(?:::|$)"
)


def scan(inspection: Inspection) -> None:
    """Name delegates and operators that ExecuTorch does not bring along."""
    delegates: dict[str, None] = {}
    operators: dict[str, None] = {}
    try:
        for plan in flatbuffers.tables(inspection, flatbuffers.root(inspection), _EXECUTION_PLANS):
            delegates |= dict.fromkeys(_names(inspection, plan, _DELEGATES))
            operators |= dict.fromkeys(_names(inspection, plan, _OPERATORS))
    except flatbuffers.BrokenBuffer:
        inspection.partly("structure_broken")
    for name in operators:
        if name and not _KNOWN_OPERATORS.match(name):
            inspection.report("executorch-part", Evidence("operator", name), name=name)
    for name in delegates:
        level = Level.NOTE if _KNOWN_DELEGATES.fullmatch(name) else None
        inspection.report("executorch-part", Evidence("name", name), name=name, level=level)


def _names(inspection: Inspection, plan: int, field: int) -> list[str]:
    return [flatbuffers.text(inspection, table, _NAME) for table in flatbuffers.tables(inspection, plan, field)]
