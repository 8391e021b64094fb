"""A model's server on loopback: speaks the OpenAI and the Anthropic API, with canned and hostile answers."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class ModelServer:
    """`answer`: the text that the model writes, or a function of the request; `status`, `seconds`: of the server."""

    answer: str | Callable[[dict[str, Any]], str] = "{}"
    status: int = 200
    seconds: float = 0
    tokens: tuple[int, int] = (100, 20)
    origin: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)

    @property
    def sent(self) -> str:
        """Everything that was sent, as text."""
        return json.dumps(self.requests, ensure_ascii=False)

    def respond(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Return the response in the shape of the API of this path."""
        self.requests.append(body)
        time.sleep(self.seconds)
        text = self.answer(body) if callable(self.answer) else self.answer
        if path.endswith("/messages"):
            usage = {"input_tokens": self.tokens[0], "output_tokens": self.tokens[1]}
            content = [{"type": "text", "text": text}]
            more = {"id": "m1", "type": "message", "role": "assistant", "stop_reason": "end_turn"}
            return {**more, "stop_sequence": None, "model": body["model"], "content": content, "usage": usage}
        usage = {"prompt_tokens": self.tokens[0], "completion_tokens": self.tokens[1], "total_tokens": sum(self.tokens)}
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}
        more = {"id": "c1", "object": "chat.completion", "created": 1, "model": body["model"]}
        return {**more, "choices": [choice], "usage": usage}


@contextmanager
def running(server: ModelServer) -> Iterator[ModelServer]:
    """Serve on loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            content = json.dumps(server.respond(self.path, body)).encode()
            try:
                self.send_response(server.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            except OSError:
                return  # the client has given up

        def log_message(self, *_args: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=http.serve_forever, daemon=True).start()
    server.origin = f"http://127.0.0.1:{http.server_port}"
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
