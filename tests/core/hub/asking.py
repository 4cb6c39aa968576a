"""How these tests ask the demo hub: quick to give up, and with a person who waits or cancels without a clock."""

from collections.abc import Callable

import pytest

from core.errors import UserFacingError
from core.hub.session import HubSession
from core.hub.transport import Patience
from core.progress import CancelToken, ignore_progress
from core.repository import RepoReference, RepositoryId, RepositoryKind, Snapshot

MODEL = "lab/model"
CARD = b"---\nlicense: mit\nbase_model: lab/first\n---\n# A model\n"
CONFIG = b'{"model_type": "bert"}'
WEIGHTS = bytes(range(251)) * 4000
"""About 1 MB, so that a reader needs several requests and a download several pieces."""
FILES = {"README.md": CARD, "config.json": CONFIG, "model.safetensors": WEIGHTS}

ONCE = Patience(attempts=1)
"""No second attempt."""
HASTY = Patience(connect=5, read=0.2, request=0.4, attempts=1)
"""For servers that say nothing: the test waits this long."""


class Unhurried(CancelToken):
    """A person for whom time flies: pauses are noted, not waited for."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []

    def wait(self, seconds: float) -> None:
        self.check()
        self.waits.append(seconds)


class Impatient(CancelToken):
    """A person who cancels while something is going on: when the work has looked that often."""

    def __init__(self, looks: int) -> None:
        super().__init__()
        self._looks = looks

    @property
    def cancelled(self) -> bool:
        self._looks -= 1
        if self._looks <= 0:
            self.cancel()
        return super().cancelled


def reference(name: str = MODEL, kind: str = "model", revision: str | None = None) -> RepoReference:
    return RepoReference(RepositoryId(RepositoryKind(kind), name), revision)


def snapshot_of(
    session: HubSession,
    name: str = MODEL,
    kind: str = "model",
    revision: str | None = None,
    cancel: CancelToken | None = None,
) -> Snapshot:
    return session.snapshot(reference(name, kind, revision), ignore_progress, cancel or Unhurried())


def refused(action: Callable[[], object]) -> str:
    """The id of the error, which has all three sentences."""
    with pytest.raises(UserFacingError) as error:
        action()
    assert error.value.what
    assert error.value.means
    assert error.value.do
    return error.value.message_id
