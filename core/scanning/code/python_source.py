"""Python files, followed as a program; nothing of them is run or imported."""

import ast
import codecs
import re

from core.scanning.code.behaviour import Behaviour, fact
from core.scanning.code.python_deeds import Deeds
from core.scanning.code.python_dialects import parse
from core.scanning.code.python_interpreter import Interpreter
from core.scanning.code.python_pure import Steps, pure_call
from core.scanning.code.python_values import NOTHING, Value
from core.scanning.code.sources import read_text
from core.scanning.inspection import Inspection

_LAYERS = 60
"""Layers of source inside source that are followed."""
_MOST_INSIDE = 4 << 20
"""Characters of all layers together."""
_COOKIE = re.compile(r"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_ODD_CODECS = frozenset(
    {"rot13", "rot-13", "utf-7", "hex", "base64", "zlib", "bz2", "uu", "quopri", "unicode-escape", "raw-unicode-escape"}
)
_CALLS = re.compile(
    r"(?<![\w.])(?:(?P<starts>os\.(?:system|popen|exec\w+|spawn\w+|startfile)|(?:subprocess|pty|commands)\.\w+)|exec|eval)\s*\("
)
_FETCHES = re.compile(r"\b(?:requests|httpx|urlopen|urlretrieve|urllib\w*|aiohttp|socket)\b[\w.]*\s*\(")
_LONGEST_LOST = 65536
"""Characters that are searched of a line that no parser takes: Python runs nothing of such a file."""
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_FAR_RIGHT = re.compile(r"\S[ \t]{120,}(?=[^\s#])")


def scan_python(inspection: Inspection) -> None:
    """Say that it is Python, and what it does."""
    inspection.report("code-python")
    source = read_text(inspection)
    with Behaviour(inspection) as behaviour:
        reader = PythonReader(inspection, behaviour)
        try:
            reader.read(_as_python_reads(source, behaviour))
        finally:
            reader.finish()


class PythonReader:
    """Reads one file, or the cells of one notebook one after the other, as one program."""

    def __init__(self, inspection: Inspection, behaviour: Behaviour) -> None:
        self._inspection = inspection
        self._behaviour = behaviour
        self._deeds = Deeds(behaviour, inspection.budget.check_time, self._inside)
        self._interpreter = Interpreter(self._deeds)
        self._layers = 0
        self._left = _MOST_INSIDE
        self._read: set[int] = set()

    def read(self, source: str, place: str = "") -> None:
        """Follow a source; `place` names the cell of a notebook."""
        self._deeds.notes.place = place
        parsed = parse(source)
        self._look_of_it(source, place, parsed.tree)
        for number, line in parsed.lost:
            self._behaviour.command(line[:_LONGEST_LOST], number, place)
            self._read_unparsed(line, number, place)
        if parsed.lost:
            self._inspection.partly("code_not_python")
        if parsed.tree is not None:
            self._follow(parsed.tree)

    def read_inside(self, source: str, line: int, place: str = "") -> None:
        """Follow Python that stands in a script of another kind, from a line on; what is no Python is left out."""
        self._deeds.notes.place = place
        tree = parse("\n" * (line - 1) + source).tree
        if tree is not None:
            self._follow(tree)

    def finish(self) -> None:
        """After the last source."""
        self._deeds.finish()

    def _read_unparsed(self, line: str, number: int, place: str) -> None:
        """A line that no parser takes: at least the calls by their names."""
        match = _CALLS.search(line[:65536])
        if match is not None:
            kind = "starts-programs" if match["starts"] else "computed"
            self._behaviour.note(kind, fact("call", line.strip()[:200], number, place))
        if _FETCHES.search(line[:65536]):
            self._behaviour.note("network", fact("call", line.strip()[:200], number, place))

    def _follow(self, tree: ast.Module) -> None:
        self._deeds.begin(tree)
        try:
            self._interpreter.run(tree)
        except RecursionError:
            self._inspection.partly("code_too_nested")

    def _inside(self, source: str, line: int) -> Value:
        """Source that the program runs; the value, if it is one expression."""
        if hash(source) in self._read:
            return NOTHING
        self._left -= len(source)
        if self._layers >= _LAYERS or self._left < 0:
            self._behaviour.leave_out()
            return NOTHING
        tree = parse(source).tree
        if tree is None:
            return NOTHING
        notes = self._deeds.notes
        outer, notes.line = notes.line, notes.line or line
        self._layers += 1
        try:
            if len(tree.body) == 1 and isinstance(tree.body[0], ast.Expr):
                return self._interpreter.value(tree.body[0].value, self._interpreter.module)
            self._read.add(hash(source))
            self._interpreter.run(tree)
        finally:
            self._layers -= 1
            notes.line = outer
        return NOTHING

    def _look_of_it(self, source: str, place: str, tree: ast.Module | None) -> None:
        """What an eye would miss. Lines of nothing but text may hold wide tables."""
        texts: frozenset[int] | None = None
        for number, line in enumerate(source.splitlines(), start=1):
            if _BIDI.search(line):
                self._behaviour.note("bidi", fact("text", line.strip()[:200], number, place))
            if len(line) > 120 and _FAR_RIGHT.search(line[:65536]):
                texts = _inside_texts(tree) if texts is None else texts
                if number in texts:
                    continue
                shown = re.sub(r"[ \t]{8,}", " … ", line[:65536])
                self._behaviour.note("far-right", fact("text", shown.strip(), number, place))


def _inside_texts(tree: ast.Module | None) -> frozenset[int]:
    """Numbers of the lines that lie within texts of several lines, without their first and last."""
    found: set[int] = set()
    for node in () if tree is None else ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and (node.end_lineno or 0) > node.lineno + 1:
            found.update(range(node.lineno + 1, node.end_lineno or 0))
    return frozenset(found)


def _as_python_reads(source: str, behaviour: Behaviour) -> str:
    """The source in the encoding that its first lines name, if that is one that changes plain letters (PEP 263)."""
    for number, line in enumerate(source.splitlines()[:2], start=1):
        match = _COOKIE.match(line)
        if match is None:
            continue
        try:
            name = codecs.lookup(match[1]).name.replace("_", "-")
        except LookupError:
            return source
        if name not in _ODD_CODECS:
            return source
        behaviour.note("odd-encoding", fact("text", line.strip(), number))
        rest = "".join(source.splitlines(keepends=True)[number:])
        encoded = rest if name.startswith("rot") else rest.encode("latin-1", "replace")
        decoded = pure_call(codecs.decode, [encoded, name], {}, Steps())
        if isinstance(decoded, bytes):
            decoded = decoded.decode("utf-8", "replace")
        return "\n" * number + decoded if isinstance(decoded, str) else source
    return source
