"""What holds for every test: no screen, no network, no folders or secrets of the person, nothing left running."""

import os
import shutil
import sys
import tempfile
import threading
import traceback
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from hypothesis import settings

from tests.module_sizes import long_modules

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
"""How long an example takes says nothing on a busy machine."""

PATIENCE = 5.0
"""Seconds that a thread may take to end after its test, before it counts as left behind."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--onscreen", action="store_true", help="draw the windows on the screen instead of in memory")


def pytest_configure(config: pytest.Config) -> None:
    """Runs before any module of ours is imported, in every worker process."""
    for name in list(os.environ):
        if name.upper().startswith(("HF_", "HUGGING", "QT_")) or name.upper().endswith("_PROXY"):
            del os.environ[name]
    if not config.getoption("--onscreen"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    home = Path(tempfile.mkdtemp(prefix="sallyport-tests-"))
    config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))
    os.environ["SALLYPORT_DATA_DIR"] = str(home)
    # No test may see the developer's passwords; tests of the keyring start one of their own in another process.
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    os.environ.pop("DBUS_SESSION_BUS_ADDRESS", None)
    if sys.platform == "linux":
        # Qt warns, and warnings are errors, where a bare machine sets neither of these.
        os.environ["LC_ALL"] = "C.UTF-8"
        runtime = home / "runtime"
        runtime.mkdir(mode=0o700)
        os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    _guard_network()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """A list to think about, not a failure."""
    found = long_modules()
    if found:
        terminalreporter.section("modules over 300 lines of code", sep="-")
        for path, lines in found:
            terminalreporter.write_line(f"{lines:5} {path}")


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The per-user folders of this one test."""
    folder = tmp_path / "sallyport-data"
    monkeypatch.setenv("SALLYPORT_DATA_DIR", str(folder))
    return folder


# --- network ---------------------------------------------------------------------------------------------------------


class NetworkReached(ConnectionError):
    """A test tried to leave this computer."""


_reached: list[str] = []


def _is_loopback(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host in (None, "", "localhost"):
        return True
    try:
        return ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    """Audit hook: sees every connection of this process, whichever library makes it."""
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None  # anything else is a local socket file
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    else:
        return
    if not _is_loopback(host):
        _reached.append(f"{event} {host!r}\n" + "".join(traceback.format_stack(limit=12)))
        raise NetworkReached(f"tests stay on this computer: {host!r}")


_watching = False


def _guard_network() -> None:
    global _watching  # noqa: PLW0603  an audit hook cannot be removed, so it must not be added twice
    if not _watching:
        sys.addaudithook(_watch)
        _watching = True


@pytest.fixture(autouse=True)
def stays_on_this_computer() -> Iterator[None]:
    """Fails a test that tried to reach another computer, even where the code swallowed the refusal."""
    _reached.clear()
    yield
    if _reached:
        where = "\n".join(_reached)
        _reached.clear()
        pytest.fail(f"this test tried to reach another computer:\n{where}", pytrace=False)


# --- threads ---------------------------------------------------------------------------------------------------------

_started_at: WeakKeyDictionary[threading.Thread, traceback.StackSummary] = WeakKeyDictionary()
_start = threading.Thread.start


def _start_and_remember(thread: threading.Thread) -> None:
    _started_at[thread] = traceback.StackSummary.extract(
        traceback.walk_stack(sys._getframe(1)), limit=12, lookup_lines=False
    )
    _start(thread)


threading.Thread.start = _start_and_remember  # type: ignore[method-assign,assignment]  # so that a leak can say where it began


@pytest.fixture(autouse=True)
def leaves_no_threads() -> Iterator[None]:
    """Fails a test that leaves a thread running which would keep the program from ending, and says where it started."""
    before = set(threading.enumerate())
    yield
    left = [thread for thread in threading.enumerate() if thread not in before and not thread.daemon]
    for thread in left:
        thread.join(PATIENCE)
    running = [thread for thread in left if thread.is_alive()]
    if running:
        told = "\n".join(f"{thread.name}, started at:\n{_origin(thread)}" for thread in running)
        pytest.fail(f"this test left threads running:\n{told}", pytrace=False)


def _origin(thread: threading.Thread) -> str:
    stack = _started_at.get(thread)
    return "".join(reversed(stack.format())) if stack else "(not known)"
