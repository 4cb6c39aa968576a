"""Start: sub-commands go to the command line, everything else opens the window."""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from core import __version__, cli
from core.text import text


def start(given: Sequence[str]) -> int:
    """`sallyport [ADDRESS] [--demo]` opens the window; `sallyport check …` and its like never import Qt."""
    if given and (given[0] in cli.COMMANDS or given[0] in {"-h", "--help", "--version"}):
        return cli.main(given)
    options = _parser().parse_args(given)
    if not _has_display(os.environ):
        print(text("window.no_display"), file=sys.stderr)
        return cli.COULD_NOT_CHECK
    try:
        from gui.app import run  # noqa: PLC0415  only a window needs Qt
    except ImportError as problem:
        print(text("window.no_qt", reason=str(problem)), file=sys.stderr)
        return cli.COULD_NOT_CHECK
    return run(options.address, demo=options.demo, data_dir=options.data_dir)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sallyport", description=text("cli.description"))
    parser.add_argument("address", nargs="?", metavar="ADDRESS", help=text("cli.help.address"))
    parser.add_argument("--demo", action="store_true", help=text("cli.help.use_demo"))
    parser.add_argument("--data-dir", type=Path, help=text("cli.help.data_dir"))
    parser.add_argument("--version", action="version", version=f"Sallyport {__version__}")
    return parser


def _has_display(environment: Mapping[str, str]) -> bool:
    """Qt ends the process where it finds no display, so we look first."""
    if sys.platform != "linux" or environment.get("QT_QPA_PLATFORM"):
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))
