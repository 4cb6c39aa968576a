"""The demo hub as a real HTTP server on 127.0.0.1: two ports, because the Hub and its CDN are two origins."""

import contextlib
import os
import socket
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, unquote, urlsplit

from core.demo.exchange import Content, Origin, Request, Response
from core.demo.knobs import Knobs, LogRow, Transmission
from core.demo.library import Library
from core.demo.routes import Hub
from core.demo.store import Files, NewCommit
from core.errors import UserFacingError
from core.repository import RepositoryKind

_HOST = "127.0.0.1"
_LARGEST_BODY = 8 << 20
_JOIN_SECONDS = 5.0
_Connection = socket.socket | tuple[bytes, socket.socket]
"""What `socketserver` calls a request; over TCP always a socket."""


class DemoHub:
    """A demo folder, served. A context manager; `start` and `stop` may also be called by hand, once each."""

    def __init__(self, root: Path, port: int = 0) -> None:
        self._root = root
        self._port = port
        self._servers: list[_Server] = []
        self._threads: list[threading.Thread] = []
        self._stopping = threading.Event()
        self.endpoint = ""
        """Base address of the Hub, without a trailing slash; empty before the start."""
        self.cdn_endpoint = ""
        """Base address of the server for large files."""
        self.knobs = Knobs()
        self.log: list[LogRow] = []
        """Every answered request, in the order in which answers were finished."""

    def start(self) -> None:
        """Open both ports and begin to answer. Raises `UserFacingError` if the port is taken."""
        self.library = Library(self._root)
        try:
            self._servers.append(_Server(self._port, Origin.HUB, self))
        except (OSError, OverflowError) as error:
            raise UserFacingError("demo.port_taken", port=str(self._port)) from error
        self._servers.append(_Server(0, Origin.CDN, self))
        self.endpoint, self.cdn_endpoint = (server.base for server in self._servers)
        self._hub = Hub(self.library, self.endpoint, self.cdn_endpoint, self.knobs)
        for server in self._servers:
            # Daemons, so that a crash elsewhere cannot leave a program that never ends.
            name = f"demo {server.origin}"
            thread = threading.Thread(target=server.serve_forever, args=(0.05,), name=name, daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Close both ports and every connection; all threads have ended when this returns."""
        self._stopping.set()
        for server, thread in zip(self._servers, self._threads, strict=False):
            server.shutdown()
            thread.join()
        for server in self._servers:
            server.close_all()
        self._servers.clear()
        self._threads.clear()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def push(
        self,
        name: str,
        files: Files,
        kind: RepositoryKind = RepositoryKind.MODEL,
        title: str = "Update",
        branch: str = "main",
    ) -> str:
        """Move a branch: a new commit with exactly these files. Returns its id."""
        self.library.push(kind, name, NewCommit(title, files, datetime.now(UTC), "demo"), branch)
        repository = self.library.find(kind, name)
        assert repository is not None  # noqa: S101  it was read from disk a line above
        return repository.branches[branch][0].id

    def bytes_sent(self, origin: Origin | None = None) -> int:
        """Body bytes sent so far, by one of the two servers or by both."""
        return sum(row.bytes_sent for row in tuple(self.log) if origin in {None, row.origin})

    def answer(self, request: Request) -> Transmission:
        """For the connection handlers: what to send, and how."""
        return self.knobs.transmission(request, self._hub.dispatch(self.knobs.before(request)))

    def wait_for_stop(self) -> None:
        """For the connection handlers: keep a client waiting."""
        self._stopping.wait()

    def pause(self, seconds: float) -> bool:
        """For the connection handlers: wait; True if the server is being stopped."""
        return self._stopping.wait(seconds) if seconds > 0 else self._stopping.is_set()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    # On Windows this option would let two programs share one port.
    allow_reuse_address = os.name != "nt"

    def __init__(self, port: int, origin: Origin, hub: DemoHub) -> None:
        self.origin = origin
        self.hub = hub
        self._connections: dict[threading.Thread, _Connection] = {}
        self._connections_lock = threading.Lock()
        super().__init__((_HOST, port), _Handler)

    @property
    def base(self) -> str:
        return f"http://{_HOST}:{self.server_port}"

    def server_bind(self) -> None:
        """As the base class, but without asking the name service for our own name."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, int(self.allow_reuse_address))
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = _HOST, self.server_address[1]

    def process_request(self, request: _Connection, client_address: object) -> None:
        """Answer in a thread of its own, and remember the connection for as long as that runs."""
        thread = threading.Thread(target=self.process_request_thread, args=(request, client_address), daemon=True)
        with self._connections_lock:
            self._connections[thread] = request
        thread.start()

    def process_request_thread(self, request: _Connection, client_address: object) -> None:
        """As the base class, and forget the connection afterwards."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._connections_lock:
                del self._connections[threading.current_thread()]

    def close_all(self) -> None:
        """Close the port and all connections, and wait for their threads."""
        self.server_close()
        with self._connections_lock:
            open_now = dict(self._connections)
        for connection in open_now.values():
            _shut(connection)
        for thread in open_now:
            thread.join(_JOIN_SECONDS)

    def handle_error(self, request: _Connection, client_address: object) -> None:
        """A client that goes away is no error; anything else is a bug and is printed."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "SallyportDemoHub"
    disable_nagle_algorithm = True
    wbufsize = 64 << 10

    def setup(self) -> None:
        super().setup()
        self._is_first = True

    def do_GET(self) -> None:
        """Every method goes the same way: the dispatch core decides."""
        request = self._request()
        if request is None:
            return
        knobs = self.server.hub.knobs
        delay = knobs.latency + (knobs.connect_latency if self._is_first else 0.0)
        self._is_first = False
        if self.server.hub.pause(delay):
            self.close_connection = True
            return
        transmission = self.server.hub.answer(request)
        self._send(request, transmission)
        if transmission.afterwards:
            transmission.afterwards()

    do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_GET  # noqa: N815  the base class looks for these names

    def log_message(
        self,
        format: str,  # noqa: A002  as in the base class
        *args: object,
    ) -> None:
        """Say nothing: `DemoHub.log` holds the requests."""

    def _request(self) -> Request | None:
        headers = {key.lower(): value for key, value in self.headers.items()}
        stated = headers.get("content-length", "0")
        if "transfer-encoding" in headers or not stated.isdecimal() or int(stated) > _LARGEST_BODY:
            self.close_connection = True
            self._write_head(Response(413))
            return None
        parts = urlsplit(self.path)
        query = tuple(parse_qsl(parts.query, keep_blank_values=True))
        return Request(self.command, parts.path, query, headers, self.rfile.read(int(stated)), self.server.origin)

    def _write_head(self, response: Response) -> None:
        self.send_response(response.status)
        for name, value in response.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(response.length))
        self.end_headers()

    def _send(self, request: Request, sent: Transmission) -> None:
        response = sent.response
        self._write_head(response)
        total = 0 if request.method == "HEAD" else response.length
        limits = [limit for limit in (sent.cut_after, sent.stall_after) if limit is not None and limit < total]
        allowed = min(limits, default=total)
        done = 0
        try:
            for chunk in _chunks(response, allowed, sent.flip_at):
                wait = self.server.hub.knobs.seconds_until_free(len(chunk))
                if wait > 0:
                    self.wfile.flush()
                if self.server.hub.pause(wait):
                    break
                done += len(chunk)
                if done == allowed:
                    # Before the last bytes: whoever has the whole answer may read the log at once.
                    self._log(request, response, done)
                self.wfile.write(chunk)
        finally:
            if done < allowed or not allowed:
                self._log(request, response, done)
        self.wfile.flush()
        if sent.stall_after is not None:
            self.server.hub.wait_for_stop()
        if done < total or sent.stall_after is not None:
            self.close_connection = True
            _shut(self.connection)

    def _log(self, request: Request, response: Response, done: int) -> None:
        self.server.hub.log.append(
            LogRow(
                request.method,
                unquote(request.path),
                urlsplit(self.path).query,
                request.headers.get("range"),
                int(response.status),
                done,
                "authorization" in request.headers,
                request.origin,
            )
        )


def _chunks(response: Response, allowed: int, flip_at: int | None) -> Iterator[bytes]:
    """The first `allowed` bytes of a body, with one byte falsified on request."""
    body = response.body
    done = 0
    for chunk in body.part(0, allowed).chunks() if isinstance(body, Content) else (body[:allowed],):
        if flip_at is not None and done <= flip_at < done + len(chunk):
            falsified = bytearray(chunk)
            falsified[flip_at - done] ^= 0xFF
            yield bytes(falsified)
        elif chunk:
            yield chunk
        done += len(chunk)


def _shut(connection: _Connection) -> None:
    """End a connection now, in both directions; whoever still uses it notices."""
    assert isinstance(connection, socket.socket)  # noqa: S101  both servers speak TCP
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
