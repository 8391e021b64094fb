"""Celery's process pool with one bug fixed: a process that has ended is not tracked again.

When the broker comes back, Celery watches every process it has anew. One whose end was seen and that the system has not
yet handed over has nothing left to watch: the whole worker ended of it, https://github.com/celery/celery/issues/9250.
Upstream has mended it twice, past each other. Celery 5.7.0 passes over an AttributeError there
(https://github.com/celery/celery/pull/10318), and kombu 5.7.0 now raises a ValueError instead
(https://github.com/celery/kombu/pull/2623). The first Celery that passes over both ends this file; that day
tests/survival/test_upstream_defects.py fails and says so.
"""

from typing import Any

from celery.concurrency.asynpool import AsynPool
from celery.concurrency.prefork import TaskPool as PreforkPool
from kombu.asynchronous.hub import Hub


class FixedProcessPool(AsynPool):
    """A worker's pool of processes, which skips processes that have ended."""

    def _track_child_process(self, proc: Any, hub: Hub) -> None:
        # None since its end was seen; the pool, which looks after itself every few seconds, replaces it.
        if getattr(proc, "_sentinel_poll", 0) is not None:
            super()._track_child_process(proc, hub)


class TaskPool(PreforkPool):
    """The pool Celery runs tasks in (`worker_pool`)."""

    Pool = FixedProcessPool
