"""Looks for cards that take long: `python -m benchmarks.fuzz_cards [SECONDS] [--seed N] [--window]`.

Cards are put together from constructs of Markdown and HTML: repeated, nested, alternated, mixed. Each is parsed, with
`--window` also laid out as the window does it. The slowest are printed with the recipe that makes them again; what is
worth keeping goes into `tests/core/comparison/hostile_cards.py`. Ends with 1 if one took longer than a second of
processor time. Whatever a card makes hang is reported after `HANGS` seconds, with its recipe, by the watching thread.
"""

import argparse
import faulthandler
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from core.comparison.card import MAX_BLOCKS, parse_card

BOUND = 1.0
"""Seconds of processor time for one card."""
HANGS = 60
_LARGEST = 200_000
"""Characters of one card."""

PIECES = tuple(
    (
        "[ ] ( ) * ** _ __ ~~ ` ``` > - + 1. # | || \\ ! ![ ]( [^ ]: : :-- --- === < > <a <b> </b> <!-- --> <? ]]> "
        "<![CDATA[ &amp; &#x202e; &#0; &nbsp; http:// https://a.invalid www. @ a@b.c mailto: javascript: file:/// "
        "data: //host/share <p> <div> <table> <tr> <td> <li> <ul> <ol> <blockquote> <pre> <code> <details> "
        "<summary> <h1> <br> <hr> <img> <a> <span> <font> <svg> <math> <style> <script> <template> <textarea> "
        "<select> <option> <button> <form> <iframe> <sup> </p> </div> </table> </td> </li> </ul> </a> </pre> </code> "
        "</style> </script> <b\xa0 <i\x00 \u202e \u200b \ufe0f \u0301 [x] - [x] [a][b] [^1] [^1]: $ $$ \\( \\) {{ }} "
        ":smile: x aa 1 漢 😀 🏳️\u200d🌈 é \u0e49 \ufdfa"
    ).split(" ")
)
OPENINGS = (
    "<div>",
    "<b>",
    "<b id={n}>",
    "<font color=#{n:06x}>",
    "<a href=https://h{n}.invalid>",
    "<table><tr><td>",
    "<td colspan={n}>",
    "<ul><li>",
    "<ol start={n}><li>",
    "<blockquote>",
    "<pre>",
    "<details><summary>{n}</summary>",
    "<p>",
    "<dl><dd>",
    "<span style='color:#fff;n:{n}'>",
    "<h1>",
    "<sup>",
    "<code>",
    "<td>",
    "> ",
    "- ",
    "1. ",
    "[",
    "![",
    "*",
    "**",
    "~~",
    "[^{n}]: ",
)
BLANKS = ("", " ", "\n", "\n\n", "\t", "  \n", "\n    ", "\n> ", "\n- ", "\n| ")


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a card is made: a seed for the generator below."""

    seed: int

    def card(self) -> str:
        """The card."""
        chance = random.Random(self.seed)
        parts = [_part(chance) for _ in range(chance.choice((1, 1, 1, 2, 3)))]
        return chance.choice(BLANKS).join(parts)[:_LARGEST]


def _part(chance: random.Random) -> str:
    return chance.choice((_repeated, _nested, _alternated, _table, _mixed))(chance)


def _times(chance: random.Random) -> int:
    return int(10 ** chance.uniform(0.5, 4.7))


def _repeated(chance: random.Random) -> str:
    piece = "".join(chance.choices(PIECES, k=chance.randint(1, 4))) + chance.choice(BLANKS)
    return piece * min(_times(chance), _LARGEST // max(1, len(piece)))


def _numbered(pattern: str, count: int) -> Iterator[str]:
    return (pattern.replace("{n}", str(n)).replace("{n:06x}", f"{n:06x}") for n in range(count))


def _nested(chance: random.Random) -> str:
    opening = "".join(chance.choices(OPENINGS, k=chance.randint(1, 3))) + chance.choice(BLANKS[:4])
    count = min(_times(chance), _LARGEST // max(1, len(opening)))
    text = "".join(_numbered(opening, count)) + "".join(chance.choices(PIECES, k=3))
    if chance.random() < 0.5:
        tags = [part.partition(">")[0].split(" ")[0] for part in opening.split("<")[1:]]
        text += "".join(f"</{tag}>" for tag in reversed(tags)) * count
    return text


def _alternated(chance: random.Random) -> str:
    one, other = chance.choice(OPENINGS), chance.choice(PIECES + OPENINGS)
    between = chance.choice(BLANKS)
    pattern = one + between + other
    return "".join(_numbered(pattern, min(_times(chance), _LARGEST // max(1, len(pattern)))))


def _table(chance: random.Random) -> str:
    columns, rows = chance.choice(((2, 3000), (100, 100), (1000, 5), (20, 500), (1, 9000)))
    head = "|" + "a|" * columns + "\n|" + "-|" * columns + "\n"
    return head + ("|" + f"{chance.choice(PIECES)}|" * chance.choice((columns, 1))).join(["\n"] * rows)


def _mixed(chance: random.Random) -> str:
    return "".join(chance.choices(PIECES + BLANKS + OPENINGS, k=min(_times(chance), 30_000)))


def laid_out() -> Callable[[str], int]:
    """Parse and lay out, as the window does; how many characters stand in the document."""
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415  only with --window

    from gui.widgets.card_document import card_sheet  # noqa: PLC0415  as above
    from tests.gui.card_page import CardPage  # noqa: PLC0415  as above

    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    page = CardPage(app)

    def work(source: str) -> int:
        page.lay_out(card_sheet(parse_card(source).blocks).pieces())
        if page.view.requested:
            raise AssertionError(f"asked for {page.view.requested}")
        return page.view.document().characterCount()

    return work


def _parsed(source: str) -> int:
    card = parse_card(source)
    if len(card.blocks) > MAX_BLOCKS:
        raise AssertionError("too many blocks")
    return sum(len(block.html) for block in card.blocks)


def main() -> int:
    """Fuzz for so long, print the slowest."""
    options = argparse.ArgumentParser()
    options.add_argument("seconds", type=float, nargs="?", default=60.0)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--window", action="store_true")
    given = options.parse_args()
    work = laid_out() if given.window else _parsed
    found: list[tuple[float, int, int, int]] = []
    ends, seed = time.monotonic() + given.seconds, given.seed
    while time.monotonic() < ends:
        card = Recipe(seed).card()
        print(f"\rseed {seed}", end="", file=sys.stderr, flush=True)
        faulthandler.dump_traceback_later(HANGS, exit=True)
        began = time.process_time()
        written = work(card)
        found.append((time.process_time() - began, seed, len(card), written))
        faulthandler.cancel_dump_traceback_later()
        seed += 1
    print(f"\n{len(found)} cards")
    for seconds, one, length, written in sorted(found, reverse=True)[:12]:
        print(f"{seconds:7.3f} s  seed {one:6}  {length:7} characters, {written:8} shown: {Recipe(one).card()[:60]!r}")
    return int(any(seconds > BOUND for seconds, *_ in found))


if __name__ == "__main__":
    sys.exit(main())
