"""What the comparison finds: card blocks side by side, what is new in this copy, and the two file lists."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.text import Message


@dataclass(frozen=True, slots=True)
class Link:
    """A link as shown (`text`) and where it really goes (`target`)."""

    text: str
    target: str


@dataclass(frozen=True, slots=True)
class Block:
    """One top-level piece of a card. `html` is sanitised and bounded; `text` is what a reader sees."""

    html: str
    text: str
    links: tuple[Link, ...] = ()
    commands: tuple[str, ...] = ()
    """Lines a reader would type into a terminal."""


class Hiding(StrEnum):
    """How text of a card is kept from readers of the Hub's page. In our view of the card all but notes is shown."""

    NOTE = "note"
    """A comment, or a link that nothing refers to."""
    NOT_DISPLAYED = "not_displayed"
    TOO_SMALL = "too_small"
    COLOUR = "colour"
    OUT_OF_SIGHT = "out_of_sight"


@dataclass(frozen=True, slots=True)
class HiddenText:
    """Text that stands in the card's source and that its readers do not see."""

    hiding: Hiding
    text: str


@dataclass(frozen=True, slots=True)
class Card:
    """A parsed card. `front_matter` is the YAML header as (key, value) in words; `limits` says what was cut."""

    blocks: tuple[Block, ...]
    front_matter: tuple[tuple[str, str], ...] = ()
    limits: tuple[Message, ...] = ()
    hidden: tuple[HiddenText, ...] = ()


class RowKind(StrEnum):
    """How a pair of blocks relates."""

    SAME = "same"
    DIFFERS = "differs"
    ONLY_ORIGINAL = "only_original"
    ONLY_HERE = "only_here"


Span = tuple[int, int]
"""Start and end of a changed stretch, in characters of the block's `text`."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the two-column view. Spans mark changed words."""

    kind: RowKind
    original: Block | None
    here: Block | None
    original_spans: tuple[Span, ...] = ()
    here_spans: tuple[Span, ...] = ()
    changed_links: tuple[tuple[Link, Link], ...] = ()
    """Same words, different address: (original, here)."""


class AdditionKind(StrEnum):
    """What is new in this copy, in order of attention."""

    COMMAND = "command"
    LINK = "link"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Addition:
    """A command, link or file mention that the original's card does not have."""

    kind: AdditionKind
    value: str
    """Repository text."""
    runs: tuple[str, ...] = ()
    """For a command: paths of this repository that it runs."""
    notes: tuple[Message, ...] = ()
    """What it would do, or why to look at it; the most telling first."""


@dataclass(frozen=True, slots=True)
class ValueRow:
    """One key of two mappings (front matter, a configuration), or one line of two texts (`key`: its number)."""

    kind: RowKind
    key: str
    original: str | None
    here: str | None


@dataclass(frozen=True, slots=True)
class CardComparison:
    """Two cards.

    `similarity` is the share of the original's text found here, 0 to 1: a warning, never a reassurance.
    """

    rows: tuple[Row, ...]
    similarity: float
    additions: tuple[Addition, ...] = ()
    """In order of attention: commands first, of each kind the most telling first."""
    front_matter: tuple[ValueRow, ...] = ()
    """Every key of either header, also where both say the same. Lists in another order are the same."""
    additions_left_out: int = 0
    """Further ones, of the least telling."""


class FileRelation(StrEnum):
    """A file here against the original's list."""

    IDENTICAL = "identical"
    CHANGED = "changed"
    MISSING = "missing"
    EXTRA = "extra"


@dataclass(frozen=True, slots=True)
class FilePair:
    """One file of either side. `original_path` differs from `path` when the same content lies under another name."""

    relation: FileRelation
    path: str
    original_path: str | None
    size: int | None
    original_size: int | None
    changes: tuple[Message, ...] = ()
    """How a changed file differs, as far as it was read."""


@dataclass(frozen=True, slots=True)
class FileGroup:
    """Files of one relation whose names differ only in numbers, or a single file."""

    relation: FileRelation
    pattern: str
    """`model-*-of-02000.safetensors`; the path itself of a single file."""
    pairs: tuple[FilePair, ...]

    @property
    def count(self) -> int:
        """How many files."""
        return len(self.pairs)

    @property
    def size(self) -> int:
        """Bytes of all of them, here; of missing files in the original."""
        return sum((pair.original_size if pair.size is None else pair.size) or 0 for pair in self.pairs)

    @property
    def changes(self) -> tuple[Message, ...]:
        """How its files differ, each way once."""
        return tuple(dict.fromkeys(change for pair in self.pairs for change in pair.changes))


@dataclass(frozen=True, slots=True)
class Inventory:
    """Two file lists, by hash. Weights are files of known weight formats."""

    pairs: tuple[FilePair, ...]
    weights_identical: int
    weights_total: int
    """Weight files here; 0 if there are none."""

    def of(self, relation: FileRelation) -> tuple[FilePair, ...]:
        """All pairs with this relation."""
        return tuple(pair for pair in self.pairs if pair.relation is relation)

    def groups(self) -> tuple[FileGroup, ...]:
        """All pairs in their order, those whose names differ only in numbers as one."""
        return grouped(self.pairs)


_FEWEST = 3
"""So many files with numbered names make a group."""
_DIGITS = re.compile(r"\d+", re.ASCII)


def grouped(pairs: Iterable[FilePair]) -> tuple[FileGroup, ...]:
    """Pairs in the order of their first ones, those of a relation whose names differ only in numbers together."""
    alike: dict[tuple[str, ...], list[FilePair]] = {}
    for pair in pairs:
        alike.setdefault((pair.relation, *_DIGITS.split(pair.path)), []).append(pair)
    groups: list[FileGroup] = []
    for (relation, *words), found in alike.items():
        of = FileRelation(relation)
        if len(found) < _FEWEST:
            groups += (FileGroup(of, pair.path, (pair,)) for pair in found)
        else:
            groups.append(FileGroup(of, _pattern(words, [pair.path for pair in found]), tuple(found)))
    return tuple(groups)


def _pattern(words: Sequence[str], paths: Iterable[str]) -> str:
    numbers = [set(column) for column in zip(*(_DIGITS.findall(path) for path in paths), strict=True)]
    shown = [column.pop() if len(column) == 1 else "*" for column in numbers]
    return "".join(part for pair in zip(words, [*shown, ""], strict=True) for part in pair)


class DifferenceSubject(StrEnum):
    """What of a changed file was compared."""

    CONFIGURATION = "configuration"
    TOKENIZER = "tokenizer"
    CHAT_TEMPLATE = "chat_template"
    TENSORS = "tensors"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class FileDifference:
    """A changed file in detail: only what differs, in the order of the file; `limits` says what was cut."""

    path: str
    subject: DifferenceSubject
    rows: tuple[ValueRow, ...]
    limits: tuple[Message, ...] = ()
    notes: tuple[Message, ...] = ()
    """What is telling in it: entries that name code, addresses and conditions that the original does not have."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """This repository beside the original. Without an original only `here` is filled."""

    here: Card
    original: Card | None = None
    cards: CardComparison | None = None
    inventory: Inventory | None = None
    differences: tuple[FileDifference, ...] = ()
    """Changed configurations, tokenizers, chat templates, tensor headers, in order of attention."""
