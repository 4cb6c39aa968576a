"""A labelled corpus for the scanning engine: made here, byte by byte, and harmless.

Nothing of it is ever unpickled, imported or run. What stands for an attack would at most print a line or name an
address that cannot exist. Labels say what a careful analyst would say of the file alone:

- `high`: an attack, or made to deceive
- `careful`: can run code, or is not what it seems, without proof of intent
- `benign`: what honest publishers upload every day
"""

from collections.abc import Iterator

from benchmarks.corpus import (
    apart,
    benign_code,
    benign_files,
    builds,
    carrying,
    code,
    documents,
    evasions,
    files,
    formats,
    guises,
    indirect,
    neighbours,
    other_models,
    pickles,
    scripts,
    settings,
    single_points,
)
from benchmarks.corpus.samples import Label, Sample

__all__ = ["Label", "Sample", "samples"]

_MODULES = (
    pickles,
    formats,
    indirect,
    other_models,
    code,
    evasions,
    scripts,
    settings,
    files,
    documents,
    benign_files,
    builds,
    carrying,
    benign_code,
    neighbours,
    guises,
    single_points,
    apart,
)


def samples() -> Iterator[Sample]:
    """All of them, each with a name of its own, always the same."""
    seen: set[str] = set()
    for module in _MODULES:
        for sample in module.samples():
            if sample.id in seen:
                raise ValueError(f"two samples called {sample.id}")
            seen.add(sample.id)
            yield sample
