"""Contents of files: the Hub's redirects to its cache and to signed CDN addresses, and byte ranges."""

import hashlib
import itertools
import re
import threading
from urllib.parse import quote, urlencode

from core.demo.exchange import Content, Request, Response
from core.demo.knobs import Knobs
from core.demo.refusals import no_entry
from core.demo.store import StoredCommit, StoredFile, StoredRepository

_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
_EXPIRES = "4102444800"
"""A date in 2100: addresses end with their uses (`Knobs.cdn_expires_after`), not with the clock."""


class FileServer:
    """Answers requests for contents. Remembers which CDN address it signed for which content, and its uses."""

    def __init__(self, cdn_base: str, knobs: Knobs) -> None:
        self._cdn_base = cdn_base
        self._knobs = knobs
        self._signed: dict[str, StoredFile] = {}
        self._uses: dict[str, int] = {}
        self._serial = itertools.count(1)
        self._lock = threading.Lock()

    def resolve(self, repository: StoredRepository, commit: StoredCommit, path: str) -> Response:
        """`/{id}/resolve/{revision}/{path}`: where the content is."""
        file = commit.files.get(path)
        if file is None:
            return no_entry(commit)
        common = (("X-Repo-Commit", commit.id), ("Accept-Ranges", "bytes"), ("Cache-Control", "no-store"))
        if file.sha256 is not None:
            location = self._sign(repository, file)
            linked = (("X-Linked-Size", str(file.size)), ("X-Linked-Etag", f'"{file.sha256}"'))
            return _redirect(302, location, *common, *linked)
        cached = f"/api/resolve-cache/{repository.kind}s/{repository.name}/{commit.id}/{quote(path)}"
        query = urlencode([(f"/{repository.name}/resolve/{commit.id}/{path}", ""), ("etag", f'"{file.git_sha1}"')])
        linked = (("X-Linked-Size", str(file.size)), ("X-Linked-Etag", f'"{file.git_sha1}"'))
        return _redirect(307, f"{cached}?{query}", *common, *linked)

    def cached(self, commit: StoredCommit, path: str, request: Request) -> Response:
        """`/api/resolve-cache/…`: a small file itself."""
        file = commit.files.get(path)
        if file is None:
            return no_entry(commit)
        headers = (("X-Repo-Commit", commit.id), ("ETag", f'"{file.git_sha1}"'))
        return _ranged(file.content, request, "text/plain; charset=utf-8", *headers)

    def from_cdn(self, request: Request) -> Response:
        """A signed address on the second server."""
        signature = request.value("Signature")
        with self._lock:
            file = self._signed.get(signature)
            self._uses[signature] = uses = self._uses.get(signature, 0) + 1
        limit = self._knobs.cdn_expires_after
        if file is None or file.sha256 is None or file.sha256 not in request.path or (limit and uses > limit):
            return Response(403, b"Access denied", (("Content-Type", "text/plain"),))
        # As on the real CDN, this is not the sha256: clients must not take it for one.
        etag = hashlib.sha256(b"cdn " + file.sha256.encode()).hexdigest()
        return _ranged(file.content, request, "application/octet-stream", ("ETag", f'"{etag}"'))

    def _sign(self, repository: StoredRepository, file: StoredFile) -> str:
        with self._lock:
            signature = hashlib.sha256(f"{next(self._serial)} {file.sha256}".encode()).hexdigest()
            self._signed[signature] = file
        path = quote(f"/xet-bridge-demo/{repository.kind}s/{repository.name}/{file.sha256}/{file.path}")
        return f"{self._cdn_base}{path}?{urlencode({'Expires': _EXPIRES, 'Signature': signature})}"


def _redirect(status: int, location: str, *headers: tuple[str, str]) -> Response:
    body = f"Redirecting to {location}".encode()
    return Response(status, body, (("Location", location), ("Content-Type", "text/plain; charset=utf-8"), *headers))


def _ranged(content: Content, request: Request, kind: str, *headers: tuple[str, str]) -> Response:
    """The whole or the part that `Range` asks for (RFC 9110, 14.2). Several ranges at once get the whole."""
    size = content.size
    common = (("Content-Type", kind), ("Accept-Ranges", "bytes"), *headers)
    asked = _RANGE.fullmatch(request.headers.get("range", "").replace(" ", ""))
    if asked is None or asked[1] == asked[2] == "" or size == 0:
        return Response(200, content, common)
    if asked[1]:
        start = int(asked[1])
        end = min(int(asked[2]), size - 1) if asked[2] else size - 1
        if asked[2] and int(asked[2]) < start:
            return Response(200, content, common)
    else:
        start, end = max(0, size - int(asked[2])), size - 1
    if start > end:
        return Response(416, b"", (*common, ("Content-Range", f"bytes */{size}")))
    part = content.part(start, end - start + 1)
    return Response(206, part, (*common, ("Content-Range", f"bytes {start}-{end}/{size}")))
