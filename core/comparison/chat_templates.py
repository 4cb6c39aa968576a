"""Chat templates of two repositories: wherever each keeps them, line by line, and what is telling in the difference.

Places: transformers, `PreTrainedTokenizerBase.get_chat_template` and `save_chat_templates`. Nothing is rendered.
"""

import itertools
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import TypeVar

from core.comparison.card_html import host_of
from core.comparison.card_text import shortened
from core.comparison.lines import compare_lines
from core.comparison.results import DifferenceSubject, FileDifference
from core.comparison.values import more
from core.repository import Snapshot
from core.text import Message

T = TypeVar("T")
KEY = "chat_template"
"""Of configurations."""
DEFAULT = "default"
_JINJA, _JSON, _CONFIGURATION = "chat_template.jinja", "chat_template.json", "tokenizer_config.json"
_FOLDER = "additional_chat_templates"

_ADDRESS = re.compile(r"https?://[^\s'\"<>)}\\]+", re.IGNORECASE)
_USUAL_HOSTS = frozenset({"json-schema.org", "w3.org", "huggingface.co", "github.com", "example.com", "example.org"})
_CONDITION = re.compile(
    r"['\"]([A-Za-z][A-Za-z ,.'-]{2,60})['\"]\s*(?:not\s+)?\bin\b(?:\s+(?P<of>\w+)(?![\w.\[(]))?"
    r"|\.(?:find|index|count|startswith|endswith|split|replace)\(\s*['\"](?P<word>[A-Za-z][A-Za-z ,.'-]{2,60})['\"]"
)
_EACH_MESSAGE = re.compile(r"\bfor\s+(?:\w+\s*,\s*)?(\w+)\s+in\s+[\w.]*messages\b")
"""The name of one message within a loop: what is `in` it is a part of its structure, not a word that somebody wrote."""
_PARTS_OF_MESSAGES = frozenset(
    "arguments assistant audio content default description developer documents enum function functions image images "
    "input items message model name nullable output parameters properties reasoning required response result "
    "role system text thinking title tool tools type user value video".split()
)
"""Words that a template looks for in the structure of a conversation, not in what people write."""
_LITERAL = re.compile(r"'((?:[^'\\\n]|\\.)*)'|\"((?:[^\"\\\n]|\\.)*)\"")
_OPENING = re.compile(r"\{[%{#]")
_CLOSING = {"%": "%}", "{": "}}", "#": "#}"}
_SENTENCE = re.compile(r"[A-Za-z][\w']*(?:[ ,;:]+[A-Za-z][\w']*){4,}")
_MAX_NOTES = 5
_MAX_LOOKED_AT = 500
"""Addresses, conditions and sentences of each kind."""
_MAX_SEARCHED = 200_000

Templates = dict[str, tuple[str, str]]
"""(path, source) by the template's name."""


def may_hold(path: str) -> bool:
    """True for files in which loaders look for chat templates."""
    name = PurePosixPath(path)
    return path in {_JINJA, _JSON, _CONFIGURATION} or (name.suffix == ".jinja" and name.parent.name == _FOLDER)


def templates(files: Mapping[str, bytes]) -> Templates:
    """The templates that a loader would use. Raises `ValueError` for a file that is not what it should be."""
    found: Templates = {}
    for path, content in sorted(files.items(), key=lambda one: _PRECEDENCE.get(one[0], 0)):
        for name, source in _of_file(path, content):
            found.setdefault(name, (path, source))
    return found


_PRECEDENCE = {_JSON: 1, _CONFIGURATION: 2}
"""A file of its own comes before what stands in others."""


def read_by_the_hub(snapshot: Snapshot) -> Templates:
    """The template that the Hub read out of a GGUF file (of several it does not say which), else out of settings."""
    model = snapshot.model
    path = next((file.path for file in snapshot.files if file.path.lower().endswith(".gguf")), None)
    if path is not None and model.gguf_chat_template:
        return {DEFAULT: (path, model.gguf_chat_template)}
    return {DEFAULT: (_CONFIGURATION, model.chat_template)} if model.chat_template else {}


def compare_templates(original: Templates, here: Templates) -> list[FileDifference]:
    """One for every template that differs."""
    found = []
    for name in dict.fromkeys((*here, *original)):
        there, this = original.get(name), here.get(name)
        if there is not None and this is not None and _plain(there[1]) == _plain(this[1]):
            continue
        old, new = (side[1] if side else "" for side in (there, this))
        rows, left_out, _, _ = compare_lines(old, new)
        path = (this or there or ("", ""))[0]
        notes = _notes(old, new)
        found.append(FileDifference(path, DifferenceSubject.CHAT_TEMPLATE, rows, more(left_out), notes))
    return found


def _of_file(path: str, content: bytes) -> list[tuple[str, str]]:
    text = content.decode("utf-8-sig", "replace")
    if path.endswith(".jinja"):
        return [(DEFAULT if path == _JINJA else PurePosixPath(path).stem, text)]
    try:
        document = json.loads(text)
    except RecursionError:
        raise ValueError("too deep") from None
    value = document.get(KEY) if isinstance(document, dict) else None
    if isinstance(value, str):
        return [(DEFAULT, value)]
    listed = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
    return [(str(one.get("name")), str(one.get("template"))) for one in listed]


def _plain(source: str) -> str:
    return source.replace("\r\n", "\n").strip()


def _notes(original: str, here: str) -> tuple[Message, ...]:
    """What the original's template does not have: addresses, words that are looked for, sentences that are added."""
    old, new = original[:_MAX_SEARCHED], here[:_MAX_SEARCHED]
    addresses = (match.group() for match in _first(_ADDRESS.finditer(new)))
    hosts = dict.fromkeys(host_of(address) for address in addresses if address not in old)
    messages = {match[1] for match in _first(_EACH_MESSAGE.finditer(new))}
    conditions = (match for match in _first(_CONDITION.finditer(new)) if match["of"] not in messages)
    words = dict.fromkeys(match[1] or match["word"] for match in conditions)
    said = dict.fromkeys(sentence for sentence in _first(_sentences(new)) if sentence not in old)
    notes = [
        *(Message.of("comparison.difference.new_address", host=host) for host in hosts if host not in _USUAL_HOSTS),
        *(
            Message.of("comparison.difference.new_condition", words=word)
            for word in words
            if word not in old and word not in _PARTS_OF_MESSAGES
        ),
        *(Message.of("comparison.difference.new_sentence", words=shortened(sentence, 160)) for sentence in said),
    ]
    return tuple(notes[:_MAX_NOTES])


def _first(found: Iterator[T]) -> Iterator[T]:
    return itertools.islice(found, _MAX_LOOKED_AT)


def _sentences(source: str) -> Iterator[str]:
    """Words that a template would put into the conversation: outside of its tags, and texts within them."""
    for text, in_tag in _split(source):
        literals = (match[1] or match[2] or "" for match in _LITERAL.finditer(text)) if in_tag else (text,)
        for literal in literals:
            yield from (match.group() for match in _SENTENCE.finditer(literal))


def _split(source: str) -> Iterator[tuple[str, bool]]:
    """The template in turns: text, and what stands in its tags (True). Comments are left out."""
    place = 0
    while (opening := _OPENING.search(source, place)) is not None:
        yield source[place : opening.start()], False
        closing = source.find(_CLOSING[opening.group()[1]], opening.end())
        place = len(source) if closing < 0 else closing + 2
        if opening.group() != "{#":
            yield source[opening.end() : place], True
    yield source[place:], False
