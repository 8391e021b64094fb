"""A streaming standby of the tests' Postgres, which can be stopped and started again."""

import subprocess
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from runtime import child, testing
from runtime.servers import postgres
from runtime.servers.ports import free_port

HANGS = 60


class Standby:
    """A copy of the cluster at `primary`, the superuser's URL, that replays what is written there."""

    def __init__(self, folder: Path, primary: str) -> None:
        self.folder, self.primary, self.port = folder, primary, free_port()
        address = urlsplit(primary)
        source = f"host=127.0.0.1 port={address.port} user=postgres password={testing.PASSWORD}"
        options = testing.FAST | {"primary_conninfo": source, "hot_standby": "on"}
        self.cluster = postgres.PostgresCluster(folder, self.port, testing.PASSWORD, options)
        self.server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Copy the primary once, and start; nothing if it runs."""
        if not self.cluster.data_folder.exists():
            self.folder.mkdir(mode=0o711, exist_ok=True)
            self.cluster.copy(self.primary)
            (self.cluster.data_folder / "standby.signal").touch()
        if self.server is None:
            # It answers only when the transactions with many savepoints that ran at its start have ended.
            self.server = self.cluster.start_ready(self.folder / "postgres.log", seconds=600)

    def stop(self) -> None:
        if self.server is not None:
            child.stop_process(self.server, postgres.STOP_SIGNALS, grace=10)
            self.server = None

    def url(self, login: str, database: str) -> str:
        return self.cluster.url(login, testing.PASSWORD, database)

    def run(self, statement: str) -> Any:
        """Run a statement on the standby as its superuser; return its first row."""
        with psycopg.connect(self.cluster.admin_url, autocommit=True) as admin:
            return admin.execute(statement).fetchone()

    def catch_up(self) -> None:
        """Wait until it has replayed all that the primary has written by now."""
        with psycopg.connect(self.primary, autocommit=True) as admin:
            (written,) = admin.execute("select pg_current_wal_insert_lsn()::text").fetchone() or ("",)
        until = time.monotonic() + HANGS
        while self.run(f"select pg_last_wal_replay_lsn() >= '{written}'::pg_lsn") != (True,):
            assert time.monotonic() < until, "the standby does not catch up"
            time.sleep(0.02)
