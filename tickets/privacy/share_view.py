"""Share a private conversation with colleagues."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from crm.web.requests.http import TenantRequest
from tickets.models import Ticket
from tickets.privacy.sharing import share_conversation
from tickets.views.ticket_action import action, said, sheet


def _ask_share(request: TenantRequest, ticket: Ticket) -> HttpResponse:
    return sheet(request, ticket, "share", {})


@action(ask=_ask_share)
def share(request: TenantRequest, ticket: Ticket) -> str:
    """Share it, or show what colleagues will see."""
    share_conversation(ticket, by=request.member)
    return _("%(title)s: shared with colleagues.") % {"title": said(ticket)}
