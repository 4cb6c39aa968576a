"""What a command of a card would do, in words: the deeds of `core.command_lines`, and what is brought in and run."""

import functools
import re
from collections.abc import Iterable, Iterator, Sequence

from core.command_lines import deeds
from core.comparison.card_html import host_of
from core.comparison.card_text import shortened
from core.comparison.commands import parts_of
from core.instructions import asked
from core.text import Message

_MAX_NAMES = 5
_MAX_SHOWN = 80

_ORDER = (
    "reverse-shell",
    "sends-secrets",
    "secrets",
    "protection-off",
    "decode-and-run",
    "hidden-command",
    "destroys",
    "mines",
    "native",
    "watches-input",
    "autostart",
    "download-and-run",
    "elevation",
    "policy-bypass",
    "tls-off",
    "self-delete",
    "sends-away",
    "runs_here",
    "administrator",
    "password-archive",
    "odd-address",
    "installs_address",
    "installs_index",
    "runs_package",
    "installs_beside",
    "installs_list",
    "container",
    "fetches",
    "clones",
    "installs_package",
    # Links, see link_notes.
    "same_words",
    "shows_other",
    "imitates",
    "foreign_letters",
    "number",
    "credentials",
    "downloads_program",
    "shortener",
    "paste",
    "file_host",
    "receiver",
    "tunnel",
    "messenger",
    "storage",
    "plain_http",
    "new_host",
    "file_runs",
)
"""Notes by what they are about, the most telling first: text ids `comparison.note.<name>`."""
RANK = {f"comparison.note.{name}": place for place, name in enumerate(_ORDER)}
"""Place in that order, by text id."""

_INSTALLERS = re.compile(
    r"(?:^|\s)(?:(?:(?:python[\d.]*|py)\s+-m\s+)?(?:pip[\d.]*|pipenv)\s+install|pipx\s+(?:install|inject)"
    r"|uv\s+(?:pip\s+install|add|tool\s+install)|(?:conda|mamba|micromamba)\s+(?:\S+\s+)?(?:install|create)|poetry\s+add|pdm\s+add"
    r"|(?:npm|pnpm)\s+(?:install|i|add)|yarn\s+(?:global\s+)?add|bun\s+add|brew\s+install|gem\s+install|go\s+install"
    r"|cargo\s+install|(?:apt|apt-get|dnf|yum|zypper|apk)\s+(?:-\S+\s+)*(?:install|add)|pacman\s+-S\w*|snap\s+install"
    r"|(?:choco|winget|scoop)\s+install|install-module|ext(?:ension)?\s+install)\s+(?P<rest>.*)",
    re.IGNORECASE,
)
_RUNS_PACKAGE = re.compile(
    r"(?:^|\s)(?:npx|uvx|bunx|pipx\s+run|uv\s+tool\s+run|pnpm\s+dlx|yarn\s+dlx|go\s+run)\s+(?P<rest>.*)", re.IGNORECASE
)
_WITH_VALUE = re.compile(
    r"^(?:-[cnptf]|--(?:channel|name|prefix|target|python|file|id|source|env-file|constraint|root|root-user-action|platform"
    r"|python-version|abi|implementation|cache-dir|timeout|retries))$"
)
_LIST = re.compile(r"^(?:-r|--requirement)(?:=?)(.*)$")
_INDEX = re.compile(
    r"^(?:-i|--index-url|--extra-index-url|--index|-f|--find-links|--registry|--default-index)(?:=(.*))?$"
)
_USUAL_INDEX = re.compile(
    r"^https://(?:[\w-]+\.)*(?:pypi\.org|pytorch\.org|pyg\.org|nvidia\.com|registry\.npmjs\.org|tsinghua\.edu\.cn"
    r"|aliyun\.com|abetlen\.github\.io|vllm\.ai)(?:/|$)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"(?:git|hg|svn|bzr)\+\S+|(?:https?|ftp|file|ssh|git)://\S+|git@\S+|(?:github|gitlab|gist):\S+", re.IGNORECASE
)
_BESIDE = re.compile(r"^(?:\.{1,2}(?:[\\/].*|\[.*|$)|[~/]\S*|[A-Za-z]:\\.*|.*\.(?:whl|tar\.gz|zip|tgz|deb|rpm|egg))$")
_NAME = re.compile(r"^@?[A-Za-z0-9][\w./@-]*")
_CLONES = re.compile(
    r"\b(?:git\s+(?:\S+\s+)?(?:clone|submodule)|gh\s+repo\s+clone)\s+(?:-\S+\s+(?:\d+\s+)?)*(\S+)", re.IGNORECASE
)
_FETCHES = re.compile(
    r"\b(?:curl|wget|aria2c|iwr|irm|invoke-webrequest|invoke-restmethod|start-bitstransfer|gdown|axel)\b.*?"
    r"((?:https?|ftp)://[^\s\"'<>|;)]+)",
    re.IGNORECASE,
)
_CONTAINER = re.compile(
    r"\b(?:docker|podman|nerdctl)\s+(?:container\s+)?(?:run|pull|compose|load)\b(?P<rest>.*)", re.IGNORECASE
)
_ADMINISTRATOR = re.compile(r"(?:^|[\s;&|])(?:sudo|doas|pkexec|runas|gsudo)\s+\S", re.IGNORECASE)


_DISTRIBUTION = re.compile(r"(?:^|\s)(?:apt|apt-get|dnf|yum|zypper|apk|pacman|brew)\s", re.IGNORECASE)
_FROM_ELSEWHERE = frozenset({"package", "index", "address"})


def weight(note: Message | None) -> int:
    """Place of a note in the order of attention; None: of something that nothing is noted of."""
    return len(RANK) if note is None else RANK[note.id]


def in_order(notes: Iterable[Message]) -> tuple[Message, ...]:
    """Each once, the most telling first."""
    return tuple(sorted(dict.fromkeys(notes), key=weight))


@functools.lru_cache(maxsize=4096)
def notes_of_command(command: str, runs: Sequence[str]) -> tuple[Message, ...]:
    """What `command` would do; `runs` are the paths of this repository that it starts."""
    notes = [Message.of(f"comparison.note.{deed.kind}") for deed in deeds(command)]
    if runs:
        notes.append(Message.of("comparison.note.runs_here", names=_few(runs)))
    if _ADMINISTRATOR.search(command):
        notes.append(Message.of("comparison.note.administrator"))
    notes += (Message.of(f"comparison.note.{place.guard}") for place in asked(command))
    for part in parts_of(command):
        notes += _brings_in(part)
    return in_order(note for note in notes if note.id in RANK)


def brought_in(command: str) -> tuple[tuple[str, str], ...]:
    """What a command has installed or started from elsewhere, all of it and uncut.

    Pairs of a kind ("package", "index", "address", "image") and the words of the command. Packages of a distribution
    of the system are left out: nobody puts one there within an hour.
    """
    found: list[tuple[str, str]] = []
    for part in parts_of(command):
        installs, container = _INSTALLERS.search(part), _CONTAINER.search(part)
        if installs is not None:
            wanted = _FROM_ELSEWHERE - {"package"} if _DISTRIBUTION.search(installs[0]) else _FROM_ELSEWHERE
            found += (pair for pair in _named_by_installer(installs["rest"]) if pair[0] in wanted)
        if container is not None:
            found.append(("image", container["rest"].strip()))
    return tuple(found)


def _brings_in(part: str) -> Iterator[Message]:
    installs, runs_package = _INSTALLERS.search(part), _RUNS_PACKAGE.search(part)
    if installs is not None:
        yield from _installed(installs["rest"])
    elif runs_package is not None:
        name = next((word for word in runs_package["rest"].split() if not word.startswith("-")), "")
        if name:
            yield Message.of("comparison.note.runs_package", name=shortened(name, _MAX_SHOWN))
    clones, fetches, container = _CLONES.search(part), _FETCHES.search(part), _CONTAINER.search(part)
    if clones is not None:
        yield Message.of("comparison.note.clones", place=shortened(clones[1], _MAX_SHOWN))
    if fetches is not None:
        yield Message.of("comparison.note.fetches", host=host_of(fetches[1]) or shortened(fetches[1], _MAX_SHOWN))
    if container is not None:
        yield Message.of("comparison.note.container")


def _installed(rest: str) -> Iterator[Message]:
    names: list[str] = []
    for kind, what in _named_by_installer(rest):
        if kind == "package":
            names.append(what)
        else:
            value = "place" if kind in {"index", "address"} else "name"
            yield Message.of(f"comparison.note.installs_{kind}", **{value: shortened(what, _MAX_SHOWN)})
    if names:
        yield Message.of("comparison.note.installs_package", names=_few(names))


def _named_by_installer(rest: str) -> Iterator[tuple[str, str]]:
    """What follows an installer's name, one by one: (list, index, address, beside or package; the word)."""
    words = iter(word.strip("\"'`") for word in rest.split())
    for word in words:
        lists, index = _LIST.match(word), _INDEX.match(word)
        if lists is not None:
            yield "list", lists[1] or next(words, "")
        elif index is not None:
            place = index[1] or next(words, "")
            if not _USUAL_INDEX.match(place):
                yield "index", place
        elif _WITH_VALUE.match(word):
            next(words, None)
        elif address := _ADDRESS.search(word):
            yield "address", address[0]
        elif _BESIDE.match(word):
            yield "beside", word
        elif not word.startswith("-") and (name := _NAME.match(word)):
            yield "package", name[0]


def _few(names: Sequence[str]) -> str:
    shown = ", ".join(shortened(name, _MAX_SHOWN) for name in names[:_MAX_NAMES])
    return f"{shown}, …" if len(names) > _MAX_NAMES else shown
