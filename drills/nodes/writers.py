"""Members who write notes all the time, and remember what was acknowledged."""

import secrets
import threading
import time

import requests

# Seconds between two notes of a member, and how long one waits for an answer.
PAUSE = 0.25
PATIENCE = 20


class NoteWriter:
    """A member with a browser's session. Use `start`, then `stop`."""

    def __init__(self, address: str, path: str, cookies: str) -> None:
        self.acknowledged: list[str] = []
        # Answers of 500 and above, and the longest time between two that were none, in seconds.
        self.errors = 0
        self.longest_gap = 0.0
        self._address = f"{address}{path}"
        self._session = requests.Session()
        self._session.trust_env = False
        for pair in cookies.split("; "):
            name, _equals, value = pair.partition("=")
            self._session.cookies.set(name, value)
        # Django compares the field of a form with the cookie alone, so a member may choose both.
        self._token = secrets.token_hex(16)
        self._session.cookies.set("csrf_8000", self._token)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._write_on, daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self) -> None:
        """Stop writing."""
        self._ended.set()
        self._thread.join(timeout=PATIENCE + 5)

    def _write_on(self) -> None:
        answered = time.monotonic()
        while not self._ended.wait(PAUSE):
            text = f"drill {secrets.token_hex(8)}"
            if self._write(text):
                self.acknowledged.append(text)
                self.longest_gap = max(self.longest_gap, time.monotonic() - answered)
                answered = time.monotonic()

    def _write(self, text: str) -> bool:
        fields = {"body": text, "csrfmiddlewaretoken": self._token}
        try:
            answer = self._session.post(self._address, fields, timeout=PATIENCE, allow_redirects=False)
        except requests.RequestException:
            return False
        if answer.status_code >= 500:
            self.errors += 1
        return answer.status_code in (200, 302, 303) and "/login/" not in answer.headers.get("Location", "")
