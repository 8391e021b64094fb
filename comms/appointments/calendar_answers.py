"""Process calendar replies of customers to our invitations: a yes confirms, anything else asks for another time.

Only of who was invited or takes part in the job, whose mail is not doubtful, about the time that is agreed now.
Whatever else is answered is a message that a person reads.
"""

from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from comms.library.dates import long_day
from comms.models import AppointmentMessage, CalendarEntry, Message
from crm.jobs.appointments.feed.ical import appointment_of
from crm.jobs.models import JobParty
from crm.jobs.models.appointments import Appointment
from crm.kernel import clock, formats
from crm.kernel.refusal import Refused, Stale
from crm.people.models import ContactPoint
from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from libs.inbound_mail import CalendarEvent

# What said so in the event of a message: `matched_by`.
CALENDAR_UID = "calendar_uid"
ACCEPTED = "ACCEPTED"
_ASKS = frozenset({"DECLINED", "TENTATIVE"})
# Of a note so much stands beside the appointment.
_LONGEST_NOTE = 400


def answer_of(event: CalendarEvent, address: str) -> str:
    """Return the reply in a calendar email: a PARTSTAT, or COUNTER; empty if it has none."""
    if event.method == "COUNTER":
        return "COUNTER"
    own = [guest.answer for guest in event.guests if guest.address.address == address.lower()]
    answers = own or ([event.guests[0].answer] if len(event.guests) == 1 else [])
    if answers:
        return answers[0]
    return ""


def answered_appointment(event: CalendarEvent, address: str) -> Appointment | None:
    """Return the appointment a calendar reply is about, if it may be changed; None if a member has to read it."""
    row = None
    if event.method in ("REPLY", "COUNTER"):
        row = appointment_of(event.uid)
    if row is None or not row.is_live or row.starts_at <= clock.now():
        return None
    answer = answer_of(event, address)
    is_clear = answer in (ACCEPTED, "COUNTER") or answer in _ASKS
    # Of a time that was moved since they do not know what they answer; a counter names the time it proposes.
    is_about_now = event.method == "COUNTER" or event.starts_at in (None, row.asked_time)
    if is_clear and is_about_now and _is_party(row, address):
        return row
    return None


def invitation_of(row: Appointment) -> Message | None:
    """Return the message that last informed the customer of an appointment."""
    messages_sent = AppointmentMessage.objects.filter(appointment=row, message__isnull=False, medium="email")
    kinds = (AppointmentMessage.Kind.INVITATION, AppointmentMessage.Kind.QUESTION)
    last = messages_sent.filter(kind__in=kinds).select_related("message__job").order_by("-pk").first()
    if last:
        return last.message
    return None


def _is_party(row: Appointment, address: str) -> bool:
    """True if an address was informed of the appointment, or belongs to a party of its job."""
    if AppointmentMessage.objects.filter(appointment=row, message__address__iexact=address).exists():
        return True
    people = ContactPoint.objects.reached_at(address.lower()).values("person_id")
    is_customer = Q(pk=row.pk) & (Q(person__in=people) | Q(job__person__in=people))
    parties = JobParty.objects.filter(job_id=row.job_id, person__in=people)
    return Appointment.objects.filter(is_customer).exists() or parties.exists()


def process_calendar_answer(received: Sequence[Event]) -> None:
    """Confirm the appointment, or record that another time is requested. Idempotent."""
    ids = [event.subject_id for event in received if event.data.get("matched_by") == CALENDAR_UID]
    if not ids:
        return
    entries = CalendarEntry.objects.filter(message__in=ids, appointment__isnull=False).select_related("message")
    for entry in entries.order_by("message__at", "pk"):
        _apply_answer(entry)


def _apply_answer(entry: CalendarEntry) -> None:
    row = Appointment.objects.select_related("job__brand", "type").filter(pk=entry.appointment_id).first()
    if row is None:
        return
    try:
        if entry.answer == ACCEPTED and row.is_held:
            row.accept(by=None, way="calendar")
        elif entry.answer == ACCEPTED:
            row.confirm(by=None, way="calendar")
        elif row.asked_at is None or row.asked_words != words_of(entry, row):
            row.ask_for_another_time(words_of(entry, row), way="calendar")
    except (Stale, Refused):
        # A person reads it: the message is on its conversation.
        return


def words_of(entry: CalendarEntry, row: Appointment) -> str:
    """Return the lines shown beside the appointment: the reply, the proposed time, and the note."""
    tenant = directory().tenant
    with override(tenant.language):
        texts = {
            "DECLINED": _("Declined in their calendar"),
            "TENTATIVE": _("Tentative in their calendar"),
            "COUNTER": _("Proposes another time in their calendar"),
        }[entry.answer]
        parts = [texts, _proposed_time(entry, row, tenant.language)]
    note = " ".join((entry.comment or entry.message.text).split())[:_LONGEST_NOTE]
    return ": ".join(filter(None, [": ".join(filter(None, parts)), note]))[:500]


def _proposed_time(entry: CalendarEntry, row: Appointment, language: str) -> str:
    """Return the proposed time, in the time zone of the appointment's place."""
    if entry.answer != "COUNTER" or entry.starts_at is None:
        return ""
    country = row.job.brand.country
    if entry.is_all_day:
        return long_day(entry.starts_at.date(), language, country)
    begin = formats.clock_time(entry.starts_at, row.zone, country, language)
    return f"{long_day(entry.starts_at.astimezone(row.zone).date(), language, country)}, {begin}"
