"""Makes `resources/confusables.txt` out of the table that Unicode publishes: `python -m installer.confusables FILE`.

FILE is `confusables.txt` of any version (https://www.unicode.org/Public/security/). Kept are the characters that
stand for letters or digits of ASCII, since names of accounts are ASCII: what they look like, in lower case.
"""

import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

_TARGET = Path(__file__).resolve().parent.parent / "resources" / "confusables.txt"
_SMALL_CAPITAL = "LATIN LETTER SMALL CAPITAL "
_ALSO = {"\u0138": "k", "\u043c": "m", "\u044c": "b", "\u0454": "e", "\u03c7": "x", "\u03c9": "w"}
"""The published table takes these for letters of their own; whoever reads in a hurry does not. Nor small capitals."""
_LICENCE = """\
# Reduced by installer/confusables.py from confusables.txt of Unicode Security Mechanisms (UTS #39), version {version}.
# Each line: what is seen; the code points that look like it. Left out: what does not stand for ASCII letters or
# digits, and what compatibility decomposition (NFKD) alone resolves. Added: small capitals and a few letters that
# the published table takes for letters of their own (_ALSO in that script).
#
# SPDX-License-Identifier: Unicode-3.0
#
# COPYRIGHT AND PERMISSION NOTICE
# Copyright \u00a9 1991-2020 Unicode, Inc.
#
# NOTICE TO USER: Carefully read the following legal agreement. BY DOWNLOADING, INSTALLING, COPYING OR OTHERWISE USING
# DATA FILES, AND/OR SOFTWARE, YOU UNEQUIVOCALLY ACCEPT, AND AGREE TO BE BOUND BY, ALL OF THE TERMS AND CONDITIONS OF
# THIS AGREEMENT. IF YOU DO NOT AGREE, DO NOT DOWNLOAD, INSTALL, COPY, DISTRIBUTE OR USE THE DATA FILES OR SOFTWARE.
#
# Permission is hereby granted, free of charge, to any person obtaining a copy of data files and any associated
# documentation (the "Data Files") or software and any associated documentation (the "Software") to deal in the Data
# Files or Software without restriction, including without limitation the rights to use, copy, modify, merge, publish,
# distribute, and/or sell copies of the Data Files or Software, and to permit persons to whom the Data Files or
# Software are furnished to do so, provided that either (a) this copyright and permission notice appear with all
# copies of the Data Files or Software, or (b) this copyright and permission notice appear in associated Documentation.
#
# THE DATA FILES AND SOFTWARE ARE PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT
# LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT OF THIRD PARTY
# RIGHTS.
#
# IN NO EVENT SHALL THE COPYRIGHT HOLDER OR HOLDERS INCLUDED IN THIS NOTICE BE LIABLE FOR ANY CLAIM, OR ANY SPECIAL
# INDIRECT OR CONSEQUENTIAL DAMAGES, OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN
# AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR
# PERFORMANCE OF THE DATA FILES OR SOFTWARE.
#
# Except as contained in this notice, the name of a copyright holder shall not be used in advertising or otherwise to
# promote the sale, use or other dealings in these Data Files or Software without prior written authorization of the
# copyright holder.

"""


def main(arguments: list[str]) -> int:
    """Write the reduced table; returns the exit status."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    published = Path(arguments[0]).read_text(encoding="utf-8-sig")
    groups: dict[str, list[int]] = {}
    for character, seen in sorted(reduced(published).items()):
        groups.setdefault(seen, []).append(ord(character))
    lines = (f"{seen} {' '.join(f'{point:X}' for point in points)}\n" for seen, points in sorted(groups.items()))
    _TARGET.write_text(_LICENCE.format(version=_version(published)) + "".join(lines), encoding="utf-8", newline="\n")
    return 0


def reduced(published: str) -> dict[str, str]:
    """Character -> ASCII letters and digits that it looks like, in lower case."""
    prototypes = dict(_rows(published))
    small_capitals = (chr(point) for point in range(0x250, 0xA800) if _letter(chr(point)) != chr(point))
    found = {}
    for character in (*prototypes, *small_capitals, *_ALSO):
        seen = _plain("".join(_letter(letter) for letter in prototypes.get(character, character)))
        if not character.isascii() and seen.isascii() and seen.isalnum() and _plain(character) != seen:
            found[character] = seen
    return found


def _rows(published: str) -> Iterator[tuple[str, str]]:
    """Lines are `source ; target ; MA # comment`, code points in hexadecimal (UTS #39, section 4)."""
    for line in published.splitlines():
        fields = line.partition("#")[0].split(";")
        if len(fields) == 3:
            yield chr(int(fields[0], 16)), "".join(chr(int(point, 16)) for point in fields[1].split())


def _version(published: str) -> str:
    return next(line.split()[-1] for line in published.splitlines() if line.startswith("# Version:"))


def _letter(character: str) -> str:
    name = unicodedata.name(character, "")
    if name.startswith(_SMALL_CAPITAL) and len(name) == len(_SMALL_CAPITAL) + 1:
        return name[-1].lower()
    return _ALSO.get(character, character)


def _plain(text: str) -> str:
    """Without accents and compatibility forms, in lower case."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).lower()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
