"""Open a lead from a message: unknown people who write to a sales address get one at once, without status."""

from django.db import transaction
from django.utils.translation import gettext as _

from comms.channel_source import find_channel_source
from comms.inbound import jobs
from comms.models import Channel, Direction, Message
from crm.jobs.creation.job_creation import BY_MESSAGE, open_job
from crm.jobs.customer_visibility import lead_refusal
from crm.jobs.models import Job, Source
from crm.kernel.refusal import Refused
from crm.people.models import Person
from crm.platform.models import Member
from tickets.models import Ticket

_LONGEST_SOURCE = 60


def lead_of(message: Message) -> Job | None:
    """Open the lead of a message, if an unknown person wrote to a sales address."""
    channel = message.channel
    person = message.person
    if channel is None or channel.role != Channel.Role.SALES or message.direction != Direction.IN:
        return None
    if message.automatic or message.job_id or person is None or person.unconfirmed_since is None:
        return None
    if message.brand.archived_at:
        return None
    if Job.objects.filter(person=person).exists():
        return None
    return open_lead(message, person, by=None)


def open_lead(message: Message, person: Person, *, by: Member | None, waits: bool = True) -> Job:
    """Open a lead without status for the sender of a message; its source is the address they wrote to.

    `waits`: whether they wait for an answer.
    """
    job = open_job(
        title=person.name,
        person=person,
        company=person.company,
        brand=message.brand,
        source=_source_of(message),
        by=by,
        cause=BY_MESSAGE,
    )
    message.job = job
    message.save(update_fields=["job"])
    if waits:
        jobs.record_customer_message(message)
    return job


def _source_of(message: Message) -> Source | None:
    """Return the source of a message: its advertisement, else the address it came to."""
    referral = message.referral
    name = referral.get("headline") or referral.get("id") or referral.get("url")
    if name:
        return _named_source(_("WhatsApp ad: %(name)s") % {"name": " ".join(name.split())})
    if message.channel:
        return source_of(message.channel)
    return None


def source_of(channel: Channel) -> Source:
    """Return the source assigned to an address or number, else the one named after it, created with the first lead."""
    return find_channel_source(channel) or _named_source(channel.address)


def _named_source(name: str) -> Source:
    name = name[:_LONGEST_SOURCE].strip()
    source: Source | None = Source.objects.filter(name=name).first()
    return source or Source.add(name, by=None)


@transaction.atomic
def lead_of_ticket(ticket: Ticket, *, by: Member) -> Job:
    """Open a lead for the sender of a ticket, and attach the ticket to it.

    Raises Refused for a ticket that has a job, whose sender nobody can be made of, or is hidden from the member.
    """
    ticket.lock()
    if ticket.job_id:
        raise Refused(_("It is already linked to a lead."))
    entry = (
        ticket.entries.filter(message__direction=Direction.IN).select_related("message").order_by("at", "pk").first()
    )
    message = None
    if entry:
        message = entry.message
    person = ticket.person or (message.person if message else None)
    if message is None or person is None:
        raise Refused(_("The sender is unknown. Create a lead first, then link the conversation to it."))
    if why := lead_refusal(person, by=by):
        raise Refused(why)
    job = open_lead(message, person, by=by, waits=ticket.waiting_since is not None)
    message_ids = ticket.entries.filter(message__isnull=False).values("message")
    Message.objects.filter(pk__in=message_ids, job__isnull=True).update(job=job)
    ticket.attach(job, by=by)
    return job
