"""Calls of Python that carry things away by other ways than a request: stores, logs, the clipboard, a shared folder."""

import ast
import re
from collections.abc import Sequence

from core.findings import Level
from core.scanning.code.python_notes import Notes
from core.scanning.code.python_values import NOTHING, Value, joined_marks, words

_PRIVATE = frozenset({"secret", "environment"})
_STORES = ("boto3.", "botocore.", "minio.", "google.cloud.storage.")
_STORED = frozenset({"Body", "Fileobj", "data", "path_or_fileobj", "folder_path"})
"""Keywords that carry what is stored; others carry the key of the account that it is stored in."""
_PUTS = ("put_object", "upload", "fput_object")
_LOGS_AWAY = frozenset("HTTPHandler SocketHandler DatagramHandler SysLogHandler SMTPHandler".split())
_LOGGED = frozenset("debug info warning warn error critical exception log".split())
_HOLDS = re.compile(r"(?:Session|Client|HTTPS?Connection|SMTP(?:_SSL)?|socket|PoolManager)\(\)\.\w+$")
_READS_CLIPBOARD = frozenset({"clipboard_get", "GetClipboardData"})
_FILLS_CLIPBOARD = frozenset({"clipboard_append", "SetClipboardData", "SetClipboardText"})
WALLET = re.compile(r"\bbc1q?[a-z0-9]{20,}|\b0x[0-9a-fA-F]{40}\b|\b(?:bc1|0x|T|4)\S{0,8}\[[^\]\s]{3,30}\]\{\d\d")
"""An address of a wallet, or an expression that finds some."""
_WHOLE_ACCOUNT = re.compile(
    r"(?i)^(?:/(?:root)?|/(?:home|Users)(?:/[\w.-]+)?|(?:~|\$HOME|%USERPROFILE%)"
    r"(?:[\\/](?:Documents|Desktop|Downloads|Pictures|\.config|\.cache)?)?|[A-Z]:[\\/](?:Users(?:[\\/][\w.-]+)?)?)[\\/]?$"
)
"""All that a person keeps, or the folders where it lies."""
_SHARES = frozenset("http.server.HTTPServer http.server.ThreadingHTTPServer socketserver.TCPServer".split())


class Carrying:
    """Judges such calls, and marks what they give."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._logs_away = False
        self._at_home = False
        self._lists_repositories = False
        self._reads_clipboard = False
        self._fills_clipboard: ast.AST | None = None
        self.knows_wallets = False
        """Whether a text of the file is an address of a wallet, or looks for one."""

    def called(
        self, name: str, function: Value, arguments: Sequence[Value], keywords: dict[str, Value], node: ast.AST
    ) -> Value | None:
        """What comes back, None if nothing is known of it."""
        last = name.rpartition(".")[2]
        self._logged(name, last, [*arguments, *keywords.values()], node)
        self._shared(name, arguments, node)
        if name.startswith(_STORES):
            if "get_credentials" in name:
                return Value(name=f"{name}()", marks=frozenset({"token"}))
            self.stored(name, last, arguments, keywords, node)
        if name == "pyperclip.paste" or last in _READS_CLIPBOARD:
            self._reads_clipboard = True
            return Value(name="pyperclip.paste()", marks=frozenset({"clipboard"}))
        if self._reads_clipboard and (name == "pyperclip.copy" or last in _FILLS_CLIPBOARD):
            self._fills_clipboard = node
            if name == "pyperclip.copy" and "clipboard" not in joined_marks(arguments):
                self._notes.note("watches-input", node, name, level=Level.HIGH)  # what was copied is replaced
        if _HOLDS.search(name) and _PRIVATE & function.marks:
            self._notes.note("sends-secrets", node, name)
        return None

    def finish(self) -> None:
        """Addresses of wallets in a program that reads the clipboard and fills it: it replaces them."""
        if self._fills_clipboard is not None and self.knows_wallets:
            self._notes.note("watches-input", self._fills_clipboard, "clipboard", level=Level.HIGH)

    def stored(
        self, name: str, last: str, arguments: Sequence[Value], keywords: dict[str, Value], node: ast.AST
    ) -> None:
        """Passwords and keys, put into somebody's store; the file itself, put into all repositories of its victim."""
        self._lists_repositories = self._lists_repositories or last in {"list_models", "list_datasets", "list_spaces"}
        itself = any(one.name == "__file__" for one in (*arguments[:1], keywords.get("path_or_fileobj", NOTHING)))
        if itself and self._lists_repositories and last.startswith(_PUTS):
            self._notes.note("alters-others", node, name)
        if last.startswith(_PUTS):
            kept = joined_marks([*arguments[:1], *(one for key, one in keywords.items() if key in _STORED)])
            given = [*arguments[:1], *(one for key, one in keywords.items() if key in _STORED)]
            everything = any(_WHOLE_ACCOUNT.match(words(one)) for one in given)
            if everything or (_PRIVATE | {"token", "hub_token"}) & kept:
                self._notes.note("sends-secrets", node, name)

    def _logged(self, name: str, last: str, given: Sequence[Value], node: ast.AST) -> None:
        """Lines of a log that is kept on another computer (logging.handlers)."""
        if name.startswith("logging.handlers.") and last in _LOGS_AWAY:
            self._logs_away = True
        elif self._logs_away and last in _LOGGED and name.startswith("logging.") and _PRIVATE & joined_marks(given):
            self._notes.note("sends-secrets", node, name)

    def _shared(self, name: str, arguments: Sequence[Value], node: ast.AST) -> None:
        """A server of files that is started in the person's own folder."""
        first = next(iter(arguments), NOTHING)
        if name == "os.chdir":
            self._at_home = "home" in first.marks
        elif self._at_home and name in _SHARES and any("SimpleHTTP" in one.name for one in arguments):
            self._notes.note("sends-away", node, name)
