"""Base class of matching actions: how they find their ticket or entry, and their response."""

from uuid import UUID

from django.http import Http404

from crm.web.requests.http import TenantRequest
from tickets.models import Entry, Ticket
from tickets.views.ticket_action import TicketAction


class MatchingAction(TicketAction):
    """An action on a ticket's job or matches, which is valid for any status of the ticket."""

    def check(self, request: TenantRequest, row: Ticket) -> None:
        """Skip the version check: the model methods compare what matters."""


def visible_ticket(request: TenantRequest, number: int) -> Ticket:
    """Return the ticket of a number that the member may see. Raises Http404."""
    return action.find(request, lock=False, number=number)


def visible_entry(request: TenantRequest, uid: UUID) -> Entry:
    """Return an entry of a ticket that the member may see. Raises Http404."""
    seen = Ticket.objects.visible_to(request.member)
    entry: Entry | None = Entry.objects.filter(uid=uid, ticket__in=seen.values("pk")).select_related("ticket").first()
    if entry is None:
        raise Http404
    return entry


action = MatchingAction()
