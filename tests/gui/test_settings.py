"""The settings page: what a person switches is kept, what they added is counted, what is wrong with it is said."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from core.hub.disk_cache import DiskCache
from core.paths import folders
from tests.e2e.keyboard import focused, press, tab_to, type_text, wait_until
from tests.gui.windows import Services, main_window, words_of


def test_working_offline_is_switched_by_keyboard_and_kept(qapp: QApplication, tmp_path: Path) -> None:
    with main_window(qapp, tmp_path) as (window, services):
        window.go_to("settings")
        tab_to("^Work offline$")
        press(Qt.Key.Key_Space)
        wait_until(lambda: services.settings.offline, "the setting is saved")
    assert Services(tmp_path).settings.offline


def test_the_limit_of_what_is_kept_is_typed(qapp: QApplication, tmp_path: Path) -> None:
    with main_window(qapp, tmp_path) as (window, services):
        window.go_to("settings")
        tab_to("^Keep what the Hub said")
        assert window.settings.network.limit.text() == "200"
        window.settings.network.limit.selectAll()
        type_text("75")
        press(Qt.Key.Key_Return)
        wait_until(lambda: services.settings.cache_megabytes == 75, "the setting is saved")


def test_what_is_kept_of_the_hub_is_told_and_cleared(qapp: QApplication, tmp_path: Path) -> None:
    kept = folders(tmp_path).cache / "hub"
    with main_window(qapp, tmp_path) as (window, _):
        DiskCache(kept, 10_000_000).put(("GET", "a"), b"an answer", {})
        assert any(path.is_file() for path in kept.rglob("*"))
        window.go_to("settings")
        card = window.settings.network
        wait_until(lambda: "one answer" in card.kept.plain_text(), "the size is told")
        tab_to("^Clear what is kept$")
        press(Qt.Key.Key_Space)
        wait_until(lambda: "Nothing is kept now." in words_of(card), "it is gone")
        assert "Nothing can be shown offline" in words_of(card)
        assert not any(path.is_file() for path in kept.rglob("*"))


def test_rules_of_ones_own_are_counted_and_their_folder_copied(qapp: QApplication, tmp_path: Path) -> None:
    rules = folders(tmp_path).rules
    rules.mkdir(parents=True)
    (rules / "mine.yar").write_text("rule mine { condition: false }\n", encoding="utf-8")
    with main_window(qapp, tmp_path) as (window, _):
        window.go_to("settings")
        card = window.settings.own_files
        wait_until(lambda: "One rule file." in words_of(card), "the rules are counted")
        assert "YARA-X, which applies them, is" in words_of(card)
        tab_to("^Copy the path of the folder of your own rules$")
        press(Qt.Key.Key_Return)
        assert QApplication.clipboard().text() == str(rules)


def test_a_broken_file_of_ones_own_is_told_before_a_check_fails_on_it(qapp: QApplication, tmp_path: Path) -> None:
    places = folders(tmp_path)
    places.publishers.parent.mkdir(parents=True)
    places.publishers.write_text("this is not TOML", encoding="utf-8")
    with main_window(qapp, tmp_path) as (window, _):
        window.go_to("settings")
        card = window.settings.own_files
        wait_until(lambda: "could not be understood" in words_of(card), "the problem is told")
        assert focused() is not window


def test_a_signal_is_switched_off_and_its_cost_is_told(qapp: QApplication, tmp_path: Path) -> None:
    with main_window(qapp, tmp_path) as (window, services):
        window.go_to("settings")
        tab_to(r"^The same file in other repositories of the account \(up to 7 requests\)$")
        press(Qt.Key.Key_Space)
        wait_until(lambda: services.settings.signals_off == ("same_file",), "it is off")
        press(Qt.Key.Key_Space)
        wait_until(lambda: services.settings.signals_off == (), "it is on again")
