"""What known functions of Python mean when a file calls them."""

import ast
import re
from collections.abc import Callable, Sequence

from core.command_lines import deeds
from core.findings import Level
from core.scanning.code.behaviour import Behaviour, fact
from core.scanning.code.python_tables import (
    CODE,
    DEBUGGER,
    FETCHES,
    HARMLESS_PROGRAMS,
    HUB,
    INPUT_WATCHERS,
    LOADS,
    MACHINES,
    NATIVE,
    SECRET_READERS,
    SENDS,
    SENT,
    STARTS,
    WRITERS,
)
from core.scanning.code.python_values import GAP, NOTHING, Value, joined_marks, words

_LONGEST_SHOWN = 300
_HIDING = frozenset({"decoded", "pieced"})
_NO_WINDOW = 0x08000000
_ADDRESS = re.compile(r"^(?:https?|wss?|ftp|tcp)://\S{4,}$", re.IGNORECASE)
_OWN_HOSTS = re.compile(
    r"^https://(?:[\w-]+\.)*(?:huggingface\.co|hf\.co|github\.com|githubusercontent\.com|pypi\.org)/", re.IGNORECASE
)

RunSource = Callable[[str, int], None]
"""Follow decoded source code as well; given the line it stands in."""


class Deeds:
    """The watcher that turns calls into classes of behaviour."""

    def __init__(self, behaviour: Behaviour, tick: Callable[[], None], run_source: RunSource) -> None:
        self._behaviour = behaviour
        self.tick = tick
        self._run_source = run_source
        self.place = ""
        self.line: int | None = None
        """Set while decoded source is followed: the line in the file it comes from."""
        self._texts: dict[str, list[tuple[str, str, int, bool]]] = {}
        self._judged: set[int] = set()
        self._fetched_paths: set[str] = set()
        self._native: dict[str, int] = {}
        self._machines: set[str] = set()

    # -- what the interpreter tells ---------------------------------------------------------------------------------------

    def knows(self, name: str) -> bool:
        """Whether a call of this function means something here."""
        return name in CODE or name.startswith((*STARTS, *FETCHES)) or name.startswith(("base64.", "zlib.", "ctypes."))

    def text(self, value: Value, node: ast.AST) -> None:
        """A text, as written or as it was worked out: commands in it are kept until it is known whether any are run."""
        shown = words(value)
        if len(shown) < 6 or hash(shown) in self._judged or len(self._judged) > 20_000:
            return
        self._judged.add(hash(shown))
        hidden = "decoded" in value.marks
        for deed in deeds(" ".join(shown[:65536].split())):
            self._texts.setdefault(deed.kind, []).append((deed.text, shown, self._at(node), deed.usual))
            if hidden:
                self._note("hidden-text", node, deed.text, label="decoded", level=Level.HIGH)
        if hidden and _ADDRESS.match(shown.strip()):
            self._note("hidden-text", node, shown, label="decoded", level=Level.HIGH)
        low = shown.lower()
        self._machines |= {word for word in MACHINES if word in low} if len(shown) < 200 else set()

    def assigned(self, name: str, value: Value, node: ast.AST) -> None:
        """An assignment to an attribute or element."""
        if name.endswith(".verify_mode") and value.name.endswith("CERT_NONE"):
            self._note("tls-off", node, f"{name} = CERT_NONE")
        elif (name.endswith((".check_hostname", ".verify")) and value.constant is False) or (
            name == "ssl._create_default_https_context" and "unverified" in value.name
        ):
            self._note("tls-off", node, f"{name} = {value.name or value.constant}")
        elif name.endswith(".wShowWindow") and (value.constant == 0 or value.name.endswith("SW_HIDE")):
            self._note("hidden-window", node, name)
        elif name.startswith("os.environ[") and ("PYTHONHTTPSVERIFY" in name or "CURL_CA_BUNDLE" in name):
            self._note("tls-off", node, name)

    def called(
        self, name: str, function: Value, arguments: Sequence[Value], keywords: dict[str, Value], node: ast.AST
    ) -> Value | None:
        """A call; gives the marks of what comes back."""
        if name == "import":
            return None
        everything = [*arguments, *keywords.values()]
        self._passed_on(name, everything, node)
        self._options(name, arguments, keywords, node)
        last = name.rpartition(".")[2]
        if name in CODE or (name in {"pandas.eval", "code.InteractiveInterpreter().runsource"}):
            return self._code(name, function, arguments, node)
        if name.startswith(STARTS) or last in {
            "ShellExecuteW",
            "ShellExecuteA",
            "ShellExecuteExW",
            "WinExec",
            "CreateProcessW",
        }:
            return self._start(name, function, arguments, keywords, node)
        if name in LOADS:
            return self._load(name, arguments, node)
        if last in NATIVE:
            self._native[last] = self._at(node)
        if last in DEBUGGER:
            self._note("anti-analysis", node, name)
        if name.startswith(INPUT_WATCHERS):
            self._note("watches-input", node, name)
        return self._data(name, last, function, arguments, keywords, node)

    def finish(self) -> None:
        """Decide about texts, once it is known whether the file runs anything."""
        runs = self._behaviour.has("starts-programs", Level.CAREFUL) or self._behaviour.has("computed", Level.CAREFUL)
        reads = runs or self._behaviour.has("network") or self._behaviour.has("sends-away")
        for kind, found in self._texts.items():
            armed = reads if kind in {"secrets", "sends-away", "odd-address", "mines"} else runs
            for text, _whole, line, usual in found[:10]:
                level = None if armed and not usual else Level.CAREFUL
                self._behaviour.note(kind, fact("command", text, line, self.place), level=level)
        if len(self._native) >= 2:
            facts = [fact("call", name, line, self.place) for name, line in self._native.items()]
            self._behaviour.note("native", *facts)
        if len(self._machines) >= 2:
            self._behaviour.note("anti-analysis", fact("text", ", ".join(sorted(self._machines)), None, self.place))
        self._texts.clear()

    # -- running ----------------------------------------------------------------------------------------------------------

    def _code(self, name: str, function: Value, arguments: Sequence[Value], node: ast.AST) -> Value | None:
        """`exec` and its like: by what they are given."""
        given = arguments[0] if arguments else NOTHING
        marks = joined_marks([given, function])
        if name == "compile":
            return Value(given.constant, given.text, marks=given.marks, name="code")
        shown = f"{name}({self._shown(given)})"
        if isinstance(given.constant, str | bytes) and len(words(given)) > 1:
            self._run_source(words(given), self._at(node))
            if name == "eval" and not _HIDING & marks:
                return None
        if "decoded" in marks or ("pieced" in marks and given.known):
            self._note("decode-and-run", node, shown)
        elif {"fetched", "received", "hub"} & marks:
            self._note("download-and-run", node, shown)
        elif not given.known:
            self._computed(name, given, node, shown)
        elif name != "eval":
            self._note("computed", node, shown)
        return Value(marks=marks)

    def _computed(self, name: str, given: Value, node: ast.AST, shown: str) -> None:
        plain = given.text.strip(GAP + " ")
        quiet = (
            name == "eval"
            or given.name.startswith(("open()", "pathlib.Path()"))
            and (plain.endswith(".py") or not plain)
        )
        looked_up = isinstance(node, ast.Call) and bool(node.args) and not _calls_something(node.args[0])
        self._note("computed", node, shown, level=Level.NOTE if quiet and looked_up or plain.endswith(".py") else None)

    def _start(
        self, name: str, function: Value, arguments: Sequence[Value], keywords: dict[str, Value], node: ast.AST
    ) -> Value | None:
        """A program is started: by what its command line is, and where it comes from."""
        given = [
            *arguments,
            *(keywords[key] for key in ("args", "input", "stdin", "stdout", "executable", "env") if key in keywords),
        ]
        marks = joined_marks([*given, function])
        line = " ".join(
            part
            for part in (words(one) for one in (*arguments, *([keywords["args"]] if "args" in keywords else ())))
            if part
        )
        shown = f"{name}({line[:_LONGEST_SHOWN] or GAP})"
        if "socket" in marks:
            self._note("reverse-shell", node, shown)
        if "decoded" in marks:
            self._note("decode-and-run", node, shown)
        if {"fetched", "received", "fetched_file"} & marks or self._is_fetched(line):
            self._note("download-and-run", node, shown)
        for deed in deeds(" ".join(line[:65536].split())):
            self._behaviour.note(
                deed.kind,
                fact("command", deed.text, self._at(node), self.place),
                level=Level.CAREFUL if deed.usual else None,
            )
        first = (
            re.split(r"[\s/\\]+(?=[^/\\\s]*$)|\s", _first_word(line))[-1].lower().removesuffix(".exe") if line else ""
        )
        self._note("starts-programs", node, shown, level=Level.NOTE if first in HARMLESS_PROGRAMS else None)
        return Value(name=f"{name}()", marks=frozenset({"output"}))

    def _load(self, name: str, arguments: Sequence[Value], node: ast.AST) -> Value | None:
        """Pickles, modules and libraries loaded from what was fetched or decoded."""
        marks = joined_marks(arguments)
        line = " ".join(words(one) for one in arguments)
        shown = f"{name}({line[:_LONGEST_SHOWN] or GAP})"
        if "decoded" in marks:
            self._note("decode-and-run", node, shown)
        elif {"fetched", "received", "fetched_file"} & marks or self._is_fetched(line):
            self._note("download-and-run", node, shown)
        return Value(name=f"{name}()", marks=marks | ({"decoded"} if name == "marshal.loads" else frozenset()))

    def _passed_on(self, name: str, arguments: Sequence[Value], node: ast.AST) -> None:
        """`map(os.system, …)`, `Thread(target=exec, args=…)`: a function that runs things, handed to another."""
        for one in arguments:
            if (
                one.name
                and one is not NOTHING
                and (one.name in {"exec", "eval"} or one.name.startswith(STARTS))
                and not one.name.endswith(")")
            ):
                if (
                    name in {"isinstance", "callable", "hasattr", "type", "print", "id"}
                    or one.name.rpartition(".")[2].isupper()
                ):
                    continue
                rest = [other for other in arguments if other is not one]
                flat = [Value(*_unpacked(other)) for other in rest]
                if one.name in CODE:
                    self._code(one.name, one, flat or [NOTHING], node)
                else:
                    self._start(one.name, one, flat, {}, node)

    # -- data -------------------------------------------------------------------------------------------------------------

    def _data(
        self,
        name: str,
        last: str,
        function: Value,
        arguments: Sequence[Value],
        keywords: dict[str, Value],
        node: ast.AST,
    ) -> Value | None:
        marks = joined_marks([*arguments, *keywords.values()])
        if name.startswith(HUB):
            self._network(name, arguments, node)
            return Value(name=f"{name}()", marks=frozenset({"hub", "fetched_file"} if "download" in name else {"hub"}))
        if name.startswith(FETCHES):
            return self._fetch(name, last, arguments, keywords, node)
        if last in {"dup2", "dup"} and "socket" in marks:
            self._note("reverse-shell", node, name)
        if name.startswith(SECRET_READERS) or last == "CryptUnprotectData":
            self._note("secrets", node, name)
            return Value(name=f"{name}()", marks=frozenset({"secret"}))
        if (
            name in {"os.environ.copy", "os.environ.items", "dict", "str", "json.dumps"}
            and any(one.name == "os.environ" for one in (function, *arguments))
            or name in {"os.environ.copy", "os.environ.items"}
        ):
            return Value(name=f"{name}()", marks=marks | {"environment"})
        if name in {"os.remove", "os.unlink", "shutil.rmtree", "pathlib.Path().unlink"} and self._names_itself(
            [*arguments, function]
        ):
            self._note("self-delete", node, name)
        if name in {"pathlib.Path", "os.path.abspath", "os.path.realpath"} and self._names_itself(arguments):
            return Value(name="__file__" if name != "pathlib.Path" else "pathlib.Path()", marks=frozenset({"itself"}))
        if name in {"open", "io.open", "pathlib.Path().open"} or (
            name.startswith("pathlib.Path()") and last.startswith("read")
        ):
            return self._opened(name, function, arguments)
        if last in WRITERS and ({"fetched", "received"} & marks):
            self._fetched_paths.add(_file_name(words(function) or function.text or self._path_of(node)))
        if last == "setup" and name in {"setuptools.setup", "distutils.core.setup"}:
            self._setup(keywords, node)
        return None

    def _fetch(
        self, name: str, last: str, arguments: Sequence[Value], keywords: dict[str, Value], node: ast.AST
    ) -> Value:
        self._network(name, [*arguments, *(keywords[key] for key in ("url",) if key in keywords)], node)
        sent = [one for key, one in keywords.items() if key in SENT]
        if last in SENDS:
            sent += list(arguments)
        taken = joined_marks(sent)
        if {"secret", "environment", "itself"} & taken - {"itself"}:
            self._note("sends-secrets", node, name)
        if last in {"urlretrieve", "download", "download_url_to_file", "retrieve"} and len(arguments) > 1:
            self._fetched_paths.add(_file_name(words(arguments[1])))
        if name.startswith("socket."):
            received = last in {"recv", "recvfrom", "recv_into", "makefile"}
            return Value(name=f"{name}()", marks=frozenset({"received"} if received else {"socket"}))
        return Value(name=f"{name}()", marks=frozenset({"fetched"}) | (joined_marks(arguments) & {"itself"}))

    def _network(self, name: str, arguments: Sequence[Value], node: ast.AST) -> None:
        address = next((words(one) for one in arguments if words(one)), "")
        marks = joined_marks(arguments)
        facts = [fact("call", name, self._at(node), self.place)]
        if "://" in address or re.match(r"^[\d.]{7,15}\b", address):
            facts.append(fact("address", address[:_LONGEST_SHOWN], self._at(node), self.place))
        self._behaviour.note("network", *facts)
        if "decoded" in marks and "hub" not in name:
            self._note("hidden-text", node, address or name, label="decoded", level=Level.HIGH if address else None)

    def _opened(self, name: str, function: Value, arguments: Sequence[Value]) -> Value:
        path = words(arguments[0]) if arguments and not name.startswith("pathlib.") else words(function)
        marks = set(joined_marks([*arguments, function]) & {"itself", "decoded", "fetched_file"})
        if any(deed.kind == "secrets" for deed in deeds(path.replace("\n", " ")[:2000])):
            marks.add("secret")
        if self._is_fetched(path):
            marks.add("fetched")
        return Value(name=f"{name}()" if not name.endswith("()") else name, text=path[:2000], marks=frozenset(marks))

    def _options(self, name: str, arguments: Sequence[Value], keywords: dict[str, Value], node: ast.AST) -> None:
        if keywords.get("verify", NOTHING).constant is False and name.startswith(FETCHES):
            self._note("tls-off", node, f"{name}(verify=False)")
        if "unverified_context" in name or keywords.get("cert_reqs", NOTHING).name.endswith("CERT_NONE"):
            self._note("tls-off", node, name)
        flags = keywords.get("creationflags", NOTHING)
        if flags.name.endswith("CREATE_NO_WINDOW") or (isinstance(flags.constant, int) and flags.constant & _NO_WINDOW):
            self._note("hidden-window", node, f"{name}(creationflags=CREATE_NO_WINDOW)")
        if name.endswith("ShowWindow") and arguments and arguments[-1].constant == 0:
            self._note("hidden-window", node, name)

    def _setup(self, keywords: dict[str, Value], node: ast.AST) -> None:
        """`setup.py`: own commands that run while installing (threats D1)."""
        given = keywords.get("cmdclass", NOTHING)
        keys = given.keys or (tuple(given.constant) if isinstance(given.constant, dict) else ())
        hooks = [key for key in keys if key in {"install", "develop", "egg_info", "build_py", "sdist", "bdist_wheel"}]
        if hooks:
            self._note("install-hook", node, f"cmdclass: {', '.join(map(str, hooks))}")

    # -- help -------------------------------------------------------------------------------------------------------------

    def _note(self, kind: str, node: ast.AST, shown: str, label: str = "call", level: Level | None = None) -> None:
        self._behaviour.note(kind, fact(label, shown[:_LONGEST_SHOWN], self._at(node), self.place), level=level)

    def _at(self, node: ast.AST) -> int:
        return self.line or getattr(node, "lineno", 1)

    def _shown(self, given: Value) -> str:
        return words(given)[:_LONGEST_SHOWN] or given.name or GAP

    def _is_fetched(self, line: str) -> bool:
        return any(
            _file_name(word.strip("\"'")) in self._fetched_paths
            for word in re.split(r"[\s,;&|]+", line[:4096])
            if len(word) > 2
        )

    @staticmethod
    def _path_of(node: ast.AST) -> str:
        return ""

    @staticmethod
    def _names_itself(arguments: Sequence[Value]) -> bool:
        return any(one.name in {"__file__", "sys.argv[0]"} or "itself" in one.marks for one in arguments)


def _first_word(line: str) -> str:
    return line.strip().strip("\"'").split(" ", 1)[0].strip("\"'")


def _file_name(path: str) -> str:
    return re.split(r"[\\/]", path.strip().lower())[-1] or "\0"


def _unpacked(value: Value) -> tuple[object, str]:
    """The first element of `args=(…)`, or the value."""
    if value.items:
        return value.items[0].constant, value.items[0].text
    if isinstance(value.constant, list | tuple) and len(value.constant) == 1:
        return value.constant[0], ""
    return value.constant, value.text


def _calls_something(node: ast.AST) -> bool:
    quiet = {
        "format",
        "strip",
        "lower",
        "upper",
        "replace",
        "join",
        "read",
        "split",
        "get",
        "str",
        "rstrip",
        "group",
        "read_text",
        "getattr",
    }
    for part in ast.walk(node):
        if isinstance(part, ast.Call):
            called = part.func.attr if isinstance(part.func, ast.Attribute) else getattr(part.func, "id", "")
            if called not in quiet:
                return True
    return False
