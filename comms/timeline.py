"""Messages of a lead in its timeline: author, medium, text, and folded parts."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from comms.call_notes import call_notes
from comms.message_sharing import sharing_for
from comms.models import Attachment, Channel, Direction, Medium, Message
from comms.models.message import MessageQuerySet
from crm.jobs.models import Job
from crm.jobs.timeline.parts import part_of_way
from crm.jobs.timeline.timeline import MOST, TimelineEntry
from crm.people.models import Person
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.platform.organization.readable_address import readable_address
from crm.web.reader import Reader
from crm.web.timeline.event_words import name_of

# Events of messages that stand there as the messages themselves.
SHOWN_AS_MESSAGES = ("message.received", "message.sent", "message.delivered")
# Of a text so much; the rest is on the message's own page.
LONGEST = 3000
ICONS: dict[str, str] = {Medium.CALL: "phone", Medium.SMS: "smartphone", Medium.WHATSAPP: "message-circle-more"}
_State = Message.State


def message_entries(job: Job, member: Member, reader: Reader) -> list[TimelineEntry]:
    """Return the messages of a job a member may see, each email once, in one query."""
    return _build_entries(Message.objects.visible_to(member).filter(job=job), member, reader)


def person_entries(person: Person, member: Member, reader: Reader) -> list[TimelineEntry]:
    """Return a person's messages a member may see, each email once, in one query."""
    return _build_entries(Message.objects.visible_to(member).filter(person=person), member, reader)


def _build_entries(messages: MessageQuerySet, member: Member, reader: Reader) -> list[TimelineEntry]:
    seen = set()
    has_files = Exists(Attachment.objects.filter(message=OuterRef("pk"), is_inline=False))
    left = messages.exclude(state=_State.CANCELLED).annotate(has_files=has_files)
    rows = []
    for message in left.select_related("channel", "person").newest_first()[:MOST]:
        # A mail to two of our mailboxes is in both; it is one thing somebody wrote.
        name = message.message_id or str(message.pk)
        if name not in seen:
            seen.add(name)
            rows.append(message)
    notes = call_notes(rows)
    return [_build_entry(message, member, reader, notes.get(message.pk, "")) for message in rows]


def _build_entry(message: Message, member: Member, reader: Reader, note: str) -> TimelineEntry:
    sharing = sharing_for(message, member)
    slug = directory().tenant.slug
    whole = sharing == Channel.Sharing.FULL
    return TimelineEntry(
        message.at,
        reader.time(message.at),
        name_of(message.author_id),
        describe_message(message),
        ICONS.get(message.medium, "mail"),
        _icon_mark(message),
        url=reverse("comms:message", args=[slug, message.uid]),
        head=message.subject if sharing in (Channel.Sharing.SUBJECT, Channel.Sharing.FULL) else "",
        text="\n".join(filter(None, (note, _entry_text(message)))) if whole else "",
        folded=_shorten(message.folded_text) if whole else "",
        job_id=message.job_id,
        part=part_of_way(message.medium),
        has_files=getattr(message, "has_files", False),
    )


def _entry_text(message: Message) -> str:
    if message.revoked_at:
        return _("The customer deleted this message.")
    return _shorten(message.text)


def _icon_mark(message: Message) -> str:
    """Return the mark of its icon: automatic, from the customer, or from us."""
    if message.direction == Direction.OUT:
        if message.author_id or message.medium == Medium.CALL:
            return ""
        return "auto"
    if message.automatic:
        return "auto"
    return "in"


def message_titles(messages: Sequence[Message]) -> dict[int, str]:
    """Return titles of messages by ID: sender or recipient. One query."""
    people = Person.objects.in_bulk({message.person_id for message in messages if message.person_id})
    return {
        message.pk: people[message.person_id].name if message.person_id in people else _other_end(message)
        for message in messages
    }


def _other_end(message: Message) -> str:
    return message.address_name or readable_address(message.address) or _("Somebody")


def describe_message(message: Message) -> str:
    """Describe a message in words: "Cora Customer wrote · Email"."""
    medium = Medium(message.medium).label
    if message.person:
        who = message.person.name
    else:
        who = _other_end(message)
    if message.medium == Medium.CALL:
        return _call_text(message, who)
    if message.direction == Direction.OUT:
        return _("wrote to %(name)s · %(medium)s") % {"name": who, "medium": medium}
    if message.automatic:
        words = _("%(name)s answered automatically · %(medium)s")
    else:
        words = _("%(name)s wrote · %(medium)s")
    return words % {"name": who, "medium": medium}


def _call_text(message: Message, who: str) -> str:
    taken = bool(message.duration)
    minutes = max(round((message.duration or 0) / 60), 1)
    if message.direction == Direction.OUT:
        if taken:
            words = _("called %(name)s · %(minutes)s min")
        else:
            words = _("called %(name)s · no answer")
    else:
        if taken:
            words = _("%(name)s called · %(minutes)s min")
        else:
            words = _("%(name)s called · missed")
    return words % {"name": who, "minutes": minutes}


def _shorten(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    return text[:LONGEST] + " …"
