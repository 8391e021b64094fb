"""A process that has imported the product once and forks the servers of these tests: to import it takes two seconds.

Nothing of a server runs in here, no thread and no connection that a fork could share. A fork goes on as
`python -m MODULE …` would, in a session of its own, with the environment in which the settings were read.
"""

import gc
import json
import os
import runpy
import socket
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import django
from django.core import checks

from runtime import child

# What the servers import beside the product itself; the checks import the rest of it.
MODULES = (
    *("celery.bin.celery", "celery.apps.worker", "celery.worker.components", "celery.worker.consumer.delayed_delivery"),
    *("crm.config.celery", "crm.config.pool", "crm.platform.work.tasks", "crm.platform.work.worker_startup"),
    *("gunicorn.app.wsgiapp", "gunicorn.glogging", "crm.config.web_server"),
    *("crm.platform.tenancy.startup_checks", "crm.web.requests.tenant_middleware", "crm.web.account.adapter"),
)
LONGEST = 100_000  # bytes of an order


def main() -> None:
    """Serve until the other end of the socket, whose number is the argument, is closed; in a fork run the module."""
    with socket.socket(fileno=int(sys.argv[1])) as control:
        django.setup()
        checks.run_checks()
        for name in MODULES:
            import_module(name)
        require_bare(control)
        gc.collect()
        gc.freeze()
        control.send(b"ready")
        argv = serve(control)
    if argv:
        sys.argv = argv
        runpy.run_module(argv[0], run_name="__main__", alter_sys=True)


def require_bare(control: socket.socket) -> None:
    """Hold that forks share nothing with each other: one thread, and no connection but the test's."""
    open_files = [os.readlink(path) for path in Path("/proc/self/fd").iterdir() if path.exists() or path.is_symlink()]
    assert len(os.listdir("/proc/self/task")) == 1, "a thread does not come along into a fork"
    assert sum(name.startswith("socket:") for name in open_files) == 1, open_files


def serve(control: socket.socket) -> list[str]:
    """Fork and reap as told. Returns the module and its arguments in a fork, nothing at the end."""
    parent = os.getpid()
    while True:
        order, logs, _flags, _address = socket.recv_fds(control, LONGEST, 1)
        if not order:
            return []
        told: dict[str, Any] = json.loads(order)
        if "ended" in told:
            _pid, status = os.waitpid(told["ended"], 0)
            control.send(str(os.waitstatus_to_exitcode(status)).encode())
        elif os.fork() == 0:
            os.setsid()
            for descriptor in (1, 2):
                os.dup2(logs[0], descriptor)
            child.die_with_parent(told["death_signal"], parent)
            control.send(str(os.getpid()).encode())  # whoever asked may kill it from here on
            os.close(logs[0])
            return list(told["argv"])
        else:
            os.close(logs[0])


if __name__ == "__main__":
    main()
