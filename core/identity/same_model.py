"""Whether two repositories hold the same model, as far as the Hub's listing says: hashes, architecture, size."""

import re
from enum import Enum
from pathlib import PurePosixPath

from core.repository import ModelFacts, RepositoryFile, Snapshot

WEIGHTS = (".safetensors", ".bin", ".gguf", ".pt", ".pth", ".ckpt", ".onnx", ".h5", ".keras", ".msgpack", ".pkl")
"""Names of files whose content makes the model; tokenizers are shared by whole families and prove nothing."""
_BESIDE = frozenset({"training_args.bin", "optimizer.pt", "optimizer.bin", "scheduler.pt", "scaler.pt"})
_TRIVIAL = 64
"""Bytes up to which two equal files are chance."""
_ALIKE = 0.15
"""By how much counts of the same model may differ: tied embeddings, vocabularies rounded up, quantised layouts."""


class Contradiction(Enum):
    """Whether stated facts about two models contradict each other."""

    NO = "no"
    YES = "yes"


def is_weights(path: str) -> bool:
    """True for the name of a weight file."""
    name = PurePosixPath(path.lower())
    return name.suffix in WEIGHTS and name.name not in _BESIDE and not name.name.startswith("rng_state")


def identical_weights(here: Snapshot, there: Snapshot) -> tuple[tuple[str, ...], float]:
    """Weight files here whose SHA-256 the other repository has too, and their share of the bytes of all of them."""
    known = {file.sha256 for file in there.files if file.sha256}
    mine = [file for file in here.files if file.size and is_weights(file.path)]
    same = [file for file in mine if file.sha256 in known]
    total = sum(file.size for file in mine)
    return tuple(file.path for file in same), sum(file.size for file in same) / total if total else 0.0


def same_file(here: Snapshot, there: Snapshot, path: str) -> bool:
    """True if both have this file with the same content, and it is more than a few bytes."""
    one, other = here.file(path), there.file(path)
    return one is not None and other is not None and one.size > _TRIVIAL and same_content(one, other)


def same_content(one: RepositoryFile, other: RepositoryFile) -> bool:
    """By SHA-256 where both have one, else by git's own hash."""
    if one.sha256 and other.sha256:
        return one.sha256 == other.sha256
    return one.git_sha1 == other.git_sha1


def architecture(here: ModelFacts, there: ModelFacts) -> Contradiction | None:
    """Compares like with like: configuration with configuration, GGUF with GGUF; across both only agreement counts."""
    pairs = ((here.model_type, there.model_type), (here.gguf_architecture, there.gguf_architecture))
    known = [(_plain(one), _plain(other)) for one, other in pairs if one and other]
    if known:
        return Contradiction.YES if any(one != other for one, other in known) else Contradiction.NO
    mixed = ((here.gguf_architecture, there.model_type), (here.model_type, there.gguf_architecture))
    if any(one and other and _plain(one) == _plain(other) for one, other in mixed):
        return Contradiction.NO
    return None


def size(here: ModelFacts, there: ModelFacts) -> Contradiction | None:
    """Compares counts of parameters; a packed quantisation counts fewer, so only GGUF and unpacked ones are asked."""
    if here.quantization or there.quantization:
        return None
    one, other = here.parameters or here.gguf_parameters, there.parameters or there.gguf_parameters
    if not one or not other:
        return None
    return Contradiction.NO if abs(one - other) <= _ALIKE * max(one, other) else Contradiction.YES


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()
