"""Undo actions on appointments: cancel a booking, restore the old time, reopen a closed one."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.jobs.models.appointments.appointment_record import AppointmentRecord
from crm.jobs.models.appointments.obstacles import RequestedTime, obstacles
from crm.jobs.models.appointments.offer import AppointmentOffer
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Change, Member
from crm.platform.undo import Values

BOOKED = "appointment.booked"
RESCHEDULED = "appointment.rescheduled"
CONFIRMED = "appointment.confirmed"


def taken_time_refusal(appointment: AppointmentRecord, before: Values, change: Change) -> str:
    """Return why the action cannot be undone: the former time is taken by another appointment. "" if it can."""
    if change.kind in (BOOKED, CONFIRMED) or appointment.offered_starts_at:
        return ""
    starts_at, ends_at = _time_before(appointment, before)
    minutes = appointment.travel_minutes
    wanted = RequestedTime(appointment.type, starts_at, ends_at, minutes, appointment.time_zone, appointment.pk)
    members = _members_before(appointment, before)
    in_the_way = [obstacle for obstacle in obstacles(wanted, members, by=change.member) if obstacle.firm]
    if in_the_way:
        return " ".join([_("That time has been taken."), *(obstacle.words for obstacle in in_the_way)])
    return ""


def undo_appointment(appointment: Any, before: Values, change: Change, by: Member) -> None:
    """Cancel a booking, take back a confirmation or a change of time, or reopen a closed appointment."""
    if change.kind == BOOKED:
        appointment.cancel(_("Booked by mistake"), by=by)
    elif change.kind == CONFIRMED:
        appointment.unconfirm(by=by)
    elif change.kind == RESCHEDULED and appointment.offered_starts_at:
        appointment.release("member", by=by)
    elif change.kind == RESCHEDULED:
        _restore_time(appointment, before, by)
    else:
        appointment.reopen(by=by)


@transaction.atomic
def _restore_time(appointment: AppointmentOffer, before: Values, by: Member) -> None:
    """Restore its former time and attendees. Raises InTheWay if they are not free."""
    appointment.lock()
    appointment._expect_live()
    appointment._drop_offer()
    moved_from = appointment.starts_at
    members = _members_before(appointment, before)
    appointment.starts_at, appointment.ends_at = _time_before(appointment, before)
    appointment.state = before.get("state") or appointment.state
    appointment.confirmed_at = None
    if appointment.is_confirmed:
        appointment.confirmed_at = clock.now()
    appointment._check_free(members, by, anyway=True)
    appointment._save_time(members)
    appointment._record_rescheduled(moved_from, by, {})


def _time_before(appointment: AppointmentRecord, before: Values) -> tuple[datetime, datetime]:
    """Return its start and end before the action."""
    starts_at = datetime.fromisoformat(before.get("starts_at") or str(appointment.starts_at))
    ends_at = datetime.fromisoformat(before.get("ends_at") or str(appointment.ends_at))
    return starts_at, ends_at


def _members_before(appointment: AppointmentRecord, before: Values) -> list[Member]:
    """Return the attendees before the action. Raises Refused if none of them is a member any more."""
    ids = before.get("member_ids") or appointment.member_ids
    members = list(Member.objects.filter(pk__in=ids).order_by("pk"))
    if not members:
        raise Refused(_("The person who was to come is no longer a member."))
    return members
