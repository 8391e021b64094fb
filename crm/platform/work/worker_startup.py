"""Celery signals that do for the worker what middleware does for web requests: startup checks and request ids."""

import logging
from typing import Any

from celery import signals
from django.db import Error
from structlog.contextvars import bind_contextvars, get_contextvars, unbind_contextvars

from crm.platform.health import heartbeats
from crm.platform.tenancy.startup_checks import refuse_faulty_features, refuse_owner

logger = logging.getLogger(__name__)

HEADER = "request_id"


@signals.worker_init.connect
def run_startup_checks(**kwargs: Any) -> None:
    refuse_faulty_features()
    refuse_owner()


@signals.before_task_publish.connect
def send_request_id(headers: dict[str, Any], **kwargs: Any) -> None:
    """Send the id of the current request along with a task."""
    if current := get_contextvars().get("request"):
        headers.setdefault(HEADER, current)


@signals.task_prerun.connect
def bind_request_id(task_id: str, task: Any, **kwargs: Any) -> None:
    bind_contextvars(request=task.request.get(HEADER) or task_id)


@signals.task_postrun.connect
def unbind_request_id(**kwargs: Any) -> None:
    unbind_contextvars("request")


@signals.task_postrun.connect
def note_worker_sign(task: Any, **kwargs: Any) -> None:
    """Note that a worker takes work from this queue; that it cannot be noted must not fail what was done."""
    queue = (task.request.delivery_info or {}).get("routing_key") or "celery"
    try:
        heartbeats.note_seldom(f"{heartbeats.WORKER}{queue}")
    except Error as error:
        logger.warning("no sign noted", extra={"error": type(error).__name__})
