from collections.abc import Iterator
from pathlib import Path

import pytest

from core.demo.server import DemoHub
from core.hub.session import HubSession
from tests.core.hub.asking import FILES, MODEL
from tests.demo_hub import make_account, make_repository, running_demo_hub


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Where the hub's repositories are; a test may add some before it asks for `hub`."""
    folder = tmp_path / "hub"
    make_repository(folder, "model", MODEL, FILES, history=("First", "Second", "Third"), downloads=12, likes=3)
    make_account(folder, "lab", age_days=500, organization=True, fullname="The Lab", isVerified=True)
    return folder


@pytest.fixture
def hub(root: Path) -> Iterator[DemoHub]:
    with running_demo_hub(root) as running:
        yield running


@pytest.fixture
def session(hub: DemoHub) -> Iterator[HubSession]:
    with HubSession(hub.endpoint) as opened:
        yield opened
