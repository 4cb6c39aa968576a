"""Which scanner sees which file: by content first, by name second. The worker process calls `examine`."""

import importlib
import re
from collections.abc import Callable

from core.byte_reader import ByteReader
from core.findings import Ability, Evidence, FileState, Level
from core.scanning.content import HEAD_SIZE, KINDS, extension, identify, is_text
from core.scanning.content_tables import SHEBANG
from core.scanning.formats import pickles
from core.scanning.inspection import Budget, Inspection, LimitReached, Surroundings, seconds_for
from core.text import text

Scanner = Callable[[Inspection], None]


def examine(file: ByteReader, path: str, surroundings: Surroundings) -> Inspection:
    """Look at one file. Whatever goes wrong becomes a gap with a reason; findings made before it are kept."""
    inspection = Inspection(file, path, route, Budget(seconds_for(file.size)), surroundings)
    try:
        route(inspection)
        _compare_with_name(inspection)
    except LimitReached as limit:
        inspection.state, inspection.reason = FileState.PARTLY_CHECKED, limit.reason
    except MemoryError:
        inspection.unread("worker_memory")
    except Exception as problem:  # noqa: BLE001  a scanner's bug must not pass for "nothing found"
        inspection.unread("scanner_failed", problem=type(problem).__name__)
    return inspection


def route(inspection: Inspection) -> None:
    """Find out what the file is, and hand it to its scanner."""
    kind = identify(inspection.path, inspection.head[:HEAD_SIZE], inspection.file.size).id
    if kind not in _NEVER_PICKLES and pickles.is_old_pickle(inspection.file):
        kind = "pickle"
    if kind in {"pickle", "unknown"} and extension(inspection.path) == ".pfb" and inspection.head[6:8] == b"%!":
        kind = "font"  # PostScript Type 1 in portions, whose mark is that of an unpickler too
    if kind in _STARTS_ANYHOW or extension(inspection.path) == ".dmg":
        trailer = inspection.read_at(max(0, inspection.file.size - _DISK_IMAGE_TRAILER), _DISK_IMAGE_TRAILER)
        kind = next((image for mark, image in _LAST_RECORDS.items() if trailer.startswith(mark)), kind)
    zip_behind = kind != "zip" and _ends_as_zip(inspection, kind)
    if zip_behind and kind in _ONLY_IN_FRONT:
        kind = "zip"
    if kind in _PLAIN_TEXTS:
        kind = _script_behind(inspection, kind)
    _scan_as(inspection, kind)
    if zip_behind and kind != "zip":
        _scan_as(inspection, "zip")
        if KINDS[kind].ability in {Ability.PROGRAM, Ability.SCRIPT}:
            inspection.kind = kind


_STARTS_ANYHOW = frozenset({"unknown", "zeros", "zlib", "bzip2"})
_DISK_IMAGE_TRAILER = 512
_LAST_RECORDS = {b"koly": "mac_disk_image", b"conectix": "disk_image"}
"""Disk images of macOS (UDIF), and of Windows with a fixed size (VHD), begin with whatever they hold; their last 512
bytes are a record that begins with these letters."""


def _scan_as(inspection: Inspection, kind: str) -> None:
    inspection.kind = kind
    scanner = _scanner_for(inspection)
    if scanner is not None:
        scanner(inspection)
    elif kind not in _NOTHING_RUNS:
        inspection.unread("pointer" if kind == "git_pointer" else _REASONS.get(kind, "not_followed"))


_PLAIN_TEXTS = frozenset("text json json_lines yaml toml csv markdown xml chat_template".split())
_FIRST_LINE = re.compile(rb"(?i)\s*(?:(?P<shebang>#!\s*/(?:\w+/){0,4}bin/\w)|(?P<batch>@echo\s+off\b))")
_PYTHON_LINES = re.compile(rb"(?m)^(?:import [\w.]+|from [\w.]+ import \w)")
_WEIGHTS = frozenset(".bin .pt .ckpt .pkl .pickle .joblib .h5 .hdf5 .keras .onnx .safetensors .gguf .npy .npz".split())
"""Names under which nobody keeps text, but for pointers."""
_MAY_BE_TEXT = frozenset({".pkl", ".pickle", ".joblib", ".ckpt"})
"""Pickles of the oldest protocol are text; `.ckpt` is no format: SpeechBrain keeps labels and counters under it."""


def _script_behind(inspection: Inspection, kind: str) -> str:
    """A text may be a script under another name: its first line says so, or it is Python called weights."""
    head = inspection.head
    first = _FIRST_LINE.match(head)
    if first is not None and first["batch"]:
        return "batch"
    if first is not None:
        line = head.lstrip().partition(b"\n")[0]
        return next((script for word, script in SHEBANG if word in line), "script")
    weights = kind == "text" and extension(inspection.path) in _WEIGHTS
    return "python" if weights and _PYTHON_LINES.search(head) else kind


_ZIP_NAMES = frozenset(".zip .pt .pth .ckpt .bin .keras .npz .mar .skops .ptl .pt2 .jar .whl".split())
_LAST_RECORD = 22 + 65535
"""Bytes: the end record of a zip with the longest comment (APPNOTE.TXT 4.3.16)."""


_ONLY_IN_FRONT = frozenset({"unknown", "text", "zeros"})
"""What stands in front of a zip without being a file of its own."""


def _ends_as_zip(inspection: Inspection, kind: str) -> bool:
    """Whether programs that look for a zip from its end, as most do, find one behind whatever the file begins with.

    Of files that are neither unknown nor named like a zip only those are asked that were read whole already, and that
    end with the record itself: a pickle may well hold a zip.
    """
    size = inspection.file.size
    named = kind == "unknown" or extension(inspection.path) in _ZIP_NAMES
    if not named and size > HEAD_SIZE:
        return False
    tail = inspection.read_at(max(0, size - _LAST_RECORD), _LAST_RECORD)
    place = tail.rfind(b"PK\x05\x06")
    if not named and place >= 0 and place + 22 + int.from_bytes(tail[place + 20 : place + 22], "little") != len(tail):
        return False
    return (
        place >= 0
        and len(tail) - place >= 22
        and b"PK\x01\x02" in inspection.read_at(max(0, size - (1 << 20)), 1 << 20)
    )


_IS_READ_FIRST = re.compile(
    r"(?i)^(?:read[_ -]?me|install\w*|setup|instructions?|how[_ -]?to\w*|start\w*|"
    r"instruct\w*|usage|run[_ -]?me|important)(?:[_.-].*)?$"
)
"""Names of texts that tell people what to do."""
_LISTS_PACKAGES = re.compile(
    r"(?i)(?:^|/)(?:[^/]*requirements[^/]*|constraints[^/]*|requirements/[^/]+)\.(?:txt|in|pip)$"
)
"""Names under which lists of packages are found, also by the Spaces of the Hub."""
_SETTINGS_OF_PACKAGES = re.compile(
    r"(?:^|/)(?:setup\.cfg|pip\.(?:conf|ini)|Pipfile|\.gitconfig|\.gitmodules|\.hgrc|\.npmrc|\.yarnrc|\.condarc|\.mambarc|tox\.ini|pytest\.ini|supervisord?\.conf|"
    r"\.env(?:\.\w+)?|[\w@.-]+\.(?:service|timer|socket|env|tf|hcl|nomad|bazelrc|prc))$"
)
"""Names of settings of package managers, git, test runners and services, which have no kind of their own."""
_REASONS = {"encrypted": "encrypted"}

_PROGRAMS = (
    "windows_program windows_library windows_installer windows_help disk_image cabinet screen_saver "
    "self_extracting excel_addin linux_program linux_library mac_program webassembly java_class android_code "
    "linux_package mac_disk_image mac_installer flash program_extension"
)
_SCRIPTS = (
    "batch powershell windows_script html_application registry_file shell_script javascript perl ruby lua php r_script "
    "makefile dockerfile script web_page svg"
)


_SCANNERS: dict[str, str] = {
    "pickle": "formats.pickles.scan",
    "python_bytecode": "code.python_bytecode.scan_bytecode",
    "unknown": "formats.pickles.scan_unknown",
    "zip": "formats.archives.scan_zip",
    "tar": "formats.archives.scan_tar",
    "gzip": "formats.archives.scan_gzip",
    "bzip2": "formats.archives.scan_bzip2",
    "xz": "formats.archives.scan_xz",
    "zlib": "formats.archives.scan_zlib",
    "zstd": "formats.archives.scan_zstd",
    "lz4": "formats.archives.scan_lz4",
    "seven_zip": "formats.seven_zip.scan",
    **dict.fromkeys(("rar", "rare_archive", "lzop", "compress"), "formats.archives.scan_unopened"),
    "hdf5": "formats.keras.scan_h5",
    "safetensors": "formats.safetensors.scan",
    "gguf": "formats.gguf.scan",
    "numpy": "formats.numpy_files.scan",
    "numpy_objects": "formats.numpy_files.scan",
    "onnx": "formats.onnx.scan",
    "tensorflow_graph": "formats.tensorflow.scan",
    "tflite": "formats.tflite.scan",
    "coreml": "formats.coreml.scan",
    "executorch": "formats.executorch.scan",
    "tensorrt": "formats.tensorrt.scan",
    "msgpack": "formats.msgpack_files.scan",
    "r_data": "formats.r_data.scan",
    **dict.fromkeys(("xml", "pmml", "openvino"), "formats.xml_models.scan"),
    "json": "configuration.scan_json",
    **dict.fromkeys(("yaml", "toml", "json_lines"), "configuration.scan_lines"),
    "chat_template": "configuration.scan_template",
    "python": "code.python_source.scan_python",
    "notebook": "code.notebooks.scan_notebook",
    "python_path_file": "code.path_files.scan_path_file",
    "source_code": "code.compiled_sources.scan_source",
    **dict.fromkeys(_SCRIPTS.split(), "code.shell_scripts.scan_script"),
    **dict.fromkeys(_PROGRAMS.split(), "code.executables.scan_executable"),
    **dict.fromkeys(
        ("windows_shortcut", "internet_shortcut", "settings_link", "setup_information"), "code.shortcuts.scan_shortcut"
    ),
    "pdf": "code.documents.scan_pdf",
    "legacy_office": "formats.office_files.scan_compound",
    "rich_text": "formats.office_files.scan_rich_text",
    "csv": "formats.tables.scan",
    **dict.fromkeys(("png", "jpeg", "gif", "font"), "formats.endings.scan"),
    "onenote": "code.executables.scan_onenote",
    "markdown": "code.instructions.scan_instructions",
    "text": "code.plain_texts.scan_text",
}
"""Kind -> `module.function` below `core.scanning`, imported when the first file of that kind is met."""


def _scanner_for(inspection: Inspection) -> Scanner | None:
    name = inspection.path.rpartition("/")[2]
    place = _SCANNERS.get(inspection.kind)
    if inspection.kind == "text" and _LISTS_PACKAGES.search(inspection.path):
        place = "requirements.scan_requirements"
    if inspection.kind == "text" and _IS_READ_FIRST.match(name):
        place = "code.instructions.scan_instructions"
    if inspection.kind in {"text", "json"} and _SETTINGS_OF_PACKAGES.search(inspection.path):
        place = "configuration.scan_lines"
    if inspection.kind == "json" and name == "Manifest.json":
        place = "formats.coreml.scan_manifest"
    if place is None:
        return None
    if place == _SCANNERS["text"] and _says_nothing(inspection):
        return lambda _: None
    module, _, function = place.rpartition(".")
    scanner: Scanner = getattr(importlib.import_module(f"core.scanning.{module}"), function)
    return scanner


def _says_nothing(inspection: Inspection) -> bool:
    """A number or one short word, as PyTorch puts into its archives (`version`, `byteorder`)."""
    said = inspection.head.strip() if inspection.file.size <= _SHORT else b""
    return said.isdigit() or (said.isalnum() and len(said) <= _ONE_WORD)


_SHORT, _ONE_WORD = 64, 8
_NOTHING_RUNS = frozenset(
    kind.id for kind in KINDS.values() if kind.ability is Ability.DATA and kind.id != "git_pointer"
)
"""Kinds whose readers run nothing that stands in the file: knowing the kind is enough."""
_NEVER_PICKLES = frozenset(_SCANNERS.keys() | {"empty", "git_pointer"}) - {
    "coreml", "csv", "executorch", "font", "gguf", "gif", "jpeg", "json", "json_lines", "markdown", "msgpack", "onnx",
    "openvino", "pmml", "png", "r_data", "rich_text", "safetensors", "tar", "tensorflow_graph", "tensorrt", "text",
    "toml", "unknown", "xml", "xz", "yaml", "zlib",
}  # fmt: skip
"""Kinds whose first bytes no unpickler accepts, or whose name no loader takes for a pickle; all others may be one."""

_TEXTS = frozenset(
    "text markdown csv json json_lines yaml toml xml chat_template git_attributes image_text pmml openvino "
    "lightgbm rich_text".split()
)
_PICTURES = frozenset("png jpeg gif webp bmp tiff icon svg".split())
_PROMISES: dict[str, frozenset[str]] = {
    **dict.fromkeys((".txt", ".md", ".csv", ".tsv", ".json", ".jsonl", ".yaml", ".yml", ".xml", ".toml"), _TEXTS),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".ico", ".tif", ".tiff"), _PICTURES),
    **dict.fromkeys((".mp3", ".wav", ".flac", ".ogg"), frozenset({"mp3", "wav", "flac", "ogg"})),
    ".safetensors": frozenset({"safetensors"}),
    ".gguf": frozenset({"gguf"}),
    ".ggml": frozenset({"ggml"}),
    ".pdf": frozenset({"pdf"}),
    ".parquet": frozenset({"parquet"}),
    ".arrow": frozenset({"arrow", "unknown"}),
    ".npy": frozenset({"numpy", "numpy_objects"}),
}
"""What a name promises. Weights under open names (.bin, .pt, .model) may be many things, but no programs."""
_OPEN_NAMES = frozenset(
    ".bin .pt .pth .ckpt .pkl .pickle .joblib .model .dat .weights .h5 .hdf5 .keras .onnx .pb".split()
)


_SOURCES = frozenset({".py", ".pyw"})


def _compare_with_name(inspection: Inspection) -> None:
    """A finding if the content is not what the name promises (threats F7)."""
    suffix = extension(inspection.path)
    if inspection.kind in {"empty", "zeros"} or (inspection.kind == "git_pointer" and suffix not in _PROMISES):
        return
    runs = KINDS[inspection.kind].ability in {Ability.PROGRAM, Ability.SCRIPT}
    promised = _PROMISES.get(suffix)
    if promised is None:
        # Python runs an archive in place of the text before it (zipimport).
        packed = suffix in _SOURCES and inspection.kind in {"python_package", "zip", "java_archive"}
        runs = runs or packed
        named_weights = suffix in _WEIGHTS - _MAY_BE_TEXT and inspection.kind == "text"
        broken = packed or named_weights or (suffix in _OPEN_NAMES and runs and inspection.kind != "python_path_file")
    else:
        broken = inspection.kind not in promised
        if _only_another_text(inspection, promised):
            broken = False
    if broken:
        kind = text(f"kind.{inspection.kind}")
        level = Level.HIGH if runs and not is_text(inspection.head) else None
        inspection.report("name-other-content", Evidence("shown_as", kind), level=level, kind=kind)


def _only_another_text(inspection: Inspection, promised: frozenset[str]) -> bool:
    """Notes with a few lines of code in them are still notes, unless the file says that it is to be run."""
    return promised is _TEXTS and is_text(inspection.head) and not inspection.head.startswith(b"#!")
