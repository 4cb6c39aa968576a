"""What stands in a parsed chat template: ways out of it into Python (jinja2's own tree)."""

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
_SPECIAL = re.compile(r"(?:^|\.)(?:__\w*|\w+__)(?:\.|$)")


def parse(source: str) -> nodes.Template:
    """The tree of a template; nothing is rendered. Raises `jinja2.TemplateError`."""
    return Environment(extensions=["jinja2.ext.loopcontrols", "jinja2.ext.do"]).parse(source)  # noqa: S701  never rendered


def ways_out(tree: nodes.Template) -> Iterator[tuple[str, int]]:
    """Parts that reach from a template into Python, with their lines."""
    found = itertools.chain(
        ((_attribute(node), node.lineno) for node in tree.find_all(nodes.Getattr)),
        ((_item(node), node.lineno) for node in tree.find_all(nodes.Getitem)),
        (("|attr(…)", node.lineno) for node in tree.find_all(nodes.Filter) if node.name == "attr"),
        ((_hidden(folded(node)), node.lineno) for node in tree.find_all((nodes.Const, nodes.Concat, nodes.Add))),
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
    text = folded(node.arg)
    return f"[{text!r}]" if text is not None and (text.startswith("__") or text in _INNER) else ""


def folded(node: nodes.Expr) -> str | None:
    """The text of a constant that may be put together with `~` or `+`; None for anything else."""
    if isinstance(node, nodes.Const | nodes.TemplateData):
        value = node.value if isinstance(node, nodes.Const) else node.data
        return value if isinstance(value, str) else None
    if isinstance(node, nodes.Concat):
        parts = [folded(part) for part in node.nodes]
    elif isinstance(node, nodes.Add):
        parts = [folded(node.left), folded(node.right)]
    elif isinstance(node, nodes.Mul) and isinstance(node.right, nodes.Const) and isinstance(node.right.value, int):
        parts = [folded(node.left)] * min(max(node.right.value, 0), 64)
    else:
        return None
    return None if None in parts else "".join(part or "" for part in parts)


def _hidden(value: str | None) -> str:
    """A text that is the name of an inner part of Python, or a path through such."""
    return repr(value) if value is not None and (_SPECIAL.search(value) or "\\x5f\\x5f" in value) else ""


def _name(node: nodes.Name) -> str:
    return node.name if re.fullmatch(r"__\w+__", node.name) else ""
