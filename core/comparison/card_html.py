"""Sanitised HTML of one card block, rewritten from scratch and bounded, with what it says, links and asks for.

nh3 (a browser's parser) takes away what may not be there; the pass after it writes every tag itself, so
that depth, tables, runs and attributes stay within what a Qt text layout can bear.
"""

import html
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlsplit

import nh3

from core.comparison import commands
from core.comparison.card_text import RUN_LIMIT, break_runs, shortened, visible
from core.comparison.results import Link
from core.text import display_name, text

MAX_DEPTH = 20
MAX_COLSPAN = 20
MAX_ROWS = 200
MAX_TAGS = 4000
"""Of source HTML and of one block; more, and the block is shown as plain text."""
MAX_TEXT = 16_000
"""Characters of one block; longer ones are shown as plain text in pieces."""
_MAX_TARGET = 2000

_TABLE = frozenset({"table", "thead", "tbody", "tfoot", "tr", "th", "td"})
_INLINE = frozenset({"b", "strong", "i", "em", "u", "s", "del", "code", "kbd", "samp", "sub", "sup"})
_BLOCKS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre"})
WRITTEN_TAGS = _INLINE | _BLOCKS | _TABLE | {"a", "br", "hr"}
"""Everything that can stand in a block's HTML."""
_BREAKS = frozenset(
    {"div", "center", "section", "article", "header", "footer", "main", "aside", "nav", "details", "summary", "figure"}
    | {"figcaption", "caption", "address", "form", "fieldset", "legend", "option"}
)
_READ_TAGS = set(WRITTEN_TAGS | _BREAKS | {"img", "input"})
_READ_ATTRIBUTES = {
    "*": set[str](),
    "a": {"href"},
    "img": {"alt"},
    "input": {"type", "checked"},
    "code": {"class"},
    "td": {"colspan"},
    "th": {"colspan"},
}
_HOST_IN_TEXT = re.compile(
    r"(?:(?:https?://|www\.)((?:[\w-]+\.)+[a-z]{2,})"
    # Without a scheme only endings that no file has: model.pt and README.md are not hosts.
    r"|((?:[\w-]+\.)+(?:com|org|net|io|ai|co|dev|app|edu|gov|cn|gg|xyz|info|example|invalid)))(?=[/:?#\s]|$)",
    re.IGNORECASE,
)


_CARRIED_ON = re.compile(r"<(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)[\s/][^>]{0,200}", re.IGNORECASE)
"""Formatting that a browser's parser opens again in every later paragraph while it is not closed (HTML standard,
13.2.4.3). Up to three of the same kind, but any number with different attributes: 27 kB made 1.3 GB (measured)."""
_MOST_CARRIED_ON = 100_000


@dataclass(frozen=True, slots=True)
class Fragment:
    """One block, read. `too_big` says that only `text` may be shown, `flattened` that some structure was left out."""

    html: str
    text: str
    links: tuple[Link, ...]
    commands: tuple[str, ...]
    too_big: bool
    flattened: bool


def multiplies(source: str) -> bool:
    """True if a browser's parser might write far more than `source` has."""
    tags = source.count("<")
    return tags > 2 * MAX_TAGS or len(set(_CARRIED_ON.findall(source))) * tags > _MOST_CARRIED_ON


def rewrite(source: str) -> Fragment:
    """Read a block's HTML, whatever it is, unless it `multiplies`."""
    cleaned = nh3.clean(
        source,
        tags=_READ_TAGS,
        clean_content_tags={"script", "style"},
        attributes=_READ_ATTRIBUTES,
        url_schemes={"http", "https"},
        url_relative="pass_through",
        link_rel=None,
    )
    writer = _Writer()
    if cleaned.count("<") > 4 * MAX_TAGS:
        return Fragment("", "", (), (), too_big=True, flattened=False)
    writer.feed(cleaned)
    writer.close()
    return writer.result()


def web_target(href: str) -> str | None:
    """The address of a link as a browser would follow it, or None if it is not a plain http(s) address."""
    target = re.sub(r"[\t\r\n]", "", href.strip()).replace("\\", "/")
    target = "".join(character if character.isprintable() else f"%{ord(character):02X}" for character in target)
    try:
        parts = urlsplit(target)
        host = parts.hostname
    except ValueError:
        return None
    return target if parts.scheme in {"http", "https"} and host and len(target) <= _MAX_TARGET else None


def host_of(address: str) -> str:
    """The host of a web address in lower case, without `www.`; "" if it has none."""
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def host_shown(link_text: str) -> str:
    """The host that a link's text names, "" if it names none."""
    match = _HOST_IN_TEXT.match(link_text.strip())
    return (match.group(1) or match.group(2)).lower().removeprefix("www.") if match else ""


class _Writer(HTMLParser):
    """Writes HTML and text side by side: both hold exactly the same letters."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._html: list[str] = []
        self._text: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self._depth = 0
        self._tables = 0
        self._pre = 0
        self._run = 0
        self._length = 0
        self._at_start = True
        self._after_blank = True
        self._rows = 0
        self._tags = 0
        self._flattened = False
        self._links: list[Link] = []
        self._commands: list[str] = []
        self._link: tuple[str, list[str]] | None = None
        self._code: list[str] | None = None
        self._language = ""

    def result(self) -> Fragment:
        words = "".join(self._text).strip()
        asked = commands.from_prose(words[:MAX_TEXT])
        asked = tuple(one for one in asked if not any(one.endswith(known) for known in self._commands))
        found = dict.fromkeys((*self._commands, *asked))
        too_big = len(words) > MAX_TEXT or self._rows > MAX_ROWS or self._tags > MAX_TAGS
        return Fragment(
            re.sub(r"(?:<br>)+$", "", "".join(self._html)),
            words,
            tuple(self._links),
            tuple(found),
            too_big,
            self._flattened,
        )

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self._tags += 1
        if tag == "img":
            self._write_picture(values.get("alt", ""))
        elif tag == "input":
            if values.get("type") == "checkbox":
                self._write("☑ " if "checked" in values else "☐ ")
        elif tag in {"br", "hr"}:
            self._html.append(f"<{tag}>")
            self._new_line()
        else:
            self._start(tag, values)

    def handle_endtag(self, tag: str) -> None:
        # nh3 writes well-formed HTML: what ends is what was opened last.
        if not self._open or self._open[-1][0] != tag:
            return
        _, written = self._open.pop()
        if tag == "a":
            self._end_link(written)
        elif tag == "code" and not self._pre:
            self._end_code("")
        elif tag == "pre":
            self._pre -= 1
            if not self._pre:
                self._end_code(self._language)
        elif tag == "table":
            self._tables -= 1
        if written:
            self._depth -= 1
            self._html.append(f"</{tag}>")
        if tag not in _INLINE and tag != "a":
            self._separate(tag, written, ends=True)

    def handle_data(self, data: str) -> None:
        self._write(data)

    def _start(self, tag: str, values: dict[str, str]) -> None:
        nested_table = tag in _TABLE and (self._tables > 1 or (tag == "table" and self._tables > 0))
        if tag == "table":
            self._tables += 1
        written = tag in WRITTEN_TAGS and not nested_table and self._depth < MAX_DEPTH
        if tag == "a":
            written = self._start_link(values.get("href", "")) and written
        if tag in WRITTEN_TAGS and not written and tag != "a":
            self._flattened = True
        if tag not in _INLINE and tag != "a":
            self._separate(tag, written)
        self._open.append((tag, written))
        if written:
            self._depth += 1
            self._html.append(self._opening(tag, values))
        if tag == "pre":
            self._pre += 1
            self._language = ""
            self._code = [] if self._code is None else self._code
        elif tag == "code":
            self._language = values.get("class", "").partition("language-")[2].partition(" ")[0]
            self._code = [] if self._code is None else self._code
        elif tag == "tr":
            self._rows += 1
        elif tag == "li" and written:
            self._text.append("• ")

    def _opening(self, tag: str, values: dict[str, str]) -> str:
        if tag == "a" and self._link is not None:
            return f'<a href="{html.escape(self._link[0])}">'
        span = values.get("colspan", "")
        # Enough digits for any honest span; a longer number is cut to the limit like any other.
        if tag in {"td", "th"} and span.isascii() and span.isdigit() and len(span) < 10 and int(span) > 1:
            return f'<{tag} colspan="{min(int(span), MAX_COLSPAN)}">'
        return f"<{tag}>"

    def _start_link(self, href: str) -> bool:
        """Begin to collect a link; True if it leads to a web address."""
        if self._link is not None:
            return False
        target = web_target(href)
        self._link = (target or href, [])
        return target is not None

    def _end_link(self, written: bool) -> None:
        if self._link is None:
            return
        target, words = self._link
        self._link = None
        shown = " ".join("".join(words).split())
        if web_target(target) is None:
            if target and not target.startswith("#") and target not in shown:
                self._write(f" ({shortened(display_name(target), RUN_LIMIT)})")
            return
        self._links.append(Link(shortened(shown, _MAX_TARGET), target))
        host = host_of(target)
        if not written or host_shown(shown) != host:
            self._write(f" ({display_name(host)})" if shown else display_name(host))

    def _end_code(self, language: str) -> None:
        if self._code is None:
            return
        code = "".join(self._code)
        self._code = None
        block = "\n" in code.strip() or language or (self._open and self._open[-1][0] == "pre")
        self._commands += commands.from_code(language, code) if block else commands.from_inline(code)

    def _write_picture(self, alt: str) -> None:
        alt = " ".join(alt.split())
        self._write(
            text("comparison.picture", alt=shortened(alt, RUN_LIMIT)) if alt else text("comparison.picture_unnamed")
        )

    def _write(self, data: str) -> None:
        """Add text to both sides: blanks collapsed outside `pre`, nothing invisible, no long run."""
        data = visible(data)
        if self._code is not None:
            self._code.append(data)
        if not self._pre:
            data = re.sub(r"\s+", " ", data)
            if self._after_blank:
                data = data.lstrip(" ")
        if not data:
            return
        data = self._broken(data)
        self._after_blank = data[-1] in " \n"
        self._at_start = data[-1] == "\n"
        if self._link is not None:
            self._link[1].append(data)
        self._text.append(data)
        self._html.append(html.escape(data))

    def _broken(self, data: str) -> str:
        """Break runs, also those that go on from one element to the next."""
        first = re.match(r"\S*", data)
        lead = first.end() if first else 0
        if self._run and lead and self._run + lead > RUN_LIMIT:
            data = " " + data
        data = break_runs(data)
        tail = re.search(r"\S*$", data[-RUN_LIMIT:])
        length = len(tail.group()) if tail else 0
        self._run = self._run + length if length == len(data) else length
        return data

    def _separate(self, tag: str, written: bool, *, ends: bool = False) -> None:
        """A new line in the text, and in the HTML too where the tag itself does not make one."""
        if tag in {"td", "th"}:
            if not ends and not self._at_start:
                self._text.append(" | ")
                if not written:
                    self._html.append(" | ")
                self._after_blank = True
                self._run = 0
            return
        if not self._at_start and not written and not (tag in _TABLE and self._tables == 1):
            self._html.append("<br>")
        self._new_line()

    def _new_line(self) -> None:
        if not self._at_start:
            self._text.append("\n")
        self._at_start = self._after_blank = True
        self._run = 0
