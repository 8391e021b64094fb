"""Postgres, Valkey, web and worker of one test, each a process of its own that can be killed and started again.

They are started by the product's own classes and commands; only the settings add a listener (tests/survival/ear).
Python's are forked from one process that has imported the product, but those of one test, which are started `anew`.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg
import redis
from celery import Celery

from runtime import child, stack, testing
from runtime.servers import logins, postgres, valkey
from runtime.servers.ports import free_port
from runtime.supervisor import ServiceSpec
from tests.survival import processes
from tests.survival.forks import Forks, python

PASSWORD = testing.PASSWORD
# A commit must be on its way to the disk before it is answered: a killed postmaster loses what is in its buffers.
OPTIONS = testing.FAST | {"synchronous_commit": "on"}
# Nothing of the queue outlives the broker: every hint it held is lost.
FORGETFUL = {"appendonly": "no"}
# After so many seconds what has not come about never will. To start Python's processes takes 30 where others work too.
HANGS = 120
DATABASE = "survival"
# What is not handed on: a server would have rights it does not need, and a test's name.
FOREIGN = ("MIGRATION_DATABASE_URL", "PYTEST_CURRENT_TEST")


class Ground:
    """The cluster, with the migrated template that every stack's database is cloned from, and what forks its servers.

    All stacks, which follow each other, have one environment: settings are read once, before the forks.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.var = folder, folder / "var"
        self.cluster = postgres.PostgresCluster(folder, free_port(), PASSWORD, OPTIONS)
        self.server: subprocess.Popen[bytes] | None = None
        self.broker_port, self.port, self.live_port, self.mail_port, self.pay_port = (free_port() for _ in range(5))
        self.env = {name: value for name, value in os.environ.items() if name not in FOREIGN} | {
            "DATABASE_URL": self.url(logins.APP, DATABASE),
            "REDIS_URL": self.broker(folder).url,
            "VAR_DIR": str(self.var),
            "PORT": str(self.port),
            "LIVE_URL": f"http://localhost:{self.live_port}/account/live/",
            "LIVE_BIND": "127.0.0.1",
            "LIVE_PORT": str(self.live_port),
            "STRIPE_API_URL": f"http://127.0.0.1:{self.pay_port}",
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mail_port}",
            "DJANGO_SETTINGS_MODULE": "tests.survival.settings",
            "LOG_JSON": "1",
            "PRIVATE_HOSTS": "127.0.0.1",
            "IO_PROCESSES": "3",
        }

    def create(self, original: str) -> None:
        """Copy the cluster at the URL `original`, with its logins and its template."""
        self.folder.mkdir(mode=0o711)
        self.cluster.copy(original)
        self.start()
        self.var.mkdir()

    @cached_property
    def forks(self) -> Forks:
        return Forks(self.env, stack.ROOT, self.folder / "forks.log")

    def broker(self, folder: Path) -> valkey.ValkeyServer:
        return valkey.ValkeyServer(folder / "valkey", self.broker_port, PASSWORD, FORGETFUL)

    def clear(self) -> None:
        """Give the next stack a fresh database and an empty folder."""
        logins.drop_database(self.cluster.admin_url, DATABASE)
        logins.create_database(self.cluster.admin_url, DATABASE, template=testing.TEMPLATE)
        shutil.rmtree(self.var)
        (self.var / "staticfiles").mkdir(parents=True)

    def start(self) -> None:
        self.server = self.cluster.start_ready(self.folder / "postgres.log")

    def kill(self) -> None:
        """Kill the postmaster and all its processes with -9, and wait until they are gone."""
        assert self.server is not None
        family = [self.server.pid, *processes.descendants(self.server.pid)]
        processes.kill(family)
        self.server.wait()
        until(lambda: not processes.alive(family), "Postgres is gone")

    def revive(self) -> None:
        """Start it again where a test failed while it was dead."""
        if self.server is None or self.server.poll() is not None:
            self.start()

    def stop(self) -> None:
        if "forks" in vars(self):
            self.forks.end()
        if self.server is not None:
            child.stop_process(self.server, postgres.STOP_SIGNALS, grace=10)

    def url(self, login: str, database: str) -> str:
        return self.cluster.url(login, PASSWORD, database)


class Stack:
    """The servers of one test. Those not started by hand are not running."""

    def __init__(self, ground: Ground, folder: Path) -> None:
        self.ground, self.folder, self.env = ground, folder, ground.env
        self.broker = ground.broker(folder)
        self.port, self.live_port = ground.port, ground.live_port
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.started: list[int] = []
        self._looking: psycopg.Connection[Any] | None = None
        self._lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
        ground.clear()

    # Starting

    def start_broker(self) -> None:
        self._keep("valkey", self.broker.start_ready(self.folder / "valkey.log"))

    def start_web(self, *, anew: bool = False) -> None:
        # One process of it: a visitor of these tests is one at a time.
        self._start(stack.web_service(self.env, self._lock, host="127.0.0.1", port=self.port, workers=1), anew)

    def start_live(self) -> None:
        self._start(stack.live_service(self.env, self._lock, host="127.0.0.1", port=self.live_port), anew=True)

    def start_worker(self, *, anew: bool = False, queues: str = "celery,io") -> None:
        """Start a worker and return once its pool takes tasks."""
        said = self.log("worker").count("ready.")
        self._start(stack.worker_service(self.env, self._lock, queues=queues), anew)
        until(lambda: self.log("worker").count("ready.") > said, "the worker is ready", on_failure=self.logs)

    def start_io_worker(self) -> None:
        """Start the worker that calls others, and return once its pool takes tasks."""
        self._start(stack.io_worker_service(self.env, self._lock), anew=False)
        until(lambda: "ready." in self.log("worker-io"), "the worker is ready", on_failure=self.logs)

    def start_module(self, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Run a module of tests/survival/ear in a process of its own; what it says is in the log of that name."""
        argv = python(f"tests.survival.ear.{module}", *arguments)
        with (self.folder / f"{module}.log").open("ab") as log:
            self._keep(module, self.ground.forks.spawn(argv, env=self.env, log=log, cwd=stack.ROOT))
        return self.running[module]

    def run_module(self, module: str, *arguments: str) -> None:
        """Run a module of tests/survival/ear to its end."""
        assert self.start_module(module, *arguments).wait(HANGS) == 0, self.log(module)
        self.running.pop(module)

    def _start(self, service: ServiceSpec, anew: bool) -> None:
        spawn = child.spawn_process if anew else self.ground.forks.spawn
        with (self.folder / f"{service.name}.log").open("ab") as log, patch.object(child, "spawn_process", spawn):
            process = service.spawn(log)
        self._keep(service.name, process)
        until(lambda: service.ready(process), f"{service.name} is ready", on_failure=self.logs)

    def _keep(self, name: str, process: subprocess.Popen[bytes]) -> None:
        self.running[name] = process
        self.started.append(process.pid)

    # Ending

    def kill(self, name: str) -> None:
        """Kill a process and all it started with -9, at once."""
        child.kill_session(self.running.pop(name))

    def kill_alone(self, name: str) -> None:
        """Kill only the first process of a service with -9; what it started has to notice."""
        process = self.running.pop(name)
        family = processes.descendants(process.pid)
        processes.kill([process.pid])
        process.wait()
        until(lambda: not processes.alive(family), f"the rest of {name} is gone")

    def kill_child(self, name: str) -> None:
        """Kill one process that a service started with -9; the service stays."""
        processes.kill(processes.descendants(self.running[name].pid)[:1])

    def end(self) -> None:
        """Kill all that is left. Raises AssertionError if something survives that."""
        try:
            if self._looking is not None:
                self._looking.close()
            for name in list(self.running):
                self.kill(name)
            until(lambda: not processes.in_sessions(self.started), "no process is left behind")
        finally:
            os.close(self._lock)

    @contextmanager
    def halted(self, table: str) -> Iterator[None]:
        """Nobody can write to `table` as long as the block runs: whoever works with it stands still in the middle."""
        with self.connect() as connection, connection.transaction():
            connection.execute(f"lock table {table} in share row exclusive mode")
            yield

    @contextmanager
    def kept_back(self, many: int) -> Iterator[None]:
        """Nobody is given so many of the due rows as long as the block runs: whoever drains does not come to an end.

        A kill of Postgres gives them back, too.
        """
        connection = self.connect()
        try:
            connection.execute("begin")
            due = "select from platform_due where kind = 'job.clock' and due_at <= now()"
            connection.execute(f"{due} order by due_at desc, id desc limit %s for update skip locked", [many])
            yield
        finally:
            connection.close()

    def standing(self) -> int:
        """How many connections wait for a lock."""
        return int(self.value("select count(*) from pg_locks where not granted"))

    # Looking and asking

    def connect(self) -> psycopg.Connection[Any]:
        """Autocommit as crm_owner, who sees every tenant."""
        return psycopg.connect(self.ground.url(logins.OWNER, DATABASE), autocommit=True)

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a query gives, on a kept connection, for tests ask often; one that died with the server is replaced."""
        if self._looking is not None:
            with suppress(psycopg.OperationalError):
                return self._looking.execute(query, values).fetchall()
            self._looking.close()
        self._looking = self.connect()
        return self._looking.execute(query, values).fetchall()

    def value(self, query: str, *values: Any) -> Any:
        return self.rows(query, *values)[0][0]

    def change(self, query: str, *values: Any) -> int:
        """Run a statement; returns how many rows it touched."""
        with self.connect() as connection:
            return connection.execute(query, values).rowcount

    def pids(self) -> dict[str, list[int]]:
        """All processes of each service: the same before and after means that nobody was started again."""
        return {name: [found.pid, *sorted(processes.descendants(found.pid))] for name, found in self.running.items()}

    def send(self, task: str, **options: Any) -> None:
        """Publish a task, as beat or a web process would."""
        with Celery(broker=self.broker.url, set_as_current=False) as app:
            app.send_task(f"platform.{task}", retry=False, **options)

    def messages(self) -> tuple[int, int]:
        """How many tasks wait in the broker, and how many were taken from it and not acknowledged."""
        with redis.Redis.from_url(self.broker.url) as client:
            return int(client.llen("celery")), int(client.hlen("unacked"))

    def outwait(self, seconds: int) -> None:
        """Let so much time go by for the broker: it gives unacknowledged messages to somebody else."""
        with redis.Redis.from_url(self.broker.url) as client:
            for tag in client.zrange("unacked_index", 0, -1):
                client.zincrby("unacked_index", -seconds, tag)

    def pass_time(self, table: str) -> int:
        """Let every lease and pause of `table` run out, as if two minutes or more had gone by."""
        taken = "attempts > 0" if table == "platform_staffmail" else "(attempts > 0 or claimed_at is not null)"
        return self.change_free(table, "run_at = now()", f"{taken} and run_at > now()")

    def change_free(self, table: str, new: str, where: str) -> int:
        """Set columns on the rows nobody is at work on: waiting for those of a running worker ends in a deadlock."""
        free = f"select ctid from {table} where {where} for update skip locked"
        return self.change(f"update {table} set {new} where ctid = any(array({free}))")

    def await_disconnection(self) -> None:
        """Wait until Postgres has noticed that every process of ours was killed.

        Before, it holds the rows that they were at work on, and what gives those to somebody else passes over them.
        """
        clients = "select count(*) from pg_stat_activity where usename = %s"
        until(lambda: not self.value(clients, logins.APP), "Postgres has noticed")

    def log(self, name: str) -> str:
        with suppress(FileNotFoundError):
            return (self.folder / f"{name}.log").read_text(errors="replace")
        return ""

    def logs(self) -> str:
        """The last words of every process, for the message of a failing test."""
        return "\n".join(f"== {name}\n{self.log(name)[-3000:]}" for name in ("web", "worker", "worker-io", "live"))


def until(
    holds: Callable[[], Any],
    what: str,
    *,
    seconds: float = HANGS,
    pause: float = 0.05,
    on_failure: Callable[[], Any] = str,
) -> None:
    """Wait until `holds`. Raises AssertionError that says what did not come about."""
    limit = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < limit, f"not within {seconds:g} s: {what}\n{on_failure()}"
        time.sleep(pause)
