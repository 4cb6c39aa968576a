"""One scene checked through the real client, and what of the answer is wrong."""

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.scenes.scene import Group, Scene
from core.demo.server import DemoHub
from core.findings import Level
from core.hub.session import HubSession
from core.identity.results import Confidence, Relation
from core.progress import CancelToken, Progress, Step
from core.reference import parse
from core.report import Report
from core.vetting import vet

MOST_REQUESTS = 15
"""For the search of the original; what is asked for signals about the publisher counts apart."""
_ALARM = frozenset({Level.HIGH, Level.KNOWN_BAD})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the check said of one scene. Requests are counted by the client, redirects included.

    Those for the original are what the client sent in that step, less the questions about the publisher.
    """

    scene: Scene
    level: Level
    original: str | None
    confidence: Confidence | None
    relation: Relation | None
    requests: int
    requests_for_original: int
    alarms: tuple[str, ...]
    """Rules of the findings that made the level, with their files."""

    @property
    def alarm(self) -> bool:
        """True if people are warned off."""
        return self.level in _ALARM

    @property
    def right_original(self) -> bool:
        """True if the original is one of the right ones, or rightly none."""
        return self.original in self.scene.originals if self.scene.originals else self.original is None

    @property
    def wrongly_sure(self) -> bool:
        """True for another original than the right one, said without the reserve of a guess."""
        return not self.right_original and self.confidence in {Confidence.SURE, Confidence.LIKELY}

    def misses(self) -> Iterator[str]:
        """What is wrong, in words; a wrong original that is called a guess is counted elsewhere."""
        if self.alarm and self.scene.group is not Group.IMPOSTOR:
            yield f"{self.level}, but it is honest: {', '.join(self.alarms)}"
        if not self.alarm and self.scene.group is Group.IMPOSTOR:
            yield f"only {self.level}, but it is an impostor"
        if self.wrongly_sure:
            yield f"{self.confidence} that the original is {self.original}, not {self._right}"
        if self.right_original and self.relation not in self.scene.relations:
            yield f"relation {self.relation}, not {' or '.join(map(str, self.scene.relations))}"
        if self.requests_for_original > MOST_REQUESTS:
            yield f"{self.requests_for_original} requests for the original, at most {MOST_REQUESTS}"

    @property
    def _right(self) -> str:
        return " or ".join(self.scene.originals) or "none"


def check(hub: DemoHub, scene: Scene) -> Outcome:
    """Check a scene as a person would: paste its address."""
    counts: dict[Step, int] = {}
    with HubSession(hub.endpoint) as session:

        def note(progress: Progress) -> None:
            counts.setdefault(progress.step, session.requests)

        report = vet(parse(scene.address, hub.endpoint), session, note, CancelToken(), demo=True)
        about_publisher = sum(report.identity.visitors.requests.values())
        spent = counts[Step.COMPARING] - counts[Step.ORIGINAL] - about_publisher
        return _outcome(scene, report, session.requests, spent)


def _outcome(scene: Scene, report: Report, requests: int, for_original: int) -> Outcome:
    original = report.identity.original
    alarms = (f"{one.rule} {one.path or ''}".strip() for one in report.findings if one.level in _ALARM)
    return Outcome(
        scene=scene,
        level=report.verdict.level,
        original=original.snapshot.repository.name if original else None,
        confidence=original.confidence if original else None,
        relation=report.relation,
        requests=requests,
        requests_for_original=for_original,
        alarms=tuple(dict.fromkeys(alarms)),
    )
