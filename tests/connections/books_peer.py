"""A bookkeeping system on loopback: OAuth tokens that end, failures to order, and the routes of each system."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass
class Trouble:
    """An answer instead of the system's; `do`: what happens before it, `at`: only for a path that ends so."""

    status: int = 200
    text: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    at: str = ""
    seconds: float = 0
    # The system does what was asked, and its answer is lost.
    is_done_anyhow: bool = False


class BooksPeer:
    """Issues and checks tokens, and passes everything else to `answer`, which a system's peer defines."""

    def __init__(self) -> None:
        self.origin = ""
        self.access = ""
        self.refresh = ""
        self.tokens = 0
        self.lifetime = 3600
        self.is_revoked = False
        self.troubles: list[Trouble] = []
        self.requests: list[tuple[str, str]] = []
        self.counter = 0

    def new_id(self) -> str:
        self.counter += 1
        return str(1000 + self.counter)

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, Any]:
        """Exchange a code or a refresh token, which is good for one time."""
        client = f"{form.get('client_id', '')}:{form.get('client_secret', '')}"
        if authorization.startswith("Basic "):
            client = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        grant = form.get("code") or form.get("refresh_token")
        if client != "throughline:secret" or self.is_revoked or grant not in ("code-1", self.refresh):
            return 400, {"error": "invalid_grant"}
        self.tokens += 1
        self.access, self.refresh = f"access-{self.tokens}", f"refresh-{self.tokens}"
        return 200, {"access_token": self.access, "refresh_token": self.refresh, "expires_in": self.lifetime}

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> tuple[int, Any]:
        raise NotImplementedError

    def wrote(self, path: str) -> int:
        """How often something was posted to a path."""
        return sum(method == "POST" and asked.endswith(path) for method, asked in self.requests)

    def take_trouble(self, path: str) -> Trouble | None:
        for trouble in self.troubles:
            if path.endswith(trouble.at):
                self.troubles.remove(trouble)
                return trouble
        return None


def _handler(peer: BooksPeer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = urlsplit(self.path)
            path = unquote(parts.path)
            authorization = self.headers.get("Authorization", "")
            if path.endswith("/token"):
                form = {name: values[0] for name, values in parse_qs(raw.decode()).items()}
                status, body = peer.token(form, authorization)
                return self._write(status, json.dumps(body), {})
            if authorization != f"Bearer {peer.access}":
                return self._write(401, "{}", {})
            trouble = peer.take_trouble(path)
            if trouble is None or trouble.is_done_anyhow:
                peer.requests.append((self.command, path))
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                status, body = peer.answer(self.command, path, query, json.loads(raw or b"null"))
            if trouble is None:
                return self._write(status, "" if body is None else json.dumps(body), {})
            time.sleep(trouble.seconds)
            return self._write(trouble.status, trouble.text, trouble.headers)

        def _write(self, status: int, text: str, headers: dict[str, str]) -> None:
            content = text.encode()
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815

        def log_message(self, *args: Any) -> None:
            pass

    return Handler


@contextmanager
def running(peer: Any) -> Iterator[Any]:
    """Serve a peer on loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(peer))
    server.daemon_threads = True
    peer.origin = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield peer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
