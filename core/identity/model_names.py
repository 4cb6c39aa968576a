"""Names of repositories: which two mean the same model, whatever the packaging, and what to search for."""

import itertools
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from core.identity.publishers import Directory
from core.identity.skeleton import skeleton
from core.identity.spelling import distance
from core.repository import Snapshot

_PACKAGING = re.compile(
    r"[-_.](?:gguf|ggml|awq|gptq|exl[23]|mlx|onnx|openvino|ov|coreml|litert|tflite|hf|bnb|imatrix|i1|quant(?:ized|s)?"
    r"|int[248]|fp(?:4|8|16|32)|bf16|f16|nf4|mxfp4|nvfp4|w\da\d{1,2}|[2-8][-_.]?bits?|i?q\d(?:[-_][a-z\d]{1,8}){0,3}"
    r"|\d(?:\.\d{1,3})?bpw|dynamic|unsloth|safetensors|mirror|copy|reupload|oai|official|original|\d{5}-of-\d{5})$",
    re.IGNORECASE,
)
"""One word at the end of a name, taken off one by one: a repeated group takes exponential time on hostile names."""
_MOST_WORDS = 12
_LONGEST = 200
"""Characters of a name that are looked at."""
_NEAR = 8
"""Letters from which on one or two misspelt letters still mean the same name."""
_GENERIC = frozenset(
    "adapter_model diffusion_pytorch_model flax_model ggml-model model open_clip_model optimizer pytorch_model "
    "rust_model tf_model tokenizer weights best last checkpoint consolidated unet vae encoder decoder".split()
)
"""File names that say nothing about which model it is."""
_WEIGHTS = frozenset({".gguf", ".safetensors", ".ckpt", ".pth", ".pt", ".bin", ".onnx"})
_LAST_WORD = re.compile(r"[-_.\s](?:v?\d{1,6}(?:\.\d{1,6}){1,3}|[^-_.\s]*)$", re.IGNORECASE)
"""A version such as `2.0` is one word."""
_DIGITS, _NO_LETTER = re.compile(r"\d+"), re.compile(r"[\W_]+")
_TITLE = re.compile(r"^\s{0,3}#\s+([^\n]{2,80})$", re.MULTILINE)
_MAX_CARD = 20_000
_MOST_NAMES = 4
_MOST_FILES = 200


def bare_name(short_name: str, directory: Directory) -> str:
    """`short_name` without what only says how it is packed: `openai_gpt-oss-20b-GGUF` is `gpt-oss-20b`."""
    owner, separator, rest = short_name.partition("_")
    if separator and rest and directory.of_account(owner) is not None:
        short_name = rest
    name = short_name[:_LONGEST]
    for _ in range(_MOST_WORDS):
        packed = _PACKAGING.search(name)
        if packed is None or not packed.start():
            break
        name = name[: packed.start()]
    return name


def same_name(one: str, other: str, directory: Directory) -> bool:
    """True if two short names mean the same model: alike to the eye, or misspelt with the same numbers."""
    one, other = bare_name(one, directory), bare_name(other, directory)
    first, second = skeleton(one), skeleton(other)
    if first == second:
        return True
    if re.findall(r"\d+", one) != re.findall(r"\d+", other) or min(len(first), len(second)) < _NEAR:
        return False
    return distance(first, second, 1) <= 1


def bears_name(short_name: str, other: Snapshot, directory: Directory) -> bool:
    """True if `short_name` means the model of another repository, by its name or by the former one it was asked for."""
    names = {other.repository.short_name, other.asked_for.short_name}
    return any(same_name(short_name, name, directory) for name in names)


def extends(one: str, other: str, directory: Directory) -> bool:
    """True if `one` is `other` with more words around it: `faster-whisper-large-v3-german`, `whisper-large-v3`."""
    one, other = bare_name(one, directory).lower(), bare_name(other, directory).lower()
    if len(other) < _NEAR - 2 or len(one) == len(other):
        return False
    start = one.find(other)
    while start >= 0:
        around = one[start - 1 : start] + one[start + len(other) : start + len(other) + 1]
        if around.strip("-_.") == "":
            return True
        start = one.find(other, start + 1)
    return False


def other_version(one: str, other: str, directory: Directory) -> bool:
    """True if two names differ in their numbers alone: `painter-xl-base-2.0`, `painter-xl-base-1.0`."""
    one, other = (_NO_LETTER.sub("", bare_name(name, directory).lower()) for name in (one, other))
    letters = [_DIGITS.sub("", name) for name in (one, other)]
    return one != other and letters[0] == letters[1] and len(letters[0]) >= _NEAR


def further_names(snapshot: Snapshot, directory: Directory) -> tuple[str, ...]:
    """Names that the weight files and the title of the card give the model, if the repository's own is another."""
    own = snapshot.repository.short_name
    found = dict.fromkeys((*_file_names(snapshot, directory), *_title(snapshot)))
    return tuple(name for name in found if skeleton(name) != skeleton(bare_name(own, directory)))[:_MOST_NAMES]


def search_words(names: tuple[str, ...]) -> tuple[str, ...]:
    """What to search the Hub for, which only finds parts of ids: whole names, then less and less of the first."""
    first = names[0]
    parts = [part for part in re.split(r"[-_.\s]", first) if part]
    words = [part for part in parts if len(part) > 2 and not part.isdigit()]
    shorter = _LAST_WORD.sub("", first) if len(parts) > 1 else ""
    telling = max(words, key=len, default="")
    wanted = (first, *names[1:2], shorter, telling)
    return tuple(dict.fromkeys(word for word in wanted if len(word) > 2))


def _title(snapshot: Snapshot) -> Iterator[str]:
    match = _TITLE.search((snapshot.card or "")[:_MAX_CARD])
    if match is not None:
        name = re.sub(r"[\s_]+", "-", re.sub(r"[^\w\s.-]", " ", match[1]).strip())
        if 2 < len(name) <= 60 and name.isascii():
            yield name


def _file_names(snapshot: Snapshot, directory: Directory) -> Iterator[str]:
    paths = (PurePosixPath(file.path) for file in snapshot.files)
    weights = (path for path in paths if path.suffix.lower() in _WEIGHTS)
    for path in itertools.islice(weights, _MOST_FILES):
        name = bare_name(path.stem, directory)
        telling = any(letter.isalpha() for letter in name) and any(letter.isdigit() for letter in name)
        if telling and name.lower() not in _GENERIC:
            yield name
