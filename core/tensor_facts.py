"""What the header of a weight file says of its tensors, as plain data: read in the worker process, compared here."""

import re
from dataclasses import dataclass

_ENDS = re.compile(
    r"\.(?:lora_[ab]|lora_embedding_[ab]|weight|bias|qweight|qzeros|scales|biases|g_idx|weight_packed|weight_scale|weight_shape"
    r"|weight_scale_inv|weight_zero_point|input_scale|absmax|quant_map|quant_state|nested_absmax|nested_quant_map)(?:\..*)?$",
    re.IGNORECASE,
)
"""What follows the name of a layer: its numbers, packed or not, and what adapters and quantisers put beside them."""
_BEGINNINGS = ("base_model.model.", "model.", "transformer.", "module.", "language_model.")
_FEW = 4
_MOST_ALIKE, _HARDLY_ALIKE = 0.8, 0.2


@dataclass(frozen=True, slots=True)
class TensorFacts:
    """Names and shapes as the header lists them. `width`: numbers per token, where the format states it (GGUF)."""

    tensors: tuple[tuple[str, tuple[int, ...]], ...] = ()
    width: int | None = None

    @property
    def layers(self) -> frozenset[str]:
        """Names of layers, without what only says how their numbers are packed."""
        return frozenset(_layer(name) for name, _ in self.tensors)

    @property
    def matrices(self) -> frozenset[tuple[int, ...]]:
        """Shapes of two and more dimensions; the order of dimensions differs between formats."""
        return frozenset(tuple(sorted(shape)) for _, shape in self.tensors if len(shape) > 1)


def agree(here: TensorFacts, there: TensorFacts) -> bool | None:
    """Whether both can be the same model, packed in whatever way; None if too little is known."""
    by_name = _by_name(here, there)
    return by_name if by_name is not None else _by_shape(here, there)


def _by_name(here: TensorFacts, there: TensorFacts) -> bool | None:
    """For two files of one format. None if their layers have names of two formats."""
    mine, theirs = here.layers, there.layers
    common, fewer = mine & theirs, min(len(mine), len(theirs))
    if fewer < _FEW or len(common) < _HARDLY_ALIKE * fewer:
        return None
    shapes = dict(there.tensors)
    both = [(shape, shapes[name]) for name, shape in here.tensors if name in shapes]
    if both:
        equal = sum(sorted(one) == sorted(other) for one, other in both) / len(both)
        if equal < _HARDLY_ALIKE:
            return False
        if equal < _MOST_ALIKE:
            return None
    return True if len(common) >= _MOST_ALIKE * fewer else None


def _by_shape(here: TensorFacts, there: TensorFacts) -> bool | None:
    for one, other in ((here, there), (there, here)):
        if one.width and not one.tensors and len(other.matrices) >= _FEW:
            return any(one.width in shape for shape in other.matrices)
    mine, theirs = here.matrices, there.matrices
    fewer = min(len(mine), len(theirs))
    if fewer < _FEW:
        return None
    share = len(mine & theirs) / fewer
    return True if share >= _MOST_ALIKE else False if share < _HARDLY_ALIKE else None


def _layer(name: str) -> str:
    plain = _ENDS.sub("", name)
    beginning = True
    while beginning:
        beginning = False
        for start in _BEGINNINGS:
            if plain.startswith(start):
                plain, beginning = plain.removeprefix(start), True
    return plain
