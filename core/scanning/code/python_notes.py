"""What the watchers of a Python program share: where they are, what was fetched into which file, how they report."""

import ast
import re
from collections.abc import Sequence

from core.findings import Level
from core.scanning.code.behaviour import Behaviour, fact
from core.scanning.code.python_values import GAP, Value, words

LONGEST_SHOWN = 300
LAUNCHERS = re.compile(
    r"^(?:python[\d.]*|pythonw|py|…|bash|sh|zsh|dash|source|\.|sudo|nohup|env|exec|start|open|xdg-open|cmd|powershell|pwsh|"
    r"wscript|cscript|mshta|rundll32|regsvr32|msiexec|java|node|perl|ruby|php|pip[\d.]*|explorer)(?:\.exe)?$"
)
"""Programs that run, or install, what they are given."""


class Notes:
    """The findings of a file so far, with the place that is being read."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self.place = ""
        self.line: int | None = None
        """Set while decoded source is followed: the line in the file that it comes from."""
        self.judged_before = False
        """Whether what is followed now was followed before, with the arguments it is called with."""
        self._brought: dict[str, str] = {}
        self._folders: dict[str, str] = {}

    def note(self, kind: str, node: ast.AST, shown: str, label: str = "call", level: Level | None = None) -> None:
        """Something was seen at a node."""
        self.behaviour.note(kind, fact(label, shown[:LONGEST_SHOWN], self.at(node), self.place), level=level)

    def at(self, node: ast.AST) -> int:
        """The line of a node."""
        return self.line or int(getattr(node, "lineno", 1))

    def brought_into(self, path: str, how: str) -> None:
        """Something "fetched" or "decoded" was written into this file, or unpacked into this folder (with "/")."""
        if not path.strip(GAP + " /"):
            return
        if path.endswith("/"):
            self._folders[path.lower()] = how
        else:
            self._brought[_file_name(path)] = how

    def is_brought(self, path: str) -> bool:
        """Whether a path is such a file."""
        low = path.lower().removeprefix("./")
        return _file_name(path) in self._brought or any(low.startswith(folder) for folder in self._folders)

    def starts_brought(self, line: str) -> str:
        """How the program that a command line starts, or the script that it hands to another, came into its file."""
        if not (self._brought or self._folders):
            return ""
        parts = [part.strip("\"'") for part in re.split(r"[\s,;&|]+", line[:4096])]
        parts = [part for part in parts if len(part) > 2] if parts[:1] != ["."] else parts
        taken = parts if parts and LAUNCHERS.match(_file_name(parts[0])) else parts[:1]
        for part in taken:
            how = self._brought.get(_file_name(part))
            low = part.lower().removeprefix("./")
            how = how or next((how for folder, how in self._folders.items() if low.startswith(folder)), None)
            if how:
                return how
        return ""


def shown_call(name: str, arguments: Sequence[Value]) -> str:
    """A call for a person to read."""
    return f"{name}({', '.join(words(one)[:LONGEST_SHOWN] or one.name or GAP for one in arguments) or GAP})"


def names_itself(arguments: Sequence[Value]) -> bool:
    """Whether one of them is the file itself."""
    return any(one.name in {"__file__", "sys.argv[0]"} or "itself" in one.marks for one in arguments)


def _file_name(path: str) -> str:
    return re.split(r"[\\/]", path.strip().lower())[-1] or "\0"
