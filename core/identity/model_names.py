"""Names of repositories: which two mean the same model, whatever the packaging."""

import re

from core.identity.publishers import Directory
from core.identity.skeleton import skeleton
from core.identity.spelling import distance

_PACKAGING = re.compile(
    r"(?:[-_.](?:gguf|ggml|awq|gptq|exl[23]|mlx|onnx|openvino|ov|coreml|litert|tflite|hf|bnb|imatrix|i1|quant(?:ized|s)?"
    r"|int[248]|fp(?:4|8|16|32)|bf16|f16|nf4|mxfp4|nvfp4|w\da\d+|(?:[2-8])[-_.]?bits?|i?q\d(?:[-_][a-z\d]+)*|\d(?:\.\d+)?bpw"
    r"|dynamic|unsloth|safetensors|mirror|copy|reupload|oai|official|original))+$",
    re.IGNORECASE,
)
_NEAR = 8
"""Letters from which on one or two misspelt letters still mean the same name."""


def bare_name(short_name: str, directory: Directory) -> str:
    """`short_name` without what only says how it is packed: `openai_gpt-oss-20b-GGUF` is `gpt-oss-20b`."""
    owner, separator, rest = short_name.partition("_")
    if separator and rest and directory.of_account(owner) is not None:
        short_name = rest
    return _PACKAGING.sub("", short_name) or short_name


def same_name(one: str, other: str, directory: Directory) -> bool:
    """True if two short names mean the same model: alike to the eye, or misspelt with the same numbers."""
    one, other = bare_name(one, directory), bare_name(other, directory)
    first, second = skeleton(one), skeleton(other)
    if first == second:
        return True
    if re.findall(r"\d+", one) != re.findall(r"\d+", other) or min(len(first), len(second)) < _NEAR:
        return False
    return distance(first, second, 1) <= 1


def search_words(name: str) -> tuple[str, ...]:
    """What to search the Hub for, which only finds parts of names: the whole name and its most telling part."""
    parts = [part for part in re.split(r"[-_.\s]", name) if len(part) > 2 and not part.isdigit()]
    longest = max(parts, key=len, default="")
    return tuple(dict.fromkeys(word for word in (name, longest) if len(word) > 2))
