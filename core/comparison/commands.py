"""Which lines of a card a reader would type or click, and which files of the repository they run."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from core.comparison.card_text import shortened

_MAX_COMMAND = 500
_MAX_PER_BLOCK = 200
_MAX_SAME_NAME = 20
_MAX_LINE = 2000
"""Characters looked at: keeps the patterns below fast on hostile lines."""

_SHELLS = frozenset(
    {"bash", "sh", "shell", "zsh", "fish", "console", "shell-session", "shellsession", "sh-session", "terminal"}
    | {"cmd", "bat", "batch", "dos", "dosbatch", "powershell", "pwsh", "ps", "ps1", "posh", "command", "commandline"}
)
_PROMPT = re.compile(
    r"^(?:\([\w.-]+\)\s*)?(?:[\w.-]+@[\w.-]+[:~\w/.-]*)?(?:\$|%|❯|#(?=\s+\w)|PS(?:\s[^>]*)?>|[A-Za-z]:[^>]*>|>)\s+"
)
_COMMENT = re.compile(r"^(?:#|//|::|rem\b|<#)", re.IGNORECASE)
_CONTINUES = re.compile(r"(?<!\\)[\\^`]\s*$")

_RUNNABLE_SUFFIX = (
    r"(?:bat|cmd|exe|ps1|psm1|msi|msix|vbs|vbe|js|jse|wsf|hta|scr|lnk|py|pyw|pyz|sh|bash|command|jar|run|appimage|ipynb"
    r"|dll|reg|apk|dmg|pkg|deb|rpm|appx|iso)"
)
_INSTALLED_SUFFIX = r"(?:exe|msi|msix|appx|apk|dmg|pkg|deb|rpm|iso|appimage)"
_DOUBLE_CLICK = r"(?:bat|cmd|exe|ps1|msi|msix|vbs|vbe|wsf|hta|scr|lnk|command|appimage)"
_NOT_CODE = r"(?!\s*[=(,:.\[])"

_CODE_LINE = re.compile(
    rf"""^(?:sudo\s+(?:-\w+\s+)*)?(?:
      (?:\./|\.\\|~/)[\w./\\-]+
    | \S*[\w-]\.{_DOUBLE_CLICK}(?:\s|$)
    | (?:python[\d.]*|pythonw|py|ipython)(?:\.exe)?\s+(?:-|\S+\.pyw?\b)
    | (?:bash|sh|zsh|source|\.|call|start|node|ruby|perl|java|wine|open)\s+["']?[-\w./\\]
    | (?:cmd|powershell|pwsh)(?:\.exe)?\s+["']?[-/\w.]
    | (?:pip\d?|pipx|conda|mamba|uv|uvx|poetry|npm|npx|yarn|pnpm|brew|apt|apt-get|dnf|yum|pacman|choco|winget|scoop
        |docker|podman|git|gem|cargo|go)\s+[\w-]
    | (?:curl|wget|aria2c|iwr|irm|invoke-webrequest|invoke-restmethod|iex|invoke-expression|certutil|bitsadmin|mshta
        |rundll32|regsvr32|msiexec|wscript|cscript|schtasks|reg|netsh|add-mppreference|set-mppreference
        |set-executionpolicy|unblock-file|start-process|start-bitstransfer|expand-archive|xattr|spctl|osascript|nohup)
        (?:\.exe)?{_NOT_CODE}\s+\S
    | (?:huggingface-cli|hf|ollama|vllm|llama-[\w-]+|lms|mlx_lm\.[\w.]+|transformers-cli|torchrun|accelerate|deepspeed
        |streamlit|gradio|uvicorn|make|cmake|tar|unzip|unrar|7z|7za|cd|chmod|chown|mkdir|export|set|pushd|rm|mv|cp)
        {_NOT_CODE}\s+[-\w./\\~"'$]
    )""",
    re.IGNORECASE | re.VERBOSE,
)
# In prose only what can hardly be an English sentence.
_PROSE_LINE = re.compile(
    rf"""^(?:sudo\s+)?(?:
      (?:\./|\.\\)[\w./\\-]+
    | (?:python[\d.]*|pythonw|py)(?:\.exe)?\s+(?:-\w+\s+)*\S+\.pyw?\b
    | (?:bash|sh|zsh|call|start)\s+\S+\.{_RUNNABLE_SUFFIX}\b
    | (?:pip\d?|git)\s+(?:install|clone)\s+\S+
    | (?:curl|wget|iwr|irm|invoke-webrequest|iex|certutil|bitsadmin|mshta|rundll32|regsvr32|msiexec|add-mppreference
        |set-mppreference|set-executionpolicy)(?:\.exe)?\s+["'(]?(?:-|/|https?:|\$)
    | (?:powershell|pwsh|cmd)(?:\.exe)?\s+[-/]\w
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_THE_FILE = r"(?:the\s+|this\s+)?(?:(?:file|script|program|installer|app)\s+)?[\"'“*`]*[\w./\\-]*[\w-]"
_ASKED_TO_RUN = re.compile(
    rf"\b(?:(?:run|execute|launch|open|start|double[- ]?click(?:\s+on)?)\s+{_THE_FILE}\.{_RUNNABLE_SUFFIX}"
    rf"|(?:install|mount|sideload)\s+{_THE_FILE}\.{_INSTALLED_SUFFIX})\b(?!\.?[\w/])",
    re.IGNORECASE,
)

_SEPARATORS = re.compile(r"&&|\|\||[;|\n]|(?<![<>])&(?!\d)")
_TOKEN = re.compile(r'"[^"]*"|\'[^\']*\'|\S+')
_STRIP = "\"'`()[]{}<>&,“”‘’*"
_LAUNCHERS = re.compile(
    r"^(?:sudo|doas|nohup|time|env|exec|start|call|cmd|powershell|pwsh|python[\d.]*|pythonw|py|ipython|bash|sh|zsh|fish|source|"
    r"\.|&|node|deno|bun|ruby|perl|java|javaw|wine|open|xdg-open|explorer|wscript|cscript|mshta|rundll32|regsvr32|msiexec|"
    r"reg|osascript|uv|uvx|pipx|poetry|pipenv|conda|mamba|accelerate|torchrun|deepspeed|streamlit|gradio|jupyter|"
    r"iex|invoke-expression|invoke-item|ii|start-process|saps|start-job|run|execute|launch|install|mount|double-?click|double|"
    r"docker|npx)"
    r"(?:\.exe)?$",
    re.IGNORECASE,
)
_RUNNABLE_NAME = re.compile(
    rf"\.{_RUNNABLE_SUFFIX}$|(?:^|/)[^./]+$|\.(?:rb|pl|mjs|cjs|ts|com|inf|cpl|so|dylib)$", re.IGNORECASE
)
_RUNNABLE_FILE = re.compile(rf"\.{_RUNNABLE_SUFFIX}$", re.IGNORECASE)
# Begins where a word begins and gives nothing back: no time is lost on the many words without a dot.
_MENTION = re.compile(r"(?<![\w./\\+-])[\w/\\+-]*+\.[\w./\\+-]*\w")
_IMPORTED = re.compile(r"\b(?:import|from)\s+([A-Za-z_][\w.]*)")
_QUOTED_SCRIPT = re.compile(r"[\w./\\-]+\.pyw?\b")


def from_code(language: str, code: str) -> tuple[str, ...]:
    """Commands of a code block. In a shell's block every line counts, elsewhere what looks like a command."""
    lines = [line.strip()[:_MAX_LINE] for line in _joined(code)]
    lines = [line for line in lines if line]
    prompted = [_PROMPT.sub("", line, count=1) for line in lines if _PROMPT.match(line)]
    if language.lower() in _SHELLS:
        chosen = prompted or [line for line in lines if not _COMMENT.match(line)]
    else:
        chosen = [
            bare for bare in (_PROMPT.sub("", line.lstrip("!%"), count=1) for line in lines) if _CODE_LINE.match(bare)
        ]
    return _bounded(chosen)


def from_inline(code: str) -> tuple[str, ...]:
    """The command in a piece of inline code, if it looks like one."""
    line = _PROMPT.sub("", code.strip()[:_MAX_LINE].lstrip("!%"), count=1)
    return _bounded([line]) if _CODE_LINE.match(line) else ()


def from_prose(text: str) -> tuple[str, ...]:
    """Whole lines that can only be commands, and sentences that ask to run or open a program."""
    found = [line.strip() for line in text.split("\n") if _PROSE_LINE.match(line.strip())]
    found += [match.group() for match in _ASKED_TO_RUN.finditer(text)]
    return _bounded(found)


def parts_of(command: str) -> tuple[str, ...]:
    """The commands that a line of them consists of."""
    return tuple(part.strip() for part in _SEPARATORS.split(command) if part.strip())


def is_runnable_name(path: str) -> bool:
    """True if a file of this name is a program, or is handed to an interpreter."""
    return _RUNNABLE_FILE.search(path) is not None


class RepositoryPaths:
    """The files of one repository, found by what a command calls them."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._by_path: dict[str, str] = {}
        self._by_name: defaultdict[str, list[str]] = defaultdict(list)
        for path in paths:
            self._by_path[path.lower()] = path
            self._by_name[path.rpartition("/")[2].lower()].append(path)

    def named(self, word: str) -> tuple[str, ...]:
        """Paths that `word` may mean: the exact path, else every file of that name. Case does not count."""
        plain = word.strip(_STRIP).replace("\\", "/").lower()
        plain = plain.removeprefix("./").strip("/")
        if not plain:
            return ()
        if plain in self._by_path:
            return (self._by_path[plain],)
        return tuple(self._by_name.get(plain.rpartition("/")[2], ())[:_MAX_SAME_NAME])

    def run_by(self, command: str) -> tuple[str, ...]:
        """Paths that `command` starts, each once."""
        return tuple(dict.fromkeys(path for part in _SEPARATORS.split(command) for path in self._run_by_part(part)))

    def mentioned(self, text: str) -> tuple[str, ...]:
        """Paths whose path or name stands in `text` as a word of its own, in the order of the text."""
        words = dict.fromkeys(word.strip(".") for word in _MENTION.findall(text))
        return tuple(dict.fromkeys(path for word in words if "." in word for path in self.named(word)))

    def _run_by_part(self, part: str) -> Iterator[str]:
        words = [word.strip(_STRIP) or word for word in _TOKEN.findall(part)]
        while words and re.match(r"^\w+=", words[0]):
            words.pop(0)
        if not words:
            return
        first = words[0].replace("\\", "/").rpartition("/")[2]
        # A bare word is a program on the search path, not a file here, unless it has a suffix or a folder.
        if "." in first or "/" in words[0] or "\\" in words[0]:
            yield from self.named(words[0])
        if re.match(r"^(?:pip\d?|uv|pipx)$", first, re.IGNORECASE) and "install" in words:
            yield from self._installed(words)
        elif _LAUNCHERS.match(first):
            yield from self._launched(words[1:], part)

    def _installed(self, words: list[str]) -> Iterator[str]:
        if any(word in {".", "./"} or word.startswith(".[") for word in words):
            yield from (path for name in ("setup.py", "pyproject.toml") for path in self.named(name) if path == name)

    def _launched(self, words: list[str], part: str) -> Iterator[str]:
        if "-c" in words:
            modules = [module.replace(".", "/") + ".py" for module in _IMPORTED.findall(part)]
            yield from (path for name in (*modules, *_QUOTED_SCRIPT.findall(part)) for path in self.named(name))
            return
        for index, word in enumerate(words):
            if word == "-m" and index + 1 < len(words):
                module = words[index + 1].replace(".", "/")
                yield from self.named(f"{module}.py") or self.named(f"{module}/__main__.py")
                return
            paths = self.named(word.partition(",")[0])
            if paths and _RUNNABLE_NAME.search(paths[0]):
                yield from paths
                return


def _joined(code: str) -> Iterator[str]:
    """Lines, with those that end in a continuation sign put together."""
    held = ""
    for line in code.split("\n"):
        if _CONTINUES.search(line):
            held += _CONTINUES.sub("", line).strip() + " "
        else:
            yield held + line.strip() if held else line
            held = ""
    if held:
        yield held


def _bounded(commands: Iterable[str]) -> tuple[str, ...]:
    unique = dict.fromkeys(shortened(command.strip(), _MAX_COMMAND) for command in commands)
    return tuple(command for command in unique if command)[:_MAX_PER_BLOCK]
