"""A partner's commission statements. They need a code, as all that is about money (docs/rules.md#portal-access)."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from billing.commissions.paper import statement_file
from billing.models import CommissionStatement
from crm.kernel import formats
from crm.platform.access.permissions import allows
from crm.platform.organization.configuration import directory
from portal.access.pages import PortalRequest, portal_page
from portal.access.viewer import PortalViewer
from portal.invoices.views import pdf_response


def statements_of(viewer: PortalViewer) -> Any:
    """Return the issued statements of a viewer who is a partner; of who looks as them, if they may see statements."""
    rows = CommissionStatement.objects.without_drafts().filter(partner__person=viewer.person)
    if viewer.member is not None and not allows(viewer.member, "billing.commissions"):
        return rows.none()
    return rows.select_related("partner__person", "brand")


@require_safe
@portal_page()
def commissions(request: PortalRequest) -> HttpResponse:
    """List the statements, the newest month first."""
    rows = [
        {
            "row": row,
            "month": formats.month(row.month),
            "total": formats.money(row.total, row.currency, directory().brands[row.brand_id].country),
        }
        for row in statements_of(request.viewer).order_by("-month", "-pk")
    ]
    return render(request, "portal/commissions/list.html", {"rows": rows})


@require_safe
@portal_page()
def commission_pdf(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Serve a statement as PDF."""
    content, name = statement_file(get_object_or_404(statements_of(request.viewer), uid=uid))
    return pdf_response(content, name)
