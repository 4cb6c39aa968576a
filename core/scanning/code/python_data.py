"""Calls of Python that bring data in, send it out, or touch what belongs to the person."""

import ast
import re
from collections.abc import Sequence

from core.command_lines import names_secret
from core.findings import Level
from core.scanning.code.behaviour import fact
from core.scanning.code.python_notes import LONGEST_SHOWN, Notes, names_itself
from core.scanning.code.python_tables import (
    ASKS,
    DEBUGGER,
    FETCHES,
    HUB,
    INPUT_WATCHERS,
    SECRET_READERS,
    SENDS,
    SENT,
    WRITERS,
)
from core.scanning.code.python_values import NOTHING, Value, joined_marks, words

_NO_WINDOW = 0x08000000
_FILES = ("open()", "io.open()", "pathlib.Path()")
_HOOKS = frozenset({"install", "develop", "egg_info", "build_py", "sdist", "bdist_wheel"})
_DELETES = frozenset({"os.remove", "os.unlink", "shutil.rmtree", "pathlib.Path().unlink"})
_LISTS = frozenset(
    "glob.glob glob.iglob os.listdir os.walk os.scandir sqlite3.connect shutil.copy shutil.copyfile".split()
)
_KEY = re.compile(r"(?i)token|secret|passw|credential|api_?key|private_?key")
_WHOLE_ENVIRONMENT = frozenset({"os.environ.copy", "os.environ.items", "dict", "str", "json.dumps"})


class Data:
    """Judges such calls, and marks what they give."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self.writes = False
        """Whether it writes into the registry or into files."""

    def called(
        self, name: str, function: Value, arguments: Sequence[Value], keywords: dict[str, Value], node: ast.AST
    ) -> Value | None:
        """What comes back, None if nothing is known of it."""
        last = name.rpartition(".")[2]
        marks = joined_marks([*arguments, *keywords.values()])
        if name.startswith(HUB):
            self._network(name, arguments, node)
            return Value(name=f"{name}()", marks=frozenset({"hub", "fetched_file"} if "download" in name else {"hub"}))
        if name.startswith(FETCHES):
            return self._fetch(name, last, arguments, keywords, node)
        if last == "dup2" and "socket" in marks:
            self._notes.note("reverse-shell", node, name)
        if last == "setup" and name in {"setuptools.setup", "distutils.core.setup"}:
            self._setup(keywords, node)
        if name in _LISTS and any(names_secret(words(one)[:2000]) for one in arguments):
            return Value(name=f"{name}()", marks=frozenset({"secret"}))
        if name in {"os.getenv", "os.environ.get"} and arguments and _KEY.search(words(arguments[0])):
            return Value(name=f"{name}()", marks=frozenset({"token"}))
        return self._environment(name, function, arguments) or self._file(name, last, function, arguments, marks, node)

    def assigned(self, name: str, value: Value, node: ast.AST) -> None:
        """An assignment to an attribute or element."""
        said = value.name or repr(value.constant)
        unchecked = name.endswith(".verify_mode") and value.name.endswith("CERT_NONE")
        off = name.endswith((".check_hostname", ".verify")) and value.constant is False
        replaced = name == "ssl._create_default_https_context" and "unverified" in value.name
        asked = name.startswith("os.environ[") and ("PYTHONHTTPSVERIFY" in name or "CURL_CA_BUNDLE" in name)
        if unchecked or off or replaced or asked:
            self._notes.note("tls-off", node, f"{name} = {said}")
        elif name.endswith(".wShowWindow") and (value.constant == 0 or value.name.endswith("SW_HIDE")):
            self._notes.note("hidden-window", node, name)

    def _fetch(
        self, name: str, last: str, arguments: Sequence[Value], keywords: dict[str, Value], node: ast.AST
    ) -> Value:
        self._network(name, [*arguments, *(keywords[key] for key in ("url",) if key in keywords)], node)
        sent = [one for key, one in keywords.items() if key in SENT]
        sent += arguments if last in SENDS else ()
        marks = joined_marks(sent)
        if {"secret", "environment"} & marks:
            self._notes.note("sends-secrets", node, name)
        elif "token" in marks:  # some services want their key among the data
            self._notes.note("sends-secrets", node, name, level=Level.CAREFUL)
        if last in {"urlretrieve", "download", "download_url_to_file", "retrieve"} and len(arguments) > 1:
            self._notes.fetched_into(words(arguments[1]))
        if name.startswith("socket."):
            received = last in {"recv", "recvfrom", "recv_into", "makefile"}
            return Value(name=f"{name}()", marks=frozenset({"received"} if received else {"socket"}))
        return Value(name=f"{name}()", marks=frozenset({"fetched"}))

    def _network(self, name: str, arguments: Sequence[Value], node: ast.AST) -> None:
        address = next((words(one) for one in arguments if words(one)), "")
        facts = [fact("call", name, self._notes.at(node), self._notes.place)]
        if "://" in address or re.match(r"^[\d.]{7,15}\b", address):
            facts.append(fact("address", address[:LONGEST_SHOWN], self._notes.at(node), self._notes.place))
        self._notes.behaviour.note("network", *facts)
        if "decoded" in joined_marks(arguments[:1]) and (address or name.rpartition(".")[2] in ASKS):
            shown = address or name
            self._notes.note("hidden-text", node, shown, label="decoded", level=Level.HIGH if address else None)

    def _environment(self, name: str, function: Value, arguments: Sequence[Value]) -> Value | None:
        """All settings of the account at once."""
        whole = any(one.name == "os.environ" for one in arguments)
        if name in _WHOLE_ENVIRONMENT and (whole or name.startswith("os.environ.")):
            return Value(name=f"{name}()", marks=joined_marks([function, *arguments]) | {"environment"})
        return None

    def _file(
        self, name: str, last: str, function: Value, arguments: Sequence[Value], marks: frozenset[str], node: ast.AST
    ) -> Value | None:
        """Files: whose, and what is written into them."""
        if name.startswith(SECRET_READERS) or last == "CryptUnprotectData":
            self._notes.note("secrets", node, name)
            return Value(name=f"{name}()", marks=frozenset({"secret"}))
        if name in _DELETES and names_itself([*arguments, function]):
            self._notes.note("self-delete", node, name)
        if name in {"pathlib.Path", "os.path.abspath", "os.path.realpath"} and names_itself(arguments):
            return Value(name=f"{name}()", marks=frozenset({"itself"}))
        if name in {"open", "io.open", "pathlib.Path().open"} or (name.startswith(_FILES) and last.startswith("read")):
            return self._opened(name, function, arguments)
        if last in WRITERS:
            self.writes = True
            place = words(function) or " ".join(words(one) for one in arguments if one.name.startswith(_FILES))
            if {"fetched", "received"} & marks:
                self._notes.fetched_into(place)
        self.writes = self.writes or name.startswith(("winreg.Set", "winreg.Create", "shutil.", "os.symlink"))
        return None

    def _opened(self, name: str, function: Value, arguments: Sequence[Value]) -> Value:
        path = words(function) if name.startswith("pathlib.") or "()" in name else words(next(iter(arguments), NOTHING))
        marks = set(joined_marks([*arguments, function]) & {"itself", "decoded", "fetched_file", "secret", "fetched"})
        if names_secret(" ".join(path[:2000].split())):
            marks.add("secret")
        if self._notes.is_fetched(path):
            marks.add("fetched")
        return Value(name="open()", text=path[:2000], marks=frozenset(marks))

    def options(self, name: str, arguments: Sequence[Value], keywords: dict[str, Value], node: ast.AST) -> None:
        """What any call may ask for: no check of certificates, no window; and who it watches."""
        self._watches(name, node)
        verify, flags = keywords.get("verify", NOTHING), keywords.get("creationflags", NOTHING)
        if (verify.constant is False and name.startswith(FETCHES)) or "unverified_context" in name:
            self._notes.note("tls-off", node, name)
        if keywords.get("cert_reqs", NOTHING).name.endswith("CERT_NONE"):
            self._notes.note("tls-off", node, name)
        if flags.name.endswith("CREATE_NO_WINDOW") or (isinstance(flags.constant, int) and flags.constant & _NO_WINDOW):
            self._notes.note("hidden-window", node, f"{name}(creationflags=CREATE_NO_WINDOW)")
        if name.endswith("ShowWindow") and arguments and arguments[-1].constant == 0:
            self._notes.note("hidden-window", node, name)

    def _watches(self, name: str, node: ast.AST) -> None:
        if name.rpartition(".")[2] in DEBUGGER:
            self._notes.note("anti-analysis", node, name)
        if name.startswith(INPUT_WATCHERS):
            self._notes.note("watches-input", node, name)

    def _setup(self, keywords: dict[str, Value], node: ast.AST) -> None:
        """`setup.py`: own commands that run while installing (threats D1)."""
        given = keywords.get("cmdclass", NOTHING)
        keys = given.keys or (tuple(given.constant) if isinstance(given.constant, dict) else ())
        hooks = [str(key) for key in keys if key in _HOOKS]
        if hooks:
            self._notes.note("install-hook", node, f"cmdclass: {', '.join(hooks)}")
