"""Base class of a ticket's actions: how the ticket is found, and the response."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.web.actions.row_action import RowAction, Toast, safe_next
from crm.web.requests.http import TenantRequest
from crm.web.shell.record_pages import record_page, record_url
from tickets.models import Ticket


class TicketAction(RowAction[Ticket]):
    """An action on a ticket, found by its number."""

    model = Ticket
    permission = "tickets.work"

    def find(self, request: TenantRequest, *, lock: bool, **named: Any) -> Ticket:
        seen = Ticket.objects.visible_to(request.member)
        ticket: Ticket = get_object_or_404(
            seen.select_for_update(of=("self",)) if lock else seen, number=named["number"]
        )
        return ticket

    def check(self, request: TenantRequest, row: Ticket) -> None:
        # Which version it was shown is the verb's to compare: two who want the same are no conflict.
        if not request.POST.get("version"):
            raise Refused(_("The form was incomplete. Nothing was changed."))

    def answer(self, request: TenantRequest, row: Ticket, toast: Toast) -> HttpResponse:
        if not request.htmx:
            super().answer(request, row, toast)
            return redirect(safe_next(request) or record_url(row, request.tenant.slug))
        page = record_page(Ticket)
        on = request.POST.get("on", "")
        draw = None
        if page:
            draw = page.fragments.get(on)
        fresh = ""
        if draw:
            fresh = draw(request, row)
        body = fresh + render_to_string("components/toast.html", {"told": toast, "on": on}, request)
        response = HttpResponse(body, status=toast.status)
        response["HX-Trigger"] = "tickets"
        return response


action = TicketAction()


def sheet(
    request: TenantRequest, ticket: Ticket, name: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Render a menu or dialog: as a fragment for htmx, else as a page."""
    if request.method == "POST":
        posted = request.POST
    else:
        posted = request.GET
    page = record_page(Ticket)
    on = ""
    if page and posted.get("on", "") in page.fragments:
        on = posted.get("on", "")
    context |= {"ticket": ticket, "on": on if request.htmx else "", "sheet": f"tickets/acts/_{name}.html"}
    response = render(request, context["sheet"] if request.htmx else "tickets/sheet.html", context, status=status)
    if status == 422:
        response["HX-Retarget"], response["HX-Reswap"] = "#dialog", "innerHTML"
    return response


def ticket_label(ticket: Ticket) -> str:
    """Return the ticket's name in toasts."""
    return ticket.customer_name or ticket.subject or f"#{ticket.number}"
