"""What stands in a card's source and what a reader of the Hub's page does not see: comments, and text made invisible.

The Hub keeps `style` attributes of HTML in a card; what they hide there is shown in our own view of it.
"""

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser

import nh3

from core.comparison.card_html import multiplies
from core.comparison.card_text import shortened, visible
from core.comparison.results import HiddenText, Hiding

MAX_SOURCE = 512 * 1024
"""Characters of HTML that are searched."""
_MAX_FOUND = 50
_MAX_TEXT = 2000

_WORTH_A_LOOK = re.compile(r"<!--|\sstyle\s*=|\shidden\b|<font\b|\swidth\s*=|\sheight\s*=|<template\b", re.IGNORECASE)
_TAGS = set(
    "a abbr b blockquote br center code dd del details div dl dt em figcaption figure font h1 h2 h3 h4 h5 h6 i kbd li "
    "mark ol p pre s section small span strong sub summary sup table tbody td template tfoot th thead tr u ul".split()
)
_EMPTY = frozenset({"br", "hr", "img", "input"})
_DECLARATION = re.compile(r"([a-z-]+)\s*:\s*([^;]*)")
_ZERO = re.compile(r"[+-]?0*(?:\.0+)?(?:px|em|rem|%|pt|vw|vh|ex|ch)?$")
_TINY = re.compile(r"(?:0*(?:\.\d+)?|0*[12](?:\.\d+)?)(?:px|pt)$|0*\.[0-2]\d*(?:em|rem)$|[0-9](?:\.\d+)?%$")
_FAR = re.compile(r"-\d{3,}(?:\.\d+)?(?:px|em|rem|pt|%|vw|vh)$")
_SIDES = ("left", "right", "top", "bottom", "text-indent", "margin-left", "margin-top")
_WHITE = re.compile(
    r"(?:white|snow|transparent|#f[d-f]?f[d-f]?f[d-f]?|#fff[0-9a-f]|#ffffff[0-9a-f]{2}|#[0-9a-f]{6}00|#[0-9a-f]{3}0"
    r"|rgba?\(\s*25[2-5]\s*[, ]\s*25[2-5]\s*[, ]\s*25[2-5]\b.*|rgba\(.*[,/]\s*0?(?:\.0+)?\s*\)|hsla?\(.*\b100%.*\))$"
)


def hidden_in_html(sources: Iterable[str]) -> tuple[tuple[HiddenText, ...], bool]:
    """Hidden text of a card whose top-level pieces were rendered to `sources`, each once, in order; True if of all."""
    source = whole = "\n".join(sources)
    if not _WORTH_A_LOOK.search(source):
        return (), True
    while len(source) > MAX_SOURCE or multiplies(source):
        source = source[: len(source) // 2]
    reader = _Reader()
    reader.feed(
        nh3.clean(
            source,
            tags=_TAGS,
            clean_content_tags={"script", "style"},
            attributes={"*": {"style", "hidden", "color", "width", "height", "bgcolor"}},
            strip_comments=False,
            link_rel=None,
        )
    )
    reader.close()
    found = tuple(dict.fromkeys(reader.found()))
    return found[:_MAX_FOUND], source is whole and len(found) <= _MAX_FOUND


def hidden_in_references(environment: dict[str, object]) -> Iterator[HiddenText]:
    """Markdown's way to write a comment: `[//]: # (words)`, the title of an address that nothing refers to."""
    references = environment.get("references")
    for reference in references.values() if isinstance(references, dict) else ():
        title = str(reference.get("title") or "") if isinstance(reference, dict) else ""
        if title.strip() and str(reference.get("href", "")).strip("<>") in {"", "#"}:
            yield HiddenText(Hiding.NOTE, _tidy(title))


def _tidy(text: str) -> str:
    return shortened(" ".join(visible(text).split()), _MAX_TEXT)


class _Reader(HTMLParser):
    """Goes through well-formed HTML with the way in which the innermost element hides its text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[tuple[Hiding | None, bool]] = []
        self._found: list[tuple[Hiding, list[str]]] = []

    def found(self) -> Iterator[HiddenText]:
        """All texts, in order."""
        for hiding, parts in self._found:
            text = _tidy("".join(parts))
            if text:
                yield HiddenText(hiding, text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _EMPTY:
            return
        values = {name: (value or "").lower() for name, value in attrs}
        style = dict(_DECLARATION.findall(re.sub(r"/\*.*?\*/|\s*!important", "", values.get("style", "")[:_MAX_TEXT])))
        style = {name: value.strip() for name, value in style.items()}
        above, painted = self._open[-1] if self._open else (None, False)
        painted = painted or "bgcolor" in values or not _PAINTS.isdisjoint(style)
        own = Hiding.NOT_DISPLAYED if "hidden" in values or tag == "template" else _way(style)
        if own is None and not painted and _WHITE.match(style.get("color", values.get("color", ""))):
            own = Hiding.COLOUR
        hiding = above or own
        if hiding is not None and above is None:
            self._found.append((hiding, []))
        self._open.append((hiding, painted))

    def handle_endtag(self, tag: str) -> None:
        if tag not in _EMPTY and self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][0] is not None:
            self._found[-1][1].append(data)

    def handle_comment(self, data: str) -> None:
        self._found.insert(len(self._found) - bool(self._open and self._open[-1][0]), (Hiding.NOTE, [data]))


def _way(style: dict[str, str]) -> Hiding | None:
    """How declarations of CSS hide what they are set on."""
    if style.get("display") == "none" or style.get("visibility") in {"hidden", "collapse"}:
        return Hiding.NOT_DISPLAYED
    if _ZERO.match(style.get("opacity", "1")) or re.match(r"0*\.0\d*$", style.get("opacity", "1")):
        return Hiding.COLOUR
    font = style.get("font-size") or next(iter(style.get("font", "").split("/")[0].split()), "")
    clipped = style.get("overflow", "").startswith(("hidden", "clip"))
    if _TINY.match(font) or _ZERO.match(font or "1"):
        return Hiding.TOO_SMALL
    if clipped and any(_TINY.match(style.get(side, "1em")) or _ZERO.match(style.get(side, "1em")) for side in _BOX):
        return Hiding.TOO_SMALL
    away = any(_FAR.match(style.get(side, "")) for side in _SIDES)
    no_clip = re.match(r"rect\(\s*0|inset\(\s*(?:50|100)%", style.get("clip", style.get("clip-path", "")))
    return Hiding.OUT_OF_SIGHT if away or no_clip or "scale(0" in style.get("transform", "") else None


_PAINTS = frozenset({"background", "background-color", "background-image"})
_BOX = ("width", "height", "max-width", "max-height")
