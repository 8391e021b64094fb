"""The demo's model server: speaks the OpenAI API on a loopback address, without a model.

`demo-canned` gives canned answers, which say that they are; `demo-hostile` gives hostile ones. It is a process of
`bin/demo` alone, needs no key and reads no data. Several demos may run it at once: they share the address.
"""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from demo.model.canned_answers import canned_answer
from demo.model.hostile_answers import hostile_answer
from runtime.stack import MODEL_HOST, MODEL_PORT

CANNED = "demo-canned"
HOSTILE = "demo-hostile"
# Bytes of a question at most.
_LARGEST = 1 << 20
# Characters of a token, about.
_TOKEN = 4


def answer_question(body: dict[str, Any]) -> dict[str, Any]:
    """Return the response to a question of the OpenAI API. Raises KeyError, TypeError or ValueError for another one."""
    texts = {message["role"]: str(message["content"]) for message in body["messages"]}
    schema = body["response_format"]["json_schema"]["schema"]
    answer = canned_answer
    if body["model"] == HOSTILE:
        answer = hostile_answer
    text = answer(texts["system"], texts["user"], schema)
    tokens_in = sum(map(len, texts.values())) // _TOKEN
    tokens_out = len(text) // _TOKEN
    usage = {"prompt_tokens": tokens_in, "completion_tokens": tokens_out, "total_tokens": tokens_in + tokens_out}
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}
    head = {"id": "demo", "object": "chat.completion", "created": 1, "model": body["model"]}
    return {**head, "choices": [choice], "usage": usage}


class ModelHandler(BaseHTTPRequestHandler):
    """Answers questions; 400 to what is none."""

    def do_POST(self) -> None:
        try:
            body = json.loads(self.rfile.read(min(int(self.headers.get("Content-Length") or 0), _LARGEST)))
            self._respond(200, answer_question(body))
        except (KeyError, IndexError, TypeError, ValueError):
            self._respond(400, {"error": {"message": "not a question of the assistant"}})

    def _respond(self, status: int, response: dict[str, Any]) -> None:
        content = json.dumps(response).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments: object) -> None:
        """Log no questions."""


class SharedServer(ThreadingHTTPServer):
    """A server whose address the demos of one user share."""

    allow_reuse_port = True


def main() -> None:
    SharedServer((MODEL_HOST, MODEL_PORT), ModelHandler).serve_forever()


if __name__ == "__main__":
    main()
