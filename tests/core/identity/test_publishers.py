from pathlib import Path

import pytest

from core.identity.publishers import Directory, directory_for, load
from core.identity.results import PublisherKind
from core.paths import RESOURCES

ENTRY = """
[[publisher]]
id = "a"
name = "A"
kind = "publisher"
accounts = ["a-lab"]
aliases = ["A Lab"]
families = []
website = ""
source = "test"
date = "2026-01-01"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "publishers.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def directory() -> Directory:
    return load(RESOURCES / "publishers.toml")


def test_lists_the_brands_that_people_download(directory: Directory) -> None:
    assert len(directory.publishers) >= 60
    assert {"openai", "meta", "google", "qwen", "deepseek"} <= {one.id for one in directory.publishers}
    repackager = directory.of_account("bartowski")
    assert repackager is not None
    assert repackager.kind is PublisherKind.REPACKAGER


def test_says_honestly_that_nothing_was_confirmed(directory: Directory) -> None:
    assert all("not confirmed" in one.source and one.date for one in directory.publishers)


def test_account_names_do_not_depend_on_case(directory: Directory) -> None:
    assert directory.of_account("OpenAI") is directory.of_account("openai")
    assert directory.of_account("Open-OSS") is None


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Made by OpenAI.", ["openai"]),
        ("(OpenAI)", ["openai"]),
        ("NotOpenAI at all, OpenAIish", []),
        ("Mistral AI and Google", ["mistral", "google"]),
        ("step by step, a sesame seed, an apple", []),
    ],
)
def test_finds_brand_names_as_whole_words(directory: Directory, text: str, named: list[str]) -> None:
    assert [one.id for one in directory.named_in(text)] == named


def test_a_second_file_adds_publishers(tmp_path: Path) -> None:
    assert load(RESOURCES / "publishers.toml", written(tmp_path, ENTRY)).of_account("a-lab") is not None


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("website", "web_site"), "web_site"),
        (('source = "test"\n', ""), "source"),
        (('"publisher"', '"brand"'), "brand"),
        (('["a-lab"]', '"a-lab"'), "list of texts"),
        (('["a-lab"]', "[]"), "no accounts"),
        (('date = "2026-01-01"', "date = 2026-01-01"), "must be a text"),
        (("[[publisher]]", "[other]\n[[publisher]]"), "only"),
    ],
)
def test_refuses_a_wrong_file(tmp_path: Path, change: tuple[str, str], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        load(written(tmp_path, ENTRY.replace(*change, 1)))


def test_refuses_an_account_listed_twice(tmp_path: Path) -> None:
    twice = ENTRY + ENTRY.replace('id = "a"', 'id = "b"').replace("A Lab", "B Lab").replace("a-lab", "A-LAB")
    with pytest.raises(ValueError, match="listed twice"):
        load(written(tmp_path, twice))


def test_made_up_brands_do_not_count_on_the_real_hub() -> None:
    real = directory_for("https://huggingface.co")
    assert real.publishers == load(RESOURCES / "publishers.toml").publishers
    assert set(real.publishers) <= set(directory_for("http://127.0.0.1:8000").publishers)
