"""Office documents that are zips (ECMA-376, ODF 1.3): what they fetch, start or carry when they are opened."""

import re
from xml.sax.saxutils import unescape

from core.byte_reader import ByteReader
from core.findings import Evidence, Level
from core.scanning.content import decode
from core.scanning.inspection import MAX_EVIDENCE, Inspection

_READ = 16 << 20
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s([^>]{1,6000})>")
_ATTRIBUTE = re.compile(r"([\w:]{1,40})\s*=\s*(?:\"([^\"]{0,4000})\"|'([^']{0,4000})')")
_REMOTE = re.compile(r"(?i)(?:https?|ftp|mhtml|ms-\w{1,30}):|\\\\|//|file:(?:/{2}[^/]|/{4,5}\w|\\\\)")
"""Addresses, and places on other computers; `file:///C:/…` is the author's own disk."""
_FETCHED = {"attachedTemplate": Level.HIGH, "oleObject": Level.HIGH, "subDocument": Level.HIGH, "frame": Level.CAREFUL}
_FETCHED |= {"externalLinkPath": Level.CAREFUL, "package": Level.HIGH}
"""Kinds of relations whose target an Office program fetches and opens, and how much that says."""
_SHOWN = frozenset({"image", "video", "audio", "media", "hyperlink"})
"""Kinds that are only shown, or opened on a click."""
_STARTS = re.compile(r"(?i)\.(?:exe|com|scr|bat|cmd|vbs|vbe|js|jse|wsf|hta|lnk|ps1|msi|cpl|dll|pif)$|^\w{0,4}script:")
_FIELD = re.compile(r"<w:instrText[^>]{0,200}>([^<]{0,4000})</w:instrText>|\bw:instr\s*=\s*[\"']([^\"'>]{1,4000})")
_COMMAND = re.compile(r"(?i)(?:^|\s)DDE(?:AUTO)?\s+\S")
_FETCHING_FIELD = re.compile(r"(?i)\bINCLUDE(?:TEXT|PICTURE)\s+[\"']?\s*(?:https?:|\\\\|ftp:)")
_WORKBOOK_COMMAND = re.compile(r"<(?:\w+:)?ddeLink\s[^>]{0,1000}>|ppaction://(?:program|macro)[^\"']{0,200}")
_LISTENER = re.compile(r"(?i)[\"'](vnd\.sun\.star\.script:[^\"']{1,400}|macro:[^\"']{1,400})[\"']")
_CONNECTION = re.compile(r"<(?:\w+:)?(?:webPr|dbPr|textPr|olapPr)\s[^>]{0,4000}>")
_FORMULA = re.compile(r"<(?:\w+:)?f(?:\s[^>]{0,400})?>([^<]{1,8000})</(?:\w+:)?f>|table:formula=\"([^\"]{1,8000})\"")
_OPEN_DOCUMENT_MACROS = re.compile(
    r"(?:Basic/(?!script-lc\.xml$|dialog-lc\.xml$)[^/]+/(?!script-lb|dialog-lb)|Scripts/)[^/]*.+"
)


def is_document(names: frozenset[str]) -> bool:
    """True for the members of an Open Document (ODF 1.3, part 2)."""
    return "content.xml" in names and bool(names & {"mimetype", "META-INF/manifest.xml"})


def has_macros(name: str) -> bool:
    """True for a member that holds macros, of either family or of the language before Visual Basic."""
    last = name.rpartition("/")[2]
    return last == "vbaProject.bin" or "/macrosheets/" in name or _OPEN_DOCUMENT_MACROS.fullmatch(name) is not None


def scan_part(inspection: Inspection, name: str, file: ByteReader) -> None:
    """Findings of one member of a document."""
    if "/activeX/" in name and not name.endswith(".rels"):
        inspection.report("document-object", Evidence("member", name))
    if not name.endswith((".xml", ".rels", ".vml")):
        return
    source = decode(file.read(_READ)) or ""
    file.seek(0)
    if name.endswith(".rels"):
        _report_relations(inspection, source)
        return
    _report_fields(inspection, source)
    for found in [*_WORKBOOK_COMMAND.finditer(source)][:MAX_EVIDENCE]:
        inspection.report("document-command", Evidence("text", unescape(found[0])))
    for found in [*_LISTENER.finditer(source)][:MAX_EVIDENCE]:
        inspection.report("document-command", Evidence("text", unescape(found[1])))
    if name.endswith("connections.xml"):
        for found in [*_CONNECTION.finditer(source)][:MAX_EVIDENCE]:
            inspection.report("document-remote", Evidence("text", unescape(found[0])), level=Level.CAREFUL)
    if "worksheets/" in name or name == "content.xml":
        _report_formulas(inspection, source)


def _report_relations(inspection: Inspection, source: str) -> None:
    for relation in _RELATION.finditer(source):
        attributes = {key: unescape(one or other) for key, one, other in _ATTRIBUTE.findall(relation[1])}
        kind, target = attributes.get("Type", "").rpartition("/")[2], attributes.get("Target", "")
        if attributes.get("TargetMode", "").lower() != "external":
            continue
        remote = _REMOTE.match(target.strip()) is not None
        if kind in _FETCHED and remote:
            inspection.report("document-remote", Evidence("address", f"{kind}: {target}"), level=_FETCHED[kind])
        elif kind in _SHOWN and (_STARTS.search(target) or (remote and not re.match(r"(?i)https?:|ftp:", target))):
            link = re.match(r"(?i)https?:", target) and kind == "hyperlink"
            if not link:
                inspection.report("document-remote", Evidence("address", f"{kind}: {target}"), level=Level.CAREFUL)


def _report_fields(inspection: Inspection, source: str) -> None:
    """Instructions of fields; Word lets their letters stand in many pieces."""
    pieces = [unescape(part or other) for part, other in _FIELD.findall(source)]
    for told in ("".join(pieces), " ".join(pieces)):
        command = _COMMAND.search(told)
        if command is not None:
            inspection.report("document-command", Evidence("text", told[command.start() :][:200].strip()))
            break
    fetching = _FETCHING_FIELD.search(" ".join(pieces))
    if fetching is not None:
        inspection.report("document-remote", Evidence("text", fetching[0]), level=Level.CAREFUL)


def _report_formulas(inspection: Inspection, source: str) -> None:
    from core.scanning.formats.tables import reaches_out  # noqa: PLC0415  only workbooks need it

    for formula in _FORMULA.finditer(source):
        told = unescape(formula[1] or formula[2] or "", {"&quot;": '"', "&apos;": "'"})
        if reaches_out(told):
            inspection.report("table-formula", Evidence("text", told))
