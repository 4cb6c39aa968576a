"""What shows only when all files of a repository are looked at together."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from core.findings import Ability, FileResult, Finding, Level, finding

_SHARD = re.compile(r"-\d{5}-of-\d{5}")
_SAME_MODEL = {
    "pytorch_model": "model",
    "tf_model": "model",
    "flax_model": "model",
    "diffusion_pytorch_model": "diffusion_pytorch_model",
}
_WEIGHTS = (".bin", ".pt", ".pth", ".ckpt", ".h5", ".msgpack", ".pkl")


def across_files(results: Sequence[FileResult]) -> tuple[FileResult, ...]:
    """The same results in the same order, with the findings added that need more than one file."""
    harmless: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for result in results:
        if result.kind == "safetensors":
            harmless[_folder(result.path)].setdefault(_stem(result.path), result.path)
    acting = frozenset(_module(result.path) for result in results if result.path.endswith(".py") and _acts(result))
    return tuple(
        _asking(_shadowing(_with_twin(result, harmless.get(_folder(result.path), {}))), acting) for result in results
    )


def _acts(result: FileResult) -> bool:
    """Whether its code does what neither a library nor a model does."""
    return any(
        found.rule.startswith("scanning.code-") and found.level in {Level.CAREFUL, Level.HIGH}
        for found in result.findings
    )


def _asking(result: FileResult, acting: frozenset[str]) -> FileResult:
    """A pickle that imports a file of the repository is as bad as that file (threats, section 2: ShadowPickle)."""
    return replace(result, findings=tuple(_weighed(found, acting) for found in result.findings)) if acting else result


def _weighed(found: Finding, acting: frozenset[str]) -> Finding:
    if found.rule != "scanning.pickle-local-code":
        return found
    module = str(dict(found.values).get("name", "")).rpartition(".")[0]
    named = any(f".{one}".endswith(f".{module}") for one in acting)
    return replace(found, level=Level.HIGH) if module and named else found


def _module(path: str) -> str:
    """The dotted name under which a path is imported from the top of the repository."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _shadowing(result: FileResult) -> FileResult:
    """A file that is run in the place of a library is an attack if it also does what no library does (threats F5)."""
    if not _acts(result):
        return result
    raised = tuple(
        replace(found, level=Level.HIGH) if found.rule == "scanning.name-shadows-library" else found
        for found in result.findings
    )
    return replace(result, findings=raised)


def _with_twin(result: FileResult, harmless: dict[str, str]) -> FileResult:
    """Old weights whose safetensors form lies beside them are better left out (threats P4)."""
    if result.ability is not Ability.CODE_ON_LOAD or not result.path.lower().endswith(_WEIGHTS):
        return result
    stem = _stem(result.path)
    other = harmless.get(_SAME_MODEL.get(stem, stem))
    if other is None:
        return result
    return replace(result, findings=(*result.findings, finding("scanning.safer-twin", result.path, other=other)))


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _stem(path: str) -> str:
    return _SHARD.sub("", path.rpartition("/")[2].lower().rpartition(".")[0])
