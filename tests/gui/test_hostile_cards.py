"""Cards made to do harm, in the widget that shows cards: nothing is fetched, nothing opened, nothing lost."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from core.comparison.card import MAX_BLOCKS, parse_card
from core.comparison.cards import compare_cards
from gui.widgets.card_document import card_sheet, cards_sheet
from tests.core.comparison.hostile_cards import hostile_cards
from tests.gui.card_page import CardPage
from tests.gui.showing_cards import BAIT, BEGIN, CONTROL, END

# Whether this computer has a font for every script is not what these tests are about.
pytestmark = pytest.mark.qt_log_ignore("OpenType support missing", extend=True)

CARDS = hostile_cards()
ORDINARY = "# Model\n\nWords that stay, and [a link](https://a.invalid).\n"
MOST_HTML = 6 * 1024 * 1024
"""Characters, of cards of at most 1 MiB; every hidden character becomes eight."""


@pytest.fixture
def page(qapp: QApplication) -> CardPage:
    return CardPage(qapp)


@pytest.mark.parametrize("make", CARDS.values(), ids=CARDS)
def test_a_hostile_card_is_shown_and_asks_for_nothing(page: CardPage, make: Callable[[], str]) -> None:
    card = parse_card(make())
    assert len(card.blocks) <= MAX_BLOCKS
    assert sum(len(block.html) for block in card.blocks) < MOST_HTML
    page.lay_out(card_sheet(card.blocks).pieces())
    words = letters(page.view.toPlainText())
    assert words.startswith(letters("".join(block.text for block in card.blocks[:3]))[:200])
    rows = compare_cards(parse_card(ORDINARY), card, ("loader.py",)).rows
    page.lay_out(cards_sheet(rows, only_differences=False).pieces())
    assert "Words that stay" in page.view.toPlainText()
    assert page.view.requested == []


def letters(text: str) -> str:
    """What remains when blanks and the signs of lists are left out."""
    return re.sub(r"[\s•|\ufffc\ufdd0\ufdd1]", "", text)


def test_pieces_do_not_run_into_each_other(page: CardPage) -> None:
    card = parse_card("\n\n".join(f"Paragraph {number} {'word ' * 300}" for number in range(20)))
    page.lay_out(card_sheet(card.blocks).pieces())
    lines = page.view.toPlainText().split("\n")
    assert [line.partition(" word")[0] for line in lines if line] == [f"Paragraph {number}" for number in range(20)]


def strace(arguments: Sequence[str], log: Path) -> tuple[list[str], str]:
    """System calls on files and sockets of a program and all its threads, and what it printed.

    Skips where nothing may be traced.
    """
    tracer = shutil.which("strace")
    if tracer is None:
        pytest.skip("strace is not installed")
    if subprocess.run([tracer, "-f", sys.executable, "-c", ""], capture_output=True, check=False).returncode:
        pytest.skip("this system does not allow programs to be traced")
    command = [tracer, "-f", "-qq", "-e", "trace=%file,%network", "-s", "300", "-o", str(log), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return log.read_text(errors="replace").splitlines(), done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="strace is a program of Linux")
def test_showing_hostile_cards_opens_no_file_and_no_socket(tmp_path: Path) -> None:
    lines, printed = strace([sys.executable, "-m", "tests.gui.showing_cards"], tmp_path / "log")
    shown_cards, asked_for = printed.split()
    assert asked_for == "[]"
    marks = [place for place, line in enumerate(lines) if BEGIN in line or END in line or CONTROL in line]
    begin, first_end, second, end, control = marks
    both = lines[begin + 1 : first_end] + lines[second + 1 : end]
    assert not [line for line in both if re.search(r"hostname|secret|invalid|share|\bsocket\(|\bconnect\(", line)]
    opened = [line for line in lines[second + 1 : end] if re.search(r"\bopen(?:at2?)?\(", line)]
    assert opened == []
    assert int(shown_cards) > 15
    assert any(BAIT in line for line in lines[end:control]), "the browser of Qt was not seen opening it either"
