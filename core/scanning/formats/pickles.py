"""Pickles of every protocol: what they import and call when they are loaded, stream after stream."""

import re

from core.scanning.formats import pickle_findings
from core.scanning.formats.pickle_hidden import TORCH_MAGIC, is_old_pickle
from core.scanning.formats.pickle_streams import MAX_STREAMS, Seen, find_inside, run_streams
from core.scanning.inspection import Inspection

__all__ = ["is_old_pickle", "scan", "scan_member", "scan_unknown"]

_LEGACY = re.compile(rb"(\x80[\x02-\x05](\x95.{8})?)?" + re.escape(TORCH_MAGIC), re.DOTALL)
_LEGACY_STREAMS = 5
"""Magic number, protocol, system, the object itself, keys of the storages; then the raw storages."""


def scan(inspection: Inspection) -> None:
    """A plain pickle, a joblib file, or a PyTorch file of before 1.6."""
    legacy = _LEGACY.match(inspection.head) is not None
    if legacy:
        inspection.kind = "torch_legacy"
    _scan(inspection, 0, _LEGACY_STREAMS if legacy else MAX_STREAMS, trailing_expected=legacy)


def scan_member(inspection: Inspection, start: int, raw_behind: bool) -> None:
    """A pickle at an offset of a file with a header of its own, for example an array of objects."""
    _scan(inspection, start, MAX_STREAMS, trailing_expected=raw_behind)


def scan_unknown(inspection: Inspection) -> None:
    """A format that we do not know: a pickle that lies in it counts, and the rest stays unread."""
    seen = Seen()
    find_inside(inspection.file, inspection.budget, seen)
    if seen.imports:
        pickle_findings.report(inspection, seen, trailing_expected=True, complete=False)
    inspection.unread("unknown_format")


def _scan(inspection: Inspection, start: int, most: int, trailing_expected: bool) -> None:
    seen = Seen()
    try:
        run_streams(inspection.file, inspection.budget, seen, start, most)
    except Exception:  # what was seen before counts: a dangerous call may stand right in front of the trouble
        pickle_findings.report(inspection, seen, trailing_expected, complete=False)
        raise
    if seen.joblib:
        inspection.kind = "joblib"
    pickle_findings.report(inspection, seen, trailing_expected)
