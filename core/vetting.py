"""The one story, top to bottom: from what was understood to the report. Every front end calls `vet`."""

import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from core.comparison import findings as comparison_findings
from core.comparison.compare import compare
from core.comparison.results import Comparison
from core.findings import LEVEL_ORDER, FileResult, Finding
from core.hub_templates import with_templates_of_the_hub
from core.identity import findings as identity_findings
from core.identity import signature_findings
from core.identity.identify import Wish, identify
from core.identity.publishers import NOTHING_OWN, Directory, OwnList, directory_for
from core.identity.relation import Compared, Related, heads_to_read, relate
from core.identity.relation import findings as relation_findings
from core.identity.results import Identity
from core.identity.signature import with_signature
from core.joint_findings import joint_findings, of_known_makers, weighed
from core.passing_off import passing_off
from core.progress import CancelToken, Progress, ProgressCallback, Step
from core.report import Report, report_id, tool
from core.repository import Hub, RepoReference, Snapshot
from core.scanning import header_reading
from core.scanning.byte_sources import BytesFile
from core.scanning.engine import NO_RULES, Target, scan
from core.services import DEMO_ENDPOINT, OriginalChoice
from core.verdict import judge

FIND_IT = OriginalChoice()
_CARD = "README.md"


def vet(
    reference: RepoReference,
    hub: Hub,
    progress: ProgressCallback,
    cancel: CancelToken,
    choice: OriginalChoice = FIND_IT,
    *,
    demo: bool = False,
    own_rules: Mapping[str, str] = NO_RULES,
    own_publishers: OwnList = NOTHING_OWN,
    signals_off: Collection[str] = (),
) -> Report:
    """Check one repository. Downloads nothing but ranges and small text files.

    `signals_off`: ids of `core.identity.signal_kinds.KINDS` that the Hub is not asked for.

    Raises:
        UserFacingError: the repository could not be read at all.
        Cancelled: the person asked to stop.
    """
    clock = _StepClock(progress)
    before = hub.network()
    with clock.step(Step.LISTING):
        snapshot = hub.snapshot(reference, progress, cancel)
    directory = directory_for(snapshot.endpoint, own_publishers)
    with clock.step(Step.ORIGINAL):
        wish = Wish(choice.repository, not choice.none, choice.remembered, signals_off)
        identity = identify(snapshot, hub, progress, cancel, wish, directory)
        identity = with_signature(snapshot, identity, hub, cancel)
    with clock.step(Step.COMPARING):
        original = identity.original.snapshot if identity.original else None
        comparison = compare(snapshot, original, hub, progress, cancel)
        related = _related(snapshot, identity, comparison, directory, hub, cancel)
    with clock.step(Step.SCANNING):
        targets = [Target(file.path, file.size) for file in snapshot.files]
        files = scan(targets, lambda path: hub.open(snapshot, path, cancel), progress, cancel, own_rules=own_rules)
        files = with_templates_of_the_hub(files, snapshot, lambda path, file: _scan_one(path, file, cancel))
    with clock.step(Step.REPORT):
        findings = _findings(snapshot, identity, related, comparison, files, directory)
        files = _each_with_its_own(files, findings)
        verdict = judge(snapshot, identity, related.relation, comparison, files, findings)
    if demo:
        snapshot, identity = _without_port(snapshot, identity)
    return Report(
        id=report_id(snapshot, findings, verdict),
        tool=tool(),
        checked_at=datetime.now(UTC),
        reference=reference,
        snapshot=snapshot,
        identity=identity,
        relation=related.relation,
        relation_reasons=related.reasons,
        comparison=comparison,
        files=files,
        findings=findings,
        verdict=verdict,
        timings=tuple(clock.seconds),
        network=hub.network(before),
        demo=demo,
    )


def _scan_one(path: str, file: BytesFile, cancel: CancelToken) -> FileResult:
    return scan([Target(path, file.size)], lambda _: file, lambda _: None, cancel)[0]


def _related(
    snapshot: Snapshot,
    identity: Identity,
    comparison: Comparison,
    directory: Directory,
    hub: Hub,
    cancel: CancelToken,
) -> Related:
    inventory, cards = comparison.inventory, comparison.cards
    compared = Compared(
        inventory.weights_identical if inventory else 0,
        inventory.weights_total if inventory else 0,
        cards.similarity if cards else 0.0,
    )
    heads = heads_to_read(snapshot, identity, compared)
    if heads is not None and identity.original is not None:
        sides = zip((snapshot, identity.original.snapshot), heads, strict=True)
        here, there = header_reading.read(
            [(file.path, hub.open(side, file.path, cancel)) for side, file in sides], cancel
        )
        compared = replace(compared, here=here, original=there)
    return relate(snapshot, identity, compared, directory)


def _findings(
    snapshot: Snapshot,
    identity: Identity,
    related: Related,
    comparison: Comparison,
    files: tuple[FileResult, ...],
    directory: Directory,
) -> tuple[Finding, ...]:
    original = identity.original.snapshot if identity.original else None
    scanned = (
        one
        for result in files
        for one in result.findings
        # The card was judged with the original's beside it.
        if not (result.path == _CARD and one.rule.startswith("scanning.instruction"))
    )
    found = (
        *joint_findings(snapshot, original, related.relation, comparison, files),
        *identity_findings.findings(snapshot, identity, directory),
        *signature_findings.findings(snapshot, identity, related.relation, files),
        *relation_findings(snapshot, identity, related),
        *comparison_findings.findings(comparison, directory.websites),
        *weighed(scanned, snapshot, original, comparison, related.relation),
    )
    found = tuple(of_known_makers(found, snapshot, identity.publisher is not None))
    found = (*passing_off(snapshot, original, related.relation, comparison, found), *found)
    # Stable: within a level the order above is the order of attention.
    return tuple(sorted(found, key=lambda one: -LEVEL_ORDER.index(one.level)))


def _each_with_its_own(files: tuple[FileResult, ...], findings: tuple[Finding, ...]) -> tuple[FileResult, ...]:
    """What any stage found of a file belongs to that file: whoever looks at its row must not miss it."""
    of_file: dict[str, list[Finding]] = {}
    for found in findings:
        if found.path is not None:
            of_file.setdefault(found.path, []).append(found)
    return tuple(replace(result, findings=tuple(of_file.get(result.path, ()))) for result in files)


def _without_port(snapshot: Snapshot, identity: Identity) -> tuple[Snapshot, Identity]:
    """The demo hub listens on another port each time; reports and approvals must not depend on it."""
    if identity.original is not None:
        there = replace(identity.original.snapshot, endpoint=DEMO_ENDPOINT)
        identity = replace(identity, original=replace(identity.original, snapshot=there))
    return replace(snapshot, endpoint=DEMO_ENDPOINT), identity


class _StepClock:
    """Tells the person which step begins, and remembers how long each took."""

    def __init__(self, progress: ProgressCallback) -> None:
        self._progress = progress
        self.seconds: list[tuple[Step, float]] = []

    @contextmanager
    def step(self, step: Step) -> Iterator[None]:
        self._progress(Progress(step))
        began = time.monotonic()
        yield
        self.seconds.append((step, time.monotonic() - began))
