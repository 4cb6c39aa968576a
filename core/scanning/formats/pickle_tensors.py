"""Tensors of PyTorch in a pickle: how many numbers a storage has, and whether a tensor stays inside it.

`torch._utils._rebuild_tensor_v2(storage, offset, size, stride, …)` trusts its arguments (CVE-2026-24747). Storages are
persistent ids: `("storage", class, key, location, number of elements)`, see torch/serialization.py.
"""

from dataclasses import dataclass

from core.scanning.formats.pickle_values import OPAQUE, Global, Opaque

_VIEWS = frozenset({"_rebuild_tensor", "_rebuild_tensor_v2"})


@dataclass(frozen=True, slots=True)
class Storage(Opaque):
    """Numbers that lie elsewhere in the file."""

    elements: int


def storage(named: object) -> Opaque:
    """What a persistent id stands for."""
    if isinstance(named, tuple) and len(named) > 4 and named[0] == "storage" and type(named[4]) is int:
        return Storage(named[4])
    return OPAQUE


def reaches_beyond(function: object, arguments: tuple[object, ...]) -> bool:
    """True for a tensor that would use memory in front of its storage, or behind it."""
    if not isinstance(function, Global) or function.module != "torch._utils" or function.name not in _VIEWS:
        return False
    if len(arguments) < 4 or not isinstance(arguments[0], Storage):
        return False
    offset, sizes, strides = arguments[1], _numbers(arguments[2]), _numbers(arguments[3])
    if type(offset) is not int or sizes is None or strides is None or len(sizes) != len(strides):
        return False
    if 0 in sizes:
        return False
    steps = [(size - 1) * stride for size, stride in zip(sizes, strides, strict=True)]
    return offset + sum(min(step, 0) for step in steps) < 0 or offset + sum(steps) >= arguments[0].elements


def _numbers(value: object) -> list[int] | None:
    if not isinstance(value, tuple):
        return None
    found = [one for one in value if type(one) is int]
    return found if len(found) == len(value) else None
