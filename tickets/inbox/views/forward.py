"""Forward a message of a conversation, with its files, to a member or an external address."""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from comms.composer.composer_response import answer
from comms.composer.matter import Matter
from comms.message_sharing import sharing_for
from comms.models import Channel, Draft, Medium, Message
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from tickets.matching.evidence import Evidence
from tickets.models import Entry, Ticket

LONGEST = 50_000


@require("tickets.work")
def forward(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Forward a message by mail. It is shown on the conversation, and is not an answer."""
    entry = _find_entry(uid, request.member)
    slug = request.tenant.slug
    ticket = entry.ticket
    matter = Matter(
        ticket.subject or ticket.customer_name,
        directory().brands[ticket.brand_id],
        None,
        reverse("tickets:forward", args=[slug, uid]),
        reverse("tickets:ticket", args=[slug, ticket.number]),
        job=ticket.job,
        about=f"forward {entry.pk}",
        medium=Medium.EMAIL,
        forwards=entry.message,
    )
    _begin_draft(matter, entry.message, request.member)
    return answer(request, matter, sent=partial(_add_forwarded, ticket, by=request.member))


def _find_entry(uid: UUID, member: Member) -> Any:
    """Return an entry whose message the member may read in full. Raises Http404."""
    visible = Ticket.objects.visible_to(member)
    entries = Entry.objects.filter(uid=uid, message__isnull=False, ticket__in=visible.values("pk"))
    entry: Any = entries.select_related("message__channel", "ticket__job").first()
    if entry is None or sharing_for(entry.message, member) != Channel.Sharing.FULL or entry.message.revoked_at:
        raise Http404
    return entry


def _begin_draft(matter: Matter, message: Message, member: Member) -> None:
    """Create the draft with the message and its files, unless one exists."""
    where = matter.draft(member.pk, Medium.EMAIL)
    if Draft.at(where).exists():
        return
    subject = message.subject or matter.title
    Draft.keep(where=where, subject=f"Fwd: {subject}", text=_quoted_text(message))
    draft = Draft.at(where).get()
    for attachment in message.attachments.filter(is_inline=False).select_related("file").order_by("position", "pk"):
        if attachment.file.is_kept:
            draft.files.create(file=attachment.file)


def _quoted_text(message: Message) -> str:
    who = message.address_name or message.address
    if message.direction == "out":
        who = message.brand.name
    head = _("Forwarded message from %(who)s, %(at)s:") % {"who": who, "at": f"{message.at:%Y-%m-%d %H:%M} UTC"}
    return f"\n\n{head}\n\n{message.text[:LONGEST]}"


def _add_forwarded(ticket: Ticket, message: Message, *, by: Member) -> None:
    Entry.objects.add_message(ticket, message, matched_by=Evidence.WRITTEN)
    ticket.reply(message, by=by, answers=False)
