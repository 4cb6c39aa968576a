from pathlib import Path

import pytest

from core.demo.knobs import Knobs
from core.demo.library import Library
from core.demo.routes import Hub
from core.demo.scenarios import build
from tests.core.demo.asking import BASE, CDN


@pytest.fixture(scope="session")
def scenarios(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("scenarios"))


@pytest.fixture
def knobs() -> Knobs:
    return Knobs()


@pytest.fixture
def hub(scenarios: Path, knobs: Knobs) -> Hub:
    return Hub(Library(scenarios), BASE, CDN, knobs)
