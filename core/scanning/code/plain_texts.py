"""Texts without a kind of their own: settings in which programs look for commands, rules for assistants, notes."""

import re

from core.scanning.code import hidden_words
from core.scanning.code.behaviour import Behaviour, fact
from core.scanning.code.sources import read_text
from core.scanning.content import extension
from core.scanning.formats import pickle_hidden
from core.scanning.inspection import Inspection

_MOST = 64 << 10
"""Bytes. Settings that people write are small; longer texts are data."""
_LONGEST_LINE = 8192
_DATA = re.compile(
    r"(?i)\.(?:txt|text|log|srt|vtt|lrc|bib|tex|lst|vocab|bpe|dict|tok|src|tgt|en|de|fr|zh|ja|ko|ru|cm|nl|out|sample|"
    r"diff|patch|eml|po|pot|adoc|org|rtf|license|lock|sum|sha\d*|md5|asc|sig|pem|crt|cff|gbnf|bnf|fasta?|pdb|smi|map|tsbuildinfo)$|"
    r"(?:^|/)(?:license|licence|copying|notice|authors|changelog|changes|contributors|vocab|merges|readme|history|news|todo)[\w.-]*$"
)
"""Texts for people, and data."""


_RUN_BY_PROGRAMS = re.compile(
    r"(?i)(?:^|/)\.[\w-]+(?:\.(?:conf|el|local))?$|(?:^|/)\.?ssh/config$|(?:^|/)(?:crontab|sshd?_config|exports|hooks?)$|"
    r"\.(?:conf|cfg|ini|cron|el|vim|gp|plt|gnuplot|gdb|mozconfig|prefs|rules|desktop|nmconnection)$"
)
"""Settings that shells, editors, debuggers and services read, which may hold commands for them."""
_STARTING_LINES = {
    ".tex": re.compile(r"\\write18\b|\\input\s*\{?\s*\|?\"?\||\\directlua\b[^\n]{0,200}\bos\.execute", re.IGNORECASE),
    **dict.fromkeys((".eps", ".ps"), re.compile(r"\(%pipe%")),  # Ghostscript: the device %pipe%
    ".sql": re.compile(
        r"\b(?:from|to)\s+program\s+'|\bxp_cmdshell\s+(?!',)|\bsys_(?:exec|eval)\s*\(|\bsp_oacreate\b|\bload_extension\s*\(|\bshellfs\b|"
        r"^\s*\\!|^\s*\.(?:shell|system)\b|\binto\s+(?:out|dump)file\s+'|\blanguage\s+'?pl(?:python|perl)\w*u\b",
        re.IGNORECASE,
    ),
}
"""Lines of documents and of databases that start programs; everything else in them is text, or rows of a table."""


def scan_text(inspection: Inspection) -> None:
    """What the text hides, what it has assistants do, and commands in it.

    Of settings programs run them; of other texts nothing is known to run them.
    """
    pickle_hidden.report_letters(inspection)
    path = inspection.path
    orders = hidden_words.for_assistants(path)
    starting = _STARTING_LINES.get(extension(path))
    data = _DATA.search(path) is not None
    small = inspection.file.size <= _MOST and (orders or not data)
    if starting is None and not small:
        return
    source = read_text(inspection)
    if starting is not None:
        _judge_starting(inspection, source, starting)
    if not small:
        return
    hidden_words.report_unseen(inspection, source)
    if orders:
        hidden_words.report_orders(inspection, source)
    if data or starting is not None:
        return
    only_text = _RUN_BY_PROGRAMS.search(path) is None
    with Behaviour(inspection) as behaviour:
        for number, line in enumerate(source.splitlines(), start=1):
            if not line.lstrip().startswith(("#", "//", ";", "--")):
                behaviour.command(line, number, only_text=only_text)


def _judge_starting(inspection: Inspection, source: str, starting: re.Pattern[str]) -> None:
    with Behaviour(inspection) as behaviour:
        for number, line in enumerate(source.splitlines(), start=1):
            if starting.search(line[:_LONGEST_LINE]):
                behaviour.note("starts-programs", fact("command", line.strip()[:200], number))
                behaviour.command(line[:_LONGEST_LINE], number)
