"""Which modules have grown past the point where a reader keeps them in the head."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONG = 300


def code_lines(source: str) -> int:
    """Lines that hold code: no blank lines, comments or docstrings."""
    tree = ast.parse(source)
    docstrings: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            docstrings.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return sum(
        1
        for number, line in enumerate(source.splitlines(), start=1)
        if number not in docstrings and line.strip() and not line.lstrip().startswith("#")
    )


def long_modules() -> list[tuple[str, int]]:
    """Modules of core and gui with more than `LONG` lines of code, the longest first."""
    counted = [
        (path.relative_to(ROOT).as_posix(), code_lines(path.read_text(encoding="utf-8")))
        for folder in ("core", "gui")
        for path in (ROOT / folder).rglob("*.py")
    ]
    return sorted((entry for entry in counted if entry[1] > LONG), key=lambda entry: -entry[1])
