"""gunicorn as production runs it, a browser that does nothing but fetch, and the time that takes."""

import http.client
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

from bench.cluster import ROOT, Servers
from runtime import child, keys, stack
from runtime.servers.ports import free_port

# The options of runtime/stack.py.
OPTIONS = ["--config=python:crm.config.web_server", "--workers=2", "--threads=4", "--log-level=warning"]
PRODUCT, FLOOR, PRODUCT_WITH_FLOOR = "crm.config.wsgi", "bench.floor.wsgi", "bench.floor.product_wsgi"
WITHOUT_ASSISTANT = "bench.floor.wsgi_without_assistant"
# In the environment, since gunicorn's own configuration reads settings before it loads the application.
SETTINGS = {
    PRODUCT: "crm.config.settings",
    WITHOUT_ASSISTANT: "crm.config.settings",
    FLOOR: "bench.floor.settings",
    PRODUCT_WITH_FLOOR: "bench.floor.product",
}


@dataclass
class Answer:
    """A response and how long it took, in seconds."""

    status: int
    body: bytes
    seconds: float
    headers: list[tuple[str, str]]


@dataclass
class Browser:
    """One connection to one server, with its cookies."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    # Seconds it waits for an answer.
    patience: float = 60
    _connection: http.client.HTTPConnection | None = None

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def post(self, path: str, values: dict[str, str], headers: dict[str, str] | None = None) -> Answer:
        return self.ask("POST", path, urlencode(values), headers)

    def ask(self, method: str, path: str, body: str | None = None, more: dict[str, str] | None = None) -> Answer:
        """Send a request over the connection, once more if the server had closed it. Raises OSError, HTTPException."""
        headers = {"Host": f"localhost:{self.port}", "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        headers |= more or {}
        if body is not None:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": f"http://localhost:{self.port}",
            }
        connection = self._connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.patience)
        # One that fails is left in the middle of a request, so the next request gets another.
        self._connection = None
        begin = time.perf_counter()
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):
            # The server closed an idle connection.
            connection.close()
            begin = time.perf_counter()
            connection.request(method, path, body, headers)
            response = connection.getresponse()
        content = response.read()
        seconds = time.perf_counter() - begin
        self._connection = connection
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return Answer(response.status, content, seconds, response.getheaders())

    def sign_in(self, email: str, password: str) -> None:
        """By the product's own page. Raises RuntimeError when it refuses."""
        page = self.get("/account/login/")
        token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page.body)
        if token is None:
            raise RuntimeError(f"no sign-in form: {page.status}")
        values = {"csrfmiddlewaretoken": token[1].decode(), "login": email, "password": password}
        answer = self.post("/account/login/", values)
        if answer.status != 302:
            raise RuntimeError(f"{email} could not sign in: {answer.status}")


@contextmanager
def serving(servers: Servers, database: str, application: str = PRODUCT, **more: str) -> Iterator[int]:
    """A web server on a database; gives its port."""
    port = free_port()
    environment = servers.environment(database, PORT=str(port), SECRET_KEY=keys.secret_key(servers.folder), **more)
    environment["DJANGO_SETTINGS_MODULE"] = SETTINGS[application]
    argv = [sys.executable, "-m", "gunicorn", application, f"--bind=127.0.0.1:{port}", *OPTIONS]
    log_file = servers.folder / f"web-{port}.log"
    with log_file.open("ab") as log:
        process = child.spawn_process(argv, env=environment, log=log, cwd=ROOT)
    try:
        child.wait_until(lambda: _listens(port), process, seconds=60, refusal=lambda: log_file.read_text()[-500:])
        yield port
    finally:
        child.stop_process(process, (signal.SIGTERM,), grace=10)
        log_file.unlink(missing_ok=True)


@contextmanager
def listening(servers: Servers, database: str, web: int, port: int) -> Iterator[int]:
    """The live process beside the web server; gives its process id."""
    own = {"PORT": str(web), "LIVE_PORT": str(port), "SECRET_KEY": keys.secret_key(servers.folder)}
    argv = [sys.executable, "-m", "crm.web.live"]
    with (servers.folder / "live.log").open("ab") as log:
        process = child.spawn_process(argv, env=servers.environment(database, **own), log=log, cwd=ROOT)
    try:
        answers = lambda: stack.is_answering("127.0.0.1", port)  # noqa: E731
        child.wait_until(answers, process, seconds=30, refusal=lambda: "the live process did not start")
        yield process.pid
    finally:
        child.stop_process(process, (signal.SIGTERM,), grace=5)


def _listens(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        connection.getresponse().read()
    except OSError:
        return False
    finally:
        connection.close()
    return True


def run_inside(servers: Servers, database: str, module: str, *arguments: str) -> str:
    """Run a module of the bench as the app's login on a database; returns what it printed."""
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env=servers.environment(database, SECRET_KEY=keys.secret_key(servers.folder)),
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout
