"""What a Python program does: told call by call and text by text, said as classes of behaviour."""

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from core.command_lines import deeds
from core.findings import Level
from core.scanning.code.behaviour import Behaviour, fact
from core.scanning.code.python_data import Data
from core.scanning.code.python_notes import LONGEST_SHOWN, Notes
from core.scanning.code.python_pure import DECODERS
from core.scanning.code.python_running import Running, RunSource, starts_programs
from core.scanning.code.python_tables import ASKS, CODE, FETCHES, LOADS, MACHINES, NATIVE, WRITERS
from core.scanning.code.python_values import NOTHING, Value, elements, words

_LONGEST_JUDGED = 65536
_MOST_JUDGED = 16 << 20
"""Characters of all texts together."""
_ADDRESS = re.compile(r"^(?:https?|wss?|ftp|tcp)://\S{4,}$", re.IGNORECASE)
_RUNS_SOURCE = re.compile(r"\b(?:import|__import__)\b[^\0]{0,2000}\b(?:exec|eval)\s*\(")
_GUARDED = ("os.", "shutil.", "subprocess.", "builtins.")
_GUARD = 8
"""Functions of Python that a program takes away from itself before it runs the answers of a model: enough of them that
those cannot start or delete anything (the guard of HumanEval has 40)."""
_END_OF_COMMAND = re.compile(r"([^\s\\|&({,;])[ \t]*\n\s*")
"""The end of a line, unless what stands there goes on in the next."""
_SCRIPT = re.compile(r"\.(?:py|pyw|sh|bash|command|bat|cmd|ps1|vbs|js|hta)$", re.IGNORECASE)
_MOST_LINES = 500
_BY_WRITING = frozenset({"autostart", "protection-off"})
_LINK = re.compile(r"<(?:a|img)\s[^<>…]{1,400}>", re.IGNORECASE)
"""On a page, for people to follow or see; not if parts of it are put in when the program runs."""
_TELLING_METHODS = frozenset("debug info warning warn error critical exception echo secho".split())
_BY_NETWORK = frozenset({"secrets", "sends-away", "odd-address", "mines"})


class _Told(NamedTuple):
    """A text, whether it was hidden, and where it was worked out."""

    text: str
    hidden: bool
    line: int
    place: str

    def goes_on(self, other: "_Told") -> bool:
        """Whether this is the other one with something added."""
        longer = len(self.text) > len(other.text) and self.hidden >= other.hidden
        return longer and (self.text.startswith(other.text) or self.text.endswith(other.text))


class Deeds:
    """The watcher of one file, see `python_interpreter.Watcher`."""

    def __init__(self, behaviour: Behaviour, tick: Callable[[], None], run_source: RunSource) -> None:
        self.notes = Notes(behaviour)
        self.tick = tick
        self._behaviour = behaviour
        self._run_source = run_source
        self._running = Running(self.notes, run_source)
        self._data = Data(self.notes)
        self._texts: dict[str, list[tuple[str, int, bool]]] = {}
        self._judged: set[int] = set()
        self._said: set[ast.AST] = set()
        self._growing: _Told | None = None
        self._left = _MOST_JUDGED
        self._native: dict[str, int] = {}
        self._made_callable = False
        self._machines: set[str] = set()
        self._switched_off: set[str] = set()

    def begin(self, tree: ast.AST) -> None:
        """Before a source is followed: what it only tells people is no doing of it.

        That is what is raised or printed, and texts that stand alone, as documentation does.
        """
        told: list[ast.expr] = []
        named: list[tuple[str, ast.expr]] = []
        for statement in _statements(tree):
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
                named.append((statement.targets[0].id, statement.value))
            elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                told.append(statement.value)
            call = statement.exc if isinstance(statement, ast.Raise) else getattr(statement, "value", None)
            if isinstance(call, ast.Call) and (isinstance(statement, ast.Raise) or _tells(call.func)):
                told += [*call.args, *(keyword.value for keyword in call.keywords)]
        names = {one.id for one in told if isinstance(one, ast.Name)}
        told += [value for name, value in named if name in names]
        self._said.update(_texts(told))

    def knows(self, name: str) -> bool:
        """Whether a call of this function means something."""
        known = name in CODE or name in DECODERS or name in LOADS or starts_programs(name)
        return known or name.rpartition(".")[2] in ASKS | NATIVE

    def imported(self, name: str, node: ast.AST) -> None:
        """A module is imported: perhaps one that was fetched before."""
        how = self.notes.starts_brought(f"{name.replace('.', '/')}.py")
        if how:
            self.notes.note("download-and-run" if how == "fetched" else "decode-and-run", node, f"import {name}")

    def again(self, once_more: bool) -> None:
        """What is not known now was known before, and was judged."""
        self.notes.judged_before = once_more

    def text(self, value: Value, node: ast.AST) -> None:
        """A text, as written or as it was worked out. What it says is kept until it is known whether any is run."""
        shown = words(value)
        if len(shown) < 6 or hash(shown) in self._judged or node in self._said:
            return
        self._judged.add(hash(shown))
        told = _Told(shown, "decoded" in value.marks, self.notes.at(node), self.notes.place)
        # Of a text that is put together piece by piece only the whole is judged: all its beginnings would take long.
        if self._growing is not None and not told.goes_on(self._growing):
            self._judge(self._growing)
        self._growing = told

    def _judge(self, told: "_Told") -> None:
        shown = told.text[:_LONGEST_JUDGED]
        self._left -= len(shown)
        if self._left < 0:
            self._behaviour.leave_out()
            return
        for deed in deeds(_LINK.sub(" ", " ".join(_END_OF_COMMAND.sub(r"\1 ; ", shown).split())), self.tick):
            self._texts.setdefault(deed.kind, []).append((deed.text, told.line, deed.usual))
            if told.hidden:
                self._hidden(deed.text, told)
        if told.hidden and _ADDRESS.match(shown.strip()):
            self._hidden(shown, told)
        if len(shown) < 200:
            self._data.text(shown)
            low = shown.lower()
            self._machines |= {word for word in MACHINES if word in low}

    def _hidden(self, shown: str, told: "_Told") -> None:
        seen = fact("decoded", shown[:LONGEST_SHOWN], told.line, told.place)
        self._behaviour.note("hidden-text", seen, level=Level.HIGH)

    def assigned(self, name: str, value: Value, node: ast.AST) -> None:
        """An assignment to `a.b` or `a[b]`."""
        if value.known and value.constant is None and name.startswith(_GUARDED):
            self._switched_off.add(name)
        self._data.assigned(name, value, node)

    def called(
        self, name: str, function: Value, arguments: Sequence[Value], keywords: dict[str, Value], node: ast.AST
    ) -> Value | None:
        """A call; gives the marks of what comes back."""
        if name == "mmap.mmap" and _asks_to_execute(node):
            self.notes.note("native", node, "mmap.mmap(prot=PROT_EXEC)")
        if name.rpartition(".")[2] in NATIVE:
            self._native[name.rpartition(".")[2]] = self.notes.at(node)
        self._made_callable = self._made_callable or name.endswith(("CFUNCTYPE", "WINFUNCTYPE"))
        self._data.options(name, arguments, keywords, node)
        target = keywords.get("target", NOTHING)
        if target.name.startswith(FETCHES):  # a thread of its own
            given = keywords.get("kwargs", NOTHING)
            handed = dict(zip(map(str, given.keys), given.items, strict=False))
            self._data.called(target.name, target, elements(keywords.get("args", NOTHING)) or [], handed, node)
        if name.rpartition(".")[2] in WRITERS and arguments:
            self._script_written(arguments[0], words(function), node)
        known = self._running.called(name, function, arguments, keywords, node)
        return known or self._data.called(name, function, arguments, keywords, node)

    def _script_written(self, value: Value, place: str, node: ast.AST) -> None:
        """Source that is written into a file and runs other source: what it does is this file's doing."""
        if _SCRIPT.search(place):
            for line in words(value)[:65536].splitlines()[:_MOST_LINES]:
                self._behaviour.command(line, self.notes.at(node), self.notes.place)
        if isinstance(value.constant, str | bytes) and _RUNS_SOURCE.search(words(value)[:65536]):
            self._run_source(words(value), self.notes.at(node))

    def finish(self) -> None:
        """Weigh the texts, now that it is known whether the file runs, writes or sends anything."""
        try:
            if self._growing is not None:
                self._judge(self._growing)
        finally:
            self._growing = None
            self._data.finish()
            self._weigh_texts()

    def _weigh_texts(self) -> None:
        seen = self._behaviour
        runs = seen.has("starts-programs", Level.CAREFUL) or seen.has("computed", Level.CAREFUL)
        reads = runs or seen.has("network")
        altered = seen.has("alters-python")  # what is written there is run
        for kind, found in self._texts.items():
            armed = (
                altered or reads
                if kind in _BY_NETWORK
                else altered or runs or (kind in _BY_WRITING and self._data.files.writes)
            )
            for text, line, usual in found[:10]:
                logs_in = kind == "secrets" and any(text in path for path in self._data.logged_in_with)
                level = Level.NOTE if usual or logs_in else None if armed else Level.CAREFUL
                told = fact("command", text, line, self.notes.place)
                seen.note(kind, told, level=level, only_written=not armed)
        if len(self._native) >= 2 or (self._made_callable and "mprotect" in self._native):
            seen.note("native", *(fact("call", name, line, self.notes.place) for name, line in self._native.items()))
        if len(self._machines) >= 2:
            seen.note("anti-analysis", fact("text", ", ".join(sorted(self._machines)), None, self.notes.place))
        self._texts.clear()
        if len(self._switched_off) >= _GUARD:
            seen.lower("computed", Level.NOTE)


def _statements(tree: ast.AST) -> Iterator[ast.AST]:
    """All statements, without a look into their expressions."""
    waiting = [tree]
    while waiting:
        one = waiting.pop()
        yield one
        for part in ("body", "orelse", "finalbody", "handlers", "cases"):
            inner = getattr(one, part, None)
            if isinstance(inner, list):
                waiting += inner


def _tells(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute):
        return function.attr in _TELLING_METHODS
    return isinstance(function, ast.Name) and function.id == "print"


def _texts(expressions: list[ast.expr]) -> Iterator[ast.AST]:
    """What is written there as text, not what other calls are handed."""
    waiting = list(expressions)
    while waiting:
        one = waiting.pop()
        if isinstance(one, ast.Constant | ast.JoinedStr):
            yield one
        elif isinstance(one, ast.BinOp):
            yield one
            waiting += [one.left, one.right]
        elif isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and one.func.attr == "format":
            waiting.append(one.func.value)


def _asks_to_execute(node: ast.AST) -> bool:
    """Whether memory is asked for that machine code can be put into and run (mmap(2), PROT_EXEC)."""
    return any(
        (isinstance(part, ast.Attribute) and part.attr == "PROT_EXEC")
        or (isinstance(part, ast.Name) and part.id == "PROT_EXEC")
        for part in ast.walk(node)
    )
