"""Mail with a calendar entry: a reply to our invitation, an invitation, or a cancellation."""

from dataclasses import dataclass

from comms.appointments.calendar_answers import ACCEPTED, answer_of, answered_appointment, invitation_of
from comms.inbound.mailboxes import own_addresses
from comms.inbound.text_cleaning import clean_text
from comms.models import CalendarEntry, Message
from crm.integrations.calendar_items import is_ours
from crm.jobs.models.appointments import Appointment
from crm.kernel import clock
from crm.platform.events import events
from crm.platform.organization.configuration import directory
from libs.inbound_mail import CalendarEvent, Mail, MailAddress, authentication_results, is_doubtful, read_calendar

# The mark of a message that the product has understood: nobody has to answer it.
AUTOMATIC = "calendar"
# Somebody is asked, or answers; what else a calendar sends says no more than any file.
_ASKS = frozenset({"REQUEST", "CANCEL", "DECLINECOUNTER"})
_ANSWERS = frozenset({"REPLY", "COUNTER", "REFRESH"})


@dataclass(frozen=True)
class CalendarMail:
    """A mail's calendar entry, and the message of ours it refers to.

    `appointment`: of ours, which its sender may answer for; `earlier`: the invitation that it changes or ends.
    """

    event: CalendarEvent
    answer: str = ""
    appointment: Appointment | None = None
    earlier: CalendarEntry | None = None

    @property
    def answers(self) -> Message | None:
        """The message it belongs to: our invitation, or theirs."""
        if self.appointment:
            return invitation_of(self.appointment)
        if self.earlier:
            return self.earlier.message
        return None

    @property
    def text(self) -> str:
        """The text to show if the mail itself has none."""
        return clean_text(self.event.comment or self.event.description)

    def automatic(self, usual: str) -> str:
        """Return the automatic mark of its message, blank if a member has to read it. `usual`: without the entry."""
        # An invitation of ours that comes back with an absence notice asks nothing.
        asks = self.event.method in _ASKS and not is_ours(self.event.uid)
        if not asks and self.event.method not in _ANSWERS:
            return usual
        is_planned_on = self.earlier is not None and self.earlier.our_answer in (ACCEPTED, "TENTATIVE")
        is_end = self.event.method == "CANCEL" and self.earlier is not None and not is_planned_on
        if is_end or (self.appointment and self.answer == ACCEPTED):
            return AUTOMATIC
        return ""

    def keep(self, message: Message) -> None:
        """Store the entry with its message; entries it ends or replaces can't be answered any more."""
        event = self.event
        entry = CalendarEntry.objects.create(
            message=message,
            method=event.method,
            uid=clean_text(event.uid, 500),
            sequence=event.sequence,
            summary=clean_text(event.summary, 300),
            location=clean_text(" ".join(event.location.split()), 500),
            comment=clean_text(event.comment, 2000),
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            is_all_day=event.is_all_day,
            zone=clean_text(event.zone, 100),
            is_zone_known=event.is_zone_known,
            repeats=event.repeats,
            others=min(event.others, 999),
            organizer_name=clean_text(event.organizer.name, 200) if event.organizer else "",
            organizer_address=clean_text(event.organizer.address, 254) if event.organizer else "",
            guest_address=self._own_guest_address(message),
            answer=self.answer,
            appointment=self.appointment,
        )
        if self.earlier and event.method in ("REQUEST", "CANCEL"):
            self._settle_earlier(entry)

    def _own_guest_address(self, message: Message) -> str:
        """Return our invited address, in whose name we answer."""
        ours = own_addresses()
        invited = [guest.address.address for guest in self.event.guests if guest.address.address in ours]
        if invited:
            return invited[0]
        if message.channel:
            return message.channel.address
        return ""

    def _settle_earlier(self, entry: CalendarEntry) -> None:
        """Mark earlier invitations as ended or replaced by this one, or this one if it is older."""
        before = CalendarEntry.objects.earlier(entry.uid, entry.message.address).exclude(pk=entry.pk)
        if entry.method == "CANCEL":
            before.filter(cancelled_at=None).update(cancelled_at=clock.now())
            if self.earlier and self.earlier.answered_by_id:
                events.record("invitation.cancelled", subject=entry.message, by=None, job_id=entry.message.job_id)
            return
        before.filter(sequence__lt=entry.sequence, replaced_at=None).update(replaced_at=clock.now())
        if before.filter(sequence__gt=entry.sequence).exists():
            CalendarEntry.objects.filter(pk=entry.pk).update(replaced_at=clock.now())


def read_calendar_mail(mail: Mail, *, origin: MailAddress | None, sender: MailAddress | None) -> CalendarMail | None:
    """Return a mail's calendar entry; None if it has none.

    `origin`: the address that sent it, which alone answers for an appointment; `sender`: who wrote it.
    """
    event = None
    if mail.attachments:
        event = read_calendar(mail, directory().zone)
    if event is None:
        return None
    address = ""
    if origin:
        address = origin.address
    answer = ""
    if event.method in ("REPLY", "COUNTER"):
        answer = answer_of(event, address)
    if is_doubtful(authentication_results(mail)):
        return CalendarMail(event, answer)
    if appointment := answered_appointment(event, address):
        return CalendarMail(event, answer, appointment)
    return CalendarMail(event, answer, None, _earlier_invitation(event, sender) if event.method != "REPLY" else None)


def _earlier_invitation(event: CalendarEvent, sender: MailAddress | None) -> CalendarEntry | None:
    """Return the invitation that it changes or cancels, preferably one we answered."""
    before = CalendarEntry.objects.earlier(clean_text(event.uid, 500), sender.address if sender else "")
    entry: CalendarEntry | None = before.select_related("message__job").order_by("-our_answer", "-pk").first()
    return entry
