"""Commands in disguise: what a shell would read where a person, or a search, reads something else.

Every reading is computed from the text alone; nothing is run.
"""

import base64
import binascii
import fnmatch
import re
import zlib
from collections.abc import Callable, Iterator

_MOST_READINGS = 24
_ENCODED = re.compile(r"(?i)(?:^|\s)[-/–]e(?:c|nc?|nco\w*)?\s+[\"']?([A-Za-z0-9+/]{16,}={0,2})")
_BASE64 = re.compile(r"[\"'=(\s]([A-Za-z0-9+/]{16,}={0,2})(?=[\"')\s|]|$)")
_CHARACTERS = re.compile(
    r"(?:\[char\]\s*(?:0x[0-9a-f]+|\d+)|chrw?\$?\(\s*(?:&h[0-9a-f]+|\d+)\s*\))"
    r"(?:\s*[+&]\s*(?:\[char\]\s*(?:0x[0-9a-f]+|\d+)|chrw?\$?\(\s*(?:&h[0-9a-f]+|\d+)\s*\)))*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?:0x|&h)[0-9a-f]+|\d+", re.IGNORECASE)
_FROM_CODES = re.compile(
    r"fromcharcode\s*\(([\d\sx,a-f]{2,20000})\)|\[char\[\]\]\s*\(?([\d\sx,a-f]{2,20000})\)?", re.IGNORECASE
)
_ESCAPES = re.compile(r"(?:\\x[0-9a-f]{2}|\\u[0-9a-f]{4}|%u[0-9a-f]{4}|%[0-9a-f]{2}|\\[0-7]{3}){4,}", re.IGNORECASE)
_ONE_ESCAPE = re.compile(
    r"\\x([0-9a-f]{2})|\\u([0-9a-f]{4})|%u([0-9a-f]{4})|%([0-9a-f]{2})|\\([0-7]{3})", re.IGNORECASE
)
_FORMAT = re.compile(
    r"[\"']((?:[^\"'{}]*\{\d{1,2}\})+[^\"']*)[\"']\s*\)?\s*-f\s*((?:[\"'][^\"']*[\"']\s*,?\s*)+)", re.IGNORECASE
)
_REPLACE = re.compile(
    r"[\"']([^\"']{4,4000})[\"']\s*\)?\s*(?:-c?replace\s*[\"'\(]+|\.replace\(\s*[\"'])([^\"']{1,40})[\"']\s*,\s*[\"']([^\"']{0,40})[\"']",
    re.IGNORECASE,
)
_REVERSED = re.compile(
    r"[\"']([^\"']{6,4000})[\"']\s*\.split\(\s*[\"']{2}\s*\)\.reverse\(\)\.join\(\s*[\"']{2}\s*\)|"
    r"strreverse\(\s*[\"']([^\"']{1,4000})[\"']|[\"']([^\"']{6,4000})[\"']\s*\[-1\.\.-|"
    r"[\"']([^\"'|]{6,4000})[\"']\s*\|\s*rev\b|\becho\s+([^\"'\s|]{6,4000})\s*\|\s*rev\b",
    re.IGNORECASE,
)
_JOINED = re.compile(r"[\"']\s*(?:\+|&|\.\.)\s*[\"']")
_JOINED_ALIKE = re.compile(r"'\s*\+\s*'|\"\s*\+\s*\"")
_CALLED_BY_NAME = re.compile(r"&\s*\(\s*[\"'](\w[\w.-]*)[\"']\s*\)")
_LETTERS = r"\$(?:\{?env:\w+\}?|shellid|pshome|verbosepreference\.tostring\(\))"
_VARIABLE_SLICE = re.compile(
    rf"(?:[&.]\s*)?\(\s*{_LETTERS}\s*\[[\d,\s]{{1,20}}\]"
    rf"(?:\s*\+\s*(?:{_LETTERS}\s*\[\d+\]|[\"']\w{{1,3}}[\"']))*(?:\s*-join\s*[\"']{{2}})?\s*\)",
    re.IGNORECASE,
)
"""A name put together from letters of variables that every Windows has: nobody but who hides `iex` does so."""
_BY_PATTERN = re.compile(
    r"[&.]\s*\(\s*(?:gal|get-alias|gcm|get-command)\s+[\"']?([\w-]*[*?][\w*?-]*)[\"']?\s*\)", re.IGNORECASE
)
_QUOTED_PIECES = re.compile(
    r"(?<![\w\"'=\\])(?:\w{0,20}(?:\"\w{1,20}\"|'\w{1,20}')\w{1,20}|(?:\"\w{1,20}\"|'\w{1,20}'){2})(?:\w{1,20}|\"\w{1,20}\"|'\w{1,20}')*+(?![\w\"'])"
)
"""One word in several quoted pieces: `"c"u"r"l`. Nothing is given back (`*+`): there are too many ways to cut it up."""
_WILDCARD = re.compile(r"(?<![\w/])/[\w?*]{1,8}/(?:[\w?*]{1,8}/)?[\w?*]{0,12}\?[\w?*]{0,12}")
_PROGRAMS = tuple(
    f"{folder}/{name}"
    for folder in ("/bin", "/usr/bin")
    for name in "bash sh curl wget nc python3 base64 cat perl".split()
)
_ANSI = re.compile(r"\$'((?:[^'\\]|\\.){1,4000})'")
_PRINTED = re.compile(r"\$\(\s*printf\s+[\"']((?:\\x[0-9a-f]{2}|\\[0-7]{3}){2,400})[\"']\s*\)", re.IGNORECASE)
_HEX = re.compile(r"[\"']((?:[0-9a-f]{2}){8,20000})[\"']", re.IGNORECASE)
_GZIP = b"\x1f\x8b"


def readings(line: str) -> Iterator[str]:
    """The line as written, then as a shell would understand it, and what is encoded in it, each once."""
    seen: set[str] = set()
    waiting = [line]
    while waiting and len(seen) < _MOST_READINGS:
        reading = waiting.pop(0)
        if not reading.strip() or reading in seen:
            continue
        seen.add(reading)
        yield reading
        waiting += [*_plainer(reading), *_decoded(reading)]


def unformatted(line: str) -> str:
    """A line of PowerShell without marks that mean nothing there, and with `"{1}{0}" -f "b","a"` put together."""
    if "`" in line:
        line = re.sub(r"`(?=[A-Zc-eg-mo-qsuw-z])", "", line)  # a b f n r t v stand for signs
    line = _FORMAT.sub(_formatted, line) if "-f" in line.lower() else line
    if "+" in line:
        line = _JOINED_ALIKE.sub("", line)
    return _CALLED_BY_NAME.sub(r"\1", line)


def printable(data: bytes) -> str | None:
    """Bytes as text if they are text, in UTF-16 (PowerShell's) or UTF-8; else None."""
    wide = len(data) >= 8 and len(data) % 2 == 0 and data[1::2].count(0) >= len(data) // 2 * 0.8
    try:
        text = data.decode("utf-16-le" if wide else "utf-8")
    except UnicodeDecodeError:
        return None
    plain = text.translate({9: 32, 10: 32, 13: 32, 0: None})
    return " ".join(text.split()) if plain.isprintable() and len(plain) >= 4 else None


def from_base64(encoded: str) -> bytes | None:
    """The bytes behind base64 with or without its padding, else None."""
    try:
        return base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def _plainer(line: str) -> Iterator[str]:
    """Without the signs that shells ignore."""
    plain = re.sub(r"%comspec%", "cmd.exe", line, flags=re.IGNORECASE)
    plain = re.sub(r"\^(?=.)|`(?=[A-Za-z-])", "", plain)
    plain = re.sub(r"(?<=\w)(?:\"\"|''|\$[@*])(?=\w)", "", plain)
    plain = _QUOTED_PIECES.sub(lambda match: re.sub(r"[\"']", "", match[0]), plain)
    plain = _JOINED.sub("", plain)
    plain = _VARIABLE_SLICE.sub("iex", plain)
    plain = _BY_PATTERN.sub(lambda match: "iex" if _means_iex(match[1]) else match[0], plain)
    if "?" in plain:
        plain = _WILDCARD.sub(lambda match: _program_of(match[0]), plain)
    plain = _CALLED_BY_NAME.sub(r"\1", plain)
    yield plain
    if "$" in plain or "\\" in plain:
        yield re.sub(
            r"\$@|\$\*|\$\{IFS[^}]{0,20}\}|\$IFS(?:\$9)?", " ", re.sub(r"(?<=[A-Za-z])\\(?=[A-Za-z])", "", plain)
        )
    if "{" in plain and "," in plain:
        yield re.sub(r"\{([\w./:-]+(?:,[\w./:-]+)+)\}", lambda match: match[1].replace(",", " "), plain)


def _means_iex(pattern: str) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern.lower()) for name in ("iex", "invoke-expression"))


def _program_of(pattern: str) -> str:
    """`/???/b??h` is what a shell finds there."""
    return next((name for name in _PROGRAMS if fnmatch.fnmatchcase(name, pattern)), pattern)


def _decoded(line: str) -> Iterator[str]:
    """What encoded parts of the line say: in place where they are a part of a command, alone where they are all."""
    for match in (*_ENCODED.finditer(line), *_BASE64.finditer(line)):
        data = from_base64(match[1])
        text = None if data is None else _unpacked(data)
        if text:
            yield text
    low = line.lower()
    for needed, expression, change in _CHANGES:
        changed = expression.sub(change, line) if any(word in low for word in needed) else line
        if changed != line:
            yield changed


def _unpacked(data: bytes) -> str | None:
    for window in (31,) if data.startswith(_GZIP) else (15, -15) if printable(data) is None else ():
        try:
            data = zlib.decompressobj(window).decompress(data, 1 << 20)
            break
        except zlib.error:
            continue
    return printable(data)


def _from_codes(text: str) -> str:
    return _quoted("".join(_character(one) for one in _NUMBER.findall(text)))


def _character(number: str) -> str:
    value = int(re.sub(r"(?i)^(?:0x|&h)", "", number), 16 if re.match(r"(?i)0x|&h", number) else 10)
    return chr(value) if 9 <= value < 0xD800 else ""


def _escape(match: re.Match[str]) -> str:
    octal = match[5]
    value = int(octal, 8) if octal else int(next(part for part in match.groups() if part), 16)
    return chr(value) if 9 <= value < 0xD800 else ""


def _quoted(text: str) -> str:
    return f"'{text}'"


def _formatted(match: re.Match[str]) -> str:
    parts = re.findall(r"[\"']([^\"']*)[\"']", match[2])
    return _quoted(re.sub(r"\{(\d+)\}", lambda one: parts[int(one[1])] if int(one[1]) < len(parts) else "", match[1]))


_CHANGES: tuple[tuple[tuple[str, ...], re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (("char", "chr"), _CHARACTERS, lambda match: _from_codes(re.sub(r"(?i)chrw?\$?", "", match[0]))),
    (("char",), _FROM_CODES, lambda match: _from_codes(match[1] or match[2])),
    (("$'",), _ANSI, lambda match: _ONE_ESCAPE.sub(_escape, match[1])),
    (("\\", "%"), _ESCAPES, lambda match: _ONE_ESCAPE.sub(_escape, match[0])),
    (("-f",), _FORMAT, _formatted),
    (("replace",), _REPLACE, lambda match: _quoted(match[1].replace(match[2], match[3]))),
    (("printf",), _PRINTED, lambda match: _ONE_ESCAPE.sub(_escape, match[1])),
    (("hex",), _HEX, lambda match: _quoted(printable(bytes.fromhex(match[1])) or match[1])),
    (("rev", "-1.."), _REVERSED, lambda match: _quoted(next((part for part in match.groups() if part), "")[::-1])),
)
"""Words without which it is not looked for, what is looked for, and what it becomes."""
