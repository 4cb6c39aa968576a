"""Two repositories made of bytes, compared as a check would, with a hub that tells what was asked of it."""

from collections.abc import Mapping
from io import BytesIO

from core.byte_reader import ByteReader
from core.comparison.compare import compare
from core.comparison.results import Comparison, FileDifference
from core.errors import UserFacingError
from core.progress import CancelToken, ignore_progress
from core.repository import Snapshot
from core.text import render
from tests.core.snapshots import FakeHub, snapshot

Files = Mapping[str, bytes]


class _File(BytesIO):
    """A `ByteReader` in memory."""

    error = None

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.size = len(content)


class TwoRepositories(FakeHub):
    """Serves the files of both; `unreadable` paths fail, `opened` are those that were asked for."""

    def __init__(self, original: Files, here: Files, unreadable: frozenset[str] = frozenset()) -> None:
        self.original, self.here = snapshot("maker/model", original), snapshot("copier/model", here)
        super().__init__(self.original, self.here)
        self._contents = {"maker/model": original, "copier/model": here}
        self._unreadable = unreadable
        self.opened: list[str] = []

    def open(self, snapshot: Snapshot, path: str, cancel: CancelToken) -> ByteReader:
        cancel.check()
        self.opened.append(path)
        if path in self._unreadable:
            raise UserFacingError("hub.not_found", name=path)
        return _File(self._contents[snapshot.repository.name][path])


def beside(original: Files, here: Files, **facts: frozenset[str]) -> Comparison:
    """The comparison of two repositories with these files."""
    hub = TwoRepositories(original, here, **facts)
    return compare(hub.here, hub.original, hub, ignore_progress, CancelToken())


def difference(comparison: Comparison, path: str) -> FileDifference:
    """The one difference of a file."""
    (only,) = [one for one in comparison.differences if one.path == path]
    return only


def changes(comparison: Comparison, path: str) -> list[str]:
    """How a file differs, in words."""
    inventory = comparison.inventory
    assert inventory is not None
    return [render(change) for pair in inventory.pairs if pair.path == path for change in pair.changes]
