"""Containers: zip (with everything that is a zip), tar, and single compressed streams. Members by their own content."""

import bz2
import lzma
import re
import tarfile
import zlib
from collections.abc import Callable

from core.findings import Evidence, Level
from core.repository import ByteReader
from core.scanning.byte_sources import Decoder, ExpandedFile, Window, expand
from core.scanning.content import identify
from core.scanning.formats import keras, zip_directory
from core.scanning.formats.zip_directory import Directory, Entry, NotZip
from core.scanning.inspection import Inspection

_STORAGE = re.compile(r"(.*/)?data/\d+")
_RATIO = 1000
"""Expansion beyond which a member is more than densely packed text."""


def scan_zip(inspection: Inspection) -> None:
    """A zip of any purpose."""
    try:
        directory = zip_directory.read_directory(inspection.file)
    except NotZip:
        inspection.report("archive-damaged", Evidence("oddity", "no_directory"))
        inspection.partly("archive_damaged")
        return
    names = [entry.name for entry in directory.entries]
    inspection.kind = kind_of_zip(names)
    _report_frame(inspection, directory)
    skip = _storages(directory) if inspection.kind in {"torch_zip", "torch_script"} else frozenset()
    if inspection.kind == "torch_script":
        code = [name for name in names if "/code/" in name]
        inspection.report("torch-script", Evidence("count", str(len(code))))
    if inspection.kind == "keras":
        inspection.report("keras-archive")
    for entry in directory.entries:
        if report_member_name(inspection, entry.name, entry.is_link):
            continue
        if entry.name.endswith("/") or entry.name in skip:
            continue
        _scan_entry(inspection, entry)
    if inspection.kind == "office_macros":
        inspection.report("macros")


def kind_of_zip(names: list[str]) -> str:  # noqa: C901, PLR0911  one question per purpose
    """What a zip is for, from its members' names."""
    have = set(names)
    ends = {name.rpartition("/")[2] for name in names}
    if "AndroidManifest.xml" in have:
        return "android_package"
    if "AppxManifest.xml" in have or "AppxMetadata/AppxBundleManifest.xml" in have:
        return "appx_package"
    if "[Content_Types].xml" in have:
        return "office_macros" if "vbaProject.bin" in ends else "office_document"
    if "META-INF/MANIFEST.MF" in have and any(name.endswith(".class") for name in names):
        return "java_archive"
    if any(name.endswith(".dist-info/METADATA") for name in names) or "__main__.py" in have:
        return "python_package"
    if "MAR-INF/MANIFEST.json" in have:
        return "mar"
    if any(name.endswith(".data/extern_modules") for name in names):
        return "torch_package"
    if "constants.pkl" in ends or any("/code/" in name and name.endswith(".py") for name in names):
        return "torch_script" if "data.pkl" in ends else "zip"
    if "data.pkl" in ends:
        return "torch_zip"
    if {"config.json", "metadata.json"} <= have or ("config.json" in have and "model.weights.h5" in have):
        return "keras"
    if "schema.json" in have:
        return "skops"
    if names and all(name.endswith(".npy") for name in names):
        return "npz"
    return "zip"


def _storages(directory: Directory) -> frozenset[str]:
    """Members that PyTorch reads as raw numbers, never as a pickle: `<root>/data/<digits>`, stored (hub-api 4.1)."""
    roots = {entry.name[: -len("data.pkl")] for entry in directory.entries if entry.name.endswith("data.pkl")}
    return frozenset(
        entry.name
        for entry in directory.entries
        if entry.stored and _STORAGE.fullmatch(entry.name) and entry.name.rpartition("data/")[0] in roots
    )


def _report_frame(inspection: Inspection, directory: Directory) -> None:
    if directory.begins_at > 0 and inspection.head[:2] != b"PK":
        inspection.report("archive-damaged", Evidence("oddity", "data_before", 0))
    if directory.bytes_behind > 0:
        inspection.report("archive-damaged", Evidence("oddity", "data_behind"))
    seen: set[str] = set()
    for entry in directory.entries:
        if entry.name in seen:
            inspection.report("archive-damaged", Evidence("oddity", "name_twice"), Evidence("member", entry.name))
        seen.add(entry.name)


def report_member_name(inspection: Inspection, name: str, is_link: bool) -> bool:
    """Findings about where a member would land; True if its content is of no further use."""
    parts = name.replace("\\", "/").split("/")
    if ".." in parts or name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", name):
        inspection.report("archive-escape", Evidence("member", name))
    if is_link:
        inspection.report("archive-link", Evidence("member", name))
    return is_link


def _scan_entry(inspection: Inspection, entry: Entry) -> None:
    if entry.packed and entry.size > 64 << 20 and entry.size / entry.packed > _RATIO:
        inspection.report("archive-bomb", Evidence("member", entry.name), size=entry.size)
        inspection.partly("too_much_inside")
        return
    file, oddities = zip_directory.open_entry(inspection.file, entry, inspection.budget)
    for oddity in oddities:
        inspection.report("archive-damaged", Evidence("oddity", oddity, entry.offset), Evidence("member", entry.name))
    if file is None:
        inspection.partly("packed_unknown")
        return
    if entry.flags & 1 and not _readable_after_all(inspection, entry, file):
        inspection.report("archive-encrypted", Evidence("member", entry.name))
        inspection.partly("encrypted")
        return
    if inspection.kind == "keras" and entry.name == "config.json":
        keras.scan_config(inspection, file)
    scan_expanded(inspection, entry.name, file)


def _readable_after_all(inspection: Inspection, entry: Entry, file: ByteReader) -> bool:
    """The encryption mark can lie: some loaders ignore it."""
    head = file.read(4096)
    file.seek(0)
    plain = identify(entry.name, head, max(1, len(head))).id not in {"unknown", "text"}
    if plain:
        inspection.report("archive-damaged", Evidence("oddity", "false_encryption"), Evidence("member", entry.name))
    return plain


def scan_expanded(inspection: Inspection, name: str, file: ByteReader) -> None:
    """Look at a member, and notice when its stream broke."""
    inspection.nested(name, file)
    broken = getattr(file, "broken", None)
    if broken is not None:
        inspection.report("archive-damaged", Evidence("oddity", "broken_stream"), Evidence("member", name))
        inspection.partly("archive_damaged")


def scan_tar(inspection: Inspection) -> None:
    """A tar; members are stretches of the file itself."""
    inspection.file.seek(0)
    names = []
    try:
        with tarfile.open(fileobj=inspection.file, mode="r:", errorlevel=0) as archive:  # type: ignore[call-overload]  # a ByteReader reads and seeks
            for member in archive:
                names.append(member.name)
                report_member_name(inspection, member.name, member.issym() or member.islnk())
                if (member.issym() or member.islnk()) and _leads_outside(member):
                    inspection.report("archive-escape", Evidence("member", f"{member.name} -> {member.linkname}"))
                if member.isfile() and member.size:
                    inspection.nested(member.name, Window(inspection.file, member.offset_data, member.size))
                elif member.isdev():
                    inspection.report("archive-escape", Evidence("member", member.name))
    except (tarfile.TarError, EOFError, ValueError) as problem:
        inspection.report("archive-damaged", Evidence("oddity", "broken_stream"), Evidence("broken", str(problem)))
        inspection.partly("archive_damaged")
    if {"model_config.yaml"} & {name.rpartition("/")[2] for name in names}:
        inspection.kind = "nemo"
    elif {"storages", "tensors", "pickle"} <= set(names):
        inspection.kind = "torch_tar"


def _leads_outside(member: tarfile.TarInfo) -> bool:
    return member.linkname.startswith(("/", "\\")) or ".." in member.linkname.replace("\\", "/").split("/")


def _single(decoder: Callable[[], Decoder]) -> Callable[[Inspection], None]:
    def scan(inspection: Inspection) -> None:
        file = ExpandedFile(lambda: expand(inspection.file, decoder), inspection.budget)
        name = inspection.path.rpartition("/")[2]
        stem = re.sub(r"\.(gz|tgz|bz2|xz|lzma|z|zlib|joblib)$", "", name, flags=re.IGNORECASE)
        scan_expanded(inspection, stem or name, file)
        if file.size > 256 << 20 and file.size / max(1, inspection.file.size) > _RATIO:
            inspection.report("archive-bomb", Evidence("member", name), size=file.size)

    return scan


scan_gzip = _single(lambda: zlib.decompressobj(31))
scan_bzip2 = _single(bz2.BZ2Decompressor)
scan_xz = _single(lzma.LZMADecompressor)
scan_zlib = _single(zlib.decompressobj)


def scan_unopened(inspection: Inspection) -> None:
    """Containers that we name but cannot open: 7z, rar, zstd, lz4."""
    inspection.report("archive-unopened", level=_disguise(inspection))
    inspection.unread("packed_unknown")


def _disguise(inspection: Inspection) -> Level | None:
    """A packed file under the name of model weights is how broken pickles were smuggled past scanners (nullifAI)."""
    weights = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".model", ".safetensors", ".gguf", ".h5", ".onnx")
    return Level.HIGH if inspection.path.lower().endswith(weights) else None
