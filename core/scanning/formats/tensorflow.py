"""TensorFlow graphs (SavedModel, frozen graphs, .meta): operators that reach files or Python, at any depth."""

import re
from collections.abc import Iterator

from core.findings import Evidence, Level
from core.scanning.content import is_text
from core.scanning.formats import keras, protobuf
from core.scanning.formats.paths import escapes
from core.scanning.inspection import Inspection

FILE_OPERATORS = frozenset(
    "ReadFile WriteFile MatchingFiles DeleteOldDirs PrintV2 SaveDataset SaveDatasetV2 LoadDataset DebugIdentityV2 "
    "DebugIdentityV3 TextLineDataset FixedLengthRecordDataset TFRecordDataset SqlDataset WriteRawProtoSummary "
    "WriteSummary CreateSummaryFileWriter RecordInput WholeFileReader WholeFileReaderV2".split()
)
"""Saving and restoring (SaveV2, RestoreV2, MergeV2Checkpoints) is not among them: every SavedModel does it."""
CODE_OPERATORS = frozenset("PyFunc PyFuncStateless EagerPyFunc ImmutableConst RemoteCall DebugGradientIdentity".split())
"""Leave the graph and call other code, or read memory."""
_HINTS = frozenset({"PrintV2", "ImmutableConst", "RecordInput"})
_NAMES = b"|".join(name.encode() for name in sorted(FILE_OPERATORS | CODE_OPERATORS, key=len, reverse=True))
_OPERATOR = re.compile(rb"(?:\x12|\x92\x80{0,8}\x00)([\x80-\xff]{0,9}[\x00-\x7f])(" + _NAMES + rb")")
"""NodeDef.op: field 2, its length, its text. Numbers may be written longer than needed (protobuf.dev: Encoding)."""
_IN_TEXT = re.compile(rb"\bop\s*:\s*[\"'](" + _NAMES + rb")[\"']")
_PRINTS_INTO = re.compile(
    rb"output_stream\x12.{1,3}\x12.{1,3}file://|output_stream[\"'][^\n]{0,10}\n?[^\n]{0,40}file://"
)
"""Output of PrintV2 that goes into a file and not to the screen (tf.print: output_stream)."""
_SAVED_MODEL = b"\x08"
"""First byte of a SavedModel: the version of its format."""
_SAVES = re.compile(rb"\x12(?:\x06SaveV2|\x0aSaveSlices|\x04Save)\x1a([\x01-\x7f])")
"""NodeDef of an operator that writes: its name, then the length of its first input, which says where to."""
_PLACE = re.compile(rb"\x42([\x02-\x7f])(?=/|~/|\.\./|\\\\|[A-Za-z]:[\\/])")
"""A text of a constant (TensorProto.string_val = 8) that leaves the folder of the model."""
_CONSTANT = b"\x12\x05Const"
_CONSTANT_SIZE = 400
"""Bytes between the operator of a constant and its text: a few attributes."""
_START = 256
"""Bytes that tell a text from a message; blanks may stand behind."""
_CHUNK = 1 << 20
_OVERLAP = 4096
_MOST = 256 << 20


def scan(inspection: Inspection) -> None:
    """Find the listed operators anywhere, also inside graphs that are packed as text constants.

    A constant that holds a serialised graph (DatasetFromGraph) carries the same bytes, so one pass sees all depths.
    The layers of Keras that are stored beside a graph are searched as well (keras_metadata.pb).
    """
    found: dict[str, int] = {}
    saves: dict[bytes, int] = {}
    places: dict[bytes, str] = {}
    carry, offset = b"", 0
    while offset < min(inspection.file.size, _MOST):
        inspection.budget.check_time()
        data = inspection.read_at(offset, _CHUNK)
        window = carry + data
        for name, place in _operators(window):
            found.setdefault(name, offset - len(carry) + place)
        written = _PRINTS_INTO.search(window)
        if written is not None:
            place = offset - len(carry) + written.start()
            inspection.report("tensorflow-file", Evidence("operator", "PrintV2", place), name="PrintV2")
        saves.update((name, offset - len(carry) + at) for name, at in _saved_to(window))
        places.update(_constant_places(window))
        keras.search(inspection, window)
        carry, offset = window[-_OVERLAP:], offset + len(data)
    if inspection.file.size > _MOST:
        inspection.partly("too_large")
    if not is_text(inspection.head[:_START]):
        _check_whole(inspection)
    for name, at in found.items():
        rule = "tensorflow-code" if name in CODE_OPERATORS else "tensorflow-file"
        hint = Level.CAREFUL if name in _HINTS else None
        inspection.report(rule, Evidence("operator", name, at), level=hint, name=name)
    for node in saves.keys() & places.keys():
        told = Evidence("operator", "SaveV2", saves[node]), Evidence("path", places[node])
        inspection.report("tensorflow-file", *told, name="SaveV2")


def _saved_to(window: bytes) -> Iterator[tuple[bytes, int]]:
    """Names of the nodes that say where an operator writes to. Ordinary models leave that to who saves them."""
    for match in _SAVES.finditer(window):
        name = window[match.end() : match.end() + match[1][0]]
        yield name.partition(b":")[0].removeprefix(b"^"), match.start()


def _constant_places(window: bytes) -> Iterator[tuple[bytes, str]]:
    """Constants that hold a path out of the folder, by the name of their node, which stands before its operator."""
    for match in _PLACE.finditer(window):
        at = window.rfind(_CONSTANT, max(0, match.start() - _CONSTANT_SIZE), match.start())
        length = next((size for size in range(1, 128) if window[at - size - 2 : at - size] == bytes((10, size))), 0)
        if at > 2 and length:
            yield window[at - length : at], window[match.end() : match.end() + match[1][0]].decode("utf-8", "replace")


def _check_whole(inspection: Inspection) -> None:
    """A message that is cut short stays unread from there on. Files that belong to a model lie in its folder."""
    try:
        for graph in list(_parts(inspection, (0, inspection.file.size), 2)):
            if inspection.head[:1] != _SAVED_MODEL:
                continue
            for asset in _parts(inspection, graph, 6):
                for name in _parts(inspection, asset, 2):
                    _report_asset(inspection, protobuf.text(inspection.file, *name))
    except protobuf.BrokenMessage:
        inspection.partly("structure_broken")


def _parts(inspection: Inspection, place: tuple[int, int], wanted: int) -> Iterator[tuple[int, int]]:
    """Places of the messages with this number. SavedModel: meta_graphs = 2, asset_file_def = 6, filename = 2."""
    for number, wire, at, length in protobuf.fields(inspection.file, *place, inspection.budget):
        if number == wanted and wire == protobuf.LENGTH:
            yield at, at + length


def _report_asset(inspection: Inspection, name: str) -> None:
    if escapes(name):
        inspection.report("tensorflow-path", Evidence("path", name), target=name)


def _operators(window: bytes) -> list[tuple[str, int]]:
    """Names with their places."""
    binary = [
        (match[2].decode(), match.start()) for match in _OPERATOR.finditer(window) if _number(match[1]) == len(match[2])
    ]
    return binary + [(match[1].decode(), match.start()) for match in _IN_TEXT.finditer(window)]


def _number(encoded: bytes) -> int:
    return sum((byte & 0x7F) << 7 * place for place, byte in enumerate(encoded))
