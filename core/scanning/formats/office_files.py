"""Old Office documents (MS-DOC, MS-XLS, MS-OLEDS) and rich text (RTF): macros, programs inside, commands in fields."""

import re
import struct
from itertools import pairwise

from core.findings import Evidence, Level
from core.scanning.byte_sources import BytesFile
from core.scanning.content import extension
from core.scanning.formats.compound_files import MAGIC, CompoundFile, Entry, NotCompound
from core.scanning.inspection import Inspection
from core.text import text

_SEARCHED = 64 << 20
_LARGEST_OBJECT = 32 << 20
_INSTALLERS = {bytes.fromhex(f"{kind}0C0000000000C000000000000046") for kind in ("8410", "8610", "8210")}
"""Classes of the root of .msi, .msp and .mst: {000C1084-0000-0000-C000-000000000046} and its neighbours."""
_INSTALLER_NAMES = frozenset({".msi", ".msp", ".mst"})
"""What Windows hands to its installer, whatever a reader makes of the rest."""
_PACKED_NAME = re.compile("^[\u3800-\u4840]+$")
"""Names of an installer's tables, two letters packed into one (Wine, dlls/msi/table.c)."""
_MACROS = frozenset({"_VBA_PROJECT", "_VBA_PROJECT_CUR", "VBA", "Macros"})
_TELLING = frozenset({"Workbook", "Book", "\x01Ole10Native", "Package", "CONTENTS"})
_TABLE = 0x85
"""Record BoundSheet8: a sheet of a workbook, with its state and its type (MS-XLS 2.4.28)."""
_MACRO_SHEET = 1
_COMMAND_FIELD = re.compile(rb"\x13[\s\"]*DDE(?:AUTO)?\s+[\"\\\w]", re.IGNORECASE)
"""At the beginning of a field, which the letter 19 marks (MS-DOC 2.8.25)."""
_OBJECT = re.compile(rb"\\\*?\\?objdata\b")
_CLASS = re.compile(rb"\\objclass\s+([\w.]{1,60})", re.IGNORECASE)
_ACTS = re.compile(rb"\\(objautlink|objupdate|objlink|objhtml|objocx)\b")
_TEMPLATE = re.compile(rb"\\\*\\template\s+([^{}\\]{1,400}(?:\\\\[^{}\\]{0,400}){0,20})")
_ELSEWHERE = re.compile(rb"(?i)(?:https?|ftp|mhtml|ms-\w+):|\\\\\\\\|//")
_LAUNCHED = re.compile(
    r"(?i)\.(?:exe|com|scr|pif|cpl|msi|bat|cmd|vbs|vbe|js|jse|wsf|wsh|hta|lnk|ps1|scf|sct|jar|chm|iso|url|reg)$"
)
_WORDS = re.compile(rb"\\[a-z]{1,32}-?\d{0,10} ?|\\'|\\[^a-z]|[\s{}]")
_BRINGS_CODE = re.compile(rb"(?i)package|ole2link|htmlfile|equation|scriptlet|shell\.|forms\.")


def scan_compound(inspection: Inspection) -> None:
    """A compound file: an installer, or a document with or without macros and objects."""
    try:
        compound = CompoundFile(inspection.file)
    except (NotCompound, struct.error):
        _report_unreadable(inspection)
        return
    if _is_installer(compound.entries):
        inspection.kind = "windows_installer"
        inspection.report("code-program", level=Level.HIGH, kind=text("kind.windows_installer"))
        inspection.partly("code_program")
        return
    names = {entry.name for entry in compound.entries}
    if names & _MACROS:
        inspection.report("macros")
    if "EncryptedPackage" in names:
        inspection.report("archive-encrypted", Evidence("member", "EncryptedPackage"))
        inspection.partly("encrypted")
    for entry in compound.entries:
        if entry.is_stream:
            inspection.budget.check_time()
            _scan_stream(inspection, compound, entry)
    _search_commands(inspection, inspection.file.size)


def _is_installer(entries: tuple[Entry, ...]) -> bool:
    root = entries[0].class_id if entries else b""
    return root in _INSTALLERS or any(_PACKED_NAME.match(entry.name) for entry in entries)


def _report_unreadable(inspection: Inspection) -> None:
    if extension(inspection.path) in _INSTALLER_NAMES:
        inspection.kind = "windows_installer"
    level = Level.HIGH if inspection.kind == "windows_installer" else None
    kind = text(f"kind.{inspection.kind}")
    inspection.report("code-program", Evidence("oddity", "header_unreadable"), level=level, kind=kind)
    inspection.partly("structure_broken")


def _scan_stream(inspection: Inspection, compound: CompoundFile, entry: Entry) -> None:
    if entry.name not in _TELLING or not entry.size:
        return
    try:
        content = compound.read(entry, _LARGEST_OBJECT)
        inspection.budget.expand(len(content))
        if entry.name in {"Workbook", "Book"}:
            _report_macro_sheets(inspection, content)
        elif entry.name == "\x01Ole10Native":
            _scan_package(inspection, content)
        else:
            inspection.nested(entry.name, BytesFile(content))
    except (NotCompound, struct.error):
        inspection.partly("structure_broken")


def _report_macro_sheets(inspection: Inspection, book: bytes) -> None:
    """Sheets of the macro language that came before Visual Basic, often hidden (threats F1)."""
    place = 0
    while place + 4 <= len(book):
        record, length = struct.unpack_from("<HH", book, place)
        if record == _TABLE and length >= 6 and book[place + 9 : place + 10] == bytes([_MACRO_SHEET]):
            inspection.report("macros")
        if record == 0x0A:  # the end of the workbook's own part, which lists all sheets
            return
        place += 4 + length


def _scan_package(inspection: Inspection, data: bytes) -> None:
    """A file that was dragged into a document: length, flags, name, origin, bytes (MS-OLEDS 2.3.6)."""
    names = data[6:].split(b"\0", 2)
    if len(names) < 3:
        return
    name = names[0].decode("latin-1")
    level = Level.HIGH if _LAUNCHED.search(name) else None
    inspection.report("document-object", Evidence("member", name), level=level)
    at = 6 + len(names[0]) + len(names[1]) + 2 + 4
    if len(data) < at + 4:
        return
    at += 4 + int.from_bytes(data[at : at + 4], "little")
    size = int.from_bytes(data[at : at + 4], "little")
    inspection.nested(name or "object", BytesFile(data[at + 4 : at + 4 + size]))


def _search_commands(inspection: Inspection, size: int) -> None:
    """Fields that start another program, in the narrow or the wide letters of the text."""
    data = inspection.read_at(0, min(size, _SEARCHED))
    if size > _SEARCHED:
        inspection.partly("too_large")
    for field in (_COMMAND_FIELD.search(data), _COMMAND_FIELD.search(data.replace(b"\0", b""))):
        if field is not None:
            inspection.report("document-command", Evidence("text", _readable(field.string[field.start() :][:80])))
            return


def scan_rich_text(inspection: Inspection) -> None:
    """RTF: objects, which may be programs; templates and links from elsewhere; fields that start programs."""
    data = inspection.read_at(0, min(inspection.file.size, _SEARCHED))
    if inspection.file.size > _SEARCHED:
        inspection.partly("too_large")
    plain = data.replace(b"\\fldinst", b"\x13")
    plain = _WORDS.sub(lambda word: b" " if word[0][:1] in b"\\ \n\r\t" else b"", plain)
    command = _COMMAND_FIELD.search(plain)
    if command is not None:
        inspection.report("document-command", Evidence("text", _readable(plain[command.start() :][:80])))
    for template in _TEMPLATE.finditer(data):
        if _ELSEWHERE.search(template[1]):
            inspection.report("document-remote", Evidence("address", _readable(template[1])))
    classes = [match[1] for match in _CLASS.finditer(data)]
    acts = [match[1] for match in _ACTS.finditer(data)]
    objects = [match.end() for match in _OBJECT.finditer(data)]
    if not (objects or acts):
        return
    facts = [Evidence("text", _readable(name)) for name in (*classes, *acts)]
    bad = bool(acts) or any(_BRINGS_CODE.search(name) for name in classes)
    inspection.report("document-object", *facts, level=Level.HIGH if bad else None)
    for place, end in pairwise([*objects, len(data)]):
        inspection.budget.check_time()
        _scan_object(inspection, data[place : min(end, place + 2 * _LARGEST_OBJECT)])


def _scan_object(inspection: Inspection, data: bytes) -> None:
    """The bytes of an object, written as hexadecimal digits between which anything may stand."""
    source = _WORDS.sub(b"", data)
    end = re.match(rb"[0-9A-Fa-f]*", source)
    digits = end[0] if end is not None else b""
    content = bytes.fromhex(digits[: len(digits) & ~1].decode())
    inspection.budget.expand(len(content))
    if _BRINGS_CODE.search(content[:64]):
        inspection.report("document-object", Evidence("text", _readable(content[12:40])), level=Level.HIGH)
    inner = content.find(MAGIC)
    if inner >= 0:
        inspection.nested("object", BytesFile(content[inner:]))
    elif b"Package\0" in content[:64]:
        _scan_package(inspection, content[content.index(b"Package\0") + 8 + 8 :])


def _readable(raw: bytes) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in raw.decode("latin-1")).strip()
