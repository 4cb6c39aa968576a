"""Differences of lines and values, whatever the texts are."""

from hypothesis import given
from hypothesis import strategies as st

from core.comparison.lines import compare_lines, pieces_differ
from core.comparison.results import RowKind
from core.comparison.values import MAX_SHOWN, value_row

TEXTS = st.lists(st.sampled_from(["a", "b", "c", "", "long line"]), max_size=30).map("\n".join)


@given(TEXTS, TEXTS)
def test_rows_hold_exactly_what_differs(original: str, here: str) -> None:
    rows, left_out, added, removed = compare_lines(original, here)
    assert left_out == 0
    assert len(here.splitlines()) - len(original.splitlines()) == added - removed
    assert (not rows) == (original.splitlines() == here.splitlines())
    lines, old = here.splitlines(), original.splitlines()
    for row in rows:
        if row.here is not None:
            assert lines[int(row.key) - 1] == row.here
        else:
            assert old[int(row.key) - 1] == row.original


def test_very_many_lines_are_bounded() -> None:
    rows, left_out, added, removed = compare_lines("a\nb\n" * 50_000, "b\nc\n" * 50_000)
    assert (len(rows), left_out, added, removed) == (200, 99_800, 100_000, 100_000)


def test_a_long_value_is_cut_to_where_it_differs() -> None:
    row = value_row("key", "x" * 5000 + "old", "x" * 5000 + "new")
    assert row.kind is RowKind.DIFFERS
    assert row.original is not None
    assert row.here is not None
    assert row.original.endswith("old")
    assert row.here.endswith("new")
    assert max(len(row.original), len(row.here)) <= MAX_SHOWN


def test_invisible_characters_of_a_file_are_written_out() -> None:
    assert value_row("k\u202e", None, "a\u200bb").here == "a⟦U+200B⟧b"
    assert value_row("k\u202e", None, "a").key == "k⟦U+202E⟧"


def test_pieces_of_a_vocabulary_are_counted_whatever_their_layout() -> None:
    assert pieces_differ(b'{"a": 1,\n "b": 2}', b'{"a": 1, "b": 2}') == (0, 0)
    assert pieces_differ(b"a b\nc d\n", b"a b\ne f\ng h\n") == (2, 1)
