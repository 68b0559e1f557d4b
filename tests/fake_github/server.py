"""HTTP on 127.0.0.1: reads requests, lets faults strike, and writes GitHub's headers."""

import hashlib
import json
import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.fake_github.call import Reply, Request

Answer = Callable[[Request], Reply | None]


class Server:
    """A listening server; `answer` returns None to close the connection without a response."""

    def __init__(self, answer: Answer) -> None:
        """Listen on a free port."""
        self._http = _Http(("127.0.0.1", 0), _Handler)
        self._http.answer = answer
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,))
        self._thread.daemon = True  # a test that fails before it can stop must not hang the run

    def start(self) -> None:
        """Serve until `stop`."""
        self._thread.start()

    def stop(self) -> None:
        """Cut all connections and wait for their threads."""
        self._http.shutdown()
        self._thread.join()
        self._http.cut_connections()
        self._http.server_close()


class _Http(ThreadingHTTPServer):
    daemon_threads = False  # joined by server_close, so that no socket outlives its test
    answer: Answer

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(address, handler)
        self._connections: set[socket.socket] = set()
        self._connections_lock = threading.Lock()

    def process_request(self, request: socket.socket, client_address: tuple[str, int]) -> None:  # type: ignore[override] # the stubs allow datagram servers, too
        with self._connections_lock:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket.socket) -> None:  # type: ignore[override] # as above
        with self._connections_lock:
            self._connections.discard(request)
        super().shutdown_request(request)

    def cut_connections(self) -> None:
        """End the keep-alive connections, whose threads would wait for another request."""
        with self._connections_lock:
            for connection in self._connections:
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients that gave up waiting are part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # otherwise every response waits 40 ms for an acknowledgement
    wbufsize = -1
    server: _Http

    def _serve(self) -> None:
        reply = self.server.answer(self._request())
        if reply is None:
            self.close_connection = True
            return
        self._send(reply)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _serve  # noqa: N815 - names of http.server

    def _request(self) -> Request:
        url = urlsplit(self.path)
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        return Request(
            method=self.command,
            path=unquote(url.path).removeprefix("/api").removeprefix("/v3") or "/",
            query=dict(parse_qsl(url.query)),
            headers=dict(self.headers.items()),
            body=json.loads(raw) if raw else None,
        )

    def _send(self, reply: Reply) -> None:
        content = b"" if reply.body is None else json.dumps(reply.body).encode()
        tag = f'W/"{hashlib.sha256(content).hexdigest()}"'
        fresh = self.command == "GET" and self.headers.get("If-None-Match") == tag
        if fresh and reply.status == 200:
            reply, content = Reply(304, None, reply.headers), b""
        self.send_response(reply.status)
        headers = {**reply.headers, "ETag": tag, "Content-Length": str(len(content))}
        headers["Content-Type"] = "application/json; charset=utf-8"
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Keep the output of tests clean."""
