"""Drain the queues when work ends, a member becomes available or hours begin; at the latest after an hour."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from crm.jobs.assignment import engine
from crm.jobs.assignment.work import kinds, work_of
from crm.jobs.models.assignment import AssignmentPolicy
from crm.jobs.models.assignment.setup import assignment_setup
from crm.kernel import clock
from crm.kernel.business_hours import HoursError
from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from crm.platform.work import due

# Due work: drain a kind, by its policy's id.
DRAIN = "assignment.drain"
# What one handler's call gives out; the next slice follows at once.
SLICE = 2_000
LATEST = timedelta(hours=1)


def drain_soon(kind: str) -> None:
    """Schedule a worker to drain a kind's queue within seconds. Without rules, does nothing and runs no query."""
    setup = assignment_setup()
    if setup.rules_of(kind):
        due.schedule(DRAIN, setup.policies[kind].pk, clock.now())


def drain_all_soon() -> None:
    """`drain_soon` for every kind."""
    for work in kinds():
        drain_soon(work.kind)


def drain_when_freed(kind: str) -> Callable[[Sequence[Event]], None]:
    """Return an event subscriber that drains a queue when work ends or is unassigned from a member."""

    def drain_after(events: Sequence[Event]) -> None:
        # What the engine itself gave out frees nothing.
        if any(event.data.get("cause") != engine.BY_RULE for event in events):
            drain_soon(kind)

    return drain_after


def after_seen(**_sent: Any) -> None:
    """Drain when a member becomes active: the first one in the morning gets the waiting work."""
    drain_all_soon()


def after_edit(_events: Sequence[Event]) -> None:
    """Drain when a rule or a limit was edited, or when a member left."""
    drain_all_soon()


def after_back(_member_ids: Sequence[int]) -> None:
    """Drain when a member's pause has ended."""
    drain_all_soon()


def drain_due(policy_ids: Sequence[int]) -> None:
    """Drain a batch of each kind; reschedule at once while more waits, else for when a member may be available."""
    for policy in AssignmentPolicy.objects.filter(pk__in=policy_ids).order_by("pk"):
        placed = engine.drain(policy.kind, most=SLICE)
        if placed >= SLICE:
            due.schedule(DRAIN, policy.pk, clock.now())
        elif work_of(policy.kind).queue().exists():
            due.schedule(DRAIN, policy.pk, next_chance(clock.now()))


def next_chance(now: datetime) -> datetime:
    """Return when the next member starts work or returns; an hour from now at the latest."""
    setup = assignment_setup()
    latest = now + LATEST
    instants = [latest]
    for member in directory().members.values():
        absence = setup.absence_of(member.pk, now)
        own = setup.availability.get(member.pk)
        hours = setup.hours_of(member.pk)
        if absence and absence.ends_at:
            instants.append(absence.ends_at)
        if own and own.is_paused(now) and own.paused_until:
            instants.append(own.paused_until)
        if hours and not hours.between(now, now + timedelta(seconds=1)):
            try:
                instants.append(hours.opening(now))
            except HoursError:
                continue
    return max(now + timedelta(seconds=1), min(instants))
