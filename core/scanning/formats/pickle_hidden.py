"""Pickles that do not look like one: without a protocol mark, or as texts and bytes inside another pickle."""

import base64
import binascii
import re
import zlib

from core.byte_reader import ByteReader
from core.findings import Level
from core.scanning.byte_sources import BytesFile, Window
from core.scanning.content import looks_like_pickle
from core.scanning.formats.pickle_globals import Verdict, judge
from core.scanning.formats.pickle_machine import Machine
from core.scanning.formats.pickle_reading import BrokenPickle
from core.scanning.inspection import Budget, Inspection, LimitReached

TORCH_MAGIC = b"\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."
"""The long that starts a PyTorch file of before version 1.6 (torch/serialization.py: MAGIC_NUMBER)."""
_MAX_HIDDEN = 64
_OLD_STARTS = frozenset(b"()]}\x8fcliNFGIJKLMSTUVXBCP\x82\x83\x84\x88\x89\x8a\x8b\x8c\x8d\x8e\x95\x96\x97")
"""Opcodes that work on an empty stack: the mark of the protocol in front of them may be left out."""
_TRIED_STREAMS = 10
_LETTERS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_" + bytes(range(0x80, 0x100))
_DIGITS = b"0123456789+- \t\x0b\x0c\r"
_IMPOSSIBLE = {
    code: frozenset(bytes([byte]) for byte in range(256) if byte not in follows)
    for code, follows in (
        (b"S", b"\"'"),
        (b"c", _LETTERS),
        (b"i", _LETTERS),
        (b"I", _DIGITS),
        (b"L", _DIGITS),
        (b"F", _DIGITS + b".naiNAI"),
    )
}
"""What cannot follow an opcode whose argument is a line: an unpickler raises before anything runs."""
_NO_ACCIDENT = 500
"""Instructions after which no text passes for a pickle any more."""
_NAME = re.compile(r"[A-Za-z_][\w.]*")
_HEXADECIMAL = re.compile(r"(?:[0-9a-fA-F]{2}){16,}")
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]{24,}={0,2}\s*")
_PACKED = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda", b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ", b"PK\x03\x04")
_DOS, _ELF = b"MZ", b"\x7fELF"
_LETTERS_IN_TEXT = re.compile(r"[\"'\s,:=>][A-Za-z0-9+/\\]{40,}={0,2}")
_LETTERS_QUOTED = re.compile(r"[\"',][A-Za-z0-9+/\\]{40,}={0,2}")
"""Base64 behind what divides words, or what JSON or the address of a picture puts in front of it, which is faster.

Line breaks and slashes of the base64 may stand behind a backslash."""
_ONLY_LETTERS = re.compile(rb"[A-Za-z0-9+/\s]{24,}={0,2}\s*")
_LETTERS_SEEN, _LONGEST_LETTERS = 256, 16 << 20
"""Bytes of a text that tell whether it goes on as base64; and how long one is decoded."""
_SOURCE = re.compile(r"(?m)^(?:import \w|from [\w.]+ import |def \w+\(|class \w+[(:])")
_QUIET = frozenset({Level.NONE, Level.NOTE})
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_STARTS = frozenset(
    _ALPHABET[first >> 2] for first in (*_OLD_STARTS, 0x80, *(mark[0] for mark in (*_PACKED, _DOS, _ELF)))
)
"""Letters that base64 of something loadable begins with: six of the eight bits of its first byte."""
_MAX_LETTERS = 100_000
"""Pieces of base64 of one text that are decoded."""


def is_old_pickle(file: ByteReader) -> bool:
    """True if the file runs as a pickle without a protocol mark: it imports by a proper name, or runs for long."""
    file.seek(0)
    start = file.read(2)
    first = start[:1]
    if not first or first[0] not in _OLD_STARTS or start[1:] in _IMPOSSIBLE.get(first, frozenset()):
        return False
    offset = 0
    for _ in range(_TRIED_STREAMS):
        machine = Machine(file, offset, Budget(seconds=2.0))
        try:
            complete = _runs(machine)
        except LimitReached:
            return True
        if machine.imports:
            return _is_meant(machine, complete)
        if not complete:
            return machine.opcodes > _NO_ACCIDENT
        offset = machine.offset
        if offset == file.size:
            return offset > 8 and first in b"(]})"
    return True


def _is_meant(machine: Machine, complete: bool) -> bool:
    """A text may begin like an import by accident; not with names that exist, or going on as a pickle."""
    proper = all(_NAME.fullmatch(found.module) and _NAME.fullmatch(found.name) for found in machine.imports)
    known = any(judge(found.module, found.name).verdict is not Verdict.UNKNOWN for found in machine.imports)
    return proper and (complete or bool(machine.calls) or known)


def _runs(machine: Machine) -> bool:
    try:
        machine.run()
    except BrokenPickle:
        return False
    return True


def report(inspection: Inspection, texts: list[tuple[bytes | str, int, int]]) -> None:
    """Inspect texts and bytes that are themselves pickles, archives, programs or compressed. Raises `LimitReached`."""
    followed = 0
    for data, offset, size in texts:
        inspection.budget.check_time()
        inner = _unwrap(data)
        if inner is None:
            continue
        followed += 1
        if followed > _MAX_HIDDEN:
            inspection.partly("too_many_members")
            return
        file: ByteReader = BytesFile(inner)
        if inner is data and size > len(data):
            file = Window(inspection.file, offset, size)
        inspection.nested(f"bytes at {offset}", file)


def sources_are_quiet(inspection: Inspection, texts: list[tuple[bytes | str, int, int]]) -> bool:
    """Read the Python sources among the texts of a pickle as files; True if there are some and nothing is odd."""
    sources = [(offset, size) for data, offset, size in texts if isinstance(data, str) and _SOURCE.search(data)]
    before = _alarms(inspection)
    for offset, size in sources[:_MAX_HIDDEN]:
        inspection.nested(f"source at {offset}.py", Window(inspection.file, offset, size))
    return 0 < len(sources) <= _MAX_HIDDEN and _alarms(inspection) == before


def _alarms(inspection: Inspection) -> int:
    return sum(len(found.evidence) for found in inspection.findings.values() if found.level not in _QUIET)


def report_in_text(inspection: Inspection, source: str, quoted: bool = False) -> None:
    """Inspect base64 in a text that is a pickle, an archive or a program: stable-baselines3 keeps its settings so."""
    followed = 0
    letters = _LETTERS_QUOTED if quoted else _LETTERS_IN_TEXT
    for number, match in enumerate(letters.finditer(source)):
        inspection.budget.check_time()
        if number >= _MAX_LETTERS or followed >= _MAX_HIDDEN:
            inspection.partly("too_many_members")
            return
        piece = match[0][1:]
        if piece[0] not in _STARTS and not _HEXADECIMAL.match(piece):
            continue
        inner = _unwrap(piece.replace("\\n", "").replace("\\", ""))
        if inner is not None:
            followed += 1
            inspection.nested(f"base64 at {match.start()}", BytesFile(inner))


def report_letters(inspection: Inspection) -> None:
    """A text that is base64 or hexadecimal from end to end, which only makes sense for bytes that it stands for."""
    start = inspection.read_at(0, _LETTERS_SEEN)
    if inspection.file.size > _LONGEST_LETTERS or not _ONLY_LETTERS.fullmatch(start):
        return
    inner = _unwrap(inspection.read_at(0, inspection.file.size))
    if inner is not None:
        inspection.nested("base64", BytesFile(inner))


def _unwrap(data: bytes | str) -> bytes | None:
    """The bytes to look into, or None if they are ordinary."""
    if isinstance(data, bytes):
        if is_loadable(data):
            return data
        if not data.isascii():
            return None
        data = data.decode("ascii")
    decoded = _from_letters(data)
    if decoded is None:
        return None
    return decoded if _is_program(decoded) or (is_loadable(decoded) and not _is_no_stream(decoded)) else None


def _is_program(data: bytes) -> bool:
    """Two letters are too little: base64 of numbers begins with them once in 65,536 times."""
    if data.startswith(_DOS):
        place = int.from_bytes(data[0x3C:0x40], "little")
        return data[place : place + 4] == b"PE\x00\x00" or b"DOS mode" in data[:512]
    return data.startswith(_ELF)


def _is_no_stream(data: bytes) -> bool:
    """True for what begins like a zlib stream by accident."""
    if not data.startswith(b"\x78"):
        return False
    try:
        return not zlib.decompressobj().decompress(data, 1 << 16)
    except zlib.error:
        return True


def _from_letters(text: str) -> bytes | None:
    """What hexadecimal digits or base64 stand for; None for any other text."""
    if _HEXADECIMAL.fullmatch(text):
        return bytes.fromhex(text)
    if not _BASE64.fullmatch(text):
        return None
    try:
        return base64.b64decode(text, validate=False)
    except (binascii.Error, ValueError):
        return None


def is_loadable(data: bytes) -> bool:
    """True for bytes that a loader would take for a pickle or an archive."""
    if data.startswith(_PACKED) or TORCH_MAGIC in data[:32]:
        return True
    if not looks_like_pickle(data):
        return is_old_pickle(BytesFile(data))
    machine = Machine(BytesFile(data), 0, Budget(seconds=2.0))
    try:
        return _runs(machine) or bool(machine.imports)
    except LimitReached:
        return True
