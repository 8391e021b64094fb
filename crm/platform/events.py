"""Events: recorded in the verb's own transaction, told to subscribers after the commit, by a worker.

`on("job.lost")` registers a subscriber. It does database work only and must not mind running twice.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, models

from crm.platform import clock, hints
from crm.platform.bulk import allocate_ids, insert_all
from crm.platform.models import Event, Member, Undispatched
from crm.platform.queueing import enqueue, release_failed
from crm.platform.tenancy import required_tenant_id, use_tenant

if TYPE_CHECKING:
    from celery import Task

logger = logging.getLogger(__name__)

Subscriber = Callable[[Sequence[Event]], None]
_subscribers: dict[str, list[Subscriber]] = defaultdict(list)


@dataclass(frozen=True)
class Fact:
    """An event about to be recorded, where a set form of a verb records one per row."""

    kind: str
    subject: models.Model
    data: dict[str, Any]
    job_id: int | None = None
    at: datetime | None = None


def on(*kinds: str) -> Callable[[Subscriber], Subscriber]:
    """Register a subscriber: called inside the tenant with the events of these kinds, oldest first."""

    def register(subscriber: Subscriber) -> Subscriber:
        for kind in kinds:
            _subscribers[kind].append(subscriber)
        return subscriber

    return register


def record(
    kind: str,
    *,
    subject: models.Model,
    by: Any,
    data: dict[str, Any] | None = None,
    job_id: int | None = None,
    at: datetime | None = None,
    caused_by: int | None = None,
) -> Event:
    """Write one fact. `by` is the Member who did it, or None for the product itself."""
    (values,) = _values([Fact(kind, subject, data or {}, job_id, at)], by, caused_by)
    event: Event = Event.objects.create(**values)
    _tell([values | {"id": event.pk}])
    return event


def record_all(facts: Sequence[Fact], *, by: Any, caused_by: int | None = None) -> None:
    """Write many facts with one statement a table. Must be inside the verb's transaction."""
    rows = _values(facts, by, caused_by)
    for row, pk in zip(rows, allocate_ids(Event, len(rows)), strict=True):
        row["id"] = pk
    insert_all(Event, rows)
    _tell(rows)


def _values(facts: Sequence[Fact], by: Any, caused_by: int | None) -> list[dict[str, Any]]:
    if by is not None and not isinstance(by, Member):
        raise TypeError("an actor is a Member or None")
    now, actor_id = clock.now(), by.pk if by else None
    return [
        {
            "at": fact.at or now,
            "kind": fact.kind,
            "subject_kind": fact.subject._meta.label_lower,
            "subject_id": fact.subject.pk,
            "job_id": fact.job_id,
            "actor_id": actor_id,
            "caused_by": caused_by,
            "data": fact.data,
        }
        for fact in facts
    ]


def _tell(rows: Sequence[Mapping[str, Any]]) -> None:
    """Hint open pages; queue events for their subscribers, if there are any, and hint a worker after the commit."""
    hints.touch_by((row["kind"], row["job_id"]) for row in rows)
    heard = [row["id"] for row in rows if row["kind"] in _subscribers]
    if not heard:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """insert into platform_undispatched (event_id, tenant_id, run_at, attempts, last_error)
               select event_id, %s, %s, 0, '' from unnest(%s::bigint[]) as heard(event_id)""",
            [required_tenant_id(), clock.now(), heard],
        )
    enqueue(_sweep_task())


def dispatch(tenant_id: int, claimed: Sequence[int]) -> None:
    """Run the subscribers of claimed Undispatched rows. A batch that fails is tried again row by row."""
    try:
        _deliver(tenant_id, claimed)
    except Exception as error:
        if len(claimed) == 1:
            logger.exception("dispatch failed", extra={"tenant": tenant_id})
            release_failed(Undispatched, claimed, error)
            return
        for pk in claimed:
            dispatch(tenant_id, [pk])


def _deliver(tenant_id: int, claimed: Sequence[int]) -> None:
    with use_tenant(tenant_id):
        # Locked, and deleted with the subscribers' own writes: a redelivered task finds nothing left to do.
        rows = list(Undispatched.objects.select_for_update().filter(pk__in=claimed).values_list("pk", "event_id"))
        events = list(Event.objects.filter(pk__in=[event_id for _, event_id in rows]).order_by("pk"))
        kinds: dict[Subscriber, list[Event]] = defaultdict(list)
        for event in events:
            for subscriber in _subscribers.get(event.kind, ()):
                kinds[subscriber].append(event)
        for subscriber, batch in kinds.items():
            subscriber(batch)
        Undispatched.objects.filter(pk__in=[pk for pk, _ in rows]).delete()


def _sweep_task() -> "Task":
    # The tasks import this module to run it.
    from crm.platform.tasks import dispatch_events

    return dispatch_events
