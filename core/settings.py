"""What a person can set, kept as JSON."""

import dataclasses
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from core.atomic_file import write_atomically
from core.errors import UserFacingError
from core.paths import private_folder
from core.text import text

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
"""The only hosts that may be spoken to without encryption."""
_NAME = re.compile(r"[a-z][a-z_]{0,63}")
_MOST_NAMES = 100


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings with their defaults."""

    appearance: str = "system"
    """"system", "light" or "dark"."""
    analyst: bool = False
    """Opens the technical depth first; changes no verdict."""
    keep_history: bool = True
    endpoint: str = "https://huggingface.co"
    quarantine_folder: str = ""
    """Empty: below the per-user data folder."""
    signals_off: tuple[str, ...] = ()
    """Ids of signals about the publisher that the Hub is not asked for, see `core.identity.signal_kinds`."""
    offline: bool = False
    """Ask no Hub: show what was read before, with its age. The demo needs no connection and is not affected."""
    cache_megabytes: int = 200
    """How much of what the Hub said is kept on the disk, in MB of 1,000,000 bytes. 0: nothing."""


def load(path: Path) -> tuple[Settings, str | None]:
    """The settings in `path`, and a sentence for the person if something was wrong with the file.

    A missing file means the defaults. A file that cannot be understood is set aside beside itself as
    `settings.broken-<n>.json`, and so is one with a value that cannot be: its good values stay in force. Never raises.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Settings(), None
    except OSError as error:
        return Settings(), text("settings.unreadable", file=str(path), reason=_reason(error))
    found = _parsed(content)
    if found is None:
        return Settings(), _set_aside(path, "settings.set_aside")
    wrong = sorted(key for key, value in found.items() if not _acceptable(key, value))
    good = {key: value for key, value in found.items() if key not in wrong}
    known: dict[str, Any] = {key: value for key, value in good.items() if key in _ACCEPTABLE}
    if "signals_off" in known:
        known["signals_off"] = tuple(known["signals_off"])
    settings = Settings(**known)
    if not wrong:
        return settings, None
    sentence = _set_aside(path, "settings.value_set_aside", names=", ".join(wrong), count=len(wrong))
    try:
        _write(path, good)
    except OSError as error:
        sentence = text("settings.unreadable", file=str(path), reason=_reason(error))
    return settings, sentence


def save(path: Path, settings: Settings) -> None:
    """Write `settings` so that a crash leaves either the old file or the new one; keys of other versions are kept.

    Raises `UserFacingError`: `settings.endpoint` or `settings.value` for a value that cannot be, `settings.not_saved`
    if the disk refuses.
    """
    values = dataclasses.asdict(settings)
    for key, value in values.items():
        if not _acceptable(key, value):
            raise UserFacingError("settings.endpoint" if key == "endpoint" else "settings.value", name=key, value=value)
    private_folder(path.parent)
    try:
        _write(path, _kept(path) | values)
    except OSError as error:
        raise UserFacingError("settings.not_saved", file=str(path), reason=_reason(error)) from error


def is_endpoint(address: str) -> bool:
    """True for the bare address of a Hub: `https://host[:port]`, or plain http to this computer itself."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname
    bare = f"{parts.scheme}://{parts.netloc}" == address and "@" not in parts.netloc and not parts.netloc.endswith(":")
    plain = address.isascii() and address.isprintable() and " " not in address and port != 0
    return bool(host) and bare and plain and (parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK))


MOST_CACHE_MEGABYTES = 100_000

_ACCEPTABLE: dict[str, Callable[[Any], bool]] = {
    "appearance": lambda value: value in ("system", "light", "dark"),
    "analyst": lambda value: isinstance(value, bool),
    "keep_history": lambda value: isinstance(value, bool),
    "endpoint": lambda value: isinstance(value, str) and is_endpoint(value),
    "quarantine_folder": lambda value: isinstance(value, str) and (not value or Path(value).is_absolute()),
    "signals_off": lambda value: (
        isinstance(value, list | tuple)
        and len(value) <= _MOST_NAMES
        and all(isinstance(one, str) and _NAME.fullmatch(one) for one in value)
    ),
    "offline": lambda value: isinstance(value, bool),
    "cache_megabytes": lambda value: type(value) is int and 0 <= value <= MOST_CACHE_MEGABYTES,
}


def _acceptable(key: str, value: object) -> bool:
    return key not in _ACCEPTABLE or _ACCEPTABLE[key](value)


def _parsed(content: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _kept(path: Path) -> dict[str, Any]:
    """What the file holds now. A broken one is set aside rather than overwritten."""
    try:
        found = _parsed(path.read_bytes())
    except FileNotFoundError:
        return {}
    if found is None:
        path.replace(_free_name(path))
        return {}
    return found


def _set_aside(path: Path, message_id: str, **values: str | int) -> str:
    aside = _free_name(path)
    try:
        path.replace(aside)
    except OSError as error:
        return text("settings.unreadable", file=str(path), reason=_reason(error))
    return text(message_id, file=aside.name, folder=str(aside.parent), **values)


def _free_name(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.stem}.broken-{number}{path.suffix}")).exists():
        number += 1
    return aside


def _write(path: Path, values: dict[str, Any]) -> None:
    shown = json.dumps(values, ensure_ascii=False, indent=2, sort_keys=True)
    # A path may hold half a surrogate pair; its backslash form happens to be what JSON writes for it.
    write_atomically(path, f"{shown}\n".encode("utf-8", "backslashreplace"))


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__
