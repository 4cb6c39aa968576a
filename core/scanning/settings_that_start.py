"""Settings that have programs started: servers of tools, hooks of assistants, tasks of editors, kernels of notebooks.

Most are JSON, and name a command as one text or as a list of words. What is judged is the whole command.
"""

import re
from collections.abc import Iterator
from typing import Any

from core.findings import Level
from core.scanning.code import hidden_words
from core.scanning.code.behaviour import Behaviour, fact
from core.scanning.inspection import Inspection

_COMMAND_KEYS = ("command", "cmd", "argv", "exec", "entrypoint", "run", "script", "shell", "executable", "program")
_MORE_WORDS = ("args", "arguments")
_HOOKS = re.compile(r"(?i)(?:^on|hook|command$|cmd$|script$|^(?:pre|post)\w+$)")
_WORDS = (*_COMMAND_KEYS, "hook", '"on', '"pre', '"post', "description", "runon")
"""What their names have in them; `runOptions` and `initializeCommand` as well."""
_MOST_ENTRIES = 5000
_MOST_RECORDS = 40
"""Entries of a list. Longer ones are tables of data, in which a command is an example."""
_MOST_COMMANDS = 400
_LONGEST = 8192
_OPENED = re.compile(
    r"(?:^|/)(?:\.mcp\.json|\.(?:cursor|vscode|windsurf|roo|gemini|claude)/(?:mcp|settings(?:\.local)?|mcp_config)\.json)$",
    re.IGNORECASE,
)
"""Files that editors and assistants look for in a folder that is opened (their own documentation)."""


def report(inspection: Inspection, document: object) -> None:
    """Commands of a parsed file of settings, what starts when a folder is opened, and descriptions of tools."""
    with Behaviour(inspection) as behaviour:
        for line in list(_commands(document))[:_MOST_COMMANDS]:
            behaviour.command(line[:_LONGEST], 1)
        for what in _by_itself(inspection.path, document):
            behaviour.note("autostart", fact("command", what[:400]), level=Level.CAREFUL)
    hidden_words.report_descriptions(inspection, _descriptions(document))


def may_start(source: str) -> bool:
    """Whether any key that `report` looks for can be among the letters of a document: most need no search."""
    low = source.lower()
    return "\\u" in low or any(word in low for word in _WORDS)


def _commands(document: object) -> Iterator[str]:
    for entry in _objects(document):
        for key in _COMMAND_KEYS:
            line = _line(entry.get(key))
            if line:
                yield " ".join([line, *(_line(entry.get(more)) for more in _MORE_WORDS)]).strip()
        for key, value in entry.items():
            if key not in _COMMAND_KEYS and isinstance(value, str | list) and _HOOKS.search(str(key)):
                yield _line(value)


def _line(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(word, str) for word in value):
        return " ".join(value)
    return ""


def _objects(document: object) -> Iterator[dict[str, Any]]:
    """Every object that is no record of a long table."""
    waiting, left = [document], _MOST_ENTRIES
    while waiting and left > 0:
        value = waiting.pop()
        left -= 1
        if isinstance(value, dict):
            yield value
            waiting.extend(inner for inner in value.values() if isinstance(inner, dict | list))
        elif isinstance(value, list) and len(value) <= _MOST_RECORDS:
            waiting.extend(inner for inner in value if isinstance(inner, dict | list))


def _by_itself(path: str, document: object) -> Iterator[str]:
    """What is started, or offered to be started, because a folder is opened."""
    if not isinstance(document, dict):
        return
    tasks = document.get("tasks")
    for task in tasks[:200] if isinstance(tasks, list) else ():
        options = task.get("runOptions") if isinstance(task, dict) else None
        if isinstance(options, dict) and options.get("runOn") == "folderOpen":
            yield f"runOn: folderOpen: {_line(task.get('command'))}"
    first = document.get("initializeCommand")
    if first and path.endswith("devcontainer.json"):
        yield f"initializeCommand: {_line(first) or first}"
    if _OPENED.search(path):
        yield from _when_opened(document)


def _when_opened(document: dict[str, Any]) -> Iterator[str]:
    """Servers of tools, and hooks of assistants."""
    servers = document.get("mcpServers") or document.get("servers")
    for name, server in servers.items() if isinstance(servers, dict) else ():
        command = server.get("command") if isinstance(server, dict) else None
        if isinstance(command, str):
            yield f"{name}: {command} {_line(server.get('args'))}"
    hooks = document.get("hooks")
    for event, entries in hooks.items() if isinstance(hooks, dict) else ():
        yield from (f"{event}: {line}" for line in _commands(entries) if line)


def _descriptions(document: object) -> Iterator[str]:
    for entry in _objects(document):
        value = entry.get("description")
        if isinstance(value, str) and len(value) > 20:
            yield value[:_LONGEST]
