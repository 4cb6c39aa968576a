"""Core ML: parts that need code of the app, and files that lie elsewhere (coremltools: mlmodel/format/*.proto)."""

import json
import re

from core.findings import Evidence
from core.scanning import configuration, templates
from core.scanning.formats import protobuf
from core.scanning.formats.paths import escapes
from core.scanning.formats.protobuf import LENGTH, BrokenMessage
from core.scanning.inspection import Inspection, LimitReached

_Place = tuple[int, int]
"""Where a message begins and ends."""
_DEEPEST = 20
_PIPELINES = frozenset({200, 201, 202})
"""Pipelines of models; 202 is the plain one (Model.proto)."""
_NETWORKS = frozenset({303, 403, 500})
_PROGRAM, _CUSTOM_MODEL, _LINKED_MODEL, _DESCRIPTION = 502, 555, 556, 2
_LAYERS, _CUSTOM_LAYER, _CLASS_NAME = 1, 500, 10
_BLOB = re.compile(rb"@model_path/[^\x00-\x1f\x22]{0,300}")
_SEARCHED = 64 << 20
_CHUNK, _OVERLAP = 1 << 20, 400
_MANIFEST = 1 << 20


def scan(inspection: Inspection) -> None:
    """Walk the model and the models inside of it; weights are stepped over."""
    try:
        _model(inspection, (0, inspection.file.size), 0)
    except BrokenMessage:
        inspection.partly("structure_broken")


def _parts(inspection: Inspection, place: _Place) -> list[tuple[int, _Place]]:
    found = protobuf.fields(inspection.file, *place, inspection.budget)
    return [(number, (at, at + length)) for number, wire, at, length in found if wire == LENGTH]


def _model(inspection: Inspection, place: _Place, depth: int) -> None:
    """Model: description = 2, and one of many types."""
    if depth > _DEEPEST:
        raise LimitReached("too_deep")
    parts = _parts(inspection, place)
    if not parts:
        inspection.partly("structure_broken")
    for number, inner in parts:
        if number == _DESCRIPTION:
            _description(inspection, inner)
        elif number in _PIPELINES:
            _pipeline(inspection, inner, number, depth)
        elif number in _NETWORKS:
            _network(inspection, inner)
        elif number == _CUSTOM_MODEL:
            _report_class(inspection, inner)
        elif number == _LINKED_MODEL:
            _linked(inspection, inner)
        elif number == _PROGRAM:
            _program(inspection, inner)


def _pipeline(inspection: Inspection, place: _Place, kind: int, depth: int) -> None:
    """Pipeline: models = 1; a classifier or regressor of models has the pipeline itself in 1."""
    for number, inner in _parts(inspection, place):
        if number == 1 and kind == 202:
            _model(inspection, inner, depth + 1)
        elif number == 1:
            _pipeline(inspection, inner, 202, depth + 1)


def _network(inspection: Inspection, place: _Place) -> None:
    """NeuralNetwork and its kin: layers = 1, each with one of many types; 500 is a custom one."""
    for number, layer in _parts(inspection, place):
        if number == _LAYERS:
            for kind, inner in _parts(inspection, layer):
                if kind == _CUSTOM_LAYER:
                    _report_class(inspection, inner)


def _report_class(inspection: Inspection, place: _Place) -> None:
    """CustomModel and CustomLayerParams: className = 10."""
    names = [protobuf.text(inspection.file, *inner) for number, inner in _parts(inspection, place) if number == 10]
    name = names[-1] if names else "?"
    inspection.report("coreml-custom", Evidence("name", name), name=name)


def _linked(inspection: Inspection, place: _Place) -> None:
    """LinkedModel: linkedModelFile = 1, with name = 1 and search path = 2, each a parameter with its value in 1."""
    for _, file in _parts(inspection, place):
        for _, parameter in _parts(inspection, file):
            for number, inner in _parts(inspection, parameter):
                path = protobuf.text(inspection.file, *inner)
                if number == 1 and escapes(path):
                    inspection.report("coreml-path", Evidence("path", path), target=path)


def _program(inspection: Inspection, place: _Place) -> None:
    """An ML program (MIL.proto): weights in files are named `@model_path/…`, and such a name can lead out of it."""
    start, end = place
    if end - start > _SEARCHED:
        inspection.partly("too_large")
    carry, offset = b"", start
    while offset < min(end, start + _SEARCHED):
        inspection.budget.check_time()
        data = inspection.read_at(offset, min(_CHUNK, end - offset))
        for found in _BLOB.finditer(carry + data):
            path = found[0].decode("utf-8", "replace").partition("/")[2]
            if escapes(path):
                inspection.report("coreml-path", Evidence("path", path), target=path)
        carry, offset = data[-_OVERLAP:], offset + len(data)


def _description(inspection: Inspection, place: _Place) -> None:
    """ModelDescription: metadata = 100, with texts and userDefined = 100, a map from text to text."""
    for number, inner in _parts(inspection, place):
        for key, value in _parts(inspection, inner) if number == 100 else ():
            if key < 100:
                templates.report_text(inspection, protobuf.text(inspection.file, *value), "metadata")
            else:
                entry = dict(_parts(inspection, value))
                texts = [protobuf.text(inspection.file, *entry[side]) if side in entry else "" for side in (1, 2)]
                templates.report_text(inspection, texts[1], texts[0])


def scan_manifest(inspection: Inspection) -> None:
    """Manifest.json of a package: `itemInfoEntries`, each with the path of a part (coremltools: modelpackage)."""
    configuration.scan_json(inspection)
    try:
        document = json.loads(inspection.read_at(0, min(inspection.file.size, _MANIFEST)))
    except (ValueError, RecursionError):
        return
    entries = document.get("itemInfoEntries") if isinstance(document, dict) else None
    for entry in entries.values() if isinstance(entries, dict) else ():
        path = entry.get("path") if isinstance(entry, dict) else None
        if isinstance(path, str) and escapes(path):
            inspection.report("coreml-path", Evidence("path", path), target=path)
