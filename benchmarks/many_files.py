"""A repository of many files on an embedded hub, for the benchmarks."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from core.demo.server import DemoHub
from core.demo.store import NewCommit, NewFile, write_account, write_repository
from core.repository import RepositoryKind

NAME = "crowded-shelf/many-files"
PICKLE = b"\x80\x02ccollections\nOrderedDict\n)R."


@contextmanager
def hub_with_many_files(count: int) -> Iterator[DemoHub]:
    """Serve a model of `count` small files: nine texts of JSON to one ordinary pickle."""
    with TemporaryDirectory(prefix="sallyport-benchmark-") as folder:
        root = Path(folder)
        files: dict[str, bytes | NewFile] = {"README.md": b"# Many files\n\nA benchmark.\n"}
        for number in range(count - 1):
            folder_name = f"part-{number // 500:03d}"
            if number % 10:
                files[f"{folder_name}/config-{number:05d}.json"] = b'{"number": %d}' % number
            else:
                files[f"{folder_name}/state-{number:05d}.pkl"] = PICKLE
        made = datetime.now(UTC) - timedelta(days=500)
        write_account(root, "crowded-shelf", {"createdAt": made.isoformat()})
        write_repository(
            root, RepositoryKind.MODEL, NAME, {"main": [NewCommit("All files", files, made, "crowded-shelf")]}, {}
        )
        with DemoHub(root) as hub:
            yield hub
