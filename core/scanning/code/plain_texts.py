"""Texts without a kind of their own: settings in which programs look for commands, rules for assistants, notes."""

import re

from core.scanning.code import hidden_words
from core.scanning.code.behaviour import Behaviour
from core.scanning.code.sources import read_text
from core.scanning.formats import pickle_hidden
from core.scanning.inspection import Inspection

_MOST = 64 << 10
"""Bytes. Settings that people write are small; longer texts are data."""
_DATA = re.compile(
    r"(?i)\.(?:txt|text|log|srt|vtt|lrc|bib|tex|lst|vocab|bpe|dict|tok|src|tgt|en|de|fr|zh|ja|ko|ru|cm|nl|out|sample|"
    r"diff|patch|eml|po|pot|adoc|org|rtf|license|lock|sum|sha\d*|md5|asc|sig|pem|crt|cff|gbnf|bnf|fasta?|pdb|smi|map|tsbuildinfo)$|"
    r"(?:^|/)(?:license|licence|copying|notice|authors|changelog|changes|contributors|vocab|merges|readme|history|news|todo)[\w.-]*$"
)
"""Texts for people, and data."""


def scan_text(inspection: Inspection) -> None:
    """What the text hides, what it has assistants do, and commands in it, of which nothing is known to run them."""
    pickle_hidden.report_letters(inspection)
    path = inspection.path
    orders = hidden_words.for_assistants(path)
    if inspection.file.size > _MOST or (_DATA.search(path) and not orders):
        return
    source = read_text(inspection)
    hidden_words.report_unseen(inspection, source)
    if orders:
        hidden_words.report_orders(inspection, source)
    if _DATA.search(path):
        return
    with Behaviour(inspection) as behaviour:
        for number, line in enumerate(source.splitlines(), start=1):
            if not line.lstrip().startswith(("#", "//", ";", "--")):
                behaviour.command(line, number, only_text=True)
