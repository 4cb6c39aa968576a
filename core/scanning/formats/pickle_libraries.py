"""Objects of libraries beyond those whose classes the list of imports knows: what is done with them decides.

An unpickler makes an empty instance of a class and gives it a state, which runs no more of the class than `__new__` and
`__setstate__`. That is how nearly every object of a library is kept, and a library that people keep models in has no
surprise there. A function that is called, or a class called with something like a command, stays unknown.
"""

import functools
import re

from core.paths import RESOURCES
from core.scanning.formats.pickle_globals import Verdict, acts, judge, packages
from core.scanning.formats.pickle_values import Call, Global, texts_in

_LOADER = "__main__"
"""Classes of the program that loads the file: who loads it has written or chosen them."""
_LEADS_ELSEWHERE = re.compile(r"://|[/\\]|[;|&`$<>]|\w\(|\.\w{2,8}$")
"""An address, a path, a name of a file or something like a command."""
_KNOWN = frozenset({Verdict.HARMLESS, Verdict.FRAMEWORK})


def only_makes_objects(found: Global, calls: list[Call]) -> bool:
    """True if an import that the list does not know comes to no more than an object of a library, or is only named."""
    if acts(found.name) or any(part.startswith("__") for part in found.name.split(".")):
        return False
    if _is_method(found):
        return not calls
    package, own = found.module.partition(".")[0], found.module == _LOADER
    if not own and package not in _libraries() | packages():
        return False
    made = [call for call in calls if call.runs]
    if not _is_class(found.name):
        return not made and not own
    return not made or (package in _libraries() and not any(_leads_elsewhere(call) for call in made))


def _is_method(found: Global) -> bool:
    """True for something inside a class that the list knows: `Upsample.forward`."""
    owner, _, _name = found.name.rpartition(".")
    return _is_class(owner) and judge(found.module, owner).verdict in _KNOWN


def _is_class(name: str) -> bool:
    return name.rpartition(".")[2].lstrip("_")[:1].isupper()


def _leads_elsewhere(call: Call) -> bool:
    """Bytes are looked into wherever they stand (`pickle_hidden`)."""
    texts = texts_in(call.arguments, set())
    return any(isinstance(text, str) and _LEADS_ELSEWHERE.search(text) for text in texts)


@functools.cache
def _libraries() -> frozenset[str]:
    lines = (RESOURCES / "model_libraries.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
