"""Pin what gets installed: writes `requirements/*.txt` with a hash for every file of every system, and no address.

    uv pip install uv; python -m installer.lock [--upgrade]

The runtime list comes from `dependencies` in pyproject.toml, the others from the `.in` files. hf-xet is left out on
purpose: it moves data in native code, past our list of allowed hosts, time-outs and hash checks. huggingface_hub asks
for it, never imports it unasked, and uses plain HTTPS without it (`HF_HUB_DISABLE_XET=1`, see core/hub/session.py).
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "installer" / "requirements"
HEADER = "# Made by `python -m installer.lock`; do not edit. Every file pip may install is listed with its sha256.\n"
LEFT_OUT = ("hf-xet",)


def main(arguments: list[str]) -> None:
    """Write the three files, the runtime one first: the others must agree with it."""
    runtime = FOLDER / "runtime.txt"
    _compile(ROOT / "pyproject.toml", runtime, *arguments)
    for name in ("test", "build"):
        _compile(FOLDER / f"{name}.in", FOLDER / f"{name}.txt", f"--constraints={runtime}", *arguments)


def _compile(source: Path, target: Path, *options: str) -> None:
    command = [
        "uv", "pip", "compile", "--universal", "--python-version=3.11", "--generate-hashes", "--only-binary=:all:",
        "--no-emit-index-url", "--no-emit-find-links", "--no-annotate", "--no-header", "--no-sources",
    ]  # fmt: skip
    left_out = [f"--no-emit-package={name}" for name in LEFT_OUT]
    done = subprocess.run(
        [*command, *left_out, *options, f"--output-file={target}", str(source)],
        check=True, stdout=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    target.write_text(HEADER + done.stdout, encoding="utf-8", newline="\n")
    print(f"{target.relative_to(ROOT)}: {done.stdout.count('==')} packages")


if __name__ == "__main__":
    main(sys.argv[1:])
