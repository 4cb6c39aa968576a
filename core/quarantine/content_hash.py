"""The hash that the listing promised, over the complete bytes: SHA-256 for a file in LFS, else the git blob id."""

import hashlib
from pathlib import Path

from core.approval import ApprovedFile
from core.errors import UserFacingError
from core.progress import CancelToken

CHUNK = 1 << 20
"""Bytes read at a time: small enough to stop within milliseconds."""


class ContentHash:
    r"""Fed with the bytes of one approved file, in order.

    A git blob id is `sha1("blob <size>\0" + content)` (git-hash-object(1)); git itself uses SHA-1 as an identifier,
    and the listing of a file outside LFS has nothing better.
    """

    def __init__(self, file: ApprovedFile) -> None:
        self._expected = file.sha256 or file.git_sha1
        if file.sha256 is not None:
            self._hash = hashlib.sha256()
        else:
            self._hash = hashlib.sha1(b"blob %d\0" % file.size, usedforsecurity=False)
        self._left = file.size

    def update(self, data: bytes) -> None:
        """The next bytes."""
        self._hash.update(data)
        self._left -= len(data)

    def matches(self) -> bool:
        """True if these were exactly the approved bytes."""
        return self._left == 0 and self._hash.hexdigest() == self._expected


def check_content(stored: Path, file: ApprovedFile, cancel: CancelToken) -> None:
    """Read all bytes on the disk and hold them against the approval.

    Raises:
        UserFacingError: `quarantine.missing` if there is no ordinary file, `quarantine.changed` if it has other bytes.
        Cancelled: the person asked to stop.
    """
    if stored.is_symlink() or not stored.is_file():
        raise UserFacingError("quarantine.missing", path=file.path)
    content = ContentHash(file)
    with stored.open("rb") as stream:
        while data := stream.read(CHUNK):
            cancel.check()
            content.update(data)
    if not content.matches():
        raise UserFacingError("quarantine.changed", path=file.path)
