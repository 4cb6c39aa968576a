import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.account_names import MAKERS, imitations
from benchmarks.lookalike import measured, measured_imitations, measured_ordinary
from core.identity.lookalike import Likeness, find
from core.identity.publishers import Directory, directory_for
from core.identity.skeleton import outline, skeleton
from core.identity.spelling import distance, effort

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
        ("opemai", "openai", Likeness.SPELLING),
        ("nvida", "nvidia", Likeness.SPELLING),
        ("tencrnt", "tencent", Likeness.SPELLING),
        ("llama-meta", "meta-llama", Likeness.SPELLING),
        ("01.ai", "01-ai", Likeness.LETTERS),
        ("lbm", "ibm", Likeness.LETTERS),  # known in capitals
        ("Qvven", "Qwen", Likeness.LETTERS),
        ("g00gle", "google", Likeness.LETTERS),
        ("m\u1d07ta-llama", "meta-llama", Likeness.LETTERS),  # small capital
        ("op\u200benai", "openai", Likeness.LETTERS),
        ("Qwen-official", "Qwen", Likeness.INSIDE),
        ("the-openai", "openai", Likeness.INSIDE),
        ("openaihq", "openai", Likeness.INSIDE),
        ("openai2026", "openai", Likeness.INSIDE),
        ("meta-llama-3-team", "meta-llama", Likeness.INSIDE),
        ("opemai-official", "openai", Likeness.INSIDE),
        ("Helsinik-NLP-team", "Helsinki-NLP", Likeness.INSIDE),
        ("apple-official", "apple", Likeness.INSIDE),
        ("ibmhq", "ibm", Likeness.INSIDE),
        ("mistral", "mistralai", Likeness.INSIDE),
        ("gpt-oss", "openai", Likeness.FAMILY),
        ("privacy-filter", "openai", Likeness.FAMILY),
        ("whisper-official", "openai", Likeness.FAMILY),
        # What is no imitation, however near it comes.
        ("whisper", None, None),
        ("apple-pie", None, None),
        ("nina-ai", None, None),
        ("gwen", None, None),
        ("fai", None, None),
        ("map", None, None),
        ("kim1", None, None),
        ("helsinki-bio", None, None),
        ("seattle-robotics-lab", None, None),
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


def test_the_figures_of_the_benchmark_hold_for_other_names() -> None:
    some = Directory(LISTED.publishers[::6])
    rows = measured(some, seed=7, made=40, plain=100)
    assert all(row.holds for row in rows if row.title != "imitations"), rows
    found = measured_imitations(LISTED, 7, 100)
    assert found.holds, found.wrong
    plain = measured_ordinary(LISTED, 7, 200)
    assert plain.holds, plain.wrong


def test_made_up_imitations_are_of_all_kinds_and_nobodys() -> None:
    made = imitations(LISTED, 2 * len(MAKERS), seed=3)
    assert {one.kind for one in made} == MAKERS.keys()
    assert not any(LISTED.of_account(one.name) for one in made)
    assert imitations(LISTED, 20, seed=3) == imitations(LISTED, 20, seed=3)


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


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("google", "google", 0),
        ("gogle", "google", 0.5),
        ("gooogle", "google", 0.5),
        ("gogole", "google", 0.6),
        ("googke", "google", 0.75),
        ("goozle", "google", 1),
        ("goole", "google", 1),
        ("xgoogle", "google", 1),
        ("ba", "ab", 0.6),
        ("", "ab", 2),
    ],
)
def test_effort_knows_what_is_easily_mistyped(one: str, other: str, expected: float) -> None:
    assert effort(one, other, 3) == pytest.approx(expected)
    assert effort(other, one, 3) == pytest.approx(expected)
    assert effort(one, other, expected) == pytest.approx(expected)
    if expected:
        assert effort(one, other, expected - 0.1) > expected - 0.1


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("Meta-Llama", "metallama"),
        ("\uff4f\u1e57e\u0301nai", "openal"),  # fullwidth, accents
        ("\u13a0\u13bb", "dh"),  # Cherokee
        ("\U0001d428penai", "openal"),
        ("ѕtаbіlіtу", "stablllty"),
        ("\u03c9\u0430\u043d", "wah"),
        ("r\u200dn", "m"),
        ("данные", "данные"),  # no letters of ours, kept as they are
    ],
)
def test_letters_of_other_scripts_are_seen_as_ours(name: str, seen: str) -> None:
    assert skeleton(name) == (seen if name.isascii() or seen.isascii() else skeleton(seen))


def test_two_different_numbers_never_look_the_same() -> None:
    digits = "0123456789"
    assert len({skeleton(digit) for digit in digits}) == len(digits)
    assert len({outline(digit) for digit in digits}) == len(digits)


@given(st.text(max_size=12), st.text(max_size=12), st.integers(0, 4))
def test_distance_is_symmetric_and_bounded(one: str, other: str, limit: int) -> None:
    measured = distance(one, other, limit)
    assert measured == distance(other, one, limit)
    assert 0 <= measured <= limit + 1
    assert (measured == 0) == (one == other)


@settings(deadline=None)
@given(st.text(max_size=40))
def test_any_name_has_a_skeleton_that_is_its_own(name: str) -> None:
    assert isinstance(skeleton(name), str)
    assert find(name, LISTED, (name,)) is None or find(name, LISTED) is not None
