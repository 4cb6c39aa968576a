"""What the installer says: sentences by id from the program's own catalogue, read without the program."""

import functools
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class Stop(Exception):
    """The installer cannot go on. `message_id` names what happened (`.what`), what it means and what to do."""

    def __init__(self, message_id: str, **values: str) -> None:
        super().__init__(message_id, values)
        self.message_id = message_id
        self.values = values

    def __str__(self) -> str:
        return "\n".join(sentence(f"{self.message_id}.{part}", **self.values) for part in ("what", "means", "do"))


@functools.cache
def _catalogue() -> dict[str, str]:
    texts: dict[str, str] = json.loads((ROOT / "resources/text/en/installer.json").read_text(encoding="utf-8"))
    return texts


def sentence(message_id: str, **values: str) -> str:
    """A sentence of `resources/text/en/installer.json` with its values filled in."""
    return _catalogue()[message_id].format_map(values)


def say(message_id: str, **values: str) -> None:
    """Tell the person, on standard error: standard output belongs to the program that is started."""
    print(sentence(message_id, **values), file=sys.stderr, flush=True)
