"""Calls of Python that bring data in, send it out, or touch what belongs to the person."""

import ast
import re
from collections.abc import Iterable, Sequence

from core.findings import Level
from core.scanning.code.behaviour import fact
from core.scanning.code.python_carrying import WALLET, Carrying
from core.scanning.code.python_files import Files, passed_file, path_method
from core.scanning.code.python_keys import HUB_TOKEN, Keys, asked, told
from core.scanning.code.python_notes import LONGEST_SHOWN, Notes
from core.scanning.code.python_tables import (
    ASKS,
    DEBUGGER,
    FETCHES,
    HUB,
    INPUT_WATCHERS,
    OPENS_ADDRESSES,
    SENDS,
    SENT,
    STORES,
    WATCHES_KEYS,
)
from core.scanning.code.python_values import GAP, NOTHING, Value, joined_marks, marked, words

_NO_WINDOW = 0x08000000
_HOOKS = frozenset({"install", "develop", "egg_info", "build_py", "sdist", "bdist_wheel"})
_CONNECTS = frozenset("PoolManager ProxyManager HTTPSConnectionPool wrap_socket HTTPSConnection".split())
_KEYS_OF_THE_CLOUD = re.compile(
    r"https?://(?:169\.254\.(?:169\.254|170\.2)|metadata\.google\.internal)/\S*(?:credential|token|identity|user-?data)"
    r"|https?://[^/\s]+/(?:latest/meta-data/iam/|computeMetadata/v1/instance/service-accounts/)"
)
"""Where machines of a cloud are given their keys."""
_THIS_COMPUTER = re.compile(r"\w+://(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1\])(?=[:/?#]|$)", re.IGNORECASE)
_READS_THE_ANSWER = ("().json", "().raise_for_status", "().iter_content", "().iter_lines", "().read", "().close")
_ONLY_FETCHES = {"get": 1, "head": 1, "urlopen": 1, "Request": 1, "urlretrieve": 2, "Session": 0}
"""Calls that send nothing but an address, and how many values they then are given."""
_ELSEWHERE = re.compile(
    r"https?://(?!(?:[\w-]+\.)*(?:huggingface\.co|hf\.co|hf-mirror\.com)(?:[/:]|$)|localhost|127\.)", re.IGNORECASE
)
"""A place that plays the Hub, and is neither it nor its well-known mirror."""
_GIVES_TO_HUB = ("upload", "push", "create_commit", "create_repo")
_CONNECTIONS = frozenset("socket create_connection accept fileno dup detach socketpair fromfd".split())
_WHOLE_ENVIRONMENT = frozenset(
    {"os.environ.copy", "os.environ.items", "streamlit.secrets.to_dict", "dict", "str", "json.dumps"}
)
_ALL_SETTINGS = frozenset({"os.environ", "streamlit.secrets"})
_LOGS_IN_WITH = frozenset("key_filename pkey identity_file ssh_key ssh_pkey ssh_private_key private_key_file".split())
"""Keywords that name the key somebody logs in with (paramiko, fabric, asyncssh, sshtunnel)."""
_LOADED_BY_ITSELF = re.compile(
    r"(?:^|/)(?:modeling|configuration|tokenization|processing|image_processing|feature_extraction|video_processing|"
    r"pipeline|handler)(?:_\w+)?\.py$"
)
"""Names of the code that libraries fetch and run when they load a model."""


class Data:
    """Judges such calls, and marks what they give."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self.files = Files(notes)
        self._carrying = Carrying(notes)
        self._keys = Keys()
        self._tells_whose = False
        self.logged_in_with: set[str] = set()
        """Paths of keys that are only used to log in somewhere."""

    def called(
        self, name: str, function: Value, arguments: Sequence[Value], keywords: dict[str, Value], node: ast.AST
    ) -> Value | None:
        """What comes back, None if nothing is known of it."""
        last = name.rpartition(".")[2]
        marks = joined_marks([*arguments, *keywords.values()])
        if name.startswith(HUB) and not name.startswith(HUB_TOKEN):
            self._carrying.stored(name, last, arguments, keywords, node)
            self._network(name, arguments, node, hub=not last.startswith(_GIVES_TO_HUB))
            return Value(name=f"{name}()", marks=frozenset({"hub", "fetched_file"} if "download" in name else {"hub"}))
        carried = self._carrying.called(name, function, arguments, keywords, node)
        if carried is not None:
            return carried
        opened = name in OPENS_ADDRESSES and any("://" in words(one) for one in arguments[:1])
        if opened or name.startswith(STORES):
            self._network(name, arguments, node)
            self._sends(name, last, arguments, keywords, node)
            return Value(name=f"{name}()", marks=frozenset({"from_store"}))
        if name.startswith(FETCHES):
            found = self._fetch(name, last, arguments, keywords, node)
            return marked(found, *(function.marks & {"received", "fetched", "secret"}))
        if last == "dup2" and "socket" in marks:
            self._notes.note("reverse-shell", node, name)
        if name in {"setuptools.setup", "distutils.core.setup"}:
            self._setup(keywords, node)
        if last in {"download", "download_and_extract"} and any("://" in words(one) for one in arguments[:1]):
            return Value(
                name=f"{name}()", marks=frozenset({"hub", "fetched_file"})
            )  # of `datasets`: a copy in a cache of its own
        if name == "shlex.split" and arguments:
            return arguments[0]
        return (
            told(name, arguments)
            or asked(name, arguments)
            or self._environment(name, function, arguments)
            or path_method(name, function, arguments)
            or self.files.called(name, function, arguments, keywords, node)
        )

    def text(self, shown: str) -> None:
        """A text of the file."""
        self._carrying.knows_wallets = self._carrying.knows_wallets or WALLET.search(shown) is not None

    def assigned(self, name: str, value: Value, node: ast.AST) -> None:
        """An assignment to an attribute or element."""
        said = value.name or repr(value.constant)
        unchecked = name.endswith(".verify_mode") and value.name.endswith("CERT_NONE")
        off = name.endswith((".check_hostname", ".verify")) and value.constant is False
        replaced = name == "ssl._create_default_https_context" and "unverified" in value.name
        asked = name.startswith("os.environ[") and ("PYTHONHTTPSVERIFY" in name or "CURL_CA_BUNDLE" in name)
        if unchecked or off or replaced or asked:
            self._notes.note("tls-off", node, f"{name} = {said}")
        elif name == "os.environ[HF_ENDPOINT]" and _ELSEWHERE.match(words(value)):
            self._notes.note("redirects", node, f"{name} = {words(value)}", level=Level.CAREFUL)
        elif name.endswith(".wShowWindow") and (value.constant == 0 or value.name.endswith("SW_HIDE")):
            self._notes.note("hidden-window", node, name)

    def _fetch(
        self, name: str, last: str, arguments: Sequence[Value], keywords: dict[str, Value], node: ast.AST
    ) -> Value:
        given = [*arguments, *(keywords[key] for key in ("url",) if key in keywords)]
        plain = last in _ONLY_FETCHES and len(arguments) <= _ONLY_FETCHES[last] and not SENT & keywords.keys()
        self._network(name, given, node, asks=plain)
        self._sends(name, last, arguments, keywords, node)
        file = passed_file(arguments)
        if file is not None:
            self._notes.brought_into(file.text, "fetched")
        if last in {"urlretrieve", "download", "download_url_to_file", "retrieve"} and len(arguments) > 1:
            self._notes.brought_into(words(arguments[1]), "fetched")
        if name.startswith("socket."):
            received = last in {"recv", "recvfrom", "recv_into", "makefile"}
            marks = {"received"} if received else {"socket"} if last in _CONNECTIONS else set[str]()
            return Value(name=f"{name}()", marks=frozenset(marks))
        keys = any(_KEYS_OF_THE_CLOUD.match(words(one)) for one in [*arguments, keywords.get("url", NOTHING)])
        return Value(name=f"{name}()", marks=frozenset({"fetched", "secret"} if keys else {"fetched"}))

    def _sends(
        self, name: str, last: str, arguments: Sequence[Value], keywords: dict[str, Value], node: ast.AST
    ) -> None:
        """What is handed to a network call: among the data, or as a part of the address."""
        body = [one for key, one in keywords.items() if key in SENT]
        body += arguments if last in SENDS or last.startswith("send_") else ()
        marks = joined_marks([*arguments, *keywords.values()])
        if {"secret", "environment", "overheard"} & marks:
            self._notes.note("sends-secrets", node, name)
        elif "walked" in joined_marks(body):
            self._notes.note("sends-away", node, name)
        elif {"hub_token", "token"} & joined_marks([*body, *arguments]):
            weight = self._keys.sent(name, body, arguments, keywords)
            if weight is not Level.NONE:
                self._notes.note("sends-secrets", node, name, level=weight)
        if "whose" in marks:
            self._notes.note("sends-away", node, name, level=Level.NOTE)
            self._tells_whose = True

    def finish(self) -> None:
        """What counts only together: code that reports whose computer it is being installed on, or loaded by."""
        unasked = self._notes.behaviour.has("install-hook") or _LOADED_BY_ITSELF.search(self._notes.behaviour.path)
        self._carrying.finish()
        if self._tells_whose and unasked:
            self._notes.behaviour.note("sends-away", level=Level.CAREFUL)

    def _network(
        self, name: str, arguments: Sequence[Value], node: ast.AST, *, hub: bool = False, asks: bool = False
    ) -> None:
        address = next((words(one) for one in arguments if words(one)), "")
        facts = [fact("call", name, self._notes.at(node), self._notes.place)]
        if "://" in address or re.match(r"^[\d.]{7,15}\b", address):
            facts.append(fact("address", address[:LONGEST_SHOWN], self._notes.at(node), self._notes.place))
        hub = hub or _THIS_COMPUTER.match(address) is not None or name.endswith(_READS_THE_ANSWER)
        self._notes.behaviour.network(*facts, hub=hub, asks=asks and GAP not in address)
        # Words with gaps are for a person, such as those of an error.
        told = "://" in address or (address.isprintable() and not (GAP in address and " " in address))
        if told and "decoded" in joined_marks(arguments[:1]) and (address or name.rpartition(".")[2] in ASKS):
            shown = address or name
            self._notes.note("hidden-text", node, shown, label="decoded", level=Level.HIGH if address else None)

    def _environment(self, name: str, function: Value, arguments: Sequence[Value]) -> Value | None:
        """All settings of the account at once."""
        whole = any(one.name in _ALL_SETTINGS for one in arguments)
        if name in _WHOLE_ENVIRONMENT and (whole or name.rpartition(".")[0] in _ALL_SETTINGS):
            return Value(name=f"{name}()", marks=joined_marks([function, *arguments]) | {"environment"})
        return None

    def options(self, name: str, arguments: Sequence[Value], keywords: dict[str, Value], node: ast.AST) -> None:
        """What any call may ask for: no check of certificates, no window; and who it watches."""
        self._watches(name, node)
        self._logs_in(keywords.items())
        for one in keywords.values():  # fabric hands on a table of options
            self._logs_in(zip(map(str, one.keys), one.items, strict=False))
        last = name.rpartition(".")[2]
        verify, flags = keywords.get("verify", NOTHING), keywords.get("creationflags", NOTHING)
        if (verify.constant is False and name.startswith(FETCHES)) or "unverified_context" in name:
            self._notes.note("tls-off", node, name)
        if keywords.get("cert_reqs", NOTHING).name.endswith("CERT_NONE") and last in _CONNECTS:
            self._notes.note("tls-off", node, name)
        if flags.name.endswith("CREATE_NO_WINDOW") or (isinstance(flags.constant, int) and flags.constant & _NO_WINDOW):
            self._notes.note("hidden-window", node, f"{name}(creationflags=CREATE_NO_WINDOW)")
        if name.endswith("ShowWindow") and arguments and arguments[-1].constant == 0:
            self._notes.note("hidden-window", node, name)

    def _logs_in(self, options: Iterable[tuple[str, Value]]) -> None:
        self.logged_in_with |= {words(value) for key, value in options if key in _LOGS_IN_WITH}

    def _watches(self, name: str, node: ast.AST) -> None:
        if name.rpartition(".")[2] in DEBUGGER:
            self._notes.note("anti-analysis", node, name)
        if name.startswith(INPUT_WATCHERS) or name.rpartition(".")[2] in WATCHES_KEYS:
            self._notes.note("watches-input", node, name)

    def _setup(self, keywords: dict[str, Value], node: ast.AST) -> None:
        """`setup.py`: own commands that run while installing (threats D1)."""
        given = keywords.get("cmdclass", NOTHING)
        keys = given.keys or (tuple(given.constant) if isinstance(given.constant, dict) else ())
        hooks = [str(key) for key in keys if key in _HOOKS]
        if hooks:
            self._notes.note("install-hook", node, f"cmdclass: {', '.join(hooks)}")
