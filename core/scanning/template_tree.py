"""What stands in a parsed chat template: ways out of it, and conditions on what a person wrote (jinja2's own tree)."""

import itertools
import re
from collections.abc import Iterator

from jinja2 import Environment, nodes

_BREAKOUT_GLOBALS = frozenset({"cycler", "joiner", "lipsum", "url_for", "get_flashed_messages"})
"""Functions that jinja2 or web frameworks put into templates: their globals lead to everything."""
_INNER = frozenset(
    {"mro", "gi_frame", "gi_code", "cr_frame", "ag_frame", "f_globals", "f_back", "tb_frame", "func_globals"}
)
_ORDERS = frozenset({"popen", "system", "subprocess", "import_module", "load_module"})
_OTHER_FILES = (nodes.Import, nodes.FromImport, nodes.Include, nodes.Extends)
_SPECIAL = re.compile(r"__\w*|\w+__")
_WORDS = re.compile(r"[A-Za-z][A-Za-z ,.'-]{2,}")


def parse(source: str) -> nodes.Template:
    """The tree of a template; nothing is rendered. Raises `jinja2.TemplateError`."""
    return Environment(extensions=["jinja2.ext.loopcontrols", "jinja2.ext.do"]).parse(source)  # noqa: S701  never rendered


def ways_out(tree: nodes.Template) -> Iterator[tuple[str, int]]:
    """Parts that reach from a template into Python, with their lines."""
    found = itertools.chain(
        ((_attribute(node), node.lineno) for node in tree.find_all(nodes.Getattr)),
        ((_item(node), node.lineno) for node in tree.find_all(nodes.Getitem)),
        (("|attr(…)", node.lineno) for node in tree.find_all(nodes.Filter) if node.name == "attr"),
        ((_constant(node), node.lineno) for node in tree.find_all(nodes.Const)),
        ((_name(node), node.lineno) for node in tree.find_all(nodes.Name)),
        ((f"{{% {type(node).__name__.lower()} %}}", node.lineno) for node in tree.find_all(_OTHER_FILES)),
    )
    return ((part, line) for part, line in found if part)


def _attribute(node: nodes.Getattr) -> str:
    if node.attr.startswith("__") or node.attr in _INNER | _ORDERS:
        return f".{node.attr}"
    owner = node.node
    return f"{owner.name}.{node.attr}" if isinstance(owner, nodes.Name) and owner.name in _BREAKOUT_GLOBALS else ""


def _item(node: nodes.Getitem) -> str:
    text = _folded(node.arg)
    return f"[{text!r}]" if text is not None and (text.startswith("__") or text in _INNER) else ""


def _folded(node: nodes.Expr) -> str | None:
    """The text of a constant that may be put together with `~` or `+`; None for anything else."""
    if isinstance(node, nodes.Const | nodes.TemplateData):
        value = node.value if isinstance(node, nodes.Const) else node.data
        return value if isinstance(value, str) else None
    if isinstance(node, nodes.Concat):
        parts = [_folded(part) for part in node.nodes]
    elif isinstance(node, nodes.Add):
        parts = [_folded(node.left), _folded(node.right)]
    else:
        return None
    return None if None in parts else "".join(part or "" for part in parts)


def _constant(node: nodes.Const) -> str:
    value = node.value
    hidden = isinstance(value, str) and (_SPECIAL.fullmatch(value) or "\\x5f\\x5f" in value)
    return repr(value) if hidden else ""


def _name(node: nodes.Name) -> str:
    return node.name if re.fullmatch(r"__\w+__", node.name) else ""


def conditions(tree: nodes.Template) -> Iterator[tuple[str, int]]:
    """Words that the template looks for in messages, with their lines; markers such as `</think>` are usual."""
    for node in tree.find_all(nodes.Compare):
        word = node.expr.value if isinstance(node.expr, nodes.Const) else None
        if not isinstance(word, str) or not _WORDS.fullmatch(word):
            continue
        if any(operand.op == "in" and _is_message(operand.expr) for operand in node.ops):
            yield word, node.lineno


def _is_message(target: nodes.Expr) -> bool:
    """`message.content`, `message["content"] | lower` and the like."""
    attributes = {found.attr for found in target.find_all(nodes.Getattr)}
    items = {_folded(found.arg) for found in target.find_all(nodes.Getitem)}
    if isinstance(target, nodes.Getattr):
        attributes.add(target.attr)
    elif isinstance(target, nodes.Getitem):
        items.add(_folded(target.arg))
    return bool((attributes | items) & {"content", "lower", "text"})
