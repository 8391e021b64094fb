"""Process replies to a reminder: `C` confirms the appointment, `R` requests another time.

Only where it is plain which one they mean: they answer the message that told of it, or it is the last thing we said.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from comms.appointments.calendar_answers import CALENDAR_UID
from comms.appointments.reply_words import ANY_DAY, Answer, day_names, read_answer
from comms.models import AppointmentMessage, Direction, Message
from crm.jobs.models.appointments import Appointment
from crm.kernel import clock
from crm.kernel.refusal import Refused, Stale
from crm.platform.models import Event
from crm.platform.organization.configuration import directory

# Nobody answers an older one.
_SINCE = timedelta(days=30)


def process_reply(received: Sequence[Event]) -> None:
    """Confirm the appointment, or record that another time is requested. Idempotent."""
    answers = {event.subject_id: event.data.get("answers") for event in received if _is_in_words(event)}
    for message in Message.objects.filter(pk__in=answers, direction=Direction.IN).order_by("at", "pk"):
        if _answer_of(message) and (row := asked_of(message, answers[message.pk])):
            answer = _answer_of(message, row)
            try:
                if answer == "confirm" and row.is_held:
                    row.accept(by=None, way="reply")
                elif answer == "confirm":
                    row.confirm(by=None, way="reply")
                elif answer and (row.asked_at is None or row.asked_words != " ".join(message.text.split())[:500]):
                    row.ask_for_another_time(message.text, way="reply")
            except (Stale, Refused):
                # A person reads it.
                continue


def _is_in_words(event: Event) -> bool:
    """True if a person wrote the reply; calendar replies are processed by calendar_answers.py."""
    return not event.data.get("automatic") and event.data.get("matched_by") != CALENDAR_UID


def confirmed_by(message: Message, answers: int | None) -> Appointment | None:
    """Return the appointment that a message confirms and nothing else: no answer is expected."""
    is_theirs = message.direction == Direction.IN and not message.automatic
    row = None
    if is_theirs and _answer_of(message) == "confirm":
        row = asked_of(message, answers)
    if row and _answer_of(message, row) == "confirm":
        return row
    return None


def _answer_of(message: Message, row: Appointment | None = None) -> Answer:
    """Parse the reply in a message. Without an appointment, any day it names may be that of the appointment."""
    members = (member.name for member in directory().members.values())
    days = ANY_DAY
    if row is not None:
        if row.is_held and row.asked_time:
            time = row.asked_time
        else:
            time = row.starts_at
        days = day_names(time.astimezone(row.zone).date(), today=message.at.astimezone(row.zone).date())
    return read_answer(message.text, [message.address_name, *members], days)


def asked_of(message: Message, answers: int | None) -> Appointment | None:
    """Return the coming appointment a message replies to: of the message it names, else of the last one sent."""
    message_ids = answers or _last_said(message)
    entry = None
    if message_ids:
        entry = AppointmentMessage.objects.filter(message_id=message_ids).first()
    if entry is None or entry.kind == AppointmentMessage.Kind.CANCELLATION:
        return None
    row: Appointment | None = Appointment.objects.live().filter(pk=entry.appointment_id).first()
    # Of a time that was moved since they do not know what they confirm.
    is_known = row is not None and _time_of(row, entry) == entry.starts_at and entry.starts_at > clock.now()
    if is_known:
        return row
    return None


def _time_of(row: Appointment, told: AppointmentMessage) -> datetime | None:
    """Return the appointment time a reply is about; while a question is open, the time in question."""
    is_question = told.kind == AppointmentMessage.Kind.QUESTION
    if is_question or not row.is_held:
        return row.asked_time
    return None


def _last_said(message: Message) -> int | None:
    ours = Message.objects.filter(
        address=message.address,
        medium=message.medium,
        direction=Direction.OUT,
        state__in=[Message.State.SENT, Message.State.SENDING, Message.State.UNKNOWN],
        at__gt=message.at - _SINCE,
        at__lte=message.at,
    )
    message_id: int | None = ours.order_by("-at", "-pk").values_list("pk", flat=True).first()
    return message_id
