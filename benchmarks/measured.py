"""What a command costs: seconds, and memory of all its processes together."""

import statistics
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

_EVERY = 0.05
"""Seconds between two looks at the memory."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Median seconds, and the most memory seen (proportional set size; 0 where the system does not tell)."""

    seconds: float
    megabytes: float


def measure(command: list[str], folder: Path, rounds: int = 3) -> Cost:
    """Run a command several times. Its memory is looked at in one more run, which is not timed."""
    seconds = []
    for _ in range(rounds):
        began = time.perf_counter()
        subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        seconds.append(time.perf_counter() - began)
    return Cost(statistics.median(seconds), _memory(command, folder))


def _memory(command: list[str], folder: Path) -> float:
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    most = [0.0]
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(_EVERY):
            most[0] = max(most[0], sum(map(_of_one, _family(process.pid))))

    watcher = threading.Thread(target=watch)
    watcher.start()
    process.wait()
    ended.set()
    watcher.join()
    return most[0]


def _family(parent: int) -> list[int]:
    found = [parent]
    for one in found:
        for thread in _listed(f"/proc/{one}/task"):
            children = _read(f"/proc/{one}/task/{thread}/children")
            found += [int(child) for child in children.split()]
    return found


def _of_one(process: int) -> float:
    line = next((line for line in _read(f"/proc/{process}/smaps_rollup").splitlines() if line.startswith("Pss:")), "")
    return int(line.split()[1]) / 1000 if line else 0.0


def _listed(folder: str) -> list[str]:
    try:
        return [place.name for place in Path(folder).iterdir()]
    except OSError:
        return []


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return ""
