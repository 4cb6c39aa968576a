"""What one file does, gathered while it is read, and weighed at the end: two classes together are worse than one."""

import re
from typing import Self

from core.command_lines import Deed, deeds
from core.findings import LEVEL_ORDER, Evidence, Level, rules
from core.scanning.inspection import MAX_EVIDENCE, Inspection
from core.text import Value

_SUSPICIOUS = frozenset(
    "tls-off hidden-text secrets autostart self-delete anti-analysis odd-address hidden-window sends-away "
    "policy-bypass elevation watches-input protection-off install-hook".split()
)
"""Seldom needed by honest code; any two of them together never."""
_MEANS = frozenset("starts-programs computed installs".split())
"""Often needed by honest code; together with a suspicious one it is an attack."""
_COMES_WITH_STARTING = frozenset({"hidden-window"})
"""Says how a program is started, so that starting one adds nothing to it."""
_TOLD = frozenset({"watches-input"})
"""Harm somebody only if they are told: pictures of the screen are also what a model looks at."""
_NEEDS_ONLY_NETWORK = frozenset("secrets self-delete anti-analysis watches-input hidden-text".split())


_UNPROTECTED = re.compile(
    r"\bhttp://(?!(?:localhost|127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|[\w-]+[:/]))", re.IGNORECASE
)
"""Packages that anybody on the way can replace; inside a network of one's own that is common."""
_MOST_FACTS = 10 * MAX_EVIDENCE
"""Facts kept of each class."""
_LONGEST_FACT = 2000
"""Characters kept of a fact; a report shows fewer still."""


class Behaviour:
    """The classes of behaviour seen in a file, as rules `scanning.code-<kind>` with their facts.

    Used with `with`: at its end everything is weighed, also if a limit ends the reading before the file does.
    """

    def __init__(self, inspection: Inspection) -> None:
        self._inspection = inspection
        self._facts: dict[str, list[Evidence]] = {}
        self._levels: dict[str, Level] = {}
        self._done: set[str] = set()
        self._goes_anywhere = self._tells = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.weigh()

    @property
    def path(self) -> str:
        """Of the file."""
        return self._inspection.path

    def lower(self, kind: str, level: Level) -> None:
        """What was seen of a kind weighs no more than this."""
        if kind in self._levels:
            self._levels[kind] = min(level, self._levels[kind], key=LEVEL_ORDER.index)

    def network(self, *facts: Evidence, hub: bool, asks: bool = False) -> None:
        """The network is used. `hub`: models are fetched from the Hub, which tells nobody what the program saw.

        `asks`: something is fetched from an address that holds nothing of what the program knows.
        """
        self.note("network", *facts)
        self._goes_anywhere = self._goes_anywhere or not hub
        self._tells = self._tells or not (hub or asks)

    def note(self, kind: str, *facts: Evidence, level: Level | None = None, only_written: bool = False) -> None:
        """Something was seen. `level`: if it is not the rule's own. `only_written`: nothing in the file does it."""
        if not only_written:
            self._done.add(kind)
        known = self._facts.setdefault(kind, [])
        known.extend(facts[: max(0, _MOST_FACTS - len(known))])
        level = level or rules()[f"scanning.code-{kind}"].level
        self._levels[kind] = max(level, self._levels.get(kind, level), key=LEVEL_ORDER.index)

    def command(
        self,
        line: str,
        number: int,
        place: str = "",
        *,
        only_text: bool = False,
        calm: frozenset[str] = frozenset(),
        without: frozenset[str] = frozenset(),
    ) -> None:
        """Judge a line of commands.

        `only_text`: it is written there, but nothing is known to run it. `calm`: kinds of deeds that mean little there.
        `without`: kinds that mean nothing there.
        """
        for deed in deeds(line, self._inspection.budget.check_time, without):
            mild = deed.usual or deed.kind in calm
            level = Level.NOTE if mild else Level.CAREFUL if only_text or deed.answered else level_of(deed)
            self.note(deed.kind, fact("command", deed.text, number, place), level=level)

    def leave_out(self) -> None:
        """Something was not looked at, because there is too much of it."""
        self._inspection.partly("too_complicated")

    def has(self, kind: str, at_least: Level = Level.NOTE) -> bool:
        """Whether it was seen, and weighed at least so much."""
        return LEVEL_ORDER.index(self._levels.get(kind, Level.NONE)) >= LEVEL_ORDER.index(at_least)

    def weigh(self, **values: Value) -> None:
        """Report everything, once."""
        for kind, facts in self._facts.items():
            self._inspection.report(f"code-{kind}", *dict.fromkeys(facts), level=self._levels[kind], **values)
        together = self._together()
        if together:
            facts = [self._facts[kind][0] for kind in together if self._facts[kind]]
            self._inspection.report("code-together", *facts)

    def _together(self) -> list[str]:
        suspicious = [
            kind for kind in self._facts if kind in _SUSPICIOUS & self._done and self.has(kind, Level.CAREFUL)
        ]
        means = [kind for kind in self._facts if kind in _MEANS and self.has(kind, Level.CAREFUL)]
        if len(suspicious) >= 2 or (means and set(suspicious) - _COMES_WITH_STARTING):
            return [*suspicious, *means]
        if self._goes_anywhere and _NEEDS_ONLY_NETWORK & set(suspicious) - (set() if self._tells else _TOLD):
            return [*suspicious, "network"]
        return []


def level_of(deed: Deed) -> Level | None:
    """How bad a command is that is known to be run, None for what its rule says."""
    if deed.usual:
        return Level.NOTE
    return Level.HIGH if deed.kind == "installs" and _UNPROTECTED.search(deed.text) else None


def fact(label: str, text: str, line: int | None = None, place: str = "") -> Evidence:
    """A fact with the place it stands at, `place` naming the cell of a notebook."""
    text = text[:_LONGEST_FACT]
    return Evidence(label, f"{place}: {text}" if place else text, line=line)
