"""The test bed: HAProxy, two web machines, two workers, Postgres under Patroni, Valkey under Sentinel, etcd.

The files of deploy/cluster configure it. The folder of files is shared by all machines, as a network file system or an
object store is.
"""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
from redis import Redis, RedisError

from drills.nodes.machine import BRIDGE, NETWORK, Machine, ip, wait_until
from drills.nodes.mail_peer import MailPeer
from runtime.servers import logins
from runtime.servers.binaries import postgres_bindir, valkey_server

ROOT = Path(__file__).resolve().parents[2]
CONFIGURATION = ROOT / "deploy" / "cluster"
NUMBERS = {"lb1": 10, "web1": 11, "web2": 12, "work1": 21, "work2": 22, "db1": 31, "db2": 32, "quorum": 40}
WEB, WORK = ("web1", "web2"), ("work1", "work2")
PRODUCT = (*WEB, *WORK)
STORES = ("db1", "db2")
QUORUM = (*STORES, "quorum")
VISITOR = f"{NETWORK}.1"
WORKER = ["celery", "--app=crm.config", "worker", "--queues=celery,io", "--concurrency=2"]
# The disk of each Postgres.
DISK = "1500m"


class Bed:
    """All machines. Use `build` once, and `remove` at the end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.machines = {name: Machine(name, number, folder) for name, number in NUMBERS.items()}
        self.address = f"http://{self.machines['lb1'].address}:8000"
        self.passwords = {
            name: secrets.token_hex(16) for name in ("superuser", "replication", "owner", "app", "valkey")
        }
        self._secret_key = secrets.token_hex(32)
        # The checkout whose code is started from now on.
        self.release = ROOT
        self.mails = MailPeer(VISITOR)
        # The machine that a drill has lost, where it is chosen by what it does.
        self.lost = ""

    def __getitem__(self, name: str) -> Machine:
        return self.machines[name]

    def build(self) -> None:
        """Make the machines and start everything but the product."""
        self.remove()
        self.folder.mkdir(parents=True, exist_ok=True)
        # Postgres does not run as root.
        self.folder.chmod(0o755)
        ip("link", "add", BRIDGE, "type", "bridge")
        ip("addr", "add", f"{VISITOR}/24", "dev", BRIDGE)
        ip("link", "set", BRIDGE, "up")
        hosts = "127.0.0.1 localhost\n" + "".join(f"{row.address} {name}\n" for name, row in self.machines.items())
        for machine in self.machines.values():
            machine.create(hosts)
        self.mails.start()
        for name in QUORUM:
            self.start_etcd(name)
        for name in STORES:
            self.start_postgres(name)
            self.start_valkey(name)
        for name in QUORUM:
            self.start_sentinel(name)
        self.start_balancer()
        for name in PRODUCT:
            self.start_way_to_stores(name)
        wait_until(lambda: bool(self.primary()), "a primary of Postgres")
        wait_until(self.is_whole, "a synchronous standby")

    def is_whole(self) -> bool:
        """Return whether Postgres has a primary and a synchronous standby, and Valkey a primary and a replica."""
        return "sync_standby" in self._roles() and self.valkey_roles() == {"master": 1, "slave": 1}

    def start_balancer(self) -> None:
        """Start the HAProxy in front of web and live."""
        socket_path = str(self["lb1"].folder / "admin.sock")
        env = os.environ | {"FORWARDED_PROTO": "http", "ADMIN_SOCKET": socket_path}
        self["lb1"].start("haproxy", _haproxy("haproxy-front.cfg"), env)

    def tell_balancer(self, command: str) -> str:
        """Give the HAProxy in front a command of its runtime interface. Returns its answer."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(self["lb1"].folder / "admin.sock"))
            connection.sendall(f"{command}\n".encode())
            return connection.makefile().read()

    def start_stores(self, name: str) -> None:
        """Start all that a machine of the stores runs."""
        self.start_etcd(name)
        self.start_postgres(name)
        self.start_valkey(name)
        self.start_sentinel(name)

    def start_etcd(self, name: str) -> None:
        """Start a member of etcd."""
        cluster = ",".join(f"{member}=http://{member}:2380" for member in QUORUM)
        flags = {
            "name": name,
            "data-dir": str(self[name].folder / "etcd"),
            "listen-client-urls": "http://0.0.0.0:2379",
            "advertise-client-urls": f"http://{name}:2379",
            # It listens by address, and its peers know it by name.
            "listen-peer-urls": f"http://{self[name].address}:2380",
            "initial-advertise-peer-urls": f"http://{name}:2380",
            "initial-cluster": cluster,
        }
        self[name].start("etcd", ["etcd", *(f"--{flag}={value}" for flag, value in flags.items())])

    def start_postgres(self, name: str) -> None:
        """Start Patroni, which starts Postgres."""
        folder = self[name].folder / "postgres"
        folder.mkdir(mode=0o700, exist_ok=True)
        if not os.path.ismount(folder):
            # A disk that can be filled.
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)], check=True)
        for path in (folder, folder / "socket"):
            path.mkdir(mode=0o700, exist_ok=True)
            shutil.chown(path, "postgres", "postgres")
        env = os.environ | {
            "PATRONI_NAME": name,
            "PATRONI_RESTAPI_CONNECT_ADDRESS": f"{name}:8008",
            "PATRONI_POSTGRESQL_CONNECT_ADDRESS": f"{name}:5432",
            "PATRONI_POSTGRESQL_DATA_DIR": str(folder / "data"),
            "PATRONI_POSTGRESQL_BIN_DIR": str(postgres_bindir()),
            "PATRONI_POSTGRESQL_PGPASS": str(folder / "pgpass"),
            "PATRONI_SUPERUSER_PASSWORD": self.passwords["superuser"],
            "PATRONI_REPLICATION_PASSWORD": self.passwords["replication"],
            "HOME": str(folder),
        }
        patroni = os.environ.get("PATRONI") or shutil.which("patroni") or "patroni"
        self[name].start("patroni", [patroni, str(CONFIGURATION / "patroni.yml")], env, user="postgres")

    def start_valkey(self, name: str) -> None:
        """Start Valkey; the second follows the first until Sentinel says otherwise."""
        folder = self[name].folder / "valkey"
        file = folder / "valkey.conf"
        if not folder.exists():
            folder.mkdir()
            lines = (CONFIGURATION / "valkey.conf").read_text().replace("${NODE}", name)
            lines += f"requirepass {self.passwords['valkey']}\nmasterauth {self.passwords['valkey']}\ndir {folder}\n"
            if name == "db2":
                lines += "replicaof db1 6379\n"
            file.write_text(lines)
        self[name].start("valkey", [str(valkey_server()), str(file)])

    def start_sentinel(self, name: str) -> None:
        """Start Sentinel."""
        file = self[name].folder / "sentinel.conf"
        if not file.exists():
            text = (CONFIGURATION / "sentinel.conf").read_text()
            extra = f"sentinel auth-pass throughline {self.passwords['valkey']}\nsentinel announce-ip {name}\n"
            file.write_text(f"{text}{extra}dir {self[name].folder}\n")
        self[name].start("sentinel", [str(valkey_server()), str(file), "--sentinel"])

    def start_way_to_stores(self, name: str) -> None:
        """Start the HAProxy and the PgBouncer that lead a machine of the product to Postgres and Valkey."""
        self.start_way_to_valkey(name)
        self.start_pgbouncer(name)

    def start_way_to_valkey(self, name: str) -> None:
        """Start the HAProxy that leads to the primaries of both stores."""
        env = os.environ | {"VALKEY_PASSWORD": self.passwords["valkey"]}
        self[name].start("haproxy", _haproxy("haproxy-stores.cfg"), env)

    def start_pgbouncer(self, name: str) -> None:
        """Start PgBouncer."""
        machine = self[name]
        shutil.copy(CONFIGURATION / "pgbouncer.ini", machine.folder)
        (machine.folder / "users.txt").write_text(f'"{logins.APP}" "{self.passwords["app"]}"\n')
        argv = ["sh", "-c", f"cd {machine.folder} && exec pgbouncer pgbouncer.ini"]
        for path in (machine.folder, *machine.folder.glob("*.*")):
            shutil.chown(path, "postgres", "postgres")
        machine.start("pgbouncer", argv, user="postgres")

    def start_product(self, *names: str) -> None:
        """Start web and live, or a worker and beat, on these machines."""
        for name in names:
            programs = {
                "worker": WORKER,
                "beat": ["celery", "--app=crm.config", "beat"],
            }
            if name.startswith("web"):
                programs = {"live": ["crm.web.live"]}
                self.start_web(name)
            for program, module in programs.items():
                self.start_program(name, program, module)

    def start_worker(self, name: str, *before: str) -> None:
        """Start a worker; `before`: a command that runs it."""
        argv = [*before, sys.executable, "-m", *WORKER]
        self[name].start("worker", argv, self.environment(), folder=self.release)

    def start_web(self, name: str) -> None:
        """Start web alone on a machine."""
        gunicorn = ["gunicorn", "--config=python:crm.config.web_server", "crm.config.wsgi", "--workers=1"]
        self.start_program(name, "web", [*gunicorn, "--bind=0.0.0.0:8000", "--threads=8"])

    def start_program(self, name: str, program: str, module: list[str]) -> None:
        """Start a Python program of the product on a machine."""
        self[name].start(program, [sys.executable, "-m", *module], self.environment(), folder=self.release)

    def environment(self, **more: str) -> dict[str, str]:
        """Return the settings of the product on any machine."""
        app = f"postgres://{logins.APP}:{self.passwords['app']}@127.0.0.1:6432/crm"
        return os.environ | {
            "DATABASE_URL": f"{app}?DISABLE_SERVER_SIDE_CURSORS=true",
            "MIGRATION_DATABASE_URL": f"postgres://{logins.OWNER}:{self.passwords['owner']}@127.0.0.1:5432/crm",
            "REDIS_URL": f"redis://:{self.passwords['valkey']}@127.0.0.1:6379/0",
            "SECRET_KEY": self._secret_key,
            "SITE_URL": self.address,
            "ALLOWED_HOSTS": ",".join(["localhost", *(row.address for row in self.machines.values())]),
            "BEHIND_PROXY": "true",
            "LIVE_BIND": "0.0.0.0",
            "LIVE_URL": "/account/live/",
            "EMAIL_URL": "smtp://127.0.0.1:25",
            # The mail server of this test bed.
            "PRIVATE_HOSTS": VISITOR,
            "VAR_DIR": str(self._folder_of_release()),
            "DJANGO_SETTINGS_MODULE": "crm.config.settings",
            "PYTHONPATH": str(self.release),
            **more,
        }

    def _folder_of_release(self) -> Path:
        """Return the folder of a release: its own static files, and the uploaded files that all share."""
        files = self.folder / "files"
        files.mkdir(exist_ok=True)
        folder = self.folder / f"release-{self.release.name}"
        if not folder.exists():
            folder.mkdir()
            (folder / "files").symlink_to(files)
        return folder

    def manage(self, *command: str) -> str:
        """Run a command of manage.py on the first worker machine. Returns its output."""
        argv = [sys.executable, str(self.release / "manage.py"), *command]
        return self["work1"].run(argv, self.environment(), folder=self.release)

    def create_database(self) -> None:
        """Create both logins, the database and its schema."""
        admin = self.admin_url("postgres")
        logins.create_logins(admin, owner_password=self.passwords["owner"], app_password=self.passwords["app"])
        logins.create_database(admin, "crm", template="template0")
        self.prepare_release()

    def prepare_release(self) -> None:
        """Migrate the database to the release, and collect its static files."""
        self.manage("migrate", "--no-input", "--verbosity=0")
        self.manage("collectstatic", "--no-input", "--verbosity=0")

    def admin_url(self, database: str) -> str:
        """Return the address of a database on the primary, for its superuser."""
        return f"postgres://postgres:{self.passwords['superuser']}@{self[self.primary()].address}:5432/{database}"

    def query(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a query on the primary, past all policies. Raises psycopg.Error."""
        with psycopg.connect(self.admin_url("crm"), connect_timeout=5) as connection:
            return connection.execute(statement.encode(), values or None).fetchall()

    def primary(self) -> str:
        """Return the name of the machine whose Postgres is primary; blank while there is none."""
        for name in STORES:
            if self._patroni(name).get("role") in ("primary", "master"):
                return name
        return ""

    def standby(self) -> str:
        """Return the name of the machine whose Postgres is not primary."""
        return next(name for name in STORES if name != self.primary())

    def ask_valkey(self, name: str) -> Redis:
        """Return a client of the Valkey of a machine."""
        return Redis(host=self[name].address, password=self.passwords["valkey"], socket_timeout=2)

    def valkey_primary(self) -> str:
        """Return the name of the machine whose Valkey is primary; blank while there is none."""
        return next((name for name in STORES if self._valkey_role(name) == "master"), "")

    def valkey_roles(self) -> Counter[str]:
        """Return how many servers of Valkey are primary, and how many follow one and are connected to it."""
        return Counter(filter(None, map(self._valkey_role, STORES)))

    def _valkey_role(self, name: str) -> str:
        try:
            facts = self.ask_valkey(name).info("replication")
        except RedisError:
            return ""
        if facts.get("master_link_status") == "down":
            return ""
        return str(facts["role"])

    def answers(self, path: str = "/healthz", *, machine: str = "") -> bool:
        """Return whether the product answers, through the load balancer or on one machine."""
        address = f"http://{self[machine].address}:8000" if machine else self.address
        try:
            with urllib.request.urlopen(f"{address}{path}", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def _roles(self) -> list[str]:
        members = self._patroni(self.primary() or "db1", "/cluster").get("members", [])
        return [str(row["role"]) for row in members]

    def _patroni(self, name: str, path: str = "/patroni") -> dict[str, Any]:
        try:
            with urllib.request.urlopen(f"http://{self[name].address}:8008{path}", timeout=2) as answer:
                return dict(json.load(answer))
        except (urllib.error.URLError, OSError, ValueError):
            return {}

    def remove(self) -> None:
        """Remove all machines."""
        self.mails.stop()
        for machine in self.machines.values():
            machine.remove()
            if os.path.ismount(machine.folder / "postgres"):
                subprocess.run(["umount", "--lazy", str(machine.folder / "postgres")], check=False)
        with suppress(subprocess.CalledProcessError):
            ip("link", "delete", BRIDGE)


def _haproxy(file: str) -> list[str]:
    return ["haproxy", "-db", "-f", str(CONFIGURATION / file)]
