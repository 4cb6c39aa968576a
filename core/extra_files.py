"""Files that the original does not have, by what they can do to the computer, the most able first."""

from core.comparison.results import FileGroup, FilePair, FileRelation, grouped
from core.findings import Ability
from core.report import Report


def extras_by_ability(report: Report) -> tuple[tuple[Ability, tuple[FileGroup, ...]], ...]:
    """Empty without an original. What was not read counts as unknown, which comes before data."""
    inventory = report.comparison.inventory
    if inventory is None:
        return ()
    abilities = {result.path: result.ability for result in report.files}
    found: dict[Ability, list[FilePair]] = {ability: [] for ability in _ORDER}
    for pair in inventory.of(FileRelation.EXTRA):
        found[abilities.get(pair.path, Ability.UNKNOWN)].append(pair)
    return tuple((ability, grouped(pairs)) for ability, pairs in found.items() if pairs)


_ORDER = (Ability.PROGRAM, Ability.SCRIPT, Ability.CODE_ON_LOAD, Ability.UNKNOWN, Ability.DATA)
