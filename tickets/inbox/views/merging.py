"""Merge a ticket into another, split one, and undo either."""

from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from comms.models import Direction
from crm.jobs.customer_visibility import visible_people
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import read_number
from crm.people.merging.merge import merge as merge_people
from crm.platform.access.permissions import allows
from crm.platform.models import Change, Member
from crm.platform.organization.readable_address import readable_address
from crm.web.actions.row_action import InvalidForm, Toast
from crm.web.lists.conditions.query import tidy
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.shell.record_pages import record_url
from tickets.inbox.ticket_list import TICKETS, meaning_condition
from tickets.merging.merge import Unconfirmed, merge, take_back
from tickets.merging.split import split
from tickets.models import Entry, EntryMove, Status, Ticket
from tickets.models.queryset import TicketQuerySet
from tickets.views.ticket_action import TicketAction, sheet

# So many are offered: the others are found by their number.
CANDIDATES = 8
# So many of a thread's messages can be chosen from, the newest.
CHOOSABLE = 100


class MoveAction(TicketAction):
    """An action that moves entries: its undo is the move's own."""

    def success_toast(self, request: TenantRequest, row: Ticket, text: str, change: Change | None) -> Toast:
        move = EntryMove.objects.filter(source=row, by=request.member).order_by("-at", "-pk").first()
        undo = ""
        if move:
            undo = reverse("tickets:take_back_move", args=[request.tenant.slug, move.uid])
        return Toast(text, undo=undo)

    def answer(self, request: TenantRequest, row: Ticket, toast: Toast) -> HttpResponse:
        """Redirect from the merged ticket's page to the conversation it was merged into."""
        is_open_here = request.htmx and request.POST.get("on") == "conversation"
        if not is_open_here or row.merged_into is None or toast.status != HTTPStatus.OK:
            return super().answer(request, row, toast)
        messages.success(request, toast.text, extra_tags=toast.undo)
        return HttpResponseClientRedirect(record_url(row.merged_into, request.tenant.slug))


move_action = MoveAction()


@dataclass(frozen=True)
class MergeTarget:
    """A ticket that another can be merged into, and when it was last written to."""

    ticket: Ticket
    when: str


def _mergeable_tickets(ticket: Ticket, member: Member) -> TicketQuerySet:
    rows: TicketQuerySet = Ticket.objects.visible_to(member).filter(merged_into__isnull=True).exclude(pk=ticket.pk)
    return rows.exclude(status=Status.CLOSED).order_by("-last_message_at", "-pk")


def merge_candidates(ticket: Ticket, member: Member) -> list[Ticket]:
    """List tickets it could be merged with: same customer or job, last written to first."""
    if ticket.person_id:
        same = Q(person_id=ticket.person_id)
    else:
        same = Q(pk__in=())
    if ticket.job_id:
        same |= Q(job_id=ticket.job_id)
    return list(_mergeable_tickets(ticket, member).filter(same)[:CANDIDATES])


def search_targets(ticket: Ticket, query: str, member: Member) -> list[Ticket]:
    """Search tickets by number, customer, phone number, address or message text."""
    meaning = TICKETS.meant(TICKETS.filters().changed(q=query), member)
    return list(meaning_condition(_mergeable_tickets(ticket, member), meaning)[:CANDIDATES])


def _ask_into(request: TenantRequest, ticket: Ticket, problem: str = "", *, confirm: bool = False) -> HttpResponse:
    if request.method == "POST":
        posted = request.POST
    else:
        posted = request.GET
    query = tidy(posted.get("q", ""))[:200]
    reader = Reader.of(request.member, clock.now())
    if query:
        tickets = search_targets(ticket, query, request.member)
    else:
        tickets = merge_candidates(ticket, request.member)
    context = {
        "query": query,
        "targets": [MergeTarget(one, reader.near(one.last_message_at or one.created_at)) for one in tickets],
        "given": request.POST,
        "problem": problem,
        "confirm": confirm,
        "may_merge_people": allows(request.member, "people.merge"),
    }
    return sheet(request, ticket, "merge", context, status=422 if problem else 200)


@move_action(ask=_ask_into)
def merge_ticket(request: TenantRequest, ticket: Ticket) -> str:
    """Merge the ticket into the chosen one, or show the choices."""
    wanted = request.POST.get("number", "").strip().removeprefix("#") or request.POST.get("chosen", "")
    target = Ticket.objects.visible_to(request.member).filter(number=read_number(wanted) or 0).first()
    if target is None:
        raise InvalidForm(partial(_ask_into, request, ticket, _("Choose a conversation.")))
    try:
        if "same_customer" in request.POST and "confirmed" in request.POST:
            _merge_people(ticket, target, request.member)
        merge(ticket, target, by=request.member, confirmed="confirmed" in request.POST)
    except Unconfirmed as why:
        raise InvalidForm(partial(_ask_into, request, ticket, str(why), confirm=True)) from None
    except Refused as why:
        raise InvalidForm(partial(_ask_into, request, ticket, str(why))) from None
    return _("#%(number)s was merged into #%(into)s.") % {"number": ticket.number, "into": target.number}


def _merge_people(ticket: Ticket, target: Ticket, member: Member) -> None:
    """Merge the customers of two tickets; an unconfirmed one is merged into the other.

    Raises Refused for who may not, and for a customer the member doesn't see.
    """
    people = visible_people(member).filter(pk__in=[ticket.person_id or 0, target.person_id or 0])
    one = people.filter(pk=target.person_id or 0).first()
    other = people.filter(pk=ticket.person_id or 0).first()
    if one is None or other is None or not allows(member, "people.merge"):
        raise Refused(_("You can’t merge these two customers. Ask a manager."))
    if one.unconfirmed_since and not other.unconfirmed_since:
        one, other = other, one
    merge_people(one, other, by=member)
    ticket.refresh_from_db()
    target.refresh_from_db()


def _said_by(entry: Entry) -> str:
    """Return the author of a message or note; None for automatic messages."""
    message = entry.message
    if message is None or message.author:
        if message:
            author = message.author
        else:
            author = entry.author
        if author:
            return author.name
        return ""
    if message.direction == Direction.OUT:
        return ""
    return message.address_name or readable_address(message.address)


def _ask_which(request: TenantRequest, ticket: Ticket, problem: str = "") -> HttpResponse:
    entries = Entry.objects.of(ticket).readable_by(request.member).select_related("message__author", "author")
    newest = entries.order_by("-at", "-pk")[:CHOOSABLE]
    reader = Reader.of(request.member, clock.now())
    context = {
        "choosable": [(entry, _said_by(entry), reader.moment(entry.at)) for entry in reversed(newest)],
        "chosen": request.POST.getlist("entry") or request.GET.getlist("entry"),
        "given": request.POST,
        "problem": problem,
    }
    return sheet(request, ticket, "split", context, status=422 if problem else 200)


@move_action(ask=_ask_which)
def split_ticket(request: TenantRequest, ticket: Ticket) -> str:
    """Split off the chosen messages, or show the choices."""
    chosen = set(request.POST.getlist("entry")[:CHOOSABLE])
    readable = Entry.objects.of(ticket).readable_by(request.member)
    newest = readable.select_related("message").order_by("-at", "-pk")[:CHOOSABLE]
    entries = [entry for entry in newest if str(entry.uid) in chosen]
    try:
        move = split(ticket, entries, by=request.member, subject=request.POST.get("subject", "")[:200])
    except ValueError as why:
        if isinstance(why, Refused):
            refusal = str(why)
        else:
            refusal = _("Select the messages to split off.")
        raise InvalidForm(partial(_ask_which, request, ticket, refusal)) from None
    words = ngettext(
        "%(count)s message moved to #%(number)s.", "%(count)s messages moved to #%(number)s.", len(entries)
    )
    return words % {"count": len(entries), "number": move.target.number}


@require("tickets.work")
@require_POST
def take_back_move(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Undo a merge or split; requires that the member sees both tickets."""
    seen = Ticket.objects.visible_to(request.member).order_by().values("pk")
    move = get_object_or_404(EntryMove.objects.filter(source__in=seen, target__in=seen), uid=uid)
    try:
        source = take_back(move, by=request.member)
        toast = Toast(_("Undone."))
    except Refused as why:
        source = move.source
        toast = Toast(str(why), 422)
    return move_action.answer(request, source, toast)
