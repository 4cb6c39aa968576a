"""Two file lists, compared by content alone."""

from core.comparison.inventory import compare_files, is_weights
from core.comparison.results import FileRelation
from tests.core.snapshots import file


def relations(original: dict[str, bytes], here: dict[str, bytes]) -> dict[str, FileRelation]:
    pairs = compare_files([file(*one) for one in original.items()], [file(*one) for one in here.items()]).pairs
    return {pair.path: pair.relation for pair in pairs}


def test_identical_changed_missing_and_extra_files_are_told_apart() -> None:
    assert relations({"a": b"1", "b": b"2", "c": b"3"}, {"a": b"1", "b": b"other", "d": b"4"}) == {
        "d": FileRelation.EXTRA,
        "b": FileRelation.CHANGED,
        "c": FileRelation.MISSING,
        "a": FileRelation.IDENTICAL,
    }


def test_a_file_under_another_name_is_the_same_file() -> None:
    inventory = compare_files([file("model.safetensors", b"w" * 9)], [file("weights/model.safetensors", b"w" * 9)])
    (pair,) = inventory.pairs
    assert pair.relation is FileRelation.IDENTICAL
    assert pair.original_path == "model.safetensors"
    assert (inventory.weights_identical, inventory.weights_total) == (1, 1)


def test_empty_files_are_not_taken_for_one_another() -> None:
    assert relations({"a": b""}, {"b": b""})["b"] is FileRelation.EXTRA


def test_what_training_leaves_beside_the_weights_is_no_weights() -> None:
    assert is_weights("model-00001-of-00002.safetensors")
    assert not is_weights("training_args.bin")
    assert not is_weights("config.json")


def test_numbered_files_read_as_one_row() -> None:
    shards = [file(f"model-{n:05}-of-02000.safetensors", (10, f"{n:064x}")) for n in range(1, 2001)]
    programs = [file(f"setup{n}.exe", b"%d" % n) for n in (1, 2)]
    inventory = compare_files(shards, [*shards, *programs])
    assert [(group.relation, group.pattern, group.count, group.size) for group in inventory.groups()] == [
        (FileRelation.EXTRA, "setup1.exe", 1, 1),
        (FileRelation.EXTRA, "setup2.exe", 1, 1),
        (FileRelation.IDENTICAL, "model-*-of-02000.safetensors", 2000, 20000),
    ]


def test_a_row_holds_one_relation_only() -> None:
    there = [file(f"part{n}.bin", (10, f"{n:064x}")) for n in range(6)]
    here = [file(f"part{n}.bin", (10, f"{n if n < 3 else 99 + n:064x}")) for n in range(6)]
    groups = compare_files(there, here).groups()
    assert [(group.relation, group.count) for group in groups] == [
        (FileRelation.CHANGED, 3),
        (FileRelation.IDENTICAL, 3),
    ]
