"""Internal notes: for the team alone, and never sent."""

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member
from tickets.models import Entry, Ticket

LONGEST = 10_000


@transaction.atomic
def write_note(ticket: Ticket, body: str, *, by: Member) -> Entry:
    """Write a note on a ticket. It moves no clock and is no answer. Raises Refused for an empty one."""
    text = body.replace("\0", "").replace("\r\n", "\n").strip()[:LONGEST]
    if not text:
        raise Refused(_("Write something first."))
    entry: Entry = Entry.objects.create(ticket=ticket, kind=Entry.Kind.NOTE, author=by, body=text)
    events.record("ticket.noted", subject=ticket, by=by, data={"entry": entry.pk}, job_id=ticket.event_job_id)
    return entry
