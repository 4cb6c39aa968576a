"""Programs, libraries, installers and disk images: what they are, not what they do."""

import re
import struct

from core.findings import Ability, Evidence, Level
from core.scanning.byte_sources import Window
from core.scanning.content import KINDS
from core.scanning.inspection import Inspection
from core.text import text

_PE_MACHINES = {0x14C: "x86", 0x8664: "x64", 0xAA64: "ARM64", 0x1C0: "ARM", 0x1C4: "ARM"}
_ELF_MACHINES = {3: "x86", 40: "ARM", 62: "x64", 183: "ARM64", 243: "RISC-V"}
_MACH_MACHINES = {7: "x86", 0x01000007: "x64", 12: "ARM", 0x0100000C: "ARM64"}
_SIGNATURE, _DOT_NET = 4, 14
"""Entries of the optional header's table of directories (PE format, Microsoft)."""
_PACKERS = (b"UPX0", b"UPX1", b".aspack", b".themida", b".vmp0", b".enigma1", b".petite", b".MPRESS1")
_CODE_SIGNATURE = 0x1D
_LAID_FILE = bytes.fromhex("e716e3bd65261145a4c48d4d0b7a9eac")
"""FileDataStoreObject: this mark, the length in eight bytes, twelve more, then the file (MS-ONESTORE 2.6.13)."""
_LAID_FILE_MARK = re.compile(re.escape(_LAID_FILE))
_READ_ONLY = frozenset({"pdf", "svg", "notebook"})
"""What honest notes have on their pages."""
_CHUNK, _SEARCHED = 1 << 20, 256 << 20
_RUNS_AS_IT_IS = frozenset(
    "windows_program windows_library windows_installer screen_saver self_extracting excel_addin linux_program "
    "linux_library mac_program windows_help".split()
)
"""What a click, or an import beside it, starts (help files hold scripts); no model needs it (threats F1, G2). Where the
original has the same file it weighs less: see `core.joint_findings.weighed`."""


def scan_executable(inspection: Inspection) -> None:
    """Say what it is, for which processors, and the few facts its headers give away. Its code is not read."""
    head = inspection.head
    facts: list[Evidence] = []
    try:
        if head.startswith(b"MZ"):
            facts = _windows(head, inspection.file.size)
        elif head.startswith(b"\x7fELF"):
            facts = _linux(head)
        elif head[:4] in {b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe"}:
            facts = _mac(head)
    except (struct.error, IndexError):
        facts = [Evidence("oddity", "header_unreadable")]
    level = Level.HIGH if inspection.kind in _RUNS_AS_IT_IS else None
    inspection.report("code-program", *facts, level=level, kind=text(f"kind.{inspection.kind}"))
    inspection.partly("code_program")


def scan_onenote(inspection: Inspection) -> None:
    """Notes, and the files that were laid on their pages: a double click on one starts it."""
    scan_executable(inspection)
    offset = 0
    while offset < min(inspection.file.size, _SEARCHED):
        data = inspection.read_at(offset, _CHUNK + len(_LAID_FILE))
        for match in _LAID_FILE_MARK.finditer(data):
            at = offset + match.start() + len(_LAID_FILE) + 20
            length = int.from_bytes(inspection.read_at(at - 20, 8), "little")
            if match.start() < _CHUNK and 0 < length <= inspection.file.size - at:
                laid = inspection.nested(f"bytes at {at}", Window(inspection.file, at, length)).kind
                if laid not in _READ_ONLY and KINDS[laid].ability in {Ability.PROGRAM, Ability.SCRIPT}:
                    inspection.report("code-program", level=Level.HIGH, kind=text("kind.onenote"))
        offset += _CHUNK


def _windows(head: bytes, size: int) -> list[Evidence]:
    offset = int.from_bytes(head[0x3C:0x40], "little")
    if head[offset : offset + 4] != b"PE\x00\x00":
        return []
    machine, sections, _, _, _, optional, flags = struct.unpack_from("<HHIIIHH", head, offset + 4)
    facts = [Evidence("machine", _PE_MACHINES.get(machine, f"0x{machine:x}"))]
    start = offset + 24
    wide = struct.unpack_from("<H", head, start)[0] == 0x20B
    directories = start + (112 if wide else 96)
    count = struct.unpack_from("<I", head, directories - 4)[0]
    if count > _SIGNATURE and struct.unpack_from("<I", head, directories + 8 * _SIGNATURE)[0]:
        facts.append(Evidence("program", text("program.signed")))
    else:
        facts.append(Evidence("program", text("program.unsigned")))
    if count > _DOT_NET and struct.unpack_from("<I", head, directories + 8 * _DOT_NET)[0]:
        facts.append(Evidence("program", text("program.dot_net")))
    if flags & 0x2000:
        facts.append(Evidence("program", text("program.library")))
    names, end = _sections(head, start + optional, sections)
    if any(name.rstrip(b"\0").startswith(_PACKERS) for name in names):
        facts.append(Evidence("program", text("program.packed")))
    if end and size > end + (1 << 16):
        facts.append(Evidence("program", text("program.more_behind")))
    return facts


def _sections(head: bytes, at: int, count: int) -> tuple[list[bytes], int]:
    """Names, and where the last one ends in the file."""
    names, end = [], 0
    for number in range(min(count, 96)):
        name, _, _, size, place = struct.unpack_from("<8sIIII", head, at + 40 * number)
        names.append(name)
        end = max(end, place + size)
    return names, end


def _linux(head: bytes) -> list[Evidence]:
    machine = int.from_bytes(head[18:20], "big" if head[5] == 2 else "little")
    return [Evidence("machine", _ELF_MACHINES.get(machine, str(machine)))]


def _mac(head: bytes) -> list[Evidence]:
    machine, _, _, commands = struct.unpack_from("<IIII", head, 4)
    facts = [Evidence("machine", _MACH_MACHINES.get(machine, str(machine)))]
    at = 32 if head[:1] == b"\xcf" else 28
    for _ in range(min(commands, 500)):
        command, size = struct.unpack_from("<II", head, at)
        if command == _CODE_SIGNATURE:
            facts.append(Evidence("program", text("program.signed")))
            break
        at += max(size, 8)
    return facts
