"""The engine beside its peers, in one run: who finds what, who cries wolf, and what it costs.

`python -m benchmarks.scan [corpus|speed]` prints tables and ends with 1 if a stated bound is missed. The peers are
installed into `artifacts/peers` on the first run; those that cannot be are left out.
"""

import json
import subprocess
import sys
import time
import venv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.corpus import Label, Sample, samples
from benchmarks.inputs import INPUTS, Input
from benchmarks.measured import Cost, measure
from benchmarks.peers import REQUIREMENTS
from core.findings import LEVEL_ORDER, FileState, Level, worst
from core.scanning import names
from core.scanning.byte_sources import BytesFile
from core.scanning.inspection import Surroundings
from core.scanning.routing import examine

ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT / "artifacts" / "peers"
SCRIPT = ROOT / "benchmarks" / "peers.py"


def main() -> int:
    """Both parts, or the one that is named."""
    python = _peers()
    parts = sys.argv[1:] or ["corpus", "speed"]
    missed = []
    if "corpus" in parts:
        missed += corpus(python)
    if "speed" in parts:
        missed += speed(python)
    for line in missed:
        print(f"MISSED: {line}")
    return 1 if missed else 0


# -- corpus --


def corpus(python: Path | None) -> list[str]:
    """Recall and false alarms of everybody on the labelled corpus."""
    chosen = tuple(samples())
    counts = Counter(sample.label for sample in chosen)
    print(f"\n{counts[Label.HIGH]} high, {counts[Label.CAREFUL]} careful, {counts[Label.BENIGN]} ordinary files")
    print(
        f"{'':12} {'attacks flagged':>16} {'careful flagged':>16} {'ordinary flagged':>17} {'errors':>7} {'seconds':>8}"
    )
    began = time.perf_counter()
    levels = {sample.id: _level(sample) for sample in chosen}
    _row(
        "sallyport", chosen, {name for name, level in levels.items() if _alarms(level)}, 0, time.perf_counter() - began
    )
    at_high = sum(levels[sample.id] in {Level.HIGH, Level.KNOWN_BAD} for sample in chosen if sample.label is Label.HIGH)
    print(f"{'  at “high”':12} {at_high / counts[Label.HIGH]:16.1%}")
    with TemporaryDirectory(prefix="sallyport-corpus-") as folder:
        paths = dict(_written(chosen, Path(folder)))
        for tool in _tools(python):
            flagged, errors, seconds = _ask(python, tool, paths)
            _row(tool, chosen, flagged, errors, seconds)
    return list(_missed(chosen, levels))


def _level(sample: Sample) -> Level:
    paths = frozenset({sample.path, *sample.beside})
    seen = examine(BytesFile(sample.content), sample.path, Surroundings.of(paths))
    found = (*seen.findings.values(), *names.findings(sorted(paths)).get(sample.path, ()))
    unread = () if seen.state is FileState.CHECKED else (Level.NOT_CHECKED,)
    return worst((*(one.level for one in found), *unread))


def _alarms(level: Level) -> bool:
    return LEVEL_ORDER.index(level) >= LEVEL_ORDER.index(Level.CAREFUL)


def _row(name: str, chosen: tuple[Sample, ...], flagged: set[str], errors: int, seconds: float) -> None:
    shares = []
    for label in (Label.HIGH, Label.CAREFUL, Label.BENIGN):
        ids = [sample.id for sample in chosen if sample.label is label]
        shares.append(sum(one in flagged for one in ids) / len(ids))
    print(f"{name:12} {shares[0]:16.1%} {shares[1]:16.1%} {shares[2]:17.1%} {errors:7} {seconds:8.1f}")


def _missed(chosen: tuple[Sample, ...], levels: dict[str, Level]) -> Iterator[str]:
    attacks = [sample for sample in chosen if sample.label is Label.HIGH]
    listed = [sample for sample in chosen if sample.label is not Label.BENIGN]
    ordinary = [sample for sample in chosen if sample.label is Label.BENIGN]
    found = sum(_alarms(levels[sample.id]) for sample in listed) / len(listed)
    at_high = sum(levels[sample.id] is Level.HIGH for sample in attacks) / len(attacks)
    alarmed = sum(_alarms(levels[sample.id]) for sample in ordinary) / len(ordinary)
    if found < 0.99:
        yield f"recall {found:.1%}, wanted 99 %"
    if at_high < 0.95:
        yield f"recall at high {at_high:.1%}, wanted 95 %"
    if alarmed > 0.03:
        yield f"false alarms {alarmed:.1%}, wanted at most 3 %"
    if any(levels[sample.id] is Level.HIGH for sample in ordinary):
        yield "an ordinary file is called high risk"


def _written(chosen: tuple[Sample, ...], folder: Path) -> Iterator[tuple[str, str]]:
    """Path on disk -> id; names that no disk should hold are replaced."""
    for number, sample in enumerate(chosen):
        name = sample.path.rpartition("/")[2].replace(":", "_").replace("\\", "_")[-60:]
        place = folder / f"{number:04}" / name
        place.parent.mkdir()
        place.write_bytes(sample.content)
        yield str(place), sample.id


def _ask(python: Path | None, tool: str, paths: dict[str, str]) -> tuple[set[str], int, float]:
    began = time.perf_counter()
    done = subprocess.run(
        [str(python), str(SCRIPT), tool],
        input="\n".join(paths),
        capture_output=True,
        text=True,
        check=False,
        timeout=3600,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]
    flagged = {paths[path] for path, hit, _ in answers if hit}
    errors = sum(bool(error) for *_, error in answers) + len(paths) - len(answers)
    return flagged, errors, time.perf_counter() - began


# -- speed --


def speed(python: Path | None) -> list[str]:
    """Whole commands on large and on many files: seconds and memory of all processes."""
    missed: list[str] = []
    tools = _tools(python)
    with TemporaryDirectory(prefix="sallyport-speed-") as folder:
        for one in INPUTS:
            target = Path(folder) / one.name
            one.write(target)
            costs = {
                "sallyport": measure(
                    [sys.executable, "-m", "gui", "scan", str(target), "--json", "-"], ROOT, one.rounds
                )
            }
            for tool in ("picklescan", "modelscan"):
                if python is not None and tool in tools and tool in one.peers:
                    command = [str(python.parent / tool), "-p", str(target)]
                    costs[tool] = measure(command, Path(folder), one.rounds)
            _print_costs(one, costs)
            missed += _missed_costs(one, costs)
    return missed


def _print_costs(one: Input, costs: dict[str, Cost]) -> None:
    print(f"\n{one.title}")
    for tool, cost in costs.items():
        ratio = f"{costs['sallyport'].seconds / cost.seconds:5.2f} times its time" if tool != "sallyport" else ""
        print(f"  {tool:12} {cost.seconds:7.2f} s {cost.megabytes:6.0f} MB  {ratio}")


def _missed_costs(one: Input, costs: dict[str, Cost]) -> Iterator[str]:
    ours = costs["sallyport"]
    peer = costs.get("picklescan")
    if peer is not None and ours.seconds > one.ratio * peer.seconds:
        yield f"{one.title}: {ours.seconds / peer.seconds:.2f} times picklescan, wanted at most {one.ratio}"
    if one.megabytes and ours.megabytes > one.megabytes:
        yield f"{one.title}: {ours.megabytes:.0f} MB, wanted at most {one.megabytes}"
    other = costs.get("modelscan")
    if one.faster_than_modelscan and other is not None and ours.seconds > other.seconds:
        yield f"{one.title}: {ours.seconds:.1f} s, modelscan {other.seconds:.1f} s"


def _peers() -> Path | None:
    """The interpreter that has the peers, None if they cannot be installed."""
    python = PEERS / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    if not python.exists():
        venv.create(PEERS, with_pip=True)
        for requirement in REQUIREMENTS:
            subprocess.run([str(python), "-m", "pip", "install", "-q", requirement], check=False)
    return python if _tools(python) else None


def _tools(python: Path | None) -> list[str]:
    if python is None:
        return []
    return subprocess.run(
        [str(python), str(SCRIPT), "--list"], capture_output=True, text=True, check=False
    ).stdout.split()


if __name__ == "__main__":
    sys.exit(main())
