"""What a reader sees of two cards: harmless, complete, and with every difference marked."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.comparison.card import MAX_BLOCKS, parse_card
from core.comparison.cards import compare_cards
from core.comparison.results import RowKind
from tests.core.comparison.hostile_cards import hostile_cards

HOSTILE = (
    "<script>alert(1)</script>",
    '<b onclick="alert(1)">press</b>',
    "[press](javascript:alert(1))",
    "![pixel](https://tracker.example/pixel.png)",
    "![inside](data:image/png;base64,AAAA)",
    '<iframe src="https://frame.example/"></iframe>',
)


@pytest.mark.parametrize("source", HOSTILE)
def test_nothing_in_a_card_can_act_or_be_fetched(source: str) -> None:
    shown = "".join(block.html for block in parse_card(source).blocks).lower()
    for forbidden in ("<script", "<b onclick", 'href="javascript', "<img", "<iframe"):
        assert forbidden not in shown


@pytest.mark.parametrize("source", ["> " * 1000 + "deep", "word " * 220_000], ids=["deep quotes", "over a mebibyte"])
def test_an_excessive_card_says_what_was_not_formatted(source: str) -> None:
    card = parse_card(source)
    assert card.blocks
    assert card.limits


@pytest.mark.parametrize("make", hostile_cards().values(), ids=hostile_cards())
def test_a_hostile_card_is_bounded_and_compared(make: Callable[[], str]) -> None:
    source = make()
    card = parse_card(source)
    assert len(card.blocks) <= MAX_BLOCKS
    assert sum(len(block.html) for block in card.blocks) <= 9 * max(len(source), 1000)
    changed = parse_card("new words\n\n" + source.replace("a", "b"))
    rows = compare_cards(card, changed, ("loader.py",)).rows
    assert tuple(row.original for row in rows if row.original) == card.blocks
    assert tuple(row.here for row in rows if row.here) == changed.blocks


@given(st.text(max_size=300))
def test_a_card_beside_itself_shows_no_difference(source: str) -> None:
    card = parse_card(source)
    comparison = compare_cards(card, card, ())
    assert all(row.kind is RowKind.SAME for row in comparison.rows)
    assert comparison.additions == ()


@given(st.text(max_size=200), st.text(max_size=200))
def test_no_block_is_lost_between_two_cards(one: str, other: str) -> None:
    original, here = parse_card(one), parse_card(other)
    rows = compare_cards(original, here, ()).rows
    assert tuple(row.original for row in rows if row.original) == original.blocks
    assert tuple(row.here for row in rows if row.here) == here.blocks


def test_a_changed_word_is_marked_where_it_stands() -> None:
    original, here = parse_card("Load it with the usual library."), parse_card("Load it with the patched library.")
    (row,) = compare_cards(original, here, ()).rows
    assert row.kind is RowKind.DIFFERS
    assert row.here is not None
    assert [row.here.text[start:end].strip() for start, end in row.here_spans] == ["patched"]
