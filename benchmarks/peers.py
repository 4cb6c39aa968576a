"""Other scanners, asked about the same files. Runs in an environment of its own, where they are installed.

`python peers.py TOOL < paths` prints one JSON list `[path, flagged, error]` a line; `python peers.py --list` the tools.
"""

import contextlib
import io
import json
import logging
import os
import sys
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

REQUIREMENTS = ("picklescan==1.0.5", "modelscan==0.8.8", "fickling==0.1.12", "modelaudit==0.2.54")


def picklescan() -> Callable[[str], bool]:
    scanner: Any = __import__("picklescan.scanner", fromlist=["scan_file_path"])
    return lambda path: scanner.scan_file_path(path).issues_count > 0


def modelscan() -> Callable[[str], bool]:
    made = __import__("modelscan.modelscan", fromlist=["ModelScan"]).ModelScan()
    return lambda path: made.scan(path)["summary"]["total_issues"] > 0


def fickling() -> Callable[[str], bool]:
    fickle: Any = __import__("fickling.fickle", fromlist=["StackedPickle"])
    analysis: Any = __import__("fickling.analysis", fromlist=["check_safety"])

    def flagged(path: str) -> bool:
        with open(path, "rb") as file:  # noqa: PTH123  as its own command line does
            found = [analysis.check_safety(one).severity for one in fickle.StackedPickle.load(file)]
        return any(severity > analysis.Severity.LIKELY_SAFE for severity in found)

    return flagged


def modelaudit() -> Callable[[str], bool]:
    os.environ["PROMPTFOO_DISABLE_TELEMETRY"] = os.environ["NO_ANALYTICS"] = "1"
    core: Any = __import__("modelaudit.core", fromlist=["scan_model_directory_or_file"])

    def flagged(path: str) -> bool:
        result = core.scan_model_directory_or_file(path)
        return any(str(issue.severity.value) in {"warning", "critical"} for issue in result.issues)

    return flagged


TOOLS = {"picklescan": picklescan, "modelscan": modelscan, "fickling": fickling, "modelaudit": modelaudit}


def main() -> None:
    if sys.argv[1] == "--list":
        print(" ".join(name for name in TOOLS if find_spec(name)))
        return
    logging.disable(logging.CRITICAL)
    out = sys.stdout
    check = TOOLS[sys.argv[1]]()
    for line in sys.stdin:
        path, flagged, error = line.rstrip("\n"), False, ""
        try:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                flagged = check(path)
        except BaseException as problem:  # noqa: BLE001  whatever they raise is a result
            error = type(problem).__name__
        out.write(json.dumps([path, flagged, error]) + "\n")
    out.flush()


if __name__ == "__main__":
    main()
