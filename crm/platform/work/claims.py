"""A work queue in tables: claim rows by a lease, a fair share per tenant, retry with a pause, park after five failures.

Due, Undispatched and StaffMail are such tables: `run_at` says when a row may be claimed, and a claim moves it on.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any

from celery import Task
from django.db import connection, transaction
from django.db.models import F
from django.dispatch import Signal

from crm.kernel import clock
from crm.platform.models.due import Due
from crm.platform.models.event import Undispatched

Work = Due | Undispatched

# In which order a tenant's rows are claimed; each is an index.
ORDER: dict[type[Work], str] = {Due: "run_at, id", Undispatched: "in_bulk, run_at, id"}
# What calls others waits apart (due_io.py): a slow provider must not hold up what is done here.
HERE, OUT = "not is_io", "is_io"
LEASE = timedelta(minutes=2)
# What the batch that runs has asked workers for (hinted_once).
_gathered: ContextVar[dict[tuple[str, tuple[Any, ...]], Task] | None] = ContextVar("gathered", default=None)
# Rows a claim takes of each tenant; a task that finds more goes on at once, but gives way after so many rounds.
SHARE, ROUNDS = 500, 20
ATTEMPTS = 5
# Sent with the `row` that has failed for the last time and waits for a person.
parked = Signal()


def enqueue(task: Task, *args: Any) -> None:
    """Ask a worker to run a Celery task, once this transaction is committed.

    A hint only: the row is the truth, and the sweep finds it again. So a dead broker is not an error here.
    """
    gathered = _gathered.get()
    if gathered is None:
        transaction.on_commit(lambda: task.apply_async(args, retry=False), robust=True)
    else:
        gathered[task.name, args] = task


@contextmanager
def hinted_once() -> Iterator[None]:
    """Ask a worker once for what a batch asks for again and again: a thousand messages are one hint."""
    gathered: dict[tuple[str, tuple[Any, ...]], Task] = {}
    before = _gathered.set(gathered)
    try:
        yield
    finally:
        _gathered.reset(before)
    for (_name, args), task in gathered.items():
        enqueue(task, *args)


def claim(model: type[Work], share: int, limit: int = 2000, *, where: str = "true") -> list[tuple[int, int]]:
    """Claim rows that may run now, as (tenant id, row id): up to `share` a tenant, each leased for two minutes.

    Those of a suspended tenant wait as they are, however long, and run when it is resumed. `where`: HERE or OUT, for
    a table that has both.
    """
    table = model._meta.db_table
    at = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(f"select exists (select from {table} where run_at <= %s and {where})", [at])
        if not cursor.fetchone()[0]:
            return []
        # Walks from tenant to tenant by the index, so that one tenant's 100,000 rows cost the others nothing.
        cursor.execute(
            f"""with recursive waiting(tenant_id) as (
                    select min(tenant_id) from {table}
                    union all
                    select (select min(tenant_id) from {table} where tenant_id > waiting.tenant_id)
                    from waiting where waiting.tenant_id is not null
                ), picked as (
                    select row.id from waiting cross join lateral (
                        select id from {table} where tenant_id = waiting.tenant_id and run_at <= %(at)s and {where}
                        order by {ORDER[model]} limit %(share)s for update skip locked
                    ) row
                    where not exists (
                        select from platform_tenant where id = waiting.tenant_id and suspended_at is not null
                    )
                    limit %(limit)s
                )
                update {table} set run_at = %(lease)s, attempts = attempts + 1
                where id in (select id from picked) returning tenant_id, id""",
            {"at": at, "lease": at + LEASE, "share": share, "limit": limit},
        )
        return cursor.fetchall()


def give_back(model: type[Work], ids: Iterable[int], *, at: datetime | F | None = None) -> None:
    """Return rows to the queue that were claimed and not tried: behind what waits, or as if they were due `at`.

    But for those that somebody scheduled anew since: they are back already, at their new time, and count from 0.
    """
    if ids := list(ids):
        claimed = model.objects.filter(pk__in=ids, attempts__gt=0)
        claimed.update(run_at=at or clock.now(), attempts=F("attempts") - 1)


def release_failed(model: type[Work], ids: Iterable[int], error: BaseException) -> None:
    """Return failed rows to the queue with a growing pause; the fifth failure parks them for a person."""
    name = type(error).__name__[:200]
    for row in model.objects.filter(pk__in=list(ids)):
        parks = row.attempts >= ATTEMPTS
        pause = timedelta(seconds=10 * 2**row.attempts)
        model.objects.filter(pk=row.pk).update(run_at=None if parks else clock.now() + pause, last_error=name)
        if parks:
            # Whoever tells of it must not keep the next row from being given back.
            parked.send_robust(model, row=row)


def replay(model: type[Work], pk: int) -> None:
    """Let a parked row run again, as a person asked."""
    model.objects.filter(pk=pk, run_at__isnull=True).update(run_at=clock.now(), attempts=0, last_error="")


def by_tenant(rows: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    """Group claimed rows by their tenant."""
    grouped: dict[int, list[int]] = {}
    for tenant_id, pk in rows:
        grouped.setdefault(tenant_id, []).append(pk)
    return grouped
