"""The address at which an act is undone, for models whose pages need no more than a message of it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.kernel.refusal import Refused
from crm.platform import undo
from crm.platform.models import ChangedRow
from crm.web.actions.row_action import safe_next
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.shell.record_pages import records_url


@require("undo.own")
@require_POST
def take_back(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Put back what one's own act altered, unless somebody altered it since; then back to where the rows stand."""
    row = ChangedRow.objects.filter(change__uid=uid, change__member=request.member).first()
    if row is None:
        raise Http404
    try:
        undo.take_back(uid, by=request.member)
        messages.success(request, _("Taken back."))
    except Refused as why:
        messages.warning(request, str(why))
    return redirect(safe_next(request) or records_url(undo.model_of(row.model), request.tenant.slug))
