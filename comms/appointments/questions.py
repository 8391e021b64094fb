"""Questions to a customer whether a proposed time suits them, and the outcome of each.

The time is held from when the question can leave, not from when a colleague thought of it: nobody answers at night.
"""

from collections.abc import Sequence

from django.utils.translation import gettext

from comms.appointments import reminders, ways
from comms.appointments.sending import channel_of, point_of, queue
from comms.library.catalogue import catalogue
from comms.library.seeding import create_missing
from comms.models import AppointmentMessage, Direction, Medium, Message
from crm.jobs.appointments.asking import CustomerQuestion
from crm.jobs.models import Job
from crm.jobs.models.appointments import Appointment
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Event

TEMPLATE = "appointment_question"
# Where they never wrote: what is answered soonest before the others.
MEDIA = (Medium.SMS, Medium.WHATSAPP, Medium.EMAIL)
_Kind = AppointmentMessage.Kind
_State = AppointmentMessage.State


def ask(row: Appointment) -> None:
    """Queue the question. Raises Refused if the customer can't be asked, or not in time."""
    withdraw(row)
    if catalogue().find(TEMPLATE, row.job.brand_id) is None:
        create_missing(TEMPLATE)
    refused = Refused(gettext("The customer has no email address or phone number."))
    for medium in media_of(row.job):
        if words := ways.refusal(row, medium, TEMPLATE, clock.now(), until=row.asked_time, asked=True):
            refused = Refused(words)
            continue
        question = AppointmentMessage(
            appointment=row,
            kind=_Kind.QUESTION,
            medium=medium,
            starts_at=row.asked_time,
            sequence=row.sequence,
            at=clock.now(),
            state=_State.QUEUED,
        )
        try:
            row.hold_from(reminders.departure(row, medium, clock.now(), row.asked_time))
            question.message = queue(row, medium, TEMPLATE, useful_until=row.held_until, undo=True, asked=True)
        except Refused as why:
            refused = why
            continue
        question.save()
        return
    raise refused


def media_of(job: Job) -> list[Medium]:
    """Return the media in the order they are tried: first the one the customer last wrote by."""
    theirs = Message.objects.filter(person_id=job.person_id, direction=Direction.IN, automatic="", medium__in=MEDIA)
    last = None
    if job.person_id:
        last = theirs.order_by("-at", "-pk").values_list("medium", flat=True).first()
    return sorted(MEDIA, key=lambda one: one != last)


def can_ask(job: Job) -> bool:
    """True if the brand has a channel for a medium and the customer an address or number for it."""
    row = Appointment(job=job, person_id=job.person_id)
    return any(channel_of(row, medium) and point_of(row, medium) for medium in MEDIA)


def withdraw(row: Appointment) -> None:
    """Cancel questions that are not sent yet; answers to sent ones are no longer accepted."""
    questions = AppointmentMessage.objects.filter(appointment=row, kind=_Kind.QUESTION, state=_State.QUEUED)
    for question in questions.select_related("message").order_by("pk"):
        try:
            if question.message is not None and question.message.state in Message.WAITING:
                question.message.cancel(by=None)
                AppointmentMessage.objects.filter(pk=question.pk).update(state=_State.WITHDRAWN)
        except Refused:
            continue


def note_lost(lost: Sequence[Event]) -> None:
    """Release the times whose question could not be delivered or sent: the customer can't accept them."""
    questions = AppointmentMessage.objects.filter(
        message_id__in=[event.subject_id for event in lost], kind=_Kind.QUESTION, state=_State.QUEUED
    )
    for question in questions.select_related("appointment").order_by("appointment_id", "pk"):
        if question.appointment.is_held and question.appointment.asked_time == question.starts_at:
            question.appointment.release("unreached", by=None)


QUESTION = CustomerQuestion("message", can_ask)
