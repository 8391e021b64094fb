"""Answer an invitation from an external calendar by an email its organizer's calendar understands."""

import io
from datetime import UTC, date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from icalendar import Event, vCalAddress, vText

from comms.channels.mime import INVITATION
from comms.models import CalendarAnswer, CalendarEntry, Channel, Message
from crm.jobs.appointments.feed.ical import calendar
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.files import stored_files
from crm.platform.models import Member, StoredFile

# So long its file is kept here; by then it is in their calendar, or never.
_KEPT_DAYS = 60
ANSWERED = "invitation.answered"


@transaction.atomic
def answer_invitation(message: Message, answer: CalendarAnswer, *, by: Member) -> Message | None:
    """Send our answer to the organizer and return the email. Idempotent: None for the same answer.

    Raises Refused for one that is over, was cancelled or changed, or came to an address that sends nothing.
    """
    entry = (
        CalendarEntry.objects.select_for_update(of=("self",)).select_related("message__channel").get(message=message)
    )
    if entry.our_answer == answer:
        return None
    channel = entry.message.channel
    if not entry.can_be_answered or channel is None:
        raise Refused(_("It can’t be answered any more: it is past, cancelled or replaced by a newer one."))
    sent = _send_answer(entry, channel, answer, by)
    same = CalendarEntry.objects.filter(uid=entry.uid, method="REQUEST", organizer_address=entry.organizer_address)
    same.filter(sequence=entry.sequence).update(our_answer=answer, answered_at=clock.now(), answered_by=by)
    data = {"answer": str(answer)}
    events.record(ANSWERED, subject=message, by=by, data=data, job_id=message.job_id)
    return sent


def _send_answer(entry: CalendarEntry, channel: Channel, answer: CalendarAnswer, by: Member) -> Message:
    theirs = entry.message
    is_sender = entry.organizer_address == entry.message.address.lower()
    with override(channel.brand.language):
        words = {
            CalendarAnswer.ACCEPTED: (_("Accepted: %(what)s"), _("We accept the invitation.")),
            CalendarAnswer.TENTATIVE: (_("Tentative: %(what)s"), _("We may come; we will let you know.")),
            CalendarAnswer.DECLINED: (_("Declined: %(what)s"), _("We can’t come.")),
        }
        subject, text = words[answer]
        what = entry.summary or theirs.subject
    sent: Message = Message.queue(
        channel=channel,
        address=entry.organizer_address,
        address_name=entry.organizer_name,
        by=by,
        answers=theirs,
        files=[_reply_file(entry, channel, answer, by)],
        person=theirs.person if is_sender else None,
        contact_point=theirs.contact_point if is_sender else None,
        job=theirs.job,
        subject=subject % {"what": what},
        text=text,
    )
    return sent


def _reply_file(entry: CalendarEntry, channel: Channel, answer: str, by: Member) -> StoredFile:
    content = io.BytesIO(reply_file(entry, channel, answer))
    kind = f"{INVITATION}REPLY"
    return stored_files.store_file(
        content, "reply.ics", purpose="invitation", by=by, content_type=kind, days=_KEPT_DAYS
    )


def reply_file(entry: CalendarEntry, channel: Channel, answer: str) -> bytes:
    """Return the iCalendar reply (RFC 5546, 3.2.3): their UID and sequence, and our attendee."""
    made = calendar(channel.brand.name)
    event = Event()
    made.add("method", "REPLY")
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", clock.now().astimezone(UTC))
    if entry.summary:
        event.add("summary", entry.summary)
    for name, at in (("dtstart", entry.starts_at), ("dtend", entry.ends_at)):
        if at is not None:
            event.add(name, date(at.year, at.month, at.day) if entry.is_all_day else at.astimezone(UTC))
    organizer = vCalAddress(f"mailto:{entry.organizer_address}")
    guest = vCalAddress(f"mailto:{entry.guest_address}")
    if entry.organizer_name:
        organizer.params["CN"] = vText(entry.organizer_name)
    guest.params["CN"] = vText(channel.display_name or channel.brand.name)
    guest.params["PARTSTAT"] = vText(answer)
    event.add("organizer", organizer, encode=0)
    event.add("attendee", guest, encode=0)
    made.add_component(event)
    return bytes(made.to_ical())
