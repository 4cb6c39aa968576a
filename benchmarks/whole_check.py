"""What a whole check of 10 GB costs over a slow line, beside downloading the same with the Hub's own client.

A copy and its original, 10 GB each, with 50 ms for every request, 100 ms more for every connection and 20 MB/s in
total. The check is measured as it is. The download of 10 GB takes minutes: unless asked for, a smaller repository is
downloaded in fact, and what 10 GB take by the rate of the line alone is stated as such.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.scenes import build, templates
from benchmarks.scenes.architectures import MISTRAL, Decoder
from benchmarks.scenes.derived import copy, edited
from benchmarks.scenes.originals import card, checkpoint
from benchmarks.scenes.scene import Group, Page, Scene
from benchmarks.scenes.weights import sharded
from core.demo.server import DemoHub
from core.demo.store import NewFile

LATENCY, CONNECT_LATENCY, BYTES_PER_SECOND = 0.05, 0.1, 20_000_000
_MOST_SECONDS, _MOST_BYTES = 4.0, 10_000_000
_LARGE = replace(MISTRAL, layers=22)
"""About 9.9 GB in two bytes a number."""
_SMALL = replace(MISTRAL, layers=2, width=1024, inner=3584)


def main(download_all: bool) -> int:
    """Serve, check, download, print. Returns 1 if the check missed a bound."""
    pages = [page for size, decoder in (("large", _LARGE), ("small", _SMALL)) for page in _pair(size, decoder)]
    scene = Scene("cost", Group.IMPOSTOR, "", (), (), tuple(pages))
    with TemporaryDirectory(prefix="sallyport-cost-") as folder, DemoHub(build(Path(folder), (scene,))) as hub:
        hub.knobs.latency, hub.knobs.connect_latency = LATENCY, CONNECT_LATENCY
        hub.knobs.bytes_per_second = BYTES_PER_SECOND
        checked = _measured(hub, "--check", "mirror-large/Mistral-large-copy")
        size = "large" if download_all else "small"
        loaded = _measured(hub, "--download", f"mirror-{size}/Mistral-{size}-copy")
    total = _bytes(pages[1])
    print(f"\n50 ms a request, 100 ms more a connection, 20 MB/s; {total:,} bytes in {len(pages[1].files)} files")
    print(f"{'':50} {'requests':>9} {'bytes':>15} {'seconds':>8}")
    _row(f"whole check, verdict {checked['said']}", checked)
    print("  " + ", ".join(f"{step} {seconds}" for step, seconds in checked["steps"].items()))
    _row(f"snapshot_download, {'all' if download_all else 'a smaller one'}, measured", loaded)
    if not download_all:
        print(f"{'snapshot_download, all, by the rate alone':50} {'':9} {total:15,} {total / BYTES_PER_SECOND:8.0f}")
    missed = list(_missed(checked))
    for line in missed:
        print(f"MISSED: {line}")
    return 1 if missed else 0


def _missed(checked: dict[str, Any]) -> Iterator[str]:
    if checked["seconds"] > _MOST_SECONDS:
        yield f"{checked['seconds']:.2f} s, wanted at most {_MOST_SECONDS}"
    if checked["bytes"] > _MOST_BYTES:
        yield f"{checked['bytes']:,} bytes, wanted at most {_MOST_BYTES:,}"


def _row(title: str, cost: dict[str, Any]) -> None:
    print(f"{title:50} {cost['requests']:9} {cost['bytes']:15,} {cost['seconds']:8.2f}")


def _measured(hub: DemoHub, *arguments: str) -> dict[str, Any]:
    """Run this module in another process; requests and bytes as the server counted them, bodies only."""
    hub.log.clear()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.whole_check", *arguments, hub.endpoint],
        capture_output=True,
        text=True,
        check=True,
    )
    cost: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    cost["requests"], cost["bytes"] = len(hub.log), sum(row.bytes_sent for row in hub.log)
    return cost


def _check(name: str, endpoint: str) -> dict[str, object]:
    from core.hub.session import HubSession  # noqa: PLC0415  imports are not what is measured
    from core.progress import CancelToken, ignore_progress  # noqa: PLC0415
    from core.reference import parse  # noqa: PLC0415
    from core.vetting import vet  # noqa: PLC0415

    reference = parse(name, endpoint)
    began = time.perf_counter()
    with HubSession(endpoint) as hub:
        report = vet(reference, hub, ignore_progress, CancelToken(), demo=True)
    steps = {step.value: round(seconds, 2) for step, seconds in report.timings}
    return {"seconds": time.perf_counter() - began, "said": report.verdict.level, "steps": steps}


def _download(name: str, endpoint: str) -> dict[str, object]:
    code = (
        "import sys, time, huggingface_hub as hub\n"
        "began = time.perf_counter()\n"
        "hub.snapshot_download(sys.argv[1], local_dir=sys.argv[2])\n"
        "print(time.perf_counter() - began)\n"
    )
    quiet = {"HF_HUB_DISABLE_XET": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "HF_HUB_DISABLE_PROGRESS_BARS": "1"}
    with TemporaryDirectory(prefix="sallyport-download-") as folder:
        done = subprocess.run(
            [sys.executable, "-c", code, name, f"{folder}/here"],
            env={"HF_ENDPOINT": endpoint, "HF_HOME": f"{folder}/home", "PATH": "", **quiet},
            capture_output=True,
            text=True,
            check=True,
        )
    return {"seconds": float(done.stdout.split()[-1])}


def _pair(size: str, decoder: Decoder) -> Iterator[Page]:
    """An original of a listed publisher, and a copy of it with a program beside the weights."""
    text = card("mistral-7b-instruct-v0.3").replace("Mistral-7B-Instruct-v0.3", f"Mistral-{size}-copy")
    original = Page(
        f"mistralai/Mistral-{size}-copy",
        {
            "README.md": text.encode(),
            "config.json": decoder.config(),
            **templates.tokenizer("mistral", templates.MISTRAL),
            **sharded(decoder.tensors, f"cost {size}", 4),
            "original/consolidated.00.pth": checkpoint(f"cost {size}", 300),
        },
        500,
    )
    yield original
    told = edited(text, ("\n## Download\n", "\n## Start\n\nRun `start.bat`.\n\n## Download\n"))
    yield copy(original, f"mirror-{size}/Mistral-{size}-copy", 3, {"README.md": told, "start.bat": b"@echo demo\r\n"})


def _bytes(page: Page) -> int:
    return sum(file.size if isinstance(file, NewFile) else len(file) for file in page.files.values())


if __name__ == "__main__":
    work = {"--check": _check, "--download": _download}[sys.argv[1]]
    print(json.dumps(work(*sys.argv[2:4])))
