"""YARA rules of an analyst, beside ours: an optional extra (`yara-x`), and a folder with `*.yar` files.

The folder is read, and its rules are tried, in this process: they are the person's own. They are applied to the files
of a repository in the worker.
"""

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import UserFacingError
from core.findings import Evidence, Level
from core.scanning.inspection import Inspection

if TYPE_CHECKING:
    import yara_x

_LARGEST = 8 << 20
"""Bytes of all rules together."""
LOCAL_BYTES, REMOTE_BYTES = 64 << 20, 1 << 20
"""Of each file, from its beginning, that the rules are applied to."""
_SECONDS = 20
_MOST_FACTS = 8
_LEVELS = {"note": Level.NOTE, "careful": Level.CAREFUL, "high": Level.HIGH}


def read_rules(folder: Path) -> dict[str, str]:
    """File name -> source of all rules in a folder, none if there is no such folder.

    Raises `UserFacingError` if the extra is not installed, or a file cannot be read or understood.
    """
    places = rule_files(folder)
    if not places:
        return {}
    try:
        import yara_x  # noqa: PLC0415  an optional extra
    except ImportError:
        raise UserFacingError("own_rules.no_extra", folder=str(folder)) from None
    sources: dict[str, str] = {}
    for place in places:
        try:
            sources[place.name] = place.read_text(encoding="utf-8")
            yara_x.compile(sources[place.name])
        except (OSError, UnicodeDecodeError, yara_x.CompileError) as problem:
            why = str(problem).strip().split("\n", 1)[0]
            raise UserFacingError("own_rules.not_understood", file=str(place), why=why) from problem
    if sum(map(len, sources.values())) > _LARGEST:
        raise UserFacingError("own_rules.not_understood", file=str(folder), why=f"> {_LARGEST:,}")
    return sources


def rule_files(folder: Path) -> list[Path]:
    """The files of a folder that hold rules, by name; none if there is no such folder."""
    return sorted(place for place in folder.glob("*") if place.suffix.lower() in {".yar", ".yara"})


def import_engine() -> None:
    """Load the library of YARA-X."""
    import yara_x  # noqa: F401, PLC0415  an optional extra


class OwnRules:
    """Compiled rules, used from several threads."""

    def __init__(self, sources: Mapping[str, str], most_bytes: int) -> None:
        import yara_x  # noqa: PLC0415  an optional extra

        compiler = yara_x.Compiler()
        for name, source in sources.items():
            compiler.new_namespace(name)
            compiler.add_source(source)
        self._rules = compiler.build()
        self._most = most_bytes
        self._of_thread = threading.local()

    def report(self, inspection: Inspection) -> None:
        """Add a finding for every rule that matches."""
        import yara_x  # noqa: PLC0415  an optional extra

        scanner = getattr(self._of_thread, "scanner", None)
        if scanner is None:
            scanner = self._of_thread.scanner = yara_x.Scanner(self._rules)
            scanner.set_timeout(_SECONDS)
        try:
            results = scanner.scan(inspection.read_at(0, min(inspection.file.size, self._most)))
        except (yara_x.ScanError, yara_x.TimeoutError, OSError):
            inspection.partly("own_rules_failed")
            return
        for rule in results.matching_rules:
            _report(inspection, rule)


def _report(inspection: Inspection, rule: "yara_x.Rule") -> None:
    facts = [Evidence("text", f"{key}: {value}") for key, value in rule.metadata]
    for pattern in rule.patterns:
        facts += [Evidence("name", pattern.identifier, match.offset) for match in list(pattern.matches)[:2]]
    level = _LEVELS.get(str(dict(rule.metadata).get("level", "")).lower())
    inspection.report("own-rule", *facts[:_MOST_FACTS], level=level, name=rule.identifier, file=rule.namespace)
