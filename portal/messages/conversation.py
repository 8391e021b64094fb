"""A job's conversation as shown to its customer: messages of both sides, without internal notes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from comms.models import Attachment, Direction, Medium, Message, Purpose
from crm.jobs.models import Job, JobParty
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from portal.access.policy import HOUSEHOLD
from portal.access.viewer import PortalViewer
from portal.job.calendar import CustomerCalendar
from portal.messages.text import MessageParts, message_text
from tickets.models import Entry

MEDIA = (Medium.EMAIL, Medium.SMS, Medium.WHATSAPP, Medium.PORTAL)
PURPOSES = (Purpose.TRANSACTIONAL, Purpose.SERVICE)
# Of one message so much is shown.
LONGEST = 4000


@dataclass(frozen=True)
class PortalMessage:
    """One message as shown. `who`: blank for the viewer's own; `when`: day and time."""

    message: Message
    who: str
    when: str
    text: MessageParts
    member: Member | None = None
    files: Sequence[Attachment] = ()
    # How many files it has that are not among `files`.
    held: int = 0

    @property
    def is_own(self) -> bool:
        return self.message.direction == Direction.IN


def messages_for(viewer: PortalViewer, job: Job) -> QuerySet[Message]:
    """Return the messages of a job the viewer may read; none if they may not see messages."""
    if not viewer.may(job, "messages"):
        return Message.objects.none()
    # A ticket says what its messages are about; of one that is on none, the message does.
    ticket_job = Entry.objects.filter(message=OuterRef("pk")).values("ticket__job_id")[:1]
    sent = Q(direction=Direction.OUT, state=Message.State.SENT, purpose__in=PURPOSES)
    messages: QuerySet[Message] = (
        Message.objects.annotate(about=Coalesce(Subquery(ticket_job), F("job_id"), output_field=BigIntegerField()))
        .filter(about=job.pk, medium__in=MEDIA, automatic="", person__in=_readable_people(viewer, job))
        .filter(sent | Q(direction=Direction.IN))
    )
    return messages.order_by("-at", "-pk")


def _readable_people(viewer: PortalViewer, job: Job) -> Any:
    """Return the people whose messages the viewer reads: themselves and their household."""
    if not viewer.roles(job) & HOUSEHOLD:
        return [viewer.person.pk]
    household = JobParty.objects.filter(job=job, role__in=HOUSEHOLD).values_list("person_id", flat=True)
    return [viewer.person.pk, *([job.person_id] if job.person_id else []), *household]


def conversation_of(
    viewer: PortalViewer, job: Job, calendar: CustomerCalendar, *, most: int, with_files: bool = False
) -> list[PortalMessage]:
    """Return the last messages, oldest first. Without files, each has only their number."""
    files = Attachment.objects.filter(message=OuterRef("pk"), is_inline=False).order_by()
    count = Subquery(files.values("message").annotate(count=Count("pk")).values("count"))
    rows = messages_for(viewer, job).select_related("person").annotate(held=Coalesce(count, 0))
    newest = list((rows.prefetch_related("attachments") if with_files else rows)[:most])
    return [_portal_message(message, viewer, job, calendar, with_files=with_files) for message in reversed(newest)]


def _text_of(message: Message) -> str:
    text = message.text.strip()
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST].rsplit(' ', 1)[0]} …"


# `message`: with how many files it has, `held`.
def _portal_message(
    message: Any, viewer: PortalViewer, job: Job, calendar: CustomerCalendar, *, with_files: bool
) -> PortalMessage:
    organization = directory()
    member = organization.members.get(message.author_id or 0)
    who = member.name if member else organization.brands[message.brand_id].name
    if message.direction == Direction.IN:
        assert message.person is not None
        who = "" if message.person_id == viewer.person.pk else message.person.name
    files = [file for file in message.attachments.all() if not file.is_inline] if with_files else ()
    when = f"{calendar.short(calendar.day_of(message.at))}, {calendar.time(message.at)}"
    brand = organization.brands[message.brand_id]
    text = message_text(_text_of(message), job, brand, is_ours=message.direction == Direction.OUT)
    return PortalMessage(message, who, when, text, member, files, 0 if with_files else message.held)
