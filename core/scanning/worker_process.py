"""Starting the worker: so few imports that a command starts one before it has read its own modules."""

import atexit
import subprocess
import sys

NO_WINDOW = 0x08000000 if sys.platform == "win32" else 0
"""CREATE_NO_WINDOW: no console flashes up when a windowed program starts the worker."""

_ready: list[subprocess.Popen[bytes]] = []


def start_one() -> None:
    """Start the process of the next `Sandbox` now: it gets ready while this one still prepares.

    If none is made, it ends with this process.
    """
    if not _ready:
        atexit.register(_end_unused)
    _ready.append(start())


def take(*, own_rules: bool = False) -> subprocess.Popen[bytes]:
    """A worker's process: the one started before, or a new one. Own rules need one that has loaded their engine."""
    return _ready.pop() if _ready and not own_rules else start(own_rules=own_rules)


def start(*, own_rules: bool = False) -> subprocess.Popen[bytes]:
    """A new worker, with pipes."""
    return subprocess.Popen(  # noqa: S603  our own module in our own interpreter
        [*worker_command(), *(("--own-rules",) if own_rules else ())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=1 << 17,
        close_fds=True,
        creationflags=NO_WINDOW,
    )


def worker_command() -> list[str]:
    """How to start the worker: isolated from the environment and the current folder."""
    return [sys.executable, "-I", "-X", "utf8", "-m", "core.scanning.worker"]


def _end_unused() -> None:
    while _ready:
        with _ready.pop() as process:
            process.kill()
