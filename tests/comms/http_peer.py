"""A provider's HTTP interface on loopback: answers what a test tells it to, and keeps what it was asked."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Peer:
    """`answers`: (status, body, headers) in turn, the last one again and again; None closes the connection."""

    origin: str
    answers: list[tuple[int, Any, dict[str, str]] | None] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    # Cleared while it keeps its answers back.
    speaks: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.speaks.set()

    def will(self, status: int, body: Any = b"", **headers: str) -> None:
        """Have it answer so from now on. Header names are written with underscores."""
        self.speaks.set()
        self.answers = [(status, body, {name.replace("_", "-"): value for name, value in headers.items()})]

    def will_hang_up(self) -> None:
        self.speaks.set()
        self.answers = [None]

    def will_not_answer(self) -> None:
        """Have it take what it is asked and say nothing, until it is told to answer in another way."""
        self.answers = [None]
        self.speaks.clear()


class _Server(ThreadingHTTPServer):
    def handle_error(self, *args: Any) -> None:
        """Say nothing of a client that hung up: that is what some tests are about."""


@contextmanager
def http_peer() -> Iterator[Peer]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            peer.asked.append(Asked(self.command, self.path, dict(self.headers.items()), body))
            peer.speaks.wait()
            answer = peer.answers.pop(0) if len(peer.answers) > 1 else peer.answers[0]
            if answer is None:
                self.close_connection = True
                return
            status, said, headers = answer
            content = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def __getattr__(self, name: str) -> Any:  # do_GET, do_POST …
            if name.startswith("do_"):
                return self._answer
            raise AttributeError(name)

        def log_message(self, *args: Any) -> None:
            pass

    server = _Server(("127.0.0.1", 0), Handler)
    peer = Peer(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield peer
    finally:
        peer.speaks.set()
        server.shutdown()
        server.server_close()
        thread.join()
