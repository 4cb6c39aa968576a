"""What code of R mentions: functions that run commands, load code, or reach files and connections."""

from dataclasses import dataclass, field

_COMMANDS = frozenset({"system", "system2", "shell", "shell.exec", "pipe"})
_CODE = frozenset({"dyn.load", "library.dynam", "source", "sys.source"})
_REACH = frozenset(
    "download.file url socketConnection make.socket curl_download curl_fetch_memory install.packages install_github "
    "file.remove unlink Sys.setenv writeBin".split()
)
_AT_START = frozenset({".First", ".Last", ".onLoad", ".onAttach", ".First.sys"})
"""Functions that R calls by itself when a workspace is opened or left (R documentation: Startup)."""
_MOST = 2000


@dataclass(slots=True)
class Code:
    """Names and texts that stand in code. `promised`: those of promises alone."""

    functions: int = 0
    promises: int = 0
    waiting: int = 0
    """Promises that stand by themselves instead of in the surroundings of a function."""
    called: set[str] = field(default_factory=set)
    starting: set[str] = field(default_factory=set)
    _promised: "Code | None" = None

    @property
    def promised(self) -> "Code":
        """What the promises mention."""
        if self._promised is None:
            self._promised = Code()
        return self._promised

    @property
    def runs_commands(self) -> bool:
        """True if a function that starts programs or loads libraries is mentioned."""
        return bool(self.called & (_COMMANDS | _CODE))

    def symbol(self, name: str, in_code: bool) -> None:
        """A name: of what is called, or of a value."""
        if in_code:
            self.name(name)
        elif name in _AT_START:
            self.starting.add(name)

    def name(self, name: str) -> None:
        """The name of something that is called."""
        if len(self.called) < _MOST:
            self.called.add(name)

    def text(self, text: str) -> None:
        """A text in code, which can be the name of what is called: `do.call("system", …)`."""
        if text in _COMMANDS | _CODE:
            self.name(text)

    def add(self, other: "Code") -> None:
        """Everything of another piece of code as well."""
        self.functions += other.functions
        self.promises += other.promises
        self.called |= other.called
        self.waiting += other.waiting
        self.starting |= other.starting
        if other._promised is not None:  # noqa: SLF001  another of the same kind
            self.promised.add(other._promised)  # noqa: SLF001  as above


def worst_of(code: Code) -> list[str]:
    """Names of functions that do more than calculate, worst first."""
    found = [name for group in (_COMMANDS, _CODE, _REACH) for name in sorted(code.called & group)]
    return found[:10]
