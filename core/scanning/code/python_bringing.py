"""Code that a Python program brings in steps: folders that are cloned, commands that follow each other."""

import ast
import re
from collections.abc import Sequence

from core.command_lines import answered_for
from core.findings import Level
from core.scanning.code.python_notes import Notes, shown_call
from core.scanning.code.python_values import Value, joined_marks, words
from core.scanning.code.shell_scripts import runs_what_it_fetches

_TAKES_FROM = frozenset({"sys.path.insert", "sys.path.append", "site.addsitedir"})
"""Say where modules are imported from."""
_LIKE_DATA = re.compile(
    r"\.(?:bin|dat|data|pt|pth|ckpt|safetensors|gguf|onnx|npz|h5|model|png|jpe?g|wav)$", re.IGNORECASE
)
"""Python imports from such a file if it is an archive (zipimport)."""
_CLONES = re.compile(r"\bgit clone\b(?:\s+-\S+)*\s+(https?://\S+)(?:\s+([^\s;&|]+))?")
_MOST_COMMANDS = 20
_LONGEST = 4096
_MOST_LOOKS = 200


class Bringing:
    """Remembers what was brought, and judges where it is used."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._commands: list[str] = []
        self._looks = 0

    def called(self, name: str, arguments: Sequence[Value], node: ast.AST) -> None:
        """A call that brings modules, or takes them from where they were brought."""
        if name == "git.Repo.clone_from":
            self._cloned(" ".join(("git clone", *map(words, arguments))))
        elif name in _TAKES_FROM:
            places = [words(one).rstrip("/") for one in arguments if words(one)]
            if any(self._notes.is_brought(place) or self._notes.is_brought(f"{place}/") for place in places):
                self._notes.note("download-and-run", node, shown_call(name, arguments))
            elif "hub" in joined_marks(arguments):
                self._notes.note("download-and-run", node, shown_call(name, arguments), level=Level.CAREFUL)
            elif any(_LIKE_DATA.search(place) for place in places):
                self._notes.note("disguised-library", node, shown_call(name, arguments))

    def started(self, line: str, node: ast.AST) -> None:
        """A command, perhaps one that starts what a command before it fetched."""
        line = line[:_LONGEST]
        self._cloned(line)
        if line in self._commands[-1:]:
            return
        self._commands = [*self._commands[-_MOST_COMMANDS:], line]
        if not any("://" in command for command in self._commands[:-1]) or self._looks > _MOST_LOOKS:
            return
        self._looks += 1
        step = runs_what_it_fetches("\n".join(self._commands))
        if step:
            self._commands.clear()
            self._notes.note("download-and-run", node, step)

    def _cloned(self, line: str) -> None:
        """Whatever lies in a folder that was fetched from a place nobody answers for."""
        match = _CLONES.search(line)
        if match is not None and not any(answered_for(match[1])):
            folder = match[2] or match[1].rsplit("/", 1)[-1].removesuffix(".git")
            self._notes.brought_into(f"{folder}/", "fetched")
