"""A program that shows hostile cards, for a test that watches it from outside: `python -m tests.gui.showing_cards`.

What it does between two looks for files that do not exist is what showing cards costs. Last, an ordinary browser of
Qt shows one card in the way that ours must not, so that the test knows that it would have seen it.
"""

import os

from PySide6.QtWidgets import QApplication, QTextBrowser

from core.comparison.card import parse_card
from core.comparison.cards import compare_cards
from core.comparison.results import Card
from gui.widgets.card_document import card_sheet, cards_sheet
from tests.core.comparison.hostile_cards import hostile_cards
from tests.gui.card_page import CardPage

BEGIN, END, CONTROL = "/sallyport/showing-begins", "/sallyport/showing-ends", "/sallyport/control-ends"
BAIT = "/etc/hostname"
BAITED = ("picture", "style", "program", "link", "letters")
"""Words in the names of the cards that ask for something; the others only take time, and are shown elsewhere."""


def main() -> None:
    """Show those that ask for something, alone and beside an ordinary card."""
    app = QApplication([])
    page = CardPage(app, 600, 400)
    ordinary = parse_card("# Heading\n\n*Words*, `code`, [a link](https://a.invalid): 漢字 עברית 😀\n\n|a|\n|-|\n|b|\n")
    _show(page, ordinary, ordinary)  # fonts and plug-ins are loaded now
    cards = {name: parse_card(make()) for name, make in hostile_cards().items() if any(word in name for word in BAITED)}
    for _ in range(2):  # fonts for rare letters are loaded in the first round
        os.access(BEGIN, os.F_OK)
        for card in cards.values():
            _show(page, card, ordinary)
        os.access(END, os.F_OK)
    browser = QTextBrowser()
    browser.setHtml(f"<img src='file://{BAIT}'>")
    browser.show()
    app.processEvents()
    os.access(CONTROL, os.F_OK)
    print(len(cards), page.view.requested)  # noqa: T201  for the test that reads it


def _show(page: CardPage, card: Card, ordinary: Card) -> None:
    page.lay_out(card_sheet(card.blocks).pieces())
    page.lay_out(cards_sheet(compare_cards(ordinary, card, ()).rows, only_differences=False).pieces())


if __name__ == "__main__":
    main()
