"""How files differ that both repositories have: configurations, tokenizers, chat templates, tensors, texts.

What is not read, because it is too large, of another format or more than the budget allows, is said of each file.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from core.comparison import chat_templates
from core.comparison.code_keys import notes_on_keys
from core.comparison.lines import compare_lines, pieces_differ
from core.comparison.reading import Reading, Request, Side
from core.comparison.results import DifferenceSubject, FileDifference, FilePair, FileRelation, Inventory
from core.comparison.tensors import MAX_HEADER, compare_headers, header_length, read_header
from core.comparison.tokenizers import compare_tokenizers
from core.comparison.values import compare_entries, entries, more
from core.progress import CancelToken
from core.repository import Hub, Snapshot
from core.text import Message, size_text

MAX_FILE = 1 << 20
"""Bytes of a file that is parsed here, where JSON of that size is quick and cannot take much memory."""
MAX_VOCABULARY = 20 << 20
"""Bytes of a vocabulary, which is cut into pieces and not parsed."""
_TENSOR_HEAD = 64 * 1024
"""Bytes of a safetensors file that are read at first: enough for the header of most."""
_MAX_TENSOR_FILES = 6
"""Pairs; the shards of one model differ in the same way."""

_TOKENIZER = re.compile(r"(?:^|/)(?:tokenizer_config|special_tokens_map|added_tokens)\.json$")
_VOCABULARY = re.compile(r"(?:^|/)(?:vocab\.(?:json|txt)|merges\.txt)$")
_TEXTS = frozenset(
    ".txt .yaml .yml .toml .cfg .ini .conf .py .sh .bat .cmd .ps1 .jinja .jinja2 .j2 .md .rst .csv .tsv".split()
)
_CODE = frozenset({".py", ".sh", ".bat", ".cmd", ".ps1"})
_CARD = "README.md"


@dataclass(frozen=True, slots=True)
class _Kind:
    """How a file is compared: `rank` in the order of reading, `limit` in bytes of each side."""

    rank: int
    limit: int
    compare: "Callable[[_Pair], _Outcome]"


@dataclass(frozen=True, slots=True)
class _Pair:
    path: str
    original: bytes
    here: bytes
    whole: bool = True


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What comparing found: how the file differs, in words, and the rows if there are any."""

    changes: tuple[Message, ...]
    difference: FileDifference | None = None


def differences(
    original: Snapshot,
    here: Snapshot,
    inventory: Inventory,
    hub: Hub,
    finished: Callable[[int, int], None],
    cancel: CancelToken,
) -> tuple[Inventory, tuple[FileDifference, ...]]:
    """The inventory with what changed in each file, and the changed files in detail, the most telling first.

    `finished` is told how many of how many files were read. Raises `Cancelled`.
    """
    return _Comparing(original, here, inventory, Reading(original, here, hub, cancel)).run(finished)


class _Comparing:
    def __init__(self, original: Snapshot, here: Snapshot, inventory: Inventory, reading: Reading) -> None:
        self._snapshots = (original, here)
        self._sizes = tuple({file.path: file.size for file in side.files} for side in (original, here))
        self._inventory, self._reading = inventory, reading
        self._requests: dict[str, tuple[Request, Request]] = {}
        self._changes: dict[str, tuple[Message, ...]] = {}
        self._found: list[FileDifference] = []

    def run(self, finished: Callable[[int, int], None]) -> tuple[Inventory, tuple[FileDifference, ...]]:
        """Plan, read, compare."""
        templates = self._template_requests()
        self._plan()
        wanted = list(dict.fromkeys([*templates, *(one for both in self._requests.values() for one in both)]))
        self._reading.read(wanted, lambda done: finished(done, len(wanted)))
        self._longer_headers()
        self._compare_templates(templates)
        for path in self._requests:
            self._compare(path)
        pairs = tuple(replace(pair, changes=self._of(pair)) for pair in self._inventory.pairs)
        return replace(self._inventory, pairs=pairs), tuple(sorted(self._found, key=_attention))

    def _of(self, pair: FilePair) -> tuple[Message, ...]:
        if pair.relation is not FileRelation.CHANGED:
            return self._changes.get(pair.path, ()) if pair.relation is not FileRelation.IDENTICAL else ()
        told = self._changes.get(pair.path, (Message.of("comparison.change.content"),))
        before, now = size_text(pair.original_size), size_text(pair.size)
        return told if before == now else (*told, Message.of("comparison.change.size", original=before, here=now))

    # -------------------------------------------------------------------------------------------------- what to read

    def _template_requests(self) -> list[Request]:
        """All places for chat templates of both sides, if any of them differs."""
        differing = [
            pair.path
            for pair in self._inventory.pairs
            if pair.relation is not FileRelation.IDENTICAL and chat_templates.may_hold(pair.path)
        ]
        if not differing:
            return []
        wanted = [
            Request(side, path, size)
            for side in Side
            for path, size in self._sizes[side].items()
            if chat_templates.may_hold(path) and size <= MAX_FILE
        ]
        if self._reading.allows(wanted):
            return wanted
        self._changes.update(dict.fromkeys(differing, (Message.of("comparison.change.budget"),)))
        return []

    def _plan(self) -> None:
        changed = [(pair, _kind(pair.path)) for pair in self._inventory.of(FileRelation.CHANGED)]
        changed.sort(key=lambda one: (one[1].rank if one[1] else 0, one[0].path))
        tensor_files = 0
        for pair, kind in changed:
            if pair.path == _CARD:
                self._changes[pair.path] = (Message.of("comparison.change.card"),)
            if kind is None or pair.path == _CARD:
                continue
            tensor_files += kind is _TENSORS
            if kind is _TENSORS and tensor_files > _MAX_TENSOR_FILES:
                self._changes[pair.path] = (Message.of("comparison.change.budget"),)
                continue
            self._ask_for(pair, kind)

    def _ask_for(self, pair: FilePair, kind: _Kind) -> None:
        paths = (pair.original_path or pair.path, pair.path)
        sizes = [self._sizes[side][paths[side]] for side in Side]
        if max(sizes) > kind.limit and kind not in {_TENSORS, _TOKENIZER_FILE}:
            self._changes[pair.path] = (Message.of("comparison.change.too_large", limit=size_text(kind.limit)),)
            return
        for limit in dict.fromkeys((kind.limit, MAX_FILE)):
            both = tuple(Request(side, paths[side], min(sizes[side], limit)) for side in Side)
            if self._reading.allows(both):
                self._requests[pair.path] = (both[0], both[1])
                return
            if kind is not _TOKENIZER_FILE:
                break
        self._changes[pair.path] = (Message.of("comparison.change.budget"),)

    def _longer_headers(self) -> None:
        """Read on in safetensors files whose header is longer than what was read at first."""
        longer = []
        for path, both in self._requests.items():
            if _kind(path) is not _TENSORS:
                continue
            contents = [self._reading.answer(one) for one in both]
            lengths = [header_length(one) if isinstance(one, bytes) else None for one in contents]
            new = [
                replace(request, length=8 + length) if length is not None and 8 + length > request.length else request
                for request, length in zip(both, lengths, strict=True)
            ]
            wanted = [one for one in new if one not in both]
            if wanted and self._reading.allows(wanted):
                longer += wanted
                self._requests[path] = (new[0], new[1])
        self._reading.read(longer, lambda _done: None)

    # -------------------------------------------------------------------------------------------------- what differs

    def _compare_templates(self, requests: Iterable[Request]) -> None:
        files: tuple[dict[str, bytes], dict[str, bytes]] = ({}, {})
        for request in requests:
            answer = self._reading.answer(request)
            if isinstance(answer, Message):
                self._changes[request.path] = (answer,)
                return
            files[request.side][request.path] = answer
        try:
            sides = [chat_templates.templates(one) for one in files]
        except ValueError:
            return  # the file itself says that it could not be read
        for side, of_the_hub in zip(sides, map(chat_templates.read_by_the_hub, self._snapshots), strict=True):
            if not side:
                side.update(of_the_hub)
        if not requests and not all(sides):
            return  # nothing is known of one side
        for found in chat_templates.compare_templates(sides[Side.ORIGINAL], sides[Side.HERE]):
            self._found.append(found)
            words = Message.of("comparison.change.template", count=len(found.rows))
            self._changes[found.path] = (*self._changes.get(found.path, ()), words)

    def _compare(self, path: str) -> None:
        original, here = (self._reading.answer(one) for one in self._requests[path])
        unread = next((one for one in (here, original) if isinstance(one, Message)), None)
        kind = _kind(path)
        if unread is not None or kind is None or isinstance(original, Message) or isinstance(here, Message):
            self._changes[path] = (unread or Message.of("comparison.change.content"),)
            return
        requests = self._requests[path]
        whole = all(one.length == self._sizes[one.side][one.path] for one in requests)
        try:
            outcome = kind.compare(_Pair(path, original, here, whole))
        except ValueError:
            outcome = _Outcome((Message.of("comparison.change.unreadable"),))
        if outcome.difference is not None and (outcome.difference.rows or outcome.difference.notes):
            self._found.append(outcome.difference)
        told = self._changes.get(path, ())
        only_layout = outcome.changes == (Message.of("comparison.change.layout"),)
        self._changes[path] = told if told and only_layout else (*told, *outcome.changes)


def _attention(difference: FileDifference) -> tuple[bool, int, bool]:
    code = PurePosixPath(difference.path).suffix in _CODE
    return not difference.notes, list(_ORDER).index(difference.subject), not code


_ORDER = (
    DifferenceSubject.CHAT_TEMPLATE,
    DifferenceSubject.CONFIGURATION,
    DifferenceSubject.TOKENIZER,
    DifferenceSubject.TEXT,
    DifferenceSubject.TENSORS,
)


def _documents(pair: _Pair) -> Iterator[Mapping[str, str]]:
    for side in (pair.original, pair.here):
        try:
            document = json.loads(side.decode("utf-8-sig"))
        except RecursionError:
            raise ValueError("too deep") from None
        if chat_templates.may_hold(pair.path) and isinstance(document, dict):
            document.pop(chat_templates.KEY, None)  # compared line by line
        yield entries(document)


def _compare_json(pair: _Pair) -> _Outcome:
    original, here = _documents(pair)
    rows, left_out = compare_entries(original, here)
    if not rows:
        return _Outcome((Message.of("comparison.change.layout"),))
    tokens = _TOKENIZER.search(pair.path)
    subject = DifferenceSubject.TOKENIZER if tokens else DifferenceSubject.CONFIGURATION
    notes = notes_on_keys(original, here)
    difference = FileDifference(pair.path, subject, rows, more(left_out), notes)
    return _Outcome((Message.of("comparison.change.entries", count=len(rows) + left_out),), difference)


def _compare_tokenizer(pair: _Pair) -> _Outcome:
    rows, left_out, words = compare_tokenizers(pair.original, pair.here, whole=pair.whole)
    limits = (*more(left_out), *(one for one in words if one.id == "comparison.change.vocabulary_not_read"))
    difference = FileDifference(pair.path, DifferenceSubject.TOKENIZER, rows, limits)
    return _Outcome(words or (Message.of("comparison.change.layout"),), difference)


def _compare_vocabulary(pair: _Pair) -> _Outcome:
    here, original = pieces_differ(pair.original, pair.here)
    if not here and not original:
        return _Outcome((Message.of("comparison.change.order"),))
    return _Outcome((Message.of("comparison.change.vocabulary", here=here, original=original),))


def _compare_text(pair: _Pair) -> _Outcome:
    original, here = (side.decode("utf-8-sig") for side in (pair.original, pair.here))
    rows, left_out, added, removed = compare_lines(original, here)
    if not rows:
        return _Outcome((Message.of("comparison.change.layout"),))
    difference = FileDifference(pair.path, DifferenceSubject.TEXT, rows, more(left_out))
    return _Outcome((Message.of("comparison.change.lines", here=added, original=removed),), difference)


def _compare_tensors(pair: _Pair) -> _Outcome:
    headers = []
    for side in (pair.original, pair.here):
        length = header_length(side)
        if length is None or len(side) < 8 + length:
            return _Outcome((Message.of("comparison.change.too_large", limit=size_text(MAX_HEADER)),))
        headers.append(read_header(side[8 : 8 + length]))
    rows, left_out, words = compare_headers(headers[0], headers[1])
    return _Outcome(words, FileDifference(pair.path, DifferenceSubject.TENSORS, rows, more(left_out)))


_JSON_FILE = _Kind(1, MAX_FILE, _compare_json)
_CODE_FILE = _Kind(2, MAX_FILE, _compare_text)
_TENSORS = _Kind(3, _TENSOR_HEAD, _compare_tensors)
_TEXT_FILE = _Kind(4, MAX_FILE, _compare_text)
_VOCABULARY_FILE = _Kind(5, MAX_VOCABULARY, _compare_vocabulary)
_TOKENIZER_FILE = _Kind(6, MAX_VOCABULARY, _compare_tokenizer)


def _kind(path: str) -> _Kind | None:
    name = PurePosixPath(path)
    suffix = name.suffix.lower()
    if name.name == "tokenizer.json":
        return _TOKENIZER_FILE
    if _VOCABULARY.search(path):
        return _VOCABULARY_FILE
    if chat_templates.may_hold(path) and suffix != ".json":
        return None  # compared as chat templates
    if suffix in _TEXTS:
        return _CODE_FILE if suffix in _CODE or "requirements" in name.name else _TEXT_FILE
    return {".json": _JSON_FILE, ".safetensors": _TENSORS}.get(suffix)
