"""A model card from hostile Markdown to a bounded list of harmless blocks.

The limits keep a Qt text layout, which cannot be cancelled, within milliseconds. Nothing that a reader could
have seen is dropped at a limit: what is too large or too deep is shown as plain text instead.
"""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from core.comparison import card_html, commands, front_matter
from core.comparison.card_hidden import hidden_in_html, hidden_in_references
from core.comparison.card_text import break_runs, shortened, visible
from core.comparison.results import Block, Card, HiddenText, Link
from core.text import Message

MAX_BYTES = 1024 * 1024
MAX_BLOCKS = 400
_MAX_FORMATTED = 320
"""Blocks shown with formatting. The rest of `MAX_BLOCKS` is for plain pieces: 1 MiB in pieces of `_PIECE`."""
_PIECE = card_html.MAX_TEXT
_MAX_LINES = 6000
_MAX_TOKENS = 4000
"""Of one block."""
_MAX_INLINE = 4000
"""Characters of one paragraph; the inline parser takes time with the square of it on hostile input."""
_MAX_INLINE_OF_CARD = 256 * 1024
_MAX_TOKENS_OF_CARD = 40_000
_MAX_NESTING = 20
"""markdown-it leaves out what is nested deeper; the Hub shows it, so such a block is shown as plain text."""
_TOO_LARGE = "too_large"
_TASK = re.compile(r"\A\[([ xX])\][ \t]")
_BOXES = {" ": "☐ ", "x": "☑ "}
"""As the plugin for task lists would have it, which takes time with the square of their length: 33 s for 160 kB."""
_ADDRESS = re.compile(r"https?://[^\s<>\"')\]]+", re.IGNORECASE)


def parse_card(source: str) -> Card:
    """Read a card. Never raises on any text; what had to be cut or simplified is said in `limits`."""
    limits: list[Message] = []
    encoded = source.encode("utf-8", "replace")
    if len(encoded) > MAX_BYTES:
        limits.append(Message.of("comparison.limit.size"))
    source = visible(encoded[:MAX_BYTES].decode("utf-8", "ignore").removeprefix("\ufeff"))
    if len(source) > MAX_BYTES:  # written-out characters are longer than hidden ones
        limits.append(Message.of("comparison.limit.size"))
        source = source[:MAX_BYTES]
    header, body = front_matter.split(source)
    pairs, header_limits = front_matter.read(header)
    limits += header_limits
    if header and not pairs:
        body = source
    hidden: tuple[HiddenText, ...] = ()
    try:
        reading = _Reading(body, limits)
        blocks = reading.blocks()
        hidden = reading.hidden()
    except RecursionError:
        limits.append(Message.of("comparison.limit.parser"))
        blocks = _plain(body)
    return Card(tuple(blocks[:MAX_BLOCKS]), pairs, tuple(dict.fromkeys(limits)), hidden)


@dataclass(frozen=True, slots=True)
class _Group:
    """The tokens of one top-level block and the lines of the source it comes from."""

    tokens: Sequence[Token]
    first_line: int
    end_line: int


class _Reading:
    """One run over one card's body."""

    def __init__(self, body: str, limits: list[Message]) -> None:
        self._lines = body.split("\n")
        self._limits = limits
        self._rest_from = min(len(self._lines), _MAX_LINES)
        self._inline_left = _MAX_INLINE_OF_CARD
        self._tokens_left = _MAX_TOKENS_OF_CARD
        self._searched: list[str] = []
        self._environment: dict[str, object] = {}
        self._markdown = MarkdownIt("gfm-like", {"html": True, "maxNesting": _MAX_NESTING})
        self._markdown.use(footnote_plugin)
        self._markdown.core.ruler.after("block", "bound", self._bound)
        self._markdown.core.ruler.after("linkify", "unlink", _unlink)

    def blocks(self) -> list[Block]:
        tokens = self._markdown.parse("\n".join(self._lines[: self._rest_from]), self._environment)
        blocks: list[Block] = []
        for group in _groups(tokens):
            if len(blocks) >= _MAX_FORMATTED:
                self._rest_from = group.first_line
                break
            blocks += self._block(group)
        rest = "\n".join(self._lines[self._rest_from :])
        if rest.strip():
            self._limit("comparison.limit.blocks")
            blocks += _plain(rest)
        return blocks

    def _bound(self, state: StateCore) -> None:
        """Between block and inline parsing: keep the first groups, and no paragraph that takes too long to parse."""
        groups = _groups(state.tokens)
        if len(groups) > _MAX_FORMATTED:
            self._rest_from = groups[_MAX_FORMATTED].first_line
        state.tokens = [token for group in groups[:_MAX_FORMATTED] for token in _without_too_large(group)]
        for place, token in enumerate(state.tokens):
            if token.type != "inline":
                continue
            self._inline_left -= len(token.content)
            if len(token.content) > _MAX_INLINE or self._inline_left < 0:
                token.type = "text"
                token.children = None
                self._limit("comparison.limit.block")
            elif place > 1 and state.tokens[place - 2].type == "list_item_open":
                token.content = _TASK.sub(lambda box: _BOXES[box[1].lower()], token.content, count=1)

    def _block(self, group: _Group) -> list[Block]:
        self._tokens_left -= len(group.tokens)
        # Lists and quotes open two or one levels at a time: one below the limit may already have lost something.
        if any(token.level >= _MAX_NESTING - 1 for token in group.tokens):
            return self._as_written(group, "comparison.limit.depth")
        if self._tokens_left < 0 or group.tokens[0].type == _TOO_LARGE:
            return self._as_written(group, "comparison.limit.block")
        rendered = self._markdown.renderer.render(group.tokens, self._markdown.options, self._environment)
        if card_html.multiplies(rendered):
            return self._as_written(group, "comparison.limit.block")
        fragment = card_html.rewrite(rendered)
        self._look_for_hidden(group, rendered, fragment.text)
        if fragment.too_big:
            return self._as_written(group, "comparison.limit.block")
        if fragment.flattened:
            self._limit("comparison.limit.depth")
        shown = Block(fragment.html, fragment.text, fragment.links, fragment.commands)
        return [shown] if fragment.text or "<hr>" in fragment.html else []

    def hidden(self) -> tuple[HiddenText, ...]:
        """Of what was read with its formatting."""
        found, everything = hidden_in_html(self._searched)
        if not everything:
            self._limit("comparison.limit.hidden")
        return tuple(dict.fromkeys((*found, *hidden_in_references(self._environment))))

    def _look_for_hidden(self, group: _Group, rendered: str, words: str) -> None:
        """Remember a block for `hidden`; one without HTML of its own counts by its words: an element may enclose it."""
        inline = (child for token in group.tokens for child in token.children or ())
        own = any(token.type in {"html_block", "html_inline"} for token in (*group.tokens, *inline))
        self._searched.append(rendered if own else f"<p>{html.escape(words)}</p>")

    def _as_written(self, group: _Group, reason: str) -> list[Block]:
        self._limit(reason)
        return _plain("\n".join(self._lines[group.first_line : group.end_line]))

    def _limit(self, message_id: str) -> None:
        self._limits.append(Message.of(message_id))


def _without_too_large(group: _Group) -> Sequence[Token]:
    """The group's tokens; a token that stands for it if nobody could bear to see it formatted."""
    length = sum(len(token.content) for token in group.tokens)
    if len(group.tokens) <= _MAX_TOKENS and length <= 2 * card_html.MAX_TEXT:
        return group.tokens
    deepest = max(token.level for token in group.tokens)
    return [Token(_TOO_LARGE, "", 0, map=[group.first_line, group.end_line], level=deepest)]


_LINKED = re.compile(r"https?://|www\.", re.IGNORECASE)


def _unlink(state: StateCore) -> None:
    """Take back links that the Hub does not make of plain words: `loader.py` and `model.pt` end like countries."""
    for token in state.tokens:
        children = token.children or []
        links = (place for place, child in enumerate(children) if child.type == "link_open")
        made = {
            place
            for place in links
            if children[place].markup == "linkify" and not _LINKED.match(children[place + 1].content)
        }
        if made:
            closing = {place + 2 for place in made}
            token.children = [child for place, child in enumerate(children) if place not in made | closing]


def _groups(tokens: Sequence[Token]) -> list[_Group]:
    groups: list[_Group] = []
    start = depth = line = 0
    for index, token in enumerate(tokens):
        depth += token.nesting
        if depth == 0:
            first, end = next((one.map for one in tokens[start : index + 1] if one.map), (line, line))
            line = max(line, end)
            groups.append(_Group(tokens[start : index + 1], first, line))
            start = index + 1
    return groups


def _plain(source: str) -> list[Block]:
    """`source` as it is written, in pieces that end at a line end where there is one."""
    return [
        Block(
            f"<pre>{html.escape(piece)}</pre>",
            piece,
            tuple(dict.fromkeys(_links(piece))),
            tuple(dict.fromkeys((*commands.from_code("", piece), *commands.from_prose(piece)))),
        )
        for piece in _pieces(break_runs(visible(source)))
        if piece.strip()
    ]


def _links(piece: str) -> Iterator[Link]:
    for match in _ADDRESS.finditer(piece):
        target = card_html.web_target(match.group())
        if target is not None:
            yield Link(shortened(match.group(), 2000), target)


def _pieces(source: str) -> Iterator[str]:
    start = 0
    while start < len(source):
        end = start + _PIECE
        line_end = source.rfind("\n", end - 2000, end) if end < len(source) else -1
        end = line_end + 1 if line_end > 0 else end
        yield source[start:end].strip("\n")
        start = end
