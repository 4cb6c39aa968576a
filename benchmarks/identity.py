"""Who is taken for whom: all scenes of `benchmarks/scenes`, checked through the real client against the demo hub.

`python -m benchmarks.identity` prints a table by group, every miss, and how many requests a check takes; it ends with
1 if a bound is missed. `--all` prints one line for every scene. `python -m benchmarks.identity cost` measures what a
whole check of 10 GB costs over a slow line; with `--download` it downloads 10 GB beside it, which takes minutes and as
much disk.
"""

import statistics
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import whole_check
from benchmarks.scenes import build, scenes
from benchmarks.scenes.checking import Outcome, check
from benchmarks.scenes.scene import Group
from core.demo.server import DemoHub
from core.identity.results import Confidence

_RIGHT_ORIGINALS = 0.95


def main() -> int:
    """Build, serve, check all, count; or measure the cost."""
    if "cost" in sys.argv:
        return whole_check.main("--download" in sys.argv)
    with TemporaryDirectory(prefix="sallyport-scenes-") as folder, DemoHub(build(Path(folder))) as hub:
        outcomes = [check(hub, scene) for scene in scenes()]
    if "--all" in sys.argv:
        _print_all(outcomes)
    _print_table(outcomes)
    missed = list(_missed(outcomes))
    for line in missed:
        print(f"MISSED: {line}")
    return 1 if missed else 0


def _print_all(outcomes: Sequence[Outcome]) -> None:
    for one in outcomes:
        sign = " " if one.right_original else "x"
        found = f"{one.original or '-'} ({one.confidence or '-'}, {one.relation or '-'})"
        cost = f"{one.requests:3} {one.requests_for_original:3}"
        print(f"{one.scene.group:12} {one.level:12} {sign} {cost} {one.scene.title}: {one.scene.address} -> {found}")
    print()


def _print_table(outcomes: Sequence[Outcome]) -> None:
    print(f"{'group':12} count  high original right  sure likely guess wrongly sure")
    for group in Group:
        own = [one for one in outcomes if one.scene.group is group]
        named = Counter(one.confidence for one in own if one.original is not None)
        right, wrong = sum(one.right_original for one in own), sum(one.wrongly_sure for one in own)
        high = sum(one.alarm for one in own)
        sure = f"{named[Confidence.SURE]:5} {named[Confidence.LIKELY]:6} {named[Confidence.GUESS]:5}"
        print(f"{group:12} {len(own):5} {high:5} {right:7} {f'({right / len(own):.0%})':6} {sure} {wrong:12}")
    every = [one.requests for one in outcomes]
    searches = [one.requests_for_original for one in outcomes]
    print(f"\nrequests for a whole check: {statistics.mean(every):.0f} on average, {max(every)} at most")
    print(f"of them for the original:   {statistics.mean(searches):.1f} on average, {max(searches)} at most")


def _missed(outcomes: Sequence[Outcome]) -> Iterator[str]:
    for one in outcomes:
        for miss in one.misses():
            yield f"{one.scene.address} ({one.scene.title}): {miss}"
    right = sum(one.right_original for one in outcomes) / len(outcomes)
    if right < _RIGHT_ORIGINALS:
        yield f"the right original in {right:.1%}, wanted {_RIGHT_ORIGINALS:.0%}"


if __name__ == "__main__":
    sys.exit(main())
