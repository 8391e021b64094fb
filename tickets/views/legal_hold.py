"""Place or lift a legal hold on a ticket."""

from functools import partial

from django.http import HttpResponse
from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.web.actions.row_action import InvalidForm
from crm.web.requests.http import TenantRequest
from tickets.models import Ticket
from tickets.views.ticket_action import action, said, sheet


def _ask_why(request: TenantRequest, ticket: Ticket, problem: str = "") -> HttpResponse:
    return sheet(
        request, ticket, "legal_hold", {"given": request.POST, "problem": problem}, status=422 if problem else 200
    )


@action(permission="tickets.set_up", ask=_ask_why)
def legal_hold(request: TenantRequest, ticket: Ticket) -> str:
    """Place the hold, or lift it, for a reason; or ask for the reason."""
    held, reason = request.POST.get("held") == "yes", request.POST.get("reason", "")
    try:
        if held:
            ticket.place_legal_hold(reason, by=request.member)
        else:
            ticket.lift_legal_hold(reason, by=request.member)
    except Refused as why:
        raise InvalidForm(partial(_ask_why, request, ticket, str(why))) from None
    if held:
        return _("%(title)s: on legal hold.") % {"title": said(ticket)}
    return _("%(title)s: the legal hold is lifted.") % {"title": said(ticket)}
