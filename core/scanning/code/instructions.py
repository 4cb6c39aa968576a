"""Texts that tell people what to do: commands to type, and guards to lower (threats F3)."""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping

from core.command_lines import Deed, answered_for, deeds
from core.findings import LEVEL_ORDER, Level
from core.hosts import NOBODY_ANSWERS
from core.instructions import Asked, Guard, asked, sentence
from core.scanning.byte_sources import line_at, newline_offsets
from core.scanning.code import hidden_words, told_programs
from core.scanning.code.behaviour import Behaviour, fact
from core.scanning.code.shell_scripts import ScriptReader, runs_what_it_fetches
from core.scanning.code.sources import read_text
from core.scanning.content import extension
from core.scanning.inspection import Inspection
from core.scanning.requirements import judge_command

_FENCE = re.compile(r"^\s*(?:```|~~~)")
_INLINE = re.compile(r"`([^`\n]{1,2000})`|<code>([^<\n]{1,2000})</code>", re.IGNORECASE)
_SHORTEST = 6
"""Characters of a command that does anything worth telling."""
_PROMPT = re.compile(r"^\s*(?:\$|>|PS [^>\n]*>|[A-Za-z]:[^>\n]*>)\s*")
_BLOCK = re.compile(r"<pre\b[^<>]{0,300}>")
_IN_A_SENTENCE = re.compile(
    r"\b((?:curl|wget|irm|iwr|iex|invoke-\w+|powershell|pwsh|mshta|bash\s+<\(|python[\d.]*\s+-c)\s[^\n]{6,2000})",
    re.IGNORECASE,
)
"""Commands that stand in a sentence, or in a cell of a table."""
_BY_ITSELF = re.compile(r"\b(?:mshta|regsvr32|rundll32|exec\s*\()", re.IGNORECASE)
_SPEAKS_OF = re.compile(
    r"\b(?:refus\w+|malicious\w*|attack\w*|detect\w*|harmful|jailbr\w+|red[- ]team\w*|dangerous|never\s+run|"
    r"do\s+not\s+run|prompts?\s+such\s+as)\b",
    re.IGNORECASE,
)
"""A sentence about commands, rather than one that asks to type them."""
_ABOUT_ATTACKS = re.compile(
    r"\b(?:malware|malicious|prompt[ -]injections?|jailbreak\w*|red[ -]team\w*|phishing|att&ck|attacks?|"
    r"security|vulnerab\w+|exploits?)\b",
    re.IGNORECASE,
)
_BEGINNING = 3000
"""Characters in which a card says what it is about."""
_OF_WINDOWS = re.compile(r"\b(?:iex|invoke-expression|mshta|powershell)\b", re.IGNORECASE)
_DANGEROUS = frozenset(
    "hidden-command decode-and-run protection-off reverse-shell sends-secrets autostart mines".split()
)
_UNSEEN_AND_IN_CHARGE = frozenset({Guard.ARCHIVE_PASSWORD, Guard.ADMINISTRATOR})
"""Both together: no scanner can look into the archive, and its program may do everything."""
_DOUBTFUL = frozenset({"download-and-run", "policy-bypass", "elevation", "installs"})


_WALLET_WORDS = re.compile(r"\b(?:seed|recovery|secret)\s+phrase|\bprivate\s+key", re.IGNORECASE)
"""Whoever has them has the money; nobody honest asks for them."""


def scan_instructions(inspection: Inspection) -> None:
    """Commands in code blocks and between backticks, and sentences that ask to lower a guard."""
    source = read_text(inspection)
    judge_instructions(inspection, source)
    told_programs.report_programs(inspection, source)
    if extension(inspection.path) in _KNITTED:
        _judge_chunks(inspection, source)
    hidden_words.report_unseen(inspection, source)
    hidden_words.report_turned(inspection, source)
    hidden_words.report_hidden(inspection, source)
    if hidden_words.for_assistants(inspection.path):
        hidden_words.report_orders(inspection, source)


_KNITTED = frozenset({".rmd", ".qmd"})
_CHUNK = re.compile(
    r"^```+\s*\{(bash|sh|zsh|r|perl|ruby|js|ojs)\b[^}\n]{0,200}\}[^\n]*\n(.*?)^```",
    re.DOTALL | re.MULTILINE | re.IGNORECASE,
)
_MOST_CHUNKS = 200
_LANGUAGES = {"r": "r_script", "perl": "perl", "ruby": "ruby", "js": "javascript", "ojs": "javascript"}


def _judge_chunks(inspection: Inspection, source: str) -> None:
    """Code of a document that runs when it is put together (R Markdown, Quarto)."""
    with Behaviour(inspection) as behaviour:
        for match in itertools.islice(_CHUNK.finditer(source), _MOST_CHUNKS):
            kind = _LANGUAGES.get(match[1].lower(), "shell_script")
            line = source.count("\n", 0, match.start(2)) + 1
            ScriptReader(inspection, behaviour, kind).read(match[2], first_line=line)


def judge_instructions(inspection: Inspection, source: str, place: str = "") -> None:
    """The same for a text that is at hand; `place` names the cell of a notebook."""
    about = _ABOUT_ATTACKS.search(_title(source[:_BEGINNING])) is not None
    guards = list(asked(source))
    several = _several(guards)
    for number, line, said in _commands(source, plain=inspection.kind == "text"):
        inspection.budget.check_time()
        judge_command(inspection, line, fact("command", line.strip(), number, place))
        found = {deed.kind: deed for deed in deeds(line)}
        if found.keys() & (_DANGEROUS | _DOUBTFUL):
            told = fact("command", line.strip(), number, place)
            level = _level(line, found)
            if _SPEAKS_OF.search(said) or said.lstrip().startswith("|"):
                level = Level.NOTE if about else min(level, Level.CAREFUL, key=LEVEL_ORDER.index)
            elif level is Level.CAREFUL and _raised(found, guards):
                level = Level.HIGH
            inspection.report("instruction-command", told, level=level)
        elif said and runs_what_it_fetches(line):
            inspection.report("instruction-command", fact("command", line.strip(), number, place), level=_from(line))
    for number, block in _blocks(source):
        inspection.budget.check_time()
        run = runs_what_it_fetches(block)
        if run:
            odd = Level.HIGH if NOBODY_ANSWERS.search(run) or NOBODY_ANSWERS.search(block) else None
            inspection.report("instruction-command", fact("command", run, number, place), level=odd or _from(block))
    newlines = newline_offsets(source)
    for where in guards:
        inspection.budget.check_time()
        said = sentence(source, where)
        told = fact("text", said, line_at(newlines, where.start), place)
        spoken_of = _SPEAKS_OF.search(said) is not None and not where.plainly
        asked_level = Level.NOTE if spoken_of else _asked_level(where, said)
        inspection.report("instruction-guard", told, level=Level.HIGH if several else asked_level)


def _title(source: str) -> str:
    """Front matter and headings: what the text is about."""
    front = re.match(r"---\n.*?\n---", source, re.DOTALL)
    return "\n".join([front[0] if front else "", *re.findall(r"(?m)^#{1,3} .*$", source)])


def _several(guards: Iterable[Asked]) -> bool:
    """Whether guards are to be lowered that each alone may be lowered without a thought."""
    kinds = {where.guard for where in guards if where.plainly or where.guard is Guard.PROTECTION_OFF}
    return len(kinds) > 1 and (Guard.PROTECTION_OFF in kinds or kinds >= _UNSEEN_AND_IN_CHARGE)


def _raised(found: Mapping[str, Deed], guards: Iterable[Asked]) -> bool:
    """Whether a text that has people fetch and run something also asks them to lower a guard for it."""
    fetched = found.get("download-and-run")
    if fetched is None or fetched.usual or fetched.answered:
        return False
    windows = _OF_WINDOWS.search(fetched.text) is not None
    return any(where.guard is not Guard.ADMINISTRATOR or where.plainly or windows for where in guards)


def _asked_level(place: Asked, said: str) -> Level | None:
    if place.guard is Guard.PROTECTION_OFF and place.plainly:
        return Level.HIGH
    if place.guard is Guard.HAND_OVER and _WALLET_WORDS.search(said):
        return Level.HIGH
    return Level.NOTE if place.guard is Guard.ADMINISTRATOR and not place.plainly else None


def _level(line: str, found: Mapping[str, Deed]) -> Level:
    """How well-known tools are installed is good to know; from a place that nobody answers for, it is an attack."""
    if any(kind in _DANGEROUS and not deed.usual for kind, deed in found.items()):
        return Level.HIGH
    if all(deed.usual for deed in found.values()):
        return Level.NOTE
    brought = [found[kind] for kind in ("download-and-run", "installs") if kind in found]
    if any(not (deed.usual or deed.answered) and "://" in deed.text for deed in brought):
        return Level.HIGH
    odd = "odd-address" in found or re.search(r"http://(?!localhost|127\.)", line) or _BY_ITSELF.search(line)
    return Level.HIGH if odd else Level.CAREFUL


def _from(text: str) -> Level | None:
    """High, if what is fetched and run lies where nobody answers for it; the rule's own level if somebody does."""
    return Level.HIGH if "://" in text and not any(answered_for(text)) else None


def _commands(source: str, *, plain: bool) -> Iterator[tuple[int, str, str]]:
    """Commands with the number of their line, and the sentence they stand in; continued lines are joined.

    `plain`: the text knows no code blocks.
    """
    inside, held, first = False, "", 0
    for number, line in enumerate(source.split("\n"), start=1):
        if not line:
            pass
        elif _FENCE.match(line):
            inside = not inside
        elif inside or line.startswith(("    ", "\t")) or _PROMPT.match(line):
            first = first if held else number
            if line.rstrip().endswith(("\\", "`")) and len(held) < 4096:
                held += line.rstrip()[:-1] + " "
                continue
            yield first, _PROMPT.sub("", held + line), ""
        else:
            inside_ = ((match[1] or match[2]) for match in _INLINE.finditer(line))
            yield from ((number, command, line) for command in inside_ if len(command) >= _SHORTEST)
            sentence_ = _IN_A_SENTENCE.search(line.replace("\\|", "|"))
            if sentence_ is not None and (plain or "`" not in line):
                yield number, re.sub(r"<[^>]{1,40}>", " ", sentence_[1]), ""
        held = ""


def _blocks(source: str) -> Iterator[tuple[int, str]]:
    """Blocks of code with the number of their first line."""
    block: list[str] | None = None
    indented: list[str] = []
    for number, line in enumerate(source.split("\n"), start=1):
        if _FENCE.match(line):
            if block:
                yield number - len(block), "\n".join(block)
            block = [] if block is None else None
        elif block is not None:
            block.append(_PROMPT.sub("", line))
        elif line.startswith(("    ", "\t")):
            indented.append(_PROMPT.sub("", line))
        elif indented:
            yield number - len(indented), "\n".join(indented)
            indented = []
    if indented:
        yield 1, "\n".join(indented)
    yield from _marked_up(source)


def _marked_up(source: str) -> Iterator[tuple[int, str]]:
    """The same between tags."""
    low, end = source.lower(), 0
    for match in _BLOCK.finditer(low):
        if match.end() > end:
            start, end = match.end(), low.find("</pre>", match.end())
            if end < 0:
                return
            yield source.count("\n", 0, start) + 1, re.sub(r"<[^>]{1,40}>", "", source[start:end])
