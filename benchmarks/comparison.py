"""What comparing costs: `python -m benchmarks.comparison` prints a table and ends with 1 if a bound is missed.

Seconds of processor time of this process, the least of several runs. Reading a card is listed for its own sake: the
bound on comparing is on what comes after it. The first screen is what a person waits for when the cards are ready:
rows written as HTML, and laid out until the view is full; "longest stop" is the longest that the window is held up.
"""

import os
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if sys.platform == "linux":
    os.environ.setdefault("LC_ALL", "C.UTF-8")

from PySide6.QtWidgets import QApplication

from benchmarks.fuzz_cards import laid_out
from core.comparison.card import parse_card
from core.comparison.cards import compare_cards
from core.comparison.findings import findings
from core.comparison.lines import compare_lines, pieces_differ
from core.comparison.results import Card, CardComparison, Comparison, Row
from gui.widgets.card_document import cards_sheet
from tests.core.comparison.hostile_cards import hostile_cards
from tests.gui.card_page import CardPage

_ROUNDS = 5
_SCREEN = 900
"""Pixels of height."""
_STARTS, _ENDS = "ba de fi go hu ka le mi no pu".split(), "rn st l mp nd ck ng sh".split()
_WORDS = [start + end for start in _STARTS for end in _ENDS]
_PROGRAMS = ("loader.py", "start.bat", "setup.sh")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table; `bound` None: no bound."""

    what: str
    seconds: float
    bound: float | None = None

    @property
    def missed(self) -> bool:
        """True if it took longer than it may."""
        return self.bound is not None and self.seconds > self.bound

    def __str__(self) -> str:
        bound = f"under {self.bound * 1000:5.0f} ms" if self.bound is not None else ""
        return f"{self.what:64} {self.seconds * 1000:8.1f} ms   {bound}{'   MISSED' if self.missed else ''}"


def card(characters: int, blocks: int, seed: int) -> str:
    """A card of ordinary parts: prose, lists of links, tables, code; about so long, exactly so many blocks."""
    chance = random.Random(seed)
    length = max(20, characters // blocks)
    return "\n\n".join(_block(chance, number, length) for number in range(blocks)) + "\n"


def changed(source: str, seed: int) -> str:
    """The copy: a word in every tenth block is another, ten blocks are missing, commands and links are added."""
    chance = random.Random(seed)
    blocks = source.split("\n\n")
    for place in range(0, len(blocks), 10):
        words = blocks[place].split(" ")
        words[chance.randrange(len(words))] = "changed"
        blocks[place] = " ".join(words)
    del blocks[len(blocks) // 2 : len(blocks) // 2 + 10]
    blocks.insert(5, "```bash\npip install rare\npython loader.py\n```\n\nSee [more](https://bit.ly/x) and start.bat.")
    return "\n\n".join(blocks)


def _block(chance: random.Random, number: int, length: int) -> str:
    kind = number % 8
    if kind == 0:
        return f"## {_prose(chance, 30)}"
    if kind == 1:
        return f"```python\n{_prose(chance, length // 2)}\nprint({number})\n```"
    if kind == 2:
        links = (f"- [{_prose(chance, 12)}](https://papers.example/{number}/{one})" for one in range(length // 60 + 1))
        return "\n".join(links)
    if kind == 3:
        rows = (f"| {_prose(chance, 15)} | {chance.random():.3f} |" for _ in range(length // 30 + 1))
        return "| model | score |\n|---|---|\n" + "\n".join(rows)
    return _prose(chance, length)


def _prose(chance: random.Random, length: int) -> str:
    return " ".join(chance.choices(_WORDS, k=max(1, length // 5))).capitalize()


def least(work: Callable[[], object], rounds: int = _ROUNDS) -> float:
    """The least seconds of processor time of several runs."""
    seconds = []
    for _ in range(rounds):
        began = time.process_time()
        work()
        seconds.append(time.process_time() - began)
    return min(seconds)


def first_screen(app: QApplication, rows: tuple[Row, ...]) -> tuple[float, float]:
    """Seconds from rows to a full view, and the longest stop until all of the first part is laid out."""
    page = CardPage(app, 1000, _SCREEN)
    view = page.view
    began = time.process_time()
    view.show_pieces(cards_sheet(rows, only_differences=False).pieces())
    full = 0.0
    stops = [time.process_time() - began]
    while True:
        turn = time.process_time()
        app.processEvents()
        stops.append(time.process_time() - turn)
        if not full and (not view.busy or view.document().size().height() > _SCREEN):
            full = time.process_time() - began
        if not view.busy:
            return full, max(stops[1:])


def _cards() -> list[Line]:
    original = card(400_000, 2000, 1)
    copy = changed(original, 2)
    there, here = parse_card(original), parse_card(copy)
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)

    def compared() -> CardComparison:
        return compare_cards(there, here, _PROGRAMS)

    fewer = card(400_000, 300, 3)
    long, long_here = parse_card(fewer), parse_card(changed(fewer, 4))
    unlike = parse_card(card(400_000, 2000, 5))
    screens = [first_screen(app, compared().rows) for _ in range(_ROUNDS)]
    few = least(lambda: compare_cards(long, long_here, _PROGRAMS))
    return [
        Line("reading a card of 400 kB, 2,000 blocks", least(lambda: parse_card(original))),
        Line("comparing two cards of 400 kB, 2,000 blocks", least(compared), 0.100),
        Line("comparing two cards of 400 kB, 300 blocks", few, 0.100),
        Line("comparing unlike cards of 400 kB", least(lambda: compare_cards(there, unlike, _PROGRAMS)), 0.100),
        Line("first screen of a pair of 2,000 blocks", min(full for full, _ in screens), 0.300),
        Line("longest stop of the window while it is filled", min(stop for _, stop in screens), 0.050),
    ]


def _hostile() -> list[Line]:
    work = laid_out()
    shown: list[tuple[float, str]] = []
    compared: list[tuple[float, str]] = []
    for name, make in hostile_cards().items():
        source = make()
        shown.append((least(lambda source=source: work(source), rounds=2), name))  # type: ignore[misc]
        there, here = parse_card(source), parse_card("new\n\n" + source.replace("a", "aa b")[:1_000_000])
        compared.append((least(lambda there=there, here=here: _judged(there, here), rounds=1), name))  # type: ignore[misc]
    found = [("read and shown", *one) for one in sorted(shown, reverse=True)[:5]]
    found += [("compared and judged", *one) for one in sorted(compared, reverse=True)[:3]]
    return [Line(f"hostile card, {done}: {name}", seconds, 1.0) for done, seconds, name in found]


def _judged(there: Card, here: Card) -> int:
    return len(findings(Comparison(here, there, compare_cards(there, here, _PROGRAMS))))


def _files() -> list[Line]:
    lines = "\n".join(f"line {number % 997}" for number in range(20_000))
    other = lines.replace("line 13\n", "other\n")
    words = b",\n".join(b'"word %d": %d' % (number, number) for number in range(250_000))
    return [
        Line("comparing texts of 20,000 lines", least(lambda: compare_lines(lines, other)), 0.5),
        Line("comparing vocabularies of 250,000 words", least(lambda: pieces_differ(words, words + b',"new": 1')), 0.5),
    ]


def main() -> int:
    """Measure, print, tell whether all bounds hold."""
    lines = [*_cards(), *_files(), *_hostile()]
    for line in lines:
        print(line)
    return int(any(line.missed for line in lines))


if __name__ == "__main__":
    sys.exit(main())
