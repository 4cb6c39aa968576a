import errno
from pathlib import Path

import pytest

from core.quarantine.durable import in_words, move, patiently, remove_tree


class InUse(OSError):
    """What Windows raises while another program has the file open."""

    winerror = 32


def test_a_file_in_use_is_tried_again() -> None:
    attempts: list[int] = []
    pauses: list[float] = []

    def action() -> str:
        attempts.append(1)
        if len(attempts) < 4:
            raise InUse
        return "done"

    assert patiently(action, pauses.append) == "done"
    assert len(pauses) == 3


def test_a_file_that_stays_in_use_is_given_up() -> None:
    pauses: list[float] = []

    def action() -> None:
        raise InUse

    with pytest.raises(InUse):
        patiently(action, pauses.append)
    assert sum(pauses) < 3


def test_another_refusal_is_not_repeated() -> None:
    def action() -> None:
        raise PermissionError

    with pytest.raises(PermissionError):
        patiently(action, lambda _seconds: pytest.fail("waited for nothing"))


def test_a_move_replaces_a_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"new")
    (tmp_path / "b").write_bytes(b"old")
    move(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").read_bytes() == b"new"


def test_read_only_trees_are_removed_and_links_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"mine")
    outside.chmod(0o400)
    tree = tmp_path / "tree"
    (tree / "sub").mkdir(parents=True)
    (tree / "sub" / "file").write_bytes(b"x")
    (tree / "sub" / "file").chmod(0o400)
    (tree / "link").symlink_to(outside)
    remove_tree(tree)
    remove_tree(tree)
    assert not tree.exists()
    assert outside.read_bytes() == b"mine"
    assert outside.stat().st_mode & 0o777 == 0o400


@pytest.mark.parametrize(
    ("number", "message"),
    [(errno.ENOSPC, "quarantine.disk_full"), (errno.EDQUOT, "quarantine.disk_full"), (errno.EIO, "quarantine.disk")],
)
def test_refusals_of_the_disk(number: int, message: str) -> None:
    assert in_words(OSError(number, "said the disk")).message_id == message


def test_a_refusal_without_words() -> None:
    assert "OSError" in in_words(OSError()).what
