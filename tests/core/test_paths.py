import os
import stat
import sys
from pathlib import Path

import pytest

from core.errors import UserFacingError
from core.paths import RESOURCES, folders, private_folder


def test_resources_are_shipped_beside_the_code() -> None:
    assert (RESOURCES / "text" / "en" / "house.json").is_file()


def test_one_folder_holds_everything_when_named(tmp_path: Path) -> None:
    named = folders(tmp_path / "mine")
    assert all(
        folder.is_relative_to(tmp_path / "mine")
        for folder in (named.data, named.config, named.cache, named.logs, named.quarantine)
    )
    assert not (tmp_path / "mine").exists(), "looking must not create anything"


def test_the_argument_wins_over_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALLYPORT_DATA_DIR", str(tmp_path / "environment"))
    assert folders().data == tmp_path / "environment" / "data"
    assert folders(tmp_path / "argument").data == tmp_path / "argument" / "data"


def test_a_relative_folder_does_not_move_with_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert folders(Path("here")).data == tmp_path / "here" / "data"


def test_without_either_the_folders_are_the_accounts_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SALLYPORT_DATA_DIR")
    found = folders()
    assert "sallyport" in str(found.data).lower()
    assert found.quarantine.parent == found.data
    assert len({found.data, found.cache, found.logs}) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no permission bits; the profile's list applies")
def test_folders_are_for_this_account_only(tmp_path: Path) -> None:
    made = private_folder(tmp_path / "one" / "two")
    for folder in (made, made.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert private_folder(made) == made


def test_a_folder_that_cannot_be_made_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    with pytest.raises(UserFacingError) as refused:
        private_folder(tmp_path / "taken" / "inside")
    assert "taken" in refused.value.what
    assert os.linesep not in str(refused.value)
