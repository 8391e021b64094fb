"""Move the dates at which tickets close and are archived after the tenant's policy was edited, in batches.

Rule: docs/rules.md#k5.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from crm.platform.events import events
from crm.platform.events.events import EventDraft
from crm.platform.models import Due, Member
from crm.platform.tenancy.context import required_tenant_id
from crm.platform.work import due, runs
from tickets.models import EndingRun, LifePolicy, Status, Ticket
from tickets.models.policy import life_policy
from tickets.models.ticket_verbs.ending import ARCHIVE, CLOSE, end_dates

WAITING = Q(status__in=(Status.SOLVED, Status.CLOSED), archived_at=None)


@transaction.atomic
def set_policy(*, reopen_days: int, close_days: int, archive_days: int, by: Member) -> EndingRun | None:
    """Save the days and start moving the dates of waiting tickets; None if no date moves. Raises Refused."""
    before = life_policy()
    days = (before.close_days, before.archive_days)
    LifePolicy.set(reopen_days=reopen_days, close_days=close_days, archive_days=archive_days, by=by)
    if days == (close_days, archive_days):
        return None
    run = runs.add(EndingRun(by=by, total=Ticket.objects.filter(WAITING).count()))
    runs.start(run, by=by)
    return run


@runs.register
class EndingKind(runs.RunKind[EndingRun]):
    """Processes the next tickets, oldest first; tickets with an unchanged date are not written."""

    model = EndingRun
    work = "tickets.endings"
    permission = "tickets.set_up"
    size = 500
    small = 500
    kept = timedelta(days=1)

    def do_slice(self, run: EndingRun) -> bool:
        ids = Ticket.objects.filter(WAITING, pk__gt=run.done_to).order_by("pk").values_list("pk", flat=True)
        tickets = Ticket.lock_all(Ticket.objects.filter(WAITING, pk__in=list(ids[: self.size])))
        if not tickets:
            return False
        sooner, later = _reschedule_ends(tickets)
        run.reach(tickets, sooner=sooner, later=later)
        return len(tickets) == self.size


def _reschedule_ends(tickets: Sequence[Any]) -> tuple[int, int]:
    """Reschedule the ends of locked tickets and record it. Returns how many close sooner, and later."""
    ends = [(ticket, kind, at) for ticket in tickets for kind, at in end_dates(ticket)]
    before = _due_dates_by_key({f"{kind}:{ticket.pk}" for ticket, kind, _at in ends})
    moved = [(ticket, kind, before.get(f"{kind}:{ticket.pk}"), at) for ticket, kind, at in ends]
    moved = [each for each in moved if each[2] != each[3]]
    for kind in (CLOSE, ARCHIVE):
        due.schedule_all(kind, [(ticket.pk, at) for ticket, of, _was, at in moved if of == kind])
    changes = [(ticket, was, at) for ticket, kind, was, at in moved if kind == CLOSE and was]
    events.record_all([_moved_fact(*each) for each in changes], by=None)
    sooner = sum(at < was for _ticket, was, at in changes)
    return sooner, len(changes) - sooner


def _due_dates_by_key(keys: set[str]) -> dict[str, datetime]:
    # Due rows are the product's own, so the tenant is named.
    rows = Due.objects.filter(tenant_id=required_tenant_id(), key__in=keys)
    return dict(rows.values_list("key", "due_at"))


def _moved_fact(ticket: Any, was: datetime, at: datetime) -> EventDraft:
    data = {"from": was.isoformat(), "to": at.isoformat(), "cause": "policy", "days": life_policy().close_days}
    return EventDraft("ticket.end_moved", ticket, data, job_id=ticket.event_job_id)
