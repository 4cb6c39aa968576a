"""What every test of the result page needs."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from gui import theme
from gui.tasks import TaskRunner
from tests.e2e.keyboard import settle


@pytest.fixture
def runner(qapp: QApplication) -> Iterator[TaskRunner]:
    theme.apply(qapp, "light")
    runner = TaskRunner()
    yield runner
    assert runner.stop()
    settle()
