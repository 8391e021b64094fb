"""The document with what the customer signed."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.shell.record_pages import record_url
from quotes.models import Quote, SealedQuote


@require("quotes.view")
@require_safe
def signed_document(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Redirect to the document with the sealed PDF of an accepted quote; 404 until it is sealed."""
    row = get_object_or_404(Quote.objects.visible_to(request.member), uid=uid)
    rows = SealedQuote.objects.filter(acceptance__quote=row).select_related("document")
    # Of a contract that was returned, then signed anew, the newest.
    sealed = rows.order_by("-pk").first()
    if sealed is None:
        raise Http404
    return redirect(record_url(sealed.document, request.tenant.slug))
