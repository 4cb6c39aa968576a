"""Models and other data in XML: OpenVINO, PMML, and what any XML file can make its reader fetch (CWE-611)."""

import re

from core.findings import Evidence, Level
from core.scanning.code.markup import report_commands
from core.scanning.content import decode
from core.scanning.formats import office_packages
from core.scanning.formats.paths import escapes
from core.scanning.inspection import MAX_EVIDENCE, Inspection

_READ = 64 << 20
_ENTITY = re.compile(r"<!ENTITY\s[^<>]{0,200}?\b(?:SYSTEM|PUBLIC)\s[^<>]{0,500}>|<\?xml-stylesheet\s[^<>]{0,500}>")
_OF_THE_READER = re.compile(
    r"<!ENTITY\s+(?:(?!%)[\w.:-]{1,100}\s+SYSTEM\s+[\"'](?:[a-zA-Z]\w{1,20}:|/|\\\\)|%\s+[\w.:-]{1,100}\s+SYSTEM\s+[\"'](?:file:|/|\\\\))"
)
"""A word that stands for a file of the reader's, or an address: no list of letters is kept that way, and lists of
definitions lie on no reader's disk."""
_DEFINED = re.compile(r"<!ENTITY\s+([\w.:-]{1,100})\s+(?:\"([^\"]{0,100000})\"|'([^']{0,100000})')\s*>")
_USED = re.compile(r"&([\w.:-]{1,100});")
_GROWN = 64 << 20
"""Bytes that the words of a text may grow to (CWE-776)."""
_INCLUDE = re.compile(r"<xi:include\s[^<>]{0,500}>")
_LAYER = re.compile(r"<layer\s[^<>]{0,1000}>")
_ATTRIBUTE = re.compile(r"([\w:.-]{1,40})\s*=\s*(?:\"([^\"]{0,1000})\"|'([^']{0,1000})')")
_OPERATOR_SETS = re.compile(r"opset\d{1,3}|experimental|extension_\d{1,2}|ie_internal_opset|type_relaxed_opset|util|")
"""`version` of a layer: a set of operators of OpenVINO itself, or none before version 10 of the format."""
_OF_TOKENIZERS = frozenset(
    "StringTensorUnpack StringTensorPack RaggedTensorPack CaseFold NormalizeUnicode RegexNormalization RegexSplit "
    "WordpieceTokenizer BPETokenizer BytesToChars CharsToBytes CombineSegments RaggedToDense RaggedToRagged "
    "RaggedToSparse VocabDecoder VocabEncoder SpecialTokensSplit SentencepieceTokenizer SentencepieceDetokenizer "
    "SentencepieceStreamDetokenizer UTF8Validate FuzeRagged EqualStr ByteFallback UnigramTokenizer Truncate "
    "TrieTokenizer CharsMapNormalization StringToHashBucket NumericToString".split()
)
"""Operators of OpenVINO's own package for tokenizers (openvinotoolkit/openvino_tokenizers, src/ov_extension.cpp)."""
_PATHS = re.compile(r"path|file|source|library|plugin", re.IGNORECASE)
_PORTIONS = 1000
_DECLARATIONS = 1 << 20
"""Characters in which words are defined, at the beginning."""


def scan(inspection: Inspection) -> None:
    """Whatever makes a reader open other files; for OpenVINO, operators and paths as well."""
    source = decode(inspection.read_at(0, min(inspection.file.size, _READ)))
    if inspection.file.size > _READ:
        inspection.partly("too_large")
    if source is None:
        inspection.partly("structure_broken")
        return
    for found in [*_ENTITY.finditer(source), *_INCLUDE.finditer(source)][:MAX_EVIDENCE]:
        line = source.count("\n", 0, found.start()) + 1
        level = Level.HIGH if _OF_THE_READER.match(found[0]) else None
        inspection.report("xml-reaches-out", Evidence("text", found[0], line=line), level=level)
    if _grows(source):
        inspection.report("archive-bomb", Evidence("text", "<!ENTITY"), size=_GROWN)
    if office_packages.is_flat(source):
        office_packages.scan_flat(inspection, source)
    if inspection.kind == "xml":
        report_commands(inspection, source)
    if inspection.kind == "openvino":
        _report_layers(inspection, source)


def _grows(source: str) -> bool:
    """True if words stand for words so many times over that the text would fill the memory.

    Each word is measured once, from those that are defined before it: a word may not stand for itself.
    """
    sizes: dict[str, int] = {}
    for found in _DEFINED.finditer(source[:_DECLARATIONS]):
        value = found[2] or found[3] or ""
        sizes[found[1]] = len(value) + sum(sizes.get(name, 0) for name in _USED.findall(value))
    largest = max(sizes.values(), default=0)
    uses = len(_USED.findall(source[:_DECLARATIONS])) if largest else 0
    return largest * max(1, uses) > _GROWN


def _report_layers(inspection: Inspection, source: str) -> None:
    for count, layer in enumerate(_LAYER.finditer(source)):
        if not count % _PORTIONS:
            inspection.budget.check_time()
        attributes = {found[1]: found[2] or found[3] or "" for found in _ATTRIBUTE.finditer(layer[0])}
        if not _OPERATOR_SETS.fullmatch(attributes.get("version", "")):
            name = f"{attributes.get('type', '')} ({attributes['version']})"
            known = attributes.get("type", "") in _OF_TOKENIZERS and attributes["version"] == "extension"
            level = Level.NOTE if known else None
            inspection.report("openvino-extension", Evidence("operator", name), name=name, level=level)
    for found in _ATTRIBUTE.finditer(source):
        value = found[2] or found[3] or ""
        if _PATHS.search(found[1]) and escapes(value):
            inspection.report("openvino-path", Evidence("path", value), target=value)
