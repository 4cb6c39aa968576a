"""What the scanner found weighs less where the original has the very same file, or is what a file leads to."""

from core.comparison.inventory import compare_files
from core.comparison.results import Card, Comparison
from core.findings import Evidence, Finding, Level, finding
from core.identity.results import Relation
from core.joint_findings import of_known_makers, weighed
from core.repository import Commit, ModelFacts, Snapshot
from tests.core.snapshots import days_ago, file, snapshot


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


def test_a_template_that_steers_weighs_more_where_the_originals_does_not() -> None:
    words = finding("scanning.template-steers", "a.gguf", (Evidence("template_part", "'bank' in message"),))
    address = finding("scanning.template-steers", "a.gguf", (Evidence("address", "https://x.example"),))

    def level(one: Finding, template: str | None, relation: Relation) -> Level:
        original = snapshot("maker/model", model=ModelFacts(chat_template=template))
        here = snapshot("packer/model-GGUF")
        return next(weighed([one], here, original, Comparison(Card(())), relation)).level

    for one in (words, address):
        assert level(one, "{{ messages }}", Relation.CONVERTED) is Level.HIGH
        assert level(one, "{{ messages }}", Relation.DERIVED) is Level.CAREFUL, "a fine-tune may have its own"
        assert level(one, None, Relation.CONVERTED) is Level.CAREFUL, "nothing to compare with"
        there = "{% if 'bank' in m.content %}https://x.example{% endif %}"
        assert level(one, there, Relation.CONVERTED) is Level.CAREFUL, "the original does it too"


def test_programs_of_known_makers_weigh_less_unless_they_came_late() -> None:
    first = Commit("a" * 40, "first", days_ago(400), ("maker",))
    late = file("late.exe", b"x", changed_at=days_ago(2))
    here = snapshot("maker/model", (file("app.exe", b"x", changed_at=days_ago(400)), late), first_commit=first)
    found = [finding("scanning.code-program", path, level=Level.HIGH, kind="x") for path in ("app.exe", "late.exe")]
    assert [one.level for one in of_known_makers(found, here, known=True)] == [Level.CAREFUL, Level.HIGH]
    assert [one.level for one in of_known_makers(found, here, known=False)] == [Level.HIGH, Level.HIGH]
