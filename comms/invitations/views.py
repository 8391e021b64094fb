"""Answer an invitation from the page of its message."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comms.invitations.answer import answer_invitation
from comms.models import CalendarAnswer, CalendarEntry, Message
from crm.kernel.refusal import Refused
from crm.web.actions.row_action import safe_next
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require


@require("comms.send")
@require_POST
def answer(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Send the chosen answer to the organizer, and redirect back."""
    message = Message.objects.readable_by(request.member).filter(uid=uid).first()
    chosen = request.POST.get("answer", "")
    if message is None or not CalendarEntry.objects.filter(message=message).exists():
        raise Http404
    if chosen not in CalendarAnswer.values:
        raise Http404("no answer")
    try:
        answer_invitation(message, CalendarAnswer(chosen), by=request.member)
        messages.success(request, _("The answer goes to the organizer."))
    except Refused as why:
        messages.warning(request, str(why))
    return redirect(safe_next(request) or reverse("comms:message", args=[request.tenant.slug, message.uid]))
