"""`python3 -m installer run | test`, on Windows `py -m installer run | test`."""

import sys
from collections.abc import Sequence

from installer.words import Stop, sentence

OWN_OPTION = "--system-packages"


def main(arguments: Sequence[str]) -> int:
    """Do what the first word says with the rest. Returns the exit code; 2 if the word is unknown."""
    command, passed_on, install_packages = understood(arguments)
    try:
        if command == "run":
            from installer import start  # noqa: PLC0415  one command must not pay for the other

            return start.run(passed_on, install_packages)
        if command == "test":
            from installer import checks  # noqa: PLC0415

            return checks.run(passed_on, install_packages)
    except Stop as stop:
        print(f"\n{stop}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"\n{sentence('installer.interrupted')}", file=sys.stderr)
        return 130
    print(sentence("installer.usage"), file=sys.stdout if command in ("-h", "--help") else sys.stderr)
    return 0 if command in ("-h", "--help") else 2


def understood(arguments: Sequence[str]) -> tuple[str, tuple[str, ...], bool]:
    """The command, what is passed on unchanged, and whether packages of the system may be installed."""
    command, *rest = arguments or ("",)
    return command, tuple(word for word in rest if word != OWN_OPTION), OWN_OPTION in rest


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
