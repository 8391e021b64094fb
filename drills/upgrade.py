"""Upgrade from an earlier commit under load: `python -m drills upgrade COMMIT`; see docs/migrations.md.

Old code serves before, during and after the migration; old and new code serve together; then the new code alone.
"""

import http.client
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from runtime import child, stack
from runtime.servers import logins, postgres, valkey
from runtime.servers.ports import free_port

ROOT = stack.ROOT
PASSWORD = "only-for-the-drill"
# Requests of each phase, all visitors together.
REQUESTS = 60
VISITORS = 2
PAGES = ("/drill/leads/", "/drill/tickets/", "/drill/followups/", "/drill/home/", "/drill/reports/", "/readyz")
# A session as the tests of the product make one: the drill is about the pages behind the sign-in.
_SESSION = """
from django.test import Client
from crm.platform.models import User
client = Client()
client.force_login(User.objects.get(email="ada@drill.example"))
print("; ".join(f"{name}={cookie.value}" for name, cookie in client.cookies.items()))
"""


@dataclass
class UpgradeLoad:
    """Visitors of the releases that serve, and what they were answered."""

    host: str
    cookie: str = ""
    ports: list[int] = field(default_factory=list)
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    slowest: float = 0.0
    failures: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, phase: str, until: threading.Event | None = None) -> None:
        """Send the phase's requests, or send them until an event is set; at most ten times as many."""
        threads = [threading.Thread(target=self._visit, args=(phase, n, until)) for n in range(VISITORS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _visit(self, phase: str, visitor: int, until: threading.Event | None) -> None:
        for turn in range(REQUESTS * 10 // VISITORS):
            if until is None and turn * VISITORS >= REQUESTS:
                return
            if until is not None and until.is_set():
                return
            path = PAGES[(turn + visitor) % len(PAGES)]
            port = self.ports[turn % len(self.ports)]
            began = time.monotonic()
            try:
                status = send(port, path, host=self.host, cookie=self.cookie)
            except (OSError, http.client.HTTPException) as error:
                status = 599
                path = f"{path} ({type(error).__name__})"
            self._note(phase, path, status, time.monotonic() - began)

    def _note(self, phase: str, path: str, status: int, seconds: float) -> None:
        with self.lock:
            self.answers[phase, status] += 1
            self.slowest = max(self.slowest, seconds)
            # /readyz answers 503 while a migration is not applied, and without a worker: that is its purpose.
            if status >= 500 and path != "/readyz":
                self.failures.append(f"{phase}: {path}: {status}")


def send(port: int, path: str, *, host: str, cookie: str) -> int:
    """Send one request; return its status."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path, headers={"Host": host, "Cookie": cookie})
        response = connection.getresponse()
        response.read()
        return response.status
    finally:
        connection.close()


@dataclass
class UpgradeDrill:
    """One drill: its folder, its servers and the two checkouts."""

    folder: Path
    commit: str
    processes: list[tuple[subprocess.Popen[bytes], tuple[signal.Signals, ...]]] = field(default_factory=list)
    env: dict[str, str] = field(default_factory=dict)

    @property
    def old(self) -> Path:
        """The checkout of the old release."""
        return self.folder / "old"

    def start_servers(self) -> None:
        """Start Postgres and Valkey."""
        cluster = postgres.PostgresCluster(self.folder / "pg", free_port(), PASSWORD, {"fsync": "off"})
        cluster.create()
        self.processes.append((cluster.start_ready(self.folder / "postgres.log"), postgres.STOP_SIGNALS))
        logins.create_logins(cluster.admin_url, owner_password=PASSWORD, app_password=PASSWORD)
        logins.create_database(cluster.admin_url, "crm")
        server = valkey.ValkeyServer(self.folder / "valkey", free_port(), PASSWORD, {"appendonly": "no"})
        self.processes.append((server.start_ready(self.folder / "valkey.log"), valkey.STOP_SIGNALS))
        self.env = os.environ | {
            "DATABASE_URL": cluster.url(logins.APP, PASSWORD, "crm"),
            "MIGRATION_DATABASE_URL": cluster.url(logins.OWNER, PASSWORD, "crm"),
            "REDIS_URL": server.url,
            "VAR_DIR": str(self.folder / "var"),
            "SECRET_KEY": "only-for-the-drill-" + "x7Qp2" * 12,
            "PORT": "8000",
            "DJANGO_SETTINGS_MODULE": "crm.config.settings",
            "PGOPTIONS": "-c lock_timeout=3s",
        }

    def manage(self, checkout: Path, *arguments: str) -> str:
        """Run a command of one of the releases; return what it prints. Raises RuntimeError if it fails."""
        argv = [sys.executable, "manage.py", *arguments]
        env = self.env | {"PYTHONPATH": str(checkout)}
        process = subprocess.run(argv, cwd=checkout, env=env, capture_output=True, text=True, check=False)
        if process.returncode:
            raise RuntimeError(f"{arguments[0]} failed: {process.stderr[-2000:]}")
        return process.stdout

    def start_web(self, checkout: Path, name: str) -> tuple[subprocess.Popen[bytes], int]:
        """Start one of the releases; return its process and port."""
        port = free_port()
        argv = [sys.executable, "-m", "gunicorn", "--config=python:crm.config.web_server", "crm.config.wsgi"]
        argv += [f"--bind=127.0.0.1:{port}", "--workers=1", "--threads=4", "--graceful-timeout=20"]
        environment = {name: value for name, value in self.env.items() if name != "MIGRATION_DATABASE_URL"}
        with (self.folder / f"{name}.log").open("wb") as log:
            process = child.spawn_process(argv, env=environment | {"PYTHONPATH": str(checkout)}, cwd=checkout, log=log)
        self.processes.append((process, (signal.SIGTERM,)))
        child.wait_until(
            lambda: stack.is_answering("127.0.0.1", port),
            process,
            seconds=120,
            refusal=(self.folder / f"{name}.log").read_text,
        )
        return process, port

    def sign_in(self) -> str:
        """Create an organization with the old release, and a session of its admin; return the session's cookie."""
        admin = ["--country", "US", "--admin-email", "ada@drill.example"]
        self.manage(self.old, "create_tenant", "drill", "--name", "Drill", *admin)
        return self.manage(self.old, "shell", "--no-imports", "-c", _SESSION).strip().splitlines()[-1]

    def run(self) -> UpgradeLoad:
        """Run all phases; return what the visitors were answered."""
        self.start_servers()
        subprocess.run(["git", "worktree", "add", "--detach", str(self.old), self.commit], cwd=ROOT, check=True)
        host = "localhost:8000"
        self.manage(self.old, "migrate", "--no-input", "--verbosity=0")
        self.manage(self.old, "collectstatic", "--no-input", "--verbosity=0")
        old_process, old_port = self.start_web(self.old, "old")
        load = UpgradeLoad(host, self.sign_in(), [old_port])
        load.run("old code, old schema")
        self._under_load(load, "during the migration", lambda: self.manage(ROOT, "migrate", "--no-input"))
        load.run("old code, new schema")
        self.manage(ROOT, "collectstatic", "--no-input", "--verbosity=0")
        _process, new_port = self.start_web(ROOT, "new")
        load.ports = [old_port, new_port]
        load.run("both releases")
        load.ports = [new_port]
        self._under_load(load, "while the old release stops", lambda: child.stop_process(old_process, (15,), grace=30))
        load.run("new code, new schema")
        return load

    def _under_load(self, load: UpgradeLoad, phase: str, act: object) -> None:
        ended = threading.Event()
        visitors = threading.Thread(target=load.run, args=(phase, ended))
        visitors.start()
        try:
            act()  # type: ignore[operator]
        finally:
            ended.set()
            visitors.join()

    def stop(self) -> None:
        """Stop all servers, the newest first, and remove the old checkout."""
        for process, signals in reversed(self.processes):
            child.stop_process(process, signals, grace=20)
        subprocess.run(["git", "worktree", "remove", "--force", str(self.old)], cwd=ROOT, check=False)


def main(options: list[str]) -> int:
    """Run the drill and print its figures; 1 if any request failed."""
    with tempfile.TemporaryDirectory(prefix="crm-drill-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        drill = UpgradeDrill(folder, *options)
        try:
            load = drill.run()
        finally:
            drill.stop()
    for (phase, status), count in load.answers.items():
        print(f"{phase}: {count} × {status}")
    print(f"slowest answer: {load.slowest:.1f} s; failed: {len(load.failures)}")
    print("\n".join(load.failures[:20]))
    return int(bool(load.failures))
