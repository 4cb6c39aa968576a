import ast
import base64
import hashlib
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from core.demo.library import Library
from core.demo.scenarios import SCENARIOS, Scenario, build
from core.demo.store import content_sha256, load_repositories
from core.paths import RESOURCES
from core.reference import parse
from core.repository import RepositoryKind
from core.text import text

NOON = datetime(2026, 5, 8, 12, tzinfo=UTC)
DEMO = RESOURCES / "demo"
TEXTS = [path for path in sorted(DEMO.rglob("*")) if path.is_file()]


def tree_digests(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def test_two_builds_are_the_same_to_the_last_byte(tmp_path: Path) -> None:
    first = tree_digests(build(tmp_path / "first", NOON))
    assert first == tree_digests(build(tmp_path / "second", NOON + timedelta(hours=11)))
    assert len(first) > 40


def test_commits_and_hashes_do_not_follow_the_clock(tmp_path: Path) -> None:
    def commits(root: Path) -> list[str]:
        return [repository.head.id for repository in load_repositories(root)]

    assert commits(build(tmp_path / "now", NOON)) == commits(build(tmp_path / "later", NOON + timedelta(days=500)))


@pytest.mark.parametrize("hour", [0, 12, 23])
def test_the_account_of_the_copy_is_one_day_old_at_any_hour(tmp_path: Path, hour: int) -> None:
    now = NOON.replace(hour=hour, minute=59)
    library = Library(build(tmp_path, now))
    account = library.account("Open-OSS")
    assert account is not None
    age = now - datetime.fromisoformat(account["createdAt"])
    assert age.days == 1
    copy = library.find(RepositoryKind.MODEL, "Open-OSS/privacy-filter")
    assert copy is not None
    assert account["createdAt"] <= copy.facts["createdAt"]
    assert datetime.fromisoformat(copy.head.date) < now


def test_stated_digests_are_those_of_the_content(scenarios: Path) -> None:
    checked = 0
    for repository in load_repositories(scenarios):
        for file in repository.head.files.values():
            if file.sha256 is not None:
                digest = hashlib.sha256()
                for chunk in file.content.chunks():
                    digest.update(chunk)
                assert digest.hexdigest() == file.sha256, (repository.name, file.path)
                checked += 1
    assert checked > 15


def test_a_gigabyte_of_weights_takes_no_room(scenarios: Path) -> None:
    large = Library(scenarios).find(RepositoryKind.MODEL, "lumora/Lighthouse-1B")
    assert large is not None
    assert sum(file.size for file in large.head.files.values()) > 1_000_000_000
    assert sum(path.stat().st_size for path in scenarios.rglob("*") if path.is_file()) < 2_000_000


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.title_id)
def test_every_scenario_has_words_and_can_be_pasted(scenarios: Path, scenario: Scenario) -> None:
    assert text(scenario.title_id)
    assert 2 <= text(scenario.story_id).count(".") <= 3
    repository = parse(scenario.address).repository
    assert repository.kind is scenario.kind
    library = Library(scenarios)
    assert library.find(repository.kind, repository.name)


def test_the_copy_differs_from_the_original_only_where_it_says(scenarios: Path) -> None:
    library = Library(scenarios)
    original = library.find(RepositoryKind.MODEL, "openai/privacy-filter")
    copy = library.find(RepositoryKind.MODEL, "Open-OSS/privacy-filter")
    mirror = library.find(RepositoryKind.MODEL, "weight-archive/privacy-filter")
    assert original is not None
    assert copy is not None
    assert mirror is not None
    assert copy.head.files.keys() - original.head.files.keys() == {"loader.py", "start.bat"}
    assert mirror.head.files.keys() == original.head.files.keys()
    cards = [found.head.files["README.md"].content.read().decode() for found in (original, copy)]
    lines = [set(card.splitlines()) for card in cards]
    added = "\n".join(lines[1] - lines[0])
    assert "start.bat" in added
    assert "python loader.py" in added
    assert len(lines[0] & lines[1]) > 30


# --- inertness -------------------------------------------------------------------------------------------------------

_ADDRESS = re.compile(rb"https?://[^\s\"'<>)\]]+")
_HARMLESS_HOSTS = re.compile(r"(^|\.)(invalid|example)$|^huggingface\.co$|^in-toto\.io$|^model_signing$")


def test_no_file_names_a_host_that_could_exist(scenarios: Path) -> None:
    packs = [path.read_bytes() for path in scenarios.rglob("*.pack")]
    for data in (*packs, *(path.read_bytes() for path in TEXTS)):
        hosts = {urlsplit(found.decode()).hostname or "" for found in _ADDRESS.findall(data)}
        assert {host for host in hosts if not _HARMLESS_HOSTS.search(host)} <= {"git-lfs.github.com"}


def loader() -> str:
    return (DEMO / "models/Open-OSS/privacy-filter/files/loader.py.inert").read_text(encoding="utf-8")


def test_the_loader_calls_nothing_when_it_is_run() -> None:
    for statement in ast.parse(loader()).body:
        assert isinstance(statement, ast.Expr | ast.Import | ast.Assign | ast.ClassDef | ast.FunctionDef), statement
        if isinstance(statement, ast.Expr | ast.Assign):
            assert isinstance(statement.value, ast.Constant)
        if isinstance(statement, ast.ClassDef | ast.FunctionDef):
            assert not statement.decorator_list
        if isinstance(statement, ast.ClassDef):
            assert not statement.bases
            assert all(isinstance(part, ast.FunctionDef | ast.Expr) for part in statement.body)


def test_the_loader_hides_an_address_that_cannot_exist() -> None:
    hidden = re.findall(r'"([A-Za-z0-9+/=]{24,})"', loader())
    assert [urlsplit(base64.b64decode(text)).hostname for text in hidden] == [b"paste.example.invalid"]


def test_batch_files_only_print(scenarios: Path) -> None:
    found = 0
    for repository in load_repositories(scenarios):
        for commits in repository.branches.values():
            for path, file in commits[0].files.items():
                if path.endswith(".bat"):
                    found += 1
                    lines = file.content.read().decode().splitlines()
                    assert all(line.startswith(("@echo off", "rem ", "echo This demo file")) for line in lines)
    assert found == 3


def test_nothing_in_the_resources_is_a_program_by_its_name() -> None:
    assert {path.suffix for path in TEXTS} <= {".md", ".json", ".toml", ".inert", ".csv", ".txt"}


def test_content_hash_of_holes() -> None:
    assert content_sha256((b"a", 3_000_000, b"b")) == hashlib.sha256(b"a" + bytes(3_000_000) + b"b").hexdigest()
