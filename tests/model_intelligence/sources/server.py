"""A web server on 127.0.0.1 that answers as a test tells it to, and remembers what it was asked."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Answer:
    """What the server sends; `wait` is called before the body."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    promised: int | None = None  # a Content-Length that is not the body's
    wait: Callable[[], object] = lambda: None


@dataclass
class Server:
    """Answers in order, the last one again and again; `asked` holds path and headers."""

    url: str
    answers: list[Answer]
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)  # the body of each request

    def next_answer(self) -> Answer:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def serving(*answers: Answer) -> Iterator[Server]:
    """A server for the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known.asked.append((self.path, dict(self.headers)))
            known.sent.append(self.rfile.read(int(self.headers.get("Content-Length", 0))))
            answer = known.next_answer()
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.status != 304:
                length = len(answer.body) if answer.promised is None else answer.promised
                self.send_header("Content-Length", str(length))
            self.end_headers()
            answer.wait()
            try:
                self.wfile.write(answer.body)
            except OSError:
                self.close_connection = True

        do_POST = do_GET  # noqa: N815  # as the base class names it

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    known = Server(f"http://127.0.0.1:{server.server_address[1]}", list(answers))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield known
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
