"""A person's own list of publishers wins over the shipped one, and reaches the check."""

from pathlib import Path

import pytest

from core.application import Application
from core.errors import UserFacingError
from core.identity import own_list
from core.identity.publishers import NOTHING_OWN, Directory, OwnList, directory_for, with_own
from core.identity.results import PublisherEvidence
from core.paths import folders
from core.progress import CancelToken, ignore_progress
from core.services import OriginalChoice

HUB = "https://huggingface.co"


def listed(own: OwnList) -> Directory:
    return directory_for(HUB, own)


def test_no_file_means_the_shipped_list(tmp_path: Path) -> None:
    assert own_list.read(tmp_path / "publishers.toml") == NOTHING_OWN
    assert listed(NOTHING_OWN) is directory_for(HUB)


def test_an_account_is_enough(tmp_path: Path) -> None:
    path = tmp_path / "publishers.toml"
    path.write_text('[[publisher]]\naccounts = ["our-lab"]\n', encoding="utf-8")
    found = listed(own_list.read(path)).of_account("Our-Lab")
    assert found is not None
    assert (found.name, found.evidence) == ("our-lab", PublisherEvidence.OWN)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "config" / "publishers.toml"
    entry = own_list.own_entry("our-lab", name='Ours \\ "quoted" é \x7f', aliases=["Our Lab"], website="our.example")
    own = own_list.removed(own_list.added(NOTHING_OWN, entry), "openai", shipped=True)
    own_list.write(path, own)
    assert own_list.read(path) == own


def test_an_own_entry_takes_an_account_and_a_name_from_the_shipped_one() -> None:
    own = OwnList((own_list.own_entry("openai-community", aliases=["OpenAI"]),))
    directory = listed(own)
    theirs, shipped = directory.of_account("openai-community"), directory.of_account("openai")
    assert theirs is own.added[0]
    assert shipped is not None
    assert shipped.accounts == ("openai",)
    assert directory.named_in("Made by OpenAI.") == (theirs,)


def test_an_account_taken_out_counts_no_more() -> None:
    directory = listed(own_list.removed(NOTHING_OWN, "OpenAI", shipped=True))
    assert directory.of_account("openai") is None
    assert directory.of_account("openai-community") is not None
    rest = with_own(directory, OwnList(removed=("openai-community",)))
    assert all(one.id != "openai" for one in rest.publishers)


def test_adding_again_undoes_the_removal() -> None:
    gone = own_list.removed(NOTHING_OWN, "openai", shipped=True)
    back = own_list.added(gone, own_list.own_entry("openai"))
    assert back.removed == ()
    assert own_list.removed(back, "openai", shipped=False) == NOTHING_OWN


@pytest.mark.parametrize(
    "content",
    [
        "not = [toml",
        '[[publisher]]\naccounts = ["a"]\nnick = "b"\n',
        '[[publisher]]\naccounts = ["a", "A"]\n',
        '[[publisher]]\nname = "nobody"\n',
        '[[removed]]\nname = "a"\n',
        'removed = ["a"]\n',
        '[publisher]\naccounts = ["a"]\n',
        "other = 1\n",
        "\udcff",
    ],
)
def test_a_file_that_cannot_be_understood_is_said(tmp_path: Path, content: str) -> None:
    path = tmp_path / "publishers.toml"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(UserFacingError) as said:
        own_list.read(path)
    assert "publishers.toml" in said.value.what
    assert "openai" not in said.value.what


def test_a_check_uses_the_own_list_and_refuses_a_broken_one(tmp_path: Path) -> None:
    path = folders(tmp_path).publishers
    with Application(folders(tmp_path), demo=True) as application:
        reference = application.parse("openai/privacy-filter")

        def publisher() -> str | None:
            report = application.check(reference, OriginalChoice(none=True), ignore_progress, CancelToken())
            return report.identity.publisher.name if report.identity.publisher else None

        assert publisher() == "OpenAI"
        own_list.write(path, own_list.removed(NOTHING_OWN, "openai", shipped=True))
        assert publisher() is None
        path.write_text("broken", encoding="utf-8")
        with pytest.raises(UserFacingError, match=r"publishers\.toml"):
            publisher()
