"""The seam between scanners and where bytes come from."""

from typing import Protocol


class ByteReader(Protocol):
    """A seekable binary file that reads exactly: `read(n)` gives n bytes or all up to the end, never fewer.

    `error` is sticky: once a read failed it stays set and every later read raises it again, because
    scanners swallow exceptions. Whoever used the reader must look at `error` before believing a result.
    """

    @property
    def size(self) -> int:
        """Length in bytes."""
        ...

    @property
    def error(self) -> Exception | None:
        """The first failure, if any."""
        ...

    def read(self, size: int = -1, /) -> bytes:
        """Exactly `size` bytes, or up to the end."""
        ...

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """As `io.IOBase.seek`."""
        ...

    def tell(self) -> int:
        """Current position."""
        ...

    def close(self) -> None:
        """Release what the reader holds."""
        ...
