"""A Postgres and a Valkey of the bench's own; the folder may be kept, so that a second run is quick."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from runtime import child, keys
from runtime.servers import logins, postgres, valkey
from runtime.servers.ports import free_port

ROOT = Path(__file__).resolve().parents[1]
# A small server's settings; what a query costs must not depend on a cold disk.
SETTINGS = {
    "shared_buffers": "1GB",
    "effective_cache_size": "4GB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "8GB",
    "synchronous_commit": "off",
    "random_page_cost": "1.1",
    "track_io_timing": "on",
}


@dataclass(frozen=True)
class Servers:
    """Running servers, and how to reach a database there as either login."""

    folder: Path
    cluster: postgres.PostgresCluster
    redis_url: str

    def url(self, login: str, database: str) -> str:
        return self.cluster.url(login, keys.login_password(self.folder, login), database)

    def environment(self, database: str, **more: str) -> dict[str, str]:
        """What a process of the product needs to work on a database."""
        return os.environ | {
            "DATABASE_URL": self.url(logins.APP, database),
            "MIGRATION_DATABASE_URL": self.url(logins.OWNER, database),
            "REDIS_URL": self.redis_url,
            "VAR_DIR": str(self.folder),
            "DJANGO_SETTINGS_MODULE": "crm.config.settings",
            "PYTHONPATH": str(ROOT),
            "LOG_LEVEL": "WARNING",
            "LOG_JSON": "0",
            # Loading a million rows is slow on purpose.
            "SLOW_QUERY_SECONDS": "3600",
            **more,
        }

    def manage(self, database: str, *arguments: str) -> None:
        """Run a command of manage.py. Raises CalledProcessError."""
        argv = [sys.executable, str(ROOT / "manage.py"), *arguments]
        subprocess.run(argv, env=self.environment(database), cwd=ROOT, check=True)

    def prepare(self, database: str) -> bool:
        """Create and migrate a database; says whether it is new."""
        names = {name for (name,) in self._ask("select datname from pg_database")}
        logins.create_database(self.cluster.admin_url, database)
        self.manage(database, "migrate", "--no-input", "--verbosity=0")
        return database not in names

    def copy(self, seeded: str, database: str) -> None:
        """Make a database anew, as another one is that nobody is using."""
        self.drop(database)
        logins.create_database(self.cluster.admin_url, database, template=seeded)

    def drop(self, database: str) -> None:
        logins.drop_database(self.cluster.admin_url, database)

    def _ask(self, sql: str) -> list[tuple[str, ...]]:
        import psycopg

        with psycopg.connect(self.cluster.admin_url, autocommit=True) as connection:
            return connection.execute(sql.encode()).fetchall()


@contextmanager
def running(folder: Path) -> Iterator[Servers]:
    """Start both servers in a folder, and stop them at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)
    cluster = postgres.PostgresCluster(folder, free_port(), keys.login_password(folder, "postgres"), SETTINGS)
    cluster.create()
    started: list[tuple[subprocess.Popen[bytes], tuple[int, ...]]] = [
        (cluster.start_ready(folder / "postgres.log"), postgres.STOP_SIGNALS)
    ]
    try:
        broker = valkey.ValkeyServer(folder / "valkey", free_port(), keys.login_password(folder, "valkey"))
        started.append((broker.start_ready(folder / "valkey.log"), valkey.STOP_SIGNALS))
        owner, app = keys.login_password(folder, logins.OWNER), keys.login_password(folder, logins.APP)
        logins.create_logins(cluster.admin_url, owner_password=owner, app_password=app)
        yield Servers(folder, cluster, broker.url)
    finally:
        for process, signals in reversed(started):
            child.stop_process(process, signals, grace=20)
