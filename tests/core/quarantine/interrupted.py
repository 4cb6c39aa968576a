"""A program of its own that downloads into a quarantine and stands still in the middle, so that a test can kill it.

Usage: `python -m tests.core.quarantine.interrupted FOLDER ITEM PATH OFFSET`. Writes one line when it stands still.
"""

import sys
from pathlib import Path

from core.progress import CancelToken, ignore_progress
from tests.core.quarantine.doors import SPECS, FakeHub, nothing_found, quarantine_in


def main(folder: str, item_id: str, stop_path: str, stop_offset: str) -> None:
    hub = FakeHub(*SPECS)

    def stand_still(path: str, offset: int) -> None:
        if (path, offset) == (stop_path, int(stop_offset)):
            sys.stdout.write(f"{hub.sent}\n")
            sys.stdout.flush()
            sys.stdin.read()

    hub.before_step = stand_still
    quarantine_in(Path(folder)).download(item_id, hub.fetch, nothing_found(), ignore_progress, CancelToken())


if __name__ == "__main__":
    main(*sys.argv[1:])
