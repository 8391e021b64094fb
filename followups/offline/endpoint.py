"""The address to which devices send the changes that were made without a network."""

from http import HTTPStatus

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from followups.offline.acts import SentAct, receive_act
from followups.offline.models import OfflineActState


@require("followups.work")
@require_http_methods(["GET", "POST"])
def outbox(request: TenantRequest) -> HttpResponse:
    """GET returns who is signed in, and a token for the form; POST applies one change, once for each `key`.

    A device asks first: it sends only what this member wrote, and its page may be older than the session.
    """
    if request.method == "GET":
        return JsonResponse({"member": str(request.member.uid), "token": get_token(request)})
    sent = SentAct.of(request.POST)
    if sent is None:
        words = _("This device sent a change that could not be read. Make it again, then delete it here.")
        return JsonResponse({"state": OfflineActState.REFUSED, "text": words}, status=HTTPStatus.BAD_REQUEST)
    act = receive_act(request, sent)
    return JsonResponse({"state": act.state, "text": act.text})
