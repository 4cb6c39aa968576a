"""`sallyport demo --serve`: the demo hub for any client, until it is stopped."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from core.demo.scenarios import build
from core.demo.server import DemoHub
from core.progress import Cancelled, CancelToken


def serve(port: int, on_ready: Callable[[str], None], stop: CancelToken) -> None:
    """Build the scenarios, serve them on 127.0.0.1 and block until `stop` is cancelled.

    `port` 0 takes any free one; `on_ready` gets the address. Raises `UserFacingError` if the port is taken.
    """
    with tempfile.TemporaryDirectory(prefix="sallyport-demo-") as folder, DemoHub(build(Path(folder)), port) as hub:
        on_ready(hub.endpoint)
        try:
            while True:
                # In short turns, so that Ctrl+C is noticed on Windows too.
                stop.wait(0.5)
        except Cancelled:
            return
