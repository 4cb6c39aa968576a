"""Who is taken for an imitator: `python -m benchmarks.lookalike [SEED]`.

Three figures, each with its bound; ends with 1 if one is missed, and names every name that was judged wrongly.
- listed publishers: each one's accounts against all the others', as if it were not on the list itself
- 300 made-up imitations of listed accounts
- 1,000 ordinary names of people, clubs and laboratories
"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from benchmarks.account_names import Imitation, imitations, ordinary
from core.address import PUBLIC_ENDPOINT
from core.identity.lookalike import Lookalike, find
from core.identity.publishers import Directory, directory_for

SEED = 2026
IMITATIONS, ORDINARY = 300, 1000
LEAST_FOUND, MOST_ORDINARY = 0.98, 0.01


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. `wrong`: what was judged wrongly, for a reader."""

    title: str
    asked: int
    flagged: int
    wanted: str
    holds: bool
    wrong: tuple[str, ...]


def main(arguments: list[str]) -> int:
    """Measure and print."""
    directory = directory_for(PUBLIC_ENDPOINT)
    seed = int(arguments[0]) if arguments else SEED
    rows = measured(directory, seed)
    print(f"{len(directory.publishers)} publishers, {sum(len(one.accounts) for one in directory.publishers)} accounts")
    print(f"{'':28} {'names':>6} {'flagged':>8} {'share':>8}  wanted")
    for row in rows:
        print(f"{row.title:28} {row.asked:6} {row.flagged:8} {row.flagged / row.asked:8.2%}  {row.wanted}")
        for line in row.wrong:
            print(f"    {line}")
    missed = [row for row in rows if not row.holds]
    for row in missed:
        print(f"MISSED: {row.title}: {row.wanted}")
    return 1 if missed else 0


def measured(directory: Directory, seed: int, made: int = IMITATIONS, plain: int = ORDINARY) -> tuple[Row, ...]:
    """All figures, by how many made-up names of each sort."""
    return (*_listed(directory), measured_imitations(directory, seed, made), measured_ordinary(directory, seed, plain))


def _listed(directory: Directory) -> Iterator[Row]:
    """Twice: as the program asks, and with the publisher taken off the list, which is harder."""
    accounts = [(publisher, account) for publisher in directory.publishers for account in publisher.accounts]
    as_asked = [_said(account, alike) for _, account in accounts if (alike := find(account, directory))]
    yield Row("listed publishers", len(accounts), len(as_asked), "none", not as_asked, tuple(as_asked))
    rest = {
        publisher: Directory(one for one in directory.publishers if one is not publisher)
        for publisher in directory.publishers
    }
    found = [(account, alike) for publisher, account in accounts if (alike := find(account, rest[publisher]))]
    imitating = [_said(account, alike) for account, alike in found if alike.is_imitation]
    title = "the same, if not listed"
    yield Row(title, len(accounts), len(imitating), "none", not imitating, tuple(imitating))
    naming = tuple(_said(account, alike) for account, alike in found if not alike.is_imitation)
    yield Row("  brand or family in them", len(accounts), len(naming), "at most 1 %", _few(naming, accounts), naming)


def _few(some: Iterable[object], of: Iterable[object]) -> bool:
    return len(list(some)) <= MOST_ORDINARY * len(list(of))


def measured_imitations(directory: Directory, seed: int, count: int) -> Row:
    """How many made-up imitations are found, and pointed back at whom they imitate."""
    made = imitations(directory, count, seed)
    missed = [one for one in made if not _points_at(find(one.name, directory), one)]
    found = len(made) - len(missed)
    kinds = Counter(one.kind for one in missed)
    wrong = (*(f"{one.name}: {one.kind}, of {one.original}" for one in missed), *_spread(kinds))
    return Row("imitations", len(made), found, f"at least {LEAST_FOUND:.0%}", found >= LEAST_FOUND * len(made), wrong)


def _points_at(alike: Lookalike | None, imitation: Imitation) -> bool:
    """To be told that somebody else is imitated would send the person elsewhere; a family can have two makers."""
    if alike is None or alike.publisher is None:
        return False
    return alike.publisher.id == imitation.publisher or imitation.kind.startswith("family")


def _spread(kinds: Counter[str]) -> Iterator[str]:
    if kinds:
        yield "not found by kind: " + ", ".join(f"{kind} {count}" for kind, count in kinds.most_common())


def measured_ordinary(directory: Directory, seed: int, count: int) -> Row:
    """How many ordinary names are taken for imitations."""
    names = ordinary(count, seed)
    flagged = [_said(name, alike) for name in names if (alike := find(name, directory))]
    holds = len(flagged) <= MOST_ORDINARY * len(names)
    return Row("ordinary names", len(names), len(flagged), f"at most {MOST_ORDINARY:.0%}", holds, tuple(flagged))


def _said(name: str, alike: Lookalike) -> str:
    return f"{name}: {alike.likeness} of {alike.name} ({alike.account})"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
