"""The address at which an act is undone: from the page of recent changes, and from messages of most models."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from crm.kernel.refusal import Refused
from crm.platform import undo
from crm.platform.access.permissions import allows
from crm.platform.models import ChangedRow
from crm.platform.undo import Undone
from crm.web.actions.recent_changes import OTHERS
from crm.web.actions.row_action import safe_next
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.shell.record_pages import records_url


@require("undo.own")
@require_POST
def take_back(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Put back what an act altered, unless somebody altered it since; then back to where the rows stand."""
    anybodys = allows(request.member, OTHERS)
    rows = ChangedRow.objects.filter(change__uid=uid)
    row = (rows if anybodys else rows.filter(change__member=request.member)).first()
    if row is None:
        raise Http404
    try:
        done = undo.take_back(uid, by=request.member, anybodys=anybodys)
        (messages.warning if done.staying else messages.success)(request, _told(done))
    except Refused as why:
        messages.warning(request, str(why))
    return redirect(safe_next(request) or records_url(undo.model_of(row.model), request.tenant.slug))


def _told(done: Undone) -> str:
    """Say that it is undone; how many rows stay as they are, where some do."""
    if not done.staying:
        return _("Undone.")
    words = ngettext(
        "Undone for %(count)s; %(staying)s has been changed since and stays as it is.",
        "Undone for %(count)s; %(staying)s have been changed since and stay as they are.",
        len(done.staying),
    )
    return words % {"count": len(done.rows), "staying": len(done.staying)}
