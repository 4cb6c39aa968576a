"""Impostors are called out and honest people are not: every scene, through the real client, against the demo hub."""

from collections import Counter
from collections.abc import Iterator

import pytest

from benchmarks.scenes import build, scenes
from benchmarks.scenes.checking import check
from benchmarks.scenes.scene import Group, Scene
from core.demo.server import DemoHub

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoHub]:
    with DemoHub(build(tmp_path_factory.mktemp("scenes"))) as running:
        yield running


def test_there_are_enough_of_each_kind() -> None:
    counts = Counter(scene.group for scene in scenes())
    assert counts[Group.IMPOSTOR] >= 20
    assert counts[Group.HONEST] >= 30
    assert counts[Group.ALONE] >= 10


@pytest.mark.parametrize("scene", scenes(), ids=lambda scene: scene.address)
def test_scene(scene: Scene, hub: DemoHub) -> None:
    """A wrong original that is called a guess is no miss here: that 95 % are right is the benchmark's to measure."""
    assert not list(check(hub, scene).misses())
