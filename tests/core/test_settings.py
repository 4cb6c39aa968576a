import json
import stat
import sys
from pathlib import Path

import pytest

from core.errors import UserFacingError
from core.settings import Settings, is_endpoint, load, save


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.json"


def written(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_the_first_start_has_the_defaults_and_nothing_to_say(path: Path) -> None:
    assert load(path) == (Settings(), None)
    assert not path.parent.exists()


def test_what_was_saved_comes_back(path: Path, tmp_path: Path) -> None:
    chosen = Settings("dark", True, False, "http://127.0.0.1:8080", str(tmp_path / "Quarantäne"), ("likers",))
    save(path, chosen)
    assert load(path) == (chosen, None)
    assert "Quarantäne" in path.read_text(encoding="utf-8"), "readable for whoever opens the file"
    assert [entry.name for entry in path.parent.iterdir()] == ["settings.json"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no permission bits")
def test_the_file_is_for_this_account_only(path: Path) -> None:
    save(path, Settings())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_settings_of_a_newer_version_survive_a_save_by_this_one(path: Path) -> None:
    written(path, '{"appearance": "light", "font_size": 14}')
    settings, notice = load(path)
    assert (settings.appearance, notice) == ("light", None)
    save(path, settings)
    assert json.loads(path.read_text(encoding="utf-8"))["font_size"] == 14


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '"dark"', b"\xff\xfe\x00", "[" * 100_000, '{"analyst": tru', b"\x00" * 4096]
)
def test_a_damaged_file_is_kept_aside_and_named(path: Path, content: str | bytes) -> None:
    settings, notice = load(written(path, content))
    aside = path.with_name("settings.broken-1.json")
    assert settings == Settings()
    assert notice is not None
    assert aside.name in notice
    assert aside.read_bytes() == (content.encode() if isinstance(content, str) else content)
    assert load(path) == (Settings(), None), "said once, not at every start"


def test_no_damaged_file_replaces_an_earlier_one(path: Path) -> None:
    for number in (1, 2, 3):
        notice = load(written(path, f"broken {number}"))[1]
        assert notice is not None
        assert f"settings.broken-{number}.json" in notice
    assert path.with_name("settings.broken-1.json").read_bytes() == b"broken 1"


def test_a_byte_order_mark_from_notepad_is_no_damage(path: Path) -> None:
    assert load(written(path, b'\xef\xbb\xbf{"analyst": true}')) == (Settings(analyst=True), None)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("appearance", "purple"),
        ("appearance", None),
        ("appearance", []),
        ("analyst", 1),
        ("keep_history", "yes"),
        ("endpoint", "http://hub.example"),
        ("endpoint", 7),
        ("quarantine_folder", "relative/folder"),
    ],
)
def test_one_impossible_value_costs_only_itself(path: Path, key: str, value: object) -> None:
    good = {"appearance": "dark", "analyst": True, "font_size": 14}
    settings, notice = load(written(path, json.dumps(good | {key: value})))
    assert getattr(settings, key) == getattr(Settings(), key)
    assert settings.analyst is (key != "analyst")
    assert notice is not None
    assert key in notice
    assert json.loads(path.with_name("settings.broken-1.json").read_bytes())[key] == value
    assert load(path) == (settings, None), "the good values are in force at the next start, too"
    assert json.loads(path.read_bytes())["font_size"] == 14


def test_two_impossible_values_are_both_named(path: Path) -> None:
    notice = load(written(path, '{"appearance": "purple", "analyst": 1}'))[1]
    assert notice is not None
    assert "2 values" in notice
    assert "analyst, appearance" in notice


def test_a_file_that_cannot_be_read_is_left_alone(path: Path) -> None:
    path.mkdir(parents=True)  # reading a folder fails on every system, also for root
    settings, notice = load(path)
    assert settings == Settings()
    assert notice is not None
    assert str(path) in notice
    assert path.is_dir()


def test_save_never_overwrites_a_file_that_broke_meanwhile(path: Path) -> None:
    written(path, "edited by hand, badly")
    save(path, Settings(analyst=True))
    assert path.with_name("settings.broken-1.json").read_bytes() == b"edited by hand, badly"
    assert load(path)[0].analyst


def test_save_refuses_an_impossible_value_and_changes_nothing(path: Path) -> None:
    save(path, Settings(appearance="dark"))
    for wrong, words in (
        (Settings(endpoint="https://huggingface.co/models"), "https://huggingface.co/models"),
        (Settings(appearance="purple"), "purple"),
        (Settings(quarantine_folder="downloads"), "downloads"),
    ):
        with pytest.raises(UserFacingError) as refused:
            save(path, wrong)
        assert words in refused.value.what
    assert load(path) == (Settings(appearance="dark"), None)


def test_a_disk_that_refuses_is_said_in_words(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(UserFacingError) as refused:
        save(path, Settings())
    assert refused.value.message_id == "settings.not_saved"
    assert str(path) in refused.value.what


@pytest.mark.skipif(sys.platform != "linux", reason="only here can a path hold half a surrogate pair")
def test_a_folder_whose_name_is_not_unicode_can_be_kept(path: Path) -> None:
    odd = Settings(quarantine_folder="/home/\udce4")
    save(path, odd)
    assert load(path) == (odd, None)


@pytest.mark.parametrize(
    "address",
    [
        "https://huggingface.co",
        "https://hub.example:8443",
        "http://127.0.0.1:8080",
        "http://localhost",
        "http://[::1]:8080",
    ],
)
def test_addresses_that_can_be_a_hub(address: str) -> None:
    assert is_endpoint(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "huggingface.co",
        "https://",
        "https://huggingface.co/",
        "https://huggingface.co?x",
        "https://huggingface.co#x",
        "https://user:password@huggingface.co",
        "https://huggingface.co:",
        "https://huggingface.co:0",
        "https://huggingface.co:99999",
        "https://huggingface.co:port",
        "http://huggingface.co",
        "http://127.0.0.1.evil.example",
        "ftp://127.0.0.1",
        "file:///etc/passwd",
        "https://hugging face.co",
        "https://huggingface.co\n",
        "https://huggingf\u0430ce.co",
        "https://[::1",
    ],
)
def test_addresses_that_cannot_be_a_hub(address: str) -> None:
    assert not is_endpoint(address)


@pytest.mark.parametrize("names", ['"likers"', "[1]", '["Likers!"]', "{}", '["' + "a" * 65 + '"]'])
def test_a_list_of_signals_that_cannot_be_is_set_aside(path: Path, names: str) -> None:
    settings, notice = load(written(path, f'{{"analyst": true, "signals_off": {names}}}'))
    assert settings == Settings(analyst=True)
    assert notice is not None
