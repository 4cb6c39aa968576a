"""Who may know whom (ARCHITECTURE.md): read from the imports, without running the program."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HUB_CLIENTS = {"huggingface_hub", "httpx", "httpx2", "requests", "urllib3"}
PARSERS = {"picklescan", "pickle", "zipfile", "tarfile", "yaml", "jinja2", "markdown_it", "nh3"}
SEPARATE = ("scanning", "comparison", "identity")
TEXT_ID = re.compile(r"[a-z_]+(?:\.[a-z_0-9]+)+")
FILE_ENDINGS = (".py", ".json", ".toml", ".txt", ".md", ".bin", ".htt", ".qss")


def sources(folder: str) -> list[Path]:
    """Every Python file below a folder of the project."""
    found = sorted((ROOT / folder).rglob("*.py"))
    assert found, folder
    return found


def imported(path: Path) -> Iterator[str]:
    """Full dotted names a file imports, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def offenders(folder: str, forbidden: set[str], *, allowed: tuple[str, ...] = ()) -> list[str]:
    """Files below a folder that import a forbidden package; `allowed` are beginnings of paths."""
    return [
        f"{path.relative_to(ROOT).as_posix()}: {name}"
        for path in sources(folder)
        if not path.relative_to(ROOT).as_posix().startswith(allowed or ("\0",))
        for name in imported(path)
        if name.split(".")[0] in forbidden
    ]


def test_core_knows_no_window() -> None:
    assert offenders("core", {"gui", "PySide6", "shiboken6"}) == []


def test_the_window_neither_parses_nor_downloads() -> None:
    assert offenders("gui", HUB_CLIENTS | PARSERS | {"keyring", "http"}) == []


def test_only_the_hub_package_speaks_to_the_hub() -> None:
    assert offenders("core", HUB_CLIENTS, allowed=("core/hub/",)) == []


def test_only_the_hub_and_the_demo_open_sockets() -> None:
    assert offenders("core", {"socket", "http", "socketserver"}, allowed=("core/hub/", "core/demo/")) == []


def test_only_secrets_knows_the_key_store() -> None:
    assert offenders("core", {"keyring"}, allowed=("core/secrets.py",)) == []


@pytest.mark.parametrize("stage", SEPARATE)
def test_stages_do_not_know_each_other(stage: str) -> None:
    others = tuple(f"core.{other}" for other in SEPARATE if other != stage)
    known = [
        (path.name, name) for path in sources(f"core/{stage}") for name in imported(path) if name.startswith(others)
    ]
    assert known == []


def test_resources_hold_no_code() -> None:
    # What the examples show a person is served as text; it is kept under resources/demo.
    found = [path for path in (ROOT / "resources").rglob("*.py") if "demo" not in path.parts]
    assert found == []


def test_the_command_line_starts_without_qt() -> None:
    program = "import core.cli, sys; print([name for name in sys.modules if name.startswith('PySide6')])"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def catalogue() -> dict[str, str]:
    """Every text of the English catalogue by its id."""
    texts: dict[str, str] = {}
    for path in sorted((ROOT / "resources/text/en").glob("*.json")):
        texts.update(json.loads(path.read_text("utf-8")))
    return texts


def described_rules() -> set[str]:
    """Ids of every rule, whether its table is written quoted or nested by area."""
    rules: set[str] = set()
    for path in (ROOT / "resources/rules").glob("*.toml"):
        for name, table in tomllib.loads(path.read_text("utf-8")).items():
            rules |= {name} | {f"{name}.{inner}" for inner in table}
    return rules


def written_in_code(folder: str) -> Iterator[tuple[str, str]]:
    """Pairs of file and string literal, without the pieces of f-strings."""
    for path in sources(folder):
        tree = ast.parse(path.read_text("utf-8"))
        pieces = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in pieces:
                yield path.relative_to(ROOT).as_posix(), node.value


@pytest.mark.parametrize("folder", ["core", "gui"])
def test_every_text_in_code_is_written(folder: str) -> None:
    texts = catalogue()
    rules = described_rules()
    areas = {text_id.split(".")[0] for text_id in texts}
    suffixes = (".what", ".means", ".do")
    missing = [
        (path, value)
        for path, value in written_in_code(folder)
        if TEXT_ID.fullmatch(value) and value.split(".")[0] in areas and not value.endswith(FILE_ENDINGS)
        if value not in texts and value not in rules and not any(value + suffix in texts for suffix in suffixes)
    ]
    assert missing == []


def test_every_rule_reported_is_described() -> None:
    rules = described_rules()
    reported = {
        (path.relative_to(ROOT).as_posix(), match[1])
        for path in sources("core")
        for match in re.finditer(r'\b(?:report|finding)\(\s*"([a-z0-9.-]+)"', path.read_text("utf-8"))
    }
    assert reported
    # A scanner names its rules without the area.
    assert sorted(pair for pair in reported if not {pair[1], f"scanning.{pair[1]}"} & rules) == []
