"""One worker per item, also between two programs. The system lets go of the lock when a program ends in any way."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from core.errors import UserFacingError

if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def item_lock(path: Path) -> Iterator[None]:
    """Hold the lock file at `path`; it stays on the disk, because removing it would let two in.

    Raises:
        UserFacingError: `quarantine.busy` if somebody else holds it.
    """
    with path.open("a+b") as file:
        try:
            _lock(file)
        except OSError as error:
            raise UserFacingError("quarantine.busy") from error
        yield
