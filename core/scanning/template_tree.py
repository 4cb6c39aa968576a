"""What stands in a parsed chat template: ways out of it into Python (jinja2's own tree)."""

import itertools
import re
from collections.abc import Iterator, Mapping

from jinja2 import Environment, nodes

from core.scanning.formats.paths import escapes

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


def ways_out(tree: nodes.Template, *, has_neighbours: bool = False) -> Iterator[tuple[str, int]]:
    """Parts that reach from a template into Python, or to other files, with their lines.

    `has_neighbours`: it is a file among others of its kind, which may build on those beside it.
    """
    names = _constants(tree)
    made = (nodes.Const, nodes.Concat, nodes.Add, nodes.Mod, nodes.Filter)
    found = itertools.chain(
        ((_attribute(node), node.lineno) for node in tree.find_all(nodes.Getattr)),
        ((_item(node, names), node.lineno) for node in tree.find_all(nodes.Getitem)),
        ((_hidden(node.key), node.lineno) for node in tree.find_all(nodes.Keyword)),
        (("|attr(…)", node.lineno) for node in tree.find_all(nodes.Filter) if node.name == "attr"),
        ((_hidden(folded(node, names)), node.lineno) for node in tree.find_all(made)),
        ((_name(node), node.lineno) for node in tree.find_all(nodes.Name)),
        (
            (f"{{% {type(node).__name__.lower()} %}}", node.lineno)
            for node in tree.find_all(_OTHER_FILES)
            if not (has_neighbours and _is_beside(node))
        ),
    )
    return ((part, line) for part, line in found if part)


def _is_beside(node: nodes.Node) -> bool:
    """Whether the file that a template names is written out, and lies in its own folder or below."""
    named = getattr(node, "template", None)
    return isinstance(named, nodes.Const) and isinstance(named.value, str) and not escapes(named.value)


def _constants(tree: nodes.Template) -> dict[str, str]:
    """Names that the template gives to texts that it puts together itself."""
    names: dict[str, str] = {}
    for assigned in tree.find_all(nodes.Assign):
        if isinstance(assigned.target, nodes.Name):
            text = folded(assigned.node, names) if isinstance(assigned.node, nodes.Expr) else None
            if text is not None:
                names[assigned.target.name] = text
    return names


def _attribute(node: nodes.Getattr) -> str:
    if node.attr.startswith("__") or node.attr in _INNER | _ORDERS:
        return f".{node.attr}"
    owner = node.node
    return f"{owner.name}.{node.attr}" if isinstance(owner, nodes.Name) and owner.name in _BREAKOUT_GLOBALS else ""


def _item(node: nodes.Getitem, names: Mapping[str, str]) -> str:
    owner, text = node.node, folded(node.arg, names)
    if text is not None and (text.startswith("__") or text in _INNER):
        return f"[{text!r}]"
    if isinstance(owner, nodes.Name) and owner.name in _BREAKOUT_GLOBALS:
        return f"{owner.name}[…]"
    computed = isinstance(node.arg, nodes.Concat | nodes.Add | nodes.Filter | nodes.Mod)
    return "''[…]" if computed and isinstance(owner, nodes.Const) and isinstance(owner.value, str) else ""


_LONGEST = 4096
_NO_NAMES: Mapping[str, str] = {}


def folded(node: nodes.Expr, names: Mapping[str, str] = _NO_NAMES) -> str | None:
    """The text of a constant that may be put together by `~`, `+`, `%` or filters; None for anything else."""
    if isinstance(node, nodes.Const | nodes.TemplateData):
        value = node.value if isinstance(node, nodes.Const) else node.data
        return value if isinstance(value, str) else None
    if isinstance(node, nodes.Name):
        return names.get(node.name)
    if isinstance(node, nodes.Filter | nodes.Mod):
        return _made(node, names)
    if isinstance(node, nodes.Concat):
        parts = [folded(part, names) for part in node.nodes]
    elif isinstance(node, nodes.Add):
        parts = [folded(node.left, names), folded(node.right, names)]
    elif isinstance(node, nodes.Mul) and isinstance(node.right, nodes.Const) and isinstance(node.right.value, int):
        parts = [folded(node.left, names)] * min(max(node.right.value, 0), 64)
    else:
        return None
    return None if None in parts else "".join(part or "" for part in parts)[:_LONGEST]


def _made(node: nodes.Filter | nodes.Mod, names: Mapping[str, str]) -> str | None:
    """A text that a format, or one of the filters for texts, makes of constants."""
    if isinstance(node, nodes.Mod):
        given = node.right.items if isinstance(node.right, nodes.Tuple) else [node.right]
        return _formatted(folded(node.left, names), [_constant(one, names) for one in given])
    if node.node is None:
        return None
    if node.name == "join" and isinstance(node.node, nodes.List | nodes.Tuple):
        parts = [folded(part, names) for part in node.node.items]
        between = folded(node.args[0], names) if node.args else ""
        return None if None in parts or between is None else between.join(part or "" for part in parts)[:_LONGEST]
    text = folded(node.node, names)
    if text is None:
        return None
    if node.name == "format":
        return _formatted(text, [_constant(one, names) for one in node.args])
    if node.name == "replace" and len(node.args) >= 2:
        old, new = folded(node.args[0], names), folded(node.args[1], names)
        return text.replace(old, new)[:_LONGEST] if old and new is not None else None
    return {
        "reverse": text[::-1],
        "lower": text.lower(),
        "upper": text.upper(),
        "string": text,
        "trim": text.strip(),
    }.get(node.name)


def _constant(node: nodes.Expr, names: Mapping[str, str]) -> str | int | None:
    if isinstance(node, nodes.Const) and isinstance(node.value, int):
        return node.value
    return folded(node, names)


def _formatted(text: str | None, given: list[str | int | None]) -> str | None:
    """`"%c%s" % (95, "x")`, without widths, which would make long texts."""
    if text is None or None in given or re.search(r"%[^csdx%]", text):
        return None
    try:
        return (text % tuple(given))[:_LONGEST]
    except (TypeError, ValueError, OverflowError):
        return None


def _hidden(value: str | None) -> str:
    """A text that is the name of an inner part of Python, or a path through such."""
    return repr(value) if value is not None and (_SPECIAL.search(value) or "\\x5f\\x5f" in value) else ""


def _name(node: nodes.Name) -> str:
    return node.name if re.fullmatch(r"__\w+__", node.name) else ""
