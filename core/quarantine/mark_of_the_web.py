"""Mark a file as coming from the internet, so that the system asks before it is opened.

Windows: the stream `Zone.Identifier`, zone 3 ([MS-FSCC] 5.6.1). Linux: `user.xdg.origin.url` and
`user.xdg.referrer.url` (freedesktop.org, Guidelines for Extended Attributes), and our own zone. macOS:
`com.apple.quarantine`, which Gatekeeper reads.
"""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from core.approval import Approval
from core.repository import RepositoryKind

_PREFIXES = {RepositoryKind.MODEL: "", RepositoryKind.DATASET: "datasets/", RepositoryKind.SPACE: "spaces/"}
_LONGEST = 2000
"""Longer addresses do not fit into the attributes of all file systems; then the repository's address stands for it."""
_ORIGIN, _REFERRER, _ZONE = "user.xdg.origin.url", "user.xdg.referrer.url", "user.sallyport.zone"
_INTERNET = "3"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a file came from: plain addresses, percent-encoded, without a name, password or token in them."""

    origin: str
    referrer: str


def source(approval: Approval, path: str) -> Source:
    """The address of one approved file, and of its repository."""
    hub = urlsplit(approval.endpoint)
    base = urlunsplit((hub.scheme, hub.netloc.rpartition("@")[2], hub.path.rstrip("/"), "", ""))
    page = f"{base}/{_PREFIXES[approval.repository.kind]}{quote(approval.repository.name)}"
    origin = f"{page}/resolve/{quote(approval.commit)}/{quote(path, errors='surrogatepass')}"
    return Source(origin if len(origin) <= _LONGEST else page, page)


def mark(file: Path, came_from: Source) -> bool:
    """Write the mark; the file must be writable. False if this file system keeps no such marks."""
    try:
        if sys.platform == "win32":
            write_stream(file, came_from)
        elif sys.platform == "darwin":
            _write_macos(file)
        else:
            for name, value in ((_ORIGIN, came_from.origin), (_REFERRER, came_from.referrer), (_ZONE, _INTERNET)):
                os.setxattr(file, name, value.encode("ascii"))
    except OSError:
        return False
    return True


def is_marked(file: Path) -> bool:
    """True if the file carries the mark of this system."""
    try:
        if sys.platform == "win32":
            return b"ZoneId=3" in stream(file).read_bytes()
        if sys.platform == "darwin":
            return _read_macos(file)
        return os.getxattr(file, _ZONE) == _INTERNET.encode("ascii")
    except OSError:
        return False


def stream(file: Path) -> Path:
    """The alternate data stream of NTFS that holds the mark."""
    return file.with_name(f"{file.name}:Zone.Identifier")


def write_stream(file: Path, came_from: Source) -> None:
    """Write the stream as a browser does. Raises `OSError` on FAT, exFAT and most network drives."""
    lines = (
        "[ZoneTransfer]",
        f"ZoneId={_INTERNET}",
        f"ReferrerUrl={came_from.referrer}",
        f"HostUrl={came_from.origin}",
    )
    stream(file).write_bytes("".join(f"{line}\r\n" for line in lines).encode("ascii"))


if sys.platform == "darwin":
    import ctypes
    import time

    _LIBC = ctypes.CDLL(None, use_errno=True)
    _QUARANTINE = b"com.apple.quarantine"

    def _write_macos(file: Path) -> None:
        # flags;time;program;identifier. 0081: downloaded, not yet approved by the person.
        value = f"0081;{int(time.time()):x};Sallyport;".encode("ascii")
        if _LIBC.setxattr(os.fsencode(file), _QUARANTINE, value, len(value), 0, 0):
            raise OSError(ctypes.get_errno(), "setxattr")

    def _read_macos(file: Path) -> bool:
        return bool(_LIBC.getxattr(os.fsencode(file), _QUARANTINE, None, 0, 0, 0) > 0)
