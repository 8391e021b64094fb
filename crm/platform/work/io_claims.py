"""Claims of work that calls others: one row at a time, within limits per tenant, per peer, and of what fetches.

A slow or hostile peer keeps a process for as long as its call may last. The limits leave the other processes to the
others; who has the fewest calls under way comes first, then who has waited longest. What is under way is in the rows
themselves (`claimed_at`, and the lease in `run_at`), so it is true for any number of workers, and a killed one counts
no longer than its lease.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from crm.kernel import clock
from crm.platform.database.claims import CALLS, CLAIMED, LEASE, is_any_due, park_killer
from crm.platform.models.due import Due

# Kinds that fetch what may be long in coming (due_io.handler).
FETCHING_KINDS: set[str] = set()
# Held while a row is chosen, so that two workers do not both take a tenant's last place.
_LOCK = 0x10C1A135


@dataclass(frozen=True)
class ClaimedCall:
    """A claimed row of work that calls others."""

    pk: int
    tenant_id: int
    kind: str
    subject_id: int
    due_at: datetime
    interruptions: int
    # The id of the request that scheduled it, or blank.
    request: str = ""


@dataclass(frozen=True)
class CallLimits:
    """How many calls may be under way at once."""

    # Of a tenant, and of one of its peers, beside what fetches.
    tenant: int
    peer: int
    # What fetches, of all tenants and of one.
    fetching: int
    tenant_fetching: int

    @classmethod
    def of(cls, processes: int) -> "CallLimits":
        """Share out the processes: a third to one tenant, a third to what fetches, and of those half to one tenant.

        From four on a tenant has two at least, so that one slow channel does not hold up its others.
        """
        third = max(processes // 3, 1)
        half = max(third // 2, 1)
        tenant = max(third, min(processes - 2, 2))
        return cls(tenant=tenant, peer=half, fetching=third, tenant_fetching=half)


_CLAIM = f"""
    with recursive calls as materialized (
        select tenant_id, peer, kind = any(%(fetching_kinds)s) as fetches from platform_due
        where is_io and claimed_at is not null and run_at > %(at)s
    ), waiting(tenant_id) as (
        select min(tenant_id) from platform_due
        union all
        select (select min(tenant_id) from platform_due where tenant_id > waiting.tenant_id)
        from waiting where waiting.tenant_id is not null
    ), tenants as (
        select tenant_id,
            (select count(*) from calls where calls.tenant_id = waiting.tenant_id and not fetches) as calling,
            (select count(*) from calls where calls.tenant_id = waiting.tenant_id and fetches) as fetching
        from waiting where tenant_id is not null
    ), first as (
        select row.id, row.run_at, tenants.calling + tenants.fetching as busy from tenants cross join lateral (
            select id, run_at from platform_due as candidate
            where tenant_id = tenants.tenant_id and is_io and run_at <= %(at)s
                and case when kind = any(%(fetching_kinds)s)
                    then tenants.fetching < %(tenant_fetching)s
                        and (select count(*) from calls where fetches) < %(fetching)s
                    else tenants.calling < %(tenant)s end
                and (peer = '' or (
                    select count(*) from calls
                    where calls.tenant_id = candidate.tenant_id and calls.peer = candidate.peer) < %(peer)s)
            order by run_at, id limit 1 for update skip locked
        ) row
        where not exists (
            select from platform_tenant where id = tenants.tenant_id
                and (suspended_at is not null or practice_of_id is not null)
        )
    )
    update platform_due set {CLAIMED}
    where id = (select id from first order by busy, run_at, id limit 1)
    returning id, tenant_id, kind, subject_id, due_at, interruptions, request"""


def claim_call() -> ClaimedCall | None:
    """Claim the row whose turn it is, leased for two minutes; None where nothing may run now."""
    while call := _claim_row():
        if not park_killer(Due, call.pk, call.interruptions):
            return call
    return None


def _claim_row() -> ClaimedCall | None:
    if not is_any_due(Due, CALLS):
        return None
    at = clock.now()
    limits = CallLimits.of(settings.IO_PROCESSES)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(
            _CLAIM, {"at": at, "lease": at + LEASE, "fetching_kinds": sorted(FETCHING_KINDS), **vars(limits)}
        )
        row = cursor.fetchone()
    if row:
        return ClaimedCall(*row)
    return None
