"""Large files and many files for the speed of local scans. What can be sparse is."""

import json
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from core.demo.pickles import state_dict, torch_zip

_STORAGES = 300
_SMALL = b"\x80\x04\x95\x19\x00\x00\x00\x00\x00\x00\x00}\x94(\x8c\x01a\x94K\x01\x8c\x01b\x94]\x94(K\x01K\x02eu."


@dataclass(frozen=True, slots=True)
class Input:
    """What is scanned, and what it may cost: `ratio` of picklescan's time, `megabytes` of all processes."""

    name: str
    title: str
    write: Callable[[Path], None]
    ratio: float
    megabytes: int = 0
    rounds: int = 3
    faster_than_modelscan: bool = False
    peers: frozenset[str] = field(default=frozenset({"picklescan", "modelscan"}))


def _small(path: Path) -> None:
    path.write_bytes(_SMALL)


def _torch(path: Path) -> None:
    each = (2 << 30) // _STORAGES // 4
    made = torch_zip({f"layer.{number}": (each,) for number in range(_STORAGES)}, "benchmark", sparse=True)
    _pieces(path, made.pieces)


def _safetensors(path: Path) -> None:
    size = (2 << 30) // _STORAGES // 4 * 4
    header = {
        f"layer.{n}": {"dtype": "F32", "shape": [size // 4], "data_offsets": [n * size, (n + 1) * size]}
        for n in range(_STORAGES)
    }
    text = json.dumps(header).encode()
    _pieces(path, (struct.pack("<Q", len(text)), text, size * _STORAGES))


def _pieces(path: Path, pieces: tuple[bytes | int, ...]) -> None:
    with path.open("wb") as file:
        for piece in pieces:
            if isinstance(piece, int):
                file.seek(piece, 1)
            else:
                file.write(piece)
        file.truncate()


def _opcodes(path: Path) -> None:
    """About 20 million opcodes in 178 MB: a list of small dicts, appended by the thousand as `pickle` does."""
    pairs = b"X\x04\x00\x00\x00nameq\x02K\x01X\x05\x00\x00\x00valueq\x03G?\xf0\x00\x00\x00\x00\x00\x00"
    row = b"}q\x01(" + pairs + b"h\x02h\x03K\x07K\x08u"
    rows = 178_000_000 // len(row)
    with path.open("wb") as file:
        file.write(b"\x80\x02]")
        for _ in range(rows // 1000):
            file.write(b"(" + row * 1000 + b"e")
        file.write(b".")


def _many(path: Path) -> None:
    python = b"import torch\n\n\nclass Net(torch.nn.Module):\n    def forward(self, x):\n        return x * 2\n"
    header = b'{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}'
    tensors = struct.pack("<Q", len(header)) + header + bytes(16)
    kinds: tuple[tuple[int, str, bytes], ...] = (
        (4000, "config-{}.json", b'{"model_type": "llama", "hidden_size": 64}'),
        (2000, "module_{}.py", python),
        (1500, "notes-{}.txt", b"some words about a model\n" * 20),
        (1000, "part-{}.safetensors", tensors),
        (1500, "state-{}.pkl", state_dict({"w": (2, 2)})),
    )
    for count, name, content in kinds:
        folder = path / name.partition("-")[0].partition("_")[0]
        folder.mkdir(parents=True)
        for number in range(count):
            (folder / name.format(number)).write_bytes(content)


INPUTS = (
    Input("small.pkl", "one small pickle", _small, 2.5, rounds=7),
    Input("large.pt", "torch zip of 2 GB, 300 storages", _torch, 2, 120),
    Input("large.safetensors", "safetensors of 2 GB", _safetensors, 3),
    Input("many", "10,000 small files", _many, 10, faster_than_modelscan=True),
    Input(
        "opcodes.pkl",
        "pickle of 178 MB, about 20 million opcodes",
        _opcodes,
        0.4,
        250,
        1,
        peers=frozenset({"picklescan"}),
    ),
)
