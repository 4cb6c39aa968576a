"""The shipped table of letters that look alike is what the script makes of the published one."""

from core.paths import RESOURCES
from installer.confusables import reduced

PUBLISHED = """\ufeff# confusables.txt
# Version: 99.0.0
0430 ;\t0061 ;\tMA\t# ( а → a ) CYRILLIC SMALL LETTER A → LATIN SMALL LETTER A\t#
041D ;\t0048 ;\tMA\t# CYRILLIC CAPITAL LETTER EN
217F ;\t0072 006E ;\tMA\t# SMALL ROMAN NUMERAL ONE THOUSAND → rn
043D ;\t029C ;\tMA\t# CYRILLIC SMALL LETTER EN → LATIN LETTER SMALL CAPITAL H
00F8 ;\t006F 0338 ;\tMA\t# LATIN SMALL LETTER O WITH STROKE
1D428 ;\t006F ;\tMA\t# MATHEMATICAL BOLD SMALL O, which NFKD resolves
2FD5 ;\t9FA0 ;\tMA\t#* KANGXI RADICAL FLUTE
0031 ;\t006C ;\tMA\t# DIGIT ONE
"""


def test_keeps_what_stands_for_letters_of_ours() -> None:
    found = reduced(PUBLISHED)
    wanted = {"\u0430": "a", "\u041d": "h", "\u217f": "rn", "\u043d": "h", "\u00f8": "o"}
    assert {character: found.get(character) for character in wanted} == wanted
    assert not {"\U0001d428", "\u2fd5", "1"} & found.keys()
    assert found["\u1d07"] == "e"  # a small capital


def test_the_shipped_table_names_its_version_and_licence() -> None:
    head, _, rows = (RESOURCES / "confusables.txt").read_text(encoding="utf-8").partition("\n\n")
    assert "(UTS #39), version 13.0.0" in head
    assert "SPDX-License-Identifier: Unicode-3.0" in head
    assert "Permission is hereby granted" in head
    assert sum(len(row.split()) - 1 for row in rows.splitlines()) > 900
