"""Merge a ticket into another, split one, and take either back."""

from functools import partial
from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from comms.models import Direction
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import read_number
from crm.platform.models import Change, Member
from crm.web.actions.row_action import InvalidForm, Toast
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from tickets.merging.merge import Unconfirmed, merge, take_back
from tickets.merging.split import split
from tickets.models import Entry, EntryMove, Ticket
from tickets.views.ticket_action import TicketAction, sheet

# So many are offered: the others are found by their number.
CANDIDATES = 8
# So many of a thread's messages can be chosen from, the newest.
CHOOSABLE = 100


class MoveAction(TicketAction):
    """An action that moves entries: its undo is the move's own."""

    def done(self, request: TenantRequest, row: Ticket, text: str, change: Change | None) -> Toast:
        move = EntryMove.objects.filter(source=row, by=request.member).order_by("-at", "-pk").first()
        undo = reverse("tickets:take_back_move", args=[request.tenant.slug, move.uid]) if move else ""
        return Toast(text, undo=undo)


move_action = MoveAction()


def candidates(ticket: Ticket, member: Member) -> list[Ticket]:
    """List the open tickets it might belong to: of the same customer, or the same job; the last written to first."""
    same = Q(person_id=ticket.person_id) if ticket.person_id else Q(pk__in=())
    if ticket.job_id:
        same |= Q(job_id=ticket.job_id)
    found = Ticket.objects.visible_to(member).open().filter(same).exclude(pk=ticket.pk)
    return list(found.order_by("-last_message_at", "-pk")[:CANDIDATES])


def _ask_into(request: TenantRequest, ticket: Ticket, problem: str = "", *, confirm: bool = False) -> HttpResponse:
    context = {
        "candidates": candidates(ticket, request.member),
        "reader": Reader.of(request.member, clock.now()),
        "given": request.POST,
        "problem": problem,
        "confirm": confirm,
    }
    return sheet(request, ticket, "merge", context, status=422 if problem else 200)


@move_action(ask=_ask_into)
def merge_ticket(request: TenantRequest, ticket: Ticket) -> str:
    """Merge it into the chosen ticket, or show which there are."""
    wanted = request.POST.get("number", "").strip().removeprefix("#") or request.POST.get("chosen", "")
    target = Ticket.objects.visible_to(request.member).filter(number=read_number(wanted) or 0).first()
    if target is None:
        raise InvalidForm(partial(_ask_into, request, ticket, _("There is no such conversation.")))
    try:
        merge(ticket, target, by=request.member, confirmed="confirmed" in request.POST)
    except Unconfirmed as why:
        raise InvalidForm(partial(_ask_into, request, ticket, str(why), confirm=True)) from None
    except Refused as why:
        raise InvalidForm(partial(_ask_into, request, ticket, str(why))) from None
    return _("#%(number)s is part of #%(into)s now.") % {"number": ticket.number, "into": target.number}


def _said_by(entry: Entry) -> str:
    """Return who wrote a message or note; of what the product sent nobody."""
    message = entry.message
    if message is None or message.author:
        author = message.author if message else entry.author
        return author.name if author else ""
    return "" if message.direction == Direction.OUT else message.address_name or message.address


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
    """Split the chosen messages off, or show them all."""
    chosen = set(request.POST.getlist("entry")[:CHOOSABLE])
    readable = Entry.objects.of(ticket).readable_by(request.member)
    newest = readable.select_related("message").order_by("-at", "-pk")[:CHOOSABLE]
    entries = [entry for entry in newest if str(entry.uid) in chosen]
    try:
        move = split(ticket, entries, by=request.member, subject=request.POST.get("subject", "")[:200])
    except ValueError as why:
        told = str(why) if isinstance(why, Refused) else _("Choose what goes to a conversation of its own.")
        raise InvalidForm(partial(_ask_which, request, ticket, told)) from None
    words = ngettext(
        "%(count)s message is on #%(number)s now.", "%(count)s messages are on #%(number)s now.", len(entries)
    )
    return words % {"count": len(entries), "number": move.target.number}


@require("tickets.work")
@require_POST
def take_back_move(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Take back a merge or a split, for those who see both tickets."""
    seen = Ticket.objects.visible_to(request.member).order_by().values("pk")
    move = get_object_or_404(EntryMove.objects.filter(source__in=seen, target__in=seen), uid=uid)
    try:
        source, toast = take_back(move, by=request.member), Toast(_("Taken back."))
    except Refused as why:
        source, toast = move.source, Toast(str(why), 422)
    return move_action.answer(request, source, toast)
