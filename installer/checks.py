"""`python3 -m installer test`: style, format, types and tests, each named, all of them even if one fails."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from installer import environment
from installer.start import python_needs
from installer.system_packages import DRAWING, TEST_PROGRAMS, X11, Need, missing_libraries, missing_programs, provide
from installer.words import ROOT, sentence

ARTIFACTS = ROOT / "artifacts"
"""Not in git: the output of every step, the results as JUnit XML, the coverage, pictures of the window."""


@dataclass(frozen=True)
class Step:
    """One check: the name in `artifacts/<name>.txt`, and what to call in `.venv`."""

    name: str
    arguments: tuple[str, ...]


def steps(pytest_arguments: Sequence[str]) -> tuple[Step, ...]:
    """The checks in order. With arguments of one's own, pytest does just that, without measuring coverage."""
    whole = (
        "--numprocesses=2",
        "--cov",
        "--cov-report=term:skip-covered",
        f"--cov-report=xml:{ARTIFACTS / 'coverage.xml'}",
        f"--junitxml={ARTIFACTS / 'pytest.xml'}",
    )
    return (
        Step("style", ("ruff", "check", "--no-cache", ".")),
        Step("format", ("ruff", "format", "--check", "--no-cache", ".")),
        Step("types", ("mypy",)),
        Step("tests", ("pytest", *(pytest_arguments or whole))),
    )


def run(pytest_arguments: Sequence[str], install_packages: bool) -> int:
    """Run every check; 0 if all passed, else 1."""
    needs = python_needs()
    helpful: tuple[Need, ...] = ()
    if sys.platform == "linux":
        needs += missing_libraries(DRAWING)
        helpful = (*missing_libraries(X11), *missing_programs(TEST_PROGRAMS))
    if install_packages:
        provide((*needs, *helpful), install=True)
    else:
        provide(needs, install=False)
        provide(helpful, install=False, required=False)
    environment.prepare("test")
    ARTIFACTS.mkdir(exist_ok=True)
    results = [(step, *_run(step)) for step in steps(pytest_arguments)]
    print(f"\n{sentence('installer.summary')}")
    for step, status, seconds, closing in results:
        result = sentence("installer.passed" if status == 0 else "installer.failed")
        print(f"  {sentence(f'installer.step.{step.name}'):<28} {result:<7} {seconds:6.1f} s  {closing}")
    return 0 if all(status == 0 for _, status, _, _ in results) else 1


def _run(step: Step) -> tuple[int, float, str]:
    """Exit code, seconds, and the last line of one check, whose output is shown and kept."""
    print(f"\n== {sentence(f'installer.step.{step.name}')}: {' '.join(step.arguments)}", flush=True)
    program, *arguments = step.arguments
    began = time.monotonic()
    closing = ""
    with (
        (ARTIFACTS / f"{step.name}.txt").open("w", encoding="utf-8") as kept,
        subprocess.Popen(
            [str(environment.script("python")), "-m", program, *arguments],
            cwd=ROOT,
            env=_with_programs(os.environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        ) as check,
    ):
        for line in check.stdout or ():
            kept.write(line)
            print(line, end="", flush=True)
            closing = line.strip(" =\n") or closing
    return check.returncode, time.monotonic() - began, closing


def _with_programs(variables: Mapping[str, str]) -> dict[str, str]:
    """Tests that call `sallyport` or `hf` find those of `.venv`."""
    folder = str(environment.script("python").parent)
    return {**variables, "PATH": os.pathsep.join((folder, variables.get("PATH", "")))}
