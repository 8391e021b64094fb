"""Base class of actions on a hand-off: found by uid, responds with its page."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from crm.web.actions.row_action import RowAction, Toast
from crm.web.requests.http import TenantRequest
from service.hand_offs.page import render_page
from service.models import HandOff


def find_hand_off(request: TenantRequest, uid: Any) -> HandOff:
    """Return the hand-off with this id, if the member may see it."""
    rows = HandOff.objects.visible_to(request.member).select_related("job__site", "seller", "answered_by", "template")
    row: HandOff | None = rows.filter(uid=uid).first()
    if row is None:
        raise Http404
    return row


class HandOffAction(RowAction[HandOff]):
    """An action on a hand-off. If refused, the form is shown again with its values."""

    model = HandOff
    permission = "handoffs.answer"

    def find(self, request: TenantRequest, *, lock: bool, **named: Any) -> HandOff:
        row = find_hand_off(request, named["uid"])
        if lock:
            row.lock()
        return row

    def answer(self, request: TenantRequest, row: HandOff, toast: Toast) -> HttpResponse:
        if toast.status != HTTPStatus.OK:
            return render_page(request, find_hand_off(request, row.uid), toast.status, toast.text)
        messages.success(request, toast.text, extra_tags=toast.undo)
        return redirect("service:hand_off", request.tenant.slug, row.uid)


action = HandOffAction()
