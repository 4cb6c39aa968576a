"""From nothing to a window: the application object, one instance, the look, and what happens when something breaks."""

import sys
from pathlib import Path

from PySide6.QtCore import QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from core import __version__
from core.application import Application
from core.paths import folders
from gui import theme
from gui.crash import CrashHook, log_to
from gui.main_window import MainWindow
from gui.polite_threads import PoliteThreads
from gui.single_instance import SingleInstance, hand_over, server_name


def run(address: str | None, *, demo: bool = False, data_dir: Path | None = None) -> int:
    """Show the window until it is closed. An address fills the field; a person presses Check."""
    places = folders(data_dir)
    app = QApplication(["sallyport"])
    app.setApplicationName("Sallyport")
    app.setApplicationDisplayName("Sallyport")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("sallyport")
    name = server_name(places.data)
    if hand_over(name, address):
        return 0
    log = log_to(places.logs)
    qInstallMessageHandler(lambda kind, _context, message: log.warning("Qt %s: %s", QtMsgType(kind).name, message))
    services = Application(places)
    theme.apply(app, services.settings.appearance)
    window = MainWindow(services)
    hook = CrashHook(log, places.logs, window)
    hook.install()
    instance = SingleInstance(name, window)
    instance.address_received.connect(window.open_address)
    window.show()
    window.begin(address, demo=demo)
    try:
        with PoliteThreads(window.runner):
            return app.exec()
    finally:
        instance.close()
        hook.remove()
        qInstallMessageHandler(None)
        sys.stdout.flush()
