"""A mail server that counts how often it has taken each mail of a drill."""

import asyncio
import re
import threading
from collections import Counter
from typing import Any

from aiosmtpd.controller import Controller

PORT = 2525
TOKEN = re.compile(rb"drill [0-9a-f]{16}")


class MailPeer:
    """The server; its mails are known by the token that their text begins with."""

    def __init__(self, address: str, port: int = PORT) -> None:
        self.taken: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._is_listening = False
        self._controller = Controller(self, hostname=address, port=port, loop=asyncio.new_event_loop())

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 (aiosmtpd's name)
        """Take a mail."""
        # A mail says the same as plain text and as HTML.
        for token in set(TOKEN.findall(envelope.content)):
            with self._lock:
                self.taken[token.decode()] += 1
        return "250 taken"

    def start(self) -> None:
        """Listen."""
        self._controller.start()
        self._is_listening = True

    def stop(self) -> None:
        """Stop listening. Idempotent."""
        if self._is_listening:
            self._is_listening = False
            self._controller.stop(no_assert=True)
