"""Repositories as they lie on the Hub, made here, to measure who is taken for whom: `scenes()` and `build(folder)`.

Names of publishers are real where our list knows them; cards are in our own words; weights are headers followed by
zeros that cost no disk, with hashes that nobody computed. What stands for an attack prints a line at most. Addresses
end in `.example` or `.invalid`; one names a link shortener, since those are recognised by name.
"""

from benchmarks.scenes.shelf import build, scenes

__all__ = ["build", "scenes"]
