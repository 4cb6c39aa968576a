"""Calls of Python that run something: source text, programs, and what is loaded from elsewhere."""

import ast
import re
from collections.abc import Callable, Sequence

from core.command_lines import deeds
from core.findings import Level
from core.scanning.code.behaviour import fact, level_of
from core.scanning.code.python_bringing import Bringing
from core.scanning.code.python_indirect import is_sealed, named_in_data, query, unpickles
from core.scanning.code.python_notes import LAUNCHERS, Notes, shown_call
from core.scanning.code.python_scopes import unbound
from core.scanning.code.python_tables import (
    CODE,
    FETCHING_PROGRAMS,
    HARMLESS_PROGRAMS,
    LIBRARIES,
    LOADS,
    SHELL_CALLS,
    STARTS,
)
from core.scanning.code.python_values import GAP, NOTHING, Value, elements, joined_marks, words
from core.scanning.code.shell_scripts import runs_what_it_fetches

_FROM_AFAR = frozenset({"fetched", "received", "fetched_file"})
_UNPICKLE = frozenset({"pickle.loads", "marshal.loads", "dill.loads"})
"""Given bytes that stand in the source, they hide what would otherwise be readable."""
_OF_MODELS = frozenset(
    {"joblib.load", "pickle.load", "pickle.loads", "pickle.Unpickler", "dill.load", "cloudpickle.load"}
)
"""Read models that are kept as pickles; on the Hub those are looked at by whoever checks that repository."""
_ONLY_ASKS = frozenset({"isinstance", "callable", "hasattr", "type", "print", "id", "repr", "str"})
_QUIET_METHODS = frozenset(
    "format strip lower upper replace join read split get str rstrip group read_text getattr repr dedent".split()
)
_NOTEBOOK_COMMANDS = ("get_ipython().bang", ".run_line_magic", ".run_cell_magic")
_IN_MEMORY = re.compile(r"/proc/[^/\s]{1,20}/fd/")
"""A program that lies in memory only (memfd_create(2))."""
_WEIGHTS = frozenset({"torch.load", "torch.hub.load_state_dict_from_url"})
_IMPORTS = LIBRARIES | {
    "runpy.run_path",
    "importlib.util.spec_from_file_location",
    "imp.load_source",
    "importlib.machinery.SourceFileLoader",
    "importlib.machinery.ExtensionFileLoader",
}
_STARTS_IN_C = re.compile(r"\b(?:system|popen|execl[pe]?|execv[pe]{0,2}|ShellExecute[AW]?|WinExec)\s*\(")
_ALL_CLASSES = re.compile(r"(?:^|\.)(?:object|__base__|__mro__\S*|__bases__\S*)\.__subclasses__$")
_NAMED_LIKE_DATA = re.compile(
    r"\.(?:bin|dat|data|pt|pth|ckpt|safetensors|gguf|onnx|npz?|h5|model|json|txt|csv|png|jpe?g|wav|zip)$", re.IGNORECASE
)
_NETWORK_PROGRAMS = frozenset("curl wget nc ncat netcat socat http https xh telnet ssh scp sftp ftp".split())
_AT_THE_HUB = re.compile(r"://(?:[\w-]+\.)*(?:huggingface\.co|hf\.co|hf\.space)(?:[/:\s]|$)")
_STEPS = re.compile(r"[;&|`\n]|\$\(")
"""One command after another, or inside another."""
_GIVES_AWAY = re.compile(
    r"\s(?:-[a-zA-Z]*[dFT]|--(?:data|form|upload|post|body)[\w-]*|-X\s*(?!GET|HEAD)\w+|"
    r"--(?:request|method)[ =](?!GET|HEAD)\w+)(?:[\s=@]|$)|\bprocess\s+call\b"
)
"""Options of curl, wget and the like that send something; of wmic, that start something."""
_AND_THEN = re.compile(r"[;&\n]")
_GIVEN = ("args", "input", "stdin", "stdout", "executable", "env")

RunSource = Callable[[str, int], Value]
"""Follow decoded source code as well, given the line it stands in; the value if it is an expression."""


def starts_programs(name: str) -> bool:
    """Whether a function of this name starts a program; what its result offers does not."""
    last = name.rpartition(".")[2]
    if last in SHELL_CALLS or (
        name.startswith(("ctypes.", "cffi.")) and last in {"system", "_wsystem", "popen", "execl", "execve"}
    ):
        return True
    return any(name.startswith(start) and "(" not in name[len(start) :] for start in STARTS)


class Running:
    """Judges such calls by what they are given, and where that comes from."""

    def __init__(self, notes: Notes, run_source: RunSource) -> None:
        self._notes = notes
        self._run_source = run_source
        self._bringing = Bringing(notes)

    def called(
        self, name: str, function: Value, arguments: Sequence[Value], keywords: dict[str, Value], node: ast.AST
    ) -> Value | None:
        """What comes back, None if this call runs nothing."""
        self._passed_on(name, [*arguments, *keywords.values()], node)
        self._bringing.called(name, arguments, node)
        self._written_as_data(name, arguments, keywords, node)
        if name.endswith(_NOTEBOOK_COMMANDS):
            return self._typed(name, arguments, node)
        if name.startswith("pip.") and name.endswith(".main"):
            line = " ".join(("pip", *filter(None, map(words, arguments))))
            return self._typed(name, [Value(line, marks=joined_marks(arguments))], node)
        if name in CODE:
            return self._code(name, function, arguments, node)
        if starts_programs(name):
            return self._start(name, function, arguments, keywords, node)
        if name == "webbrowser.open" and self._notes.starts_brought(" ".join(map(words, arguments[:1]))):
            self._notes.note("decode-and-run", node, shown_call(name, arguments))
        if name in LOADS:
            return self._load(name, [*arguments, *keywords.values()], node)
        unchecked = name in _WEIGHTS and keywords.get("weights_only", NOTHING).constant is False
        if unchecked or unpickles(name, keywords):
            self._weights(name, arguments, node)
        loader = name == "yaml.load" and any(
            one.name.endswith("UnsafeLoader") for one in (*arguments, *keywords.values())
        )
        if loader or _ALL_CLASSES.search(name):
            self._notes.note("computed", node, shown_call(name, arguments))
        return None

    def _written_as_data(
        self, name: str, arguments: Sequence[Value], keywords: dict[str, Value], node: ast.AST
    ) -> None:
        """Calls that no one wrote as calls."""
        for target, given in named_in_data(name, arguments, keywords):
            if target in CODE:
                self._code(target, Value(name=target), given, node)
            elif starts_programs(target):
                self._start(target, Value(name=target), given, {}, node)
        source = query(name, arguments)
        if source:
            self._run_source(source, self._notes.at(node))
        if is_sealed(name, arguments):
            self._notes.note("decode-and-run", node, f"{name}(…)")

    def _code(self, name: str, function: Value, arguments: Sequence[Value], node: ast.AST) -> Value | None:
        """`exec` and its like."""
        given = arguments[0] if arguments else NOTHING
        marks = joined_marks([given, function])
        if name == "compile":
            return Value(given.constant, given.text, marks=given.marks, name=given.name or "code")
        shown = shown_call(name, [given])
        if function.marks & {"decoded", "pieced"}:
            self._notes.note("hidden-text", node, name, label="decoded")
        inner = NOTHING
        if given.known and isinstance(given.constant, str | bytes):
            inner = self._run_source(words(given), self._notes.at(node))
        if {"decoded", "description", "no_text", "decrypted", "own_text"} & marks:
            self._notes.note("decode-and-run", node, shown)
        elif {"hub", "asked", "from_store", *_FROM_AFAR} & marks:
            self._notes.note("download-and-run", node, shown)
        elif not given.known or function.marks or "default" in given.marks:
            self._computed(name, given, node, shown)
        elif name != "eval":
            self._notes.note("computed", node, shown, level=Level.NOTE)
        return inner if name == "eval" and inner is not NOTHING else Value(marks=marks)

    def _computed(self, name: str, given: Value, node: ast.AST, shown: str) -> None:
        """Text that is not known. The version of a package, or a choice among names, is often read this way."""
        plain = given.text.strip(GAP + " ")
        reads_file = given.name.startswith(("open()", "pathlib.Path()")) and not plain
        looked_up = isinstance(node, ast.Call) and bool(node.args) and not _calls_something(node.args[0])
        timed = name.startswith("timeit.") and not plain and not reads_file  # a function, as a rule
        usual = (
            timed
            or plain.endswith(".py")
            or ".__code__" in given.name  # a copy of a function
            or (self._notes.judged_before and not plain)
            or ((name == "eval" or reads_file) and looked_up)
        )
        self._notes.note("computed", node, shown, level=Level.NOTE if usual else None)

    def _start(
        self, name: str, function: Value, arguments: Sequence[Value], keywords: dict[str, Value], node: ast.AST
    ) -> Value:
        """A program is started."""
        parts = [*arguments, *(keywords[key] for key in ("args",) if key in keywords)]
        marks = joined_marks([*arguments, *(keywords[key] for key in _GIVEN if key in keywords), function])
        line = " ".join(filter(None, map(words, parts)))
        if parts and parts[0].constant == "":
            return Value(name=f"{name}()")  # starts nothing; switches on the colours of a Windows console
        shown = shown_call(name, parts)
        first = _first_of(parts[0]) if parts else NOTHING
        plain = _program(line) in HARMLESS_PROGRAMS and not {"decoded", "received", "socket"} & first.marks
        ordinary = plain and not re.search(r"\s-c(?:\s|$)", line)
        if {"socket", "received"} & marks and not ordinary:
            self._notes.note("reverse-shell", node, shown)
        if "decoded" in marks and not ordinary:
            self._notes.note("decode-and-run", node, shown)
        if "pieced" in function.marks:
            self._notes.note("hidden-text", node, name, label="decoded")
        brought = self._notes.starts_brought(line)
        from_store = "from_store" in marks and not line.strip(GAP + " ")
        if from_store or (_FROM_AFAR & marks and not _only_handed(line, parts)) or brought == "fetched":
            self._notes.note("download-and-run", node, shown)
        elif brought or _IN_MEMORY.search(line):
            self._notes.note("decode-and-run", node, shown)
        self._bringing.started(line, node)
        self._carries_away(line, marks, node)
        steps = runs_what_it_fetches(line[:65536]) if _AND_THEN.search(line) else ""
        if steps:
            self._notes.note("download-and-run", node, steps)
        if "asked" in marks and not line.strip(GAP + " "):
            self._notes.note("reverse-shell", node, shown)
        for deed in deeds(" ".join(line[:65536].split())):
            told = fact("command", deed.text, self._notes.at(node), self._notes.place)
            self._notes.behaviour.note(deed.kind, told, level=level_of(deed))
        pickled = isinstance(node, ast.FunctionDef) and node.name.startswith("__reduce")
        only_opened = name == "os.startfile" and marks <= {"default"}
        harmless = (_is_ordinary(line) and not pickled) or (
            not line.strip(GAP + " ") and (self._notes.judged_before or only_opened)
        )
        self._notes.note("starts-programs", node, shown, level=Level.NOTE if harmless else None)
        return _printed(name, line)

    def _carries_away(self, line: str, marks: frozenset[str], node: ast.AST) -> None:
        """Passwords and keys that are handed to a program of the network. The Hub's key goes to the Hub."""
        if _program(line) not in _NETWORK_PROGRAMS:
            return
        hub_key = {"hub_token", "hub_setting"} & marks and not _AT_THE_HUB.search(line)
        if hub_key or {"secret", "environment"} & marks:
            self._notes.note("sends-secrets", node, line)

    def _typed(self, name: str, arguments: Sequence[Value], node: ast.AST) -> Value:
        """A shell command of a notebook. Starting programs is what it is there for."""
        marks = joined_marks(arguments)
        line = " ".join(filter(None, map(words, arguments)))
        brought = self._notes.starts_brought(line)
        fetched = _FROM_AFAR & marks and not line.strip(GAP + " ")
        if fetched or brought == "fetched":
            self._notes.note("download-and-run", node, shown_call(name, arguments))
        elif brought or "decoded" in marks:
            self._notes.note("decode-and-run", node, shown_call(name, arguments))
        for deed in deeds(" ".join(line[:65536].split())):
            told = fact("command", deed.text, self._notes.at(node), self._notes.place)
            self._notes.behaviour.note(deed.kind, told, level=level_of(deed))
        return _printed(name, line)

    def _load(self, name: str, arguments: Sequence[Value], node: ast.AST) -> Value:
        """Pickles, modules and libraries, loaded from what was fetched or decoded."""
        marks = joined_marks(arguments)
        shown = shown_call(name, arguments)
        written = name in _UNPICKLE and bool(arguments) and isinstance(arguments[0].constant, bytes)
        if name in LIBRARIES and any(_NAMED_LIKE_DATA.search(words(one)) for one in arguments[:1]):
            self._notes.note("disguised-library", node, shown)
        source = " ".join(map(words, arguments[1:])) if name.endswith(".load_inline") else ""
        if _STARTS_IN_C.search(source):
            self._notes.note("starts-programs", node, name)
        if written:
            self._notes.note("decode-and-run", node, shown)
        elif name in _OF_MODELS and "hub" in marks and not {"received", "decoded"} & marks:
            self._notes.note("download-and-run", node, shown, level=Level.NOTE)  # how models of scikit-learn are used
        elif _FROM_AFAR & marks or any(self._notes.is_brought(words(one)) for one in arguments):
            self._notes.note("download-and-run", node, shown)
        elif {"hub", "from_store"} & marks and name in _IMPORTS:
            self._notes.note("download-and-run", node, shown, level=Level.CAREFUL)
        elif "decoded" in marks:  # usual for data that travels as text; what it is, is not known
            level = Level.NOTE if "travelled" in marks else Level.CAREFUL
            self._notes.note("decode-and-run", node, shown, level=level)
        more = {"decoded"} if name == "marshal.loads" else set()
        return Value(name=f"{name}()", marks=marks | more)

    def _weights(self, name: str, arguments: Sequence[Value], node: ast.AST) -> None:
        """Weights from an address, with the check switched off that keeps them from running code."""
        afar = "from_url" in name or any("://" in words(one) for one in arguments[:1])
        brought = any(self._notes.is_brought(words(one)) for one in arguments[:1])
        if afar or brought or _FROM_AFAR & joined_marks(arguments):
            self._notes.note("download-and-run", node, shown_call(name, arguments), level=Level.CAREFUL)

    def _passed_on(self, name: str, arguments: Sequence[Value], node: ast.AST) -> None:
        """`map(os.system, …)`, `Thread(target=exec, args=…)`: a function that runs things, handed to another."""
        if name in _ONLY_ASKS:
            return
        for one in arguments:
            handed, bound, _ = unbound(one, [], {})
            if handed.name in CODE or (starts_programs(handed.name) and not handed.name.rpartition(".")[2].isupper()):
                flat = bound or [_first_of(other) for other in arguments if other is not one]
                if name == "map" and len(arguments) == 2 and handed.name not in CODE:
                    for part in (elements(arguments[1]) or [])[1:20]:
                        self._start(handed.name, handed, flat, {}, node)
                        flat = [part]
                if handed.name in CODE:
                    self._code(handed.name, handed, flat, node)
                else:
                    self._start(handed.name, handed, flat, {}, node)


def _printed(name: str, line: str) -> Value:
    """What a program prints: fetched, if that is what it is there for."""
    fetches = _program(line) in {"curl", "wget"} and "://" in line
    return Value(name=f"{name}()", marks=frozenset({"fetched"} if fetches else {"output"}))


def _only_handed(line: str, parts: Sequence[Value]) -> bool:
    """Whether what was fetched is only handed to a program that is named: one that runs nothing it is given."""
    program = _program(line)
    if not program or GAP in program or LAUNCHERS.match(program):
        return False
    listed = bool(parts) and (bool(parts[0].items) or isinstance(parts[0].constant, list | tuple))
    return listed or not _STEPS.search(line)


def _is_ordinary(line: str) -> bool:
    """A program that scripts usually start, and one that fetches or asks something where it only does so."""
    program = _program(line)
    return program in HARMLESS_PROGRAMS or (
        program in FETCHING_PROGRAMS and not _GIVES_AWAY.search(line) and not _STEPS.search(line)
    )


_IN_ITS_FOLDER = re.compile(r"^(?:cd\s+[^;&|]{1,1000}(?:&&|;)\s*)+")


def _program(line: str) -> str:
    """The name of the program that a command line starts; in which folder does not matter."""
    stripped = _IN_ITS_FOLDER.sub("", line.strip())
    quoted = re.match(r"[\"']([^\"']+)[\"']", stripped)
    first = quoted[1] if quoted else stripped.split(" ", 1)[0]
    return re.split(r"[\\/]", first)[-1].lower().removesuffix(".exe")


def _first_of(value: Value) -> Value:
    """The first element of `args=(…)`, or the value."""
    if value.items:
        return value.items[0]
    if isinstance(value.constant, list | tuple) and value.constant:
        return Value(value.constant[0], marks=value.marks)
    return value


def _calls_something(node: ast.AST) -> bool:
    for part in ast.walk(node):
        if isinstance(part, ast.Call):
            called = part.func.attr if isinstance(part.func, ast.Attribute) else getattr(part.func, "id", "")
            if called not in _QUIET_METHODS:
                return True
    return False
