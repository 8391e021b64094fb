"""Sending from a mailbox that is opened by a token: SASL XOAUTH2 over SMTP, against a server on loopback."""

import base64
import socketserver
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from comms.channels.interface import Permanent
from comms.channels.mail_access.access_tokens import token_secrets
from comms.channels.providers.smtp import Smtp
from comms.models import Channel
from crm.kernel import clock


class Session(socketserver.StreamRequestHandler):
    """As much of SMTP as a sign-in needs; the access token “good” is accepted."""

    asked: list[str]

    def handle(self) -> None:
        self._say("220 ready")
        for line in self.rfile:
            words = line.decode().split()
            if words[0] == "ehlo":
                self._say("250-here\r\n250 AUTH XOAUTH2")
            elif words[0] == "AUTH":
                self.asked.append(base64.b64decode(words[2]).decode())
                if "Bearer good" in self.asked[-1]:
                    self._say("235 in")
                else:
                    self._say("334 e30=")
                    self.rfile.readline()
                    self._say("535 5.7.8 no")
            else:
                self._say("221 bye")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def port() -> Iterator[int]:
    Session.asked = []
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def mailbox(port: int, token: str) -> Channel:
    channel = Channel(provider="imap", medium="email", address="rita@own.example")
    channel.settings = {
        "sign_in": "google", "host": "127.0.0.1", "port": str(port), "security": "none", "username": "rita@own.example",
    }  # fmt: skip
    channel.seal(token_secrets({"access": token, "refresh": "r", "expires_at": clock.now().timestamp() + 3600}))
    return channel


def test_a_token_signs_in(port: int, settings: Any) -> None:
    settings.GOOGLE_CLIENT_ID = "client"
    Smtp().test(mailbox(port, "good"))
    assert Session.asked == ["user=rita@own.example\x01auth=Bearer good\x01\x01"]


def test_a_token_that_is_refused_is_a_refused_sign_in(port: int, settings: Any) -> None:
    settings.GOOGLE_CLIENT_ID = "client"
    with pytest.raises(Permanent, match="535"):
        Smtp().test(mailbox(port, "bad"))
