"""A card view as it stands in the window: in a page that scrolls, for the view itself is as tall as its document."""

from PySide6.QtWidgets import QApplication, QScrollArea

from gui.widgets.card_view import CardView


class CardPage(QScrollArea):
    """Shown at once; `view` is the card."""

    def __init__(self, app: QApplication, width: int = 800, height: int = 600) -> None:
        super().__init__()
        self._app = app
        self.view = CardView("card")
        self.setWidget(self.view)
        self.setWidgetResizable(True)
        self.resize(width, height)
        self.show()
        app.processEvents()

    def lay_out(self, pieces: tuple[str, ...]) -> None:
        """Show a document and wait until all of it is laid out."""
        self.view.show_pieces(pieces)
        self.settle()

    def settle(self) -> None:
        """Wait until all of it is laid out."""
        while self.view.busy:
            self._app.processEvents()
