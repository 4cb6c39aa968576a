"""Chat templates through jinja2's parser: never rendered. Code that breaks out, and texts that steer answers."""

import re

from core.findings import Evidence, Level
from core.scanning.inspection import Inspection

_DANGEROUS_NAMES = frozenset(
    {
        "system", "popen", "eval", "exec", "open", "compile", "subprocess", "os", "sys", "builtins", "importlib", "cycler",
        "joiner", "lipsum", "self", "config", "request", "mro", "getattr", "globals", "load_module", "import_module",
    }
)  # fmt: skip
_BREAKOUT_GLOBALS = frozenset(
    {"cycler", "joiner", "lipsum", "self", "config", "request", "url_for", "get_flashed_messages"}
)
_ADDRESS = re.compile(r"https?://[^\s'\"<>)}]+", re.IGNORECASE)
_KNOWN_HOSTS = re.compile(
    r"https?://([\w.-]+\.)?(json-schema\.org|w3\.org|huggingface\.co|github\.com|example\.(com|org))(/|$)",
    re.IGNORECASE,
)
_SCRIPT = re.compile(
    r"<script\b|javascript:|powershell|cmd\.exe|/bin/(ba)?sh|os\.system|subprocess\.|base64 -d", re.IGNORECASE
)
_LONGEST = 1 << 20


def report(inspection: Inspection, source: str, name: str) -> None:
    """Findings of one template."""
    if len(source) > _LONGEST:
        inspection.partly("too_large")
        return
    if "{%" not in source and "{{" not in source:
        return
    from jinja2 import Environment, TemplateError, nodes  # noqa: PLC0415  only templates pay for it

    try:
        tree = Environment(extensions=["jinja2.ext.loopcontrols", "jinja2.ext.do"]).parse(_without_generation(source))  # noqa: S701  parsed, never rendered
    except (TemplateError, RecursionError, ValueError) as problem:
        inspection.report("template-unreadable", Evidence("broken", str(problem)), Evidence("template", name))
        return
    for node in tree.find_all((nodes.Getattr, nodes.Getitem, nodes.Name, nodes.Filter, nodes.Const)):
        reason = _breakout(node, nodes)
        if reason:
            inspection.report("template-code", Evidence("template_part", reason, line=node.lineno))
    _report_behaviour(inspection, tree, nodes, source)


def _without_generation(source: str) -> str:
    """`{% generation %}` is an extension of transformers without effect on the text."""
    return re.sub(r"\{%-?\s*(end)?generation\s*-?%\}", "", source)


def _breakout(node: object, nodes: object) -> str:
    if isinstance(node, nodes.Getattr):  # type: ignore[attr-defined]  # jinja2.nodes, passed to keep the import late
        if node.attr.startswith("__") or node.attr in {"mro", "gi_frame", "f_globals", "tb_frame", "func_globals"}:
            return f".{node.attr}"
        owner = node.node
        if isinstance(owner, nodes.Name) and owner.name in _BREAKOUT_GLOBALS - {"self", "config", "request"}:  # type: ignore[attr-defined]  # as above
            return f"{owner.name}.{node.attr}"
        if node.attr in {"popen", "system", "subprocess", "import_module", "load_module"}:
            return f".{node.attr}"
    elif isinstance(node, nodes.Getitem):  # type: ignore[attr-defined]  # as above
        argument = getattr(node.arg, "value", None)
        if isinstance(argument, str) and argument.startswith("__"):
            return f"[{argument!r}]"
    elif isinstance(node, nodes.Filter) and node.name == "attr":  # type: ignore[attr-defined]  # as above
        return "|attr(…)"
    elif isinstance(node, nodes.Const) and isinstance(node.value, str):  # type: ignore[attr-defined]  # as above
        if re.fullmatch(r"__\w+__|_{2}", node.value) or "\\x5f\\x5f" in node.value:
            return repr(node.value)
    elif isinstance(node, nodes.Name) and re.fullmatch(r"__\w+__", getattr(node, "name", "")):  # type: ignore[attr-defined]  # as above
        return str(getattr(node, "name", ""))
    return ""


def _report_behaviour(inspection: Inspection, tree: object, nodes: object, source: str) -> None:
    """Addresses in the text a template adds, and conditions on what the person wrote."""
    for match in _ADDRESS.finditer(source):
        if not _KNOWN_HOSTS.match(match[0]):
            line = source.count("\n", 0, match.start()) + 1
            inspection.report("template-steers", Evidence("address", match[0], line=line))
    for node in tree.find_all(nodes.Compare):  # type: ignore[attr-defined]  # jinja2.nodes.Template
        if node.ops and node.ops[0].op == "in" and _searches_message(node, nodes):
            inspection.report(
                "template-steers", Evidence("template_part", f"{node.expr.value!r} in message", line=node.lineno)
            )


def _searches_message(node: object, nodes: object) -> bool:
    """`"password" in message.content`: a word of ordinary language; markers such as `</think>` are usual."""
    expression = getattr(node, "expr", None)
    if not isinstance(expression, nodes.Const) or not isinstance(expression.value, str):  # type: ignore[attr-defined]  # as above
        return False
    target = node.ops[0].expr  # type: ignore[attr-defined]  # jinja2.nodes.Compare
    names = {found.attr for found in [target, *target.find_all(nodes.Getattr)] if isinstance(found, nodes.Getattr)}  # type: ignore[attr-defined]  # as above
    names |= {
        str(getattr(found.arg, "value", ""))
        for found in [target, *target.find_all(nodes.Getitem)]
        if isinstance(found, nodes.Getitem)
    }  # type: ignore[attr-defined]  # as above
    word = re.fullmatch(r"[A-Za-z][A-Za-z ,.'-]{2,}", expression.value)
    return bool(names & {"content", "lower", "text"}) and word is not None


def report_text(inspection: Inspection, value: str, name: str) -> None:
    """Metadata beside a template: script text has no business there."""
    if _SCRIPT.search(value[:100_000]):
        shown = _SCRIPT.search(value[:100_000])
        inspection.report(
            "metadata-script", Evidence("text", shown[0] if shown else ""), name=name, level=Level.CAREFUL
        )
