"""Members who write notes and mails and open pages all the time, and remember what was acknowledged."""

import re
import secrets
import threading
import time
from abc import ABC, abstractmethod
from collections import Counter
from urllib.parse import urlsplit

import requests

# Seconds between two notes, mails or pages of a member, and how long one waits for an answer.
PAUSE, MAIL_PAUSE, PAGE_PAUSE = 0.25, 2.0, 0.5
PATIENCE = 20
STATIC_PATH = re.compile(r'(?:href|src)="(/static/[^"]{1,200})"')


class Visitor(ABC):
    """A member with a browser's session who does the same act again and again. Use `start`, then `stop`."""

    pause = PAUSE

    def __init__(self, address: str, path: str, cookies: str) -> None:
        self.acknowledged: list[str] = []
        # Answers of 500 and above, and the longest time between two acts that were acknowledged, in seconds.
        self.errors = 0
        self.longest_gap = 0.0
        # Answers by their status; 0 where none came, and why.
        self.answers: Counter[int] = Counter()
        self.failures: list[str] = []
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
        self._thread = threading.Thread(target=self._go_on, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Stop, and wait for the last answer."""
        self._ended.set()
        self._thread.join(timeout=PATIENCE + 5)

    @abstractmethod
    def act(self, text: str) -> bool:
        """Do it once. Return whether it was acknowledged."""

    def _go_on(self) -> None:
        answered = time.monotonic()
        while not self._ended.wait(self.pause):
            text = f"drill {secrets.token_hex(8)}"
            if self.act(text):
                self.acknowledged.append(text)
                self.longest_gap = max(self.longest_gap, time.monotonic() - answered)
                answered = time.monotonic()

    def _send(self, method: str, address: str, **more: object) -> requests.Response | None:
        """Send a request. Returns the answer, or None if there was none."""
        try:
            answer = self._session.request(method, address, timeout=PATIENCE, allow_redirects=False, **more)
        except requests.RequestException as error:
            self.answers[0] += 1
            self.failures.append(f"{method} {error!r}")
            return None
        self.answers[answer.status_code] += 1
        if answer.status_code >= 500:
            self.errors += 1
        return answer

    def _post(self, fields: dict[str, str]) -> bool:
        answer = self._send("POST", self._address, data=fields | {"csrfmiddlewaretoken": self._token})
        if answer is None:
            return False
        return answer.status_code in (302, 303) and "/login/" not in answer.headers.get("Location", "")


class NoteWriter(Visitor):
    """A member who writes notes on a job."""

    def act(self, text: str) -> bool:
        """Write a note."""
        return self._post({"body": text})


class MailWriter(Visitor):
    """A member who writes mails to the customer of a job."""

    pause = MAIL_PAUSE

    def act(self, text: str) -> bool:
        """Write a mail."""
        return self._post({"medium": "email", "subject": "Gate code", "text": text})


class PageReader(Visitor):
    """A member who opens pages, with their styles and scripts."""

    pause = PAGE_PAUSE

    def act(self, text: str) -> bool:
        """Open a page and what it asks for."""
        page = self._send("GET", self._address)
        if page is None or page.status_code != 200:
            return False
        parts = urlsplit(self._address)
        origin = f"{parts.scheme}://{parts.netloc}"
        answers = [self._send("GET", f"{origin}{path}") for path in set(STATIC_PATH.findall(page.text))]
        return all(answer is not None and answer.status_code == 200 for answer in answers)
