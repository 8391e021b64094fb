"""The Celery app. Messages of the broker may be lost or delivered twice; pending work is stored in Postgres.

So there is no result backend, no long delay, and nothing here waits for a broker that is dead.
"""

import gc
import logging
import os
import signal
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from celery import Celery
from celery.schedules import schedule
from celery.signals import setup_logging, worker_init, worker_process_init, worker_ready
from django.utils.module_loading import import_string
from kombu import Queue

from crm.config import broker, metrics_folder
from runtime.child import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")

# Seconds. A message not acknowledged by then goes to another worker; a task is stopped before, never run twice at once.
VISIBILITY_TIMEOUT = 300
TASK_LIMIT = 240
TICK = 10
SWEEP = 60


def steady_now() -> datetime:
    """Return a monotonic time, independent of the system clock; Celery beat counts its intervals by it.

    With the system clock, setting it back an hour would stop all scheduled tasks for that hour.
    """
    return datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=time.monotonic())


def _beat_entry(seconds: int) -> dict[str, Any]:
    return {"schedule": schedule(seconds, nowfun=steady_now), "options": {"expires": seconds}}


broker.use_fixed_transport()
app = Celery("crm")
app.conf.update(
    broker_url=os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0"),
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={
        "visibility_timeout": VISIBILITY_TIMEOUT,
        # kombu looks for lost messages every interval × throttle seconds, by default 100.
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 2,
        # retry=False spares the publishing alone: without this each request would try to connect for six seconds.
        "max_retries": 0,
    },
    task_serializer="json",
    accept_content=["json"],
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_publish_retry=False,
    task_soft_time_limit=TASK_LIMIT - 30,
    task_time_limit=TASK_LIMIT,
    worker_pool="crm.config.pool:TaskPool",
    worker_prefetch_multiplier=1,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    worker_send_task_events=False,
    # In memory: two short intervals need no file, which kill -9 can spoil.
    beat_scheduler="crm.config.beat:SharedScheduler",
    beat_schedule={
        "tick": {"task": "platform.tick", **_beat_entry(TICK)},
        "sweep": {"task": "platform.sweep", **_beat_entry(SWEEP)},
    },
    # What calls others has a queue of its own: a worker may be kept for it (`--queues=io`), and one without a queue
    # named takes both in turn.
    task_queues=[Queue(name, routing_key=name) for name in ("celery", "io")],
    task_default_queue="celery",
    task_routes={f"platform.{name}": {"queue": "io"} for name in ("run_io", "sign_of_io", "send_staff_mail")},
    enable_utc=True,
    timezone="UTC",
)
app.conf.include = ["crm.platform.work.tasks", "crm.platform.work.worker_startup"]


@setup_logging.connect
def keep_our_logging(**_: Any) -> None:
    """Keep Celery from configuring logging: it leaves it alone when this signal has a receiver."""
    for name in ("celery.worker.strategy", "celery.app.trace"):  # two lines for every tick otherwise
        logging.getLogger(name).setLevel(logging.WARNING)


@worker_init.connect
def note_worker(**_: Any) -> None:
    """Note the worker's process id before the pool forks.

    Asked of the system later, a worker that is dead already would pass for another parent.
    """
    os.environ["CRM_WORKER_PID"] = str(os.getpid())


@worker_init.connect
def prepare_metrics(**_: Any) -> None:
    """Prepare the folder of the metrics, and count, before the pool forks."""
    if metrics_folder.prepare_metrics_folder():
        import_string("crm.platform.observability.recording.connect_signals")()


@worker_ready.connect
def serve_metrics(**_: Any) -> None:
    """Serve the metrics of all processes of this worker in its first one."""
    if metrics_folder.VARIABLE in os.environ:
        import_string("crm.platform.observability.endpoint.serve_worker")()


@worker_process_init.connect
def end_with_the_worker(**_: Any) -> None:
    """End a pool process when its worker is killed; it would wait for work for ever."""
    die_with_parent(signal.SIGKILL, int(os.environ["CRM_WORKER_PID"]))


@worker_process_init.connect
def keep_the_product(**_: Any) -> None:
    """Leave the loaded product out of garbage collections, as web processes do (web_server.py)."""
    gc.freeze()
