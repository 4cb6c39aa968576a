"""Texts that tell people what to do: commands to type, and guards to lower (threats F3)."""

import re
from collections.abc import Iterator, Mapping

from core.command_lines import Deed, deeds
from core.findings import Level
from core.instructions import Asked, Guard, asked, sentence
from core.scanning.code.behaviour import fact
from core.scanning.code.shell_scripts import runs_what_it_fetches
from core.scanning.code.sources import read_text
from core.scanning.inspection import Inspection

_FENCE = re.compile(r"^\s*(?:```|~~~)")
_INLINE = re.compile(r"`([^`\n]{6,2000})`|<code>([^<\n]{6,2000})</code>", re.IGNORECASE)
_PROMPT = re.compile(r"^\s*(?:\$|>|PS [^>\n]*>|[A-Za-z]:[^>\n]*>)\s*")
_BLOCK = re.compile(r"<pre\b[^>]*>(.*?)</pre>", re.IGNORECASE | re.DOTALL)
_IN_A_SENTENCE = re.compile(
    r"\b((?:curl|wget|irm|iwr|iex|invoke-\w+|powershell|pwsh|mshta|bash\s+<\(|python[\d.]*\s+-c)\s[^\n]{6,2000})",
    re.IGNORECASE,
)
"""Commands that stand in a sentence, or in a cell of a table."""
_BY_ITSELF = re.compile(r"\b(?:mshta|regsvr32|rundll32|exec\s*\()", re.IGNORECASE)
_MOST_LINES = 20_000
_SPEAKS_OF = re.compile(
    r"\b(?:refus\w+|malicious\w*|attack\w*|detect\w*|harmful|jailbr\w+|red[- ]team\w*|dangerous|never\s+run|"
    r"do\s+not\s+run|prompts?\s+such\s+as)\b",
    re.IGNORECASE,
)
"""A sentence about commands, rather than one that asks to type them."""
_DANGEROUS = frozenset(
    "hidden-command decode-and-run protection-off reverse-shell sends-secrets autostart mines".split()
)
_DOUBTFUL = frozenset({"download-and-run", "policy-bypass", "elevation", "installs"})


def scan_instructions(inspection: Inspection) -> None:
    """Commands in code blocks and between backticks, and sentences that ask to lower a guard."""
    judge_instructions(inspection, read_text(inspection))


def judge_instructions(inspection: Inspection, source: str, place: str = "") -> None:
    """The same for a text that is at hand; `place` names the cell of a notebook."""
    for number, line, said in _commands(source, plain=inspection.kind == "text"):
        inspection.budget.check_time()
        found = {deed.kind: deed for deed in deeds(line)}
        if found.keys() & (_DANGEROUS | _DOUBTFUL):
            told = fact("command", line.strip(), number, place)
            level = _level(line, found)
            if level is Level.HIGH and _SPEAKS_OF.search(said):
                level = Level.CAREFUL
            inspection.report("instruction-command", told, level=level)
    for number, block in _blocks(source):
        run = runs_what_it_fetches(block)
        if run:
            inspection.report("instruction-command", fact("command", run, number, place))
    for where in asked(source[: 1 << 20]):
        said = sentence(source, where)
        told = fact("text", said, source.count("\n", 0, where.start) + 1, place)
        inspection.report("instruction-guard", told, level=_asked_level(where))


def _asked_level(place: Asked) -> Level | None:
    if place.guard is Guard.PROTECTION_OFF and place.plainly:
        return Level.HIGH
    return Level.NOTE if place.guard is Guard.ADMINISTRATOR and not place.plainly else None


def _level(line: str, found: Mapping[str, Deed]) -> Level:
    """How well-known tools are installed is good to know; from a place that nobody answers for, it is an attack."""
    if found.keys() & _DANGEROUS:
        return Level.HIGH
    if all(deed.usual for deed in found.values()):
        return Level.NOTE
    odd = "odd-address" in found or re.search(r"http://(?!localhost|127\.)", line) or _BY_ITSELF.search(line)
    return Level.HIGH if odd else Level.CAREFUL


def _commands(source: str, *, plain: bool) -> Iterator[tuple[int, str, str]]:
    """Commands with the number of their line, and the sentence they stand in; continued lines are joined.

    `plain`: the text knows no code blocks.
    """
    inside, held, first = False, "", 0
    for number, line in enumerate(source.split("\n")[:_MOST_LINES], start=1):
        if _FENCE.match(line):
            inside = not inside
        elif inside or line.startswith(("    ", "\t")) or _PROMPT.match(line):
            first = first if held else number
            if line.rstrip().endswith(("\\", "`")) and len(held) < 4096:
                held += line.rstrip()[:-1] + " "
                continue
            yield first, _PROMPT.sub("", held + line), ""
        else:
            yield from ((number, match[1] or match[2], line) for match in _INLINE.finditer(line))
            sentence_ = _IN_A_SENTENCE.search(line.replace("\\|", "|"))
            if sentence_ is not None and (plain or "`" not in line):
                yield number, re.sub(r"<[^>]{1,40}>", " ", sentence_[1]), ""
        held = ""


def _blocks(source: str) -> Iterator[tuple[int, str]]:
    """Blocks of code with the number of their first line."""
    block: list[str] | None = None
    indented: list[str] = []
    for number, line in enumerate(source.split("\n")[:_MOST_LINES], start=1):
        if _FENCE.match(line):
            if block:
                yield number - len(block), "\n".join(block)
            block = [] if block is None else None
        elif block is not None and len(block) < 200:
            block.append(_PROMPT.sub("", line))
        elif block is None and line.startswith(("    ", "\t")):
            indented.append(_PROMPT.sub("", line))
        elif indented:
            yield number - len(indented), "\n".join(indented[:200])
            indented = []
    if indented:
        yield 1, "\n".join(indented[:200])
    for match in _BLOCK.finditer(source[: 1 << 20]):
        yield source.count("\n", 0, match.start()) + 1, re.sub(r"<[^>]{1,40}>", "", match[1])
