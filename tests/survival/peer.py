"""A mail server on loopback that says to each recipient what its name asks for, and counts what it has taken in.

`hold` takes the mail and keeps its answer back; `drop` takes it and hangs up; `grey` and `busy` want a second try;
`gone` and `spam` are refused for good; every other name is accepted.
"""

import re
import socketserver
import threading
from collections import Counter
from types import TracebackType
from typing import Self

# What the recipient's name makes of RCPT and of the text: the answers to one try after the other, then 250.
AT_RECIPIENT = {"grey": ["450 try later"], "gone": ["550 no such user"] * 9}
AT_TEXT = {"busy": ["451 busy", "452 full"], "spam": ["554 no"] * 9}


class Conversation(socketserver.StreamRequestHandler):
    """One connection; `self.server` keeps the books."""

    server: "Peer"

    def handle(self) -> None:
        name = ""
        self.say("220 here")
        while line := self.rfile.readline().decode().strip():
            verb = line.split(" ")[0].upper()
            if verb == "RCPT":
                name = re.search(r"<(\w+)", line)[1]  # type: ignore[index]
                self.say(self.server.answer(AT_RECIPIENT, name))
            elif verb == "DATA":
                self.say("354 go on")
                if not self.take(name):
                    return
            else:
                self.say("221 bye" if verb == "QUIT" else "250 well")

    def take(self, name: str) -> bool:
        """Read the text and answer; False to hang up."""
        while self.rfile.readline() not in (b".\r\n", b""):
            pass
        answer = self.server.answer(AT_TEXT, name)
        if answer.startswith("250"):
            self.server.taken[name] += 1
        if name == "hold":
            self.server.released.wait(30)
        if name == "drop":
            return False
        self.say(answer)
        return True

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class Peer(socketserver.ThreadingTCPServer):
    """The server; use it as a context manager."""

    daemon_threads = allow_reuse_address = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Conversation)
        self.port = self.server_address[1]
        self.taken: Counter[str] = Counter()
        self.released = threading.Event()
        self._tries: Counter[str] = Counter()

    def answer(self, answers: dict[str, list[str]], name: str) -> str:
        """The answer to this try, by the recipient's name."""
        tried = self._tries[name]
        if name in answers:
            self._tries[name] += 1
        return (["250 well"] if tried >= len(answers.get(name, [])) else answers[name][tried:])[0]

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever talked to us may have been killed."""

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, args=[0.05], daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.released.set()
        self.shutdown()
        self.server_close()
