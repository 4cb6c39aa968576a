from pathlib import Path

import pytest

from core.identity.publishers import Directory, directory_for, load
from core.identity.results import PublisherEvidence, PublisherKind, Signer
from core.paths import RESOURCES
from core.text import text

ENTRY = """
[[publisher]]
id = "a"
name = "A"
kind = "publisher"
accounts = ["a-lab"]
aliases = ["A Lab"]
families = []
website = ""
code_host = "github.com/a-lab"
evidence = "made_up"
date = "2026-01-01"
"""


def written(folder: Path, content: str) -> Path:
    path = folder / "publishers.toml"
    path.write_text(content, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def directory() -> Directory:
    return load(RESOURCES / "publishers.toml")


def test_lists_the_brands_that_people_download(directory: Directory) -> None:
    assert len(directory.publishers) >= 120
    assert sum(one.kind is PublisherKind.REPACKAGER for one in directory.publishers) >= 20
    assert {"openai", "meta", "google", "qwen", "deepseek"} <= {one.id for one in directory.publishers}
    repackager = directory.of_account("bartowski")
    assert repackager is not None
    assert repackager.kind is PublisherKind.REPACKAGER


def test_says_honestly_that_nothing_was_confirmed(directory: Directory) -> None:
    assert {one.evidence for one in directory.publishers} == {PublisherEvidence.GENERAL_KNOWLEDGE}
    assert "not confirmed" in text("publishers.evidence.general_knowledge")


def test_most_entries_say_where_else_to_look(directory: Directory) -> None:
    makers = [one for one in directory.publishers if one.kind is PublisherKind.PUBLISHER]
    assert sum(bool(one.website or one.code_host) for one in makers) / len(makers) > 0.8


def test_account_names_do_not_depend_on_case(directory: Directory) -> None:
    assert directory.of_account("OpenAI") is directory.of_account("openai")
    assert directory.of_account("Open-OSS") is None


@pytest.mark.parametrize(
    ("card", "named"),
    [
        ("Made by OpenAI.", ["openai"]),
        ("(OpenAI)", ["openai"]),
        ("NotOpenAI at all, OpenAIish", []),
        ("Mistral AI and Google", ["mistral", "google"]),
        ("step by step, a sesame seed, an apple", []),
    ],
)
def test_finds_brand_names_as_whole_words(directory: Directory, card: str, named: list[str]) -> None:
    assert [one.id for one in directory.named_in(card)] == named


def test_a_second_file_adds_publishers(tmp_path: Path) -> None:
    assert load(RESOURCES / "publishers.toml", written(tmp_path, ENTRY)).of_account("a-lab") is not None


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("website", "web_site"), "web_site"),
        (('evidence = "made_up"\n', ""), "evidence"),
        (('"made_up"', '"rumour"'), "general_knowledge"),
        (('"publisher"', '"brand"'), "brand"),
        (('["a-lab"]', '"a-lab"'), "list of texts"),
        (('["a-lab"]', "[]"), "no accounts"),
        (('date = "2026-01-01"', "date = 2026-01-01"), "must be a text"),
        (("2026-01-01", "2026-02-30"), "date"),
        (("2026-01-01", "20260101"), "date"),
        (('["a-lab"]', '["a/lab"]'), "not a name"),
        (('["a-lab"]', '["а-lab"]'), "not a name"),  # Cyrillic a
        (('website = ""', 'website = "https://a.example"'), "website"),
        (("github.com/a-lab", "github.com"), "code_host"),
        (('id = "a"', 'id = "A lab"'), "id or name"),
        (("families = []", 'families = []\nordinary_words = ["apple"]'), "none of its names"),
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


def test_who_signs_for_a_publisher_is_read_strictly(tmp_path: Path) -> None:
    signers = 'signers = [{ identity = "*@a.example", issuer = "https://i.example" }, { public_key = "PEM" }]\n'
    (publisher,) = load(written(tmp_path, ENTRY + signers)).publishers
    assert publisher.signers == (Signer("*@a.example", "https://i.example"), Signer(public_key="PEM"))
    for wrong in ('[{ identity = "a" }]', '["a"]', '[{ identity = "a", issuer = 5 }]', '[{ key = "a" }]'):
        with pytest.raises(ValueError, match="a signer is"):
            load(written(tmp_path, f"{ENTRY}signers = {wrong}\n"))
