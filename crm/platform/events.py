"""Events: recorded in the verb's own transaction, told to subscribers after the commit, by a worker.

`on("job.lost")` registers a subscriber. It does database work only and must not mind running twice.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import models

from crm.platform import clock, hints
from crm.platform.ledger import Ledger, Part, insertion, within
from crm.platform.models import Event, Member, Undispatched
from crm.platform.queueing import enqueue, release_failed
from crm.platform.tenancy import use_tenant

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
) -> None:
    """Write one fact. `by` is the Member who did it, or None for the product itself."""
    record_all([Fact(kind, subject, data or {}, job_id, at)], by=by, caused_by=caused_by)


def record_all(facts: Sequence[Fact], *, by: Any, caused_by: int | None = None, into: Ledger | None = None) -> None:
    """Write many facts with one statement, or with the other writes of an act. Must be inside the verb's transaction.

    They are queued for their subscribers, if there are any. Open pages, and then a worker, are hinted at the commit.
    """
    rows = _values(facts, by, caused_by)
    heard = {fact.kind for fact in facts} & _subscribers.keys()
    with within(into) as ledger:
        ledger.write(_recorded(), rows)
        ledger.write(HEARD, [{"kind": kind, "run_at": clock.now()} for kind in sorted(heard)])
    hints.touch_by((fact.kind, fact.job_id) for fact in facts)
    if heard:
        enqueue(_sweep_task())


@cache
def _recorded() -> Part:
    names = "at kind subject_kind subject_id job_id actor_id caused_by data"
    part, _ = insertion(Event, tuple(names.split()))
    return replace(part, name="recorded", sql=f"{part.sql}, kind")


HEARD = Part(
    "heard",
    """insert into platform_undispatched (event_id, tenant_id, run_at, attempts, last_error)
       select recorded.id, %(tenant)s::bigint, row.run_at, 0, ''
       from recorded join {rows} on row.kind = recorded.kind""",
    "kind text, run_at timestamptz",
    "kind",
)


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
