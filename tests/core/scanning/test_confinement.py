"""What the worker can still do after it has given up everything else."""

import subprocess
import sys

import pytest

from core.scanning import routing

IMPORT_CONFINED = """
import importlib, sys
from core.scanning import confinement, worker
confinement.before_threads(), confinement.after_threads()
importlib.import_module(sys.argv[1])
"""


@pytest.mark.parametrize("module", sorted({place.rpartition(".")[0] for place in routing._SCANNERS.values()}))
def test_a_confined_worker_can_load_every_scanner(module: str) -> None:
    command = [sys.executable, "-I", "-c", IMPORT_CONFINED, f"core.scanning.{module}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("module", ["lz4.frame", "zstandard"])
def test_a_confined_worker_can_unpack_what_needs_a_library_of_its_own(module: str) -> None:
    command = [sys.executable, "-I", "-c", IMPORT_CONFINED, module]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
