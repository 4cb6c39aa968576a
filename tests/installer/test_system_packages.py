import subprocess
import sys
from collections.abc import Callable, Sequence

import pytest

from installer.system_packages import (
    DRAWING,
    WAYLAND,
    X11,
    Apt,
    Need,
    has_display,
    missing_libraries,
    missing_programs,
    provide,
    venv_packages,
    window_libraries,
)
from installer.words import Stop

GL = Need("libGL.so.1", ("libgl1",))
GLIB = Need("libglib-2.0.so.0", ("libglib2.0-0t64", "libglib2.0-0"))
GTHREAD = Need("libgthread-2.0.so.0", ("libglib2.0-0t64", "libglib2.0-0"))


class Debian:
    """Stands for the commands of a system that knows some packages; remembers what was called."""

    def __init__(self, packages: Sequence[str] = (), refuses: str = "", here: bool = True) -> None:
        self.packages = packages
        self.refuses = refuses
        self.here = here
        self.calls: list[list[str]] = []

    def run(self, command: list[str], **_options: object) -> "subprocess.CompletedProcess[str]":
        self.calls.append(command)
        if command[0] == "apt-cache":
            known = command[-1] in self.packages
            return subprocess.CompletedProcess(command, 0 if known else 100, f"Package: {command[-1]}" if known else "")
        said = f"Hit:1 somewhere\nE: {self.refuses}\n" if self.refuses else ""
        return subprocess.CompletedProcess(command, 100 if self.refuses else 0, said)

    def find(self, program: str) -> str | None:
        return f"/usr/bin/{program}" if self.here else None

    def apt(self, root: bool = True) -> Apt:
        return Apt(self.run, self.find, lambda: root)

    @property
    def apt_get_calls(self) -> list[list[str]]:
        return [call[3:] for call in self.calls if call[0] == "apt-get"]


def lacking(*names: str) -> Callable[[str], object]:
    def load(name: str) -> object:
        if name in names:
            raise OSError(f"{name}: cannot open shared object file")
        return object()

    return load


def test_only_what_the_loader_does_not_find_is_missing() -> None:
    assert missing_libraries((GL, GLIB), lacking("libGL.so.1")) == (GL,)
    assert missing_libraries((GL, GLIB), lacking()) == ()


@pytest.mark.skipif(sys.platform != "linux", reason="shared libraries of Linux")
def test_the_real_loader_is_asked() -> None:
    nothing = Need("libthere-is-no-such-thing.so.9", ("nothing",))
    assert missing_libraries((Need("libc.so.6", ("libc6",)), nothing)) == (nothing,)


def test_missing_programs() -> None:
    assert missing_programs((Need("Xvfb", ("xvfb",)),), lambda _: None)
    assert not missing_programs((Need("Xvfb", ("xvfb",)),), lambda name: f"/usr/bin/{name}")


def test_a_display_decides_which_libraries_a_window_needs() -> None:
    assert window_libraries({"DISPLAY": ":0"}) == (*DRAWING, *X11)
    assert window_libraries({"WAYLAND_DISPLAY": "wayland-0"}) == (*DRAWING, *WAYLAND)
    assert window_libraries({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}) == (*DRAWING, *X11, *WAYLAND)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a display")
def test_an_empty_display_is_none() -> None:
    assert not has_display({"DISPLAY": ""})
    assert has_display({"DISPLAY": ":0"})


@pytest.mark.parametrize(
    ("packages", "name"),
    [(("libglib2.0-0",), "libglib2.0-0"), (("libglib2.0-0t64",), "libglib2.0-0t64"), ((), "libglib2.0-0")],
)
def test_the_package_is_called_as_this_release_calls_it(packages: tuple[str, ...], name: str) -> None:
    assert Debian(packages).apt().package_names((GLIB, GTHREAD)) == (name,), "and named once"


def test_packages_are_installed_after_the_lists_are_fetched() -> None:
    debian = Debian()
    provide((GL, GLIB), install=True, apt=debian.apt())
    assert debian.apt_get_calls == [
        ["update"],
        ["install", "--yes", "--no-install-recommends", "libgl1", "libglib2.0-0"],
    ]


def test_without_root_the_line_to_run_is_shown_and_nothing_is_called() -> None:
    debian = Debian()
    with pytest.raises(Stop) as stopped:
        provide((GL, GLIB), install=True, apt=debian.apt(root=False))
    assert "rights of root" in str(stopped.value)
    assert "sudo apt-get install --yes libgl1 libglib2.0-0" in str(stopped.value)
    assert debian.apt_get_calls == []


def test_without_the_option_the_missing_are_named_and_nothing_is_called() -> None:
    debian = Debian()
    with pytest.raises(Stop) as stopped:
        provide((GL,), install=False, apt=debian.apt())
    assert "libGL.so.1" in str(stopped.value)
    assert "--system-packages" in str(stopped.value)
    assert "sudo apt-get install --yes libgl1" in str(stopped.value)
    assert debian.apt_get_calls == []


@pytest.mark.parametrize("install", [True, False])
def test_on_a_system_without_apt_the_missing_are_named(install: bool) -> None:
    with pytest.raises(Stop) as stopped:
        provide((GL,), install, apt=Debian(here=False).apt())
    assert "libGL.so.1" in str(stopped.value)
    assert "apt-get" not in str(stopped.value)


def test_what_only_some_tests_need_stops_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    provide((Need("Xvfb", ("xvfb",)),), install=False, required=False, apt=Debian().apt())
    assert "Xvfb" in capsys.readouterr().err


def test_what_apt_said_is_passed_on() -> None:
    with pytest.raises(Stop) as stopped:
        provide((GL,), install=True, apt=Debian(refuses="Could not get lock").apt())
    assert "Could not get lock" in str(stopped.value)
    assert "Hit:1" not in str(stopped.value)


def test_nothing_missing_calls_nothing() -> None:
    debian = Debian()
    provide((), install=True, apt=debian.apt())
    assert debian.calls == []


def test_the_exact_python_comes_first() -> None:
    assert venv_packages() == (f"python3.{sys.version_info.minor}-venv", "python3-venv")
