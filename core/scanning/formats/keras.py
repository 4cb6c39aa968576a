"""Keras: layers that carry Python code, and classes from elsewhere (CVE-2025-1550, -8747, -9905)."""

import json
import re
from collections.abc import Iterator
from typing import Any

from core.findings import Evidence
from core.repository import ByteReader
from core.scanning.inspection import Inspection

_OWN_MODULES = (
    "keras",
    "tf_keras",
    "keras_hub",
    "keras_nlp",
    "keras_cv",
    "tensorflow",
    "keras_core",
    "tensorflow_addons",
)
_MARKED = re.compile(rb'"class_name":\s*"(Lambda|TFOpLambda|SlicingOpLambda|__lambda__)"')
_FOREIGN = re.compile(rb'"module":\s*"([\w.]{1,100})"')
_CHUNK = 1 << 20
_SEARCHED = 16 << 20
_DANGEROUS = re.compile(r"^(os|posix|nt|subprocess|builtins|sys|shutil|importlib|pip|runpy|socket|ctypes)(\.|$)")


def scan_config(inspection: Inspection, file: ByteReader) -> None:
    """The `config.json` of a `.keras` archive."""
    try:
        config = json.loads(file.read(64 << 20))
    except (ValueError, RecursionError):
        inspection.partly("structure_broken")
        return
    file.seek(0)
    report_config(inspection, config)


def is_config(document: object) -> bool:
    """A model written as JSON by Keras: a class name with a configuration."""
    return isinstance(document, dict) and isinstance(document.get("config"), dict | list) and "class_name" in document


def report_config(inspection: Inspection, config: object) -> None:
    """Findings of every object in a configuration."""
    for entry in _objects(config):
        name, module = str(entry.get("class_name", "")), entry.get("module")
        registered = entry.get("registered_name")
        if name in {"Lambda", "__lambda__"}:
            inspection.report("keras-lambda", Evidence("name", name))
        elif name == "function" or (isinstance(module, str) and module and module.split(".")[0] not in _OWN_MODULES):
            target = f"{module}.{_function(entry)}"
            if isinstance(module, str) and module.split(".")[0] in _OWN_MODULES and not _loads_files(target):
                continue
            if module is None and not isinstance(registered, str):
                continue
            inspection.report("keras-foreign", Evidence("name", target), name=target)
        elif isinstance(module, str) and _loads_files(f"{module}.{name}"):
            inspection.report("keras-foreign", Evidence("name", f"{module}.{name}"), name=f"{module}.{name}")


def _function(entry: dict[str, Any]) -> str:
    config = entry.get("config")
    return config if isinstance(config, str) else str(entry.get("class_name", ""))


def _loads_files(dotted: str) -> bool:
    """Functions of Keras itself that load or fetch: CVE-2025-8747 used `get_file`."""
    return dotted.rpartition(".")[2] in {"get_file", "load_model", "enable_unsafe_deserialization", "load_img", "run"}


def _objects(value: object, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > 100:
        return
    if isinstance(value, dict):
        if "class_name" in value:
            yield value
        for inner in value.values():
            yield from _objects(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _objects(inner, depth + 1)


def scan_h5(inspection: Inspection) -> None:
    """HDF5 is named; its start is searched for the configuration that Keras writes there as JSON.

    Weights in HDF5 are numbers; what runs code is the model configuration, an attribute of the root group. Without a
    full HDF5 reader its place is unknown, so a file that holds one is only partly checked.
    """
    file, offset, carry = inspection.file, 0, b""
    lambdas = configured = False
    foreign: set[str] = set()
    while offset < min(file.size, _SEARCHED):
        inspection.budget.check_time()
        file.seek(offset)
        data = file.read(_CHUNK)
        window = carry + data
        configured = configured or b"model_config" in window
        lambdas = lambdas or _MARKED.search(window) is not None
        foreign.update(match[1].decode() for match in _FOREIGN.finditer(window))
        carry, offset = window[-300:], offset + len(data)
        if not configured and offset >= 2 << 20:
            break
    if lambdas:
        inspection.report("keras-lambda", Evidence("name", "Lambda"))
    for module in sorted(foreign):
        if module.split(".")[0] not in _OWN_MODULES:
            inspection.report("keras-foreign", Evidence("name", module), name=module)
    if configured:
        inspection.report("keras-h5")
    elif offset < file.size:
        inspection.partly("too_large")
