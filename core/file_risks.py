"""Which files of a report may come in at all, and which are not ticked for anyone: indexed once per question."""

from core.findings import LEVEL_ORDER, Ability, FileResult, Level, worst
from core.report import Report
from core.text import Message

RUN_INSTRUCTION_RULES = frozenset({"joint.added-run-instruction", "joint.run-instruction"})
"""Rules that say "the card tells you to run this": the value `file` names it, or else it is the finding's path."""

_RUNS = frozenset({Ability.PROGRAM, Ability.SCRIPT})


def is_open(level: Level) -> bool:
    """True for what a person must read first: anything worse than "good to know"."""
    return LEVEL_ORDER.index(level) > LEVEL_ORDER.index(Level.NOTE)


class FileRisks:
    """What all stages together say of each file of one report."""

    def __init__(self, report: Report) -> None:
        self._results: dict[str, FileResult] = {result.path: result for result in report.files}
        self._levels: dict[str, Level] = {}
        self._told_to_run: set[str] = set()
        self._repository_known_bad = False
        for found in report.findings:
            if found.path is not None:
                self._levels[found.path] = worst((self._levels.get(found.path, Level.NONE), found.level))
            elif found.level is Level.KNOWN_BAD:
                self._repository_known_bad = True
            if found.rule in RUN_INSTRUCTION_RULES:
                self._told_to_run.add(str(dict(found.values).get("file", found.path)))

    def level(self, path: str) -> Level:
        """The worst said of the file by any stage; a file that our engine did not report on is not checked."""
        result = self._results.get(path)
        return worst((Level.NOT_CHECKED if result is None else result.level, self._levels.get(path, Level.NONE)))

    def risky(self, path: str) -> bool:
        """True if the file is never ticked by default."""
        return self.refused(path) or is_open(self.level(path)) or self._ability(path) in _RUNS

    def refused(self, path: str) -> bool:
        """True for known bad files, programs, and scripts that the card tells people to run.

        In a repository that is itself known bad, that is every file.
        """
        return self._known_bad(path) or self._ability(path) is Ability.PROGRAM or self._script_to_run(path)

    def refusal(self, path: str) -> Message | None:
        """Why the file cannot come in through the normal interface, if so."""
        if not self.refused(path):
            return None
        if self._known_bad(path):
            return Message.of("approval.refused.known_bad", path=path)
        return Message.of(
            "approval.refused.script" if self._script_to_run(path) else "approval.refused.program", path=path
        )

    def _ability(self, path: str) -> Ability:
        result = self._results.get(path)
        return Ability.UNKNOWN if result is None else result.ability

    def _known_bad(self, path: str) -> bool:
        return self._repository_known_bad or self.level(path) is Level.KNOWN_BAD

    def _script_to_run(self, path: str) -> bool:
        return self._ability(path) is Ability.SCRIPT and path in self._told_to_run
