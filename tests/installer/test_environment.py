import json
import shutil
import sys
from pathlib import Path

import pytest

from installer import environment
from installer.words import ROOT, Stop


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of what decides about the environment, and a pip that only notes what it was asked for."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "installer" / "requirements", tmp_path / "installer" / "requirements")
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    return tmp_path


class Calls(list[str]):
    """What was done, in order."""

    def create(self) -> None:
        self.append("create")
        python = environment.script("python")
        python.parent.mkdir(parents=True, exist_ok=True)
        python.touch()
        (environment.VENV / "pyvenv.cfg").write_text(f"executable = {sys.executable}\n", encoding="utf-8")

    def pip(self, *arguments: str) -> None:
        self.append(" ".join(argument.replace(str(environment.VENV.parent), ".") for argument in arguments))


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch, project: Path) -> Calls:  # noqa: ARG001  the copy must be there first
    calls = Calls()
    monkeypatch.setattr(environment, "_create", calls.create)
    monkeypatch.setattr(environment, "_pip", calls.pip)
    return calls


def test_the_first_start_installs_by_hash_and_the_second_does_nothing(calls: Calls) -> None:
    environment.prepare("run")
    created, packages, project = calls
    assert created == "create"
    assert packages.startswith("--require-hashes --no-deps --only-binary=:all: ")
    assert [Path(word).name for word in packages.split() if "requirement=" in word] == ["build.txt", "runtime.txt"]
    assert project == "--no-deps --no-build-isolation --editable=."
    calls.clear()
    environment.prepare("run")
    assert calls == []


def test_the_tests_need_more_and_then_nothing_is_left_for_run(calls: Calls) -> None:
    environment.prepare("run")
    calls.clear()
    environment.prepare("test")
    assert "create" not in calls
    assert "test.txt" in calls[0]
    calls.clear()
    environment.prepare("run")
    environment.prepare("test")
    assert calls == []


@pytest.mark.parametrize("changed", ["pyproject.toml", "installer/requirements/runtime.txt"])
def test_a_changed_list_is_installed_again(calls: Calls, project: Path, changed: str) -> None:
    environment.prepare("run")
    calls.clear()
    path = project / changed
    path.write_text(path.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    environment.prepare("run")
    assert len(calls) == 2
    assert "create" not in calls


def test_windows_line_ends_are_no_change(calls: Calls, project: Path) -> None:
    environment.prepare("run")
    path = project / "installer" / "requirements" / "runtime.txt"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    calls.clear()
    environment.prepare("run")
    assert calls == []


def test_an_interrupted_installation_is_done_again(calls: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_arguments: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(environment, "_pip", interrupted)
    with pytest.raises(KeyboardInterrupt):
        environment.prepare("run")
    monkeypatch.setattr(environment, "_pip", calls.pip)
    calls.clear()
    environment.prepare("run")
    assert len(calls) >= 2


def test_a_folder_that_was_moved_is_made_again(calls: Calls) -> None:
    environment.prepare("run")
    stamp = environment.VENV / "sallyport-installed.json"
    noted = json.loads(stamp.read_text(encoding="utf-8"))
    stamp.write_text(json.dumps(noted | {"root": "/elsewhere"}), encoding="utf-8")
    calls.clear()
    environment.prepare("run")
    assert calls[0] == "create"


def test_a_python_that_was_removed_is_noticed(calls: Calls) -> None:
    environment.prepare("run")
    (environment.VENV / "pyvenv.cfg").write_text("executable = /usr/bin/python3.9-gone\n", encoding="utf-8")
    calls.clear()
    environment.prepare("run")
    assert calls[0] == "create"


@pytest.mark.parametrize("damage", ["", "[]", "{", "\x00"])
def test_a_damaged_note_means_install_again(calls: Calls, damage: str) -> None:
    environment.prepare("run")
    (environment.VENV / "sallyport-installed.json").write_text(damage, encoding="utf-8")
    calls.clear()
    environment.prepare("run")
    assert len(calls) >= 2


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "installer.hash"),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "installer.disk"),
        (
            "Retrying after connection broken by '… Connection refused'\nERROR: No matching distribution found for nh3",
            "installer.network",
        ),
        ("ERROR: No matching distribution found for pyside6-essentials==6.11.3", "installer.platform"),
        ("ERROR: something nobody thought of", "installer.pip"),
    ],
)
def test_what_pip_says_becomes_a_sentence(said: str, message: str) -> None:
    assert environment.cause(said.splitlines(keepends=True)) == message
    shown = str(Stop(message, log="install.log", last=environment.last_error(said.splitlines())))
    assert shown.count("\n") == 2
    assert "install.log" in shown


def test_the_error_line_is_picked_from_pips_output() -> None:
    assert (
        environment.last_error(["Collecting a", "ERROR: first", "ERROR: second", "[notice] new pip"]) == "ERROR: first"
    )
    assert environment.last_error([]) == "-"
