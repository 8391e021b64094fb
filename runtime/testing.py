"""Pytest plugin: a temporary Postgres, a migrated template database, and a clone of it for each worker.

It must run before Django reads its settings, hence `addopts = "-p runtime.testing"`; the fixtures are
in runtime/fixtures.py, which tests/conftest.py takes in.
"""

import atexit
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from runtime import catalogues, child
from runtime.refusal import CannotStart
from runtime.servers import logins, postgres
from runtime.servers.ports import free_port

ROOT = Path(__file__).resolve().parents[1]
MIGRATION = pytest.StashKey["subprocess.Popen[bytes]"]()
PREFIX = "crm-test-"
TEMPLATE = "crm_template"
PASSWORD = "tests"  # noqa: S105 (a server on loopback that lives as long as the run)
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "100",
    "max_wal_size": "256MB",
    # Workers copy the cluster at once (tests/survival): a checkpoint of one took away what another was to read.
    "wal_keep_size": "128MB",
}
# To clone a database is to copy 1,000 small files, ten times as dear on a disk; a container may have 64 MB there.
MEMORY, ROOM = Path("/dev/shm"), 2 << 30  # noqa: S108 (a folder of its own is made in it)
# What a developer has set for a server of theirs must not reach the tests.
FOREIGN = (
    "SITE_URL",
    "BEHIND_PROXY",
    "CRM_DEMO",
    "DEBUG",
    "CRM_DATABASE_ROLE",
    "LOG_JSON",
    "LOG_LEVEL",
    "ALLOWED_HOSTS",
    # A worker compiles a thousand modules, and so does each of sixty servers that tests start: once is enough.
    "PYTHONDONTWRITEBYTECODE",
)
NO_RUN = {"-h", "--help", "-V", "--version", "--markers", "--fixtures", "--co", "--collect-only"}


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(args: list[str]) -> None:
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if inner_run_name():
        _use_folder(Path(os.environ["VAR_DIR"]).parent / inner_run_name())
    elif worker is None:
        catalogues.compile_catalogues()
        _set_environment(_start_cluster() if NO_RUN.isdisjoint(args) else _no_cluster())
    else:
        # Databases are clones, so tenants have the same ids: one worker's retention would delete another's files.
        _use_folder(Path(os.environ["VAR_DIR"]).parent / worker)
    _use_database()


def pytest_configure() -> None:
    from django.conf import settings

    # Manifest names need a collectstatic; what is linked is one style sheet and one script, as in the product.
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "tests.static_files.BundledStorage"}}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config) -> None:
    """Start migrating the template before the workers exist, so that it runs while they collect tests."""
    config.stash[MIGRATION] = begin_template()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(node: Any) -> None:
    """Wait for the template: a worker gets its first test when all have collected."""
    finish_template(node.config.stash[MIGRATION])


def inner_run_name() -> str:
    """Return the name of a test run started by a test, which shares its servers; "" in the outer run."""
    return os.environ.get("INNER_RUN", "")


def template_name() -> str:
    """Return the name of the database every test database is cloned from."""
    if inner_run_name():
        return f"{TEMPLATE}_{inner_run_name()}"
    return TEMPLATE


def begin_template() -> subprocess.Popen[bytes]:
    """Create the template database and start migrating it as crm_owner; an inner run has more apps."""
    admin_url = os.environ["CRM_TEST_ADMIN_URL"]
    logins.create_database(admin_url, template_name(), template=TEMPLATE if inner_run_name() else "template1")
    environment = os.environ | {
        "MIGRATION_DATABASE_URL": login_url(logins.OWNER, template_name()),
        "CRM_DATABASE_ROLE": "owner",
        "DJANGO_SETTINGS_MODULE": os.environ.get("TEST_SETTINGS", "crm.config.settings"),
    }
    with _template_log().open("wb") as log:
        return child.spawn_process([sys.executable, "-m", "tests.prepare"], env=environment, log=log, cwd=ROOT)


def finish_template(process: subprocess.Popen[bytes]) -> None:
    """Wait until the template is migrated. Ends the run with the process's output if it failed."""
    if process.wait() != 0:
        pytest.exit(f"the template database could not be made:\n{_template_log().read_text()}", returncode=3)


def _template_log() -> Path:
    return Path(os.environ["VAR_DIR"]).parent / f"{template_name()}.log"


def login_url(login: str, database: str) -> str:
    """Return the URL of `database` for one of the two logins."""
    return os.environ["CRM_TEST_URL"].format(login=login, database=database)


def worker_database() -> str:
    """Return the name of this test process's own database."""
    return f"crm_{inner_run_name() or os.environ.get('PYTEST_XDIST_WORKER', 'main')}"


def _use_database() -> None:
    name = worker_database()
    os.environ["DATABASE_URL"] = login_url(logins.APP, name)
    os.environ["MIGRATION_DATABASE_URL"] = login_url(logins.OWNER, name)
    # Nobody listens there until a test asks for the fixture `valkey`: the product must work without.
    os.environ["REDIS_URL"] = f"redis://:{PASSWORD}@127.0.0.1:{free_port()}/0"


def _set_environment(folder: Path) -> None:
    for name in FOREIGN:
        os.environ.pop(name, None)
    sys.dont_write_bytecode = False
    os.environ["SECRET_KEY"] = "only-for-tests-" + "0123456789" * 5
    _use_folder(folder / "var")


def _use_folder(folder: Path) -> None:
    os.environ["VAR_DIR"] = str(folder)
    (folder / "staticfiles").mkdir(parents=True, exist_ok=True)


def _start_cluster() -> Path:
    """Start Postgres for this test run; the server and its folder are removed when this process ends."""
    _remove_abandoned_folders()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=_temporary_folder()))
    lock = (folder / "lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    atexit.register(lock.close)  # holds the file, and with it the lock, until the end
    try:
        cluster = postgres.PostgresCluster(folder, free_port(), PASSWORD, FAST)
        folder.chmod(0o711)
        cluster.create()
        server = cluster.start_ready(folder / "postgres.log")
    except CannotStart as reason:
        shutil.rmtree(folder, ignore_errors=True)
        pytest.exit(str(reason), returncode=3)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(child.stop_process, server, postgres.STOP_SIGNALS, grace=10)
    logins.create_logins(cluster.admin_url, owner_password=PASSWORD, app_password=PASSWORD)
    os.environ["CRM_TEST_ADMIN_URL"] = cluster.admin_url
    os.environ["CRM_TEST_URL"] = cluster.url("{login}", PASSWORD, "{database}")
    return folder


def _no_cluster() -> Path:
    """Set a URL without a server, for runs that only print something; return a temporary folder."""
    os.environ["CRM_TEST_URL"] = "postgres://{login}@127.0.0.1:1/{database}"
    return Path(tempfile.gettempdir())


def _temporary_folder() -> Path:
    """Return the parent of a run's folder: in memory if there is enough room."""
    roomy = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    if roomy:
        return MEMORY
    return Path(tempfile.gettempdir())


def _remove_abandoned_folders() -> None:
    """Delete the folders of killed runs, 100 MB each; a free lock shows that a run has ended."""
    for lock_file in (one for place in {MEMORY, Path(tempfile.gettempdir())} for one in place.glob(f"{PREFIX}*/lock")):
        try:
            with lock_file.open("r+") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(lock_file.parent, ignore_errors=True)
        except OSError:
            continue  # in use, gone by now, or another user's
