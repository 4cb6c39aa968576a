"""Chat templates through jinja2's parser: never rendered. Code that breaks out, and texts that steer answers."""

import re

from core.command_lines import deeds
from core.findings import Evidence, Level
from core.scanning.code import hidden_words
from core.scanning.inspection import MAX_EVIDENCE, Inspection

_ADDRESS = re.compile(r"https?://[^\s'\"<>)}\\]+", re.IGNORECASE)
_KNOWN_HOSTS = re.compile(
    r"https?://([\w.-]+\.)?(json-schema\.org|w3\.org|huggingface\.co|github\.com|example\.(com|org))(/|$)",
    re.IGNORECASE,
)
_SCRIPT = re.compile(
    r"<script\b|javascript:|__import__\s*\(|powershell|cmd\.exe|/bin/(ba)?sh|os\.system|subprocess\.|base64 -d|"
    r"\|\s?(?:ba|z|da)?sh\b(?![|\w])|\biex\b",
    re.IGNORECASE,
)
_INVISIBLE = re.compile("[\u200b\u2060-\u2064\u202a-\u202e\u2066-\u2069\U000e0020-\U000e007f]")
_COMMANDS = frozenset({"download-and-run", "decode-and-run", "hidden-command", "reverse-shell"})
_MOST_LINES, _LONGEST_LINE = 200, 2000
_CHAT = re.compile(r"(?i)(?:^|/|[_-])chat[_-]?template[^/]*$")
_LONGEST = 1 << 20
_SEARCHED = 100_000
_MOST_NODES = 20_000
"""Parts of a template whose conditions are followed through its names; the longest in use have a few thousand."""


def report(inspection: Inspection, source: str, name: str) -> None:
    """Findings of one template."""
    if len(source) > _LONGEST:
        inspection.partly("too_large")
        return
    if "{%" not in source and "{{" not in source:
        return
    from jinja2 import TemplateError, nodes  # noqa: PLC0415  only templates pay for jinja2

    from core.scanning import template_conditions, template_tree  # noqa: PLC0415  as above

    inspection.budget.check_time()
    strange = _report_addresses(inspection, source)
    try:
        tree = template_tree.parse(_without_generation(source))
        neighbours = inspection.kind == "chat_template" and not _CHAT.search(inspection.path)
        for part, line in template_tree.ways_out(tree, has_neighbours=neighbours):
            inspection.report("template-code", Evidence("template_part", part, line=line))
        if sum(1 for _ in tree.find_all(nodes.Node)) > _MOST_NODES:
            inspection.partly("too_complicated")
            return
        for word, line in template_conditions.conditions(tree):
            told = Evidence("template_part", f"{word!r} in message", line=line)
            inspection.report("template-steers", told, level=Level.HIGH if strange else None)
    except (TemplateError, RecursionError, ValueError) as problem:
        inspection.report("template-unreadable", Evidence("broken", str(problem)), Evidence("template", name))
        inspection.partly("structure_broken")


def _without_generation(source: str) -> str:
    """`{% generation %}` is an extension of transformers without effect on the text."""
    return re.sub(r"\{%-?\s*(end)?generation\s*-?%\}", "", source)


def _report_addresses(inspection: Inspection, source: str) -> bool:
    """Addresses in the text a template adds, and text in it that nobody sees. Whether there are strange addresses."""
    hidden = _INVISIBLE.search(source)
    if hidden is not None:
        line = source.count("\n", 0, hidden.start()) + 1
        inspection.report("template-steers", Evidence("character", f"U+{ord(hidden[0]):04X}", line=line))
    hides = hidden_words.conceals(source)
    strange = [match for match in _ADDRESS.finditer(source) if not _KNOWN_HOSTS.match(match[0])]
    for match in strange[:MAX_EVIDENCE]:
        line = source.count("\n", 0, match.start()) + 1
        drawn = source[: match.start()].endswith("](") and source.rfind("![", 0, match.start()) > match.start() - 80
        carried = (
            Level.HIGH if "{{" in match[0] or drawn or hides else None
        )  # a picture is fetched as soon as it is shown
        inspection.report("template-steers", Evidence("address", match[0], line=line), level=carried)
    return bool(strange)


def report_text(inspection: Inspection, value: str, name: str) -> None:
    """Metadata beside a template: script text has no business there."""
    found = _SCRIPT.search(value[:_SEARCHED])
    told = found[0] if found else _command_in(value[:_SEARCHED])
    if told:
        inspection.report("metadata-script", Evidence("text", told), name=name, level=Level.CAREFUL)


def _command_in(value: str) -> str:
    """A line that fetches or unpacks something and runs it, as a shell would read it; else ""."""
    for line in value.splitlines()[:_MOST_LINES]:
        if len(line) <= _LONGEST_LINE:
            for deed in deeds(line):
                if deed.kind in _COMMANDS and not deed.usual:
                    return deed.text
    return ""
