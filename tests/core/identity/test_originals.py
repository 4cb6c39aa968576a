"""Which repository is found to be the original, on what evidence, how surely, and at what cost."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from core.identity.identify import Wish, identify
from core.identity.model_names import bare_name
from core.identity.publishers import directory_for
from core.identity.results import Confidence, Identity, Original
from core.progress import CancelToken, ignore_progress
from core.repository import ModelFacts, RepositoryId, RepositoryKind, Snapshot
from core.text import render
from tests.core.snapshots import FakeHub, FileFacts, snapshot

WORDS = " ".join(f"word{number} means thing{number}" for number in range(60))
CARD = f"# Pelican 3B\n\nPelican is a model of the Harbour Laboratory. {WORDS}\n"
WEIGHTS: Mapping[str, FileFacts] = {"model.safetensors": (5_000_000, "a" * 64)}
OTHER: Mapping[str, FileFacts] = {"model.safetensors": (5_000_000, "b" * 64)}
WHISPER = snapshot(
    "openai/whisper-large-v3",
    {"model.safetensors": (9_000_000, "c" * 64)},
    "# Whisper\n",
    organization=True,
    model=ModelFacts(model_type="whisper"),
)


def identified(here: Snapshot, *others: Snapshot, **hub: Any) -> Identity:  # noqa: ANN401  the hub's own arguments
    return identify(here, FakeHub(here, *others, **hub), ignore_progress, CancelToken())


def original_of(here: Snapshot, *others: Snapshot) -> Original | None:
    return identified(here, *others).original


def named(here: Snapshot, *others: Snapshot) -> tuple[str | None, Confidence | None]:
    found = original_of(here, *others)
    return (found.snapshot.repository.name, found.confidence) if found else (None, None)


def reasons(here: Snapshot, *others: Snapshot) -> str:
    found = original_of(here, *others)
    assert found is not None
    return " ".join(render(reason) for reason in found.reasons)


def test_a_copied_card_beside_an_equal_name_points_to_the_older_page() -> None:
    older = snapshot("harbour/Pelican-3B", OTHER, CARD, age_days=900)
    copy = snapshot("pelican-hub/Pelican-3B", WEIGHTS, CARD + "\nMore.\n", age_days=20)
    assert named(copy, older) == ("harbour/Pelican-3B", Confidence.LIKELY)
    assert "its card stands here too" in reasons(copy, older)
    assert named(older, copy) == (None, None), "the younger page has no claim"


def test_an_equal_name_alone_is_no_original() -> None:
    homework = snapshot("first/ppo-LunarLander-v2", OTHER, f"# Lander\n\nMine. {WORDS}", age_days=900)
    mine = snapshot("second/ppo-LunarLander-v2", WEIGHTS, "# Lander\n\nIt lands, mostly. Made at home.", age_days=20)
    assert named(mine, homework) == (None, None)


def test_equal_weights_count_from_the_older_page_only() -> None:
    older = snapshot("harbour/Pelican-3B", WEIGHTS, CARD, age_days=900)
    renamed = snapshot("elsewhere/something", WEIGHTS, "# Something\n\nSee harbour/Pelican-3B.\n", age_days=20)
    assert named(renamed) == (None, None), "nothing leads there"
    declared = snapshot("elsewhere/something", WEIGHTS, "# S\n", age_days=20, base_models=("harbour/Pelican-3B",))
    assert named(declared, older) == ("harbour/Pelican-3B", Confidence.LIKELY)
    assert "same SHA-256" in reasons(declared, older)


def test_the_name_of_a_weight_file_leads_to_its_maker() -> None:
    here = snapshot("quiet-corner/my-quants", {"whisper-large-v3-Q4_K_M.gguf": (7_000_000, "d" * 64)}, "# Quants\n")
    name, confidence = named(here, WHISPER)
    assert name == "openai/whisper-large-v3"
    assert confidence in {Confidence.LIKELY, Confidence.GUESS}
    assert "weight file here has its name" in reasons(here, WHISPER)


def test_the_license_link_leads_to_the_original() -> None:
    older = snapshot("harbour/Pelican-3B", OTHER, CARD, age_days=900)
    link = "https://huggingface.co/harbour/Pelican-3B/blob/main/LICENSE"
    here = snapshot("someone/Pelican-3B", WEIGHTS, "# Mine\n", age_days=20, license_link=link)
    assert named(here, older) == ("harbour/Pelican-3B", Confidence.LIKELY)
    assert "license link" in reasons(here, older)


def test_the_maker_that_the_card_names_is_looked_for_among_organisations() -> None:
    older = snapshot("harbour-lab/Pelican-3B", OTHER, CARD, age_days=900, organization=True)
    here = snapshot("someone/Pelican-3B", WEIGHTS, "# Pelican\n\nDeveloped by Harbour. Short.\n", age_days=20)
    assert named(here, older) == ("harbour-lab/Pelican-3B", Confidence.LIKELY)


def test_another_architecture_under_the_same_name_is_only_a_guess() -> None:
    here = snapshot(
        "someone/whisper-large-v3", WEIGHTS, "# Whisper\n\nLike OpenAI's.\n", model=ModelFacts(model_type="llama")
    )
    assert named(here, WHISPER) == ("openai/whisper-large-v3", Confidence.GUESS)
    assert "different architectures" in reasons(here, WHISPER)


def test_a_name_with_more_behind_it_and_the_same_architecture_is_made_from_it() -> None:
    card = "# Whisper for Galician\n\nMade from OpenAI's model.\n"
    here = snapshot("xan/whisper-large-v3-galego", WEIGHTS, card, model=ModelFacts(model_type="whisper"))
    assert named(here, WHISPER) == ("openai/whisper-large-v3", Confidence.LIKELY)


def test_a_model_made_from_this_one_is_not_its_original() -> None:
    here = snapshot("harbour/Pelican-3B", WEIGHTS, CARD, age_days=100)
    child = snapshot("other/Pelican-3B", WEIGHTS, CARD, age_days=900, base_models=("harbour/Pelican-3B",))
    assert named(here, child) == (None, None)


def test_a_listed_makers_mirror_of_another_makers_model_is_seen_as_one() -> None:
    mirror = snapshot(
        "mistralai/whisper-large-v3", {"model.safetensors": (9_000_000, "c" * 64)}, "# W\n", organization=True
    )
    assert named(mirror, WHISPER) == ("openai/whisper-large-v3", Confidence.SURE)
    own = snapshot("mistralai/whisper-helper", OTHER, "# Helper\n", organization=True)
    identity = identified(own, WHISPER)
    assert identity.original is None
    assert "this is the original" in render(identity.explanation)


def test_no_official_publisher_is_an_answer_of_its_own() -> None:
    identity = identified(snapshot("somebody/tic-tac-toe", WEIGHTS, "# Game\n\nMine.\n"))
    assert identity.original is None
    assert "No official publisher known" in render(identity.explanation)
    silent = identified(snapshot("somebody/tic-tac-toe", WEIGHTS, "# Game\n"), failing=("?tic-tac-toe",))
    assert "not complete" in render(silent.explanation)


@pytest.mark.parametrize("kind", list(RepositoryKind))
def test_never_more_than_fifteen_requests_for_the_original(kind: RepositoryKind) -> None:
    card = "# Whisper large v3\n\nDeveloped by OpenAI, Google, Meta AI, Mistral AI and Microsoft. " + " ".join(
        f"https://huggingface.co/owner{number}/whisper-large-v3" for number in range(40)
    )
    here = snapshot(
        "someone/whisper-large-v3",
        WEIGHTS,
        card,
        kind=kind,
        base_models=tuple(f"a{number}/whisper-large-v3" for number in range(40)),
        license_link="https://huggingface.co/x/y",
    )
    copies = [snapshot(f"owner{number}/whisper-large-v3", OTHER, card, kind=kind) for number in range(40)]
    hub = FakeHub(here, WHISPER, *copies)
    identity = identify(here, hub, ignore_progress, CancelToken())
    about_publisher = sum(identity.visitors.requests.values())
    completions = sum(question.startswith("+") for question in hub.asked)
    # A completion is one question to this hub, and up to five requests to the real one.
    assert len(hub.asked) - about_publisher + 4 * completions <= 15


def test_the_person_is_told_that_a_choice_is_an_earlier_one() -> None:
    here = snapshot("someone/whisper-large-v3", WEIGHTS, "# W\n")
    wish = Wish(RepositoryId(RepositoryKind.MODEL, "openai/whisper-large-v3"), remembered=True)
    identity = identify(here, FakeHub(here, WHISPER), ignore_progress, CancelToken(), wish)
    assert identity.remembered
    assert "earlier check" in render(identity.explanation)
    nothing = identify(here, FakeHub(here), ignore_progress, CancelToken(), Wish(search=False, remembered=True))
    assert "remembered" in render(nothing.explanation)


@pytest.mark.parametrize(
    "name", ["a" + "-q4" * 1000 + "--", "a" + "-hf" * 1000, "a-" * 2000, "a" * 4000 + "-", "-" * 4000, ".0" * 2000]
)
def test_hostile_names_of_files_are_read_in_no_time(name: str) -> None:
    """A pattern that backtracks would not end before the tests are given up."""
    card = (
        "# "
        + "a-q4" * 19
        + "\n\n"
        + "".join(f"{name[:90].strip('.-') or 'a'}{n}/whisper-a-q4-q4 " for n in range(9999))
    )
    here = snapshot("someone/whisper" + "-q4" * 25 + "--", {f"{name}.gguf": (7, "d" * 64)}, card)
    assert named(here, WHISPER)[0] in {None, "openai/whisper-large-v3"}


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("gpt-oss-20b-GGUF", "gpt-oss-20b"),
        ("openai_gpt-oss-20b-GGUF", "gpt-oss-20b"),
        ("Qwen3-8B-exl3-4.0bpw", "Qwen3-8B"),
        ("Meta-Llama-3-8B-Instruct-Q4_K_M", "Meta-Llama-3-8B-Instruct"),
        ("gemma-3-4b-it-4bit", "gemma-3-4b-it"),
        ("Heron-8B-w4a16-00001-of-00002", "Heron-8B"),
        ("whisper-large-v3", "whisper-large-v3"),
        ("-gguf", "-gguf"),
    ],
)
def test_what_only_says_how_it_is_packed_is_no_part_of_the_name(name: str, bare: str) -> None:
    assert bare_name(name, directory_for("https://huggingface.co")) == bare


@pytest.mark.parametrize(
    "sentence",
    [
        "A smaller version of [openai/whisper-large-v3](https://huggingface.co/openai/whisper-large-v3).",
        "Fine-tuned openai/whisper-large-v3 on Finnish.",
        "A student, distilled from https://huggingface.co/openai/whisper-large-v3 in a week.",
    ],
)
def test_a_sentence_that_says_what_it_was_made_from_is_a_guess(sentence: str) -> None:
    here = snapshot("someone/puhe", OTHER, f"# Puhe\n\n{sentence}\n", age_days=20)
    assert named(here, WHISPER) == ("openai/whisper-large-v3", Confidence.GUESS)


def test_a_mere_mention_is_not() -> None:
    here = snapshot("someone/puhe", OTHER, "# Puhe\n\nBetter than openai/whisper-large-v3 on our set.\n", age_days=20)
    assert named(here, WHISPER) == (None, None)


def test_a_version_that_does_not_exist_is_told_by_the_card_it_took() -> None:
    whisper = replace(WHISPER, card=f"# Whisper\n\n{WORDS}\n")
    taken = snapshot("someone/whisper-large-v4", OTHER, f"# Whisper\n\n{WORDS}\n", age_days=20)
    assert named(taken, whisper) == ("openai/whisper-large-v3", Confidence.LIKELY)
    own = snapshot("someone/whisper-large-v4", OTHER, "# Wind\n\nSounds of wind.\n", age_days=20)
    assert named(own, whisper) == (None, None)
