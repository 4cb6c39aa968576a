"""Tables written as text (CSV, TSV, SYLK): cells that spreadsheet programs take for formulas that reach out (CWE-1236).

Numbers with signs, names of accounts and sums are ordinary; only formulas that start programs or send contents count.
"""

import re

from core.command_lines import deeds
from core.findings import Evidence, Level
from core.scanning.content import decode
from core.scanning.inspection import MAX_EVIDENCE, Inspection

_READ = 4 << 20
"""Bytes that are searched; a larger table counts as checked in part."""
_LONGEST_CELL, _LONGEST_NAME = 400, 12
_CELL = re.compile(r"(?:^|[,;\t])[ ]?\"?[ ]?(?=([=+@-][^\n]{2,400}))")
"""A cell that a spreadsheet program takes for a formula; the rest of the line is kept to be looked at."""
_ATTACKS = frozenset("download-and-run decode-and-run hidden-command protection-off".split())
_MARK = re.compile(r"[|(]")
_HINT = re.compile(r"(?i)\|[ ]{0,3}['\"]|(?:call|exec|register|\.id|rtd|shell|service|import\w{3,5}|hyperlink|image)\(")
"""What every such formula has in it; around one of these two signs, which are quickly found."""
_OF_SYLK = re.compile(r"^[CF];(?:[^\n;]{0,80};){0,20}E([A-Z@][^\n;]{2,1000})")
_OF_MACROS = re.compile(r"\b(?:EXEC|CALL|REGISTER(?:\.ID)?)\(", re.IGNORECASE)
"""Functions of old macros, which SYLK can hold: they start programs, and call libraries of Windows."""
_STARTS = re.compile(
    r"^[=+@-][^,\n|]{0,200}\w\|[ ]{0,3}(?:'[^'\n]{0,300}'|\"{1,2}[^\"\n]{0,300}\"{1,2})!|"
    r"^[=+@-][^\n]{0,200}?\b(?:CALL|EXEC|REGISTER(?:\.ID)?|RTD|SHELL)\(",
    re.IGNORECASE,
)
_FETCHES = re.compile(
    r"\b(?:WEBSERVICE|IMPORTXML|IMPORTDATA|IMPORTHTML|IMPORTFEED|IMPORTRANGE)\(|"
    r"\b(?:HYPERLINK|IMAGE)\([^)\n]{0,400}?(?:&|CONCAT\w{0,9}\s*\()",
    re.IGNORECASE,
)


def reaches_out(formula: str) -> bool:
    """True for a formula that starts a program, or sends what stands in other cells to an address."""
    return _STARTS.search(formula) is not None or _FETCHES.search(formula) is not None


def scan(inspection: Inspection) -> None:
    """Findings of the cells of one table."""
    source = decode(inspection.read_at(0, min(inspection.file.size, _READ)))
    if source is None:
        inspection.partly("code_not_text")
        return
    if inspection.file.size > _READ:
        inspection.partly("too_large")
    told = done = 0
    for mark in _MARK.finditer(source):
        place = mark.start()
        hint = None if place < done else _HINT.search(source, max(done, place - _LONGEST_NAME), place + _LONGEST_NAME)
        if hint is None:
            continue
        inspection.budget.check_time()
        start = _start(source, hint.start())
        done = source.find("\n", hint.end(), hint.end() + _LONGEST_CELL)
        done = done if done >= 0 else hint.end() + _LONGEST_CELL
        if told == MAX_EVIDENCE:
            continue
        cell = _cell(source[start:done])
        if cell is not None:
            told += 1
            line = source.count("\n", 0, start) + 1
            macro = _OF_SYLK.match(source[start:done]) is not None and _OF_MACROS.search(cell) is not None
            starts = macro or any(deed.kind in _ATTACKS for deed in deeds(cell))
            level = Level.HIGH if starts else None
            inspection.report("table-formula", Evidence("text", cell[:200], line=line), level=level)


def _start(source: str, place: int) -> int:
    """Where the line begins, or in a long one a cell before the place, which may be in quotes."""
    first = max(0, place - _LONGEST_CELL)
    start = source.rfind("\n", first, place) + 1
    if start or not first:
        return start
    return next((at for at in range(first, place) if source[at] in ",;\t"), place)


def _cell(line: str) -> str | None:
    """The first cell of a line that reaches out; in SYLK, which has letters before the fields, an expression."""
    cells = [found[1] for found in _CELL.finditer(line)] + ["=" + found[1] for found in _OF_SYLK.finditer(line)]
    return next((cell for cell in cells if reaches_out(cell)), None)
