"""The demo hub for tests: serve a folder, and fill one with repositories of one's own."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.demo.scenarios import build
from core.demo.server import DemoHub
from core.demo.store import Files, NewCommit, NewFile, wire_date, write_account, write_repository
from core.repository import RepositoryKind

__all__ = ["NewFile", "make_account", "make_repository", "running_demo_hub"]


@contextmanager
def running_demo_hub(root: Path | None = None, folder: Path | None = None) -> Iterator[DemoHub]:
    """Serve `root`, or the scenarios built into `folder` (one of the two)."""
    if root is None:
        assert folder is not None, "where to build the scenarios?"
        root = build(folder)
    with DemoHub(root) as hub:
        yield hub


def make_repository(
    root: Path,
    kind: RepositoryKind | str,
    name: str,
    files: Files,
    *,
    age_days: float = 400,
    history: tuple[str, ...] = ("First files",),
    pull_requests: Mapping[int, Files] | None = None,
    **facts: object,
) -> str:
    """Store a repository; returns its commit id.

    `files`: path -> bytes, or `NewFile(pieces)` where an int stands for that many zero bytes that cost nothing.
    `history`: titles of the commits, oldest first; all list the same files. `pull_requests`: number -> files at
    `refs/pr/<number>`. `facts` in the Hub's words (`downloads`, `likes`, `gated`, `private`, `disabled`,
    `createdAt`, …) and ours: `scans` (path or "*" -> short result, see core/demo/security.py), `former_names`,
    `discussions`, `more_tags`.
    """
    kind = RepositoryKind(kind)
    created = datetime.now(UTC) - timedelta(days=age_days)
    author = name.partition("/")[0]
    main = [NewCommit(title, files, created, author) for title in history]
    branches = {"main": main}
    for number, changed in (pull_requests or {}).items():
        branches[f"refs/pr/{number}"] = [*main, NewCommit(f"Pull request {number}", changed, created, "stranger")]
    return write_repository(root, kind, name, branches, {"createdAt": wire_date(created), **facts})


def make_account(root: Path, name: str, *, age_days: float | None = None, **facts: object) -> None:
    """Store an account: `organization=True`, `isVerified`, `fullname`, `numFollowers`, `plan`, …"""
    dated = {} if age_days is None else {"createdAt": wire_date(datetime.now(UTC) - timedelta(days=age_days))}
    write_account(root, name, {**dated, **facts})
