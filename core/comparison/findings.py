"""What a card says that a reader should be warned of. Rules: `resources/rules/card.toml`.

What only the whole check can see (a command that starts a file the original lacks) is not decided here.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from core.command_lines import Deed, deeds
from core.comparison.card_html import host_of, host_shown
from core.comparison.card_text import hidden_characters, shortened
from core.comparison.commands import from_code, from_prose
from core.comparison.file_findings import file_findings
from core.comparison.link_notes import borrows_account, imitates, offers_program, same_site
from core.comparison.results import AdditionKind, Card, Comparison, Hiding, Link
from core.findings import Evidence, Finding, Level, finding
from core.hosts import bears_name_of
from core.instructions import Guard, asked, sentence
from core.text import Message, render, text

_MAX_SHOWN = 160
_MAX_PER_RULE = 5
"""Findings of one rule; a card that has more is not made clearer by listing them."""

_PROGRAM = r"\.(?:exe|bat|cmd|ps1|msi|vbs|scr|hta|sh|command|py|jar|dll)\b"
_FETCH = r"(?:curl|wget|iwr|irm|invoke-webrequest|invoke-restmethod|downloadstring|downloadfile)"
_FETCHES_PROGRAM = re.compile(
    rf"""\b{_FETCH}\b.*(?:\s-o|--output|-outfile|>)\s*["']?\S*{_PROGRAM}
    | \b(?:curl|wget)\b[^&;]*https?://\S+{_PROGRAM}[^&;]*(?:&&|;)
    | \bpython[\d.]*\s+-c\b.*(?:urlopen|requests\.get).*\bexec\b
    | \bpython[\d.]*\s+-c\b.*\bexec\b.*(?:urlopen|requests\.get)
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""As good as running it: what a card tells people to do next."""
_PLAIN_HTTP = re.compile(r"http://(?!localhost|127\.)", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W_]")
_FEWEST_LETTERS = 4
_TO_PROGRAMS = re.compile(
    r"\b(?:ignore|disregard|forget)\s+(?:\w+\s+){0,3}(?:previous|prior|above|earlier|other)\s+(?:\w+\s+){0,2}(?:instruction|prompt|rule)"
    r"|\b(?:do\s+not|don't|never)\s+(?:tell|mention|inform|warn|show|reveal)\b.{0,40}\b(?:user|human|person|reader)\b"
    r"|\b(?:notes?|messages?|instructions?)\s+(?:for|to)\s+(?:\w+\s+){0,2}(?:ai|llms?|assistants?|agents?|language\s+models?)\b"
    r"|\bwithout\s+(?:asking|telling|informing|warning)\s+(?:the\s+)?(?:user|human|person|reader)\b"
    r"|\byou\s+are\s+(?:now\s+)?(?:an?\s+)?(?:ai|assistant|agent|language\s+model)\b|<\|im_start\|>|\[INST\]",
    re.IGNORECASE,
)
"""Words to a language model that reads the card in a person's place."""
_QUOTED = re.compile(r"`([^`\n]{3,400})`")
_DECEIVING = re.compile(r"U\+(?:202[A-E]|206[6-9]|E0[01][0-9A-F]{2}|FE0[0-9A-F]|034F|115F|1160|3164)")


def findings(comparison: Comparison, sites: tuple[str, ...] = ()) -> tuple[Finding, ...]:
    """Findings about the card of this repository, and about files that the original has in another form.

    What stands unchanged in the original's card is only noted. `sites`: hosts of publishers, whose names others borrow.
    """
    known = _Known(comparison)
    found = [
        *_in_commands(comparison.here, known),
        *_in_sentences(comparison.here, known),
        *_hidden(comparison),
        *_hidden_texts(comparison),
        *_imitations(comparison.here, known, sites),
        *_program_links(comparison.here, known),
        *_deceiving_links(comparison.here, known),
        *_replaced_links(comparison),
        *file_findings(comparison),
    ]
    return tuple(_few_of_each(found))


class _Known:
    """What the original's card has too."""

    def __init__(self, comparison: Comparison) -> None:
        self.has_original = comparison.cards is not None
        additions = comparison.cards.additions if comparison.cards else ()
        self._new_commands = {one.value for one in additions if one.kind is AdditionKind.COMMAND}
        blocks = comparison.original.blocks if comparison.original else ()
        self._commands = {command for block in blocks for command in block.commands}
        self._text = "\n".join(block.text for block in blocks)
        self._links = {link for block in blocks for link in block.links}

    def command(self, command: str) -> bool:
        return command in self._commands and command not in self._new_commands

    def sentence(self, sentence: str) -> bool:
        return bool(sentence) and sentence in self._text

    def link(self, link: Link) -> bool:
        return link in self._links


def _in_commands(card: Card, known: _Known) -> Iterator[Finding]:
    for command in dict.fromkeys(command for block in card.blocks for command in block.commands):
        shown = shortened(command, _MAX_SHOWN)
        evidence = (Evidence("card_command", command),)
        note = Level.NOTE if known.command(command) else None
        done = {deed.kind: deed for deed in deeds(command)}
        if done.keys() & {"hidden-command", "decode-and-run"}:
            yield finding("card.hidden-command", None, evidence, note, command=shown)
        elif "download-and-run" in done or _FETCHES_PROGRAM.search(command):
            level = note or _fetch_level(command, done, known)
            yield finding("card.download-and-run", None, evidence, level, command=shown)
        if "protection-off" in done:
            yield finding("card.protection-off", None, evidence, note, said=shown)
        elif "policy-bypass" in done:
            yield finding("card.protection-weakened", None, evidence, note, said=shown)


def _fetch_level(command: str, done: Mapping[str, Deed], known: _Known) -> Level:
    if "download-and-run" in done and done["download-and-run"].usual:
        return Level.CAREFUL
    odd = "odd-address" in done or _PLAIN_HTTP.search(command)
    return Level.HIGH if known.has_original or odd else Level.CAREFUL


def _in_sentences(card: Card, known: _Known) -> Iterator[Finding]:
    for block in card.blocks:
        for place in asked(block.text):
            said = sentence(block.text, place)
            strong = place.guard is Guard.PROTECTION_OFF and place.plainly
            terminal = place.guard is Guard.ADMINISTRATOR and not place.plainly
            level = Level.NOTE if known.sentence(said) or terminal else Level.HIGH if strong else Level.CAREFUL
            evidence = (Evidence("card_text", said[:2000]),)
            yield finding(f"card.{place.guard}", None, evidence, level, said=shortened(said, _MAX_SHOWN))


def _hidden(comparison: Comparison) -> Iterator[Finding]:
    codes = _codes(comparison.here)
    if not codes:
        return
    original = set(_codes(comparison.original)) if comparison.original else set()
    commands = [command for block in comparison.here.blocks for command in block.commands]
    deceiving = any(_DECEIVING.match(code) for code in codes) or any(hidden_characters(one) for one in commands)
    level = Level.CAREFUL if deceiving and not set(codes) <= original else Level.NOTE
    listed = ", ".join(codes[:10]) + (", …" if len(codes) > 10 else "")
    yield finding("card.hidden-characters", None, (Evidence("card_text", listed),), level, codes=listed)


def _hidden_texts(comparison: Comparison) -> Iterator[Finding]:
    """Text that readers of the Hub's page do not see. Comments are usual; ones with instructions in them are not."""
    known = set(comparison.original.hidden) if comparison.original else set()
    for one in comparison.here.hidden:
        asks = _asks(one.text)
        if len(_LETTERS.findall(one.text)) < _FEWEST_LETTERS or (one.hiding is Hiding.NOTE and not asks):
            continue
        level = Level.HIGH if asks and one.hiding is not Hiding.NOTE else Level.CAREFUL
        yield finding(
            "card.hidden-text",
            None,
            (Evidence("card_text", one.text),),
            Level.NOTE if one in known else level,
            said=shortened(one.text, _MAX_SHOWN),
            way=text(f"comparison.hiding.{one.hiding}"),
        )


def _asks(hidden: str) -> bool:
    """True if hidden text tells a person, or a program that reads the card, to do something."""
    lines = (*from_code("", hidden), *from_prose(hidden), *_QUOTED.findall(hidden))
    return (
        _TO_PROGRAMS.search(hidden) is not None
        or any(True for _ in asked(hidden))
        or any(True for line in lines for _ in deeds(line))
    )


def _imitations(card: Card, known: _Known, sites: tuple[str, ...]) -> Iterator[Finding]:
    """Hosts that look like others: the address is what people check, so its spelling is what is faked."""
    for link in {host_of(one.target): one for block in card.blocks for one in block.links}.values():
        note = imitates(link) or _borrows(link, sites)
        if note is not None:
            values = dict(note.values)
            yield finding(
                "card.look-alike-link",
                None,
                (Evidence("card_link", link.target),),
                Level.NOTE if known.link(link) else None,
                host=values["host"],
                why_odd=render(note),
            )


def _borrows(link: Link, sites: tuple[str, ...]) -> Message | None:
    host = host_of(link.target)
    site = bears_name_of(host, sites)
    return Message.of("comparison.note.imitates", host=host, known=site) if site else None


def _program_links(card: Card, known: _Known) -> Iterator[Finding]:
    for link in dict.fromkeys(link for block in card.blocks for link in block.links):
        if offers_program(link):
            yield finding(
                "card.program-link",
                None,
                (Evidence("card_link", link.target),),
                Level.NOTE if known.link(link) else None,
                words=shortened(link.text.strip() or link.target, _MAX_SHOWN),
                host=host_of(link.target),
            )


def _codes(card: Card) -> tuple[str, ...]:
    texts = [block.text for block in card.blocks] + [part for pair in card.front_matter for part in pair]
    return hidden_characters("\n".join(texts))


def _deceiving_links(card: Card, known: _Known) -> Iterator[Finding]:
    for link in dict.fromkeys(link for block in card.blocks for link in block.links):
        shown, host = host_shown(link.text), host_of(link.target)
        if shown and not same_site(shown, host):
            level = Level.NOTE if known.link(link) else None
            evidence = (Evidence("card_link", link.target),)
            yield finding("card.link-shows-other-address", None, evidence, level, shown=shown, host=host)


def _replaced_links(comparison: Comparison) -> Iterator[Finding]:
    rows = comparison.cards.rows if comparison.cards else ()
    for original, here in dict.fromkeys(pair for row in rows for pair in row.changed_links):
        same = same_site(host_of(original.target), host_of(here.target)) and not borrows_account(original, here)
        yield finding(
            "card.same-words-other-address",
            None,
            (Evidence("card_link", here.target),),
            Level.NOTE if same else None,
            words=shortened(here.text, _MAX_SHOWN),
            original=shortened(original.target, _MAX_SHOWN),
            here=shortened(here.target, _MAX_SHOWN),
        )


def _few_of_each(found: Iterable[Finding]) -> Iterator[Finding]:
    counts: dict[tuple[str, Level], int] = {}
    for one in dict.fromkeys(found):
        key = (one.rule, one.level)
        counts[key] = counts.get(key, 0) + 1
        if counts[key] <= _MAX_PER_RULE:
            yield one
