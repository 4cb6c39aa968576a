"""Office documents that are zips (ECMA-376, ODF 1.3): what they fetch, start or carry when they are opened."""

import re
from html import unescape

from core.byte_reader import ByteReader
from core.findings import Evidence, Level
from core.scanning.content import decode
from core.scanning.inspection import MAX_EVIDENCE, Inspection

_READ = 16 << 20
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s([^<>]{1,6000})>")
_ATTRIBUTE = re.compile(r"([\w:]{1,40})\s*=\s*(?:\"([^\"]{0,4000})\"|'([^']{0,4000})')")
_REMOTE = re.compile(r"(?i)(?:https?|ftp|mhtml|ms-\w{1,30}):|\\\\|//|file:(?:/{2}[^/]|/{4,5}\w|\\\\)")
"""Addresses, and places on other computers; `file:///C:/…` is the author's own disk."""
_SHARE = re.compile(r"(?i)\\\\[\w.]|file:(?://(?!/|localhost/)\w|/{4,5}\w|\\\\)")
"""A place on another computer of the network: whoever asks for it tells it the login's hash."""
_FETCHED = {"attachedTemplate": Level.HIGH, "oleObject": Level.HIGH, "subDocument": Level.HIGH, "frame": Level.CAREFUL}
_FETCHED |= {"aFChunk": Level.HIGH, "package": Level.HIGH}
"""Kinds of relations whose target an Office program fetches and opens, and how much that says."""
_SHOWN = frozenset({"image", "video", "audio", "media", "hyperlink"})
"""Kinds that are only shown, or opened on a click."""
_STARTS = re.compile(r"(?i)\.(?:exe|com|scr|bat|cmd|vbs|vbe|js|jse|wsf|hta|lnk|ps1|msi|cpl|dll|pif)$|^\w{0,4}script:")
_FIELD = re.compile(
    r"<w:fldChar\b[^<>]{0,200}?\bbegin[\"'][^<>]{0,200}>|<w:instrText[^<>]{0,200}>([^<]{0,4000})</w:instrText>|\bw:instr\s*=\s*[\"']([^\"'>]{1,4000})"
)
_COMMAND = re.compile(r"(?i)\x13[\s\"]*DDE(?:AUTO)?\s+\S")
"""At the beginning of a field, which is marked as in old documents; not in the words of an index."""
_FETCHING_FIELD = re.compile(r"(?i)\bINCLUDE(?:TEXT|PICTURE)\s+[\"']?\s*(?:https?:|\\\\|ftp:)")
_WORKBOOK_COMMAND = re.compile(r"<(?:\w+:)?ddeLink\s[^<>]{0,1000}>|ppaction://(?:program|macro)[^\"']{0,200}")
_LISTENER = re.compile(r"(?i)[\"'](vnd\.sun\.star\.script:[^\"']{1,400}|macro:[^\"']{1,400})[\"']")
_FLAT = re.compile(r"<office:document\b|<\?mso-application\b|<pkg:package\b|<w:wordDocument\b")
_FLAT_MACROS = re.compile(r"vbaProject\.bin|\bw:macrosPresent=[\"']yes|editdata\.mso|<script:module\b|<office:script\b")
_CONNECTION = re.compile(r"<(?:\w+:)?(?:webPr|dbPr|textPr|olapPr)\s[^<>]{0,4000}>")
_FORMULA = re.compile(r"<(?:\w+:)?f(?:\s[^<>]{0,400})?>([^<]{1,8000})</(?:\w+:)?f>|table:formula=\"([^\"]{1,8000})\"")


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
    _report_starts(inspection, source)
    if name.endswith("connections.xml"):
        for found in [*_CONNECTION.finditer(source)][:MAX_EVIDENCE]:
            inspection.report("document-remote", Evidence("text", unescape(found[0])), level=Level.CAREFUL)
    if "worksheets/" in name or name == "content.xml":
        _report_formulas(inspection, source)


def scan_flat(inspection: Inspection, source: str) -> None:
    """A document as one text: flat Open Document, Word and Office in XML."""
    _report_fields(inspection, source)
    _report_starts(inspection, source)
    if _FLAT_MACROS.search(source):
        inspection.report("macros")


def is_flat(source: str) -> bool:
    """True for XML that Office programs open as their own."""
    return _FLAT.search(source[:4096]) is not None


def _report_starts(inspection: Inspection, source: str) -> None:
    for found in [*_WORKBOOK_COMMAND.finditer(source)][:MAX_EVIDENCE]:
        inspection.report("document-command", Evidence("text", unescape(found[0])))
    for found in [*_LISTENER.finditer(source)][:MAX_EVIDENCE]:
        inspection.report("document-command", Evidence("text", unescape(found[1])))


def _report_relations(inspection: Inspection, source: str) -> None:
    for relation in _RELATION.finditer(source):
        attributes = {key: unescape(one or other) for key, one, other in _ATTRIBUTE.findall(relation[1])}
        kind, target = attributes.get("Type", "").rpartition("/")[2], attributes.get("Target", "")
        if attributes.get("TargetMode", "").lower() != "external":
            continue
        remote = _REMOTE.match(target.strip()) is not None
        if kind not in _SHOWN and remote:
            level = _FETCHED.get(kind, Level.CAREFUL)
            inspection.report("document-remote", Evidence("address", f"{kind}: {target}"), level=level)
        elif kind in _SHOWN and (_STARTS.search(target) or (remote and not re.match(r"(?i)https?:|ftp:", target))):
            link = re.match(r"(?i)https?:", target) and kind == "hyperlink"
            if not link:
                by_itself = kind != "hyperlink" and _SHARE.match(target.strip()) is not None
                level = Level.HIGH if by_itself else Level.CAREFUL
                inspection.report("document-remote", Evidence("address", f"{kind}: {target}"), level=level)


def _report_fields(inspection: Inspection, source: str) -> None:
    """Instructions of fields; Word lets their letters stand in many pieces."""
    pieces = [unescape(part) if part else "\x13" + unescape(other) for part, other in _FIELD.findall(source)]
    for told in ("\x13" + "".join(pieces), "\x13" + " ".join(pieces)):
        command = _COMMAND.search(told)
        if command is not None:
            inspection.report("document-command", Evidence("text", told[command.start() + 1 :][:200].strip()))
            break
    fetching = _FETCHING_FIELD.search(" ".join(pieces))
    if fetching is not None:
        inspection.report("document-remote", Evidence("text", fetching[0]), level=Level.CAREFUL)


def _report_formulas(inspection: Inspection, source: str) -> None:
    from core.scanning.formats.tables import reaches_out  # noqa: PLC0415  only workbooks need it

    for formula in _FORMULA.finditer(source):
        told = unescape(formula[1] or formula[2] or "")
        if reaches_out("=" + told):
            inspection.report("table-formula", Evidence("text", told))
