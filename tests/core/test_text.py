import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.paths import RESOURCES
from core.text import Message, catalogue, display_name, has_hidden_characters, render, size_text, text


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("model.safetensors", "model.safetensors"),
        ("模型/权重.bin", "模型/权重.bin"),
        ("Модель", "Модель"),
        ("card\u202efdp.exe", "card⟦U+202E⟧fdp.exe"),
        ("a\u200bb", "a⟦U+200B⟧b"),
        ("a\nb\x1b[31m", "a⟦U+000A⟧b⟦U+001B⟧[31m"),
        ("a\u00a0b", "a⟦U+00A0⟧b"),
        ("a\u3164b", "a⟦U+3164⟧b"),
        ("\udc80", "⟦U+DC80⟧"),
        ("pаypal", "pа⟦U+0430⟧ypal"),
        ("mеta-llama", "mе⟦U+0435⟧ta-llama"),
    ],
)
def test_a_name_shows_what_it_hides(name: str, shown: str) -> None:
    assert display_name(name) == shown


@given(st.text())
def test_a_shown_name_is_one_printable_line(name: str) -> None:
    shown = display_name(name)
    assert shown.isprintable()
    assert has_hidden_characters(name) == (shown != name)


@given(st.text(min_size=1), st.integers(min_value=3, max_value=40))
def test_a_long_name_keeps_both_ends(name: str, limit: int) -> None:
    whole, short = display_name(name), display_name(name, limit)
    assert len(short) <= limit
    if len(whole) > limit:
        head, tail = short.split("…", 1) if short.count("…") == 1 else (short[: (limit - 1) // 2], "")
        assert whole.startswith(head)
        assert whole.endswith(tail)


def test_values_are_made_harmless_and_cannot_reshape_the_sentence() -> None:
    sentence = text("cli.no_such_file.what", path="{evil}\u202e\n")
    assert sentence == "The repository has no file called {evil}⟦U+202E⟧⟦U+000A⟧."


@pytest.mark.parametrize(
    ("count", "expected"), [(1, "One file"), (0, "0 files"), (2, "2 files"), (20000, "20,000 files")]
)
def test_plural(count: int, expected: str) -> None:
    assert text("export.files", count=count) == expected


def test_a_missing_sentence_is_a_bug_and_not_a_blank() -> None:
    with pytest.raises(KeyError):
        render(Message.of("no.such.id"))
    with pytest.raises(KeyError):
        text("cli.no_such_file.what")


def test_every_sentence_of_the_catalogue_is_well_formed() -> None:
    for message_id, template in catalogue().items():
        for form in template.values() if isinstance(template, dict) else (template,):
            assert form.strip() == form, message_id
            assert form, message_id
        if isinstance(template, dict):
            assert template.keys() == {"one", "other"}, message_id


def test_no_catalogue_file_repeats_an_id() -> None:
    for path in (RESOURCES / "text").rglob("*.json"):
        pairs = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=list)
        ids = [key for key, _ in pairs]
        assert len(ids) == len(set(ids)), path.name


@pytest.mark.parametrize(
    ("size", "shown"),
    [(0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (4_700_000_000, "4.7 GB"), (5 * 10**12, "5000.0 GB")],
)
def test_sizes_in_the_units_people_know(size: int, shown: str) -> None:
    assert size_text(size) == shown
