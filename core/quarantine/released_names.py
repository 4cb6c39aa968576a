"""Repository paths as names on this disk: what Windows, Explorer or the eye would misunderstand is replaced.

Device names, trailing dots and blanks, and forbidden characters: Microsoft, "Naming Files, Paths, and Namespaces".
The rules of Windows hold on every system, because a released folder travels.
"""

import hashlib
import sys
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from core.windows_names import ACTS_ON_ITS_FOLDER, DEVICE, FORBIDDEN, INVISIBLE

_LONGEST_PART = 120
"""Bytes of UTF-8: below the 255 of ext4 and the 255 UTF-16 units of NTFS, with room for a number."""
_LONGEST_PATH = 180
"""Characters: with a usual folder before it, below the 260 that Explorer can handle."""
_LONG = "long-names"


@dataclass(frozen=True, slots=True)
class ReleasedName:
    """A repository path and where it goes, relative to the release folder."""

    path: str
    released_as: PurePosixPath

    @property
    def replaced(self) -> bool:
        """True if the name on the disk is not the repository's."""
        return str(self.released_as) != self.path


def released_names(paths: Iterable[str]) -> tuple[ReleasedName, ...]:
    """A name for every path, in order: inside the folder, different even where capital letters do not count."""
    names = _Names()
    return tuple(ReleasedName(path, names.place(path)) for path in paths)


def harmless_part(part: str) -> str:
    """One part of a path without anything that a file system or a reader could misunderstand."""
    shown = "".join("_" if _is_trouble(character) else character for character in unicodedata.normalize("NFC", part))
    stripped = shown.rstrip(". ")
    shown = stripped + "_" * (len(shown) - len(stripped)) if stripped else "_"
    if DEVICE.match(shown) or shown.casefold() in ACTS_ON_ITS_FOLDER:
        shown = f"_{shown}"
    return shown if len(shown.encode("utf-8")) <= _LONGEST_PART else _shortened(shown, part)


def extended(path: Path) -> Path:
    r"""The same path beyond the 260 characters of old Windows programs: `\\?\C:\…`, `\\?\UNC\server\share\…`."""
    return Path(extended_text(str(path.absolute()))) if sys.platform == "win32" else path


def extended_text(path: str) -> str:
    """An absolute Windows path in its extended form."""
    if path.startswith("\\\\?\\"):
        return path
    return f"\\\\?\\UNC\\{path[2:]}" if path.startswith("\\\\") else f"\\\\?\\{path}"


class _Names:
    """Names given so far, by folder and by what a file system that ignores capitals would make of them."""

    def __init__(self) -> None:
        self._owners: dict[tuple[str, str], tuple[str, bool]] = {("", _LONG): ("", True)}

    def place(self, path: str) -> PurePosixPath:
        parts = path.split("/")
        parents = ""
        for part in parts[:-1]:
            parents = f"{parents}{self._free(parents, harmless_part(part), (part, True))}/"
        placed = parents + self._free(parents, harmless_part(parts[-1]), (path, False))
        if len(placed) <= _LONGEST_PATH:
            return PurePosixPath(placed)
        short = harmless_part(_shortened(harmless_part(parts[-1]), path))
        return PurePosixPath(f"{_LONG}/{self._free(f'{_LONG}/', short, (path, False))}")

    def _free(self, parents: str, name: str, owner: tuple[str, bool]) -> str:
        """`name`, or with a number if another path has it. `owner`: whose it is, and whether it is a folder."""
        number = 1
        candidate = name
        while self._owners.setdefault((parents.casefold(), _folded(candidate)), owner) != owner:
            number += 1
            candidate = _numbered(name, number)
        return candidate


def _is_trouble(character: str) -> bool:
    category = unicodedata.category(character)
    blank = category == "Zs" and character != " "
    return character in FORBIDDEN or category in INVISIBLE or blank


def _shortened(name: str, whole: str) -> str:
    """The start and the ending of a name, with a digest of the whole between them."""
    digest = hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    ending = PurePosixPath(name).suffix
    ending = ending if len(ending.encode("utf-8")) <= 20 else ""
    start = name.encode("utf-8")[:60].decode("utf-8", "ignore").rstrip(". ")
    return f"{start}-{digest}{ending}"


def _numbered(name: str, number: int) -> str:
    ending = PurePosixPath(name).suffix
    return f"{name.removesuffix(ending)} ({number}){ending}"


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name.casefold())
