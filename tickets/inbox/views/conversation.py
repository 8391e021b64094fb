"""One conversation: head and thread; fragments for updates and for earlier entries."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, TextField, Value
from django.db.models.functions import Cast, Concat
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string

from comms.gate.consent.opt_outs import unclear_stops
from comms.models import Draft
from crm.kernel import clock
from crm.people.models import Person
from crm.platform.access.permissions import allows
from crm.platform.models import AccessLog, Member
from crm.platform.organization.configuration import directory
from crm.web.models import NoticeMute
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from crm.web.shell.record_pages import record_url
from tickets.inbox.bubbles import Bubble
from tickets.inbox.person import numbers, phones_of
from tickets.inbox.thread import pinned_notes, read_thread
from tickets.inbox.views.inbox import list_context
from tickets.merging.current_ticket import current_ticket
from tickets.models import Entry, Mention, Participant, Status, Ticket
from tickets.models.queryset import TicketQuerySet
from tickets.notes.mentions import read_mentions
from tickets.sla.words import TicketWords


def readable(member: Member) -> TicketQuerySet:
    """Return the tickets a member may see, with what the page needs first.

    Whether they have begun to answer it (`has_draft`), a note is pinned (`has_pinned`), and one names them that they
    have not read (`is_mentioned`).
    """
    about = Concat(Value("ticket "), Cast(OuterRef("pk"), TextField()))
    drafts = Draft.objects.unsent().filter(member=member, about=about)
    mentions = Mention.objects.of(member).unread().filter(entry__ticket=OuterRef("pk"))
    seen: TicketQuerySet = Ticket.objects.visible_to(member).select_related("person", "job")
    return seen.annotate(
        has_draft=Exists(drafts.filter(~Q(text="") | Q(template_version__isnull=False) | Q(files__isnull=False))),
        has_pinned=Exists(Entry.objects.filter(ticket=OuterRef("pk")).only_pinned()),
        is_mentioned=Exists(mentions),
    )


def visible_ticket(request: TenantRequest, number: int) -> Any:
    """Return a ticket by number. Raises Http404 if it is not visible to the member."""
    ticket = readable(request.member).filter(number=number).first()
    if ticket is None:
        raise Http404
    return ticket


def _at_once(member: Member) -> TicketQuerySet:
    """Annotate tickets with everything the page of one needs, to save queries.

    Whether a stranger wrote on it (`has_strangers`), the member hears nothing of it (`is_muted`) and its customer may
    have asked us to stop (`may_have_stopped`); the customer's numbers, as JSON (`phones`).
    """
    muted = NoticeMute.objects.filter(member=member, subject_kind=Ticket._meta.label_lower, subject_id=OuterRef("pk"))
    strangers = Participant.objects.strangers().filter(ticket=OuterRef("pk"))
    rows: TicketQuerySet = readable(member).select_related(None)
    return rows.annotate(
        has_strangers=Exists(strangers),
        is_muted=Exists(muted),
        may_have_stopped=Exists(unclear_stops(OuterRef(OuterRef("person")))),
        phones=phones_of(OuterRef("person")),
    )


def _shown_ticket(request: TenantRequest, number: int) -> Any:
    """Return the ticket for reading only, without the related rows that actions need. Raises Http404."""
    ticket = _at_once(request.member).filter(number=number).first()
    if ticket is None:
        raise Http404
    return ticket


@require("tickets.view")
def ticket_page(request: TenantRequest, number: int) -> HttpResponse:
    """Show a conversation beside the list; to htmx the conversation alone. Reading it is recorded."""
    ticket = _shown_ticket(request, number)
    reader = Reader.of(request.member, clock.now())
    successor = None
    if ticket.merged_into_id:
        successor = find_successor(ticket, request.member)
    if successor:
        return redirect(record_url(successor, request.tenant.slug))
    AccessLog.objects.note_read(ticket, by=request.member)
    if ticket.is_mentioned:
        read_mentions(ticket, request.member)
    context = conversation_context(request, ticket, reader)
    if is_fragment(request):
        response = render(request, "tickets/_conversation.html", context)
        response["HX-Push-Url"] = request.get_full_path()
        if ticket.is_mentioned:
            # One mention less is unread: the list counts anew.
            response["HX-Trigger-After-Settle"] = "tickets"
        return response
    return render(request, "tickets/inbox.html", context | list_context(request, reader, opened=ticket))


def conversation_context(request: TenantRequest, ticket: Any, reader: Reader) -> dict[str, Any]:
    """Return the context of templates/tickets/_conversation.html."""
    member = request.member
    return {
        **head_context(request, ticket, reader),
        "thread": read_thread(ticket, member, reader, before=request.GET.get("earlier", "")[:200]),
        "is_older": bool(request.GET.get("earlier")),
        "pinned": _pinned_bubbles(ticket, member, reader),
        "strangers": list(Participant.objects.of(ticket).strangers()) if ticket.has_strangers else [],
        "phones": numbers(ticket.phones, reader),
        **(_stop_question(request, ticket) if ticket.may_have_stopped else {}),
    }


def _stop_question(request: TenantRequest, ticket: Any) -> dict[str, Any]:
    """Return the question whether the customer asked to opt out, with their words."""
    stops = unclear_stops(ticket.person_id).order_by("-at", "-pk")
    return {
        "stop_question": stops.first(),
        "stop_person": Person.objects.get(pk=ticket.person_id),
        "may_settle": allows(request.member, "comms.consent"),
    }


def _pinned_bubbles(ticket: Any, member: Member, reader: Reader) -> list[Bubble]:
    if ticket.has_pinned:
        return pinned_notes(ticket, member, reader)
    return []


def head_context(request: TenantRequest, ticket: Ticket, reader: Reader) -> dict[str, Any]:
    """Return the context of a conversation's head."""
    organization = directory()
    words = TicketWords(ticket, reader)
    return {
        "ticket": ticket,
        "words": words,
        "owner": organization.members.get(ticket.member_id) if ticket.member_id else None,
        "team": organization.teams.get(ticket.team_id) if ticket.team_id else None,
        "brand": organization.brands[ticket.brand_id] if len(organization.brands) > 1 else None,
        "successor": find_successor(ticket, request.member) if ticket.status == Status.CLOSED else None,
        "snoozed_until": _snoozed_until(ticket, reader),
        "ticket_crossing": _iso_instant(ticket.next_crossing(reader.now)),
        "may_work": allows(request.member, "tickets.work"),
        "may_send": allows(request.member, "comms.send") and allows(request.member, "tickets.work"),
        "may_assign": allows(request.member, "tickets.assign"),
        "may_keep": allows(request.member, "tickets.set_up"),
    }


def find_successor(ticket: Ticket, member: Member) -> Ticket | None:
    """Return the ticket a closed one was merged into or continues in, if the member sees it."""
    successor = current_ticket(ticket)
    if successor.pk == ticket.pk:
        return None
    visible: Ticket | None = Ticket.objects.visible_to(member).filter(pk=successor.pk).first()
    return visible


def fresh_head(request: TenantRequest, ticket: Ticket) -> str:
    """Render the head of a conversation after an action; the thread refreshes itself."""
    context = head_context(request, ticket, Reader.of(request.member, clock.now())) | {"oob": True}
    return render_to_string("tickets/_head.html", context, request)


def _snoozed_until(ticket: Ticket, reader: Reader) -> str:
    until = ticket.snoozed_until
    if until and until > reader.now:
        return reader.near(until)
    return ""


def _iso_instant(at: Any) -> str:
    if at:
        return at.isoformat()
    return ""


@require("tickets.view")
def thread(request: TenantRequest, number: int) -> HttpResponse:
    """Show earlier entries (`before`), or all from a position (`since`); nothing if unchanged from `seen`."""
    ticket = _shown_ticket(request, number)
    reader = Reader.of(request.member, clock.now())
    before, since = (request.GET.get(name, "")[:200] for name in ("before", "since"))
    thread_page = read_thread(ticket, request.member, reader, before=before, since=since)
    if since and thread_page.version == request.GET.get("seen"):
        return HttpResponse(status=204)
    on_job = "on_job" in request.GET
    context = {**head_context(request, ticket, reader), "thread": thread_page, "since": since, "on_job": on_job}
    if before or on_job:
        context["pinned"] = []
    else:
        context["pinned"] = _pinned_bubbles(ticket, request.member, reader)
    return render(request, "tickets/_earlier.html" if before else "tickets/_fresh.html", context)
