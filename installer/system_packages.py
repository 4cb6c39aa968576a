"""Shared libraries that Qt expects from the system on Linux: which are missing, and the packages that bring them.

Qt ends the whole program when one of them is missing, and blames libxcb-cursor whatever it was. So they are tried
before Qt is. Names and packages: read with `readelf -d` from PySide6-Essentials 6.11.3, checked on Debian 12.
"""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from installer.words import Stop, say


@dataclass(frozen=True)
class Need:
    """A library (`libGL.so.1`) or a program (`Xvfb`), and the Debian packages that bring it, the newest name first."""

    name: str
    packages: tuple[str, ...]


def _needs(**packages: str) -> tuple[Need, ...]:
    return tuple(Need(name, tuple(found.split())) for name, found in packages.items())


DRAWING = _needs(
    **{
        "libGL.so.1": "libgl1",
        "libEGL.so.1": "libegl1",
        "libxkbcommon.so.0": "libxkbcommon0",
        "libdbus-1.so.3": "libdbus-1-3",
        "libfontconfig.so.1": "libfontconfig1",
        "libfreetype.so.6": "libfreetype6",
        "libglib-2.0.so.0": "libglib2.0-0t64 libglib2.0-0",
        "libgthread-2.0.so.0": "libglib2.0-0t64 libglib2.0-0",
        "libX11.so.6": "libx11-6",
        "libgssapi_krb5.so.2": "libgssapi-krb5-2",
        "libbrotlidec.so.1": "libbrotli1",
        "libz.so.1": "zlib1g",
        "libzstd.so.1": "libzstd1",
    }
)
"""Needed to draw at all, even into memory."""

X11 = _needs(
    **{
        "libxcb-cursor.so.0": "libxcb-cursor0",
        "libxcb-icccm.so.4": "libxcb-icccm4",
        "libxcb-image.so.0": "libxcb-image0",
        "libxcb-keysyms.so.1": "libxcb-keysyms1",
        "libxcb-randr.so.0": "libxcb-randr0",
        "libxcb-render.so.0": "libxcb-render0",
        "libxcb-render-util.so.0": "libxcb-render-util0",
        "libxcb-shape.so.0": "libxcb-shape0",
        "libxcb-shm.so.0": "libxcb-shm0",
        "libxcb-sync.so.1": "libxcb-sync1",
        "libxcb-util.so.1": "libxcb-util1",
        "libxcb-xfixes.so.0": "libxcb-xfixes0",
        "libxcb-xkb.so.1": "libxcb-xkb1",
        "libX11-xcb.so.1": "libx11-xcb1",
        "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    }
)
"""Needed for a window on an X11 display."""

WAYLAND = _needs(**{"libwayland-client.so.0": "libwayland-client0", "libwayland-cursor.so.0": "libwayland-cursor0"})
"""Needed for a window on a Wayland display."""

TEST_PROGRAMS = _needs(
    **{
        "Xvfb": "xvfb",
        "xauth": "xauth",
        "dbus-run-session": "dbus-daemon dbus",
        "gnome-keyring-daemon": "gnome-keyring",
        "strace": "strace",
    }
)
"""Without these some tests skip themselves and say so."""


def has_display(environment: Mapping[str, str] = os.environ) -> bool:
    """True where a window can be shown."""
    return sys.platform != "linux" or bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def window_libraries(environment: Mapping[str, str] = os.environ) -> tuple[Need, ...]:
    """What a window on the display of `environment` needs."""
    wayland = WAYLAND if environment.get("WAYLAND_DISPLAY") else ()
    x11 = X11 if environment.get("DISPLAY") else ()
    return (*DRAWING, *x11, *wayland)


def missing_libraries(needs: Iterable[Need], load: Callable[[str], object] = ctypes.CDLL) -> tuple[Need, ...]:
    """The libraries that the system's loader does not find, which is the same loader that Qt will ask."""
    missing = []
    for need in needs:
        try:
            load(need.name)
        except OSError:
            missing.append(need)
    return tuple(missing)


def missing_programs(needs: Iterable[Need], find: Callable[[str], str | None] = shutil.which) -> tuple[Need, ...]:
    """The programs that are not on the PATH."""
    return tuple(need for need in needs if find(need.name) is None)


def venv_packages() -> tuple[str, ...]:
    """The package that lets this Python make a virtual environment, the exact one first."""
    return (f"python{sys.version_info.major}.{sys.version_info.minor}-venv", "python3-venv")


class Apt:
    """apt-get of Debian and Ubuntu."""

    def __init__(
        self,
        run: Callable[..., "subprocess.CompletedProcess[str]"] = subprocess.run,
        find: Callable[[str], str | None] = shutil.which,
        root: Callable[[], bool] = lambda: sys.platform == "linux" and os.geteuid() == 0,
    ) -> None:
        self._run = run
        self._find = find
        self._root = root

    @property
    def present(self) -> bool:
        """False on other systems."""
        return self._find("apt-get") is not None

    def package_names(self, needs: Iterable[Need]) -> tuple[str, ...]:
        """One package per need, by the name that this release of the system knows it by; each name once."""
        return tuple(dict.fromkeys(self._known(need.packages) for need in needs))

    def install(self, needs: Sequence[Need]) -> None:
        """Install what brings `needs`. Raises `Stop` without the rights to do so, or with what apt-get said."""
        if not self._root():
            raise Stop("installer.not_root", command=self.command(needs))
        say("installer.packages", packages=" ".join(self.package_names(needs)))
        self._call("update")
        self._call("install", "--yes", "--no-install-recommends", *self.package_names(needs))

    def command(self, needs: Iterable[Need]) -> str:
        """The line a person can copy."""
        return f"sudo apt-get install --yes {' '.join(self.package_names(needs))}"

    def _known(self, names: Sequence[str]) -> str:
        """Of several names, the first that is a real package here. Without lists, the last: newer systems map it."""
        for name in names[:-1]:
            try:
                shown = self._run(
                    ["apt-cache", "show", "--no-all-versions", name], capture_output=True, encoding="utf-8", check=False
                )
            except OSError:
                break
            if shown.returncode == 0 and shown.stdout.strip():
                return name
        return names[-1]

    def _call(self, *arguments: str) -> None:
        done = self._run(
            ["apt-get", "--quiet", "--quiet", *arguments],
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        if done.returncode:
            said = [line for line in done.stdout.splitlines() if line.startswith(("E:", "W:"))] or ["-"]
            raise Stop("installer.apt", command=f"apt-get {' '.join(arguments)}", reason=said[-1])


def provide(needs: Sequence[Need], install: bool, required: bool = True, apt: Apt | None = None) -> None:
    """See to it that `needs`, all missing now, are there: install them if asked, else name them.

    Raises `Stop` if they stay missing and are `required`; otherwise says what will be left out.
    """
    if not needs:
        return
    apt = apt or Apt()
    if install and apt.present:
        apt.install(needs)
        return
    names = ", ".join(need.name for need in needs)
    if not required:
        say("installer.left_out", names=names)
    elif apt.present:
        raise Stop("installer.missing", names=names, command=apt.command(needs))
    else:
        raise Stop("installer.missing_elsewhere", names=names)
