"""A chosen original is remembered for its repository, until it is forgotten."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.application import Application
from core.original_choices import OriginalChoices
from core.progress import CancelToken, ignore_progress
from core.report import Report
from core.repository import RepositoryId, RepositoryKind
from core.services import OriginalChoice

HERE = RepositoryId(RepositoryKind.MODEL, "Someone/Thing")
OTHER = RepositoryId(RepositoryKind.MODEL, "else/thing")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "choices.json"


def test_a_choice_comes_back_until_it_is_forgotten(path: Path) -> None:
    choices = OriginalChoices(path, "https://huggingface.co")
    assert choices.of(HERE) is None
    choices.keep(HERE, OriginalChoice(OTHER, keep=True))
    same = RepositoryId(RepositoryKind.MODEL, "someone/thing")
    assert choices.of(same) == OriginalChoice(OTHER, remembered=True)
    choices.keep(HERE, OriginalChoice(none=True))
    assert choices.of(HERE) == OriginalChoice(none=True, remembered=True)
    choices.forget(HERE)
    assert choices.of(HERE) is None
    choices.keep(HERE, OriginalChoice(OTHER))
    choices.keep(HERE, OriginalChoice())
    assert choices.of(HERE) is None, "to look for it again is no choice"


def test_choices_of_one_hub_and_kind_do_not_count_for_another(path: Path) -> None:
    OriginalChoices(path, "https://huggingface.co").keep(HERE, OriginalChoice(OTHER))
    assert OriginalChoices(path, "https://mirror.example").of(HERE) is None
    assert OriginalChoices(path, "https://huggingface.co").of(RepositoryId(RepositoryKind.DATASET, HERE.name)) is None


@pytest.mark.parametrize("content", ["", "[", "[1]", '{"https://huggingface.co model someone/thing": "../../x"}', "5"])
def test_a_file_that_makes_no_sense_means_no_choice(path: Path, content: str) -> None:
    path.parent.mkdir()
    path.write_text(content, encoding="utf-8")
    choices = OriginalChoices(path, "https://huggingface.co")
    assert choices.of(HERE) is None
    choices.keep(HERE, OriginalChoice(OTHER))
    assert choices.of(HERE) is not None


def test_only_the_newest_choices_are_kept(path: Path) -> None:
    choices = OriginalChoices(path, "hub")
    for number in range(505):
        choices.keep(RepositoryId(RepositoryKind.MODEL, f"a/b{number}"), OriginalChoice(OTHER))
    assert choices.of(RepositoryId(RepositoryKind.MODEL, "a/b0")) is None
    assert choices.of(RepositoryId(RepositoryKind.MODEL, "a/b504")) is not None


@pytest.fixture
def application() -> Iterator[Application]:
    with Application(demo=True) as opened:
        yield opened


def check(application: Application, choice: OriginalChoice) -> Report:
    reference = application.parse("weight-archive/privacy-filter")
    return application.check(reference, choice, ignore_progress, CancelToken())


def test_the_next_check_takes_the_choice_and_says_so(application: Application) -> None:
    chosen = RepositoryId(RepositoryKind.MODEL, "Open-OSS/privacy-filter")
    first = check(application, OriginalChoice(chosen, keep=True))
    assert not first.identity.remembered
    again = check(application, OriginalChoice())
    assert again.identity.original is not None
    assert again.identity.original.snapshot.repository == chosen
    assert again.identity.remembered
    once = check(application, OriginalChoice(none=True))
    assert once.identity.original is None, "a choice given with the check wins"
    assert application.remembered_original(first.snapshot.repository) is not None, "and is not kept unless asked to"
    application.forget_original(first.snapshot.repository)
    found = check(application, OriginalChoice()).identity
    assert found.original is not None
    assert found.original.snapshot.repository.name == "openai/privacy-filter"
    assert not found.remembered
