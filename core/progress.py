"""How a long-running function tells how far it is, and learns that the person wants it to stop."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Cancelled(Exception):
    """The person asked to stop. Not an error: nothing is shown but "cancelled"."""


class CancelToken:
    """Set once by the person, asked often by the work. Safe to share between threads."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        """Ask the work to stop at its next check."""
        self._event.set()

    @property
    def cancelled(self) -> bool:
        """True once `cancel` was called."""
        return self._event.is_set()

    def check(self) -> None:
        """Raise `Cancelled` if the person asked to stop."""
        if self._event.is_set():
            raise Cancelled

    def wait(self, seconds: float) -> None:
        """Sleep for `seconds`, but raise `Cancelled` at once when asked to stop."""
        if self._event.wait(seconds):
            raise Cancelled


class Step(StrEnum):
    """The stages a person is told about, in order."""

    LISTING = "listing"
    ORIGINAL = "original"
    COMPARING = "comparing"
    SCANNING = "scanning"
    REPORT = "report"
    DOWNLOADING = "downloading"
    VERIFYING = "verifying"
    RELEASING = "releasing"
    PUBLISHERS = "publishers"
    """Besides the stages: the list of publishers is held against the Hub."""


@dataclass(frozen=True, slots=True)
class Progress:
    """One report of progress: `done` of `total` in `unit` ("files", "bytes", "requests"); total may be unknown."""

    step: Step
    done: int = 0
    total: int | None = None
    unit: str = "files"
    subject: str = ""
    """Repository text (a path); show through `display_name` only."""


ProgressCallback = Callable[[Progress], None]


def ignore_progress(progress: Progress) -> None:
    """A `ProgressCallback` for callers that do not care."""
