"""Where things lie: our own resources, and the folders of the person's account (through platformdirs)."""

from pathlib import Path

RESOURCES = Path(__file__).resolve().parent.parent / "resources"
"""Data shipped with the program."""
