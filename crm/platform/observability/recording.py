"""Count requests, Celery tasks and due work. Imported only when METRICS_PORT is set."""

import time
from collections.abc import Callable
from typing import Any

from celery import signals
from django.http import HttpRequest, HttpResponse

from crm.platform.database.claims import work_ended
from crm.platform.observability import metrics
from crm.platform.replica.reading import replica_read

# An address that leads nowhere, and a page without a name: strangers choose addresses, so they are no labels.
UNKNOWN_ROUTE = "(none)"
_began: dict[str, float] = {}


def count_requests(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: count each answer by route name and status, and how long it took."""

    def middleware(request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = get_response(request)
        route = route_name(request)
        metrics.requests_total.labels(route, response.status_code).inc()
        metrics.request_seconds.labels(route).observe(time.perf_counter() - began)
        return response

    return middleware


def route_name(request: HttpRequest) -> str:
    """Return the route's name with its namespace, such as `leads:list`."""
    match = request.resolver_match
    if match is None:
        return UNKNOWN_ROUTE
    return match.view_name or UNKNOWN_ROUTE


def connect_signals() -> None:
    """Count tasks and due work of this process and of those forked from it."""
    signals.task_prerun.connect(note_begin)
    signals.task_postrun.connect(count_task)
    work_ended.connect(count_work)
    replica_read.connect(count_replica_read)


def count_replica_read(name: str, outcome: str, **kwargs: Any) -> None:
    """Receiver: count a read that may use the replica; the outcome is `replica`, or why the primary was read."""
    metrics.replica_reads_total.labels(name, outcome).inc()


def note_begin(task_id: str, **kwargs: Any) -> None:
    """Receiver: note when a task began."""
    _began[task_id] = time.perf_counter()


def count_task(task_id: str, task: Any, state: str | None = None, **kwargs: Any) -> None:
    """Receiver: count a task that ended, by Celery's state (`success`, `failure`, `retry`)."""
    began = _began.pop(task_id, None)
    metrics.tasks_total.labels(task.name, (state or "unknown").lower()).inc()
    if began is not None:
        metrics.task_seconds.labels(task.name).observe(time.perf_counter() - began)


def count_work(kind: str, count: int, seconds: float, failed: bool, **kwargs: Any) -> None:
    """Receiver: count rows of due work that ended."""
    if failed:
        outcome = "failed"
    else:
        outcome = "done"
    metrics.work_total.labels(kind, outcome).inc(count)
    metrics.work_seconds.labels(kind).observe(seconds)
