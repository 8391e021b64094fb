"""A provider's REST interface on loopback: routes of a test's own, with OAuth tokens that can be revoked."""

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


class RestPeer:
    """Issues and checks tokens, and passes everything else to `answer`, which a provider's peer defines."""

    def __init__(self) -> None:
        self.origin = ""
        self.challenge = ""
        self.access = "access-0"
        self.is_revoked = False
        # The next answers instead of the provider's: (status, body, headers).
        self.failures: list[tuple[int, Any, dict[str, str]]] = []
        self.requests: list[tuple[str, str]] = []
        self.tokens = 0

    def allow(self, url: str) -> dict[str, str]:
        """What the provider sends back when a member allowed access at this address."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert query["code_challenge_method"] == "S256"
        self.challenge = query["code_challenge"]
        return {"state": query["state"], "code": "code-1"}

    def token(self, form: dict[str, str]) -> tuple[int, Any]:
        if form["client_secret"] != "secret" or self.is_revoked:
            return 400, {"error": "invalid_grant"}
        if form["grant_type"] == "authorization_code":
            digest = hashlib.sha256(form["code_verifier"].encode()).digest()
            if base64.urlsafe_b64encode(digest).decode().rstrip("=") != self.challenge or form["code"] != "code-1":
                return 400, {"error": "invalid_grant"}
        elif form["refresh_token"] != "refresh-1":
            return 400, {"error": "invalid_grant"}
        self.tokens += 1
        self.access = f"access-{self.tokens}"
        return 200, {"access_token": self.access, "refresh_token": "refresh-1", "expires_in": 3600}

    def answer(self, method: str, path: str, query: dict[str, str], body: Any, headers: Any) -> tuple[int, Any]:
        raise NotImplementedError


def _handler(peer: RestPeer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            path = unquote(parts.path)
            extra: dict[str, str] = {}
            if path == "/token":
                form = {name: values[0] for name, values in parse_qs(raw.decode()).items()}
                status, said = peer.token(form)
            elif self.headers.get("Authorization") != f"Bearer {peer.access}":
                status, said = 401, {"error": "invalid token"}
            elif peer.failures:
                status, said, extra = peer.failures.pop(0)
            else:
                peer.requests.append((self.command, path))
                status, said = peer.answer(self.command, path, query, json.loads(raw or b"null"), self.headers)
            content = b"" if said is None else json.dumps(said).encode()
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **extra}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_DELETE = _answer  # noqa: N815

        def log_message(self, *args: Any) -> None:
            pass

    return Handler


@contextmanager
def running(peer: Any) -> Iterator[Any]:
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
