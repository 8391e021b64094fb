"""The folder in which the processes of one service count (prometheus_client's multiprocess mode).

The first process of a service (gunicorn's arbiter, Celery's worker) empties it before it forks others. The counters of
a process that ended stay, so that sums do not fall. Nothing here imports prometheus_client, which reads its folder from
the environment at its import.
"""

import fcntl
import logging
import os
import shutil
from pathlib import Path
from typing import IO

logger = logging.getLogger(__name__)

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
# Held as long as the service lives.
_locks: list[IO[str]] = []


def prepare_metrics_folder() -> bool:
    """Empty this service's folder and name it in the environment; return whether metrics are on.

    Each service of a machine needs a METRICS_PORT of its own. A second one with the same port runs without metrics.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")
    from django.conf import settings

    os.environ.pop(VARIABLE, None)
    if not settings.METRICS_PORT:
        return False
    folder = Path(settings.METRICS_FOLDER) / str(settings.METRICS_PORT)
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = folder.with_suffix(".lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        logger.error("no metrics: another service has this METRICS_PORT", extra={"port": settings.METRICS_PORT})
        return False
    _locks.append(lock)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    os.environ[VARIABLE] = str(folder)
    return True
