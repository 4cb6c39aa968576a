"""Texts that tell people what to do: commands to type, and guards to lower (threats F3)."""

import re
from collections.abc import Iterator, Mapping

from core.command_lines import Deed, deeds
from core.findings import Evidence, Level
from core.instructions import Guard, asked, sentence
from core.scanning.code.sources import read_text
from core.scanning.inspection import Inspection

_FENCE = re.compile(r"^\s*(?:```|~~~)")
_INLINE = re.compile(r"`([^`\n]{6,2000})`")
_PROMPT = re.compile(r"^\s*(?:\$|>|PS [^>\n]*>|[A-Za-z]:[^>\n]*>)\s*")
_MOST_LINES = 20_000
_DANGEROUS = frozenset(
    "hidden-command decode-and-run protection-off reverse-shell sends-secrets autostart mines".split()
)
_DOUBTFUL = frozenset({"download-and-run", "policy-bypass", "elevation"})


def scan_instructions(inspection: Inspection) -> None:
    """Commands in code blocks and between backticks, and sentences that ask to lower a guard."""
    source = read_text(inspection)
    for number, line in _commands(source):
        inspection.budget.check_time()
        found = {deed.kind: deed for deed in deeds(line)}
        if not found.keys() & (_DANGEROUS | _DOUBTFUL):
            continue
        fact = Evidence("command", line.strip(), line=number)
        inspection.report("instruction-command", fact, level=_level(line, found))
    for place in asked(source[: 1 << 20]):
        said = sentence(source, place)
        strong = place.guard is Guard.PROTECTION_OFF and place.plainly
        fact = Evidence("text", said, line=source.count("\n", 0, place.start) + 1)
        inspection.report("instruction-guard", fact, level=Level.HIGH if strong else None)


def _level(line: str, found: Mapping[str, Deed]) -> Level:
    """How well-known tools are installed is good to know; from a place that nobody answers for, it is an attack."""
    if found.keys() & _DANGEROUS:
        return Level.HIGH
    if all(deed.usual for deed in found.values()):
        return Level.NOTE
    odd = "odd-address" in found or re.search(r"http://(?!localhost|127\.)", line)
    return Level.HIGH if odd else Level.CAREFUL


def _commands(source: str) -> Iterator[tuple[int, str]]:
    inside = False
    for number, line in enumerate(source.split("\n")[:_MOST_LINES], start=1):
        if _FENCE.match(line):
            inside = not inside
        elif inside or line.startswith(("    ", "\t")) or _PROMPT.match(line):
            yield number, _PROMPT.sub("", line)
        else:
            yield from ((number, match[1]) for match in _INLINE.finditer(line))
