"""Remind customers: planned when an appointment gets its time, made when each is due, withdrawn with that time.

Rule: docs/rules.md#k3.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from comms.appointments import ways
from comms.appointments.sending import channel_of, point_of, queue
from comms.appointments.type_templates import template_key
from comms.gate.candidate import Candidate
from comms.gate.departure import departure_of
from comms.models import AppointmentMessage, Medium, Message, Purpose
from crm.jobs.models.appointments import Appointment
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.work import due

# The due work of an appointment's next reminder.
REMIND = "appointment.remind"
MOMENT = "reminder"
_Kind = AppointmentMessage.Kind
_State = AppointmentMessage.State


def plan(row: Appointment) -> None:
    """Plan the reminders of a live appointment, each out of quiet hours; what would be in the past is left out.

    One that would not reach the customer by its medium is planned by another, and says why.
    """
    rows: dict[tuple[str, int], AppointmentMessage] = {}
    for before, wanted_medium in row.type.reminders:
        wanted = row.starts_at - timedelta(minutes=before)
        if wanted <= clock.now():
            continue
        medium, at, why = _planned_by(row, wanted_medium, wanted)
        if at < row.starts_at:
            told = AppointmentMessage(
                appointment=row,
                kind=_Kind.REMINDER,
                medium=medium,
                minutes_before=before,
                starts_at=row.starts_at,
                sequence=row.sequence,
                at=at,
                reason=why[:200],
            )
            rows.setdefault((medium, before), told)
    AppointmentMessage.objects.bulk_create(rows.values())
    schedule(row.pk)


def _planned_by(row: Appointment, wanted: str, when: datetime) -> tuple[str, datetime, str]:
    """Return by which medium it goes and when, and why by another; by the wanted one where none would leave."""
    why = ""
    for medium in (wanted, *ways.stand_ins(row, wanted)):
        at = departure(row, medium, when, row.starts_at)
        refusal = ways.refusal(row, medium, template_key(row, MOMENT), at, until=row.starts_at)
        if not refusal:
            return medium, at, why
        why = why or f"{Medium(wanted).label}: {refusal}"
    return wanted, departure(row, wanted, when, row.starts_at), ""


def departure(row: Appointment, medium: str, wanted: datetime, until: datetime) -> datetime:
    """Return the minute it is to be made at: before the quiet it would fall into, never once it is of no use."""
    point = point_of(row, medium)
    candidate = Candidate(
        medium,
        point.value if point else "",
        row.job.brand_id,
        channel_of(row, medium),
        declared_purpose=Purpose.TRANSACTIONAL,
        person_id=row.person_id,
        job_id=row.job_id,
        send_at=wanted,
        useful_until=until,
    )
    if wanted >= clock.now():
        return departure_of(candidate)
    return wanted


def schedule(appointment_id: int) -> None:
    """Schedule the next planned reminder, or nothing."""
    planned = AppointmentMessage.objects.filter(appointment_id=appointment_id, state=_State.PLANNED)
    first = planned.order_by("at").values_list("at", flat=True).first()
    if first is None:
        due.cancel(REMIND, [appointment_id])
    else:
        due.schedule(REMIND, appointment_id, first)


def withdraw(row: Appointment) -> None:
    """Take back what was planned, and what was queued but has not left. What is leaving, leaves."""
    mine = AppointmentMessage.objects.filter(appointment=row)
    mine.filter(state=_State.PLANNED).update(state=_State.WITHDRAWN)
    waiting = mine.filter(state=_State.QUEUED, message__state__in=Message.WAITING).select_related("message")
    for told in waiting.order_by("message_id"):
        try:
            if told.message is not None:
                told.message.cancel(by=None)
        except Refused:
            continue
        told.state = _State.WITHDRAWN
        told.save(update_fields=["state"])
    due.cancel(REMIND, [row.pk])


def remind(appointment_ids: Sequence[int]) -> None:
    """Make the reminders that are due: of several of one appointment, late after an outage, the last one alone."""
    for row in Appointment.lock_all(Appointment.objects.filter(pk__in=appointment_ids)):
        planned = AppointmentMessage.objects.select_for_update().filter(appointment=row, state=_State.PLANNED)
        if row.offered_starts_at:
            # They are asked about another time: what they have is spoken of when they have said no, or nothing.
            planned.filter(at__lte=clock.now()).update(at=row.held_until)
        late = list(planned.filter(at__lte=clock.now()).order_by("minutes_before", "pk"))
        is_of_use = row.is_live and row.starts_at > clock.now() and row.asked_at is None
        done = False
        for told in late:
            if done:
                _skip(told, _("Replaced by a later reminder."))
            elif not is_of_use:
                _skip(told, _("No longer useful by the time it was due."))
            else:
                done = _make(row, told)
        following = planned.filter(at__gt=clock.now()).order_by("at").values_list("at", flat=True).first()
        if following:
            due.schedule(REMIND, row.pk, following)


def _make(row: Appointment, told: AppointmentMessage) -> bool:
    """Make it by its medium, or by another where that reaches them no more: a number changed, they said STOP to it."""
    media = (told.medium, *ways.stand_ins(row, told.medium))
    key = template_key(row, MOMENT)
    told.medium = ways.first(row, media, key, clock.now(), until=row.starts_at) or told.medium
    try:
        told.message = queue(row, told.medium, key, useful_until=row.starts_at)
    except Refused as why:
        _skip(told, str(why))
        return False
    told.state = _State.QUEUED
    told.at = clock.now()
    told.save(update_fields=["message", "medium", "state", "at"])
    return True


def _skip(told: AppointmentMessage, why: str) -> None:
    told.state = _State.SKIPPED
    told.reason = why[:200]
    told.save(update_fields=["state", "reason"])
