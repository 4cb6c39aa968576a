"""Start. For `scan` its worker first: it gets ready while the command line is still being imported."""

import sys
from collections.abc import Sequence

from core.scanning.worker_process import start_one


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program with `arguments`, the command line's by default. Returns its exit status."""
    given = tuple(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ("scan",) and not {"-h", "--help"}.intersection(given):
        start_one()
    from gui.start import start  # noqa: PLC0415  imports the rest of the program

    return start(given)


if __name__ == "__main__":
    sys.exit(main())
