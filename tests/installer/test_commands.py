import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from installer import checks, environment, start
from installer.__main__ import main, understood

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ("run", ("run", (), False)),
        ("run --system-packages", ("run", (), True)),
        ("run --demo --system-packages", ("run", ("--demo",), True)),
        ("run check a/b --json -", ("run", ("check", "a/b", "--json", "-"), False)),
        ("test -k name -x", ("test", ("-k", "name", "-x"), False)),
        ("", ("", (), False)),
    ],
)
def test_everything_but_our_own_option_is_passed_on(words: str, meaning: tuple[str, tuple[str, ...], bool]) -> None:
    assert understood(words.split()) == meaning


def test_an_unknown_command_gets_the_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["install"]) == 2
    assert "python3 -m installer run" in capsys.readouterr().err
    assert main(["--help"]) == 0
    assert "python3 -m installer test" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["--demo"]])
def test_these_want_the_window(arguments: list[str]) -> None:
    assert start.is_for_window(arguments)


@pytest.mark.parametrize("arguments", [["check", "a/b"], ["a/b"], ["--help"], ["--version"]])
def test_these_are_for_sallyport_to_answer(arguments: list[str]) -> None:
    assert not start.is_for_window(arguments)


@pytest.fixture
def fake_sallyport(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program in place of sallyport that prints its arguments and ends as a high-risk check does."""
    program = tmp_path / "sallyport"
    program.write_text(f"#!{sys.executable}\nimport sys\nprint(*sys.argv[1:])\nsys.exit(20)\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(environment, "script", lambda _name: program)
    monkeypatch.setattr(environment, "prepare", lambda _command: None)
    monkeypatch.setattr(start, "python_needs", lambda: ())
    return program


@pytest.mark.skipif(os.name == "nt", reason="Windows always has a display")
@pytest.mark.usefixtures("fake_sallyport")
def test_without_a_display_the_example_is_checked_in_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(start, "has_display", lambda: False)
    assert start.run([], install_packages=False) == 0, "a check that came to a verdict is a start that worked"
    shown = capfd.readouterr()
    assert shown.out.strip() == "check Open-OSS/privacy-filter --demo"
    assert "To get the window" in shown.err


@pytest.mark.skipif(os.name == "nt", reason="Windows always has a display")
def test_a_check_that_could_not_be_made_is_not_called_a_success(
    fake_sallyport: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    fake_sallyport.write_text(f"#!{sys.executable}\nimport sys\nsys.exit(3)\n", encoding="utf-8")
    monkeypatch.setattr(start, "has_display", lambda: False)
    assert start.run(["--demo"], install_packages=False) == 3
    assert "To get the window" not in capfd.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["check", "a/b"]])
@pytest.mark.usefixtures("fake_sallyport")
def test_with_a_display_or_work_to_do_the_program_takes_over(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    became: list[list[str]] = []

    def become(given: list[str]) -> int:
        became.append(list(given))
        return 7

    monkeypatch.setattr(start, "_become", become)
    monkeypatch.setattr(start, "has_display", lambda: not arguments)
    monkeypatch.setattr(start, "missing_libraries", lambda _needs: ())
    assert start.run(arguments, install_packages=False) == 7
    assert became == [arguments]


def test_the_whole_run_measures_coverage_and_a_part_does_not() -> None:
    assert [step.name for step in checks.steps([])] == ["style", "format", "types", "tests"]
    assert "--cov" in checks.steps([])[-1].arguments
    assert checks.steps(["-k", "name"])[-1].arguments == ("pytest", "-k", "name")


def test_every_step_runs_and_one_failure_fails_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(checks, "ARTIFACTS", tmp_path / "artifacts")
    monkeypatch.setattr(environment, "prepare", lambda _command: None)
    monkeypatch.setattr(environment, "script", lambda _name: Path(sys.executable))
    monkeypatch.setattr(checks, "python_needs", lambda: ())
    monkeypatch.setattr(checks, "missing_libraries", lambda _needs: ())
    monkeypatch.setattr(checks, "missing_programs", lambda _needs: ())
    failing = checks.Step("style", ("py_compile", str(tmp_path / "not there")))
    passing = checks.Step("tests", ("platform", "terse"))
    monkeypatch.setattr(checks, "steps", lambda _arguments: (failing, passing))
    assert checks.run([], install_packages=False) == 1
    summary = capsys.readouterr().out.partition("All checks:")[2]
    assert "FAILED" in summary
    assert "passed" in summary
    assert platform.platform(terse=True) in (tmp_path / "artifacts" / "tests.txt").read_text(encoding="utf-8")
    monkeypatch.setattr(checks, "steps", lambda _arguments: (passing,))
    assert checks.run([], install_packages=False) == 0


def test_an_old_python_gets_a_sentence() -> None:
    code = "import sys\nsys.version_info = (3, 9, 2)\nimport installer"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 1
    assert "this is Python 3.9" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_failure_is_three_sentences_and_no_stack_trace(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from installer.words import Stop

    def refuse(*_arguments: object) -> int:
        raise Stop("installer.disk", log="install.log")

    monkeypatch.setattr(start, "run", refuse)
    assert main(["run"]) == 1
    shown = capsys.readouterr().err
    assert "The disk is full." in shown
    assert "Traceback" not in shown
