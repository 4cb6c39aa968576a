"""picklescan beside our own machine: its list applied to what we found, and its own reading of small files.

The only place that touches picklescan, whose lists have private names; a test fails when they move.
"""

import logging
from collections.abc import Iterable

from core.repository import ByteReader

LARGEST = 1 << 20
"""Bytes up to which picklescan reads a file itself: it keeps every opcode in memory."""


def dangerous(imports: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Those imports that picklescan's block-list names, as `module.name`."""
    from picklescan import scanner  # noqa: PLC0415  takes a seventh of a second; only pickles pay for it

    logging.getLogger("picklescan").setLevel(logging.CRITICAL)
    result = scanner._build_scan_result_from_raw_globals(set(imports), "")  # noqa: SLF001  applies its lists
    return _named(result.globals, scanner)


def own_reading(file: ByteReader, size: int) -> tuple[str, ...]:
    """Dangerous imports that picklescan finds by itself, as `module.name`; nothing for large files."""
    from picklescan import scanner  # noqa: PLC0415  as above

    if size > LARGEST:
        return ()
    logging.getLogger("picklescan").setLevel(logging.CRITICAL)
    file.seek(0)
    try:
        result = scanner.scan_pickle_bytes(file, "", multiple_pickles=True)
    except Exception:  # noqa: BLE001  a second opinion may fail on what it likes; the first one stands
        return ()
    return _named(result.globals, scanner)


def _named(found: Iterable[object], scanner: object) -> tuple[str, ...]:
    level = scanner.SafetyLevel.Dangerous  # type: ignore[attr-defined]  # the package has no types
    return tuple(sorted(f"{entry.module}.{entry.name}" for entry in found if entry.safety == level))  # type: ignore[attr-defined]  # as above
