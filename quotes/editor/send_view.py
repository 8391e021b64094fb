"""Send a quote: to which address, and by which message."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import read_number
from crm.web.requests.http import TenantRequest
from quotes.editor.quote_action import action, sheet
from quotes.models import Quote
from quotes.sending.messages import reachable_points, send_quote


def _ask_send(request: TenantRequest, row: Quote) -> HttpResponse:
    context = {"points": reachable_points(row), "reasons": row.refusal_to_send(by=request.member)}
    return sheet(request, row, "quotes/_send_form.html", context)


@action(ask=_ask_send, permission="quotes.send")
def send(request: TenantRequest, row: Quote) -> str:
    """Send the draft to one of the customer's addresses."""
    wanted = read_number(request.POST.get("point"))
    point = next((one for one in reachable_points(row) if one.pk == wanted), None)
    if point is None:
        raise Refused(_("Choose an address of the customer."))
    send_quote(row, point, by=request.member)
    return _("%(quote)s is on its way to %(address)s.") % {"quote": row.code, "address": point.value}
