import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.identity.lookalike import Likeness, distance, find, skeleton
from core.identity.publishers import Directory, directory_for

LISTED = directory_for("https://huggingface.co")
NOBODY = Directory(())


@pytest.mark.parametrize(
    ("account", "other", "likeness"),
    [
        ("0penai", "openai", Likeness.LETTERS),
        ("opena1", "openai", Likeness.LETTERS),
        ("open-ai", "openai", Likeness.LETTERS),
        ("оpenai", "openai", Likeness.LETTERS),  # Cyrillic o
        ("οpenai", "openai", Likeness.LETTERS),  # Greek omicron
        ("metallama", "meta-llama", Likeness.LETTERS),
        ("meta-IIama", "meta-llama", Likeness.LETTERS),
        ("meta_llama", "meta-llama", Likeness.LETTERS),
        ("rnistralai", "mistralai", Likeness.LETTERS),
        ("mvvhat", None, None),
        ("gogole", "google", Likeness.SPELLING),
        ("mircosoft", "microsoft", Likeness.SPELLING),
        ("deepseek-aii", "deepseek-ai", Likeness.SPELLING),
        ("nvidia-community", "nvidia", Likeness.INSIDE),
        ("Qwen-official", "Qwen", Likeness.INSIDE),
        ("Open-OSS", None, None),
        ("apply", None, None),
        ("johndoe", None, None),
        ("", None, None),
    ],
)
def test_recognises_names_made_to_be_mistaken(account: str, other: str | None, likeness: Likeness | None) -> None:
    alike = find(account, LISTED)
    assert (alike.account, alike.likeness) == (other, likeness) if alike else other is None


def test_no_listed_publisher_imitates_another() -> None:
    for publisher in LISTED.publishers:
        for account in publisher.accounts:
            assert find(account, LISTED) is None, account
            assert find(account.upper(), LISTED) is None, account


def test_no_two_listed_publishers_look_the_same() -> None:
    seen: dict[str, str] = {}
    for publisher in LISTED.publishers:
        for account in publisher.accounts:
            assert seen.setdefault(skeleton(account), publisher.id) == publisher.id, account


def test_compares_with_an_unlisted_original_too() -> None:
    alike = find("examp1e", NOBODY, ("example",))
    assert alike is not None
    assert (alike.account, alike.publisher, alike.likeness) == ("example", None, Likeness.LETTERS)
    assert find("example", NOBODY, ("example",)) is None


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("", "", 0), ("abc", "abc", 0), ("abc", "acb", 1), ("abc", "ab", 1), ("abc", "xbc", 1), ("kitten", "sitting", 3)],
)
def test_distance(one: str, other: str, expected: int) -> None:
    assert distance(one, other, 5) == expected
    assert distance(other, one, 5) == expected


@given(st.text(max_size=12), st.text(max_size=12), st.integers(0, 4))
def test_distance_is_symmetric_and_bounded(one: str, other: str, limit: int) -> None:
    measured = distance(one, other, limit)
    assert measured == distance(other, one, limit)
    assert 0 <= measured <= limit + 1
    assert (measured == 0) == (one == other)


@given(st.text(max_size=40))
def test_any_name_has_a_skeleton_that_is_its_own(name: str) -> None:
    assert isinstance(skeleton(name), str)
    assert find(name, LISTED, (name,)) is None or find(name, LISTED) is not None
