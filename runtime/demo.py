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
from runtime.servers.ports import free_port, is_taken
from runtime.supervisor import StopRequested, Supervisor

ROOT = stack.ROOT
TENANTS = ("suncoast", "chargeline")
LOCALS = ("rep", "manager", "admin", "service")
NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
# So old the demo's data may be, in seconds, before they are made anew; and how often that is tried while it runs.
OLD = 20 * 3600
AGAIN = 3600
PASSWORD = "throughline-demo"  # noqa: S105 (published on purpose: the demo's data are made up)


def say(text: str = "") -> None:
    print(text, flush=True)


class Demo:
    """One run of the demo: its settings, its start-up steps, its shutdown."""

    def __init__(self, environment: dict[str, str], *, fresh: bool = False) -> None:
        self.fresh = fresh
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
        self.supervisor = Supervisor(self.folder, lambda text: say(f"  {text}"))

    def run(self) -> None:
        """Start the services, watch them, stop them. Raises CannotStart with one sentence."""
        begin = time.monotonic()
        if not self.folder.try_lock():
            self.folder.refuse_second_copy()
            self.step("Waiting for what is left of an earlier copy", lambda: self.folder.wait(self.supervisor.check))
        self.folder.sign(f"{os.getpid()} on port {self.port}")
        if is_taken(self.port, self.host):
            raise CannotStart(f"Port {self.port} is taken by another program: set PORT to a free one.")
        try:
            self.start()
            self.announce(time.monotonic() - begin)
            self.supervisor.watch(self.renew_when_idle)
        except StopRequested:
            say("\nStopping …")
        finally:
            self.supervisor.stop()
        say("Stopped; the data stay in " + str(self.folder.path))

    def start(self) -> None:
        """Run all start-up steps, printing a line for each."""
        self.step("Database", self.start_database)
        self.step("Broker", self.start_broker)
        self.choose_live()
        self.write_environment()
        self.step("Schema, translations and static files", self.prepare)
        self.step("Demo companies", self.seed)
        self.step("Web, workers, beat and live", self.start_processes)

    def step(self, name: str, action: Callable[[], object]) -> None:
        self.supervisor.check()
        begin = time.monotonic()
        print(f"  {name} …", end="", flush=True)
        try:
            action()
        except BaseException as reason:
            say()
            if isinstance(reason, CannotStart | OSError) and (shortage := self.folder.shortage()):
                raise CannotStart(f"{shortage} ({reason})") from reason
            raise
        say(f" {time.monotonic() - begin:.1f} s")

    def start_database(self) -> None:
        if self.env.get("DATABASE_URL") or self.env.get("MIGRATION_DATABASE_URL"):
            external.require_postgres(self.env)
        else:
            self.start_cluster(self.folder.path)

    def start_cluster(self, path: Path) -> None:
        cluster = postgres.Cluster(path, free_port(), keys.password(path, "postgres"))
        cluster.create()
        self.supervisor.start(stack.postgres_service(cluster, self.folder.lock_descriptor))
        owner = keys.password(path, logins.OWNER)
        app = keys.password(path, logins.APP)
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
        server = valkey.Valkey(path / "valkey", free_port(), keys.password(path, "valkey"))
        self.supervisor.start(stack.valkey_service(server, self.folder.lock_descriptor))
        self.env["REDIS_URL"] = server.url

    def manage(self, *commands: Sequence[str]) -> None:
        """Run commands of manage.py, side by side."""
        argvs = [[sys.executable, str(ROOT / "manage.py"), *arguments] for arguments in commands]
        names = " and ".join(dict.fromkeys(arguments[0] for arguments in commands))
        self.supervisor.run_together(argvs, env=self.env, what=f"manage.py {names}")

    def prepare(self) -> None:
        """Migrate, and collect the static files meanwhile if they changed."""
        catalogues.compile_catalogues()
        stamp = self.folder.path / "staticfiles.stamp"
        if assets.is_current(stamp):
            self.manage(["migrate", "--no-input"])
        else:
            now = assets.fingerprint()
            self.manage(["migrate", "--no-input"], ["collectstatic", "--no-input", "--clear"])
            stamp.write_text(now, encoding="ascii")

    def seed(self) -> None:
        """Create the demo companies, once for each data folder; make them anew where they are old and unused."""
        if not self.folder.seeded.exists():
            self.manage(*(["seed_demo", slug] for slug in TENANTS))
            self.folder.seeded.touch()
        elif self.fresh or self.has_old_data():
            options = []
            if self.fresh:
                options = ["--even-if-used"]
            self.manage(*(["renew_demo", slug, *options] for slug in TENANTS))
            self.folder.seeded.touch()

    def has_old_data(self) -> bool:
        """Tell whether the companies were made so long ago that everything in them is late by now."""
        return time.time() - self.folder.seeded.stat().st_mtime >= OLD

    def renew_when_idle(self) -> None:
        """Make old companies anew while the demo runs, once an hour at most, when nobody looks at them."""
        if time.monotonic() - self.renewal_tried_at < AGAIN or not self.has_old_data():
            return
        self.renewal_tried_at = time.monotonic()
        try:
            self.manage(["renew_demo", "--idle", "--stamp", str(self.folder.seeded)])
        except CannotStart as reason:
            say(f"  {reason}")

    def start_processes(self) -> None:
        # The owner's password is for commands; what serves requests must not have it.
        env = {name: value for name, value in self.env.items() if name != "MIGRATION_DATABASE_URL"}
        lock = self.folder.lock_descriptor
        # Before the others: they publish only where somebody listens. It is there before the pages are: nobody waits.
        if env.get("LIVE_URL"):
            live = stack.live(env, lock, host=self.host, port=int(env["LIVE_PORT"]))
            live.ready = lambda _process: True
            self.supervisor.start(live)
        # Whoever opens the page waits for this one.
        self.supervisor.start(stack.web(env, lock, host=self.host, port=self.port))
        self.supervisor.start(stack.beat(env, lock))
        self.supervisor.start(stack.worker(env, lock, queues="celery"))
        self.supervisor.start(stack.io_worker(env, lock))

    def choose_live(self) -> None:
        """Choose the address of the live process. None behind TLS without a LIVE_URL: pages could not reach it."""
        given = self.env.get("LIVE_PORT")
        if given:
            port = port_number(given, "LIVE_PORT")
        else:
            port = free_port()
        site = urlsplit(self.env.get("SITE_URL") or f"http://localhost:{self.port}")
        if not self.env.get("LIVE_URL") and site.scheme == "http":
            self.env["LIVE_URL"] = f"http://{site.hostname}:{port}/account/live/"
        self.env["LIVE_PORT"] = str(port)

    def write_environment(self) -> None:
        """Write the environment `bin/manage` needs to find the demo's servers; readable by the owner only."""
        names = ("DATABASE_URL", "MIGRATION_DATABASE_URL", "REDIS_URL", "LIVE_URL", "PORT", "VAR_DIR", "CRM_DEMO")
        lines = [f"export {name}={shlex.quote(self.env.get(name, ''))}\n" for name in names]
        path = self.folder.path / "environment.sh"
        path.touch(mode=0o600)
        path.write_text("".join(lines), encoding="utf-8")

    def announce(self, seconds: float) -> None:
        say(f"\nThroughline runs at  http://localhost:{self.port}   (ready after {seconds:.0f} s)\n")
        say(f"Sign in with the password {PASSWORD} as")
        for tenant in TENANTS:
            say("  " + "  ".join(f"{name}@{tenant}.example" for name in LOCALS))
        say(f"\nTen stops for each role:  http://localhost:{self.port}/demo/tour/")
        say(f"\nLogs: {self.folder.logs}   Stop: Ctrl-C   The companies of today: bin/demo --fresh")


def port_number(text: str, name: str = "PORT") -> int:
    """Parse a TCP port. Raises CannotStart."""
    if text.isdecimal() and 0 < int(text) < 65536:
        return int(text)
    raise CannotStart(f"{name} must be a number from 1 to 65535, not “{text}”.")


def main(arguments: Sequence[str] = ()) -> int:
    if set(arguments) - {"--fresh"}:
        return refuse("the only option is --fresh, which makes the demo companies anew.")
    try:
        Demo(dict(os.environ), fresh="--fresh" in arguments).run()
    except CannotStart as reason:
        return refuse(str(reason))
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        return refuse(f"{error.strerror} ({error.filename or 'VAR_DIR'}): make room, or set VAR_DIR to another disk.")
    return 0


def refuse(why: str) -> int:
    print(f"bin/demo: {why}", file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
