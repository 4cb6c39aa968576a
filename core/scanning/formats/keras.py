"""Keras: layers that carry Python code, and classes from elsewhere (CVE-2025-1550, -8747, -9905)."""

import base64
import contextlib
import json
import re
from collections.abc import Iterator
from typing import Any

from core.byte_reader import ByteReader
from core.findings import Evidence, Level
from core.scanning.byte_sources import BytesFile
from core.scanning.formats import hdf5_links
from core.scanning.formats.paths import escapes
from core.scanning.formats.pickle_globals import Verdict, judge
from core.scanning.inspection import Inspection

_OWN_MODULES = frozenset("keras keras_core keras_cv keras_hub keras_nlp tensorflow tensorflow_addons tf_keras".split())
_LOADING_LAYERS = {"TorchModuleWrapper": None, "TFSMLayer": Level.CAREFUL}
"""Layers of Keras itself that load another model, a pickle or a SavedModel, which safe_mode refuses."""
_VOCABULARIES = frozenset({"vocabulary", "idf_weights"})
"""Settings of lookup layers that may name a file to read (CVE-2025-12058)."""
_LAMBDAS = frozenset({"Lambda", "__lambda__"})
_LOADERS = frozenset(
    "get_file load_model load_weights enable_unsafe_deserialization load_img run write_file read_file py_function "
    "load_op_library".split()
)
"""Functions of Keras and TensorFlow themselves that load, fetch or run: CVE-2025-8747 used `get_file`."""
_OF_CODE = frozenset({"scanning.keras-lambda", "scanning.keras-foreign", "scanning.keras-loads"})
_CONFIG = 64 << 20
_CHUNK = 1 << 20
_SEARCHED = 16 << 20
"""Bytes searched at the beginning, and again at the end, of an HDF5 file."""
_OVERLAP = 4096
_HDF5 = b"\x89HDF\r\n\x1a\n"
_LAST_FRONT = 4104
_ESCAPE = re.compile(rb"\\u00([0-7][0-9a-fA-F])")
_MARKED = re.compile(rb'"class_name"\s*:\s*"(Lambda|__lambda__)"')
_LOADING = re.compile(rb'"class_name"\s*:\s*"(' + "|".join(_LOADING_LAYERS).encode() + rb')"')
_MODULE = re.compile(rb'"module"\s*:\s*"([\w.]{1,100})"')
_FUNCTION = re.compile(
    rb'"class_name"\s*:\s*"function"\s*,\s*"config"\s*:\s*"(\w{1,100})"|'
    rb'"config"\s*:\s*"(\w{1,100})"\s*,\s*"class_name"\s*:\s*"function"'
)

_OPERATION = re.compile(rb'"function"\s*:\s*"([\w.]{1,100})"')


def scan_config(inspection: Inspection, file: ByteReader) -> None:
    """The `config.json` of a `.keras` archive."""
    source = file.read(_CONFIG)
    file.seek(0)
    try:
        config = json.loads(source)
    except (ValueError, RecursionError):
        inspection.partly("structure_broken")
        return
    report_config(inspection, config)


def is_config(document: object) -> bool:
    """A model written as JSON by Keras: a class name with a configuration."""
    return isinstance(document, dict) and isinstance(document.get("config"), dict | list) and "class_name" in document


def report_config(inspection: Inspection, config: object) -> None:
    """Findings of every object in a configuration."""
    for entry in _objects(config):
        name, module = str(entry["class_name"]), entry.get("module")
        if name in _LAMBDAS:
            inspection.report("keras-lambda", Evidence("name", name))
            continue
        inner = entry.get("config")
        if name in _LOADING_LAYERS:
            inspection.report("keras-loads", Evidence("name", name), name=name, level=_LOADING_LAYERS[name])
            _look_into(inspection, inner)
        if isinstance(inner, dict):
            _report_files(inspection, inner)
        _report_registered(inspection, entry.get("registered_name"))
        if name == "TFOpLambda" and isinstance(inner, dict):
            _report_operation(inspection, str(inner.get("function", "")))
        if isinstance(module, str) and module:
            _report_target(inspection, module, inner if name == "function" and isinstance(inner, str) else name, name)


def _look_into(inspection: Inspection, config: object) -> None:
    """What is packed into the settings of a layer as base64: PyTorch modules are pickles."""
    waiting = [config]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, str) and len(value) > 40:
            with contextlib.suppress(ValueError):
                inspection.nested("config", BytesFile(base64.b64decode(value, validate=False)))


def _report_files(inspection: Inspection, config: dict[str, Any]) -> None:
    """Files outside of the model that its layers read while they are loaded."""
    for key in _VOCABULARIES & config.keys():
        place = config[key]
        if isinstance(place, str) and place:
            level = Level.HIGH if escapes(place) else None
            inspection.report("keras-file", Evidence("path", place), level=level, target=place)


def _report_registered(inspection: Inspection, registered: object) -> None:
    """A class that other code has to register first: `package>Class` (keras.saving.register_keras_serializable)."""
    package, mark, _ = registered.partition(">") if isinstance(registered, str) else ("", "", "")
    if mark and package.partition(".")[0].lower() not in _OWN_MODULES:
        inspection.report("keras-foreign", Evidence("name", str(registered)), name=str(registered), level=Level.CAREFUL)


def _report_operation(inspection: Inspection, function: str) -> None:
    """A function of TensorFlow by its public name: most calculate, some read or write files."""
    first, last = function.partition(".")[0], function.rpartition(".")[2]
    if first in {"io", "raw_ops", "saved_model"} or last in _LOADERS:
        inspection.report("keras-foreign", Evidence("name", f"tf.{function}"), name=f"tf.{function}")


def _report_target(inspection: Inspection, module: str, name: str, class_name: str) -> None:
    """What Keras would import: `module` with a class or function `name`."""
    target = f"{module}.{name}"
    level = None
    if module.partition(".")[0] in _OWN_MODULES:
        if name not in _LOADERS:
            return
    elif module == "builtins" and class_name == "function":
        # Keras writes every function that it does not know this way; only Python's own are found in `builtins`.
        if not _is_order(name):
            return
    elif module == "__main__":
        level = Level.CAREFUL  # a layer of the training script, which is not in the file
    inspection.report("keras-foreign", Evidence("name", target), name=target, level=level)


def _is_order(name: str) -> bool:
    """True for a function of Python itself that runs or reaches something."""
    return judge("builtins", name).verdict in {Verdict.DANGEROUS, Verdict.ARGUMENTS}


def _objects(config: object) -> Iterator[dict[str, Any]]:
    """Every dictionary with a class name, however deep."""
    waiting = [config]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if "class_name" in value:
                yield value
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def scan_h5(inspection: Inspection) -> None:
    """HDF5 is named; it is searched for the configuration that Keras writes there as JSON.

    Weights in HDF5 are numbers; what runs code is the model configuration, an attribute of the root group. Without a
    full HDF5 reader its place is unknown, so of a large file the beginning and the end are searched, and said so.
    """
    size = inspection.file.size
    _look_in_front(inspection)
    configured = False
    stretches = [(0, size)] if size <= 2 * _SEARCHED else [(0, _SEARCHED), (size - _SEARCHED, size)]
    for start, end in stretches:
        for window in _windows(inspection, start, end):
            configured = configured or b"model_config" in window
            search(inspection, window)
            hdf5_links.search(inspection, window)
    if configured:
        plain = len(stretches) == 1 and not any(rule in _OF_CODE for rule, _ in inspection.findings)
        inspection.report("keras-h5", level=Level.NOTE if plain else None)
    if len(stretches) > 1:
        inspection.partly("large_stretch")


def _look_in_front(inspection: Inspection) -> None:
    """What a program left in front of its data (HDF5 File Format Specification: user block), looked at as a file."""
    place = inspection.head[:_LAST_FRONT].find(_HDF5)
    front = inspection.read_at(0, max(place, 0)).rstrip(b"\0 ")
    if len(front) > 16 and not front.startswith(b"MATLAB 7.3"):
        inspection.nested("bytes at 0", BytesFile(front))


def _windows(inspection: Inspection, start: int, end: int) -> Iterator[bytes]:
    carry, offset = b"", start
    while offset < end:
        inspection.budget.check_time()
        data = inspection.read_at(offset, min(_CHUNK, end - offset))
        if not data:
            return
        yield carry + data
        carry, offset = data[-_OVERLAP:], offset + len(data)


def search(inspection: Inspection, window: bytes) -> None:
    """Findings of a configuration that stands as JSON among other bytes."""
    if b'"class_name' not in window and b"\\u00" not in window:
        return
    plain = _ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), window)
    if _MARKED.search(plain):
        inspection.report("keras-lambda", Evidence("name", "Lambda"))
    for match in _LOADING.finditer(plain):
        name = match[1].decode()
        inspection.report("keras-loads", Evidence("name", name), name=name, level=_LOADING_LAYERS[name])
    for match in _MODULE.finditer(plain):
        module = match[1].decode()
        if module != "builtins" and module.partition(".")[0] not in _OWN_MODULES:
            level = Level.CAREFUL if module == "__main__" else None
            inspection.report("keras-foreign", Evidence("name", module), name=module, level=level)
    for match in _FUNCTION.finditer(plain):
        name = (match[1] or match[2]).decode()
        if name in _LOADERS or _is_order(name):
            inspection.report("keras-foreign", Evidence("name", name), name=name)
    for match in _OPERATION.finditer(plain):
        _report_operation(inspection, match[1].decode())
