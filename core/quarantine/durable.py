"""What the disk must keep across a power cut, and what Windows refuses for a moment while somebody looks at a file."""

import errno
import os
import shutil
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from core.errors import UserFacingError

Result = TypeVar("Result")

_SHARING_VIOLATIONS = frozenset({5, 32, 33})
"""ERROR_ACCESS_DENIED, ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION: a virus scanner or an indexer has it open."""
_TRIES = 12
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def patiently(action: Callable[[], Result], pause: Callable[[float], None] = time.sleep) -> Result:
    """Do `action`, again up to a dozen times within about two seconds while Windows says the file is in use."""
    for attempt in range(1, _TRIES):
        try:
            return action()
        except OSError as error:
            if getattr(error, "winerror", None) not in _SHARING_VIOLATIONS:
                raise
            pause(attempt * 0.03)
    return action()


def move(source: Path, target: Path) -> None:
    """Rename a file or folder and make the rename itself durable. A file at `target` is replaced."""
    patiently(lambda: source.replace(target))
    sync_folder(target.parent)
    sync_folder(source.parent)


def sync_folder(folder: Path) -> None:
    """Flush the entries of a folder. Windows cannot, and its journal keeps renames in order."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove_tree(folder: Path) -> None:
    """Remove a folder with everything in it, read-only files too (Windows refuses those at first)."""
    if not folder.exists():
        return
    for parent, _, names in os.walk(folder):
        for name in names:
            path = Path(parent, name)
            if not path.is_symlink():
                path.chmod(stat.S_IREAD | stat.S_IWRITE)
    patiently(lambda: shutil.rmtree(folder))


def in_words(error: OSError) -> UserFacingError:
    """A refusal of the disk as a sentence."""
    if error.errno in _FULL:
        return UserFacingError("quarantine.disk_full")
    return UserFacingError("quarantine.disk", reason=error.strerror or type(error).__name__)
