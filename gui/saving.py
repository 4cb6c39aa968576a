"""Where to keep a report or the differences: the system's dialog."""

import re
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from core.report import Report
from core.text import text


def ask_where(
    parent: QWidget, report: Report, what: str, suffixes: tuple[str, ...], then: Callable[[str], None]
) -> None:
    """Ask for a file; `then` gets its name. `what` names the words of the dialog (`window.save.<what>`)."""
    dialog = QFileDialog(parent, text(f"window.save.{what}"))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters([text(f"window.save.{suffix}") for suffix in suffixes])
    dialog.setDefaultSuffix(suffixes[0])
    name = re.sub(r"[^A-Za-z0-9._-]", "-", report.snapshot.repository.name)
    dialog.selectFile(f"{name}-{report.snapshot.commit[:7]}.{suffixes[0]}")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(then)
    dialog.open()
