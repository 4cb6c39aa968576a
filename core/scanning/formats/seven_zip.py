"""7z archives: the table of contents, and members packed with what Python can unpack (7zFormat.txt of 7-Zip)."""

import bz2
import lzma
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from core.findings import Evidence
from core.scanning.byte_sources import Decoder, ExpandedFile, Window, expand
from core.scanning.formats.archives import disguised, report_member_name, scan_expanded
from core.scanning.formats.zstandard_frames import zstd_chunks
from core.scanning.inspection import Inspection

_LARGEST_TABLE = 16 << 20
_MOST = 100_000
"""Members, folders or streams that are believed."""
_MOST_CODERS = 64
"""Methods one behind the other: 7-Zip itself takes no more (7zIn.h: k_Scan_NumCoders_MAX)."""
_MEMORY = 256 << 20
_COPY, _DELTA, _LZMA, _LZMA2, _DEFLATE, _BZIP2, _AES, _ZSTD = (
    b"\x00", b"\x03", b"\x03\x01\x01", b"\x21", b"\x04\x01\x08", b"\x04\x02\x02", b"\x06\xf1\x07\x01",
    b"\x04\xf7\x11\x01",
)  # fmt: skip
_BRANCHES = {b"\x03\x03\x01\x03": lzma.FILTER_X86, b"\x04": lzma.FILTER_X86, b"\x08": lzma.FILTER_ARMTHUMB}


class Unreadable(Exception):
    """The table of contents makes no sense."""


class Encrypted(Exception):
    """Not even the names can be read without a password."""


@dataclass(slots=True)
class Folder:
    """Packed streams that belong together: `coders` are (method, properties), the one that unpacks last comes first."""

    coders: list[tuple[bytes, bytes]]
    simple: bool
    final: int = 0
    """Number of the coder that unpacks last, in the order of the file."""
    sizes: list[int] = field(default_factory=list)
    """Bytes after each coder, in the order of the file."""
    streams: list[int] = field(default_factory=list)
    """Bytes of each member in it."""
    at: int = 0
    packed: int = 0

    @property
    def size(self) -> int:
        """Bytes after the last coder."""
        return self.sizes[self.final] if self.sizes else 0

    @property
    def encrypted(self) -> bool:
        """Whether a password is needed."""
        return any(method == _AES for method, _ in self.coders)


class Table:
    """Reads numbers and lists of a table of contents."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def take(self, count: int) -> bytes:
        """The next bytes."""
        part = self._data[self._at : self._at + count]
        if len(part) < count or count < 0:
            raise Unreadable
        self._at += count
        return part

    def byte(self) -> int:
        """The next byte."""
        return self.take(1)[0]

    def number(self) -> int:
        """A number of one to nine bytes: leading ones of the first byte say how many follow."""
        first = self.byte()
        value = 0
        for index in range(8):
            mask = 0x80 >> index
            if not first & mask:
                return value | (first & (mask - 1)) << (8 * index)
            value |= self.byte() << (8 * index)
        return value

    def count(self) -> int:
        """A number of things that is small enough to be true."""
        value = self.number()
        if value > _MOST:
            raise Unreadable
        return value

    def bits(self, count: int) -> list[bool]:
        """One flag each."""
        raw = self.take((count + 7) // 8)
        return [bool(raw[index // 8] & 0x80 >> index % 8) for index in range(count)]

    def digests(self, count: int) -> None:
        """Step over checksums."""
        defined = count if self.byte() else sum(self.bits(count))
        self.take(4 * defined)


def scan(inspection: Inspection) -> None:
    """Members by their own content."""
    disguised(inspection)
    try:
        folders, names = _contents(inspection)
    except Encrypted:
        inspection.report("archive-encrypted", Evidence("member", inspection.path))
        inspection.unread("encrypted")
        return
    except (Unreadable, lzma.LZMAError, EOFError, ValueError, struct.error):
        inspection.report("archive-damaged", Evidence("oddity", "no_directory"))
        inspection.unread("archive_damaged")
        return
    for name in names:
        report_member_name(inspection, name, is_link=False)
    members = iter(names)
    for folder in folders:
        _scan_folder(inspection, folder, [next(members, f"#{number}") for number in range(len(folder.streams))])


def _scan_folder(inspection: Inspection, folder: Folder, names: list[str]) -> None:
    if folder.encrypted:
        inspection.report("archive-encrypted", *(Evidence("member", name) for name in names[:10]))
        inspection.partly("encrypted")
        return
    open_ = _opener(inspection, folder)
    if open_ is None:
        inspection.report("archive-unopened")
        inspection.partly("packed_unknown")
        return
    whole = ExpandedFile(open_, inspection.budget)
    if len(names) == 1:
        scan_expanded(inspection, names[0], whole, folder.packed)
        return
    offset = 0
    for name, size in zip(names, folder.streams, strict=True):
        inspection.nested(name, Window(whole, offset, size))
        offset += size


def _opener(inspection: Inspection, folder: Folder) -> Callable[[], Iterator[bytes]] | None:
    """How to get at the bytes of a folder; None if one of its methods is not for us."""
    source = Window(inspection.file, folder.at, folder.packed)
    methods = [method for method, _ in folder.coders]
    if not folder.simple:
        return None
    if methods == [_COPY]:
        return lambda: iter(lambda: source.read(1 << 18), b"") if source.seek(0) == 0 else iter(())
    decoder: Callable[[], Decoder] | None = None
    if methods == [_ZSTD]:
        return lambda: zstd_chunks(source)
    if methods == [_DEFLATE]:
        decoder = lambda: zlib.decompressobj(-15)  # noqa: E731  one of several
    elif methods == [_BZIP2]:
        decoder = bz2.BZ2Decompressor
    else:
        filters = _filters(folder)
        if filters is not None:
            decoder = lambda: lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters)  # noqa: E731
    if decoder is None or not folder.size:
        return None if decoder is None else lambda: iter(())
    return lambda: _bounded(expand(source, decoder), folder.size)


def _bounded(chunks: Iterator[bytes], size: int) -> Iterator[bytes]:
    """Exactly `size` bytes: an LZMA stream need not say where it ends. Raises `EOFError` if there are fewer."""
    for chunk in chunks:
        yield chunk[:size]
        size -= len(chunk)
        if size <= 0:
            return
    raise EOFError("compressed stream ends early")


def _filters(folder: Folder) -> list[dict[str, int]] | None:
    """The chain as `lzma` takes it: first what packs last."""
    chain: list[dict[str, int]] = []
    for method, properties in folder.coders:
        if method == _LZMA and len(properties) == 5:
            first, dictionary = properties[0], int.from_bytes(properties[1:], "little")
            if first >= 225 or dictionary > _MEMORY:
                return None
            bits = {"lc": first % 9, "lp": first // 9 % 5, "pb": first // 45}
            chain.append({"id": lzma.FILTER_LZMA1, "dict_size": max(dictionary, 4096), **bits})
        elif method == _LZMA2 and len(properties) == 1:
            size = (2 | properties[0] & 1) << (properties[0] // 2 + 11)
            if size > _MEMORY:
                return None
            chain.append({"id": lzma.FILTER_LZMA2, "dict_size": size})
        elif method == _DELTA and len(properties) == 1:
            chain.append({"id": lzma.FILTER_DELTA, "dist": properties[0] + 1})
        elif method in _BRANCHES:
            chain.append({"id": _BRANCHES[method]})
        else:
            return None
    return chain


# -- the table of contents --


def _contents(inspection: Inspection) -> tuple[list[Folder], list[str]]:
    """Folders with their members' sizes, and the names of all members that have contents, in their order."""
    offset, size = struct.unpack("<QQ", inspection.read_at(12, 16))
    if size > _LARGEST_TABLE or 32 + offset + size > inspection.file.size:
        raise Unreadable
    if not size and inspection.file.size > 32:
        raise Unreadable  # something lies there that no table speaks of
    table = Table(inspection.read_at(32 + offset, size))
    for _ in range(4):
        sort = table.byte() if size else 0
        if sort == 0:
            return [], []
        if sort == 1:
            return _header(table)
        if sort != 0x17:
            break
        folder = _streams(table)[0]
        if folder.encrypted:
            raise Encrypted
        open_ = _opener(inspection, folder)
        if open_ is None or folder.size > _LARGEST_TABLE:
            raise Unreadable
        table = Table(b"".join(open_()))
    raise Unreadable


def _header(table: Table) -> tuple[list[Folder], list[str]]:
    folders: list[Folder] = []
    names: list[str] = []
    while (sort := table.byte()) != 0:
        if sort == 0x04:
            folders = _streams(table)
        elif sort == 0x05:
            names = _files(table)
        else:
            raise Unreadable
    return folders, names


def _streams(table: Table) -> list[Folder]:
    start, packed, folders = 0, [0], [Folder([], simple=False)]
    while (sort := table.byte()) != 0:
        if sort == 0x06:
            start, packed = _pack_info(table)
        elif sort == 0x07:
            folders = _unpack_info(table)
        elif sort == 0x08:
            _sub_streams(table, folders)
        else:
            raise Unreadable
    at = 32 + start
    sizes = iter(packed)
    for folder in folders:
        folder.at, folder.packed = at, next(sizes, 0)
        at += folder.packed
        folder.streams = folder.streams or [folder.size]
    return folders


def _pack_info(table: Table) -> tuple[int, list[int]]:
    start, count = table.number(), table.count()
    sizes: list[int] = []
    while (sort := table.byte()) != 0:
        if sort == 0x09:
            sizes = [table.number() for _ in range(count)]
        elif sort == 0x0A:
            table.digests(count)
        else:
            raise Unreadable
    return start, sizes


def _unpack_info(table: Table) -> list[Folder]:
    if table.byte() != 0x0B:
        raise Unreadable
    count = table.count()
    if table.byte():  # the list lies elsewhere: nobody writes that
        raise Unreadable
    folders = [_folder(table) for _ in range(count)]
    if table.byte() != 0x0C:
        raise Unreadable
    for folder in folders:
        folder.sizes = [table.number() for _ in folder.coders]
    sort = table.byte()
    if sort == 0x0A:
        table.digests(count)
        sort = table.byte()
    if sort != 0:
        raise Unreadable
    return folders


def _folder(table: Table) -> Folder:
    coders: list[tuple[bytes, bytes]] = []
    simple = True
    ins = outs = 0
    count = table.count()
    if count > _MOST_CODERS:
        raise Unreadable
    for _ in range(count):
        flags = table.byte()
        method = table.take(flags & 0x0F)
        inputs, outputs = (table.count(), table.count()) if flags & 0x10 else (1, 1)
        properties = table.take(table.count()) if flags & 0x20 else b""
        coders.append((method, properties))
        simple = simple and inputs == outputs == 1
        ins, outs = ins + inputs, outs + outputs
    pairs = [(table.count(), table.count()) for _ in range(outs - 1)]
    packed = ins - len(pairs)
    if packed > 1:
        for _ in range(packed):
            table.count()
    order = _order(len(coders), dict(pairs)) if simple and packed == 1 else []
    return Folder([coders[index] for index in order] or coders, bool(order), order[0] if order else 0)


def _order(count: int, feeds: dict[int, int]) -> list[int]:
    """Coders from the one that unpacks last; empty if they are not one chain. `feeds`: whose output each one takes."""
    fed = frozenset(feeds.values())
    ends = [index for index in range(count) if index not in fed]
    order = ends[:1]
    while order and order[-1] in feeds and len(order) <= count:
        order.append(feeds[order[-1]])
    return order if sorted(order) == list(range(count)) else []


def _sub_streams(table: Table, folders: list[Folder]) -> None:
    counts = [1] * len(folders)
    sort = table.byte()
    if sort == 0x0D:
        counts = [table.count() for _ in folders]
        sort = table.byte()
    for folder, count in zip(folders, counts, strict=True):
        sizes = [table.number() for _ in range(count - 1)] if sort == 0x09 else []
        folder.streams = [*sizes, max(0, folder.size - sum(sizes))] if count else []
    if sort == 0x09:
        sort = table.byte()
    if sort == 0x0A:
        table.digests(sum(counts))
        sort = table.byte()
    if sort != 0:
        raise Unreadable


def _files(table: Table) -> list[str]:
    count = table.count()
    names, empty = [f"#{number}" for number in range(count)], [False] * count
    while (sort := table.number()) != 0:
        part = Table(table.take(table.number()))
        if sort == 0x0E:
            empty = part.bits(count)
        elif sort == 0x11 and part.byte() == 0:
            names = [_name(part) for _ in range(count)]
    return [name for name, without in zip(names, empty, strict=True) if not without]


def _name(part: Table) -> str:
    units = bytearray()
    while (unit := part.take(2)) != b"\0\0":
        units += unit
    return units.decode("utf-16-le", "replace")
