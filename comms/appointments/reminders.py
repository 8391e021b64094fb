"""Appointment reminders: planned when the time is set, sent when due, withdrawn when the time changes.

Rule: docs/rules.md#k3.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from comms.appointments import ways
from comms.appointments.sending import channel_of, point_of, queue
from comms.appointments.type_templates import template_key
from comms.gate.candidate import SendCandidate
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
    """Plan the reminders of an active appointment outside quiet hours; reminders in the past are skipped.

    One that would not reach the customer by its medium is planned by another, and says why.
    """
    rows: dict[tuple[str, int], AppointmentMessage] = {}
    for before, wanted_medium in row.type.reminders:
        wanted = row.starts_at - timedelta(minutes=before)
        if wanted <= clock.now():
            continue
        medium, at, why = _planned_by(row, wanted_medium, wanted)
        if at < row.starts_at:
            reminder = AppointmentMessage(
                appointment=row,
                kind=_Kind.REMINDER,
                medium=medium,
                minutes_before=before,
                starts_at=row.starts_at,
                sequence=row.sequence,
                at=at,
                reason=why[:200],
            )
            rows.setdefault((medium, before), reminder)
    AppointmentMessage.objects.bulk_create(rows.values())
    schedule(row.pk)


def _planned_by(row: Appointment, wanted: str, when: datetime) -> tuple[str, datetime, str]:
    """Return medium, time and reason: another medium if the chosen one is refused, else the chosen one."""
    why = ""
    for medium in (wanted, *ways.stand_ins(row, wanted)):
        at = departure(row, medium, when, row.starts_at)
        refusal = ways.refusal(row, medium, template_key(row, MOMENT), at, until=row.starts_at)
        if not refusal:
            return medium, at, why
        why = why or f"{Medium(wanted).label}: {refusal}"
    return wanted, departure(row, wanted, when, row.starts_at), ""


def departure(row: Appointment, medium: str, wanted: datetime, until: datetime) -> datetime:
    """Return when to send a reminder: before the quiet hours it would fall into; never after it is useful."""
    point = point_of(row, medium)
    candidate = SendCandidate(
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
    """Schedule the next planned reminder, if there is one."""
    planned = AppointmentMessage.objects.filter(appointment_id=appointment_id, state=_State.PLANNED)
    first = planned.order_by("at").values_list("at", flat=True).first()
    if first is None:
        due.cancel(REMIND, [appointment_id])
    else:
        due.schedule(REMIND, appointment_id, first)


def withdraw(row: Appointment) -> None:
    """Withdraw planned reminders and cancel queued ones. One that is being sent is left alone."""
    mine = AppointmentMessage.objects.filter(appointment=row)
    mine.filter(state=_State.PLANNED).update(state=_State.WITHDRAWN)
    waiting = mine.filter(state=_State.QUEUED, message__state__in=Message.WAITING).select_related("message")
    for reminder in waiting.order_by("message_id"):
        try:
            if reminder.message is not None:
                reminder.message.cancel(by=None)
        except Refused:
            continue
        reminder.state = _State.WITHDRAWN
        reminder.save(update_fields=["state"])
    due.cancel(REMIND, [row.pk])


def remind(appointment_ids: Sequence[int]) -> None:
    """Send the reminders that are due. After an outage, only the last one of each appointment is sent."""
    for row in Appointment.lock_all(Appointment.objects.filter(pk__in=appointment_ids)):
        planned = AppointmentMessage.objects.select_for_update().filter(appointment=row, state=_State.PLANNED)
        if row.offered_starts_at:
            # They are asked about another time: what they have is spoken of when they have said no, or nothing.
            planned.filter(at__lte=clock.now()).update(at=row.held_until)
        late = list(planned.filter(at__lte=clock.now()).order_by("minutes_before", "pk"))
        is_of_use = row.is_live and row.starts_at > clock.now() and row.asked_at is None
        done = False
        for reminder in late:
            if done:
                _skip_reminder(reminder, _("Replaced by a later reminder."))
            elif not is_of_use:
                _skip_reminder(reminder, _("No longer useful by the time it was due."))
            else:
                done = _send_reminder(row, reminder)
        following = planned.filter(at__gt=clock.now()).order_by("at").values_list("at", flat=True).first()
        if following:
            due.schedule(REMIND, row.pk, following)


def _send_reminder(row: Appointment, told: AppointmentMessage) -> bool:
    """Send a reminder by its medium, or by another if that no longer reaches the customer."""
    media = (told.medium, *ways.stand_ins(row, told.medium))
    key = template_key(row, MOMENT)
    told.medium = ways.first(row, media, key, clock.now(), until=row.starts_at) or told.medium
    try:
        told.message = queue(row, told.medium, key, useful_until=row.starts_at)
    except Refused as why:
        _skip_reminder(told, str(why))
        return False
    told.state = _State.QUEUED
    told.at = clock.now()
    told.save(update_fields=["message", "medium", "state", "at"])
    return True


def _skip_reminder(told: AppointmentMessage, why: str) -> None:
    told.state = _State.SKIPPED
    told.reason = why[:200]
    told.save(update_fields=["state", "reason"])
