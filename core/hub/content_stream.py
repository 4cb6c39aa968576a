"""The bytes of one file of one commit, in order, for the downloader."""

import time
from collections.abc import Iterator

import httpx2

from core.errors import UserFacingError
from core.hub.failures import Subject
from core.hub.interruption import Attempt
from core.hub.remote_file import check_answer, file_url, listed
from core.hub.transport import Transport
from core.progress import CancelToken
from core.repository import Snapshot

_PIECE = 1 << 20
_GATHER = 0.25
"""Seconds after which a slow line's bytes are handed on, however few."""


def content_stream(
    transport: Transport, snapshot: Snapshot, path: str, offset: int, cancel: CancelToken
) -> Iterator[bytes]:
    """Pieces of up to about 1 MiB from `offset` to the listed end, no byte more and none fewer.

    Raises `UserFacingError`; of those in `failures.TRANSIENT` a caller may go on from where it stopped.
    """
    size = listed(snapshot, path).size
    url = file_url(snapshot, path)
    if offset >= size:
        return
    subject = Subject(snapshot.repository.name, snapshot.commit, path)
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={offset}-"} if offset else {})
    response = transport.stream(url, headers, subject, cancel)
    done = offset
    try:
        check_answer(response, subject, snapshot.commit, (offset, size), size, body=False)
        raw = response.iter_raw()
        while True:
            piece = transport.once(
                lambda attempt: _gathered(raw, attempt, response), cancel, transport.patience.request
            )
            if not piece:
                break
            done += len(piece)
            if done > size:
                raise UserFacingError("hub.wrong_length", path=path)
            transport.meter.received(len(piece))
            yield piece
    finally:
        response.close()
    if done != size:
        raise UserFacingError("hub.connection_cut", host=transport.host)


def _gathered(raw: Iterator[bytes], attempt: Attempt, response: httpx2.Response) -> bytes:
    """The next bytes: as many as come within a moment; none at the end.

    What came before a connection broke still counts; the next call then finds the end too early.
    """
    attempt.reads_from(response.extensions["network_stream"].get_extra_info("socket"))
    piece = bytearray()
    began = time.monotonic()
    try:
        for data in raw:
            piece += data
            if len(piece) >= _PIECE or time.monotonic() - began > _GATHER or attempt.left:
                break
    except httpx2.HTTPError:
        if not piece:
            raise
    return bytes(piece)
