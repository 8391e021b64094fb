"""Parts of a conversation page that load on demand: the side panel and the explanation of the due time.

Without a script each is a page of its own.
"""

from django.http import HttpResponse
from django.shortcuts import render

from crm.jobs.bar.clock_explanation import explain
from crm.jobs.customer_visibility import hidden_people
from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.platform.models import AccessLog
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from tickets.inbox.person import panel_of
from tickets.inbox.side import ALL_FILES, MOST_FILES, files_of, preferences_of
from tickets.inbox.views.conversation import visible_ticket
from tickets.models import Status
from tickets.participants.signature import sender_details
from tickets.sla.words import TicketWords


@require("tickets.view")
def side(request: TenantRequest, number: int) -> HttpResponse:
    """Show the customer, their contact preferences, and the files: the newest, or all on a page."""
    ticket = visible_ticket(request, number)
    reader = Reader.of(request.member, clock.now())
    AccessLog.objects.note_read(ticket, by=request.member)
    part = is_fragment(request)
    context = {
        "ticket": ticket,
        "panel": panel_of(ticket, request.member, reader, request.tenant.slug),
        "preferences": preferences_of(ticket.person, ticket, reader) if ticket.person else [],
        # Who may read the conversation may still not see the customer, all of whose leads are others'.
        "may_see_person": bool(ticket.person and not hidden_people([ticket.person.pk], request.member)),
        "details": sender_details(ticket, request.member),
        "may_correct": allows(request.member, "jobs.correct") and ticket.status != Status.CLOSED,
        "may_merge": allows(request.member, "people.merge"),
        "side": files_of(ticket, request.member, MOST_FILES if part else ALL_FILES),
        "may_work": allows(request.member, "tickets.work"),
        "may_keep": allows(request.member, "documents.add"),
        "may_reply": allows(request.member, "tickets.work") and ticket.status != Status.CLOSED,
        "part": part,
        "sheet": "tickets/_side.html",
    }
    return render(request, "tickets/_side.html" if part else "tickets/sheet.html", context)


@require("tickets.view")
def why_due(request: TenantRequest, number: int) -> HttpResponse:
    """Explain the due time: the time counted on each day."""
    ticket = visible_ticket(request, number)
    reader = Reader.of(request.member, clock.now())
    body = "jobs/_why_body.html"
    context = {"ticket": ticket, "explanation": explain(ticket, TicketWords(ticket, reader), reader), "sheet": body}
    return render(request, body if is_fragment(request) else "tickets/sheet.html", context)
