"""Lists of packages to install: where they would come from, and names chosen to be mistaken for others (threats D1)."""

import functools
import re
from collections.abc import Iterator

from core.command_lines import deeds
from core.findings import Evidence, Level
from core.paths import RESOURCES
from core.scanning.content import decode
from core.scanning.inspection import Inspection

_READ = 1 << 20
_MOST_LINES = 5000
_LONGEST_LINE = 2000
_NAME = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*(?:@\s*(\S+)|[<>=!~;,( ]|$)")
_ADDRESS = re.compile(r"^(?:-e\s+|--editable[= ])?((?:git|hg|svn|bzr)\+\S+|(?:https?|ftp|file)://\S+)", re.IGNORECASE)
_OPTION = re.compile(
    r"^(?:(-i|--index-url|--extra-index-url|-f|--find-links|--trusted-host|"
    r"(?:-r|--requirement|-c|--constraint)(?=[= ]?\s*https?:)))(?:[= ]\s*(\S+))?",
    re.IGNORECASE,
)
_PIP = re.compile(r"\bpip[\d.]*\s+install\s+([^;&|#\n]{1,1000})")
_TAKES_A_VALUE = frozenset(
    "-r --requirement -c --constraint -i --index-url --extra-index-url -f --find-links -t --target -e --editable "
    "--trusted-host --platform --python --prefix --root --proxy --cache-dir".split()
)
_COMMANDS = {
    "huggingface-cli": "huggingface-hub",
    "transformers-cli": "transformers",
    "diffusers-cli": "diffusers",
    "optimum-cli": "optimum",
    "accelerate-cli": "accelerate",
    "torchrun": "torch",
}
"""Commands that are taken for names of packages; whoever publishes one of that name is installed (threats 2: SLOP)."""
_USUAL_PLACES = re.compile(
    r"^(?:git\+)?https://(?:[\w-]+\.)*(?:pypi\.org|pythonhosted\.org|pypi\.tuna\.tsinghua\.edu\.cn|mirrors\.(?:aliyun\.com|ustc\.edu\.cn|"
    r"tuna\.tsinghua\.edu\.cn)/pypi|registry\.(?:npmjs\.org|yarnpkg\.com|npmmirror\.com)|npm\.pkg\.github\.com|download\.pytorch\.org|data\.pyg\.org|"
    r"pypi\.nvidia\.com|pypi\.ngc\.nvidia\.com|developer\.download\.nvidia\.com|storage\.googleapis\.com/jax-releases|"
    r"download\.openmmlab\.com|dl\.fbaipublicfiles\.com|ai2-s2-scispacy\.s3[\w.-]*|s3[\w.-]*/ai2-s2-scispacy|"
    r"flashinfer\.ai|wheels\.vllm\.ai|abetlen\.github\.io/llama-cpp-python)(?:/|$)",
    re.IGNORECASE,
)
_BRANCH = re.compile(
    r"^git\+https://(?:github|gitlab)\.com/([^/\s]+)/[^@\s]*(?:@(?:main|master|dev\w*|latest|nightly|HEAD))?$",
    re.IGNORECASE,
)
"""The newest state of a repository, with no version named."""
_CODE_HOSTS = re.compile(
    r"^(?:git\+)?https://(?:github\.com|gitlab\.com|huggingface\.co|hf\.co|codeberg\.org)/", re.IGNORECASE
)


def scan_requirements(inspection: Inspection) -> None:
    """Every line of a list of packages (pip, "Requirements File Format")."""
    if inspection.file.size > _READ:
        inspection.partly("too_large")
    source = decode(inspection.read_at(0, min(inspection.file.size, _READ)))
    if source is None:
        inspection.partly("code_not_text")
        return
    lines = source.replace("\\\n", "\n").splitlines()
    if len(lines) > _MOST_LINES:
        inspection.partly("too_large")
    for number, line in enumerate(lines[:_MOST_LINES], start=1):
        judge_line(inspection, re.sub(r"(?:^|\s)#.*", "", line[:_LONGEST_LINE]).strip(), number)


def judge_line(inspection: Inspection, line: str, number: int | None) -> None:
    """One entry, without its comment."""
    inspection.budget.check_time()
    if not line:
        return
    fact = Evidence("entry", line, line=number)
    option, address, named = _OPTION.match(line), _ADDRESS.match(line), _NAME.match(line)
    if option is not None:
        if not _USUAL_PLACES.match(option[2] or ""):
            inspection.report("requirement-index", fact, level=_odd(line), place=option[2] or option[1])
    elif address is not None or (named is not None and named[2]):
        place = address[1] if address else (named[2] if named else "")
        if not _USUAL_PLACES.match(place):
            inspection.report("requirement-direct", fact, level=_odd(line) or level_of_place(place), place=place)
    elif re.match(r"^(?:\.{1,2}[\\/]|/|[A-Za-z]:\\)|.*\.(?:whl|tar\.gz|zip)$", line):
        inspection.report("requirement-beside", fact, name=line)
    if named is not None:
        _judge_name(inspection, named[1], fact)


def level_of_place(place: str) -> Level | None:
    """Of an address that a package comes from: a known host of code answers for it; elsewhere nobody does."""
    if not _CODE_HOSTS.match(place):
        return Level.HIGH if "://" in place else None
    return None if _moves(place) else Level.NOTE


def judge_command(inspection: Inspection, command: str, fact: Evidence) -> None:
    """The names that a line hands to pip; addresses and options are judged as commands are."""
    for match in _PIP.finditer(command):
        given = match[1].split()
        for before, word in zip(["", *given], given, strict=False):
            named = _NAME.match(word.strip("\"'`"))
            if named is not None and before not in _TAKES_A_VALUE and "/" not in word:
                _judge_name(inspection, named[1], fact)


def _judge_name(inspection: Inspection, name: str, fact: Evidence) -> None:
    command_of = _COMMANDS.get(name.lower())
    other = command_of or mistaken_for(name) or _singular(name)
    if other is not None:
        level = Level.CAREFUL if command_of or name.lower() == f"{other}s" else None
        inspection.report("requirement-look-alike", fact, level=level, name=name, other=other)


def _moves(place: str) -> bool:
    """Whether it is the branch of an account that is not known for its packages: whatever lies there later is run."""
    found = _BRANCH.match(place.partition("#")[0])
    return found is not None and found[1].lower() not in _names("code_owners.txt")


def _singular(name: str) -> str | None:
    """The popular package whose name only lacks the last letter: a plural that somebody may have taken on purpose."""
    plain = re.sub(r"[-_.]+", "-", name).lower()
    shorter = plain.removesuffix("s")
    known = plain in _popular() or plain in _known_neighbours()
    return shorter if shorter != plain and len(plain) > 6 and not known and shorter in _popular() else None


def _odd(line: str) -> Level | None:
    """High, if the place is one where nobody answers for what is there."""
    odd = any(deed.kind == "odd-address" for deed in deeds(line)) or re.search(r"\bhttp://(?!localhost|127\.)", line)
    return Level.HIGH if odd else None


@functools.cache
def _popular() -> frozenset[str]:
    return _names("popular_packages.txt")


@functools.cache
def _known_neighbours() -> frozenset[str]:
    return _names("near_packages.txt")


@functools.cache
def _names(file: str) -> frozenset[str]:
    lines = (RESOURCES / file).read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


@functools.cache
def _neighbours() -> dict[str, str]:
    """Every popular name with one letter left out, to that name: a common neighbour means one step apart."""
    return {shorter: name for name in sorted(_popular()) if len(name) > 4 for shorter in _shorter(name)}


def mistaken_for(name: str) -> str | None:
    """The popular package that a name is one slip of the finger away from, None if there is none or it is one."""
    plain = re.sub(r"[-_.]+", "-", name).lower()
    bare = plain.replace("-", "")
    popular = _popular()
    if plain in popular or len(plain) <= 4 or plain in _known_neighbours():
        return None
    for other in popular:
        if other.replace("-", "") == bare:  # a separator more or less
            return other if len(other) > 5 else None
    near = _neighbours()
    candidates = [near[one] for one in (plain, *_shorter(plain)) if one in near]
    candidates += [one for one in _shorter(plain) if one in popular and len(one) > 4]
    return next((other for other in candidates if _one_step(plain, other)), None)


def _shorter(name: str) -> Iterator[str]:
    return (name[:index] + name[index + 1 :] for index in range(len(name)))


def _one_step(one: str, other: str) -> bool:
    """One letter more, less, other, or two changed round. Digits at the end are versions, not slips."""
    if one.rstrip("0123456789") == other.rstrip("0123456789"):
        return False
    if abs(len(one) - len(other)) == 1:
        longer, shorter = (one, other) if len(one) > len(other) else (other, one)
        return shorter in set(_shorter(longer)) and (longer != f"{shorter}s" or shorter.endswith("s"))
    if len(one) != len(other):
        return False
    differs = [index for index in range(len(one)) if one[index] != other[index]]
    if len(differs) == 1:
        return True
    turned = len(differs) == 2 and differs[1] == differs[0] + 1
    return turned and one[differs[0]] == other[differs[1]] and one[differs[1]] == other[differs[0]]
