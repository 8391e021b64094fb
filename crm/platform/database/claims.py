"""A work queue in tables: claim rows by a lease, a fair share per tenant, retry with a pause, park after five failures.

A table of such rows is a `Claimable`: `run_at` says when a row may be claimed, and a claim moves it on.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any, ClassVar

from celery import Task
from django.db import connection, models, transaction
from django.db.models import F
from django.dispatch import Signal

from crm.kernel import clock
from crm.platform.health import own_clock
from crm.platform.health.full_disk import is_full_disk

# What calls others waits apart (due_io.py): a slow provider must not hold up what is done here.
HERE = "not is_io"
CALLS = "is_io"
LEASE = timedelta(minutes=2)
# What the batch that runs has asked workers for (hinted_once).
_gathered: ContextVar[dict[tuple[str, tuple[Any, ...]], Task] | None] = ContextVar("gathered", default=None)
# Rows a claim takes of each tenant; a task that finds more goes on at once, but gives way after so many rounds.
SHARE = 500
ROUNDS = 20
ATTEMPTS = 5
FULL_DISK_PAUSE = timedelta(minutes=1)
# So often a worker may be killed with a row: a claim is no try, but what kills every worker has to end.
INTERRUPTIONS = 20
# How a claim moves a row on.
CLAIMED = """run_at = %(lease)s, claimed_at = %(at)s,
    interruptions = interruptions + case when claimed_at is null then 0 else 1 end"""
# Sent with the `row` that has failed for the last time and waits for a person.
parked = Signal()
# Sent when due work has ended: its `kind`, the `count` of its rows, `seconds`, and whether it `failed`.
work_ended = Signal()


class WorkerLost(Exception):
    """Too many workers were killed while processing this row."""


class Claimable(models.Model):
    """A row of a work queue. Ids only and no policy, so that one tick sees all tenants."""

    # In which order a tenant's rows are claimed: an index.
    claim_order: ClassVar[str] = "run_at, id"

    # When it may be claimed (again): a claim moves it on, which is the lease. Null: parked for a person.
    run_at = models.DateTimeField(null=True)
    # Since when a worker has it; null while it waits. What is claimed and past its lease was a killed worker's.
    claimed_at = models.DateTimeField(null=True)
    # How often it failed, and how often its worker was killed with it since it last ended by itself.
    attempts = models.PositiveSmallIntegerField(default=0)
    interruptions = models.PositiveSmallIntegerField(default=0, db_default=0)
    last_error = models.CharField(max_length=200, blank=True)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        abstract = True


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
    """Context manager: enqueue each task once, however often the block enqueues it with the same arguments."""
    gathered: dict[tuple[str, tuple[Any, ...]], Task] = {}
    before = _gathered.set(gathered)
    try:
        yield
    finally:
        _gathered.reset(before)
    for (_name, args), task in gathered.items():
        enqueue(task, *args)


def is_any_due(model: type[Claimable], where: str = "true") -> bool:
    """Return whether a row may be claimed now by this process; never while its clock is wrong.

    Reads the earliest time from its index, whatever the statistics say. Asked whether one is due, Postgres scans the
    table where they say that many are: while 100,000 are enrolled, or before the table was ever analysed.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"select min(run_at) <= %s, clock_timestamp() from {model._meta.db_table} where {where}", [clock.now()]
        )
        is_due, database_time = cursor.fetchone()
    return bool(is_due) and not own_clock.differs_too_much(database_time)


def claim_rows(model: type[Claimable], share: int, limit: int = 2000, *, where: str = "true") -> list[tuple[int, int]]:
    """Claim rows that may run now, as (tenant id, row id): up to `share` a tenant, each leased for two minutes.

    A claim is no try: a row whose worker was killed is claimed again as if nothing had been, but parked in the end.

    Those of a suspended tenant wait as they are, however long, and run when it is resumed. `where`: HERE for
    a table that holds calls of others as well (io_claims.py).
    """
    if not is_any_due(model, where):
        return []
    table = model._meta.db_table
    at = clock.now()
    with connection.cursor() as cursor:
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
                        order by {model.claim_order} limit %(share)s for update skip locked
                    ) row
                    where not exists (
                        select from platform_tenant where id = waiting.tenant_id and suspended_at is not null
                    )
                    limit %(limit)s
                )
                update {table} set {CLAIMED}
                where id in (select id from picked) returning tenant_id, id, interruptions""",
            {"at": at, "lease": at + LEASE, "share": share, "limit": limit},
        )
        rows = cursor.fetchall()
    return [(tenant_id, pk) for tenant_id, pk, interruptions in rows if not park_killer(model, pk, interruptions)]


def park_killer(model: type[Claimable], pk: int, interruptions: int) -> bool:
    """Park a row with which too many workers were killed. Return whether it was."""
    if interruptions <= INTERRUPTIONS:
        return False
    model.objects.filter(pk=pk).update(run_at=None, claimed_at=None, last_error=WorkerLost.__name__)
    parked.send_robust(model, row=model.objects.get(pk=pk))
    return True


def return_to_queue(model: type[Claimable], ids: Iterable[int], *, at: datetime | F | None = None) -> None:
    """Return rows to the queue that were claimed and not tried: behind what waits, or as if they were due `at`.

    But for those that somebody scheduled anew since: they are back already, at their new time.
    """
    if ids := list(ids):
        claimed = model.objects.filter(pk__in=ids, claimed_at__isnull=False)
        claimed.update(run_at=at or clock.now(), claimed_at=None, interruptions=0)


def release_failed(model: type[Claimable], ids: Iterable[int], error: BaseException) -> None:
    """Return failed rows to the queue with a growing pause; the fifth failure parks them for a person.

    That there was no room for a file is no failure of theirs: they come again until there is.
    """
    name = type(error).__name__[:200]
    if is_full_disk(error):
        again = {"run_at": clock.now() + FULL_DISK_PAUSE, "claimed_at": None, "interruptions": 0, "last_error": name}
        model.objects.filter(pk__in=list(ids)).update(**again)
        return
    for row in model.objects.filter(pk__in=list(ids)):
        attempts = row.attempts + 1
        parks = attempts >= ATTEMPTS
        if parks:
            run_at = None
        else:
            run_at = clock.now() + timedelta(seconds=10 * 2**attempts)
        model.objects.filter(pk=row.pk).update(
            run_at=run_at, claimed_at=None, attempts=attempts, interruptions=0, last_error=name
        )
        if parks:
            # Whoever tells of it must not keep the next row from being given back.
            parked.send_robust(model, row=row)


def replay_parked(model: type[Claimable], pk: int) -> None:
    """Queue a parked row again."""
    model.objects.filter(pk=pk, run_at__isnull=True).update(
        run_at=clock.now(), attempts=0, interruptions=0, last_error=""
    )


def group_by_tenant(rows: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    """Group claimed rows by their tenant."""
    grouped: dict[int, list[int]] = {}
    for tenant_id, pk in rows:
        grouped.setdefault(tenant_id, []).append(pk)
    return grouped
