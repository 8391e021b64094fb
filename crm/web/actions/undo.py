"""Undo of recorded actions, from the page of recent changes and from messages of most models."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from crm.kernel.refusal import Refused
from crm.platform import undo
from crm.platform.access.permissions import allows
from crm.platform.models import ChangedRow
from crm.platform.undo import UndoResult
from crm.web.actions.row_action import Toast, safe_next
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.shell.record_pages import record_fragments, record_page, records_url

# The permission to see and undo what colleagues did.
UNDO_ALL = "undo.all"


@require("undo.own")
@require_POST
def undo_change(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Undo an action, except on rows changed since, and redirect to the page of the rows."""
    anybodys = allows(request.member, UNDO_ALL)
    rows = ChangedRow.objects.filter(change__uid=uid)
    row = (rows if anybodys else rows.filter(change__member=request.member)).first()
    if row is None:
        raise Http404
    try:
        done = undo.undo_change(uid, by=request.member, anybodys=anybodys)
    except Refused as why:
        return _toast_response(request, row, Toast(str(why), HTTPStatus.CONFLICT))
    return _toast_response(
        request, row, Toast(_undone_sentence(done), HTTPStatus.CONFLICT if done.staying else HTTPStatus.OK)
    )


def _toast_response(request: TenantRequest, row: ChangedRow, toast: Toast) -> HttpResponse:
    """Return the toast with the page's re-rendered parts; without htmx, a message and a redirect to the rows' list."""
    model = undo.undoable_model(row.model)
    if not request.htmx:
        (messages.success if toast.status == HTTPStatus.OK else messages.warning)(request, toast.text)
        return redirect(safe_next(request) or records_url(model, request.tenant.slug))
    on = request.POST.get("on", "")
    draw = record_fragments(model).get(on)
    visible_row = None
    if draw:
        visible_row = model.objects.visible_to(request.member).filter(pk=row.row_id).first()
    fresh = ""
    if draw and visible_row:
        fresh = draw(request, visible_row)
    response = HttpResponse(fresh + render_to_string("components/toast.html", {"told": toast, "on": on}, request))
    response.status_code = toast.status
    if (page := record_page(model)) and page.event:
        response["HX-Trigger"] = page.event
    return response


def _undone_sentence(done: UndoResult) -> str:
    """Return the message after an undo, with the number of rows that could not be restored."""
    if not done.staying:
        return _("Undone.")
    words = ngettext(
        "Undone for %(count)s; %(staying)s has been changed since and stays as it is.",
        "Undone for %(count)s; %(staying)s have been changed since and stay as they are.",
        len(done.staying),
    )
    return words % {"count": len(done.rows), "staying": len(done.staying)}
