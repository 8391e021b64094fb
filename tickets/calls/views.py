"""Log a call on a conversation, and undo it."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.jobs.models import ContactOutcome
from crm.kernel.refusal import Refused
from crm.platform.models import Change
from crm.web.actions.row_action import Toast
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from tickets.calls.logged import OUTCOMES, log_call, take_back_call
from tickets.matching.views.ticket_action import visible_entry
from tickets.models import Entry, Ticket
from tickets.views.ticket_action import TicketAction, ticket_label


class CallAction(TicketAction):
    """Log a call. The undo is the call's own, because the lead has the call, too."""

    def check(self, request: TenantRequest, row: Ticket) -> None:
        """Accept any status of the ticket: the call took place anyway."""

    def success_toast(self, request: TenantRequest, row: Ticket, text: str, change: Change | None) -> Toast:
        mine = Entry.objects.filter(ticket=row, message__author=request.member, evidence__has_key="call")
        entry = mine.order_by("-at", "-pk").first()
        undo = ""
        if entry:
            undo = reverse("tickets:take_back_call", args=[request.tenant.slug, entry.uid])
        return Toast(text, undo=undo)


action = CallAction()


@action()
def call(request: TenantRequest, ticket: Ticket) -> str:
    """Log a call: outcome and notes."""
    outcome = request.POST.get("outcome", "")
    if outcome not in map(str, OUTCOMES):
        raise Refused(_("Choose an outcome."))
    log_call(ticket, outcome, by=request.member, note=request.POST.get("note", ""))
    words = {"title": ticket_label(ticket), "outcome": ContactOutcome(outcome).label}
    return _("%(title)s: called, %(outcome)s.") % words


@require(action.permission)
@require_POST
def take_back(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Undo one's own call that was logged by mistake."""
    entry = visible_entry(request, uid)
    try:
        if "call" not in entry.evidence or entry.message is None or entry.message.author_id != request.member.pk:
            raise Refused(_("You can only undo a call you logged yourself."))
        take_back_call(entry, by=request.member)
    except Refused as why:
        return action.answer(request, entry.ticket, Toast(str(why), 422))
    entry.ticket.refresh_from_db()
    return action.answer(request, entry.ticket, Toast(_("Undone.")))
