"""One window per person and data folder: a second start hands its address to the first and ends."""

import getpass
import hashlib
import json
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

VERSION = 1
_LONGEST = 8_192
"""Bytes of a message; a longer one is not read."""
_PATIENCE = 1_000
"""Milliseconds to wait for the other window."""


def server_name(data: Path) -> str:
    """A name of our own per person and data folder."""
    return "sallyport-" + hashlib.sha256(f"{getpass.getuser()}\n{data}".encode()).hexdigest()[:24]


def hand_over(name: str, address: str | None) -> bool:
    """Give `address` (or only the wish to be seen) to the window that is already open. False if there is none."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(_PATIENCE):
        return False
    message = json.dumps({"version": VERSION, "address": address or ""}).encode("utf-8")
    if len(message) <= _LONGEST:
        socket.write(message)
        socket.waitForBytesWritten(_PATIENCE)
    socket.disconnectFromServer()
    if socket.state() is not QLocalSocket.LocalSocketState.UnconnectedState:
        socket.waitForDisconnected(_PATIENCE)
    return True


class SingleInstance(QObject):
    """Listens for later starts. Only this person's own programs can reach it."""

    address_received = Signal(str)
    """What the other start was given, perhaps "". It fills the field; it never starts a check."""

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._connected)
        # A crashed window leaves its name behind; nobody answers there (`hand_over` was tried first).
        QLocalServer.removeServer(name)
        self.listening = self._server.listen(name)

    def close(self) -> None:
        """Stop listening."""
        self._server.close()

    def _connected(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.setReadBufferSize(_LONGEST + 1)
            received = _Received(socket)
            received.complete.connect(self._understand)

    def _understand(self, message: bytes) -> None:
        try:
            found = json.loads(message.decode("utf-8"))
        except (ValueError, RecursionError):
            return
        if isinstance(found, dict) and found.get("version") == VERSION and isinstance(found.get("address"), str):
            self.address_received.emit(found["address"])


class _Received(QObject):
    """Collects one message until the other side is done."""

    complete = Signal(bytes)

    def __init__(self, socket: QLocalSocket) -> None:
        super().__init__(socket)
        self._socket = socket
        self._message = b""
        socket.readyRead.connect(self._read)
        socket.disconnected.connect(self._done)
        self._read()
        if socket.state() is QLocalSocket.LocalSocketState.UnconnectedState:
            self._done()

    def _read(self) -> None:
        self._message += bytes(self._socket.readAll().data())
        if len(self._message) > _LONGEST:
            self._message = b""
            self._socket.abort()

    def _done(self) -> None:
        self._read()
        if self._message:
            message, self._message = self._message, b""
            self.complete.emit(message)
        self._socket.deleteLater()
