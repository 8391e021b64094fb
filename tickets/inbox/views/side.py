"""The lower part of the panel beside a conversation, read once that stands; without a script a page of its own."""

from django.http import HttpResponse
from django.shortcuts import render

from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from tickets.inbox.side import ALL_FILES, MOST_FILES, files_of, preferences_of
from tickets.inbox.views.conversation import visible_ticket


@require("tickets.view")
def side(request: TenantRequest, number: int) -> HttpResponse:
    """Show how the customer wants to be written to, and the files of the matter: the newest, or all on a page."""
    ticket, reader = visible_ticket(request, number), Reader.of(request.member, clock.now())
    part = is_fragment(request)
    context = {
        "ticket": ticket,
        "preferences": preferences_of(ticket.person, ticket, reader) if ticket.person else [],
        "side": files_of(ticket, request.member, MOST_FILES if part else ALL_FILES),
        "may_keep": allows(request.member, "documents.add"),
        "sheet": "tickets/_side.html",
    }
    return render(request, "tickets/_side.html" if part else "tickets/sheet.html", context)
