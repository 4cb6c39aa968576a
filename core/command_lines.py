"""What a line of commands would do: judged by its text, in every reading that a shell would arrive at.

Used for scripts, for commands inside Python and notebooks, and for the target of a shortcut.
"""

import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from core.command_tables import CODE_HOST, DEEDS, KNOWN_INSTALLER, ODD_HOSTS
from core.command_words import WORDS, WORDS_IN_LONG
from core.disguises import readings
from core.hosts import odd_hosts_expression

MAX_PIECE = 8192
"""Characters of one line that are searched at once; longer lines are searched in overlapping pieces."""
_OVERLAP = 1024


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that a command does. `kind` is a rule without its first words: `scanning.code-<kind>`."""

    kind: str
    text: str
    """The words that say so, with a little of what stands around them."""
    usual: bool = False
    """True if well-known tools are installed in this very way."""
    answered: bool = False
    """True if it comes from a place where code is shared under somebody's name, or is done in plain sight: no proof of
    anything, but no secret."""


@functools.cache
def _expression(kind: str) -> re.Pattern[str]:
    """Compiled at the first need: most files have no commands, and compiling all takes as long as starting Python."""
    expression = DEEDS[kind]
    if ODD_HOSTS in expression:
        expression = expression.replace(ODD_HOSTS, odd_hosts_expression())
    return re.compile(expression, re.IGNORECASE)


_NEEDED = {kind: tuple(words.split()) for kind, words in WORDS.items()}

_NEEDED_IN_LONG = _NEEDED | {kind: tuple(words.split("|")) for kind, words in WORDS_IN_LONG.items()}
_LONG_LINE = 3000
"""Characters. Nobody types such lines."""

_ADDRESS = re.compile(r"https?://[^\s\"'<>|)]+", re.IGNORECASE)
_LIST_OF_WORDS = re.compile(r"(?:[\w$.+-]{1,40}\|){5,}[\w$.+-]{1,40}")
"""`cat|cp|curl|…`: names for a highlighter or a search, no pipes."""
_SETS_A_PATH = re.compile(
    r"^(?![^\n]*(?:\b(?:curl|wget|nohup|python|bash\s|sh\s)|\balias\s+(?:sudo|su|ssh)=|"
    r"\b(?:LD_PRELOAD|DYLD_INSERT_LIBRARIES)=\S*(?:/tmp/|/dev/shm/|/\.))).{0,80}\becho\s+[\"'\\]{0,3}(?:export\s+\w+=|alias\s|source\s|conda\s|eval\s)",
    re.IGNORECASE,
)
"""A line for the shell's own settings: where programs lie, and nothing that starts one."""
_WRAPPED = re.compile(r"^\s*(?:RUN\s+)?(?:sudo\s+)?(?:/bin/)?(?:ba)?sh\s+-l?c\s+[\"']")
_MAKES_A_FOLDER = re.compile(r"\s*(?:sudo\s+)?(?:mkdir|chmod|chown|touch)\s[^|;&<>`$(]*$")
"""The folder of keys is made, or its rights are set; nothing in it is read."""
_OWN_KEY = re.compile(
    r"\s*(?:export\s+)?(?:HF|HUGGING_?FACE)(?:_HUB)?_(?:API_)?TOKEN=[\"']?(?:\$\(|`)\s*(?:cat\s+|<\s*)[\"']?[^\s\"')`|;&]{0,100}/token[\"']?\s*[)`][\"']?\s*$",
    re.IGNORECASE,
)
"""A person's key for the Hub is put where the libraries of the Hub look for it."""
_PLAIN_SERVICE = re.compile(
    r"\s*(?:sudo\s+)?(?:systemctl\s+(?:--user\s+)?(?:--now\s+)?enable\b|(?:cp|install)\s[^\n;&|>]*\.service\b)[^\n;&|>]*$"
)
"""Sets up a service as its manual says, with nothing hidden in the same line."""
_GIVEN_KEY = re.compile(
    r"\s*(?:echo|printf)\b(?![^\n]*(?:ssh-|ecdsa-|AAAA|curl|wget|base64|https?:))[^\n|;]{0,100}>>?\s*[\"']?\S{0,60}authorized_keys[\"']?\s*$"
)
"""A key from the settings of whoever starts the script, as images for rented computers take it."""
_LOGS_IN = re.compile(
    r"\bssh-(?:keygen|add|copy-id)\b[^\n;&|]*|\s-i\s*\S{0,80}\.ssh/\S+|>\s*[\"']?\S{0,80}\.ssh/[\w.-]+|"
    r"\b(?:cp|mv|install)\s(?:(?!\.ssh)[^\n;&|]){1,200}\s\S{0,80}\.ssh/[\w.-]*[\"']?\s*(?=$|[;&|\n])"
)
"""A key that is made, put into its place or used to log in: nothing of it leaves the computer."""
_QUICK = re.compile(r"[\w$%^`\"'/\\.]{2}|:\(\)")


_ACCOUNT_FILES = re.compile(
    r"^/etc/passwd$|^/proc/[^/]{1,40}/environ$|/secrets/kubernetes\.io/|(?:^|[~\\/])\.(?:netrc|pgpass|npmrc|pypirc|(?:bash|zsh|python|psql|mysql)_history)$",
    re.IGNORECASE,
)
"""Honest programs read them too, each its own: only who opens one and sends something is a thief."""


_STARTED_BY_ITSELF = re.compile(
    r"(?:^|[~\\/])\.(?:bashrc|bash_profile|bash_login|profile|zshrc|zshenv|zprofile|zlogin|xinitrc|xprofile|xsessionrc)$"
    r"|(?:^|[\\/])etc[\\/](?:cron|rc\.local|profile|init\.d|systemd|ld\.so\.preload)"
    r"|\.config[\\/](?:autostart|systemd)[\\/]|Launch(?:Agents|Daemons)[\\/]|Programs[\\/]Startup(?:[\\/]|$)"
    r"|\.git[\\/]hooks[\\/]|\.ssh[\\/](?:authorized_keys\d?|rc)$|PowerShell[\\/][^\\/]*profile\.ps1$"
    r"|\.ipython[\\/]profile_default[\\/]startup[\\/]",
    re.IGNORECASE,
)


def names_autostart(path: str) -> bool:
    """Whether what is written into a file of this path starts by itself later on."""
    return _STARTED_BY_ITSELF.search(path[:2000]) is not None


def names_secret(path: str) -> bool:
    """Whether a path leads to passwords, keys or wallets."""
    return _ACCOUNT_FILES.search(path) is not None or any(deed.kind == "secrets" for deed in deeds(path))


_NONE: frozenset[str] = frozenset()


def deeds(line: str, tick: Callable[[], object] = lambda: None, without: frozenset[str] = _NONE) -> Iterator[Deed]:
    """What a line does, in every reading of it; each kind once, but for the kinds that are not looked for.

    `tick` is called again and again, and may raise.
    """
    tick()
    yield from _remembered(line, without) if len(line) < _SHORT else _deeds(line, tick, without)


_SHORT = 400
"""Characters of lines that come again and again in one script."""


@functools.lru_cache(maxsize=4096)
def _remembered(line: str, without: frozenset[str]) -> tuple[Deed, ...]:
    return tuple(_deeds(line, lambda: None, without))


def _deeds(line: str, tick: Callable[[], object], without: frozenset[str]) -> Iterator[Deed]:
    told = set(without)
    for start in range(0, max(len(line), 1), MAX_PIECE - _OVERLAP):
        piece = line[start : start + MAX_PIECE]
        if not _QUICK.search(piece):
            continue
        if piece.count("|") > 5:
            piece = _LIST_OF_WORDS.sub(" ", piece)
        for reading in readings(piece):
            tick()
            low = reading.lower()
            for kind, words in (_NEEDED_IN_LONG if len(reading) > _LONG_LINE else _NEEDED).items():
                if kind in told or not any(word in low for word in words):
                    continue
                match = _expression(kind).search(_LOGS_IN.sub(" ", reading) if kind == "secrets" else reading)
                if match is not None and not (kind == "secrets" and _MAKES_A_FOLDER.match(reading)):
                    told.add(kind)
                    text = reading[max(0, match.start() - 40) : match.end() + 120].strip()
                    addresses = _addresses(kind, reading, match)
                    usual = _all(KNOWN_INSTALLER if kind != "installs" else CODE_HOST, addresses)
                    usual = usual or (kind == "autostart" and _SETS_A_PATH.search(_bare(reading)) is not None)
                    usual = usual or (kind == "secrets" and _OWN_KEY.match(reading) is not None)
                    plain = (
                        kind == "autostart" and (_PLAIN_SERVICE.match(reading) or _GIVEN_KEY.match(reading)) is not None
                    )
                    yield Deed(kind, text, usual, plain or _all(CODE_HOST, addresses))


def _bare(line: str) -> str:
    """A line without the shell that a line before it was wrapped into for the rights of another user."""
    return _WRAPPED.sub("", line)


def answered_for(text: str) -> tuple[bool, bool]:
    """Whether all addresses of a text are those of well-known installers, and of places where code is shared."""
    addresses = _ADDRESS.findall(text)
    return _all(KNOWN_INSTALLER, addresses), _all(CODE_HOST, addresses)


def _addresses(kind: str, line: str, match: re.Match[str]) -> list[str]:
    """The addresses of a command, or the next one after it."""
    if kind not in {"download-and-run", "installs"}:
        return []
    return _ADDRESS.findall(match[0]) or _ADDRESS.findall(line[match.end() : match.end() + 200])[:1]


def _all(known: re.Pattern[str], addresses: list[str]) -> bool:
    return bool(addresses) and all(known.match(address) for address in addresses)
