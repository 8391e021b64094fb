"""`bin/demo`: start the whole CRM with two demo companies, and stop it again at Ctrl-C."""

import errno
import os
import shlex
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from runtime import assets, catalogues, keys, stack
from runtime.folder import DataFolder
from runtime.refusal import CannotStart
from runtime.servers import external, logins, postgres, valkey
from runtime.servers.ports import can_listen, free_port, is_taken
from runtime.supervisor import StopRequested, Supervisor

ROOT = stack.ROOT
TENANTS = ("suncoast", "chargeline")
LOCALS = ("rep", "manager", "admin", "service")
NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
# Age in seconds at which the demo's data is recreated, and how often that is tried while it runs.
OLD = 20 * 3600
AGAIN = 3600
PASSWORD = "throughline-demo"  # noqa: S105 (published on purpose: the demo's data are made up)


def print_line(text: str = "") -> None:
    print(text, flush=True)


class DemoRun:
    """One run of the demo: its settings, its start-up steps, its shutdown."""

    def __init__(self, environment: dict[str, str], *, fresh: bool = False) -> None:
        self.fresh = fresh
        self.has_model_server = False
        self.renewal_tried_at = time.monotonic()
        self.port = port_number(environment.get("PORT") or "8000")
        self.host = environment.get("BIND") or "127.0.0.1"
        self.folder = DataFolder(Path(environment.get("VAR_DIR") or ROOT / "var").absolute())
        self.env = environment | {
            "PORT": str(self.port),
            "VAR_DIR": str(self.folder.path),
            "CRM_DEMO": environment.get("CRM_DEMO") or "1",
            "DJANGO_SETTINGS_MODULE": "crm.config.settings",
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
        }
        self.supervisor = Supervisor(self.folder, lambda text: print_line(f"  {text}"))

    def run(self) -> None:
        """Start the services, watch them, stop them. Raises CannotStart with one sentence."""
        begin = time.monotonic()
        if not self.folder.try_lock():
            self.folder.refuse_second_copy()
            self.run_step(
                "Waiting for what is left of an earlier copy",
                lambda: self.folder.wait_for_lock(self.supervisor.raise_if_stopping),
            )
        self.folder.write_owner(f"{os.getpid()} on port {self.port}")
        if is_taken(self.port, self.host):
            raise CannotStart(f"Port {self.port} is taken by another program: set PORT to a free one.")
        try:
            self.run_startup()
            self.print_welcome(time.monotonic() - begin)
            self.supervisor.watch(self.renew_when_idle)
        except StopRequested:
            print_line("\nStopping …")
        finally:
            self.supervisor.stop()
        print_line("Stopped; the data stay in " + str(self.folder.path))

    def run_startup(self) -> None:
        """Run all start-up steps, printing a line for each."""
        self.run_step("Database", self.start_database)
        self.run_step("Broker", self.start_broker)
        self.choose_live_address()
        self.allow_model_server()
        self.write_environment()
        self.run_step("Schema, translations and static files", self.prepare_schema)
        self.run_step("Demo companies", self.seed_companies)
        self.run_step("Web, workers, beat and live", self.start_processes)

    def run_step(self, name: str, action: Callable[[], object]) -> None:
        self.supervisor.raise_if_stopping()
        begin = time.monotonic()
        print(f"  {name} …", end="", flush=True)
        try:
            action()
        except BaseException as reason:
            print_line()
            if isinstance(reason, CannotStart | OSError) and (shortage := self.folder.describe_shortage()):
                raise CannotStart(f"{shortage} ({reason})") from reason
            raise
        print_line(f" {time.monotonic() - begin:.1f} s")

    def start_database(self) -> None:
        if self.env.get("DATABASE_URL") or self.env.get("MIGRATION_DATABASE_URL"):
            external.require_postgres(self.env)
        else:
            self.start_cluster(self.folder.path)

    def start_cluster(self, path: Path) -> None:
        cluster = postgres.PostgresCluster(path, free_port(), keys.login_password(path, "postgres"))
        cluster.create()
        self.supervisor.start(stack.postgres_service(cluster, self.folder.lock_descriptor))
        owner = keys.login_password(path, logins.OWNER)
        app = keys.login_password(path, logins.APP)
        logins.create_logins(cluster.admin_url, owner_password=owner, app_password=app)
        logins.create_database(cluster.admin_url, "crm")
        self.env["DATABASE_URL"] = cluster.url(logins.APP, app, "crm")
        self.env["MIGRATION_DATABASE_URL"] = cluster.url(logins.OWNER, owner, "crm")

    def start_broker(self) -> None:
        if self.env.get("REDIS_URL"):
            external.require_redis(self.env["REDIS_URL"])
        else:
            self.start_valkey(self.folder.path)

    def start_valkey(self, path: Path) -> None:
        server = valkey.ValkeyServer(path / "valkey", free_port(), keys.login_password(path, "valkey"))
        self.supervisor.start(stack.valkey_service(server, self.folder.lock_descriptor))
        self.env["REDIS_URL"] = server.url

    def run_commands(self, *commands: Sequence[str]) -> None:
        """Run commands of manage.py, side by side."""
        argvs = [[sys.executable, str(ROOT / "manage.py"), *arguments] for arguments in commands]
        names = " and ".join(dict.fromkeys(arguments[0] for arguments in commands))
        self.supervisor.run_together(argvs, env=self.env, what=f"manage.py {names}")

    def prepare_schema(self) -> None:
        """Migrate the database and, if static files changed, collect them at the same time."""
        catalogues.compile_catalogues()
        stamp = self.folder.path / "staticfiles.stamp"
        if assets.is_current(stamp):
            self.run_commands(["migrate", "--no-input"])
        else:
            now = assets.static_fingerprint()
            self.run_commands(["migrate", "--no-input"], ["collectstatic", "--no-input", "--clear"])
            stamp.write_text(now, encoding="ascii")

    def seed_companies(self) -> None:
        """Create the demo companies in a new data folder; recreate them when their data is old and unused."""
        if not self.folder.seeded.exists():
            self.run_commands(*(["seed_demo", slug] for slug in TENANTS))
            self.folder.seeded.touch()
        elif self.fresh or self.has_old_data():
            options = []
            if self.fresh:
                options = ["--even-if-used"]
            self.run_commands(*(["renew_demo", slug, *options] for slug in TENANTS))
            self.folder.seeded.touch()

    def has_old_data(self) -> bool:
        """Tell whether the companies were created so long ago that everything in them is late."""
        return time.time() - self.folder.seeded.stat().st_mtime >= OLD

    def renew_when_idle(self) -> None:
        """Recreate old companies while the demo runs, at most once an hour and only if they are not in use."""
        if time.monotonic() - self.renewal_tried_at < AGAIN or not self.has_old_data():
            return
        self.renewal_tried_at = time.monotonic()
        try:
            self.run_commands(["renew_demo", "--idle", "--stamp", str(self.folder.seeded)])
        except CannotStart as reason:
            print_line(f"  {reason}")

    def start_processes(self) -> None:
        # The owner's password is for commands; what serves requests must not have it.
        env = {name: value for name, value in self.env.items() if name != "MIGRATION_DATABASE_URL"}
        lock = self.folder.lock_descriptor
        # Before the others: they publish only where somebody listens. It is there before the pages are: nobody waits.
        if env.get("LIVE_URL"):
            live = stack.live_service(env, lock, host=self.host, port=int(env["LIVE_PORT"]))
            live.ready = lambda _process: True
            self.supervisor.start(live)
        # Whoever opens the page waits for this one.
        self.supervisor.start(stack.web_service(env, lock, host=self.host, port=self.port))
        self.supervisor.start(stack.beat_service(env, lock))
        self.supervisor.start(stack.worker_service(env, lock, queues="celery"))
        self.supervisor.start(stack.io_worker_service(env, lock))
        if self.has_model_server:
            self.supervisor.start(stack.model_service(env, lock))

    def choose_live_address(self) -> None:
        """Set the address of the live process. Behind TLS it needs a LIVE_URL: pages could not reach it otherwise."""
        configured_port = self.env.get("LIVE_PORT")
        if configured_port:
            port = port_number(configured_port, "LIVE_PORT")
        else:
            port = free_port()
        site = urlsplit(self.env.get("SITE_URL") or f"http://localhost:{self.port}")
        if not self.env.get("LIVE_URL") and site.scheme == "http":
            self.env["LIVE_URL"] = f"http://{site.hostname}:{port}/account/live/"
        self.env["LIVE_PORT"] = str(port)

    def allow_model_server(self) -> None:
        """Allow the assistant to reach the demo's model server, if this machine has its loopback address."""
        self.has_model_server = can_listen(stack.MODEL_HOST)
        if self.has_model_server:
            hosts = [self.env.get("PRIVATE_HOSTS", ""), stack.MODEL_HOST]
            self.env["PRIVATE_HOSTS"] = ",".join(filter(None, hosts))

    def write_environment(self) -> None:
        """Write the environment `bin/manage` needs to find the demo's servers; readable by the owner only."""
        names = "DATABASE_URL MIGRATION_DATABASE_URL REDIS_URL LIVE_URL PORT VAR_DIR CRM_DEMO PRIVATE_HOSTS".split()
        lines = [f"export {name}={shlex.quote(self.env.get(name, ''))}\n" for name in names]
        path = self.folder.path / "environment.sh"
        path.touch(mode=0o600)
        path.write_text("".join(lines), encoding="utf-8")

    def print_welcome(self, seconds: float) -> None:
        print_line(f"\nThroughline runs at  http://localhost:{self.port}   (ready after {seconds:.0f} s)\n")
        print_line(f"Sign in with the password {PASSWORD} as")
        for tenant in TENANTS:
            print_line("  " + "  ".join(f"{name}@{tenant}.example" for name in LOCALS))
        print_line(f"\nTen stops for each role:  http://localhost:{self.port}/demo/tour/")
        print_line(f"\nLogs: {self.folder.logs}   Stop: Ctrl-C   The companies of today: bin/demo --fresh")


def port_number(text: str, name: str = "PORT") -> int:
    """Parse a TCP port. Raises CannotStart."""
    if text.isdecimal() and 0 < int(text) < 65536:
        return int(text)
    raise CannotStart(f"{name} must be a number from 1 to 65535, not “{text}”.")


def main(arguments: Sequence[str] = ()) -> int:
    if set(arguments) - {"--fresh"}:
        return print_refusal("the only option is --fresh, which recreates the demo companies.")
    try:
        DemoRun(dict(os.environ), fresh="--fresh" in arguments).run()
    except CannotStart as reason:
        return print_refusal(str(reason))
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        return print_refusal(
            f"{error.strerror} ({error.filename or 'VAR_DIR'}): make room, or set VAR_DIR to another disk."
        )
    return 0


def print_refusal(why: str) -> int:
    print(f"bin/demo: {why}", file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
