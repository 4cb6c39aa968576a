"""What a person added to the program: how their own YARA rules and their own list of publishers stand, in words."""

import importlib.util
from dataclasses import dataclass
from pathlib import Path

from core.errors import UserFacingError
from core.paths import Folders


@dataclass(frozen=True, slots=True)
class OwnFiles:
    """Both kinds. A `…_problem` is a sentence if something keeps them from being used, else ""."""

    rules_folder: Path
    rules_engine: bool
    """True if the optional extra that applies them is installed."""
    rules: int
    """How many rule files there are."""
    rules_problem: str
    publishers_file: Path
    publishers_added: int
    publishers_removed: int
    """Accounts taken out of our list."""
    publishers_problem: str


def own_files(places: Folders) -> OwnFiles:
    """Look at the disk; reads and tries the rules, which may take a moment."""
    from core.identity import own_list  # noqa: PLC0415  the window is on the screen before them
    from core.identity.publishers import NOTHING_OWN  # noqa: PLC0415
    from core.scanning.own_rules import read_rules, rule_files  # noqa: PLC0415

    rules_problem = publishers_problem = ""
    own = NOTHING_OWN
    try:
        read_rules(places.rules)
    except UserFacingError as error:
        rules_problem = f"{error.what} {error.do}"
    try:
        own = own_list.read(places.publishers)
    except UserFacingError as error:
        publishers_problem = f"{error.what} {error.do}"
    return OwnFiles(
        rules_folder=places.rules,
        rules_engine=importlib.util.find_spec("yara_x") is not None,
        rules=len(rule_files(places.rules)),
        rules_problem=rules_problem,
        publishers_file=places.publishers,
        publishers_added=len(own.added),
        publishers_removed=len(own.removed),
        publishers_problem=publishers_problem,
    )
