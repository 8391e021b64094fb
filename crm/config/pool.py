"""Celery's pool of processes, with one correction: a process that is known to have ended is not watched again.

When the broker comes back, Celery 5.7 watches every process it has anew. One whose end was seen and that the system has
not yet handed over has nothing left to watch, which kombu 5.7 calls a ValueError that nobody expects: the whole worker
ends of it.
"""

from typing import Any

from celery.concurrency.asynpool import AsynPool
from celery.concurrency.prefork import TaskPool as PreforkPool
from kombu.asynchronous.hub import Hub


class Processes(AsynPool):
    """The processes of a worker."""

    def _track_child_process(self, proc: Any, hub: Hub) -> None:
        # None since its end was seen; the pool, which looks after itself every few seconds, replaces it.
        if getattr(proc, "_sentinel_poll", 0) is not None:
            super()._track_child_process(proc, hub)


class TaskPool(PreforkPool):
    """What a worker of this product runs its tasks in."""

    Pool = Processes
