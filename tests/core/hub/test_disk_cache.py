"""Answers kept on the disk: what comes back, what is thrown away, and what is never believed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.hub.disk_cache import DiskCache, Extent

QUESTION = ("answer", "GET", "https://hub.example/api/models/lab/model")
LIMIT = 1 << 20


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def cache(folder: Path) -> DiskCache:
    return DiskCache(folder, LIMIT)


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_an_answer_comes_back_with_its_facts_also_in_another_process(folder: Path, cache: DiskCache) -> None:
    cache.put(QUESTION, b"\x00body\xff", {"status": "200"})
    entry = DiskCache(folder, LIMIT).get(QUESTION)
    assert entry is not None
    assert (entry.content, entry.facts) == (b"\x00body\xff", {"status": "200"})
    assert cache.get((*QUESTION, "other")) is None


def test_names_on_the_disk_are_ours(folder: Path, cache: DiskCache) -> None:
    cache.put(("answer", "../../escape", "CON", "a:b", "x" * 5000, "\ud800"), b"body", {})
    (file,) = files_in(folder)
    assert folder in file.parents
    assert set(file.name) <= set("0123456789abcdef")


def one_bit_turned(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


@pytest.mark.parametrize(
    "damage", [one_bit_turned, lambda data: data[:-1], lambda data: data + b"x", lambda _: b"", lambda _: bytes(9000)]
)
def test_a_damaged_entry_is_not_used_and_removed(folder: Path, cache: DiskCache, damage: object) -> None:
    cache.put(QUESTION, b"body", {"status": "200"})
    (file,) = files_in(folder)
    assert callable(damage)
    file.write_bytes(damage(file.read_bytes()))
    assert cache.get(QUESTION) is None
    assert files_in(folder) == []


def test_an_entry_under_the_name_of_another_is_not_used(folder: Path, cache: DiskCache) -> None:
    cache.put(QUESTION, b"first", {})
    (first,) = files_in(folder)
    cache.put(("other",), b"second", {})
    (second,) = (file for file in files_in(folder) if file != first)
    second.write_bytes(first.read_bytes())
    assert cache.get(("other",)) is None
    assert cache.get(QUESTION) is not None


def test_the_least_recently_used_goes_first_and_the_limit_holds(folder: Path, cache: DiskCache) -> None:
    for number in range(400):
        cache.put((str(number),), bytes(4000), {})
        for index, file in enumerate(files_in(folder)):
            # A disk that tells times only by the second must not decide this test.
            os.utime(file, (1_000_000 + index, 1_000_000 + index)) if number == 0 else None
        if number % 20 == 0:
            assert cache.get(("0",)) is not None
    assert cache.get(("0",)) is not None, "it was used all the time"
    assert cache.get(("399",)) is not None
    assert cache.get(("1",)) is None
    assert cache.extent().bytes <= LIMIT * 9 // 8


def test_what_would_push_out_everything_else_is_not_kept(folder: Path, cache: DiskCache) -> None:
    cache.put(QUESTION, bytes(LIMIT // 4), {})
    assert files_in(folder) == []


def test_clearing_leaves_nothing_and_forgetting_a_token_leaves_the_rest(folder: Path, cache: DiskCache) -> None:
    cache.put(QUESTION, b"for all", {})
    cache.put(QUESTION, b"for one", {}, private=True)
    assert cache.extent().entries == 2
    cache.clear_private()
    assert cache.get(QUESTION, private=True) is None
    assert cache.get(QUESTION) is not None
    cache.clear()
    assert files_in(folder) == []
    assert cache.extent() == Extent()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no permission bits")
def test_only_this_account_may_read_it(folder: Path, cache: DiskCache) -> None:
    cache.put(QUESTION, b"body", {})
    assert all(path.stat().st_mode & 0o077 == 0 for path in (folder, *folder.rglob("*")))


def test_a_disk_that_refuses_is_an_empty_cache(folder: Path, cache: DiskCache) -> None:
    folder.write_bytes(b"a file where the folder should be")
    cache.put(QUESTION, b"body", {})
    assert cache.get(QUESTION) is None
    assert cache.extent() == Extent()
    cache.clear()


WRITER = """
import sys
from pathlib import Path
from core.hub.disk_cache import DiskCache
cache = DiskCache(Path(sys.argv[1]), 1 << 18)
for number in range(300):
    cache.put((str(number % 60),), sys.argv[2].encode() * 3000, {"by": sys.argv[2]})
    found = cache.get((str(number * 7 % 60),))
    if found is not None and found.content != found.facts["by"].encode() * 3000:
        sys.exit("a mixture")
"""


def test_several_processes_write_and_clear_at_once(folder: Path) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(folder), name]) for name in "abc"]
    cache = DiskCache(folder, 1 << 18)
    while any(writer.poll() is None for writer in writers):
        cache.clear()
    assert [writer.wait() for writer in writers] == [0, 0, 0]
