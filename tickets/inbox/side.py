"""Panel parts that load after the conversation: contact preferences of the customer, and the files."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from comms.gate.candidate import SendCandidate
from comms.gate.hours import SendingHours
from comms.gate.ledger import KINDS, ConsentCell, consent_table
from comms.gate.recipients import facts_of
from comms.models import Attachment, ContactPreference, Direction, Medium, Message, Purpose
from crm.kernel import formats
from crm.kernel.zone_names import zone_name
from crm.people.models import ContactPoint, Person
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.design.look import language_name
from crm.web.reader import Reader
from tickets.inbox.usual_channel import CHANNELS, MOST
from tickets.models import Entry, Ticket

# Files of a matter beside it, newest first; the page of all of them has so many.
MOST_FILES = 12
ALL_FILES = 300


class Fact(NamedTuple):
    """A line of the preferences: name and value. `look`: yes, no or unasked, for consent."""

    name: str
    words: str
    look: str = ""


@dataclass(frozen=True)
class Files:
    """The files of a ticket's matter, and how many are not listed."""

    files: list[Attachment]
    more: int


def preferences_of(person: Person, ticket: Ticket, reader: Reader) -> list[Fact]:
    """Return contact preferences: channels, times, language, and consent to offers."""
    facts = [Fact(_("Usual channel"), _favourite_channels(person))]
    if person.language:
        facts.append(Fact(_("Language"), language_name(person.language)))
    points = list(ContactPoint.objects.filter(person=person).order_by("kind", "-verified_at", "pk"))
    numbers = [point for point in points if point.kind == ContactPoint.PointKind.PHONE]
    if numbers:
        facts.append(Fact(_("Quiet hours"), _quiet_hours_words(person, numbers[0], ticket, reader)))
    wanted = ContactPreference.objects.filter(
        key__in=[point.fingerprint for point in points], brand_id=ticket.brand_id, weekly_limit__isnull=False
    )
    if limits := list(wanted.values_list("weekly_limit", flat=True)):
        facts.append(Fact(_("How often"), _("%(count)s a week at most") % {"count": min(limits)}))
    facts += _consent_facts(person, ticket, reader)
    return [fact for fact in facts if fact.words]


def _favourite_channels(person: Person) -> str:
    """Return the channels they used recently, most used first."""
    theirs = Message.objects.filter(person=person, direction=Direction.IN, automatic="", medium__in=CHANNELS)
    theirs = theirs.for_everybody()
    used = Counter(theirs.order_by("-at", "-pk").values_list("medium", flat=True)[:MOST])
    return ", ".join(str(Medium(medium).label) for medium, _times in used.most_common())


def _quiet_hours_words(person: Person, point: ContactPoint, ticket: Ticket, reader: Reader) -> str:
    """Return the quiet hours for texts to a number, in the customer's local time."""
    candidate = SendCandidate(Medium.SMS, point.value, ticket.brand_id, person_id=person.pk, job_id=ticket.job_id)
    hours: SendingHours | None = facts_of([candidate], reader.now)[0].hours
    if hours is None:
        return ""
    zone, opens, closes = hours.narrowest(reader.now)
    local_zone = ZoneInfo(zone.name)
    today = reader.now.astimezone(local_zone).date()

    def clock_text(clock: time) -> str:
        return formats.clock_time(datetime.combine(today, clock, local_zone), local_zone, reader.country)

    quiet = f"{clock_text(closes)}–{clock_text(opens)}"
    if local_zone == reader.zone:
        return quiet
    return f"{quiet}, {zone_name(local_zone)}"


def _consent_facts(person: Person, ticket: Ticket, reader: Reader) -> Iterator[Fact]:
    """Return consent to offers per address and medium, and other suppressions."""
    offers = KINDS.index(Purpose.MARKETING)
    service = KINDS.index(Purpose.SERVICE)
    table = consent_table(person, directory().brands[ticket.brand_id], reader)
    several = len({row.value for row in table if row.medium == table[0].medium}) > 1
    for row in table:
        cell: ConsentCell = row.cells[offers]
        words = _("Offers: %(answer)s") % {"answer": cell.word}
        refused = row.cells[service]
        if refused.look == "no":
            words = _("Offers and news about the work: %(answer)s") % {"answer": refused.word}
        yield Fact(f"{row.medium} {row.value}" if several else row.medium, words, cell.look)


def files_of(ticket: Ticket, member: Member, most: int = MOST_FILES) -> Files:
    """Return the files of a ticket's messages that the member may read, newest first."""
    entries = Entry.objects.of(ticket).readable_by(member).filter(message__isnull=False)
    read = Message.objects.readable_by(member).filter(pk__in=entries.values("message_id"), revoked_at=None)
    files = Attachment.objects.filter(message__in=read.exclude(state=Message.State.CANCELLED).values("pk"))
    attachments = list(
        files.select_related("message").order_by("-message__at", "-message_id", "position", "pk")[:ALL_FILES]
    )
    return Files(attachments[:most], max(len(attachments) - most, 0))
