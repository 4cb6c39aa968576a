"""Containers: zip (with everything that is a zip), tar, and single compressed streams. Members by their own content."""

import bz2
import io
import lzma
import re
import tarfile
import zlib
from collections.abc import Callable

from core.byte_reader import ByteReader
from core.findings import Evidence, Level
from core.scanning.byte_sources import Decoder, ExpandedFile, Window, expand
from core.scanning.content import extension, identify
from core.scanning.content_tables import OLD_JOBLIB
from core.scanning.formats import (
    keras,
    model_archives,
    pickle_carried_code,
    torch_script,
    zip_directory,
    zip_locals,
    zip_series,
)
from core.scanning.formats.headers import look_behind, look_in_front
from core.scanning.formats.zip_directory import Directory, Entry, NotZip
from core.scanning.formats.zip_purposes import is_raw, kind_of_zip, storages
from core.scanning.formats.zstandard_frames import zstd_chunks
from core.scanning.inspection import Inspection
from core.text import text

_LENGTH_OF_LENGTH = 24
"""Bytes in which the number in front of an old joblib stream ends (joblib/numpy_pickle_compat.py: `_MAX_LEN`)."""
_RATIO = 200
_BOMB = 512 << 20
"""More bytes than this, and `_RATIO` times what they are packed into, are more than densely packed text."""
_EXTENSIONS = frozenset({".xpi", ".crx"})
_MUCH, _NOTHING_BUT = 32 << 20, 900
"""More bytes than this, and so many times what they are packed into, are one byte over and over."""
_READ_THROUGH = 16 << 20
"""Packed bytes up to which a stream is expanded to its end, only to learn how much it is."""
_LARGEST = (1 << 63) - 1
"""The largest number of bytes that is told."""
_TORCH_TAR = {"storages", "tensors", "pickle"}
_TELLING = _TORCH_TAR | {"model_config.yaml"}
"""Names of members that say what a tar is for."""
_PADDING = 1 << 20
"""Bytes of zeros that may follow the last member of a tar."""
_MEMORY = 256 << 20
"""Bytes that a stream may ask for to be expanded."""


def scan_zip(inspection: Inspection) -> None:
    """A zip of any purpose."""
    try:
        directory = zip_directory.read_directory(inspection.file)
    except NotZip:
        inspection.report("archive-damaged", Evidence("oddity", "no_directory"))
        inspection.partly("archive_damaged")
        directory = zip_locals.directory_of(inspection.file)
    if directory.shift > 0 and zip_series.scan(inspection):
        return
    names = [entry.name for entry in directory.entries]
    inspection.kind = kind_of_zip(names)
    if "manifest.json" in names and extension(inspection.path) in _EXTENSIONS:
        inspection.kind = "program_extension"
    _report_frame(inspection, directory)
    skip = storages(inspection.kind, directory)
    _report_purpose(inspection, names)
    for entry in directory.entries:
        report_member_name(inspection, entry.name, entry.is_link)
        if entry.other_name not in {"", entry.name}:
            _report_other_name(inspection, entry)
        folder = entry.name.endswith("/") and not entry.size and not entry.packed
        if not folder and entry not in skip:
            _scan_entry(inspection, entry)


def _report_purpose(inspection: Inspection, names: list[str]) -> None:
    """What a zip of this purpose can do as such."""
    if inspection.kind == "torch_script":
        code = [name for name in names if torch_script.is_code(name)]
        inspection.report("torch-script", Evidence("count", str(len(code))))
    if inspection.kind == "keras":
        inspection.report("keras-archive")
    if inspection.kind in {"program_extension", "appx_package"}:
        inspection.report("code-program", kind=text(f"kind.{inspection.kind}"))
    if inspection.kind == "office_macros":
        inspection.report("macros")


_TFLITE = b"TFL3"
"""TensorFlow Lite keeps labels and vocabularies in a zip behind the model (TensorFlow Lite metadata: Pack the
associated files)."""


def _report_frame(inspection: Inspection, directory: Directory) -> None:
    if directory.begins_at > 0 and inspection.read_at(4, 4) != _TFLITE:
        inspection.report("archive-damaged", Evidence("oddity", "data_before", 0))
        look_in_front(inspection, directory.begins_at)
    if directory.bytes_behind > 0:
        inspection.report("archive-damaged", Evidence("oddity", "data_behind"))
        look_behind(inspection, inspection.file.size - directory.bytes_behind)
    if directory.two:
        inspection.report("archive-damaged", Evidence("oddity", "two_directories"))
    if not directory.complete:
        inspection.report("archive-damaged", Evidence("oddity", "no_directory"))
        inspection.partly("archive_damaged")
    seen: set[str] = set()
    for entry in directory.entries:
        if entry.name in seen:
            inspection.report("archive-damaged", Evidence("oddity", "name_twice"), Evidence("member", entry.name))
        seen.add(entry.name)
    _report_bomb(inspection, inspection.path, sum(entry.size for entry in directory.entries), inspection.file.size)


def _report_bomb(inspection: Inspection, name: str, expanded: int, packed: int) -> bool:
    """A finding if far more comes out than ordinary contents explain."""
    if expanded <= _BOMB or expanded <= packed * _RATIO:
        if expanded > _MUCH and expanded > packed * _NOTHING_BUT:
            inspection.report("archive-bomb", Evidence("member", name), size=expanded, level=Level.CAREFUL)
        return False
    inspection.report("archive-bomb", Evidence("member", name), size=min(expanded, _LARGEST))
    return True


def report_member_name(inspection: Inspection, name: str, is_link: bool, stays_inside: bool = False) -> None:
    """Findings about where a member would land. A mark as a link does not keep loaders from reading its content.

    `stays_inside`: the link is known to point to a place in the same folder or below it.
    """
    parts = name.replace("\\", "/").split("/")
    if ".." in parts or name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", name):
        inspection.report("archive-escape", Evidence("member", name))
    if is_link:
        level = Level.NOTE if stays_inside else None
        inspection.report("archive-link", Evidence("member", name), level=level)


def _report_other_name(inspection: Inspection, entry: Entry) -> None:
    """A second name is there for letters that the first cannot hold; else the two are meant to be read differently."""
    report_member_name(inspection, entry.other_name, is_link=False)
    if entry.name.isascii():
        inspection.report("archive-damaged", Evidence("oddity", "local_name"), Evidence("member", entry.other_name))


def _scan_entry(inspection: Inspection, entry: Entry) -> None:
    if _report_bomb(inspection, entry.name, entry.size, entry.packed):
        inspection.partly("too_much_inside")
        return
    file, oddities = zip_directory.open_entry(inspection.file, entry, inspection.budget)
    for oddity in oddities:
        place = min(entry.offset, inspection.file.size)
        inspection.report("archive-damaged", Evidence("oddity", oddity, place), Evidence("member", entry.name))
    if "cut_short" in oddities or "local_missing" in oddities:
        inspection.partly("archive_damaged")
    if file is None:
        inspection.report("archive-unopened")
        inspection.partly("packed_unknown")
        return
    if entry.flags & 1 and not _readable_after_all(inspection, entry, file):
        inspection.report("archive-encrypted", Evidence("member", entry.name))
        inspection.partly("encrypted")
        return
    if entry.is_link and _leaves(file.read(4096).decode("utf-8", "replace")):
        inspection.report("archive-escape", Evidence("member", entry.name))
    file.seek(0)
    _scan_for_purpose(inspection, entry.name, file)
    state = inspection.state, inspection.reason
    inner = scan_expanded(inspection, entry.name, file, entry.packed)
    if inner.kind == "unknown" and is_raw(inspection.kind, entry.name):
        inspection.state, inspection.reason = state


def _scan_for_purpose(inspection: Inspection, name: str, file: ByteReader) -> None:
    """What a member means to the loader of this kind of zip, besides what it is by itself."""
    if inspection.kind == "keras" and name == "config.json":
        keras.scan_config(inspection, file)
    elif inspection.kind == "torch_script" and torch_script.is_code(name):
        torch_script.scan_code(inspection, name, file)
    elif inspection.kind == "torch_package" and name.endswith(".py"):
        pickle_carried_code.scan_source(inspection, name, file)
    elif inspection.kind in {"office_document", "office_macros"}:
        from core.scanning.formats import office_packages  # noqa: PLC0415  few zips are documents

        office_packages.scan_part(inspection, name, file)
    elif inspection.kind == "mar" and name == "MAR-INF/MANIFEST.json":
        model_archives.scan_manifest(inspection, file)


def _readable_after_all(inspection: Inspection, entry: Entry, file: ByteReader) -> bool:
    """The encryption mark can lie: some loaders ignore it."""
    head = file.read(4096)
    file.seek(0)
    plain = bool(head) and identify(entry.name, head, len(head)).id not in {"unknown", "text", "zeros"}
    if plain:
        inspection.report("archive-damaged", Evidence("oddity", "false_encryption"), Evidence("member", entry.name))
    return plain


def scan_expanded(inspection: Inspection, name: str, file: ByteReader, packed: int) -> Inspection:
    """Look at a member of `packed` bytes, and notice when its stream broke or grew beyond reason."""
    if not isinstance(file, ExpandedFile):
        return inspection.nested(name, file)
    try:
        inner = inspection.nested(name, file)
        if packed <= _READ_THROUGH:
            file.seek(0, io.SEEK_END)
    finally:
        _report_bomb(inspection, name, file.expanded, packed)
    if file.broken is not None:
        inspection.report("archive-damaged", Evidence("oddity", "broken_stream"), Evidence("member", name))
        inspection.partly("archive_damaged")
    return inner


def scan_tar(inspection: Inspection) -> None:
    """A tar; members are stretches of the file itself."""
    inspection.file.seek(0)
    telling: set[str] = set()
    end = 0
    try:
        with tarfile.open(fileobj=inspection.file, mode="r:", errorlevel=0) as archive:  # type: ignore[call-overload]  # a ByteReader reads and seeks
            for member in archive:
                telling |= _TELLING & {member.name, member.name.rpartition("/")[2]}
                inspection.budget.check_time()
                _scan_tar_member(inspection, member)
                archive.members.clear()  # every header that it read is kept there
                end = member.offset_data + (member.size if member.isreg() and not member.issparse() else 0)
        damage = "" if _zeros_from(inspection, end + -end % tarfile.BLOCKSIZE) else "data_behind"
    except (tarfile.TarError, EOFError, ValueError, OverflowError, RecursionError):
        damage = "broken_stream"
    if damage:
        inspection.report("archive-damaged", Evidence("oddity", damage))
        inspection.partly("archive_damaged")
    if "model_config.yaml" in telling:
        inspection.kind = "nemo"
    elif telling == _TORCH_TAR:
        inspection.kind = "torch_tar"


def _scan_tar_member(inspection: Inspection, member: tarfile.TarInfo) -> None:
    is_link = member.issym() or member.islnk()
    report_member_name(inspection, member.name, is_link, stays_inside=not _leads_outside(member))
    if is_link and _leads_outside(member):
        inspection.report("archive-escape", Evidence("member", f"{member.name} -> {member.linkname}"))
    if member.isdev():
        inspection.report("archive-escape", Evidence("member", member.name))
    elif member.issparse():
        inspection.report("archive-unopened")
        inspection.partly("packed_unknown")
    elif member.isfile() and member.size:
        inspection.nested(member.name, Window(inspection.file, member.offset_data, member.size))


def _zeros_from(inspection: Inspection, offset: int) -> bool:
    """True if nothing but padding follows: tarfile stops at a damaged header without a word."""
    return not inspection.read_at(offset, _PADDING).strip(b"\0") and inspection.file.size - offset <= _PADDING


def _leads_outside(member: tarfile.TarInfo) -> bool:
    return _leaves(member.linkname)


def _leaves(target: str) -> bool:
    """Whether the target of a link may lie outside of the folder that an archive is unpacked into."""
    rooted = target.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", target) is not None
    return rooted or ".." in target.replace("\\", "/").split("/")


def _single(decoder: Callable[[], Decoder]) -> Callable[[Inspection], None]:
    def scan(inspection: Inspection) -> None:
        file = ExpandedFile(lambda: expand(inspection.file, decoder), inspection.budget)
        name = inspection.path.rpartition("/")[2]
        stem = re.sub(r"\.(gz|tgz|bz2|xz|lzma|z|zlib|zst|zstd|lz4|joblib)$", "", name, flags=re.IGNORECASE)
        scan_expanded(inspection, stem or name, file, inspection.file.size)

    return scan


scan_gzip = _single(lambda: zlib.decompressobj(31))
scan_bzip2 = _single(bz2.BZ2Decompressor)
scan_xz = _single(lambda: lzma.LZMADecompressor(memlimit=_MEMORY))
_scan_plain_zlib = _single(zlib.decompressobj)


def scan_zlib(inspection: Inspection) -> None:
    """A zlib stream; joblib before version 0.10 wrote the length in hexadecimal in front of it."""
    if not inspection.head.startswith(OLD_JOBLIB):
        _scan_plain_zlib(inspection)
        return
    start = inspection.head.find(b"\x78", len(OLD_JOBLIB))  # what a zlib stream of the usual window begins with
    if 0 <= start <= _LENGTH_OF_LENGTH:
        file = ExpandedFile(lambda: expand(inspection.file, zlib.decompressobj, start), inspection.budget)
        scan_expanded(inspection, inspection.path.rpartition("/")[2], file, inspection.file.size)
    else:
        inspection.unread("unknown_format")


def scan_lz4(inspection: Inspection) -> None:
    """An LZ4 frame."""
    from lz4.frame import LZ4FrameDecompressor  # noqa: PLC0415  seldom needed

    _single(LZ4FrameDecompressor)(inspection)


def scan_zstd(inspection: Inspection) -> None:
    """A file packed with Zstandard."""
    name = re.sub(r"\.zstd?$", "", inspection.path.rpartition("/")[2], flags=re.IGNORECASE)
    file = ExpandedFile(lambda: zstd_chunks(inspection.file), inspection.budget)
    scan_expanded(inspection, name, file, inspection.file.size)


def scan_unopened(inspection: Inspection) -> None:
    """Containers that we name but cannot open: rar and rare ones."""
    disguised(inspection)
    inspection.report("archive-unopened")
    inspection.unread("packed_unknown")


def disguised(inspection: Inspection) -> None:
    """A packed file under the name of model weights is how broken pickles were smuggled past scanners (nullifAI)."""
    weights = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".model", ".safetensors", ".gguf", ".h5", ".onnx")
    if inspection.path.lower().endswith(weights):
        kind = text(f"kind.{inspection.kind}")
        inspection.report("name-other-content", Evidence("shown_as", kind), level=Level.HIGH, kind=kind)
