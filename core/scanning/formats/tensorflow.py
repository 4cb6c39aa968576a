"""TensorFlow graphs (SavedModel, frozen graphs, .meta): operators that reach files or Python, at any depth."""

import re

from core.findings import Evidence, Level
from core.scanning.inspection import Inspection

_FILE_OPERATORS = (
    "ReadFile", "WriteFile", "MatchingFiles", "DeleteOldDirs", "MergeV2Checkpoints", "Save", "SaveV2", "SaveSlices",
    "PrintV2", "SaveDataset", "SaveDatasetV2", "LoadDataset", "DebugIdentityV2", "DebugIdentityV3", "TextLineDataset",
    "FixedLengthRecordDataset", "TFRecordDataset", "SqlDataset", "WriteRawProtoSummary", "WriteSummary",
    "CreateSummaryFileWriter", "RecordInput", "WholeFileReaderV2",
)  # fmt: skip
_CODE_OPERATORS = ("PyFunc", "PyFuncStateless", "EagerPyFunc", "ImmutableConst", "RemoteCall", "DebugGradientIdentity")
_USUAL_WHEN_SAVING = frozenset({"Save", "SaveV2", "MergeV2Checkpoints", "RestoreV2", "SaveSlices"})
_ALL = sorted((*_FILE_OPERATORS, *_CODE_OPERATORS), key=len, reverse=True)
_OPERATOR = re.compile(
    rb"\x12([\x03-\x40])(" + b"|".join(name.encode() for name in _ALL) + rb")(?=[\x12\x1a\x22\x2a\x32\x3a]|$)"
)
_CHUNK = 1 << 20
_MOST = 256 << 20


def scan(inspection: Inspection) -> None:
    """Find NodeDef.op (field 2) of the listed operators anywhere, also inside graphs that are packed as text constants.

    A constant that holds a serialised graph (DatasetFromGraph) carries the same bytes, so one pass sees all depths.
    Saving operators are part of every SavedModel and only raise a note when they come with a fixed file name.
    """
    file = inspection.file
    found: dict[str, int] = {}
    carry, offset = b"", 0
    file.seek(0)
    while offset < min(file.size, _MOST):
        inspection.budget.check_time()
        file.seek(offset)
        data = file.read(_CHUNK)
        window = carry + data
        for match in _OPERATOR.finditer(window):
            name = match[2].decode()
            if match[1][0] == len(name):
                found.setdefault(name, offset - len(carry) + match.start())
        carry, offset = window[-80:], offset + len(data)
    if file.size > _MOST:
        inspection.partly("too_large")
    for name, at in found.items():
        if name in _USUAL_WHEN_SAVING:
            continue
        rule = "tensorflow-code" if name in _CODE_OPERATORS else "tensorflow-file"
        hint = Level.CAREFUL if name in {"PrintV2", "ImmutableConst", "RecordInput"} else None
        inspection.report(rule, Evidence("operator", name, at), level=hint, name=name)
