"""What the scanner found weighs less where the original has the very same file, or is what a file leads to."""

from core.comparison.inventory import compare_files
from core.comparison.results import Card, Comparison
from core.findings import Finding, Level, finding
from core.joint_findings import weighed
from core.repository import Snapshot
from tests.core.snapshots import snapshot


def weights_of(found: Finding, here: Snapshot, original: Snapshot | None) -> Level:
    inventory = compare_files(original.files, here.files) if original is not None else None
    comparison = Comparison(Card((), ()), inventory=inventory)
    return next(weighed([found], here, original, comparison)).level


def test_a_file_that_the_original_has_too_weighs_one_step_less() -> None:
    found = finding("scanning.code-starts-programs", "run.py")
    here = snapshot("copier/model", {"run.py": b"x"})
    assert weights_of(found, here, snapshot("maker/model", {"run.py": b"x"})) is Level.NOTE
    assert weights_of(found, here, snapshot("maker/model", {"run.py": b"other"})) is Level.CAREFUL
    assert weights_of(found, here, snapshot("maker/model", {"else.py": b"other"})) is Level.CAREFUL
    assert weights_of(found, here, None) is Level.CAREFUL


def test_code_of_the_declared_base_model_is_not_a_strangers() -> None:
    found = finding("scanning.auto-map-elsewhere", "config.json", name="Maker/Base")
    assert weights_of(found, snapshot("copier/model", base_models=("maker/base",)), None) is Level.CAREFUL
    assert weights_of(found, snapshot("copier/model"), snapshot("maker/base")) is Level.CAREFUL
    assert weights_of(found, snapshot("copier/model"), snapshot("maker/other")) is Level.HIGH
    assert weights_of(found, snapshot("maker/model"), None) is Level.CAREFUL, "of the same account"
    assert weights_of(found, snapshot("make/model"), None) is Level.HIGH


def test_known_malware_weighs_the_same_everywhere() -> None:
    found = finding("joint.hub-malware", "run.exe", engine="x", said="y")
    here = snapshot("copier/model", {"run.exe": b"x"})
    assert weights_of(found, here, snapshot("maker/model", {"run.exe": b"x"})) is Level.KNOWN_BAD
