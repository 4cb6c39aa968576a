"""Where things lie: our own resources, and the folders of the person's account (through platformdirs)."""

import os
from dataclasses import dataclass
from pathlib import Path

RESOURCES = Path(__file__).resolve().parent.parent / "resources"
"""Data shipped with the program."""

DATA_DIR_VARIABLE = "SALLYPORT_DATA_DIR"
"""Names a folder that takes the place of all per-user folders: for tests, demonstrations and portable use."""


@dataclass(frozen=True, slots=True)
class Folders:
    """The folders of one account. They need not exist: whoever writes calls `private_folder` first."""

    data: Path
    """History, approvals and the quarantine ledger."""
    config: Path
    """settings.json, and what a person adds to our lists."""
    cache: Path
    """May be emptied at any time."""
    logs: Path
    quarantine: Path
    """Downloaded files that were not released yet, unless the settings name another folder."""

    @property
    def rules(self) -> Path:
        """YARA rules of the person's own, if there are any."""
        return self.config / "rules"

    @property
    def publishers(self) -> Path:
        """The person's own list of publishers, if there is one."""
        return self.config / "publishers.toml"


def folders(data_dir: Path | None = None) -> Folders:
    """The folders below `data_dir`, else below `SALLYPORT_DATA_DIR`, else where the system wants them; none created."""
    chosen = data_dir or (Path(named) if (named := os.environ.get(DATA_DIR_VARIABLE)) else None)
    if chosen is not None:
        base = chosen.absolute()
        return Folders(base / "data", base / "config", base / "cache", base / "logs", base / "data" / "quarantine")
    import platformdirs  # noqa: PLC0415  the worker and a scan need no folders of the person

    system = platformdirs.PlatformDirs("Sallyport", appauthor=False)
    data = system.user_data_path
    return Folders(data, system.user_config_path, system.user_cache_path, system.user_log_path, data / "quarantine")


def private_folder(folder: Path) -> Path:
    """Create `folder` and its missing parents for this account only: mode 0700; Windows inherits from the profile.

    Raises `UserFacingError("folder.not_created")` if the disk refuses.
    """
    try:
        _create(folder)
    except OSError as error:
        from core.errors import UserFacingError  # noqa: PLC0415  core.errors needs core.text, which needs RESOURCES

        reason = error.strerror or type(error).__name__
        raise UserFacingError("folder.not_created", folder=str(folder), reason=reason) from error
    return folder


def _create(folder: Path) -> None:
    if folder.is_dir():
        return
    if folder.parent != folder:
        _create(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
