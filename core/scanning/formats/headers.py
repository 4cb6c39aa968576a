"""What the readers of tensor files share: a header that contradicts its file, and what lies behind the last tensor."""

from core.scanning.byte_sources import Window
from core.scanning.inspection import Inspection


class Unsound(Exception):
    """The header contradicts the file; the argument is an oddity of the catalogue. `behind`: where the tensors end."""

    def __init__(self, oddity: str, behind: int | None = None) -> None:
        super().__init__(oddity)
        self.behind = behind


def look_in_front(inspection: Inspection, end: int) -> None:
    """Look at what stands before an archive as at a file: programs that read from the start see that."""
    inspection.nested("bytes at 0", Window(inspection.file, 0, end))


def look_behind(inspection: Inspection, start: int) -> None:
    """Look at what follows the tensors as at a file: programs that read from the end see only that."""
    inspection.nested(f"bytes at {start}", Window(inspection.file, start, inspection.file.size - start))
