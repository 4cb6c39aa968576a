"""Names that deceive Windows, the eye or a program; see threats F5 and F6. Looks at paths only."""

import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from core.findings import Evidence, Finding, Level, finding
from core.scanning.content import extension
from core.text import has_hidden_characters
from core.windows_names import ACTS_ON_ITS_FOLDER, DEVICE, FORBIDDEN, INVISIBLE, RUNS

_LOOKS_HARMLESS = frozenset(
    ".txt .md .pdf .doc .docx .xls .xlsx .ppt .pptx .rtf .csv .json .yaml .yml .xml .html .htm .png .jpg .jpeg .gif "
    ".webp .bmp .svg .mp3 .mp4 .wav .avi .mkv .mov .zip .rar .7z .tar .gz .bin .safetensors .gguf .onnx .pt .pth .ckpt "
    ".h5 .pkl .npy .npz .parquet".split()
)
_PADDING = re.compile(r"(?<![ _])[ _]{8,}\S*$|(?<!\s)\s{5,}\S")
_WORD = re.compile(r"[^\W\d_]+")
_DRAWN_LIKE_LATIN = frozenset("авеѕіјорсухԁһӏԛԝАВЕЅІЈКМНОРСТХУΑΒΕΖΗΙΚΜΝΟΡΤΥΧο")
"""Cyrillic and Greek letters that fonts draw like Latin ones (Unicode, UTS #39: confusables)."""
_LONGEST_PATH = 200
"""Characters: with a usual folder before it, the 260 that many Windows programs can handle."""
_LONGEST_OF_WINDOWS = 259
"""Characters of a whole path, unless a program asks for more (MAX_PATH without the end)."""
_LONGEST_PART = 255
"""Bytes of UTF-8: the limit of ext4, and of NTFS in UTF-16 units."""
_STARTS_BY_ITSELF = frozenset({"sitecustomize.py", "usercustomize.py"})
_USUAL_ACCIDENT = frozenset({"desktop.ini"})
_PICKED_UP = frozenset({"handler.py", "pipeline.py", "none.py"})
_LIBRARIES = frozenset(
    "torch torchvision torchaudio transformers tokenizers safetensors diffusers accelerate peft datasets "
    "huggingface_hub numpy scipy pandas sklearn matplotlib PIL cv2 requests httpx urllib3 certifi yaml tqdm filelock "
    "regex sentencepiece onnx onnxruntime tensorflow keras jax flax triton vllm llama_cpp gradio fastapi "
    "pydantic typing_extensions".split()
)
_OFTEN_HARMLESS = frozenset({"test", "this", "antigravity", "idlelib", "turtledemo", "lib2to3", "config"})
_LOADED_FIRST = _LIBRARIES | frozenset(
    "abc base64 collections copyreg ctypes functools hashlib importlib io json os pathlib pickle re shutil socket ssl "
    "struct subprocess sys tempfile typing zipfile random logging inspect warnings threading contextlib dataclasses "
    "enum weakref traceback datetime multiprocessing asyncio zlib uuid urllib http".split()
)
"""Modules that loading a model imports: a file of this name at the top is run in their place."""
_NEVER_CARRIED = frozenset("torch numpy scipy pandas requests urllib3 certifi yaml tqdm safetensors tokenizers".split())
"""Packages that nobody keeps a copy of beside a model: most of them do not work without compiled parts."""
_SHADOWED = (frozenset(sys.stdlib_module_names) | _LIBRARIES) - _OFTEN_HARMLESS


def findings(paths: Sequence[str]) -> Mapping[str, tuple[Finding, ...]]:
    """Findings by path; paths without any are left out."""
    found: defaultdict[str, list[Finding]] = defaultdict(list)
    for path in paths:
        found[path].extend(_of_one(path))
    for path, other in _twins(paths):
        found[path].append(finding("scanning.name-twins", path, other=other))
    for path, name in _shadowing(paths):
        first = path.lower() == f"{name.lower()}.py" and name in _LOADED_FIRST
        imitated = name in _NEVER_CARRIED and path.startswith(f"{name}/")
        level = Level.HIGH if first or imitated else None
        found[path].append(finding("scanning.name-shadows-library", path, level=level, name=name))
    return {path: tuple(some) for path, some in found.items() if some}


def _of_one(path: str) -> Iterator[Finding]:
    yield from _deceives_the_eye(path)
    yield from _deceives_windows(path)
    name = path.rpartition("/")[2].lower()
    obeyed = next((part for part in path.lower().split("/") if part in ACTS_ON_ITS_FOLDER), None)
    package = path.lower().partition("/")[0]
    if package in {"sitecustomize", "usercustomize"} and name in {"__init__.py", "__init__.pyc"}:
        name = f"{package}.py"
    if obeyed is not None or name in _STARTS_BY_ITSELF:
        level = Level.CAREFUL if obeyed in _USUAL_ACCIDENT else None
        yield finding("scanning.name-starts-by-itself", path, level=level, name=obeyed or name)
    if name in _PICKED_UP and (name != "none.py" or path.endswith("None.py")):  # the Hub tells capitals apart
        level = Level.HIGH if name == "none.py" else None
        yield finding("scanning.handler", path, level=level, name=path.rpartition("/")[2])


def _deceives_the_eye(path: str) -> Iterator[Finding]:
    plain = path.isascii() and path.isprintable()
    hidden = [] if plain else [character for character in path if _draws_nothing(character)]
    if hidden:
        facts = tuple(Evidence("character", f"U+{ord(character):04X}") for character in dict.fromkeys(hidden))
        yield finding("scanning.name-hidden-characters", path, facts[:10])
    elif has_hidden_characters(path):
        level = Level.HIGH if any(_reads_as_latin(word) for word in _WORD.findall(path)) else None
        yield finding("scanning.name-foreign-letters", path, level=level)
    name = path.rpartition("/")[2]
    last = extension(path)
    if last in RUNS:
        before = name.rstrip(". ")[: -len(last)].rstrip(". ")
        if extension(before) in _LOOKS_HARMLESS:
            yield finding("scanning.name-double-extension", path, hidden=last)
        if _PADDING.search(name):
            yield finding("scanning.name-padded", path)


def _reads_as_latin(word: str) -> bool:
    """Whether every letter of a word is Latin or drawn like one, and some are of another alphabet."""
    foreign = [letter for letter in word if not letter.isascii()]
    return 0 < len(foreign) < len(word) and all(letter in _DRAWN_LIKE_LATIN for letter in foreign)


def _draws_nothing(character: str) -> bool:
    category = unicodedata.category(character)
    return category in INVISIBLE or (category == "Zs" and character != " ")


def _deceives_windows(path: str) -> Iterator[Finding]:
    parts = path.replace("\\", "/").split("/")
    if ".." in parts or path.startswith(("/", "\\")) or re.match(r"[A-Za-z]:[\\/]", path):
        yield finding("scanning.name-escape", path)
    if any(DEVICE.match(part) for part in parts):
        yield finding("scanning.name-reserved", path)
    own_parts = path.split("/")
    if any(FORBIDDEN & set(part) or part != part.rstrip(". ") for part in own_parts if part not in {".", ".."}):
        stream = any(":" in part[2:] for part in own_parts)
        cut = path != path.rstrip(". ") and extension(path) != ""  # Windows leaves out what stands behind
        level = Level.HIGH if stream or cut else None
        yield finding("scanning.name-not-for-windows", path, level=level)
    cannot_be = len(path) > _LONGEST_OF_WINDOWS or any(
        len(part.encode("utf-8", "replace")) > _LONGEST_PART for part in parts
    )
    if cannot_be or len(path) > _LONGEST_PATH:
        yield finding("scanning.name-too-long", path, level=Level.CAREFUL if cannot_be else None)


def _twins(paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Paths that Windows takes for an earlier one: capitals, composed letters, dots at the end do not count."""
    first: dict[str, str] = {}
    for path in paths:
        key = "/".join(part.rstrip(". ") for part in unicodedata.normalize("NFC", path).casefold().split("/"))
        other = first.setdefault(key, path)
        if other != path:
            yield path, other


def _shadowing(paths: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Python files at the top, and folders there that hold Python, named like a library. One finding a name."""
    told: set[str] = set()
    known = frozenset(paths)
    for path in paths:
        if not path.lower().endswith((".py", ".pyd")):
            continue
        name = path.partition("/")[0].partition(".")[0]
        if "/" in path and name not in _LIBRARIES and f"{name}/__init__.py" not in known:
            continue  # the folder of a package without that file comes after Python's own modules
        if name in _SHADOWED and name not in told:
            told.add(name)
            yield path, name
