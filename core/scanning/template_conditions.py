"""Where a chat template looks at what a person wrote, or changes it: how a template steers answers."""

import re
from collections.abc import Iterator

from jinja2 import nodes

from core.scanning.template_tree import folded

_WORDS = re.compile(r"[A-Za-z][A-Za-z ,.'-]{2,}")
_PARTS = frozenset("image images video videos text audio audios type function tool json none null true false".split())
"""What messages are made of, by their own names."""
_LOOKS = frozenset({"find", "startswith", "endswith", "count", "index", "rfind"})
_COMPARES = frozenset({"eq", "ne", "gt", "gteq", "lt", "lteq"})
_ABOUT_A_PART = frozenset({"type", "role", "name", "channel", "recipient", "content_type"})
"""What `message.content[0].type` says is no text that a person wrote."""
_SWITCH = re.compile(r"(?i)(?:detailed )?(?:thinking|reasoning)(?:[ :]+(?:on|off|low|medium|high))?")
"""What the makers of reasoning models have people write to switch it."""
_PLACE = re.compile(r"(?:https?://)?[\w-]{2,}(?:\.[\w-]{2,}){1,4}(?:/|$)")


def conditions(tree: nodes.Template) -> Iterator[tuple[str, int]]:
    """Words that the template looks for in messages, with their lines; markers such as `</think>` are usual."""
    messages, lists = _messages(tree), _lists(tree)
    # `content["value"] if "value" in content`
    keys = {folded(item.arg) for item in tree.find_all(nodes.Getitem)}
    keys |= {item.attr for item in tree.find_all(nodes.Getattr)}
    for node in tree.find_all(nodes.Compare):
        yield from (found for found in _compared(node, messages, lists) if found[0] not in keys)
    for call in tree.find_all(nodes.Call):
        method = call.node
        looks = isinstance(method, nodes.Getattr) and method.attr in _LOOKS and is_message(method.node, messages)
        word = folded(call.args[0]) if looks and call.args else None
        if word is not None and _tells(word):
            yield word, call.lineno
    for change in tree.find_all(nodes.Filter):
        old = folded(change.args[0]) if change.name == "replace" and change.args else None
        if old is not None and _PLACE.match(old) and change.node is not None and is_message(change.node, messages):
            yield old, change.lineno


def _tells(word: str) -> bool:
    """Whether it is something that a person would write."""
    return _WORDS.fullmatch(word) is not None and word.lower() not in _PARTS and not _SWITCH.fullmatch(word)


def _compared(node: nodes.Compare, messages: frozenset[str], lists: dict[str, str]) -> Iterator[tuple[str, int]]:
    word = lists.get(node.expr.name) if isinstance(node.expr, nodes.Name) else folded(node.expr)
    for operand in node.ops:
        if operand.op == "in" and word is not None and _tells(word) and is_message(operand.expr, messages):
            yield word, node.lineno
        if operand.op in _COMPARES:
            yield from _equal(node.expr, operand.expr, messages)


def _equal(one: nodes.Expr, other: nodes.Expr, messages: frozenset[str]) -> Iterator[tuple[str, int]]:
    """A message that is exactly some words, or a day on which the template behaves differently."""
    for side, text in ((one, _constant(other)), (other, _constant(one))):
        if text is None:
            continue
        words = _WORDS.fullmatch(text) is not None and len(text) > 6 and is_message(side, messages)
        words = words and not (isinstance(side, nodes.Getattr) and side.attr in _ABOUT_A_PART)
        if words or _asks_the_date(side):
            yield text, one.lineno


def _constant(node: nodes.Expr) -> str | None:
    """A constant as text, also a number."""
    if isinstance(node, nodes.Const) and type(node.value) in {int, float}:
        return str(node.value)
    return folded(node)


def _asks_the_date(side: nodes.Expr) -> bool:
    """`strftime_now(…)`, also with filters behind it."""
    while isinstance(side, nodes.Filter) and side.node is not None:
        side = side.node
    return isinstance(side, nodes.Call) and isinstance(side.node, nodes.Name) and side.node.name == "strftime_now"


def _messages(tree: nodes.Template) -> frozenset[str]:
    """Names that the template gives to the contents of a message."""
    found: frozenset[str] = frozenset()
    for assigned in tree.find_all(nodes.Assign):
        if isinstance(assigned.target, nodes.Name) and is_message(assigned.node, found):
            found |= {assigned.target.name}
    return found


def _lists(tree: nodes.Template) -> dict[str, str]:
    """Loop variables over words that stand in the template, with the first of them."""
    found: dict[str, str] = {}
    for loop in tree.find_all(nodes.For):
        if isinstance(loop.target, nodes.Name) and isinstance(loop.iter, nodes.List | nodes.Tuple):
            word = next((text for item in loop.iter.items if (text := folded(item)) is not None), None)
            if word is not None:
                found[loop.target.name] = word
    return found


def is_message(target: nodes.Node, messages: frozenset[str] = frozenset()) -> bool:
    """`message.content`, `message["content"] | lower`, a name for it, and the like."""
    if isinstance(target, nodes.Name):
        return target.name in messages
    attributes = {found.attr for found in target.find_all(nodes.Getattr)}
    items = {folded(found.arg) for found in target.find_all(nodes.Getitem)}
    names = {found.name for found in target.find_all(nodes.Name)}
    if isinstance(target, nodes.Getattr):
        attributes.add(target.attr)
    elif isinstance(target, nodes.Getitem):
        items.add(folded(target.arg))
    return bool((attributes | items) & {"content", "lower", "text"} or names & messages)
