"""The services of docker-compose.yml under podman.

Podman has systemd ask after the health of containers, and old versions know no start that waits for it. So the order
that `depends_on` states is kept here, by asking each service with the health check that compose gives it.
"""

import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

STORES = ("postgres", "valkey")
SERVICES = ("web", "live", "worker", "worker-io", "beat")
PROJECT = "throughline-drill"
# Seconds that a start may take before the drill gives up.
PATIENCE = 300


@dataclass
class Visits:
    """The answers to a visitor who asks all the time."""

    # Seconds between two answers.
    longest_gap: float = 0.0


class Stack:
    """The services of the compose file of a checkout."""

    def __init__(self, root: Path, file: Path, variables: dict[str, str]) -> None:
        self._root = root
        self._file = file
        self._variables = variables
        self.address = variables["SITE_URL"]

    def start(self, image: str) -> None:
        """Start all of it, or bring it to this image: servers, migrations, then what serves."""
        self._choose(image)
        self._compose("up", "--detach", "--no-build", "--no-deps", *STORES)
        for service in STORES:
            self._wait_until_healthy(service)
        self._compose("run", "--rm", "--no-deps", "migrate")
        self.replace_services(image)

    def replace_services(self, image: str) -> None:
        """Run this image in all services but the servers, web first. The schema stays as it is.

        One at a time: a worker ends what it has begun, and pages need not wait for that.
        """
        self._choose(image)
        for service in SERVICES:
            self._compose("up", "--detach", "--no-build", "--no-deps", "--force-recreate", service)
        self._wait_until_ready()

    def restart(self) -> None:
        """Restart everything, the servers too."""
        self._compose("stop", *reversed((*STORES, *SERVICES)))
        self._compose("start", *STORES)
        for service in STORES:
            self._wait_until_healthy(service)
        self._compose("start", *SERVICES)
        self._wait_until_ready()

    def manage(self, *command: str) -> None:
        """Run a command of the product as the owner of the tables."""
        owner = f"postgres://crm_owner:{self._variables['OWNER_PASSWORD']}@postgres:5432/crm"
        setting = f"MIGRATION_DATABASE_URL={owner}"
        _call("podman", "exec", "--env", setting, self._name("web"), "python", "manage.py", *command)

    def remove(self) -> None:
        """Remove the containers and their data."""
        self._compose("down", "--volumes")

    @contextmanager
    def visit_meanwhile(self) -> Iterator[Visits]:
        """Ask for the sign-in page all the time, and note how long there was no answer."""
        visits, ended = Visits(), threading.Event()

        def visit() -> None:
            answered = time.monotonic()
            while not ended.wait(0.1):
                if self._answers("/account/login/"):
                    visits.longest_gap = max(visits.longest_gap, time.monotonic() - answered)
                    answered = time.monotonic()

        visitor = threading.Thread(target=visit)
        visitor.start()
        try:
            yield visits
        finally:
            ended.set()
            visitor.join()

    def _choose(self, image: str) -> None:
        lines = self._variables | {"THROUGHLINE_IMAGE": image}
        self._file.write_text("".join(f"{name}={value}\n" for name, value in lines.items()))

    def _wait_until_healthy(self, service: str) -> None:
        check = ("podman", "healthcheck", "run", self._name(service))
        _wait(lambda: subprocess.run(check, capture_output=True, check=False).returncode == 0, service)

    def _wait_until_ready(self) -> None:
        """Wait until the product says it is ready, and each service that has a health check says so too."""
        _wait(lambda: self._answers("/readyz"), "the product")
        for service in ("live", "worker", "worker-io"):
            self._wait_until_healthy(service)

    def _answers(self, path: str) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}{path}", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def _compose(self, *argv: str) -> None:
        _call("podman-compose", "--env-file", str(self._file), "--project-name", PROJECT, *argv, cwd=self._root)

    def _name(self, service: str) -> str:
        return f"{PROJECT}_{service}_1"


def _wait(holds: Callable[[], bool], what: str) -> None:
    ends = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > ends:
            raise TimeoutError(f"{what} was not ready within {PATIENCE} s")
        time.sleep(0.5)


def _call(*argv: str, cwd: Path | None = None) -> None:
    done = subprocess.run(argv, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(argv[:8])} failed:\n{done.stdout[-1500:]}{done.stderr[-1500:]}")
