"""Python of other versions, and Python with broken places: whatever can be parsed is, and the rest is told.

Python 2 is written anew line by line (print, exec, `except A, b`, …); so are the few forms newer than the Python this
runs on. Lines that still cannot be parsed are left out one by one, so that one broken line hides nothing.
"""

import ast
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass

_MOST_REPAIRS = 400
_MOST_PARSED = 3 << 20
"""Characters given to the parser in all attempts for one source."""
_LONGEST_LINE = 400
"""Characters of a line that is written anew; there are many ways to read a longer one."""
_LONGEST_STATEMENT = 40
"""Lines of one statement that is written anew."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """`lost`: numbers and texts of the lines that could not be parsed. `tree` is None if none could."""

    tree: ast.Module | None
    lost: tuple[tuple[int, str], ...] = ()


def parse(source: str) -> Parsed:
    """Parse a source of any Python version as far as it goes; never raises."""
    tree = _tree(source)
    if isinstance(tree, ast.Module):
        return Parsed(tree)
    plain = source.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").expandtabs(8)
    lines = _rewritten(plain.split("\n"))
    return _repaired(lines)


def _tree(source: str) -> ast.Module | int | None:
    """The tree, else the line of the first problem, None if there is no such line."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except SyntaxError as problem:
        return problem.lineno or 0
    except (ValueError, RecursionError, MemoryError):
        return None


def _repaired(lines: list[str]) -> Parsed:
    lost: dict[int, str] = {}
    left = _MOST_PARSED
    for _ in range(_MOST_REPAIRS):
        source = "\n".join(lines)
        left -= len(source) + 1000
        tree = _tree(source) if left >= 0 else None
        if isinstance(tree, ast.Module):
            return Parsed(tree, tuple(sorted(lost.items())))
        at = _first_whole(lines, lost, tree)
        if at is None:
            break
        lost[at + 1] = lines[at]
        lines[at] = _in_its_place(lines, at)
    return Parsed(None, tuple(enumerate(lines, start=1)))


def _first_whole(lines: list[str], lost: dict[int, str], number: int | None) -> int | None:
    """The line to leave out next: the one complained of, or one near it if that was left out already."""
    if number is None or not lines:
        return None
    near = min(max(number, 1), len(lines))
    order = (*range(near, min(near + 50, len(lines)) + 1), *range(near, 0, -1))
    return next((one - 1 for one in order if one not in lost and lines[one - 1].strip()), None)


def _in_its_place(lines: list[str], at: int) -> str:
    """A statement that does nothing, and opens a block if one follows."""
    line = lines[at]
    before = line[: len(line) - len(line.lstrip())]
    after = next((one for one in lines[at + 1 :] if one.strip()), "")
    deeper = len(after) - len(after.lstrip()) > len(before)
    return f"{before}if 1:" if deeper else f"{before}pass"


# -- older and newer forms --

_PRINT = re.compile(r"^(\s*(?:.*?:\s+|.*?;\s*)?)print\s+(?!=|\()(?:>>\s*)?(\S.*)$")
_PRINT_CALL = re.compile(r"^(\s*(?:.*?:\s+|.*?;\s*)?)print\s*(\(.*\)\s*(?:%|,|\+).*)$")
_EXEC = re.compile(r"^(\s*(?:.*?:\s+|.*?;\s*)?)exec\s+(?!=)(\S.*?)(?:\s+in\s+([\w., ()]+))?\s*$")
_RAISE = re.compile(r"^(\s*)raise\s+([\w.]+)\s*,\s*(.+)$")
_EXCEPT = re.compile(r"^(\s*except\s+)([\w.]+(?:\s*,\s*[\w.]+)+)\s*:")
_GENERIC = re.compile(r"^(\s*(?:async\s+def|def|class)\s+\w+)\[[^\[\]]*+(?:\[[^\[\]]*+\][^\[\]]*+)*+\](?=\s*[(:])")
_ALIAS = re.compile(r"^(\s*)type\s+(\w+)(?:\[[^\]]*\])?\s*=")
_BACKTICKS = re.compile(r"`([^`]+)`")
_OCTAL = re.compile(r"(?<![\w.])0([0-7]{2,})(?![\w.])")
_LONG = re.compile(r"(?<![\w.])(\d+|0[xX][0-9a-fA-F]+)[lL]\b")
_UNPACKED = re.compile(r"\blambda\s*\(([\w, ]+)\)\s*:")


def _rewritten(lines: list[str]) -> list[str]:
    made = [_words_changed(line) for line in lines]
    for index, line in enumerate(made):
        if "print" in line or "exec" in line:
            _statement(made, index)
    return made


def _words_changed(line: str) -> str:
    for needed, expression, change in _CHANGES:
        if needed in line:
            line = expression.sub(change, line)
    return line


_CHANGES: tuple[tuple[str, re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    ("raise", _RAISE, r"\1raise \2(\3)"),
    ("except", _EXCEPT, lambda match: f"{match[1]}({match[2]}):"),
    ("[", _GENERIC, r"\1"),
    ("type", _ALIAS, r"\1\2 ="),
    ("`", _BACKTICKS, r"repr(\1)"),
    ("<>", re.compile(r"<>"), "!="),
    ("0", _OCTAL, r"0o\1"),
    ("", _LONG, r"\1"),
    ("ur", re.compile(r"\b[uU]([rR][\"'])"), r"\1"),
    ("lambda", _UNPACKED, r"lambda \1:"),
    ("t", re.compile(r"(?<![\w\"'])t(?=\"|')"), "f"),
)
"""A word without which it is not looked for, what is looked for, what it becomes."""


def _statement(lines: list[str], index: int) -> None:
    """`print x` and `exec x in y` as calls; a statement over several lines is closed where its brackets are."""
    line = lines[index]
    if len(line) > _LONGEST_LINE or line.lstrip().startswith(("#", "'", '"')):
        return
    match = _PRINT.match(line) or _PRINT_CALL.match(line) or _EXEC.match(line)
    if match is None:
        return
    word = "exec" if match.re is _EXEC else "print"
    last = _last_line(lines, index)
    if match.re is _EXEC and last == index and match[3]:
        lines[index] = f"{match[1]}exec({match[2]}, {match[3].strip()})"
    elif last == index:
        inside, _, rest = _until_semicolon(line[len(match[1]) + len(word) :].strip())
        lines[index] = f"{match[1]}{word}({inside.lstrip('> ').rstrip(', ')}){rest}"
    else:
        lines[index] = f"{match[1]}{word}({line[len(match[1]) + len(word) :].strip()}"
        lines[last] = f"{lines[last].rstrip().removesuffix(chr(92))})"


def _until_semicolon(text: str) -> tuple[str, str, str]:
    """A statement and what follows on the same line, or its comment."""
    quote = ""
    for place, character in enumerate(text):
        if quote:
            quote = "" if character == quote and text[place - 1] != "\\" else quote
        elif character in "\"'":
            quote = character
        elif character in ";#":
            return text[:place], character, f"  {text[place:]}"
    return text, "", ""


def _last_line(lines: list[str], index: int) -> int:
    depth = 0
    for number in range(index, min(index + _LONGEST_STATEMENT, len(lines))):
        line = lines[number]
        depth += sum(line.count(one) for one in "([{") - sum(line.count(one) for one in ")]}")
        if depth <= 0 and not line.rstrip().endswith("\\"):
            return number
    return index
