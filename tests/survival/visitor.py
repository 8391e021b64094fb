"""Somebody with a browser: one connection a request, cookies kept, forms filled in. No proxy is asked."""

import http.client
import re
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from tests.survival.servers import HANGS

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass
class Answer:
    """What came back."""

    status: int
    location: str
    text: str


@dataclass
class Visitor:
    """Talks to the web server on `port`. Raises OSError or HTTPException when nobody answers."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, **fields: str) -> Answer:
        """Send a form with the token of the last page that had one."""
        return self._ask("POST", path, urlencode(fields | {"csrfmiddlewaretoken": self.token}))

    def sign_in(self, email: str, password: str) -> Answer:
        """Fill in the form; the answer is a redirect when it was accepted."""
        self.get("/account/login/")
        return self.post("/account/login/", login=email, password=password)

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=HANGS)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        try:
            connection.request(method, path, body, headers | (FORM if body else {}))
            response = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        for line in response.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        self.token = found[1] if (found := TOKEN.search(text)) else self.token
        return Answer(response.status, response.headers.get("Location", ""), text)
