"""What a person can set, kept as JSON."""

from dataclasses import dataclass


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
