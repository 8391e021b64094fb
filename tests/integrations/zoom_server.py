"""The part of Zoom's REST interface (v2) that is used, as its reference describes it."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit


class Zoom:
    """Meetings of one user, by id."""

    def __init__(self) -> None:
        self.origin = ""
        self.meetings: dict[str, dict[str, Any]] = {}
        self.created = 0
        # The next statuses instead of an answer.
        self.failures: list[int] = []

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        if path == "/v2/users/rita@suncoast-test.example/meetings":
            if method == "GET":
                return 200, {"meetings": list(self.meetings.values()), "next_page_token": ""}
            self.created += 1
            meeting_id = str(800 + self.created)
            self.meetings[meeting_id] = body | {"id": meeting_id, "join_url": f"https://zoom.us/j/{meeting_id}"}
            return 201, self.meetings[meeting_id]
        meeting_id = path.removeprefix("/v2/meetings/")
        if meeting_id not in self.meetings:
            return 404, {"code": 3001}
        if method == "PATCH":
            self.meetings[meeting_id] |= body
        elif method == "DELETE":
            del self.meetings[meeting_id]
        return 204, None


@contextmanager
def running_zoom() -> Iterator[Zoom]:
    zoom = Zoom()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = unquote(urlsplit(self.path).path)
            basic = base64.b64encode(b"client:secret").decode()
            if path == "/token":
                is_known = self.headers.get("Authorization") == f"Basic {basic}" and b"account_id=account" in raw
                status, said = (200, {"access_token": "token"}) if is_known else (400, {"reason": "Bad Request"})
            elif zoom.failures:
                status, said = zoom.failures.pop(0), {}
            elif self.headers.get("Authorization") != "Bearer token":
                status, said = 401, {}
            else:
                status, said = zoom.answer(self.command, path, json.loads(raw or b"null"))
            content = b"" if said is None else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_DELETE = _answer  # noqa: N815

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    zoom.origin = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield zoom
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
