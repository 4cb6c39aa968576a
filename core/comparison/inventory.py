"""Two file lists by content: what is identical, changed, missing, extra; and how much of the weights is the same."""

from collections.abc import Iterable
from pathlib import PurePosixPath

from core.comparison.results import FilePair, FileRelation, Inventory
from core.repository import RepositoryFile

WEIGHT_SUFFIXES = frozenset(
    {".safetensors", ".bin", ".pt", ".pth", ".ckpt", ".gguf", ".ggml", ".onnx", ".onnx_data", ".h5", ".hdf5", ".keras"}
    | {".msgpack", ".pkl", ".pickle", ".joblib", ".npz", ".tflite", ".pb", ".mlmodel", ".nemo", ".pdparams", ".pte"}
    | {".params", ".llamafile", ".exl2", ".model_state", ".ot"}
)
_NOT_WEIGHTS = frozenset({"training_args.bin", "optimizer.pt", "optimizer.bin", "scheduler.pt", "scaler.pt"})
"""Written beside the weights by training programs."""
_ATTENTION = (FileRelation.EXTRA, FileRelation.CHANGED, FileRelation.MISSING, FileRelation.IDENTICAL)


def is_weights(path: str) -> bool:
    """True if the name is one of a weight file."""
    name = PurePosixPath(path.lower())
    return name.suffix in WEIGHT_SUFFIXES and name.name not in _NOT_WEIGHTS and not name.name.startswith("rng_state")


def compare_files(original: Iterable[RepositoryFile], here: Iterable[RepositoryFile]) -> Inventory:
    """Compare by hash only: nothing is downloaded.

    A file that is in LFS on one side only has no hash in common with the other side: it counts as changed.
    """
    here = tuple(here)
    there = {file.path: file for file in original}
    elsewhere = _unmatched_by_content(there.values(), {file.path for file in here})
    pairs: list[FilePair] = []
    accounted: set[str] = set()
    for file in here:
        match = there.get(file.path)
        if match is None and file.size:  # all empty files have the same content
            match = elsewhere.get(_content(file))
        if match is None:
            pairs.append(FilePair(FileRelation.EXTRA, file.path, None, file.size, None))
            continue
        relation = FileRelation.IDENTICAL if _same_content(file, match) else FileRelation.CHANGED
        accounted.add(match.path)
        pairs.append(FilePair(relation, file.path, match.path, file.size, match.size))
    pairs += [
        FilePair(FileRelation.MISSING, file.path, file.path, None, file.size)
        for file in there.values()
        if file.path not in accounted
    ]
    pairs.sort(key=lambda pair: (_ATTENTION.index(pair.relation), pair.path))
    weights = [pair for pair in pairs if pair.size is not None and is_weights(pair.path)]
    identical = sum(pair.relation is FileRelation.IDENTICAL for pair in weights)
    return Inventory(tuple(pairs), identical, len(weights))


def _content(file: RepositoryFile) -> str:
    """What names the content: SHA-256 of a file in LFS, else the git blob's SHA-1 (of content and length)."""
    return f"sha256:{file.sha256}" if file.sha256 else f"git:{file.git_sha1}"


def _same_content(one: RepositoryFile, other: RepositoryFile) -> bool:
    return _content(one) == _content(other) and one.size == other.size


def _unmatched_by_content(original: Iterable[RepositoryFile], paths_here: set[str]) -> dict[str, RepositoryFile]:
    """The original's files by content; those whose name is not used here come first."""
    found: dict[str, RepositoryFile] = {}
    for file in sorted(original, key=lambda one: (one.path in paths_here, one.path)):
        found.setdefault(_content(file), file)
    return found
