"""The folder `.venv`: made once, filled from the pinned lists, and found ready in a moment at every later start."""

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from installer.words import ROOT, Stop, say

VENV = ROOT / ".venv"
LISTS: Mapping[str, tuple[str, ...]] = {"run": ("build", "runtime"), "test": ("build", "runtime", "test")}
"""What each command needs, as names of files in `requirements/`."""

_HIJACKING = ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIRE_HASHES", "PYTHONHOME", "PYTHONPATH")
"""Variables of the person's shell that would make pip install somewhere else."""

_FAILURES = (
    ("DO NOT MATCH THE HASHES", "installer.hash"),
    ("No space left on device", "installer.disk"),
    ("Connection", "installer.network"),
    ("name resolution", "installer.network"),
    ("timed out", "installer.network"),
    ("SSLError", "installer.network"),
    ("No matching distribution", "installer.platform"),
)
"""What pip prints, and what it means; the first that is found counts."""


def prepare(command: str) -> None:
    """Make sure that `.venv` holds everything `command` needs. Raises `Stop` with the reason if that fails."""
    noted = _stamp()
    if noted.get(command) == fingerprint(command) and in_place(noted):
        return
    if not in_place(noted):
        noted = {}
        if not answers():
            _create()
    say("installer.installing")
    lists = [f"--requirement={requirements(name)}" for name in LISTS[command]]
    _pip("--require-hashes", "--no-deps", "--only-binary=:all:", *lists)
    # The project itself: no list, no download; this makes `.venv/bin/sallyport`.
    _pip("--no-deps", "--no-build-isolation", f"--editable={ROOT}")
    done = {name: fingerprint(name) for name in LISTS if set(LISTS[name]) <= set(LISTS[command])}
    _stamp_path().write_text(json.dumps({**noted, **done, "root": str(ROOT)}, indent=2), encoding="utf-8")
    say("installer.installed")


def script(name: str) -> Path:
    """A program inside `.venv`."""
    return VENV / ("Scripts" if os.name == "nt" else "bin") / (f"{name}.exe" if os.name == "nt" else name)


def requirements(name: str) -> Path:
    """A list of pinned packages."""
    return ROOT / "installer" / "requirements" / f"{name}.txt"


def fingerprint(command: str) -> str:
    """SHA-256 over everything that decides what is installed for `command`."""
    digest = hashlib.sha256()
    for path in (ROOT / "pyproject.toml", *map(requirements, LISTS[command])):
        content = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(b"%s %d\n" % (path.name.encode(), len(content)) + content)
    return digest.hexdigest()


def in_place(noted: Mapping[str, str]) -> bool:
    """True if `.venv` was filled here, was not moved since, and the Python it was made with is still there."""
    if noted.get("root") != str(ROOT) or not script("python").exists():
        return False
    base = _configuration().get("executable")
    return base is None or Path(base).exists()


def answers() -> bool:
    """True if there is a `.venv`, perhaps somebody else's, whose Python runs from there and has pip."""
    question = "import pip, sys; print(sys.prefix); sys.exit(sys.version_info < (3, 11))"
    try:
        done = subprocess.run(
            [script("python"), "-c", question],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return False
    return Path(done.stdout.strip()) == VENV


def can_create() -> bool:
    """False on Debian and Ubuntu without the package python3-venv."""
    importlib.invalidate_caches()  # it may have been installed a moment ago
    return all(importlib.util.find_spec(module) for module in ("venv", "ensurepip"))


def _stamp_path() -> Path:
    return VENV / "sallyport-installed.json"


def _stamp() -> dict[str, str]:
    try:
        noted = json.loads(_stamp_path().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return noted if isinstance(noted, dict) else {}


def _configuration() -> dict[str, str]:
    """`pyvenv.cfg` (PEP 405)."""
    try:
        lines = (VENV / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    return {key.strip(): value.strip() for key, _, value in (line.partition("=") for line in lines)}


def _create() -> None:
    if not can_create():  # the package is there, but not for this Python
        raise Stop("installer.no_venv", python=sys.executable)
    import venv  # noqa: PLC0415  absent on some systems until now, and slow

    say("installer.creating", folder=str(VENV))
    try:
        venv.EnvBuilder(with_pip=True, clear=True, symlinks=os.name != "nt").create(VENV)
    except (OSError, subprocess.CalledProcessError, SystemExit) as error:
        raise Stop("installer.venv", folder=str(VENV), reason=str(error)) from error


def _pip(*arguments: str) -> None:
    """Run pip; its whole output goes to `.venv/install.log`, its current package to the terminal."""
    command = [str(script("python")), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", *arguments]
    environment = {name: value for name, value in os.environ.items() if name not in _HIJACKING}
    log = VENV / "install.log"
    try:
        with (
            log.open("w", encoding="utf-8") as file,
            subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
            ) as pip,
        ):
            output = []
            for line in pip.stdout or ():
                file.write(line)
                output.append(line)
                _show(line)
            _show("")
    except OSError as error:
        raise Stop("installer.venv", folder=str(VENV), reason=str(error)) from error
    if pip.returncode:
        raise Stop(cause(output), log=str(log), last=last_error(output))


def _show(line: str) -> None:
    """On a terminal, one changing line: the package that pip is busy with."""
    if sys.stderr.isatty():
        package = f"  {line.split()[1]}" if line.startswith("Collecting ") else ""
        if package or not line:
            print(f"\r\x1b[K{package}", end="", file=sys.stderr, flush=True)


def cause(output: Iterable[str]) -> str:
    """The id of the message for what pip printed."""
    everything = "".join(output)
    return next((message for words, message in _FAILURES if words in everything), "installer.pip")


def last_error(output: Iterable[str]) -> str:
    """The line of pip that says most, for the message."""
    lines = [line.strip() for line in output if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR:")]
    return (errors or lines or ["-"])[0]
