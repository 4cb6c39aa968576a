"""One file of the corpus."""

from dataclasses import dataclass
from enum import StrEnum


class Label(StrEnum):
    """What a careful analyst would say."""

    HIGH = "high"
    CAREFUL = "careful"
    BENIGN = "benign"


@dataclass(frozen=True, slots=True)
class Sample:
    """A file: `group` is the row of the checklist it belongs to, `case` what is special, `path` its name."""

    group: str
    case: str
    path: str
    content: bytes
    label: Label
    beside: tuple[str, ...] = ()
    """Other paths of the repository."""

    @property
    def id(self) -> str:
        """Unique in the corpus."""
        return f"{self.group}/{self.case}/{self.path}"


def high(group: str, case: str, path: str, content: bytes | str, *beside: str) -> Sample:
    """An attack."""
    return Sample(group, case, path, _bytes(content), Label.HIGH, beside)


def careful(group: str, case: str, path: str, content: bytes | str, *beside: str) -> Sample:
    """Something to be careful with."""
    return Sample(group, case, path, _bytes(content), Label.CAREFUL, beside)


def benign(group: str, case: str, path: str, content: bytes | str, *beside: str) -> Sample:
    """Something ordinary."""
    return Sample(group, case, path, _bytes(content), Label.BENIGN, beside)


def _bytes(content: bytes | str) -> bytes:
    return content.encode() if isinstance(content, str) else content
