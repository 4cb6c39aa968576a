"""Paths inside of models."""

import re


def escapes(location: str) -> bool:
    """True for a path that leaves the model's folder, names a device or is an address."""
    parts = location.replace("\\", "/").split("/")
    rooted = location.startswith(("/", "\\", "~")) or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", location) is not None
    return rooted or ".." in parts
