"""Scheduled work that calls others: a provider, a mailbox, somebody's webhook. Runs outside a transaction, row by row.

    @due_io.handler("message.send")
    def send(tenant_id: int, message_id: int) -> None: …

    due_io.schedule("message.send", message.pk, at)      # in the verb's transaction; a worker is hinted at the commit

The row is leased for two minutes, claimed again when its worker died, and parked after five failures, as all
scheduled work. A handler opens `use_tenant` for its short transactions and calls between two of them. It may run twice
with the same subject, so it notes before a call that it is about to make one.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from celery import shared_task
from django.db.models import F

from crm.kernel import clock
from crm.platform.models.due import Due
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due
from crm.platform.work.claims import LEASE, OUT, claim, enqueue, release_failed

logger = logging.getLogger(__name__)

# Of the tenant, and of what it was scheduled for.
Handler = Callable[[int, int], None]
_handlers: dict[str, Handler] = {}
_when_parked: dict[str, Callable[[int], object]] = {}

# Rows a claim takes of each tenant and of all; for how long a task goes on, before it gives way; what a hint is worth.
SHARE, LIMIT = 4, 16
TURN = timedelta(seconds=30)
HINT_SECONDS = 10


def handler(kind: str, *, when_parked: Callable[[int], object] | None = None) -> Callable[[Handler], Handler]:
    """Register the handler of a kind of work. `when_parked`: called inside the tenant once it has failed too often."""

    def register(function: Handler) -> Handler:
        due.IO_KINDS.add(kind)
        if when_parked:
            _when_parked[kind] = when_parked
        if _handlers.setdefault(kind, function) is not function:
            raise ValueError(f"two functions handle work of kind {kind!r}")
        return function

    return register


def schedule(kind: str, subject_id: int, at: datetime) -> None:
    """Schedule `kind` for a subject at an instant; the same again moves the time. What may run now is hinted."""
    schedule_all(kind, [(subject_id, at)])


def schedule_all(kind: str, times: Iterable[tuple[int, datetime]]) -> None:
    """`schedule` for many subjects, with one statement."""
    times = list(times)
    due.schedule_all(kind, times)
    if any(at <= clock.now() for _, at in times):
        enqueue(run_io)


def hint_waiting() -> None:
    """Ask a worker to run what waits; each tick does, so that a lost hint costs seconds."""
    if Due.objects.filter(is_io=True, run_at__lte=clock.now()).exists():
        run_io.apply_async(retry=False, expires=HINT_SECONDS)


@dataclass(frozen=True)
class _Row:
    pk: int
    tenant_id: int
    kind: str
    subject_id: int
    due_at: datetime
    # Until when it is ours: nobody else's claim has the same.
    run_at: datetime | None


@shared_task(name="platform.run_io")
def run_io() -> int:
    """Run what waits, for as long as a turn lasts. Return how many rows were run."""
    ends, done = clock.now() + TURN, 0
    while clock.now() < ends and (rows := _claim()):
        for row in rows:
            if clock.now() >= ends:
                _give_back(row)
            elif _renew(row):
                run(row)
                done += 1
    return done


def _claim() -> list[_Row]:
    ids = [pk for _, pk in claim(Due, SHARE, LIMIT, where=OUT)]
    rows = Due.objects.filter(pk__in=ids, run_at__isnull=False).order_by("due_at", "pk")
    return [_Row(*row) for row in rows.values_list("pk", "tenant_id", "kind", "subject_id", "due_at", "run_at")]


def _renew(row: _Row) -> bool:
    """Lease a row anew, as calls before it took their time; False when somebody else has it, or its time was moved."""
    mine = Due.objects.filter(pk=row.pk, run_at=row.run_at)
    return bool(mine.update(run_at=clock.now() + LEASE))


def _give_back(row: _Row) -> None:
    mine = Due.objects.filter(pk=row.pk, run_at=row.run_at)
    mine.update(run_at=clock.now(), attempts=F("attempts") - 1)


def run(row: _Row) -> None:
    """Run one claimed row. One whose time was moved meanwhile stays; otherwise it is done with."""
    try:
        if row.kind not in _handlers:
            raise LookupError(f"nothing handles work of kind {row.kind}")
        _handlers[row.kind](row.tenant_id, row.subject_id)
    except Exception as error:
        logger.exception("work that calls others failed", extra={"tenant": row.tenant_id, "kind": row.kind})
        _release(row, error)
    else:
        Due.objects.filter(pk=row.pk, due_at=row.due_at).delete()


def _release(row: _Row, error: Exception) -> None:
    release_failed(Due, Due.objects.filter(pk=row.pk, due_at=row.due_at).values_list("pk", flat=True), error)
    if row.kind in _when_parked and Due.objects.filter(pk=row.pk, run_at__isnull=True).exists():
        with use_tenant(row.tenant_id):
            _when_parked[row.kind](row.subject_id)
