"""Page of a document request, opened from a message. A link shows it; uploading requires a code."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.documents.models import Document, DocumentRequest
from crm.kernel import clock
from crm.kernel.refusal import Refused
from portal.access.pages import PortalRequest, portal_page
from portal.access.viewer import Level
from portal.access.views.sign_in import CodeStep
from portal.documents.asked import cards_of, found_request
from portal.documents.views import sending_context
from portal.job.calendar import CustomerCalendar


@require_safe
@portal_page(level=Level.LINK)
def request_page(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Show a request, its answers and the upload form; to a viewer by link, the form for a code instead."""
    row, job = found_request(request.viewer, uid)
    calendar = CustomerCalendar.of(job, clock.now())
    context = {
        "job": job,
        "card": cards_of(request.viewer, job, [row], calendar)[0],
        "may_send": request.viewer.may_act,
        "page": request.path,
        "step": CodeStep.of(request),
        **sending_context(request, job),
    }
    return render(request, "portal/documents/request.html", context)


@require_POST
@portal_page()
def remove_page(request: PortalRequest, uid: UUID, page: UUID) -> HttpResponse:
    """Remove a page they sent."""
    row, document = _own_page(request, uid, page)
    try:
        row.remove_page(document)
    except Refused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, _("The page is removed."))
    return _redirect_to_request(request, row)


@require_POST
@portal_page()
def raise_page(request: PortalRequest, uid: UUID, page: UUID) -> HttpResponse:
    """Move a page one place up."""
    row, document = _own_page(request, uid, page)
    try:
        row.raise_page(document)
    except Refused as why:
        messages.error(request, str(why))
    return _redirect_to_request(request, row)


def _own_page(request: PortalRequest, uid: UUID, page: UUID) -> tuple[DocumentRequest, Document]:
    row, _job = found_request(request.viewer, uid)
    own_page = row.pages.filter(document__uid=page, document__sent_by=request.viewer.person).first()
    if own_page is None:
        raise Http404("not their page")
    return row, own_page.document


def _redirect_to_request(request: PortalRequest, row: DocumentRequest) -> HttpResponse:
    return redirect(reverse("portal:request", kwargs={"company": request.company.slug, "uid": row.uid}))
