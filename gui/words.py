"""Times, speeds and amounts as people say them."""

import time
from collections.abc import Callable
from datetime import datetime

from core.progress import Progress
from core.text import size_text, text

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def ago(moment: datetime, now: datetime) -> str:
    """How long ago, roughly; after a week the date."""
    seconds = max(0, int((now - moment).total_seconds()))
    if seconds < _MINUTE:
        return text("window.ago.now")
    for unit, length, most in (("minutes", _MINUTE, _HOUR), ("hours", _HOUR, _DAY), ("days", _DAY, 7 * _DAY)):
        if seconds < most:
            return text(f"window.ago.{unit}", count=seconds // length)
    return moment.astimezone().strftime("%Y-%m-%d")


def duration(seconds: float) -> str:
    """A time still to wait, in the unit that fits, rounded up."""
    if seconds < _MINUTE:
        return text("window.duration.seconds", count=max(1, round(seconds)))
    if seconds < _HOUR:
        return text("window.duration.minutes", count=-(-round(seconds) // _MINUTE))
    return text("window.duration.hours", count=-(-round(seconds) // _HOUR))


def step_name(progress: Progress) -> str:
    """The name of the step that is going on."""
    return text(f"window.step.{progress.step}")


def amount(progress: Progress) -> str:
    """How far: "3 of 14", "1.2 MB of 4.7 GB", or "" while nothing can be said."""
    if progress.unit == "bytes":
        done, total = size_text(progress.done), size_text(progress.total) if progress.total is not None else ""
    else:
        done, total = f"{progress.done:,}", f"{progress.total:,}" if progress.total is not None else ""
    if total:
        return text("window.progress.of", done=done, total=total)
    return done if progress.done else ""


class Pace:
    """Speed and time left of a download, averaged since it began or went on."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._start: tuple[float, int] | None = None

    def words(self, progress: Progress) -> str:
        """For example "3.1 MB per second, about 2 minutes left"; "" until a second has passed."""
        now = self._clock()
        if progress.unit != "bytes" or self._start is None or progress.done < self._start[1]:
            self._start = (now, progress.done)
            return ""
        passed, loaded = now - self._start[0], progress.done - self._start[1]
        if passed < 1 or loaded <= 0:
            return ""
        speed = loaded / passed
        told = text("window.progress.speed", size=size_text(round(speed)))
        if progress.total is None or progress.total <= progress.done:
            return told
        left = duration((progress.total - progress.done) / speed)
        return text("window.progress.left", speed=told, left=left)
