"""`python3 -m installer run`: see that everything is there, then become the program."""

import os
import subprocess
import sys
from collections.abc import Sequence

from installer import environment
from installer.system_packages import Need, has_display, missing_libraries, provide, venv_packages, window_libraries
from installer.words import say

DEMONSTRATION = ("check", "Open-OSS/privacy-filter", "--demo")
"""What is shown where no window can be: the incident that Sallyport exists for."""

CHECK_ENDED = (0, 10, 20, 30)
"""Exit codes of a check that came to a verdict."""


def run(arguments: Sequence[str], install_packages: bool) -> int:
    """Start `sallyport` with `arguments`, and return its exit code if this process still exists then."""
    window = has_display()
    needs = python_needs()
    if window and sys.platform == "linux":
        needs += missing_libraries(window_libraries())
    provide(needs, install_packages)
    environment.prepare("run")
    if window or not is_for_window(arguments):
        return _become(arguments)
    say("installer.no_display")
    status = subprocess.call([environment.script("sallyport"), *DEMONSTRATION])
    if status not in CHECK_ENDED:
        return status
    print()
    say("installer.get_window")
    return 0


def python_needs() -> tuple[Need, ...]:
    """What this Python lacks to make a virtual environment; Debian and Ubuntu put that part into another package."""
    if environment.can_create() or environment.answers():
        return ()
    return (Need("python3-venv", venv_packages()),)


def is_for_window(arguments: Sequence[str]) -> bool:
    """True if `arguments` name no work for the terminal: none at all, or only options."""
    return all(argument.startswith("-") for argument in arguments) and not {"--help", "-h", "--version"} & set(
        arguments
    )


def _become(arguments: Sequence[str]) -> int:
    command = [str(environment.script("sallyport")), *arguments]
    if os.name != "nt":  # on Windows exec would return to the prompt at once and leave the program behind
        sys.stderr.flush()
        os.execv(command[0], command)  # noqa: S606  no shell wanted
    return subprocess.call(command)
