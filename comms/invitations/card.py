"""A calendar entry on a page: subject, time in the reader's zone, place, organizer and state."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comms.message_sharing import sharing_for
from comms.models import CalendarAnswer, CalendarEntry, Message
from crm.kernel.zone_names import zone_name
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from crm.web.timeline.event_words import name_of

# What a mail with an entry says of it, by its method.
_HEADINGS = {
    "REQUEST": gettext_lazy("Invitation"),
    "CANCEL": gettext_lazy("Cancelled"),
    "COUNTER": gettext_lazy("Proposes another time"),
    "REPLY": gettext_lazy("Answer to an invitation"),
}
_ANSWERED = {
    "ACCEPTED": gettext_lazy("Accepted"),
    "TENTATIVE": gettext_lazy("Tentative"),
    "DECLINED": gettext_lazy("Declined"),
    "DELEGATED": gettext_lazy("Delegated"),
}


@dataclass(frozen=True)
class CalendarCard:
    """The card of an entry. `state`: its outcome; `can_answer`: by this reader."""

    uid: UUID
    heading: str
    summary: str
    when: str
    zone: str
    location: str
    organizer: str
    notes: Sequence[str] = field(default=())
    state: str = ""
    can_answer: bool = False
    our_answer: str = ""

    @property
    def version(self) -> str:
        return f"{self.state}:{self.can_answer}"


def cards_of(messages: Iterable[Message], member: Member, reader: Reader) -> dict[int, CalendarCard]:
    """Return the cards of messages with a calendar entry, in one query; none for no message."""
    ids = [message.pk for message in messages]
    entries = CalendarEntry.objects.filter(message__in=ids).select_related("message") if ids else ()
    return {entry.message_id: _build_card(entry, member, reader) for entry in entries}


def _build_card(entry: CalendarEntry, member: Member, reader: Reader) -> CalendarCard:
    heading = _HEADINGS.get(entry.method, gettext_lazy("From a calendar"))
    if entry.method == "REPLY":
        heading = _ANSWERED.get(entry.answer, heading)
    is_whole = sharing_for(entry.message, member) == "full"
    return CalendarCard(
        uid=entry.message.uid,
        heading=str(heading),
        summary=entry.summary,
        when=_time_text(entry, reader),
        zone="" if entry.is_all_day or entry.zone in ("", reader.zone.key) else zone_name(reader.zone),
        location=entry.location,
        organizer=_organizer_name(entry),
        notes=_note_lines(entry),
        state=_state_text(entry, reader),
        can_answer=entry.can_be_answered and is_whole and allows(member, "comms.send"),
        our_answer=entry.our_answer,
    )


def _time_text(entry: CalendarEntry, reader: Reader) -> str:
    """Return day and time; for whole days the first and last."""
    if entry.starts_at is None:
        return _("Its time can’t be read.")
    if entry.is_all_day:
        first = entry.starts_at.date()
        last = max(((entry.ends_at or entry.starts_at) - timedelta(days=1)).date(), first)
        if first == last:
            days = reader.date(first)
        else:
            days = f"{reader.date(first)} – {reader.date(last)}"
        return _("%(days)s, all day") % {"days": days}
    begin = f"{reader.long_day(entry.starts_at)}, {reader.time(entry.starts_at)}"
    if entry.ends_at is None or entry.ends_at <= entry.starts_at:
        return begin
    is_same_day = reader.long_day(entry.ends_at) == reader.long_day(entry.starts_at)
    if is_same_day:
        end = reader.time(entry.ends_at)
    else:
        end = reader.moment(entry.ends_at)
    return f"{begin} – {end}"


def _organizer_name(entry: CalendarEntry) -> str:
    if not entry.organizer_address or entry.organizer_name == entry.organizer_address:
        return entry.organizer_address
    if entry.organizer_name:
        return f"{entry.organizer_name} <{entry.organizer_address}>"
    return entry.organizer_address


def _note_lines(entry: CalendarEntry) -> list[str]:
    """Return further notes on the entry."""
    notes = []
    if entry.repeats:
        notes.append(_("It repeats; the first time is shown."))
    if not entry.is_zone_known:
        values = {"zone": entry.zone, "ours": zone_name(directory().zone)}
        notes.append(_("Its time zone “%(zone)s” is unknown: the time is read in ours (%(ours)s).") % values)
    if entry.others:
        words = ngettext("The file has %(count)s more entry.", "The file has %(count)s more entries.", entry.others)
        notes.append(words % {"count": entry.others})
    return notes


def _state_text(entry: CalendarEntry, reader: Reader) -> str:
    if entry.cancelled_at:
        return _("It was cancelled.")
    if entry.replaced_at:
        return _("It was changed since: a newer invitation came.")
    if entry.our_answer and entry.answered_at:
        labels = {
            "answer": str(CalendarAnswer(entry.our_answer).label),
            "name": name_of(entry.answered_by_id),
            "when": reader.near(entry.answered_at),
        }
        return _("%(answer)s by %(name)s, %(when)s") % labels
    if entry.appointment_id and entry.answer == "ACCEPTED":
        return _("The appointment is confirmed.")
    if entry.appointment_id:
        return _("The appointment is marked: they ask for another time.")
    if entry.method in ("REPLY", "COUNTER"):
        return _("No appointment was changed: please check.")
    if entry.is_over:
        return _("It is over.")
    return ""
