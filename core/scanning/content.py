"""What a file really is: magic bytes and structure first, its name as a second witness."""

import functools
import re
from dataclasses import dataclass

from core.findings import Ability
from core.scanning import content_programs
from core.scanning.content_messages import message_kind
from core.scanning.content_tables import BINARY_BY_EXTENSION, BY_EXTENSION, MAGIC, SHEBANG, TEXT_NAMES

HEAD_SIZE = 65536
"""Bytes from the start of a file that decide its kind."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: text id `kind.<id>`, and what it can do to the computer."""

    id: str
    ability: Ability


_BY_ABILITY: dict[Ability, str] = {
    Ability.PROGRAM: (
        "windows_program windows_library windows_installer windows_shortcut internet_shortcut windows_script batch "
        "powershell html_application registry_file settings_link windows_help disk_image cabinet setup_information "
        "onenote screen_saver self_extracting excel_addin appx_package program_extension"
    ),
    Ability.SCRIPT: (
        "python shell_script javascript notebook linux_program linux_library mac_program webassembly java_archive "
        "java_class android_package android_code linux_package mac_disk_image mac_installer python_path_file "
        "flash python_bytecode python_package web_page svg office_macros pdf perl ruby lua php r_script makefile "
        "dockerfile script"
    ),
    Ability.CODE_ON_LOAD: (
        "pickle torch_zip torch_legacy torch_script torch_tar torch_package torch_export numpy_objects npz joblib "
        "keras keras_config hdf5 tensorflow_graph tflite onnx python_marshal r_data coreml executorch tensorrt skops "
        "nemo mar legacy_office rich_text cloudpickle"
    ),
    Ability.DATA: (
        "safetensors gguf ggml numpy parquet arrow avro sqlite tfrecord msgpack png jpeg gif webp bmp tiff icon wav "
        "mp3 flac ogg mp4 webm font sentencepiece xgboost catboost lightgbm openvino protobuf json json_lines yaml "
        "toml xml csv markdown text source_code git_attributes git_pointer chat_template image_text office_document "
        "pmml tensors empty lmdb matlab zeros vector_index word_vectors"
    ),
    Ability.UNKNOWN: "zip tar gzip bzip2 xz zstd lz4 lzop compress seven_zip rar rare_archive zlib unknown encrypted",
}
KINDS = {name: Kind(name, ability) for ability, names in _BY_ABILITY.items() for name in names.split()}
"""Every kind there is, by id."""

_BATCH = re.compile(rb"(?im)^\s*@?(echo\s+off|setlocal|goto\s+:?\w+|call\s+:\w+|rem\s)")
_POWERSHELL = re.compile(
    rb"(?i)\b(write-host|invoke-webrequest|invoke-expression|new-object|set-executionpolicy|start-process|"
    rb"add-mppreference|get-childitem|set-itemproperty|downloadstring|param\s*\(\s*\[)"
)
_VBSCRIPT = re.compile(rb"(?i)\b(createobject\s*\(|wscript\.|dim\s+\w+\s*\r?\n|end\s+sub\b)")
_OBJECTIVE_C = re.compile(r"(?m)^\s*(?:#import|#include|@import|@interface|@implementation|@class|@protocol)\b")
_OF_THE_HOST = re.compile(
    r"\bnew\s+ActiveXObject\s*\(\s*[\"'](?:wscript\.shell|adodb\.stream|shell\.application)|\bWScript\.CreateObject\s*\(|"
    r"\bActiveXObject\b[\s\S]{0,4000}\bWScript\.(?:Sleep|Quit|Arguments|ScriptFullName)\b",
    re.IGNORECASE,
)
"""JScript for Windows' own host, which starts it on a click; pages use other objects (MS-WSH)."""
# A comment ends at its first mark: without `(?>…)` a search would try to let each one reach over those behind it.
_HTML = re.compile(rb"(?i)^\s*+(?>(?:<!--.*?-->\s*)*)<(!doctype\s+html|html|head|body|script|iframe)\b", re.DOTALL)
_SVG = re.compile(rb"(?i)^\s*+(?>(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*|<!doctype[^>]*>\s*)*)<svg\b", re.DOTALL)
_PYTHON = re.compile(
    rb"(?m)^(import [\w.]+( as \w+)?\s*(#.*)?$|from [\w.]+ import |def \w+\(.*\).*:\s*(#.*)?$|class \w+(\(.*\))?:\s*$)"
)


def extension(path: str) -> str:
    """The last extension as Windows sees it: lower case, trailing dots and blanks ignored."""
    name = path.rpartition("/")[2].rstrip(". ").lower()
    dot = name.rfind(".")
    return name[dot:] if dot >= 0 else ""


def identify(path: str, head: bytes, size: int) -> Kind:
    """The kind of a file from its first bytes (`HEAD_SIZE` or all of it); containers are refined by their scanners."""
    if size == 0:
        return KINDS["empty"]
    name = _binary(head, size) or _text_or_unknown(path, head, size)
    if name == "unknown" and head[8:9] == b"{" and extension(path) == ".safetensors":
        name = "safetensors"  # with a length in front that no file has; the name is the second witness
    return KINDS[name]


def is_text(head: bytes) -> bool:
    """True if the bytes decode as text without control characters that no editor writes."""
    return decode(head) is not None


def decode(data: bytes) -> str | None:
    """Text in UTF-8 or (with a byte order mark) UTF-16 or -32, else in Windows' Western code page, else None."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = data[len(mark) :].decode(encoding, "replace")
            return text if text.count("\ufffd") <= 1 + len(text) // 200 else None
    if b"\x00" in data:
        return _wide(data)
    controls = len(data) - len(data.translate(None, _CONTROLS))
    if controls > len(data) // 500 + (2 if len(data) > 64 else 0):
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as problem:
        if problem.start >= len(data) - 3 and problem.start > 0:  # a character cut in two by the end of the head
            return data[: problem.start].decode("utf-8")
    high = sum(byte >= 0x80 for byte in data[:4096])
    return data.decode("cp1252", "replace") if high <= len(data[:4096]) // 4 else None


_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\r\x0c\x1b") + b"\x7f"


def _wide(data: bytes) -> str | None:
    """UTF-16 without a byte order mark, as Windows tools write it; None if it is not plain text."""
    for encoding, zeros in (("utf-16-le", data[1::2]), ("utf-16-be", data[::2])):
        if len(data) >= 8 and zeros.count(0) > len(zeros) * 0.9:
            text = data[: len(data) & ~1].decode(encoding, "replace")
            return text if all(char >= " " or char in "\t\r\n\x0c" for char in text) else None
    return None


def _binary(head: bytes, size: int) -> str | None:
    if head.startswith(b"MZ"):
        return content_programs.windows(head, size, text=is_text(head))
    if head.startswith(b"\xca\xfe\xba\xbe"):
        count = int.from_bytes(head[4:8], "big")
        return "mac_program" if 0 < count < 0x20 else "java_class"
    if head.startswith(b"\x7fELF"):
        return content_programs.linux(head)
    if head[1:4] == b"\x2a\x4d\x18" and head[0] >> 4 == 5:
        return _behind_skippable_frames(head)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08PK")):
        return "zip"
    for magic, kind in _magic_by_first_byte().get(head[:1], ()):
        if head.startswith(magic):
            return kind if kind != "numpy" else _numpy(head)
    return _by_structure(head, size)


def _behind_skippable_frames(head: bytes) -> str:
    """Zstandard and LZ4 let frames for other purposes stand in front, marked 0x184D2A50 to 5F with a length."""
    place = 0
    while head[place + 1 : place + 4] == b"\x2a\x4d\x18" and head[place] >> 4 == 5:
        place += 8 + int.from_bytes(head[place + 4 : place + 8], "little")
    return "lz4" if head[place : place + 4] == b"\x04\x22\x4d\x18" else "zstd"


@functools.cache
def _magic_by_first_byte() -> dict[bytes, list[tuple[bytes, str]]]:
    found: dict[bytes, list[tuple[bytes, str]]] = {}
    for magic, kind in MAGIC:
        found.setdefault(magic[:1], []).append((magic, kind))
    return found


def _numpy(head: bytes) -> str:
    header = head[:4096].partition(b"\n")[0]
    return "numpy_objects" if re.search(rb"\|?O\d*['\"]", header) else "numpy"


def _by_structure(head: bytes, size: int) -> str | None:
    for applies, kind in (
        (_is_pickle, "pickle"),  # first: an unpickler does not mind the marks of other formats further on
        (_is_tar, "tar"),
        (_is_bitmap, "bmp"),
        (content_programs.is_boot_sector, "disk_image"),
        (looks_like_safetensors, "safetensors"),
        (_is_bytecode, "python_bytecode"),
        (_is_zlib, "zlib"),
        (_is_arrow_stream, "arrow"),
        (_is_vector_index, "vector_index"),
        (_is_word_vectors, "word_vectors"),
        (_is_empty_message, "msgpack"),
    ):
        if applies(head, size):
            return kind
    if head[:4] in {b"RIFF", b"RIFX", b"RF64", b"BW64"} and len(head) >= 12:
        return {b"WAVE": "wav", b"WEBP": "webp"}.get(head[8:12], "tensors")
    return next((kind for place, mark, kind in _MARKS_INSIDE if head[place : place + len(mark)] == mark), None)


_MARKS_INSIDE = (
    (4, b"TFL3", "tflite"),
    *((4, b"ET%02d" % version, "executorch") for version in range(10, 20)),
    (4, b"ftyp", "mp4"),
    (7, b"**ACE**", "rare_archive"),
    (2, b"-lh5-", "rare_archive"),
    (2, b"-lh7-", "rare_archive"),
    (0x8001, b"CD001", "disk_image"),
    *((place, b"\x89HDF\r\n\x1a\n", "hdf5") for place in (512, 1024, 2048, 4096)),
)


def _is_bitmap(head: bytes, size: int) -> bool:
    return head[:2] == b"BM" and int.from_bytes(head[2:6], "little") == size


def _is_pickle(head: bytes, _: int) -> bool:
    return looks_like_pickle(head)


def _is_bytecode(head: bytes, _: int) -> bool:
    version = int.from_bytes(head[:2], "little")
    return head[2:4] == b"\r\n" and 3000 <= version < 4000 and not is_text(head[:512])


def _is_zlib(head: bytes, _: int) -> bool:
    """RFC 1950: method 8, a window of at most 32 kB, and two bytes that divide by 31."""
    if len(head) < 2 or head[0] & 0x0F != 8 or head[0] >> 4 > 7:
        return False
    return int.from_bytes(head[:2], "big") % 31 == 0 and not is_text(head[:512])


_INDEX = re.compile(rb"(?:I[xwHBL]|[IV])[A-Za-z0-9]{2,3}", re.DOTALL)
_VECTORS = re.compile(rb"([1-9]\d{0,8}) ([1-9]\d{0,4})\n")


def _is_arrow_stream(head: bytes, size: int) -> bool:
    """A mark, the length of a message, the place of its root table (Apache Arrow: Encapsulated message format)."""
    length = int.from_bytes(head[4:8], "little")
    return head.startswith(b"\xff\xff\xff\xff") and 0 < length < size and length % 8 == 0 and 4 <= head[8] < 64


def _is_vector_index(head: bytes, _: int) -> bool:
    """FAISS: four letters that begin with I, then the number of dimensions (faiss/impl/index_write.cpp)."""
    return _INDEX.fullmatch(head[:4]) is not None and 0 < int.from_bytes(head[4:8], "little") < 1 << 20 and head[7] == 0


def _is_word_vectors(head: bytes, size: int) -> bool:
    """word2vec: how many words and dimensions, then words and numbers, in as many bytes as that takes."""
    found = _VECTORS.match(head[:20])
    return found is not None and not is_text(head) and size >= int(found[1]) * int(found[2]) * 2


def _is_empty_message(head: bytes, size: int) -> bool:
    """An empty table or list of MessagePack, which spaCy writes where a model has none."""
    return size == 1 and head[:1] in {b"\x80", b"\x90"}


def _is_tar(head: bytes, size: int) -> bool:
    """The ustar mark; without it (before POSIX.1-1988) the checksum over the first 512 bytes decides."""
    if head[257:262] == b"ustar":
        return True
    if size < 512 or len(head) < 512 or size % 512:
        return False
    stated = head[148:156].strip(b" \x00")
    if not stated or any(byte not in b"01234567" for byte in stated):
        return False
    return sum(head[:148]) + 256 + sum(head[156:512]) == int(stated, 8)


_TENSOR_ENTRY = re.compile(rb'\{\s*"(?:__metadata__"|[^"]{1,400}"\s*:\s*\{\s*"(?:dtype|shape|data_offsets)")')


def looks_like_safetensors(head: bytes, size: int) -> bool:
    """8 bytes of header length, then a JSON object (safetensors format, README of huggingface/safetensors)."""
    if len(head) < 9 or head[8:9] != b"{":
        return False
    length = int.from_bytes(head[:8], "little")
    plausible = length + 8 <= size or head[5:8] == b"\x00\x00\x00" or head[9:10] in b'"}'
    # A length that no file has is still a header for whoever believes it, if what follows names tensors.
    return plausible and (length < 1 << 48 or _TENSOR_ENTRY.match(head[8:512]) is not None)


_PROTOCOL = re.compile(rb"\x80[\x00-\x05]")


def looks_like_pickle(head: bytes) -> bool:
    """A protocol mark with a plausible next opcode. Older protocols have no mark: see `formats.pickles.is_old_pickle`.

    Also true with a few bytes in front, which unpicklers do not skip but carvers of hidden streams do not need.
    """
    if not _PROTOCOL.match(head):
        return False
    return len(head) == 2 or head[2:3] in _OPCODES


_OPCODES = {bytes([code]) for code in (*b"(.012FIJKLMNPQRSTUVXabcdeghilopqrstu})]GBCj", *range(0x80, 0x99))}


def _text_or_unknown(path: str, head: bytes, size: int) -> str:
    text = decode(head)
    if text is None:
        if not head.strip(b"\x00"):
            return "zeros"
        if _SHELL_IN_FRONT.match(head):
            return "self_extracting"
        return message_kind(head, size) or _binary_by_name(path, head)
    kind = _text_kind(path, text, head, complete=len(head) >= size)
    return _FILLED_UP.get(extension(path), kind) if kind == "text" else kind


_SHELL_IN_FRONT = re.compile(rb"#![ \t]*/(?:\w+/){0,4}(?:env[ \t]+)?(?:ba|da|z|k)?sh\b[ -~]{0,100}\r?\n")
"""A script of the shell in front of bytes, which it unpacks and starts (makeself, installers of conda and CUDA)."""
_FILLED_UP = {".pb": "tensorflow_graph", ".mlmodel": "coreml"}
"""Messages that blanks or line breaks at the end make look like a text; to their readers these are fields unknown."""
_NUMBERS = re.compile(r"data-0000\d.*-of-|\.onnx[._]data(?:_\d+)?$")
"""Parts of TensorFlow's checkpoints and of ONNX models that their readers take for numbers."""
_TENSOR_INDEX = re.compile(rb"\x00\x00[\x01-\x20]\x08")
"""The table of a checkpoint: an empty key, then how many parts there are (tensorflow/core/util/tensor_bundle)."""


def _binary_by_name(path: str, head: bytes) -> str:
    name = path.rpartition("/")[2].lower()
    if extension(path) == ".pb" or name.endswith(".pbtxt") or extension(path) == ".meta":
        return "tensorflow_graph"
    if _NUMBERS.search(name) or (name.endswith(".index") and _TENSOR_INDEX.match(head)):
        return "tensors"
    if "tfevents" in name:
        return "tfrecord"
    return BINARY_BY_EXTENSION.get(extension(path), "unknown")


def _text_kind(path: str, text: str, head: bytes, complete: bool) -> str:
    by_name = _text_kind_by_name(path, text)
    if by_name in _NO_MARKUP and _HTML.match(head):
        return "web_page"
    if by_name == "xml":
        return _data_by_content(text, "<", complete) or by_name
    if by_name:
        return by_name
    if head.startswith(b"#!"):
        line = head.partition(b"\n")[0]
        return next((kind for word, kind in SHEBANG if word in line), "script")
    start = text.lstrip()[:64]
    by_start = next((kind for begin, kind in _TEXT_STARTS if start.lower().startswith(begin)), None)
    if by_start:
        return by_start
    if _SVG.match(head):
        return "svg"
    if _HTML.match(head):
        return "web_page"
    return _data_by_content(text, start, complete) or _script_by_content(text) or "text"


_NO_MARKUP = frozenset({"json", "json_lines", "yaml", "toml"})
"""Kinds that no page can be."""
_XML_MODEL = re.compile(
    r"^\s*+(?>(?:<\?xml[^>]{0,200}\?>\s*)?)(?>(?>(?:<!--.{0,2000}?-->|<!DOCTYPE[^>]{0,2000}>)\s*){0,9})<(PMML|net)\s",
    re.DOTALL,
)


_TEXT_STARTS = (
    ("tree\nversion=", "lightgbm"),
    ("a\n2\n", "r_data"),
    ("a\n3\n", "r_data"),
    ("[internetshortcut]", "internet_shortcut"),
    ("windows registry editor version", "registry_file"),
    ("regedit4", "registry_file"),
    ("{\\rt", "rich_text"),
    ("id;p", "csv"),
    ("node {", "tensorflow_graph"),
    ("meta_graphs {", "tensorflow_graph"),
    ("meta_info_def {", "tensorflow_graph"),
    ("saved_model_schema_version", "tensorflow_graph"),
)


def _data_by_content(text: str, start: str, complete: bool) -> str | None:
    if start.startswith("<"):
        found = _XML_MODEL.search(text[:4096])
        if found is not None:
            return "pmml" if found[1] == "PMML" else "openvino"
    if start.startswith("<?xml"):
        return "xml"
    return "json" if start.startswith(("{", "[")) and _looks_like_json(text, complete) else None


def _text_kind_by_name(path: str, text: str) -> str | None:
    name = path.rpartition("/")[2].lower()
    suffix = extension(path)
    if suffix == ".txt" and text.lstrip()[:1] in "{[":
        return None
    if name.startswith("dockerfile"):
        return "dockerfile"
    if suffix == ".js" and _OF_THE_HOST.search(text[:HEAD_SIZE]):
        return "windows_script"
    if suffix == ".m" and not _OBJECTIVE_C.search(text[:HEAD_SIZE]):
        return "script"  # MATLAB
    return TEXT_NAMES.get(name) or BY_EXTENSION.get(suffix)


def _looks_like_json(text: str, complete: bool) -> bool:
    tail = text.rstrip()[-1:]
    return re.match(r"\s*[\[{]\s*([\"\[{\]}\d-]|true|false|null)", text) is not None and (
        not complete or tail in {"}", "]"}
    )


def _script_by_content(text: str) -> str | None:
    head = text[:8192].encode("utf-8", "replace")
    if len(_BATCH.findall(head)) >= 2 or re.match(rb"(?i)\s*@echo\s+off", head):
        return "batch"
    if len(_POWERSHELL.findall(head)) >= 2:
        return "powershell"
    if len(_VBSCRIPT.findall(head)) >= 2:
        return "windows_script"
    if len(_PYTHON.findall(head)) >= 2:
        return "python"
    return None
