"""Findings that no single stage can make: they need the comparison, the identity and the scan together.

"Identical weights, plus a program, plus the instruction to run it" is the pattern of the 2026 incident,
and each third of it comes from another stage.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from core.comparison.commands import RepositoryPaths
from core.comparison.results import Addition, AdditionKind, Comparison, FileRelation
from core.credit import declares, says_so
from core.findings import LEVEL_ORDER, Ability, Evidence, FileResult, FileState, Finding, Level, finding
from core.identity.relation import templates
from core.identity.results import Relation
from core.identity.signals import late_programs
from core.repository import EngineState, Snapshot
from core.text import text

COPIED_CARD = 0.6
"""Share of the original's card from which on we say that it was copied."""

SAYS_IT_IS_THE_SAME = frozenset({Relation.IDENTICAL_WEIGHTS, Relation.CLAIMS_TO_BE, Relation.NAMED_ALIKE})
"""Relations for which anything that runs and is not the original's is out of the ordinary."""
_MADE_FROM_IT = frozenset({Relation.DERIVED, Relation.CONVERTED})
_RUNNABLE = frozenset({Ability.PROGRAM, Ability.SCRIPT})
_PROGRAMS_OF_OTHER_SYSTEMS = frozenset(
    {"linux_program", "mac_program", "linux_package", "mac_disk_image", "android_package"}
)
"""Machine code and installers, which `Ability.SCRIPT` has among what needs a program to start it."""
_ANTIVIRUS = frozenset({"avScan", "virusTotalScan"})


def joint_findings(
    snapshot: Snapshot,
    original: Snapshot | None,
    relation: Relation | None,
    comparison: Comparison,
    files: Iterable[FileResult],
) -> tuple[Finding, ...]:
    """All of them. `original` None: only what the Hub's own engines say."""
    found = list(_hub_engines(snapshot))
    results = {result.path: result for result in files}
    if original is not None and relation is not None and relation is not Relation.IS_ORIGINAL:
        found += _extra_files(original, relation, comparison, results)
        found += _run_instructions(snapshot, original, relation, comparison, results)
        found += _copies(original, relation, comparison)
    told = {one.path for one in found if one.rule == "joint.added-run-instruction"}
    found += (one for one in _own_instructions(snapshot, relation, comparison, results) if one.path not in told)
    return tuple(found)


def weighed(
    found: Iterable[Finding],
    snapshot: Snapshot,
    original: Snapshot | None,
    comparison: Comparison,
    relation: Relation | None = None,
) -> Iterator[Finding]:
    """What the scanner found, one step lower where the original has the very same file, or is what a file leads to.

    Who trusts the original trusts its files; and code of the declared base model, or of the same account, is not a
    stranger's. A template that steers weighs more where the template of the same model does not.
    """
    same = {pair.path for pair in comparison.inventory.of(FileRelation.IDENTICAL)} if comparison.inventory else set()
    known = {name.lower() for name in snapshot.base_models}
    if original is not None:
        known.add(original.repository.name.lower())
    own = snapshot.repository.owner.lower()
    for one in found:
        led_to = str(dict(one.values)["name"]).lower() if one.rule == "scanning.auto-map-elsewhere" else ""
        leads_to_known = led_to in known or (own and led_to.startswith(f"{own}/"))
        if one.path in same or leads_to_known:
            yield replace(one, level=_ONE_STEP_LOWER.get(one.level, one.level))
        elif one.rule == "scanning.template-steers" and _steers_anew(one, original, relation):
            yield replace(one, level=Level.HIGH)
        else:
            yield one


def _steers_anew(found: Finding, original: Snapshot | None, relation: Relation | None) -> bool:
    """True if this should be the original's model, whose own template neither looks for that nor says it."""
    there = templates(original) if original is not None else frozenset()
    if not there or relation not in SAYS_IT_IS_THE_SAME | {Relation.CONVERTED}:
        return False
    told = (match[1] or match[2] for one in found.evidence if (match := _WORDS_OF_TEMPLATE.search(one.value)))
    return any(not any(words in template for template in there) for words in told)


_WORDS_OF_TEMPLATE = re.compile(r"^['\"](.+)['\"] in message$|^(https?://\S+)$")
"""As `core.scanning.templates` writes down a word that is looked for, and an address."""


def of_known_makers(found: Iterable[Finding], snapshot: Snapshot, known: bool) -> Iterator[Finding]:
    """Programs that a listed account has put beside its models, one step lower: some make such programs.

    Not those that came later than the rest: then it is not known who put them there.
    """
    late = set(late_programs(snapshot))
    for one in found:
        lower = known and one.rule in _ABOUT_PROGRAMS and one.level is Level.HIGH and one.path not in late
        yield replace(one, level=Level.CAREFUL) if lower else one


_ABOUT_PROGRAMS = frozenset(
    {"scanning.code-program", "joint.extra-program", "joint.run-instruction", "joint.added-run-instruction"}
)
_ONE_STEP_LOWER = {Level.HIGH: Level.CAREFUL, Level.CAREFUL: Level.NOTE}


def added_runnable(comparison: Comparison, files: Mapping[str, FileResult]) -> tuple[str, ...]:
    """Paths of programs and scripts that the original does not have."""
    if comparison.inventory is None:
        return ()
    extra = (pair.path for pair in comparison.inventory.of(FileRelation.EXTRA))
    return tuple(path for path in extra if path in files and files[path].ability in _RUNNABLE)


def added_commands(comparison: Comparison) -> tuple[Addition, ...]:
    """Commands that only this card has and that run a file of this repository."""
    if comparison.cards is None:
        return ()
    return tuple(a for a in comparison.cards.additions if a.kind is AdditionKind.COMMAND and a.runs)


def _extra_files(
    original: Snapshot, relation: Relation, comparison: Comparison, files: Mapping[str, FileResult]
) -> Iterator[Finding]:
    for path in added_runnable(comparison, files):
        if files[path].ability is Ability.PROGRAM:
            yield finding("joint.extra-program", path, original=original.repository.name)
        else:
            level = Level.CAREFUL if relation in SAYS_IT_IS_THE_SAME else Level.NOTE
            yield finding("joint.extra-script", path, level=level, original=original.repository.name)


def _run_instructions(
    snapshot: Snapshot, original: Snapshot, relation: Relation, comparison: Comparison, files: Mapping[str, FileResult]
) -> Iterator[Finding]:
    same_there = (
        {pair.path for pair in comparison.inventory.of(FileRelation.IDENTICAL)} if comparison.inventory else set()
    )
    honest = _credited_in_own_words(snapshot, original, comparison) and all(
        _is_quiet(files[path]) for path in added_runnable(comparison, files)
    )
    for addition in added_commands(comparison):
        for path in addition.runs:
            if path in same_there:
                continue
            program = _is_program(files.get(path))
            poses = relation in SAYS_IT_IS_THE_SAME and not honest
            level = Level.HIGH if program or poses else Level.CAREFUL
            yield finding(
                "joint.added-run-instruction",
                path,
                (Evidence("command", addition.value),),
                level,
                command=addition.value,
                original=original.repository.name,
            )


def _credited_in_own_words(snapshot: Snapshot, original: Snapshot, comparison: Comparison) -> bool:
    """A page that says what it was made from, and describes it itself, has the right to tell how to use it."""
    copied = comparison.cards is not None and comparison.cards.similarity >= COPIED_CARD
    return not copied and (declares(snapshot, original) or says_so(original, comparison))


def _is_program(file: FileResult | None) -> bool:
    return file is not None and (file.ability is Ability.PROGRAM or file.kind in _PROGRAMS_OF_OTHER_SYSTEMS)


def _is_quiet(file: FileResult) -> bool:
    """A script that was read to its end, and in which nothing was found to be careful of."""
    return file.state is FileState.CHECKED and LEVEL_ORDER.index(file.level) < LEVEL_ORDER.index(Level.CAREFUL)


def _own_instructions(
    snapshot: Snapshot, relation: Relation | None, comparison: Comparison, files: Mapping[str, FileResult]
) -> Iterator[Finding]:
    """Commands of the card that start a file of this repository, with or without an original to compare with."""
    paths = RepositoryPaths(file.path for file in snapshot.files)
    same = {pair.path for pair in comparison.inventory.of(FileRelation.IDENTICAL)} if comparison.inventory else set()
    told: set[str] = set()
    for command in (command for block in comparison.here.blocks for command in block.commands):
        for path in paths.run_by(command):
            if path in told:
                continue
            told.add(path)
            if relation is Relation.IS_ORIGINAL or path in same:
                level = Level.NOTE
            else:
                program = _is_program(files.get(path))
                level = Level.HIGH if program else Level.CAREFUL
            yield finding("joint.run-instruction", path, (Evidence("command", command),), level, command=command)


def _copies(original: Snapshot, relation: Relation, comparison: Comparison) -> Iterator[Finding]:
    name = original.repository.name
    if comparison.cards is not None and comparison.cards.similarity >= COPIED_CARD:
        level = Level.NOTE if relation in _MADE_FROM_IT else Level.CAREFUL
        percent = round(comparison.cards.similarity * 100)
        yield finding("joint.copied-card", level=level, percent=percent, original=name)
    inventory = comparison.inventory
    if inventory is not None and relation is Relation.IDENTICAL_WEIGHTS:
        files = text("joint.weight_files", count=inventory.weights_identical)
        yield finding("joint.identical-weights", files=files, original=name)


def _hub_engines(snapshot: Snapshot) -> Iterator[Finding]:
    """What the engines of the Hub found: malware by the engine's name, everything softer once a file."""
    for file in snapshot.files:
        suspicious = []
        for engine in file.engines:
            if engine.state is not EngineState.FINDING:
                continue
            name, said = text(f"engine.{engine.engine}"), engine.message or engine.raw
            if engine.engine in _ANTIVIRUS and engine.raw == "unsafe":
                yield finding("joint.hub-malware", file.path, (Evidence("engine", said),), engine=name, said=said)
            else:
                suspicious.append((name, said))
        if suspicious:
            facts = (Evidence("engine", f"{name}: {said}") for name, said in suspicious)
            names = ", ".join(name for name, _ in suspicious)
            yield finding("joint.hub-suspicious", file.path, facts, engines=names, said=suspicious[0][1])
