"""A small stack under the real supervisor: Postgres, Valkey and a process with a child of its own.

Run as `python -m tests.runtime.rig FOLDER`; prints a line once all are ready.
"""
# ruff: noqa: T201

import os
import subprocess
import sys
from pathlib import Path
from typing import IO

from runtime import child, keys, stack
from runtime.folder import DataFolder
from runtime.refusal import CannotStart
from runtime.servers.ports import free_port
from runtime.servers.postgres import PostgresCluster
from runtime.servers.valkey import ValkeyServer
from runtime.supervisor import ServiceSpec, StopRequested, Supervisor

# The leaf outlives a polite stop of its parent, so that only a thorough end takes it along.
BRANCH = (
    "import os, subprocess, sys, time;"
    "subprocess.Popen([sys.executable, '-c', {leaf!r}, str(os.getpid())]); time.sleep(600)"
)
LEAF = "import sys, time; from runtime import child; child.die_with_parent(9, int(sys.argv[1])); time.sleep(600)"


def main(path: Path) -> int:
    folder = DataFolder(path)
    supervisor = Supervisor(folder, lambda text: print(text, flush=True))
    try:
        if not folder.try_lock():
            folder.refuse_second_copy()
            folder.wait_for_lock(supervisor.raise_if_stopping)
        folder.write_owner(f"{os.getpid()} in a test")
        start(supervisor, folder)
        print("ready", flush=True)
        supervisor.watch()
    except CannotStart as reason:
        print(reason, file=sys.stderr)
        return 1
    except StopRequested:
        return 0
    finally:
        supervisor.stop()
    return 2


def start(supervisor: Supervisor, folder: DataFolder) -> None:
    cluster = PostgresCluster(folder.path, free_port(), keys.login_password(folder.path, "postgres"))
    cluster.create()
    lock = folder.lock_descriptor
    supervisor.start(stack.postgres_service(cluster, lock))
    server = ValkeyServer(folder.path / "valkey", free_port(), keys.login_password(folder.path, "valkey"))
    supervisor.start(stack.valkey_service(server, lock))
    (folder.path / "url").write_text(cluster.admin_url)

    def branch(log: IO[bytes]) -> subprocess.Popen[bytes]:
        return child.spawn_process([sys.executable, "-c", BRANCH.format(leaf=LEAF)], log=log, keep_open=[lock])

    supervisor.start(ServiceSpec("branch", branch, lambda process: True))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
