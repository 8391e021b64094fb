"""Apply a macro to a ticket, except its text, which goes into the draft. A subscriber plans the follow-up."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction

from crm.jobs.models import Side
from crm.jobs.models.tag import tags
from crm.kernel import clock, durations
from crm.kernel.business_hours import HoursError
from crm.platform.events import events
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from tickets.models import Macro, Status, Ticket
from tickets.models.macro import Unit


@transaction.atomic
def apply_macro(ticket: Ticket, macro: Macro, *, by: Member, keeps_status: bool = False) -> None:
    """Apply a macro. `keeps_status`: the sender chose the status by a button.

    Nobody needs to be allowed each of its parts: who set it up was. Raises Refused for a closed ticket, where it does
    more than tag.
    """
    ticket.lock()
    # Every use is another, so that undoing one finds what it brought.
    ticket.macro_use = uuid4().hex
    ticket.save(update_fields=["macro_use"])
    live = [tag for tag in tags().of(macro.tag_ids) if tag.is_live]
    ticket.tag(live, by=by)
    organization = directory()
    if macro.team_id and not organization.teams[macro.team_id].archived_at:
        ticket.give_to_team(organization.teams[macro.team_id], by=by)
    member = by if macro.to_user else organization.members.get(macro.member_id or 0)
    if member is not None and member.active:
        ticket.assign_to(member, by=by)
    ticket.follow_policy()
    if macro.priority:
        ticket.prioritize(macro.priority, by=by)
    if macro.status and not keeps_status:
        _set_status(ticket, Status(macro.status), by)
    data = {"macro": macro.pk, "name": macro.name, "use": ticket.macro_use} | _follow_up(ticket, macro, by)
    events.record("ticket.macro_applied", subject=ticket, by=by, data=data, job_id=ticket.event_job_id)


def _set_status(ticket: Ticket, status: Status, by: Member) -> None:
    if status == Status.SOLVED:
        ticket.solve(by=by)
        return
    ticket.reopen(by=by)
    ticket.turn_to(Side.US if status == Status.OPEN else Side.CUSTOMER, by=by)


def _follow_up(ticket: Ticket, macro: Macro, by: Member) -> dict[str, Any]:
    """Return the follow-up as event data: kind, title, time and assignee."""
    if not macro.follow_up_kind or macro.follow_up_after is None:
        return {}
    at = due_at(macro.follow_up_after, macro.follow_up_unit, ticket.brand_id)
    wish = {"kind": macro.follow_up_kind, "title": macro.follow_up_title, "at": at.isoformat()}
    return {"follow_up": wish | {"assignee": ticket.member_id or by.pk}}


def due_at(count: int, unit: str, brand_id: int) -> datetime:
    """Return the time after so many working hours or days of a brand; a day has its working hours."""
    organization = directory()
    now = clock.now()
    calendar_id = organization.calendar_of(brand_id)
    hours = None
    if calendar_id:
        hours = organization.calendars[calendar_id]
    if unit == Unit.HOURS:
        long = durations.HOUR
    elif hours:
        long = hours.workday
    else:
        long = durations.DAY
    try:
        if hours:
            return hours.add(now, count * long)
        return now + timedelta(seconds=count * long)
    except HoursError:  # a calendar that never opens again
        return now + timedelta(seconds=count * (durations.HOUR if unit == Unit.HOURS else durations.DAY))
