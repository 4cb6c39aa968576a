"""Files that are nothing but zips one behind another, as distributed checkpoints of PyTorch are (`.distcp`)."""

from core.byte_reader import ByteReader
from core.findings import Evidence
from core.scanning.byte_sources import Window
from core.scanning.content import extension
from core.scanning.formats.zip_directory import NotZip, read_directory
from core.scanning.inspection import Budget, Inspection

_MOST = 5000


def scan(inspection: Inspection) -> bool:
    """Look at each archive by itself. False if the file is something else."""
    places = archives_in(inspection.file, inspection.budget) if inspection.head.startswith(b"PK\x03\x04") else []
    if places and extension(inspection.path) != ".distcp":
        inspection.report("archive-damaged", Evidence("oddity", "data_before", 0))
    for start, end in places:
        inner = inspection.nested(f"archive at {start}", Window(inspection.file, start, end - start))
        inspection.kind = inner.kind
    return bool(places)


def archives_in(file: ByteReader, budget: Budget) -> list[tuple[int, int]]:
    """Where each archive begins and ends, if there are several and no byte lies between them; else an empty list."""
    found: list[tuple[int, int]] = []
    end = file.size
    while end > 0 and len(found) < _MOST:
        budget.check_time()
        try:
            directory = read_directory(Window(file, 0, end))
        except NotZip:
            return []
        if directory.bytes_behind:
            return []
        found.append((directory.shift, end))
        end = directory.shift
    return found[::-1] if end == 0 and len(found) > 1 else []
