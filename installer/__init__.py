"""From a fresh copy of the project to a running program or a finished test run: `python3 -m installer run | test`.

Only the standard library is imported here, because nothing else is installed yet.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  an older Python must get this sentence instead of a stack trace
    sys.exit(
        "Sallyport needs Python 3.11 or newer; this is Python %d.%d.\n"  # noqa: UP031  f-strings may be too new
        "Nothing was installed.\n"
        "Install a newer Python from python.org or your system's packages, and start again with it."
        % sys.version_info[:2]
    )
