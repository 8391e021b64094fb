"""Scheduled work that calls others: a provider, a mailbox, somebody's webhook. Runs outside a transaction, row by row.

    @due_io.handler("message.send")
    def send(tenant_id: int, message_id: int) -> None: …

    due_io.schedule("message.send", message.pk, at)      # in the verb's transaction; a worker is hinted at the commit

The row is leased for two minutes, claimed again when its worker died, and parked after five failures, as all
scheduled work. How many calls of a tenant and of one peer are made at once, stands in io_claims.py. A handler opens
`use_tenant` for its short transactions and calls between two of them. It may run twice with the same subject, so it
notes before a call that it is about to make one. Connections end when the row's time is over (guarded_connection.py).
"""

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from celery import shared_task
from django.db.models import F
from structlog.contextvars import bound_contextvars

from crm.kernel import clock
from crm.platform.database import bulk_write
from crm.platform.database.claims import CALLS, enqueue, is_any_due, release_failed, work_ended
from crm.platform.http.guarded_connection import time_limit
from crm.platform.models.due import Due
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due
from crm.platform.work.io_claims import FETCHING_KINDS, ClaimedCall, claim_call

logger = logging.getLogger(__name__)

# Of the tenant, and of what it was scheduled for.
Handler = Callable[[int, int], None]
_handlers: dict[str, Handler] = {}
_when_parked: dict[str, Callable[[int], object]] = {}

# For how long a task goes on before it gives way; what a hint is worth; and how long one row's calls may take in all,
# which is less than its lease.
TURN = timedelta(seconds=30)
HINT_SECONDS = 10
WHOLE = 100


def handler(
    kind: str, *, when_parked: Callable[[int], object] | None = None, fetches: bool = False
) -> Callable[[Handler], Handler]:
    """Register the handler of a kind of work. `when_parked`: called inside the tenant once it has failed too often.

    `fetches`: it fetches what may be long in coming, such as a mailbox; only some of the processes do that at once.
    """

    def register(function: Handler) -> Handler:
        due.IO_KINDS.add(kind)
        if fetches:
            FETCHING_KINDS.add(kind)
        if when_parked:
            _when_parked[kind] = when_parked
        if _handlers.setdefault(kind, function) is not function:
            raise ValueError(f"two functions handle work of kind {kind!r}")
        return function

    return register


def schedule(kind: str, subject_id: int, at: datetime, *, peer: str = "") -> None:
    """Schedule `kind` for a subject at an instant; the same again moves the time. What may run now is hinted.

    `peer`: whom it calls, as "channel:7"; few calls of one peer are made at once.
    """
    schedule_all(kind, [(subject_id, at)], peer=peer)


def schedule_all(kind: str, times: Iterable[tuple[int, datetime]], *, peer: str = "") -> None:
    """`schedule` for many subjects, with one statement."""
    times = list(times)
    due.schedule_all(kind, times, peer=peer)
    if any(at <= clock.now() for _, at in times):
        enqueue(run_io)


_WAKE = """
    insert into platform_due
        (tenant_id, kind, subject_id, key, due_at, run_at, is_io, peer, request, attempts, last_error)
    select %(tenant)s::bigint, row.kind, row.subject_id, row.key, row.at, row.at, true, row.peer, row.request, 0, ''
    from {rows}
    on conflict (tenant_id, key) do update
    set woken_at = case when platform_due.claimed_at is not null then excluded.due_at end,
        due_at = case when platform_due.claimed_at is null then excluded.due_at else platform_due.due_at end,
        run_at = case when platform_due.claimed_at is null then excluded.run_at else platform_due.run_at end
    where case when platform_due.claimed_at is not null
            then platform_due.woken_at is null or platform_due.woken_at > excluded.due_at
            else platform_due.run_at is null or platform_due.attempts = 0 and platform_due.run_at > excluded.run_at
        end"""


def wake(kind: str, subject_id: int, at: datetime, *, peer: str = "") -> None:
    """Schedule `kind` for a subject at an instant, unless it runs earlier anyhow.

    For a subject whose handler does all that waits for it. One that is running goes on undisturbed, and runs again
    afterwards: what was written before this call is seen by that run. An instant is never put off.
    """
    wake_all(kind, {subject_id: peer}, at)


def wake_all(kind: str, peers: Mapping[int, str], at: datetime) -> None:
    """`wake` for many subjects, given with the peer of each, with one statement."""
    # In one order, so that two who wake the same ones never wait for each other.
    common = {"kind": kind, "at": at, "request": due.current_request()}
    rows = [
        common | {"subject_id": subject_id, "key": f"{kind}:{subject_id}", "peer": peer}
        for subject_id, peer in sorted(peers.items())
    ]
    # A row is locked even if nothing changes: a run that could not see this transaction's writes ends after it.
    bulk_write.write(_WAKE, "kind text, subject_id bigint, key text, at timestamptz, peer text, request text", rows)
    if rows and at <= clock.now():
        enqueue(run_io)


def hint_waiting() -> None:
    """Ask a worker to run what waits; each tick does, so that a lost hint costs seconds."""
    if is_any_due(Due, CALLS):
        run_io.apply_async(retry=False, expires=HINT_SECONDS)


@shared_task(name="platform.run_io")
def run_io() -> int:
    """Run what waits, for as long as a turn lasts. Return how many rows were run.

    A row is claimed when its call can begin, so that none waits behind another's slow peer.
    """
    ends = clock.now() + TURN
    done = 0
    while clock.now() < ends and (row := claim_call()):
        if not done:
            _hint_others()
        run_call(row)
        done += 1
    if clock.now() >= ends:
        _hint_others()
    return done


def _hint_others() -> None:
    """Have another process look for what else waits while this one is in a call."""
    if is_any_due(Due, CALLS):
        enqueue(run_io)


def run_call(row: ClaimedCall) -> None:
    """Run one claimed row. One whose time was moved meanwhile stays; otherwise it is done with.

    Its log lines carry the id of the request that scheduled it, not of the task that happens to run it.
    """
    began = time.perf_counter()
    failed = False
    with bound_contextvars(request=row.request or f"due-{row.pk}"):
        try:
            if row.kind not in _handlers:
                raise LookupError(f"nothing handles work of kind {row.kind}")
            with time_limit(WHOLE):
                _handlers[row.kind](row.tenant_id, row.subject_id)
        except Exception as error:
            failed = True
            logger.exception("work that calls others failed", extra=_call_fields(row))
            _release_failed_call(row, error)
        else:
            _finish_call(row)
        seconds = time.perf_counter() - began
        if not failed:
            logger.info("call", extra=_call_fields(row) | {"ms": round(seconds * 1000, 1)})
        work_ended.send(None, kind=row.kind, count=1, seconds=seconds, failed=failed)


def _call_fields(row: ClaimedCall) -> dict[str, object]:
    """Return what a log line says about a call; the subject of `message.send` is the message's id."""
    return {"tenant": row.tenant_id, "kind": row.kind, "subject": row.subject_id}


def _finish_call(row: ClaimedCall) -> None:
    """Delete a row that is done, or queue it again at the time for which it was woken meanwhile."""
    done, _models = Due.objects.filter(pk=row.pk, due_at=row.due_at, woken_at=None).delete()
    if not done:
        woken = Due.objects.filter(pk=row.pk, due_at=row.due_at, woken_at__isnull=False)
        woken.update(
            due_at=F("woken_at"),
            run_at=F("woken_at"),
            woken_at=None,
            claimed_at=None,
            attempts=0,
            interruptions=0,
            last_error="",
        )


def _release_failed_call(row: ClaimedCall, error: Exception) -> None:
    release_failed(Due, Due.objects.filter(pk=row.pk, due_at=row.due_at).values_list("pk", flat=True), error)
    if row.kind in _when_parked and Due.objects.filter(pk=row.pk, run_at__isnull=True).exists():
        with use_tenant(row.tenant_id):
            _when_parked[row.kind](row.subject_id)
