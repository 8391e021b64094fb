"""Scheduled work: schedule it by key; a tick runs it inside its tenant, once, when its time has come.

Handlers take a batch, so that a thousand crossings cost a handful of statements. They must not mind running twice.
"""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F
from structlog.contextvars import get_contextvars

from crm.kernel import clock
from crm.platform.database import bulk_write
from crm.platform.database.batch import write_in_batch
from crm.platform.database.claims import (
    HERE,
    SHARE,
    claim_rows,
    group_by_tenant,
    hinted_once,
    release_failed,
    return_to_queue,
    work_ended,
)
from crm.platform.models.due import Due
from crm.platform.tenancy.context import use_tenant

logger = logging.getLogger(__name__)

Handler = Callable[[Sequence[int]], None]
_handlers: dict[str, Handler] = {}
_in_slices: set[str] = set()
_at_once: dict[str, int] = {}
_in_order: set[str] = set()
# A tick gives so many seconds to what is run by few at once; what is left is claimed again, by whoever is free.
PATIENCE = 1.0
# Kinds whose handlers call others (due_io.py).
IO_KINDS: set[str] = set()
_when_parked: dict[str, Callable[[], object]] = {}
# Kinds that come again after a span, whatever the time of day is.
_spans: set[str] = set()


def handler(
    kind: str, *, in_slices: bool = False, at_once: int | None = None, in_order: bool = False
) -> Callable[[Handler], Handler]:
    """Register the handler of a kind of scheduled work: called inside the tenant with the subjects' ids.

    The handler schedules the next time itself (same key), or lets it end: a row that kept its time is deleted.
    `in_slices`: each call may take seconds, so a tick makes one of these alone, after everything else.
    `at_once`: so many in one transaction, which locks what members want to change, too. What a tick leaves of them
    goes behind what waits, or with `in_order` back to where it stood.
    """

    def register(function: Handler) -> Handler:
        if in_slices:
            _in_slices.add(kind)
        if at_once:
            _at_once[kind] = at_once
        if in_order:
            _in_order.add(kind)
        if _handlers.setdefault(kind, function) is not function:
            raise ValueError(f"two functions handle due work of kind {kind!r}")
        return function

    return register


def when_parked(kind: str, tell: Callable[[], object]) -> None:
    """Have something called, inside the tenant, when a row of a kind has failed too often and waits for a person."""
    _when_parked[kind] = tell


def register_interval_kinds(*kinds: str) -> None:
    """Have rows of these kinds drawn forward when the clock is set back: they wait a while, not for an instant."""
    _spans.update(kinds)


def draw_forward(back: timedelta) -> int:
    """Draw forward what waits a span, the clock having been set back by so much; return how many rows that were.

    What is claimed keeps its lease. What waits for an instant goes on waiting for it, by the clock as it is now.
    """
    rows = Due.objects.filter(kind__in=_spans, attempts=0, claimed_at__isnull=True, run_at__gt=clock.now())
    return rows.update(run_at=F("run_at") - back, due_at=F("due_at") - back)


def is_parked(kind: str, subject_id: int, *, tenant_id: int) -> bool:
    """Whether what was scheduled for a subject has failed too often and waits for a person."""
    rows = Due.objects.filter(tenant_id=tenant_id, key=f"{kind}:{subject_id}", run_at__isnull=True)
    return rows.exists()


def schedule(kind: str, subject_id: int, at: datetime, *, key: str | None = None) -> None:
    """Schedule `kind` for a subject at an instant. The same key again moves the time."""
    schedule_all(kind, [(subject_id, at)], key=key)


def schedule_all(kind: str, times: Iterable[tuple[int, datetime]], *, key: str | None = None, peer: str = "") -> None:
    """`schedule` for many subjects, with one statement; waits for a batch. Keys default to `kind:subject`.

    `peer`: whom work that calls others will call.
    """
    common = {"kind": kind, "is_io": kind in IO_KINDS, "peer": peer, "request": current_request()}
    rows = [common | {"subject_id": pk, "key": key or f"{kind}:{pk}", "at": at} for pk, at in dict(times).items()]
    write_in_batch(_write_due, [(row["key"], row) for row in rows])


def current_request() -> str:
    """Return the id of the current request or task, as log lines carry it; blank outside of one."""
    return str(get_contextvars().get("request", ""))[:64]


def cancel(kind: str, subject_ids: Iterable[int]) -> None:
    """Cancel what was scheduled for these subjects under the default key."""
    write_in_batch(_write_due, [(f"{kind}:{pk}", None) for pk in subject_ids])


def _write_due(changes: list[tuple[str, bulk_write.Row | None]]) -> None:
    """Schedule and cancel, given as what to schedule by key, None to cancel; of one key the last holds.

    In one order, so that two who write the same ones never wait for each other; subjects are handled in theirs.
    """
    last = dict(changes)
    bulk_write.write(_CANCEL, "key text", [{"key": key} for key in sorted(last) if last[key] is None])
    rows = sorted(filter(None, last.values()), key=lambda row: (row["kind"], row["subject_id"], row["key"]))
    bulk_write.write(_SCHEDULE, _SCHEDULED, rows)


_SCHEDULED = "kind text, subject_id bigint, key text, at timestamptz, is_io boolean, peer text, request text"
_SCHEDULE = """
    insert into platform_due
        (tenant_id, kind, subject_id, key, due_at, run_at, is_io, peer, request, attempts, last_error)
    select %(tenant)s::bigint, row.kind, row.subject_id, row.key, row.at, row.at, row.is_io, row.peer, row.request,
        0, '' from {rows}
    on conflict (tenant_id, key) do update
    set due_at = excluded.due_at, run_at = excluded.run_at, peer = excluded.peer, request = excluded.request,
        claimed_at = null, attempts = 0, interruptions = 0, last_error = ''
    where platform_due.due_at is distinct from excluded.due_at or platform_due.run_at is null
       or platform_due.attempts > 0 or platform_due.claimed_at is not null"""
_CANCEL = (
    "delete from platform_due using {rows} where platform_due.tenant_id = %(tenant)s and platform_due.key = row.key"
)


def run_due_work() -> int:
    """Run what is due, a fair share of each tenant. Return how many rows were claimed; 0 means all is done."""
    claimed = claim_rows(Due, SHARE, where=HERE)
    slices: list[tuple[datetime, int, int, str]] = []
    for tenant_id, ids in group_by_tenant(claimed).items():
        for kind, batch in _group_by_kind(ids).items():
            if kind in _in_slices:
                slices += [(due_at, pk, tenant_id, kind) for pk, due_at in batch]
            else:
                _run_in_batches(tenant_id, kind, sorted(pk for pk, _due_at in batch))
    _run_oldest_slice(sorted(slices))
    return len(claimed)


def _run_in_batches(tenant_id: int, kind: str, claimed: Sequence[int]) -> None:
    """Run claimed rows of one kind, by as many at once as it says, for as long as it may take."""
    size = _at_once.get(kind, len(claimed))
    until = time.monotonic() + PATIENCE
    for place in range(0, len(claimed), size):
        if place and size < len(claimed) and time.monotonic() > until:
            return_to_queue(Due, claimed[place:], at=F("due_at") if kind in _in_order else None)
            break
        run_claimed(tenant_id, kind, claimed[place : place + size])


def _run_oldest_slice(slices: Sequence[tuple[datetime, int, int, str]]) -> None:
    """Run the slice that has waited longest; the others are claimed again, behind what came due meanwhile."""
    if slices:
        return_to_queue(Due, [pk for _due_at, pk, _tenant_id, _kind in slices[1:]])
        _due_at, pk, tenant_id, kind = slices[0]
        run_claimed(tenant_id, kind, [pk])


def run_claimed(tenant_id: int, kind: str, claimed: Sequence[int]) -> None:
    """Run claimed rows of one kind. A batch that fails is tried again row by row, so that one can't hold up many."""
    began = time.perf_counter()
    try:
        _run_batch(tenant_id, kind, claimed)
    except Exception as error:
        if len(claimed) == 1:
            work_ended.send(None, kind=kind, count=1, seconds=time.perf_counter() - began, failed=True)
            logger.exception("due work failed", extra={"tenant": tenant_id, "kind": kind})
            release_failed(Due, claimed, error)
            if kind in _when_parked and Due.objects.filter(pk__in=claimed, run_at__isnull=True).exists():
                with use_tenant(tenant_id):
                    _when_parked[kind]()
            return
        for pk in claimed:
            run_claimed(tenant_id, kind, [pk])
    else:
        work_ended.send(None, kind=kind, count=len(claimed), seconds=time.perf_counter() - began, failed=False)


def _run_batch(tenant_id: int, kind: str, claimed: Sequence[int]) -> None:
    with use_tenant(tenant_id), hinted_once():
        # Locked and compared with its time: a redelivered task, or a verb that moved the time, finds nothing to do.
        mine = Due.objects.select_for_update().filter(pk__in=claimed, due_at__lte=clock.now()).order_by("pk")
        rows = list(mine.values_list("pk", "subject_id", "due_at"))
        if not rows:
            return
        if kind not in _handlers:
            raise LookupError(f"nothing handles due work of kind {kind}")
        _handlers[kind]([subject_id for _, subject_id, _ in rows])
        with connection.cursor() as cursor:
            cursor.execute(
                """delete from platform_due using unnest(%s::bigint[], %s::timestamptz[]) as done(id, due_at)
                   where platform_due.id = done.id and platform_due.due_at = done.due_at""",
                [[pk for pk, _, _ in rows], [due_at for _, _, due_at in rows]],
            )


def _group_by_kind(ids: Sequence[int]) -> dict[str, list[tuple[int, datetime]]]:
    kinds: dict[str, list[tuple[int, datetime]]] = {}
    for pk, kind, due_at in Due.objects.filter(pk__in=ids).values_list("pk", "kind", "due_at"):
        kinds.setdefault(kind, []).append((pk, due_at))
    return kinds
