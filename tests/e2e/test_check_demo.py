"""The acceptance of the whole check, through the command line, against the embedded hub."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from core.cli import main
from core.paths import RESOURCES

pytestmark = pytest.mark.e2e


def check(capsys: pytest.CaptureFixture[str], address: str, *options: str) -> tuple[int, dict[str, Any]]:
    status = main(["check", address, "--demo", "--json", "-", *options])
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    schema = json.loads((RESOURCES / "schema" / "check-1.json").read_text(encoding="utf-8"))
    jsonschema.validate(report, schema)
    return status, report


def rules_of(report: dict[str, Any], level: str) -> set[tuple[str, str | None]]:
    return {(found["rule"], found["path"]) for found in report["findings"] if found["level"] == level}


def test_the_incident_is_understood(capsys: pytest.CaptureFixture[str]) -> None:
    status, report = check(capsys, "Open-OSS/privacy-filter")
    assert status == 20
    assert report["demo"] is True
    assert report["verdict"]["level"] == "high"

    original = report["original"]
    assert original["name"] == "openai/privacy-filter"
    assert original["confidence"] in {"sure", "likely"}
    assert original["reasons"]
    assert original["relation"] == "identical_weights"

    weights = report["comparison"]["weights"]
    assert weights["identical"] == weights["total"] > 0
    extra = {pair["path"] for pair in report["comparison"]["files"]["extra"]}
    assert extra == {"loader.py", "start.bat"}
    assert report["comparison"]["card_similarity"] > 0.8
    commands = report["comparison"]["new_in_this_copy"]["command"]
    assert {path for command in commands for path in command["runs"]} == extra

    high = rules_of(report, "high")
    assert ("joint.extra-program", "start.bat") in high
    assert ("joint.added-run-instruction", "start.bat") in high
    assert ("joint.added-run-instruction", "loader.py") in high

    levels = {file["path"]: file["level"] for file in report["files"]}
    assert levels["start.bat"] == levels["loader.py"] == "high"

    reasons = report["verdict"]["reasons"]
    topics = ("copies", "adds 2 programs", "tells you to run", "weights are identical", "one day old")
    assert [next(i for i, reason in enumerate(reasons) if topic in reason) for topic in topics] == [0, 1, 2, 3, 4]


def test_the_official_repository_has_no_known_risk(capsys: pytest.CaptureFixture[str]) -> None:
    status, report = check(capsys, "openai/privacy-filter")
    assert status == 0
    assert report["verdict"]["level"] in {"none", "note"}
    assert report["verdict"]["files_checked"] == report["verdict"]["files_listed"]
    assert report["original"]["publisher"] == "OpenAI"


@pytest.mark.parametrize("address", ["weight-archive/privacy-filter", "tinybench/Beacon-7B-GGUF", "lumora/Beacon-7B"])
def test_honest_repositories_are_not_called_dangerous(capsys: pytest.CaptureFixture[str], address: str) -> None:
    status, report = check(capsys, address)
    assert status in {0, 10}
    assert not rules_of(report, "high")
    assert not rules_of(report, "known_bad")


def test_the_mirror_and_the_quantisation_are_shown_beside_their_originals(capsys: pytest.CaptureFixture[str]) -> None:
    _, mirror = check(capsys, "weight-archive/privacy-filter")
    assert mirror["original"]["name"] == "openai/privacy-filter"
    _, quantisation = check(capsys, "tinybench/Beacon-7B-GGUF")
    assert quantisation["original"]["name"] == "lumora/Beacon-7B"
    assert quantisation["original"]["relation"] == "converted"


@pytest.mark.parametrize("address", ["1umora/Beacon-7B", "quickmodels/face-enhancer", "file-museum/strange-names"])
def test_dangerous_examples_are_high_risk(capsys: pytest.CaptureFixture[str], address: str) -> None:
    status, report = check(capsys, address)
    assert status in {20, 30}, report["verdict"]


@pytest.mark.parametrize("address", ["north-lab/sentence-encoder", "hexagon-research/spiral-lm"])
def test_older_formats_and_own_code_do_not_cry_wolf(capsys: pytest.CaptureFixture[str], address: str) -> None:
    status, report = check(capsys, address)
    assert status in {0, 10}
    assert not rules_of(report, "high")


@pytest.mark.parametrize(
    ("address", "word"),
    [
        ("lumora/next-beacon", "lumora/next-beacon"),
        ("shut-down/sample-model", "shut-down/sample-model"),
        ("nobody/nothing-here", "nobody/nothing-here"),
    ],
)
def test_what_cannot_be_read_gets_its_sentences(capsys: pytest.CaptureFixture[str], address: str, word: str) -> None:
    assert main(["check", address, "--demo"]) == 3
    said = capsys.readouterr().err
    assert word in said
    assert len(said.strip().splitlines()) == 3
    assert "Traceback" not in said


def test_a_renamed_repository_is_read_and_the_new_name_told(capsys: pytest.CaptureFixture[str]) -> None:
    _, report = check(capsys, "lumora-labs/Beacon-mini")
    assert report["repository"]["asked_for"] == "lumora-labs/Beacon-mini"
    assert report["repository"]["name"] == "lumora/Beacon-mini"
    assert any(found["rule"] == "identity.moved" for found in report["findings"])


def test_an_empty_repository_is_said_to_be_empty(capsys: pytest.CaptureFixture[str]) -> None:
    status, report = check(capsys, "newcomer/my-first-model")
    assert status == 0
    assert [file["path"] for file in report["files"]] == [".gitattributes"]
    assert "no files" in report["verdict"]["headline"]


@pytest.mark.parametrize("address", ["datasets/field-notes/street-signs", "spaces/lumora/beacon-chat"])
def test_datasets_and_spaces_are_checked_too(capsys: pytest.CaptureFixture[str], address: str) -> None:
    status, report = check(capsys, address)
    assert status in {0, 10}
    assert report["repository"]["kind"] == address.partition("/")[0].removesuffix("s")


def test_a_gated_repository_is_listed_and_its_files_are_not_called_read(capsys: pytest.CaptureFixture[str]) -> None:
    status, report = check(capsys, "lumora/Beacon-70B")
    assert status == 3
    assert report["repository"]["gated"]
    assert "could be read" in report["verdict"]["headline"]
    unread = [file for file in report["files"] if file["state"] == "not_checked"]
    assert unread
    assert all(file["reason"] for file in unread)


def test_the_same_commit_has_the_same_report_id(capsys: pytest.CaptureFixture[str]) -> None:
    _, first = check(capsys, "openai/privacy-filter")
    _, second = check(capsys, "openai/privacy-filter")
    assert first["id"] == second["id"]


def test_the_original_can_be_chosen_or_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    _, alone = check(capsys, "Open-OSS/privacy-filter", "--original", "none")
    assert alone["original"]["name"] is None
    assert alone["verdict"]["level"] == "high"
    _, chosen = check(capsys, "Open-OSS/privacy-filter", "--original", "lumora/Beacon-7B")
    assert chosen["original"]["name"] == "lumora/Beacon-7B"
    assert chosen["original"]["confidence"] == "chosen"


def test_not_an_address(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "https://huggingface.co.evil.example/openai/gpt-oss", "--demo"]) == 2
    assert "huggingface.co.evil.example" in capsys.readouterr().err


def test_what_differs_can_be_had_as_plain_text(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["check", "Open-OSS/privacy-filter", "--demo", "--diff", "-"]) == 20
    said = capsys.readouterr().out
    assert said.startswith("# Differences")
    assert "+ start.bat, " in said
    file = tmp_path / "differences.txt"
    main(["check", "Open-OSS/privacy-filter", "--demo", "--diff", str(file)])
    assert file.read_text(encoding="utf-8").splitlines()[0] == said.splitlines()[0]
    assert "+ loader.py, " in file.read_text(encoding="utf-8")
    assert "privacy-filter" in capsys.readouterr().out


def test_the_report_says_what_every_addition_would_do(capsys: pytest.CaptureFixture[str]) -> None:
    _, report = check(capsys, "Open-OSS/privacy-filter")
    (first, *_) = report["comparison"]["new_in_this_copy"]["command"]
    assert any("Runs a file of this repository" in note for note in first["notes"])
    groups = report["comparison"]["file_groups"]
    assert {group["pattern"] for group in groups if group["relation"] == "extra"} == {"loader.py", "start.bat"}


def test_the_html_report_loads_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    check(capsys, "Open-OSS/privacy-filter", "--html", str(page))
    html = page.read_text(encoding="utf-8")
    assert "start.bat" in html
    assert "Demo" in html
    for loading in ("<script", "<img", "<link", "src=", "url("):
        assert loading not in html
