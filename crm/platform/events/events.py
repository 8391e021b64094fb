"""Domain events: recorded in the transaction that caused them; a worker runs their subscribers after the commit.

`on("job.lost")` registers a subscriber. It does database work only and must not mind running twice.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from celery import shared_task
from django.db import models

from crm.kernel import clock
from crm.platform.database import bulk_write
from crm.platform.database.batch import write_in_batch
from crm.platform.database.claims import (
    ROUNDS,
    SHARE,
    claim_rows,
    enqueue,
    group_by_tenant,
    hinted_once,
    release_failed,
)
from crm.platform.events import hints
from crm.platform.events.event import Actor, Event, Undispatched
from crm.platform.tenancy.context import required_tenant_id, use_tenant

logger = logging.getLogger(__name__)

# An act that records this many events at once, as an import does, does not delay the events of what people do.
MANY = 100
# So many are delivered in one transaction: until it ends, what their subscribers changed is locked.
AT_ONCE = 50

Subscriber = Callable[[Sequence[Event]], None]
_subscribers: dict[str, list[Subscriber]] = defaultdict(list)
# Subscribers of kinds that each tenant chooses.
_choosing: list[tuple[Callable[[], Collection[str]], Subscriber]] = []
# The place of each subscriber in the order of registration: that of the apps and their handlers.py.
_places: dict[Subscriber, int] = {}
# The event that what is recorded now is caused by.
_cause: ContextVar[int | None] = ContextVar("cause", default=None)


@dataclass(frozen=True)
class EventDraft:
    """An event that is not recorded yet, for `record_all`. `by`: who did it, if not who all are recorded for."""

    kind: str
    subject: models.Model
    data: dict[str, Any]
    job_id: int | None = None
    at: datetime | None = None
    by: Actor | None = None


def on(*kinds: str) -> Callable[[Subscriber], Subscriber]:
    """Register a subscriber: called inside the tenant with the events of these kinds, oldest first."""

    def register(subscriber: Subscriber) -> Subscriber:
        for kind in kinds:
            _subscribers[kind].append(subscriber)
        _places.setdefault(subscriber, len(_places))
        return subscriber

    return register


def on_chosen(kinds: Callable[[], Collection[str]]) -> Callable[[Subscriber], Subscriber]:
    """Register a subscriber of the kinds that the tenant in use has chosen; the others are not queued for it."""

    def register(subscriber: Subscriber) -> Subscriber:
        _choosing.append((kinds, subscriber))
        return subscriber

    return register


def _subscribed_kinds() -> set[str]:
    """Return the event kinds that have a subscriber in the current tenant."""
    return {*_subscribers, *chosen_kinds()}


def chosen_kinds() -> set[str]:
    """Return the event kinds that the current tenant has chosen; cached with its configuration."""
    return {kind for kinds, _subscriber in _choosing for kind in kinds()}


def _subscribers_of(kind: str) -> list[Subscriber]:
    return [*_subscribers.get(kind, ()), *(subscriber for kinds, subscriber in _choosing if kind in kinds())]


@contextmanager
def caused_by(event_id: int | None) -> Iterator[None]:
    """Context manager: record events with this event as their cause."""
    token = _cause.set(event_id)
    try:
        yield
    finally:
        _cause.reset(token)


def record(
    kind: str,
    *,
    subject: models.Model,
    by: Actor | None,
    data: dict[str, Any] | None = None,
    job_id: int | None = None,
    at: datetime | None = None,
    caused_by: int | None = None,
) -> None:
    """Record one event. `by` is the Member who did it, or None for the product itself."""
    record_all([EventDraft(kind, subject, data or {}, job_id, at)], by=by, caused_by=caused_by)


def record_all(facts: Sequence[EventDraft], *, by: Actor | None, caused_by: int | None = None) -> None:
    """Record many events with one statement. Must be inside the transaction of what they report; waits for a batch.

    They are queued for their subscribers, if there are any. Open pages, and then a worker, are hinted at the commit.
    """
    if not facts:
        return
    write_in_batch(_write_in_bulk if len(facts) >= MANY else _write_events, _event_values(facts, by, caused_by))
    hints.touch_topics_of((fact.kind, fact.job_id) for fact in facts)


def _write_events(rows: list[bulk_write.Row], *, in_bulk: bool = False) -> None:
    subscribed = sorted({row["kind"] for row in rows} & _subscribed_kinds())
    bulk_write.write(*_insert_statement(bool(subscribed)), rows, heard=subscribed, now=clock.now(), in_bulk=in_bulk)
    if subscribed:
        enqueue(dispatch_events)


def _write_in_bulk(rows: list[bulk_write.Row]) -> None:
    _write_events(rows, in_bulk=True)


@cache
def _insert_statement(is_heard: bool) -> tuple[str, str]:
    """Build the INSERT of events, which also queues those of subscribed kinds if `is_heard`."""
    names = "at kind subject_kind subject_id job_id actor_id caused_by data"
    sql, declared, _ = bulk_write.insert_statement(Event, tuple(names.split()))
    if not is_heard:
        return sql, declared
    return f"with recorded as ({sql} returning id, kind) {_QUEUE}", declared


_QUEUE = """insert into platform_undispatched (event_id, tenant_id, run_at, in_bulk, attempts, last_error)
    select id, %(tenant)s::bigint, %(now)s::timestamptz, %(in_bulk)s::boolean, 0, ''
    from recorded where kind = any(%(heard)s::text[])"""


def _event_values(facts: Sequence[EventDraft], by: Actor | None, caused_by: int | None) -> list[dict[str, Any]]:
    if by is not None and not isinstance(by, Actor):
        raise TypeError("an actor is a Member or None")
    now = clock.now()
    return [
        {
            "at": fact.at or now,
            "kind": fact.kind,
            "subject_kind": fact.subject._meta.label_lower,
            "subject_id": fact.subject.pk,
            "job_id": fact.job_id,
            "actor_id": _actor_id(fact.by or by),
            "caused_by": caused_by or _cause.get(),
            "data": fact.data,
        }
        for fact in facts
    ]


def _actor_id(actor: Actor | None) -> int | None:
    if actor is None:
        return None
    return actor.pk


@shared_task(name="platform.dispatch_events")
def dispatch_events() -> int:
    """Run the subscribers of waiting events: on the hint after a commit, and by beat for hints that were lost."""
    done = 0
    for _ in range(ROUNDS):
        claimed = claim_rows(Undispatched, SHARE)
        for tenant_id, ids in group_by_tenant(claimed).items():
            dispatch_rows(tenant_id, ids)
        done += len(claimed)
        if not claimed:
            break
    return done


def dispatch_rows(tenant_id: int, claimed: Sequence[int]) -> None:
    """Run the subscribers of claimed Undispatched rows. A batch that fails is tried again row by row."""
    with use_tenant(tenant_id):
        in_bulk = Undispatched.objects.filter(tenant_id=required_tenant_id(), in_bulk=True)
        # What is recorded in bulk is delivered so, too.
        if in_bulk.exists():
            size = SHARE
        else:
            size = AT_ONCE
        ids = sorted({*(_earlier_bulk_events(claimed) if size == SHARE else ()), *claimed})
    for place in range(0, len(ids), size):
        _deliver_or_retry(tenant_id, ids[place : place + size])


def _earlier_bulk_events(claimed: Sequence[int]) -> list[int]:
    """Find earlier bulk events of the claimed events' jobs, as the events of a job are delivered in order.

    One that failed is left to its next attempt, as ever.
    """
    in_bulk = Undispatched.objects.filter(tenant_id=required_tenant_id(), in_bulk=True)
    live = Undispatched.objects.filter(pk__in=claimed, in_bulk=False).values_list("event_id", flat=True)
    jobs = set(Event.objects.filter(pk__in=list(live), job_id__isnull=False).values_list("job_id", flat=True))
    # Two statements: the queue's statistics are never true, and a join of theirs might read all that waits.
    events = list(
        Event.objects.filter(job_id__in=jobs, kind__in=list(_subscribed_kinds())).values_list("pk", flat=True)
    )
    return list(in_bulk.filter(event_id__in=events, last_error="").values_list("pk", flat=True))


def _deliver_or_retry(tenant_id: int, ids: Sequence[int]) -> None:
    try:
        _deliver_events(tenant_id, ids)
    except Exception as error:
        if len(ids) == 1:
            logger.exception("dispatch failed", extra={"tenant": tenant_id})
            release_failed(Undispatched, ids, error)
            return
        for pk in ids:
            _deliver_or_retry(tenant_id, [pk])


def _deliver_events(tenant_id: int, ids: Sequence[int]) -> None:
    with use_tenant(tenant_id), hinted_once():
        # Locked, and deleted with the subscribers' own writes: a redelivered task finds nothing left to do.
        waiting = Undispatched.objects.select_for_update().filter(pk__in=ids).order_by("pk")
        rows = list(waiting.values_list("pk", "event_id"))
        events = list(Event.objects.filter(pk__in=[event_id for _, event_id in rows]).order_by("pk"))
        kinds: dict[Subscriber, list[Event]] = defaultdict(list)
        for event in events:
            for subscriber in _subscribers_of(event.kind):
                kinds[subscriber].append(event)
        # In the order of their registration, whatever the order of the events: so two batches take locks in one order.
        # Subscribers of chosen kinds, as rules, come last.
        for subscriber in sorted(kinds, key=lambda one: _places.get(one, len(_places))):
            subscriber(kinds[subscriber])
        Undispatched.objects.filter(pk__in=[pk for pk, _ in rows]).delete()
