"""Which original a person chose for which repository: a small JSON file in the data folder."""

import json
import threading
from pathlib import Path

from core.address import is_name
from core.atomic_file import write_atomically
from core.paths import private_folder
from core.repository import RepositoryId
from core.services import OriginalChoice

_KEPT = 500
_LOCK = threading.Lock()


class OriginalChoices:
    """The choices for one Hub. A file that cannot be read counts as empty: then the original is looked for."""

    def __init__(self, path: Path, hub: str) -> None:
        self._path = path
        self._hub = hub

    def of(self, repository: RepositoryId) -> OriginalChoice | None:
        """What was chosen, None if nothing."""
        chosen = self._read().get(self._key(repository))
        if chosen is None:
            return None
        if not chosen:
            return OriginalChoice(none=True, remembered=True)
        return OriginalChoice(RepositoryId(repository.kind, chosen), remembered=True)

    def keep(self, repository: RepositoryId, choice: OriginalChoice) -> None:
        """Remember a choice; one that says "find it" forgets. Raises `UserFacingError` or `OSError`."""
        if choice.repository is None and not choice.none:
            self.forget(repository)
            return
        with _LOCK:
            kept = self._read()
            kept.pop(self._key(repository), None)
            kept[self._key(repository)] = choice.repository.name if choice.repository else ""
            self._write(dict(list(kept.items())[-_KEPT:]))

    def forget(self, repository: RepositoryId) -> None:
        """Look for the original again from now on."""
        with _LOCK:
            kept = self._read()
            if kept.pop(self._key(repository), None) is not None:
                self._write(kept)

    def _key(self, repository: RepositoryId) -> str:
        return f"{self._hub} {repository.kind} {repository.name.lower()}"

    def _read(self) -> dict[str, str]:
        """Key to the chosen name, "" for "compare with nothing"; the oldest choice first."""
        try:
            kept = json.loads(self._path.read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        if not isinstance(kept, dict):
            return {}
        return {key: name for key, name in kept.items() if isinstance(name, str) and (not name or is_name(name))}

    def _write(self, kept: dict[str, str]) -> None:
        private_folder(self._path.parent)
        write_atomically(self._path, json.dumps(kept, indent=1).encode("utf-8"))
