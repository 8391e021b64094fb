"""Begin a conversation: choose whom to write to. What is written and sent there begins the ticket."""

from django.http import HttpResponse
from django.shortcuts import render

from crm.web.lists.conditions.query import tidy
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from tickets.participants.people import meant


@require("comms.send")
def new(request: TenantRequest) -> HttpResponse:
    """Show the people a text means, of those the member sees, each with the way to write to them."""
    query = tidy(request.GET.get("q", ""))
    context = {"query": query, "found": meant(query, request.member)}
    return render(request, "tickets/new.html", context)
