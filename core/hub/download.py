"""One approved file, from the Hub onto the disk: resumed where it stopped, hashed while it is written."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from core.approval import ApprovedFile
from core.errors import UserFacingError
from core.hub.failures import TRANSIENT
from core.progress import CancelToken, Progress, ProgressCallback, Step
from core.quarantine.content_hash import CHUNK, ContentHash
from core.quarantine.durable import move, patiently
from core.quarantine.ledger import PART

MOST_CUTS = 5
"""Interruptions of one file that are passed over in silence; after one more the person is told."""

OpenStream = Callable[[int], Iterator[bytes]]
"""The bytes of the file from this offset on, to its listed end."""


def download(
    open_stream: OpenStream,
    file: ApprovedFile,
    target: Path,
    progress: ProgressCallback,
    cancel: CancelToken,
    *,
    pause: float = 0.5,
) -> None:
    """Put the approved bytes at `target`. Until they are complete they grow in `<target>.part`, also across calls.

    `pause` is the wait in seconds after the first interruption; each later one waits that much longer.

    Raises:
        UserFacingError: `download.mismatch` if the bytes are not the approved ones: they are deleted. Else what
            `open_stream` raised: what has arrived is kept, and the next call goes on from there.
        Cancelled: likewise kept.
    """
    part = target.with_name(target.name + PART)
    if part.exists() and part.stat().st_size > file.size:
        patiently(part.unlink)
    with part.open("a+b") as stream:
        arriving = _Arriving(file, stream, progress, cancel)
        arriving.read_again()
        cuts = 0
        while not arriving.receive(open_stream, may_break=cuts < MOST_CUTS):
            cuts += 1
            cancel.wait(pause * cuts)
        genuine = arriving.content.matches()
        stream.flush()
        os.fsync(stream.fileno())
    if not genuine:
        patiently(part.unlink)
        raise UserFacingError("download.mismatch", path=file.path)
    move(part, target)


class _Arriving:
    """The partial file and the hash of what is in it."""

    def __init__(self, file: ApprovedFile, stream: BinaryIO, progress: ProgressCallback, cancel: CancelToken) -> None:
        self.content = ContentHash(file)
        self._file = file
        self._stream = stream
        self._progress = progress
        self._cancel = cancel
        self._done = 0

    def read_again(self) -> None:
        """Hash what an earlier call left."""
        self._stream.seek(0)
        while data := self._stream.read(CHUNK):
            self._cancel.check()
            self._count(data)

    def receive(self, open_stream: OpenStream, *, may_break: bool) -> bool:
        """Write until the stream ends; what exceeds the approved size is hashed, never written.

        False if the stream broke for a reason that may be over in a moment.
        """
        try:
            for piece in open_stream(self._done):
                self._cancel.check()
                self._stream.write(piece[: self._file.size - self._done])
                self._count(piece)
                if self._done > self._file.size:
                    break
        except UserFacingError as error:
            if error.message_id not in TRANSIENT or not may_break:
                raise
            return False
        return True

    def _count(self, data: bytes) -> None:
        self.content.update(data)
        self._done += len(data)
        self._progress(Progress(Step.DOWNLOADING, self._done, self._file.size, "bytes", self._file.path))
