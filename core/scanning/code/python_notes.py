"""What the watchers of a Python program share: where they are, what was fetched into which file, how they report."""

import ast
import re
from collections.abc import Sequence

from core.findings import Level
from core.scanning.code.behaviour import Behaviour, fact
from core.scanning.code.python_values import GAP, Value, words

LONGEST_SHOWN = 300


class Notes:
    """The findings of a file so far, with the place that is being read."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self.place = ""
        self.line: int | None = None
        """Set while decoded source is followed: the line in the file that it comes from."""
        self.judged_before = False
        """Whether what is followed now was followed before, with the arguments it is called with."""
        self._fetched: set[str] = set()

    def note(self, kind: str, node: ast.AST, shown: str, label: str = "call", level: Level | None = None) -> None:
        """Something was seen at a node."""
        self.behaviour.note(kind, fact(label, shown[:LONGEST_SHOWN], self.at(node), self.place), level=level)

    def at(self, node: ast.AST) -> int:
        """The line of a node."""
        return self.line or int(getattr(node, "lineno", 1))

    def fetched_into(self, path: str) -> None:
        """Something from the network was written into this file."""
        self._fetched.add(_file_name(path))

    def is_fetched(self, line: str) -> bool:
        """Whether a path, or a word of a command, is such a file."""
        parts = re.split(r"[\s,;&|]+", line[:4096]) if self._fetched else ()
        return any(_file_name(word.strip("\"'")) in self._fetched for word in parts if len(word) > 2)


def shown_call(name: str, arguments: Sequence[Value]) -> str:
    """A call for a person to read."""
    return f"{name}({', '.join(words(one)[:LONGEST_SHOWN] or one.name or GAP for one in arguments) or GAP})"


def names_itself(arguments: Sequence[Value]) -> bool:
    """Whether one of them is the file itself."""
    return any(one.name in {"__file__", "sys.argv[0]"} or "itself" in one.marks for one in arguments)


def _file_name(path: str) -> str:
    return re.split(r"[\\/]", path.strip().lower())[-1] or "\0"
