"""How little of a large repository a check reads, and how long that takes over a slow line.

`python -m benchmarks.remote` serves 7 GB (of zeros that cost nothing) with 50 ms for every request, 100 ms more for
every connection and 20 MB/s in total, scans it in another process, prints a table and ends with 1 if a bound is missed.
"""

import json
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from core.demo.pickles import state_dict, torch_zip
from core.demo.server import DemoHub
from core.demo.store import NewCommit, NewFile, write_account, write_repository
from core.demo.tensors import gguf, safetensors
from core.repository import RepoReference, RepositoryId, RepositoryKind

NAME = "wide-shelf/everything"
_GIGABYTE = 1_070_000_000
_STORAGES = 300
_LARGEST_SHARE, _MOST_SECONDS = 0.001, 2.0
_ZIP_REQUESTS, _ZIP_BYTES = 4, 128_000


def main() -> int:
    """Serve, scan elsewhere, count."""
    if sys.argv[1:2] == ["--scan"]:
        return _scan(sys.argv[2], sys.argv[3:])
    with TemporaryDirectory(prefix="sallyport-remote-") as folder:
        files = dict(_files())
        made = datetime.now(UTC) - timedelta(days=500)
        write_account(Path(folder), "wide-shelf", {"createdAt": made.isoformat()})
        commits = {"main": [NewCommit("All files", files, made, "wide-shelf")]}
        write_repository(Path(folder), RepositoryKind.MODEL, NAME, commits, {})
        with DemoHub(Path(folder)) as hub:
            hub.knobs.latency, hub.knobs.connect_latency, hub.knobs.bytes_per_second = 0.05, 0.1, 20_000_000
            total = sum(file.size if isinstance(file, NewFile) else len(file) for file in files.values())
            whole = _ask(hub)
            one = _ask(hub, "model-1.pt")
    print(f"\n{len(files)} files, {total:,} bytes; 50 ms a request, 100 ms more a connection, 20 MB/s")
    print(f"{'':22} {'requests':>9} {'bytes':>12} {'share':>9} {'seconds':>8} {'checked':>8}")
    for title, cost, size in (("all files", whole, total), ("torch zip of 1 GB", one, files["model-1.pt"].size)):  # type: ignore[union-attr]
        share = cost["bytes"] / size
        numbers = f"{cost['requests']:9} {cost['bytes']:12,} {share:9.4%} {cost['seconds']:8.2f} {cost['checked']:8}"
        print(f"{title:22} {numbers}")
    missed = list(_missed(whole, one, total))
    for line in missed:
        print(f"MISSED: {line}")
    return 1 if missed else 0


def _missed(whole: dict[str, float], one: dict[str, float], total: int) -> Iterator[str]:
    if whole["bytes"] > _LARGEST_SHARE * total:
        yield f"{whole['bytes'] / total:.4%} of all bytes, wanted at most {_LARGEST_SHARE:.1%}"
    if whole["seconds"] > _MOST_SECONDS:
        yield f"{whole['seconds']:.2f} s, wanted at most {_MOST_SECONDS}"
    if one["requests"] > _ZIP_REQUESTS or one["bytes"] > _ZIP_BYTES:
        yield f"torch zip: {one['requests']} requests, {one['bytes']:,} bytes; wanted {_ZIP_REQUESTS}, {_ZIP_BYTES:,}"


def _ask(hub: DemoHub, *paths: str) -> dict[str, float]:
    """Requests and bytes for contents alone; the listing is counted by no scanner."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.remote", "--scan", hub.endpoint, *paths],
        capture_output=True,
        text=True,
        check=True,
    )
    cost: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    rows = [row for row in hub.log if row.method == "GET" and ("/resolve/" in row.path or row.origin == "cdn")]
    cost["requests"], cost["bytes"] = len(rows), sum(row.bytes_sent for row in rows)
    hub.log.clear()
    return cost


def _scan(endpoint: str, paths: list[str]) -> int:
    """The other process: list, then scan, and say how long the scan took."""
    from core.findings import FileState  # noqa: PLC0415  imports are not what is measured
    from core.hub.session import HubSession  # noqa: PLC0415
    from core.progress import CancelToken, ignore_progress  # noqa: PLC0415
    from core.scanning.engine import Target, scan  # noqa: PLC0415

    cancel = CancelToken()
    with HubSession(endpoint) as hub:
        snapshot = hub.snapshot(RepoReference(RepositoryId(RepositoryKind.MODEL, NAME)), ignore_progress, cancel)
        targets = [Target(file.path, file.size) for file in snapshot.files if not paths or file.path in paths]
        began = time.perf_counter()
        results = scan(targets, lambda path: hub.open(snapshot, path, cancel), ignore_progress, cancel)
        seconds = time.perf_counter() - began
    checked = sum(result.state is FileState.CHECKED for result in results)
    for result in results:
        if result.state is not FileState.CHECKED:
            print(result.path, result.state, result.reason)
    print(json.dumps({"seconds": seconds, "checked": checked}))
    return 0


def _files() -> Iterator[tuple[str, bytes | NewFile]]:
    shapes = {f"layer.{number}.weight": (_GIGABYTE // _STORAGES // 4,) for number in range(_STORAGES)}
    for number in range(1, 5):
        call = ("posix", "system", "echo benchmark") if number == 4 else None
        yield f"model-{number}.pt", _large(torch_zip(shapes, "remote", call, sparse=True), number)
    yield "model.safetensors", _large(safetensors(shapes, "remote", sparse=True), 5)
    head = gguf(
        {"w": (4, 4)},
        "remote",
        "llama",
        4096,
        [f"token number {n}" for n in range(128_000)],
        "{{ messages[0].content }}",
    )
    yield "model-Q8_0.gguf", _large(NewFile((head,)), 6)
    yield "model-2.safetensors", _large(safetensors(shapes, "more", sparse=True), 7)
    yield (
        "weights.nemo",
        _large(
            _tar(
                {
                    "model_config.yaml": NewFile((b"a: 1\n",)),
                    "model_weights.ckpt": torch_zip(shapes, "nemo", sparse=True),
                }
            ),
            8,
        ),
    )
    numbers = b"B" + (60_000_000).to_bytes(4, "little")
    yield "arrays.pkl", _large(NewFile((b"\x80\x03]", numbers, 60_000_000, b"a.")), 9)
    yield "optimizer.bin", state_dict({"w": (100, 100)})
    yield "config.json", json.dumps({"model_type": "llama", "hidden_size": 4096}).encode()
    yield "tokenizer.json", json.dumps({"model": {"vocab": {f"t{n}": n for n in range(5000)}}}).encode()
    yield "generation_config.json", b'{"temperature": 0.7}'
    yield "modeling.py", b"import torch\n\n\nclass Net(torch.nn.Module):\n    pass\n" * 40
    yield "README.md", b"# Everything\n\nA benchmark.\n"
    yield "notes.txt", b"some words\n" * 500


def _large(file: NewFile, number: int) -> NewFile:
    """With a hash that nobody computes: zeros by the gigabyte would take long."""
    return NewFile(file.pieces, sha256=f"{number:064x}")


def _tar(members: dict[str, NewFile]) -> NewFile:
    pieces: list[bytes | int] = []
    for path, file in members.items():
        info = tarfile.TarInfo(path)
        info.size = file.size
        pieces += [info.tobuf(), *file.pieces, -file.size % 512]
    return NewFile((*pieces, 1024))


if __name__ == "__main__":
    sys.exit(main())
