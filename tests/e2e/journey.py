"""The whole journey in the real window, with the keyboard alone; a program of its own, so that it can have a display.

`python -m tests.e2e.journey PICTURES RELEASE_FOLDER --appearance dark --scale 2`
"""

import argparse
import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QCheckBox, QLineEdit, QRadioButton, QTableView, QWidget

from core.application import Application
from core.paths import folders
from gui import theme
from gui.crash import CrashHook, log_to
from gui.main_window import MainWindow
from tests.e2e.keyboard import focused, press, settle, spoken, tab_to, type_text, wait_until

COPY = "Open-OSS/privacy-filter"
ACCOUNT = COPY.partition("/")[0]
WANTED = {"config.json", "model.safetensors"}


class Journey:
    """From the first page to the released files."""

    def __init__(self, app: QApplication, pictures: Path, release: Path, appearance: str, scale: float) -> None:
        self._app, self._pictures, self._release = app, pictures, release
        pictures.mkdir(parents=True, exist_ok=True)
        theme.apply(app, appearance, scale)
        self.window = MainWindow(Application(folders()))
        self.window.resize(round(1040 * (1 + scale) / 2), round(760 * (1 + scale) / 2))
        self.window.show()
        self.window.activateWindow()
        wait_until(self.window.isActiveWindow, "the window is active")

    def go(self) -> None:
        """Every step, in order."""
        self.window.begin(None)
        settle(300)
        self._picture("start-first-time")
        self.window.begin(None, demo=True)
        wait_until(self.window.banner.isVisible, "the demo is on")
        settle(300)
        self._picture("start")
        self._check()
        self._read_result()
        self._approve()
        self._download()
        self._take_out()
        self._other_places()

    def _check(self) -> None:
        window = self.window
        type_text("not an address at all")
        press(Qt.Key.Key_Return)
        assert window.start.notice.told(), "a wrong address gets its sentences"
        self._picture("start-not-understood")
        press(Qt.Key.Key_L, ctrl=True)
        type_text(COPY)
        press(Qt.Key.Key_Return)
        assert window.stack.currentWidget() is window.checking
        self._picture("checking")
        wait_until(lambda: window.stack.currentWidget() is window.result, "the result is shown")
        settle(500)
        assert "High risk" in spoken(focused()), "the verdict is read first"

    def _read_result(self) -> None:
        self._picture("summary")
        for number, name in enumerate(("compare", "files", "publisher", "technical"), start=2):
            press(getattr(Qt.Key, f"Key_{number}"), ctrl=True)
            settle(500)
            if name == "compare":
                press(Qt.Key.Key_F8)
                self._picture("compare-top")
                for _ in range(2):
                    press(Qt.Key.Key_F8)
                settle(200)
            self._picture(name)

    def _approve(self) -> None:
        tab_to("^Download to quarantine")
        press(Qt.Key.Key_Return)
        dialog = self.window.dialog
        assert dialog is not None
        wait_until(dialog.isVisible, "the approval is asked for")
        settle(300)
        self._picture("approval", dialog)
        self._choose_files()
        while not (focused() is dialog.approve_button and dialog.approve_button.isEnabled()):
            press(Qt.Key.Key_Tab)
            self._answer(focused())
        settle(200)
        self._picture("approval-answered", dialog)
        press(Qt.Key.Key_Return)
        assert dialog.isVisible(), "Enter never approves"
        press(Qt.Key.Key_Space)

    def _choose_files(self) -> None:
        """Walk down the list; what a screen reader says of a row decides."""
        table = focused()
        assert isinstance(table, QTableView)
        model = table.model()
        for row in range(model.rowCount()):
            words = str(model.data(model.index(row, 0), Qt.ItemDataRole.AccessibleTextRole))
            path = words.partition(",")[0]
            ticked = ", not ticked" not in words and ", ticked" in words
            if ticked != (path in WANTED):
                press(Qt.Key.Key_Space)
            press(Qt.Key.Key_Down)

    def _answer(self, widget: QWidget) -> None:
        unticked = isinstance(widget, QCheckBox) and not widget.isChecked()
        none_chosen = isinstance(widget, QRadioButton) and not widget.group().checkedButton()
        if unticked or none_chosen:
            press(Qt.Key.Key_Space)
        elif isinstance(widget, QLineEdit) and not widget.text():
            type_text(ACCOUNT)

    def _download(self) -> None:
        window = self.window
        wait_until(lambda: window.stack.currentWidget() is window.download, "the download is shown")
        self._picture("download")
        wait_until(lambda: window.download.running is None, "the download has ended")
        settle(300)
        self._picture("download-done")
        tab_to("^Open the quarantine")
        press(Qt.Key.Key_Return)
        wait_until(lambda: bool(window.quarantine.cards), "the item is in the quarantine")
        settle(300)
        self._picture("quarantine")

    def _take_out(self) -> None:
        tab_to("^Release …")
        press(Qt.Key.Key_Return)
        settle(300)
        dialog = QApplication.activeModalWidget()
        assert dialog is not None, "the second door asks, too"
        line = focused()
        assert isinstance(line, QLineEdit)
        line.selectAll()
        type_text(str(self._release))
        self._picture("release", dialog)
        while QApplication.activeModalWidget() is not None:
            press(Qt.Key.Key_Tab)
            widget = focused()
            if isinstance(widget, QCheckBox) and not widget.isChecked():
                press(Qt.Key.Key_Space)
            if isinstance(widget, QAbstractButton) and spoken(widget) == "Release" and widget.isEnabled():
                press(Qt.Key.Key_Space)
        wait_until(lambda: any(path.is_file() for path in self._release.rglob("model.safetensors")), "files are out")
        settle(700)
        self._picture("quarantine-released")

    def _other_places(self) -> None:
        for name, key in (("settings", "Settings"), ("about", "About")):
            press(Qt.Key.Key_F6)
            tab_to(f"^{key}$")
            press(Qt.Key.Key_Return)
            settle(300)
            self._picture(name)
        self.window.close()

    def _picture(self, name: str, widget: QWidget | None = None) -> None:
        settle(120)
        assert (widget or self.window).grab().save(str(self._pictures / f"{name}.png"))


def main() -> int:
    """Go, and say what went wrong if something did."""
    parser = argparse.ArgumentParser()
    parser.add_argument("pictures", type=Path)
    parser.add_argument("release", type=Path)
    parser.add_argument("--appearance", default="light")
    parser.add_argument("--scale", type=float, default=1.0)
    options = parser.parse_args()
    app = QApplication(["sallyport"])
    journey = Journey(app, options.pictures, options.release, options.appearance, options.scale)
    hook = CrashHook(log_to(folders().logs), folders().logs, journey.window)
    bugs: list[str] = []
    hook.caught.connect(bugs.append)
    hook.install()
    journey.go()
    for bug in bugs:
        sys.stderr.write(bug)
    return 1 if bugs else 0


if __name__ == "__main__":
    sys.exit(main())
