"""Files that start something else: Windows shortcuts, internet shortcuts, settings links, autorun and desktop files."""

import re
import struct
from collections.abc import Iterator

from core.findings import Level
from core.scanning.code.behaviour import Behaviour, fact
from core.scanning.content import decode, extension
from core.scanning.inspection import Inspection
from core.text import text

_LARGEST = 1 << 20
_STARTERS = re.compile(
    r"(?<!\.)\b(?:cmd|powershell|pwsh|mshta|wscript|cscript|rundll32|regsvr32|msiexec|certutil|conhost|forfiles|scrobj(?=\.dll)|bash|sh|python\w*)"
    r"(?:\.exe)?\b|^\s*/[ck]\s",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(r"^(?:file:|\\\\|//|[a-z]+script:|javascript:|search-ms:|ms-\w+:)", re.IGNORECASE)
_ENTRIES = re.compile(
    r"(?im)^[ \t]*(URL|IconFile|BaseURL|WorkingDirectory|open|shellexecute|shell\\\w+\\command|Exec|TryExec|"
    r"RunPreSetupCommands|RunPostSetupCommands|UnregisterOCXs|DeepLink|IconResource|Wallpaper|Path|"
    r"full address:s)[ \t]*[=:][ \t]*+(.+)$"
)
_INSTALLERS = frozenset({".application", ".appinstaller", ".jnlp", ".appref-ms"})
"""What installs a program from the address in it (ClickOnce, App Installer, Java Web Start)."""
_GIVES_AWAY = re.compile(
    r"(?im)^[ \t]*(?:drivestoredirect:s:(?:\*|\w).*|remoteapplicationprogram:s:.+|alternate shell:s:\S.*)$"
)
"""Settings of a remote desktop that hand over drives, or start a program there that looks like one of here."""
_LINE = re.compile(
    r"(?im)^[ \t]*((?:%\d+%\\scrobj\.dll,|"
    r"(?:cmd|powershell|pwsh|mshta|rundll32|regsvr32|wscript|cscript)(?:\.exe)?\s).+)$"
)
"""A line of a section that another entry names."""
_PAGE = re.compile(
    r"\b(?:codebase|target|href|path)\s*=\s*[\"']([^\"']{4,2000})|(?:res://[^\s<\"']{0,200})?(javascript:[^<]{4,400})",
    re.IGNORECASE,
)
_BARE = re.compile(r"(?m)^[ \t]*(https?://\S+|\\\\\S+)[ \t\r]*$")
_DEEP_LINK = re.compile(
    r"<(DeepLink|simpleLocation|url|Command)>\s*+(?:<url>\s*+)?([^<]{1,4000})</|<key>(URL)</key>\s*<string>\s*+([^<]{1,4000})</",
    re.IGNORECASE,
)


def scan_shortcut(inspection: Inspection) -> None:
    """Say what it starts; its target is judged as a command."""
    inspection.report("code-program", kind=text(f"kind.{inspection.kind}"))
    data = inspection.read_at(0, min(inspection.file.size, _LARGEST))
    try:
        targets = list(_of_shortcut(data) if data.startswith(b"L\0\0\0\x01\x14\x02\0") else _of_text(data))
    except struct.error:
        targets = []
        inspection.partly("structure_broken")
    plain = decode(data) or ""
    with Behaviour(inspection) as behaviour:
        for name, target in targets:
            told = fact("command" if name != "IconFile" else "address", f"{name}: {target}")
            starts = _STARTERS.search(target) if name not in {"URL", "IconFile", "BaseURL"} else None
            installs = extension(inspection.path) in _INSTALLERS and re.match(r"(?i)https?://", target)
            if starts or installs or _ELSEWHERE.match(target):
                behaviour.note("shortcut-starts", told)
            elif name != "description":
                behaviour.note("shortcut-starts", told, level=Level.CAREFUL)
            behaviour.command(target, 1)
        for number, line in enumerate(plain.splitlines() if inspection.kind == "setup_information" else (), start=1):
            behaviour.command(line, number)
        given = _GIVES_AWAY.search(plain) if extension(inspection.path) == ".rdp" else None
        if given is not None:
            behaviour.note("shortcut-starts", fact("text", given[0].strip()))


def _of_text(data: bytes) -> Iterator[tuple[str, str]]:
    source = decode(data) or data.decode("latin-1")
    for match in (*_ENTRIES.finditer(source), *_DEEP_LINK.finditer(source)):
        name, target = [part for part in match.groups() if part is not None][:2]
        yield name, target.strip()
    for expression in (_LINE, _BARE, _PAGE):
        for match in expression.finditer(source):
            yield "target", next(part for part in match.groups() if part is not None).strip()


def _of_shortcut(data: bytes) -> Iterator[tuple[str, str]]:
    """Target and texts of a shortcut (MS-SHLLINK 2.1 to 2.4)."""
    flags, at = struct.unpack_from("<I", data, 20)[0], 76
    if flags & 0x01:  # a list of item ids
        at += 2 + struct.unpack_from("<H", data, at)[0]
    target = ""
    if flags & 0x02:
        size, _, _, _, local = struct.unpack_from("<5I", data, at)
        if local:
            target = data[at + local :].split(b"\0", 1)[0].decode("cp1252", "replace")
        at += size
    texts: dict[str, str] = {}
    wide = flags & 0x80
    for bit, name in ((0x04, "description"), (0x08, "path"), (0x10, "folder"), (0x20, "arguments"), (0x40, "icon")):
        if flags & bit:
            count = struct.unpack_from("<H", data, at)[0]
            size = count * (2 if wide else 1)
            texts[name] = data[at + 2 : at + 2 + size].decode("utf-16-le" if wide else "cp1252", "replace")
            at += 2 + size
    line = " ".join(part for part in (target or texts.get("path", ""), texts.get("arguments", "")) if part)
    if line:
        yield "target", line
    if texts.get("icon", "").startswith("\\\\"):
        yield "IconFile", texts["icon"]
