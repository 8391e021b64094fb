"""The document with what the customer signed."""

from uuid import UUID

from django.http import HttpResponse
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
    sealed = get_object_or_404(SealedQuote.objects.select_related("document"), acceptance__quote=row)
    return redirect(record_url(sealed.document, request.tenant.slug))
