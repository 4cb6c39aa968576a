"""picklescan beside our own machine: its list applied to what we found, and its own reading of small files.

The only place that touches picklescan, whose lists have private names; a test fails when they move.
"""

import functools
import io
import logging
import sys
from collections.abc import Iterable
from types import ModuleType
from typing import cast

from core.byte_reader import ByteReader

LARGEST = 1 << 20
"""Bytes up to which picklescan reads a file itself: it keeps every opcode in memory."""


@functools.cache
def _scanner() -> ModuleType:
    """picklescan, loaded when the first pickle needs it; without its way to the network, which it has no use for."""
    stand_in = ModuleType("http.client")
    placed = sys.modules.setdefault("http.client", stand_in) is stand_in
    try:
        from picklescan import scanner  # noqa: PLC0415  as said above
    finally:
        if placed:
            del sys.modules["http.client"]
    return cast("ModuleType", scanner)


def dangerous(imports: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Those imports that picklescan's block-list names, as `module.name`."""
    scanner = _scanner()
    logging.getLogger("picklescan").setLevel(logging.CRITICAL)
    result = scanner._build_scan_result_from_raw_globals(set(imports), "")  # noqa: SLF001  applies its lists
    return _named(result.globals, scanner)


def own_reading(file: ByteReader, size: int) -> tuple[str, ...]:
    """Dangerous imports that picklescan finds by itself, as `module.name`; nothing for large files."""
    scanner = _scanner()
    if size > LARGEST:
        return ()
    logging.getLogger("picklescan").setLevel(logging.CRITICAL)
    file.seek(0)
    data = file.read(size)
    try:
        result = scanner.scan_pickle_bytes(io.BytesIO(data), "", multiple_pickles=True)
    except Exception:  # noqa: BLE001  a second opinion may fail on what it likes; the first one stands
        return ()
    return _named(result.globals, scanner)


def _named(found: Iterable[object], scanner: object) -> tuple[str, ...]:
    level = scanner.SafetyLevel.Dangerous  # type: ignore[attr-defined]  # the package has no types
    return tuple(sorted(f"{entry.module}.{entry.name}" for entry in found if entry.safety == level))  # type: ignore[attr-defined]  # as above
