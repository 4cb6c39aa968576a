"""One file looked at as the worker would, without a process around it."""

from core.findings import Level
from core.scanning.byte_sources import BytesFile
from core.scanning.inspection import Inspection, Surroundings
from core.scanning.routing import examine


def look_at(path: str, content: bytes | str, *beside: str) -> Inspection:
    """The finished inspection of a file with this content, in a repository that also has the files `beside`."""
    data = content.encode() if isinstance(content, str) else content
    return examine(BytesFile(data), path, Surroundings.of(frozenset({path, *beside})))


def levels(inspection: Inspection) -> dict[str, Level]:
    """Rule (without its area) to the worst level at which it was reported."""
    return {found.rule.removeprefix("scanning."): found.level for found in inspection.findings.values()}
