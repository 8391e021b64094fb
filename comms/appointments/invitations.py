"""Inform customers of a booked, moved or cancelled appointment, with a calendar invitation.

By email where they have an address, so that the calendar follows; else by text.
"""

import io
from datetime import UTC

from django.utils.translation import gettext as _
from django.utils.translation import override
from icalendar import Calendar, Event, vCalAddress, vText

from comms.appointments import ways
from comms.appointments.links import appointment_url, customer_meeting_url
from comms.appointments.sending import channel_of, point_of, queue
from comms.appointments.type_templates import template_key
from comms.channels.mime import INVITATION
from comms.models import AppointmentMessage, Channel, Medium
from crm.jobs.appointments.feed.ical import calendar, event_of
from crm.jobs.models.appointments import Appointment
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import ContactPoint
from crm.platform.files import stored_files
from crm.platform.models import StoredFile
from crm.platform.organization.configuration import directory

# The calendar follows the first.
MEDIA = (Medium.EMAIL, Medium.SMS, Medium.WHATSAPP)
_Kind = AppointmentMessage.Kind
_State = AppointmentMessage.State
# So long its file is kept here; by then it is in their calendar, or never.
_KEPT_DAYS = 60


def send_invitation(row: Appointment) -> None:
    """Send the customer the current state, unless the appointment was cancelled before any message was sent."""
    if not row.type.invites or row.starts_at <= clock.now():
        return
    before = AppointmentMessage.objects.filter(
        appointment=row, kind__in=[_Kind.INVITATION, _Kind.CANCELLATION], state=_State.QUEUED
    )
    was_told = before.exists()
    questions = AppointmentMessage.objects.filter(appointment=row, kind=_Kind.QUESTION, state=_State.QUEUED)
    if not row.is_live and not was_told and not questions.exists():
        return
    key = template_key(row, _template_moment(row, was_told=was_told))
    notice = AppointmentMessage(
        appointment=row,
        kind=_Kind.INVITATION if row.is_live else _Kind.CANCELLATION,
        medium=ways.first(row, MEDIA, key, clock.now(), until=row.starts_at) or _usual_medium(row),
        starts_at=row.starts_at,
        sequence=row.sequence,
        at=clock.now(),
    )
    try:
        files = []
        if notice.medium == Medium.EMAIL:
            files = [_invitation_file(row)]
        notice.message = queue(row, notice.medium, key, files=files, useful_until=row.starts_at, undo=True)
        notice.state = _State.QUEUED
    except Refused as why:
        notice.state = _State.SKIPPED
        notice.reason = str(why)[:200]
    notice.save()


def _template_moment(row: Appointment, *, was_told: bool) -> str:
    if not row.is_live:
        return "cancelled"
    if was_told:
        return "moved"
    return "confirmation"


def _usual_medium(row: Appointment) -> Medium:
    """Return the medium whose refusal explains that no message can be sent."""
    has_email = channel_of(row, Medium.EMAIL) is not None and point_of(row, Medium.EMAIL) is not None
    if has_email:
        return Medium.EMAIL
    return Medium.SMS


def _invitation_file(row: Appointment) -> StoredFile:
    method = "CANCEL"
    if row.is_live:
        method = "REQUEST"
    channel = channel_of(row, Medium.EMAIL)
    point = point_of(row, Medium.EMAIL)
    if channel is None or point is None:
        raise Refused(_("The customer has no email address or phone number."))
    content = invitation(row, method, channel, point)
    return stored_files.store_file(
        io.BytesIO(content),
        "invitation.ics",
        purpose="invitation",
        by=None,
        content_type=f"{INVITATION}{method}",
        days=_KEPT_DAYS,
    )


def invitation(row: Appointment, method: str, channel: Channel, point: ContactPoint) -> bytes:
    """Return an iCalendar invitation, update or cancellation: one UID and an increasing SEQUENCE (RFC 5546)."""
    made: Calendar = calendar(row.job.brand.name)
    made.add("method", method)
    language = (row.person.language if row.person else "") or row.job.brand.language or directory().tenant.language
    with override(language):
        meeting_url = ""
        if row.is_by_video:
            meeting_url = customer_meeting_url(row)
        entry: Event = event_of(row, f"{row.type.name}, {row.job.brand.name}", meeting_url)
        entry.add("description", _("Confirm it or choose another time: %(url)s") % {"url": appointment_url(row)})
    organizer = vCalAddress(f"MAILTO:{channel.address}")
    organizer.params["CN"] = vText(channel.display_name or row.job.brand.name)
    entry["organizer"] = organizer
    guest = vCalAddress(f"MAILTO:{point.value}")
    guest.params["CN"] = vText(row.person.name if row.person else point.value)
    guest.params["PARTSTAT"] = vText("ACCEPTED" if row.is_confirmed else "NEEDS-ACTION")
    guest.params["RSVP"] = vText("TRUE")
    entry.add("attendee", guest, encode=0)
    entry.add("dtstamp", clock.now().astimezone(UTC))
    made.add_component(entry)
    return bytes(made.to_ical())
