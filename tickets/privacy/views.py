"""Private conversations of departed members: their number, and taking them over with a reason."""

from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.platform.models import Member
from crm.web.requests.http import TenantRequest
from crm.web.settings.page import Context, settings_page
from tickets.models import Ticket
from tickets.privacy.sharing import share_conversation, take_over
from tickets.views.ticket_action import action, sheet, ticket_label


class DepartedMail(NamedTuple):
    """A departed member, with the number of private conversations and of unanswered ones."""

    member: Member
    conversations: int
    waiting: int


@settings_page("tickets:departed_mail", "members.manage", "tickets/departed_mail.html")
def departed_mail(request: TenantRequest) -> Context:
    """List departed members with private conversations, without any content."""
    private = Ticket.objects.filter(sole_reader__active=False, merged_into=None).order_by()
    waits = Count("pk", filter=Q(waiting_since__isnull=False))
    counts = private.values_list("sole_reader").annotate(count=Count("pk"), waiting=waits)
    rows = {member_id: (count, waiting) for member_id, count, waiting in counts}
    members = Member.objects.filter(pk__in=rows).order_by("pk")
    return {"lines": [DepartedMail(member, *rows[member.pk]) for member in members]}


def _find_leaver(member: UUID) -> Member:
    leaver: Member | None = Member.objects.filter(uid=member, active=False).first()
    if leaver is None:
        raise Http404
    return leaver


@departed_mail.action(_find_leaver)
def take_over_mail(request: TenantRequest, leaver: Member) -> str:
    """Share a departed member's private conversations; the acting member gets the open ones."""
    count = take_over(leaver, reason=request.POST.get("reason", ""), by=request.member)
    words = ngettext("%(count)s conversation is shared now.", "%(count)s conversations are shared now.", count)
    return words % {"count": count}


def _ask_share(request: TenantRequest, ticket: Ticket) -> HttpResponse:
    return sheet(request, ticket, "share", {})


@action(ask=_ask_share)
def share(request: TenantRequest, ticket: Ticket) -> str:
    """Share it, or show what colleagues would see."""
    share_conversation(ticket, by=request.member)
    return _("%(title)s: shared with colleagues.") % {"title": ticket_label(ticket)}
